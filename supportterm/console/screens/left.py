"""What is to be answered while nobody waits in a chat: messages that were left, and callbacks."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.cells import cell_len

from supportterm.console.callbacks import tried_in_vain
from supportterm.console.post import done
from supportterm.console.screens.page import Page
from supportterm.console.screens.waiting import does_with_chat, with_chat
from supportterm.console.screens.wording import Ends
from supportterm.console.vouched import claimed
from supportterm.console.widgets.listing import Cell, Entry, plain, row
from supportterm.protocol.views import LeftRow
from supportterm.text import SafeText, join, safe_line, trusted

_NOTHING = trusted("")
_DOT = trusted(" · ")
#: From so many cells on the owner and the shop have columns of their own.
_WIDE = 110
_STATE = 22


class LeftPage(Page):
    """By deadline: until when, whose, how, and what became of the answer."""

    CHOOSE: ClassVar[str] = "left.choose"

    def rows(self) -> list[LeftRow]:
        """What needs somebody first, the earliest deadline before the others; then what is answered."""
        left = self.session.journal.left
        return sorted(left.rows if left is not None else [], key=lambda one: (done(one), one.due_at))

    def headline(self) -> Ends:
        say, rows = self.words.say, self.rows()
        open_ = sum(not done(one) for one in rows)
        refused = sum(one.mail == "refused" for one in rows)
        parts = [say("left.open", n=open_)] if open_ else []
        parts += [say("left.n_refused", n=refused)] if refused else []
        return Ends(say("left.title"), join(_DOT, parts) if parts else _NOTHING)

    def entries(self, width: int) -> list[Entry]:
        return [self._entry(one, width) for one in self.rows()] or [plain(self.words.say("left.none"), width)]

    def _entry(self, one: LeftRow, width: int) -> Entry:
        session, say, team = self.session, self.words.say, self.session.team
        state, style = self._state(one)
        until = [self._due(one)[0]] if one.mail == "refused" else []
        if one.tried:
            until.append(tried_in_vain(self.words, one))
        how = say(f"left.by_{one.how}") if one.how else say("left.message")
        owner = say("left.nobody")
        if one.owner:
            mine = one.owner == team.me
            owner = say("chat.you") if mine else safe_line(one.owner_name) or team.name(one.owner)
        name = claimed(one.name) or session.name_for(one.chat)
        cells = [Cell(state, _STATE, style), Cell(name, 14, "bold"), Cell(how, 9)]
        rest = [part for part in (claimed(one.contact), safe_line(one.lang)) if part]
        if width >= _WIDE:
            rest = [*until, *rest]
            cells += [Cell(owner, 14), Cell(session.shops.name(one.shop), 16, "detail")]
        else:
            rest = [*until, owner, *rest, session.shops.name(one.shop)]
        return Entry(one.chat, (row(width, *cells, Cell(join(_DOT, rest), 0, "detail")),))

    def _state(self, one: LeftRow) -> tuple[SafeText, str]:
        say = self.words.say
        if one.mail == "refused":
            return say("left.refused"), "bad"
        if one.answered_at and one.delivered:
            return say("left.delivered"), "good"
        if one.mail == "waiting":
            return (say("left.trying"), "warn") if one.tried else (say("left.mailing"), "good")
        if one.answered_at:
            return say("left.answered"), "good"
        return self._due(one)

    def _due(self, one: LeftRow) -> tuple[SafeText, str]:
        """When it should be answered, or how late that is."""
        say, words, now = self.words.say, self.words, self.session.now_ms()
        if one.due_at < now:
            return say("left.overdue", time=words.age(now - one.due_at)), "warn"
        if one.how:
            # A time that somebody named is told as they named it.
            named = say("left.by", time=words.when(one.due_at, now))
            if cell_len(named) <= _STATE:
                return named, "text"
        return say("left.due", time=words.age(one.due_at - now)), "text"

    def chooses(self, id: str) -> str:
        return does_with_chat(self.session, id, self.CHOOSE)

    def chosen(self, id: str) -> None:
        self.console.begin(partial(with_chat, chat=id))
