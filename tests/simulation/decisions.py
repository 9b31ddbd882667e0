"""When each event was decided, by both of the server's clocks: after one was set the log cannot tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from server.desk.chat import Chat
from server.desk.commands import Command, Person
from server.desk.decision import Decided, Decision
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.rules import Now, Rules
from server.desk.usual import Usual

from .whose import Whose


class Made(NamedTuple):
    """One decision; ``loaded``: when the desk that made it had read the chat, None if it began there."""

    number: int
    now: Now
    loaded: Now | None


class Decisions:
    """``of``: by stream and number; what was decided and lost is overwritten by what took its place."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, int], Made] = {}
        #: When each chat was read last.
        self.loaded: dict[str, Now] = {}
        self._count = 0

    def desks(self, whose: Whose) -> type[Desk]:
        """Desks that are looked at while they decide."""
        book = self

        class Watched(Desk):
            def __init__(self, desk: str, rules: Rules, usual: Usual | None = None) -> None:
                super().__init__(desk, rules, usual)
                self.read: dict[str, Now] = {}

            def load(self, chat: str, customer: str, events: Iterable[Event], now: Now) -> Chat:
                book.loaded[chat] = self.read[chat] = now
                told = list(events)
                whose.read(chat, customer, told)
                return super().load(chat, customer, told, now)

            def decide(self, who: Person, command: Command, now: Now) -> Decision:
                decision = super().decide(who, command, now)
                if isinstance(decision, Decided):
                    book._count += 1
                    for event in decision.events:
                        made = Made(book._count, now, self.read.get(event.chat))
                        book.of[event.stream, event.seq] = made
                    chat = getattr(command, "chat", "")
                    whose.decided(who, decision.events, self.chats[chat].pub if chat in self.chats else 0)
                return decision

        return Watched
