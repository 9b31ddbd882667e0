"""Going offline when what was handed on is taken and what closes is closed, not before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from supportterm.console.closing import Closings
from supportterm.console.team import Team
from supportterm.link.chatlog import data_of
from supportterm.link.journal import Journal
from supportterm.protocol import kinds
from supportterm.protocol.frames import CloseChat, HandOff


class Settled(NamedTuple):
    """Nothing is under way any more; ``back``: chats that are still mine, because nobody took them."""

    back: list[str]


class Leaving:
    """The chats that somebody who wants to go still waits for.

    The desk gives away at once what waits for who is offline: a handoff would end before it was answered.
    """

    def __init__(self, journal: Journal, team: Team, closings: Closings) -> None:
        self._journal: Final = journal
        self._team: Final = team
        self._closings: Final = closings
        self._chats: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._chats)

    def begin(self, chats: Sequence[str]) -> None:
        """Wait for these."""
        self._chats = list(chats)

    def stay(self) -> None:
        """They do not want to go any more."""
        self._chats = []

    def settle(self) -> Settled | None:
        """Once, when each is taken, closed, or came back; None while one is under way."""
        if not self._chats or any(self._pending(chat) for chat in self._chats):
            return None
        back = [chat for chat in self._chats if self._mine(chat)]
        self._chats = []
        return Settled(back)

    def _pending(self, chat: str) -> bool:
        log = self._journal.chats.get(chat)
        if log is None or not self._mine(chat):
            return False
        unsent = any(isinstance(entry.command, HandOff | CloseChat) for entry in log.outbox)
        if unsent or chat in self._closings or self._team.handing(log) is not None:
            return True
        for event in reversed(log.events):
            if event.kind == "joined":
                return False
            if event.kind == "handoff_ended":
                ended = data_of(event, kinds.HandoffEnded)
                # Who accepted it joins with the next event.
                return ended is not None and ended.how == "accepted"
        return False

    def _mine(self, chat: str) -> bool:
        log = self._journal.chats.get(chat)
        head = log.head if log is not None and not log.gone else None
        return head is not None and head.owner == self._team.me and head.state == "open"
