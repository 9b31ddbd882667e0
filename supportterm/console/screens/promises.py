"""Every time that was given to a customer of the desk, by deadline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len

from supportterm.console.promised import MINUTE, late, left
from supportterm.console.screens.page import Page
from supportterm.console.screens.wording import Ends
from supportterm.console.widgets.blocks import TextRow
from supportterm.console.widgets.listing import Cell, Entry, plain, row
from supportterm.console.words import Words
from supportterm.protocol.views import PromiseRow
from supportterm.text import SafeText, join, safe_line, trusted

_NOTHING = trusted("")
_DOT = trusted(" · ")
#: From so many cells on the shop has a column of its own.
_WIDE = 100
#: Cells of an owner's column at least, and of all others with a word behind them.
_OWNER, _OTHERS = 16, 79
_HEADS = ("left", "by", "customer", "shop", "agent")


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
        if not rows:
            return [plain(self.words.say("promises.none"), width)]
        owners = [self._owner(one) for one in rows]
        wide = max(_OWNER, min(max(map(cell_len, owners)), width - _OTHERS)) if width >= _WIDE else 0
        told = zip(rows, owners, strict=True)
        return [self._heads(width, wide), *(self._entry(one, owner, width, wide) for one, owner in told)]

    def _heads(self, width: int, wide: int) -> Entry:
        """What the columns are. ``wide``: cells for the owner, 0 where they have no column of their own."""
        left, by, customer, shop, agent = (self.words.say(f"promises.head_{one}") for one in _HEADS)
        rest = (shop, agent, _NOTHING) if wide else (join(_DOT, [agent, shop]),)
        return Entry("", (self._row(width, wide, (left, by, customer, *rest), ("detail",) * 6),))

    def _owner(self, one: PromiseRow) -> SafeText:
        if one.owner:
            team = self.session.team
            mine = one.owner == team.me
            return self.words.say("chat.you") if mine else safe_line(one.name) or team.name(one.owner)
        # A callback: until it comes up it is on nobody's list but still that person's word.
        return safe_line(one.name) if one.name else self.words.say("left.nobody")

    def _entry(self, one: PromiseRow, owner: SafeText, width: int, wide: int) -> Entry:
        session, say, words, now = self.session, self.words.say, self.words, self.session.now_ms()
        marks = [say("promises.extended")] if one.extended else []
        shop = session.shops.name(one.shop)
        rest = (shop, owner, join(_DOT, marks)) if wide else (join(_DOT, [owner, shop, *marks]),)
        time = late(words, one.due_at, now) if one.overdue else _left(words, one.due_at, now)
        by = words.when(one.due_at, now) if one.due_at > now else words.clock(one.due_at)
        first = ("warn" if one.overdue else "text", "detail", "bold")
        styles = (*first, "text", "text", "detail") if wide else (*first, "detail")
        told = (time, by, session.name_for(one.chat), *rest)
        return Entry(one.chat, (self._row(width, wide, told, styles),))

    def _row(self, width: int, wide: int, texts: Sequence[SafeText], styles: Sequence[str]) -> TextRow:
        widths = (10, 16, 16, 20, wide, 0) if wide else (10, 16, 16, 0)
        return row(width, *(Cell(*cell) for cell in zip(texts, widths, styles, strict=False)))

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


def _left(words: Words, due: int, now: int) -> SafeText:
    """How long still, also where the rows of chats say when: that stands beside it here."""
    said, ms = left(words, due, now), due - now
    return words.span(-(-ms // MINUTE) * MINUTE) if said == words.clock(due) else said
