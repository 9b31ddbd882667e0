"""The today board, for everybody: what holds for a while, the shops' hours, promises after closing."""

from __future__ import annotations

from typing import ClassVar

from supportterm.console.flows.controls import held_line
from supportterm.console.screens.page import Page
from supportterm.console.screens.wording import Ends
from supportterm.console.widgets.listing import Cell, Entry, heading, plain, row
from supportterm.protocol.views import ShopToday
from supportterm.text import SafeText, safe_line


class TodayPage(Page):
    """What holds today."""

    CHOOSE: ClassVar[str] = "today.choose"

    def headline(self) -> Ends:
        now = self.session.now_ms()
        return Ends(self.words.say("today.title"), self.words.clock(now))

    def entries(self, width: int) -> list[Entry]:
        today, say = self.session.journal.today, self.words.say
        if today is None:
            return [plain(say("page.waiting"), width)]
        found = [heading(say("today.held"), width)]
        for one in today.held:
            shop = self.session.shops.name(one.shop) if one.shop else say("control.all_shops")
            found.append(
                plain(held_line(self.words, one, shop), width, "warn" if one.what == "closed" else "text")
            )
        if not today.held:
            found.append(plain(say("today.nothing"), width))
        found.append(heading(say("today.shops"), width))
        found += [self._shop(shop, width) for shop in today.shops]
        if today.late_promises:
            found.append(heading(say("today.late"), width))
            found += [self._late(chat, width) for chat in today.late_promises]
        return found

    def _shop(self, shop: ShopToday, width: int) -> Entry:
        say = self.words.say
        state = say("today.open" if shop.open else "today.closed")
        style = "good" if shop.open else "warn"
        cells = [Cell(state, 8, style), Cell(safe_line(shop.name or shop.shop), 24, "bold")]
        return Entry("", (row(width, *cells, Cell(self._changes(shop), 0, "detail")),))

    def _changes(self, shop: ShopToday) -> SafeText:
        words, now = self.words, self.session.now_ms()
        if not shop.changes_at:
            return words.say("today.always" if shop.open else "today.not_in_sight")
        at = words.clock(shop.changes_at)
        if shop.open:
            return words.say("today.closes", time=at)
        if words.day_number(shop.changes_at) == words.day_number(now):
            return words.say("today.opens", time=at)
        return words.say("today.opens_on", day=words.day(shop.changes_at, now), time=at)

    def _late(self, chat: str, width: int) -> Entry:
        log = self.session.journal.chats.get(chat)
        due = log.head.promise_due if log is not None and log.head is not None else 0
        time = self.words.clock(due) if due else safe_line("")
        return Entry(chat, (row(width, Cell(time, 8), Cell(self.session.name_for(chat), 0)),))

    def chosen(self, id: str) -> None:
        if id in self.session.journal.chats:
            self.dismiss()
            self.console.main.go(id, write=True)
        else:
            self.notice(self.words.say("notice.not_yours"))
