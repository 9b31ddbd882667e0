"""Why me, why not me: what the desk weighed for a chat, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportterm.console.load import bar, pace, sentence
from supportterm.console.screens.page import Page
from supportterm.console.screens.wording import Ends
from supportterm.console.session import Session
from supportterm.console.widgets.decisions import DECISIONS, decision
from supportterm.console.widgets.listing import Cell, Entry, heading, plain, row
from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.link.state import StateChanged
from supportterm.protocol.views import Verdict
from supportterm.text import SafeText, join, safe_line, trusted

_SEP: Final = trusted("  ")


class WhyPage(Page):
    """The answer to `why` for one chat, and every decision made about it so far."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.chat: Final = session.inbox.selected
        self._refused: SafeText | None = None

    def on_mount(self) -> None:
        if self.chat:
            self.session.journal.because.pop(self.chat, None)
            self.session.acts.why(self.chat)

    def heard(self, found: Sequence[Change | StateChanged]) -> None:
        for change in found:
            if isinstance(change, changes.Trouble) and change.chat in ("", self.chat):
                self._refused = self.words.refusal(change.code)

    def headline(self) -> Ends:
        name = self.session.name_for(self.chat) if self.chat else safe_line("")
        return Ends(self.words.say("why.title", name=name))

    def entries(self, width: int) -> list[Entry]:
        say, because = self.words.say, self.session.journal.because.get(self.chat)
        if not self.chat:
            return [plain(say("chat.choose"), width)]
        if because is None:
            found = [plain(self._refused or say("page.waiting"), width)]
        else:
            found = [self._verdict(one, width) for one in because.verdicts]
        log = self.session.journal.chats.get(self.chat)
        made = [event for event in log.events if event.kind in DECISIONS] if log is not None else []
        if made:
            found.append(heading(say("why.decisions"), width))
        names = {one.agent: safe_line(one.name) for one in self.session.team.agents}
        for event in made:
            if (text := decision(event, self.words, names)) is not None:
                found.append(plain(join(_SEP, [self.words.clock(event.at), text]), width))
        return found

    def _verdict(self, one: Verdict, width: int) -> Entry:
        me = one.agent == self.session.team.me
        name = self.words.say("chat.you") if me else safe_line(one.name or one.agent)
        why = self.words.say("why.mine" if me and one.no == "owner" else f"why.{one.no or 'may'}")
        tone = "good" if one.no in ("", "owner") else "text"
        rows = [
            row(width, Cell(name, 18, "bold"), Cell(why, 0, tone)),
            row(
                width,
                Cell(trusted(""), 1),
                Cell(bar(one.load, 8), 9, "load"),
                Cell(sentence(self.words, one.load), 0, "detail"),
            ),
        ]
        if (lower := pace(self.words, one.load)) is not None:
            rows.append(row(width, Cell(trusted(""), 11), Cell(lower, 0, "detail")))
        return Entry("", tuple(rows))
