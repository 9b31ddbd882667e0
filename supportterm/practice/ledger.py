"""Bookkeeping beside a journal: what one side put and what it was shown, checked independently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.link.journal import Journal
from supportterm.link.state import StateChanged
from supportterm.protocol import frames, kinds
from supportterm.protocol.frames import Command, Event, Side


class Ledger:
    """Counts of one person, over all their connections and pages.

    ``put`` maps a chat to the commands given, in order; ``shown`` a chat to what is on the screen;
    ``violations`` are sentences about promises that were not kept; it should stay empty.
    """

    def __init__(self, role: Side, name: str = "") -> None:
        self.role: Final = role
        self.name: Final = name
        self.put: dict[str, list[Command]] = {}
        self.shown: dict[str, dict[int, Event]] = {}
        self.refused: dict[str, str] = {}
        self.violations: list[str] = []
        self._expected: dict[str, int | None] = {}

    def puts(self, command: Command) -> None:
        """The person gave a command that belongs to a chat."""
        if not isinstance(command, frames.Deskwide):
            self.put.setdefault(command.chat, []).append(command)

    def new_page(self) -> None:
        """The page was loaded anew: it shows nothing yet, and may begin anywhere."""
        self._expected.clear()

    def hears(self, found: Sequence[Change | StateChanged]) -> None:
        """Changes as `Link` tells them."""
        for change in found:
            match change:
                case changes.Grew():
                    for event in change.events:
                        self._shows(event)
                case changes.Older():
                    for event in change.events:
                        self._keeps(event)
                case changes.Began(dropped=True):
                    self._expected[change.chat] = None
                case changes.Forgotten():
                    self.shown.clear()
                    self._expected.clear()
                case changes.Refused():
                    self.refused[change.command.id] = change.code
                case changes.Moved():
                    self._moves(change.chat, change.to)
                case _:
                    pass

    def _shows(self, event: Event) -> None:
        expected = self._expected.get(event.chat)
        if expected is not None and event.seq != expected:
            self._violated(event.chat, f"number {event.seq} was shown where {expected} follows")
        self._expected[event.chat] = event.seq + 1
        self._keeps(event)

    def _keeps(self, event: Event) -> None:
        if self.role == "customer":
            if event.kind in kinds.HIDDEN:
                self._violated(event.chat, f"a {event.kind} was shown to a customer")
            if event.chat not in self.put:
                self._violated(event.chat, "somebody else's chat was shown")
        shown = self.shown.setdefault(event.chat, {})
        before = shown.get(event.seq)
        if before is not None and (before.kind, before.id) != (event.kind, event.id):
            self._violated(event.chat, f"number {event.seq} was shown as two different events")
        shown[event.seq] = event

    def _moves(self, chat: str, to: str) -> None:
        moved = [command for command in self.put.pop(chat, []) if not isinstance(command, frames.Open)]
        self.put.setdefault(to, []).extend(moved)

    def _violated(self, chat: str, what: str) -> None:
        self.violations.append(f"{self.name or self.role}, chat {chat}: {what}")

    def close(self, journal: Journal) -> None:
        """Compare what was put with what is shown and what still waits in ``journal``."""
        for chat, commands in self.put.items():
            log = journal.chats.get(chat)
            waiting = {entry.id for entry in log.outbox} if log else set()
            shown = self.shown.get(chat, {})
            own = [shown[number] for number in sorted(shown) if shown[number].id]
            texts = {event.id: event.text for event in own}
            ids = [event.id for event in own]
            if len(ids) != len(texts):
                self._violated(chat, "an own message is shown twice")
            order = [command.id for command in commands if command.id in texts]
            known = set(order)
            if [id for id in ids if id in known] != order:
                self._violated(chat, "own messages are shown in another order than they were put")
            for command in commands:
                if command.id in waiting or command.id in self.refused:
                    continue
                if command.id not in texts:
                    self._violated(chat, f"{command.id} was answered and is not shown")
                elif isinstance(command, frames.Say) and texts[command.id] != command.text:
                    self._violated(chat, f"{command.id} is shown with another text")

    def wronged(self) -> list[tuple[str, str]]:
        """Refusals that should not happen, as (id, code).

        Two who close at the same moment are no fault, nor is an agent who writes while the customer closes.
        """
        fair = {"already", "chat_closed"} if self.role == "agent" else {"already"}
        return [(id, code) for id, code in self.refused.items() if code not in fair]

    def counts(self, journal: Journal) -> dict[str, int]:
        """How many messages were ``sent``, of these ``answered`` or ``refused``, and how many of the
        other side were ``received``."""
        sent = [c for commands in self.put.values() for c in commands if isinstance(c, frames.Say)]
        waiting = {entry.id for log in journal.chats.values() for entry in log.outbox}
        received = [
            event
            for shown in self.shown.values()
            for event in shown.values()
            if event.kind == "message" and event.by.role != self.role
        ]
        return {
            "sent": len(sent),
            "answered": sum(say.id not in waiting and say.id not in self.refused for say in sent),
            "refused": sum(say.id in self.refused for say in sent),
            "received": len(received),
        }

    def transcripts(self) -> dict[str, list[list[Any]]]:
        """Per chat what customers may see, as ``[public number, kind, role, text]``."""
        found: dict[str, list[list[Any]]] = {}
        for chat, shown in self.shown.items():
            found[chat] = [
                [number, event.kind, event.by.role, event.text]
                for seq, event in sorted(shown.items())
                if (number := seq if self.role == "customer" else event.pub)
            ]
        return found
