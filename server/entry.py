"""A command on its way through the doorway, and what a batch of them is to store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from enum import Enum, auto

from server.desk.commands import Command, Person
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.events import Event
from server.store.interface import Append, Origin
from supportterm.protocol.frames import Open

_log = logging.getLogger("supportterm.desk")

Answer = Callable[[Decision], None]

_UNDECIDED = Decided([])


class Loaded(Enum):
    """What became of looking for a command's chat in the log."""

    KNOWN = auto()
    UNKNOWN = auto()
    #: It is another desk's; its id cannot be taken here, and nothing about it is told.
    FOREIGN = auto()
    UNREADABLE = auto()


class Entry:
    """Asked by ``who``, decided, and answered once its batch is stored.

    ``since``: when it came in, in the loop's seconds; 0: nobody measures it.
    """

    __slots__ = ("_answer", "command", "decision", "since", "who")

    def __init__(self, who: Person, command: Command, answer: Answer, since: float) -> None:
        self.who = who
        self.command = command
        self.since = since
        self.decision: Decision = _UNDECIDED
        self._answer = answer

    @property
    def chat(self) -> str | None:
        """The id of the chat it is about, if it is about one."""
        return getattr(self.command, "chat", None)

    @property
    def events(self) -> list[Event]:
        """What is to be stored."""
        decision = self.decision
        return decision.events if isinstance(decision, Decided) else []

    def foreign(self) -> Refused:
        """The refusal of a command for another desk's chat: its id is taken, and nothing else is told."""
        if isinstance(self.command, Open):
            return refuse("id_conflict" if self.who.role == "customer" else "not_allowed")
        return refuse("no_chat")

    def answer(self, decision: Decision) -> None:
        """Tell who asked; a connection that cannot take its answer must not stop the desk."""
        try:
            self._answer(decision)
        except Exception:
            _log.exception("an answer could not be given")


def writes_of(desk: str, batch: Iterable[Entry]) -> list[Append]:
    """What a batch of decisions adds to each stream, with who opened those that are new."""
    streams: dict[str, list[Event]] = {}
    origins: dict[str, Origin] = {}
    for entry in batch:
        for event in entry.events:
            events = streams.get(event.stream)
            if events is None:
                streams[event.stream] = [event]
            else:
                events.append(event)
            if event.kind == "opened":
                who = entry.who
                origins[event.stream] = Origin(desk, who.shop, who.id, who.token_hash)
    return [
        Append(stream, events[0].seq - 1, events, origins.get(stream)) for stream, events in streams.items()
    ]
