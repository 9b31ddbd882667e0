"""Every time that was given to a customer of the desk, by deadline."""

from __future__ import annotations

from typing import ClassVar

from supportterm.console.promised import late, left
from supportterm.console.screens.page import Page
from supportterm.console.screens.wording import Ends
from supportterm.console.widgets.listing import Cell, Entry, plain, row
from supportterm.protocol.views import PromiseRow
from supportterm.text import join, safe_line, trusted

_NOTHING = trusted("")
_DOT = trusted(" · ")
#: From so many cells on the shop has a column of its own.
_WIDE = 100


class PromisesPage(Page):
    """When, what customer, whose; those that were not kept first, in a word and in colour."""

    CHOOSE: ClassVar[str] = "promises.choose"

    def rows(self) -> list[PromiseRow]:
        """By deadline, as the desk sorts them: what is over comes first."""
        view = self.session.journal.promises
        return view.rows if view is not None else []

    def headline(self) -> Ends:
        say, rows = self.words.say, self.rows()
        over = sum(one.overdue for one in rows)
        parts = [say("promises.running", n=len(rows) - over)] if len(rows) > over else []
        parts += [say("promises.overdue", n=over)] if over else []
        return Ends(say("promises.title"), join(_DOT, parts) if parts else _NOTHING)

    def entries(self, width: int) -> list[Entry]:
        rows = self.rows()
        return [self._entry(one, width) for one in rows] or [plain(self.words.say("promises.none"), width)]

    def _entry(self, one: PromiseRow, width: int) -> Entry:
        session, say, words, now = self.session, self.words.say, self.words, self.session.now_ms()
        who = say("left.nobody")
        if one.owner:
            mine = one.owner == session.team.me
            who = say("chat.you") if mine else safe_line(one.name) or session.team.name(one.owner)
        elif one.name:
            # A callback: until it comes up it is on nobody's list but still that person's word.
            who = safe_line(one.name)
        marks = [say("promises.extended")] if one.extended else []
        cells = [
            Cell(late(words, one.due_at, now), 10, "warn")
            if one.overdue
            else Cell(left(words, one.due_at, now), 10),
            Cell(words.when(one.due_at, now) if one.due_at > now else words.clock(one.due_at), 16, "detail"),
            Cell(session.name_for(one.chat), 16, "bold"),
        ]
        if width >= _WIDE:
            cells += [Cell(session.shops.name(one.shop), 20), Cell(who, 16)]
        else:
            marks = [who, session.shops.name(one.shop), *marks]
        return Entry(one.chat, (row(width, *cells, Cell(join(_DOT, marks), 0, "detail")),))

    def chosen(self, id: str) -> None:
        """Go there, or read along if it is somebody else's and I may."""
        session, log = self.session, self.session.journal.chats.get(id)
        if log is not None and log.head is not None and not log.gone:
            self.console.close_pages()
            self.console.main.go(id, write=True)
        elif session.team.supervises:
            self.console.watch_chat(id)
        else:
            self.notice(self.words.say("notice.not_yours"))
