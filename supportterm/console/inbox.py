"""The agent's chats as a list: in which order, how many are unread, who is next. Pure.

It reads a `Journal` and holds what only this console knows: which chat is open on the screen and how
far the agent has read in each. Times are the server's, in milliseconds since 1970.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import Journal
from supportterm.text import SafeText, safe_line, trusted

Standing = Literal["waiting", "queued", "quiet", "closed"]
#: Makes a name for a customer who gave none, from a short tag that tells chats apart.
Namer = Callable[[SafeText], SafeText]

#: Closed chats that stay in the list, newest first: to look back, and to reopen.
CLOSED_KEPT: Final = 20


class Row(NamedTuple):
    """One chat in the list. ``since`` is when the wait began, 0 when nobody waits for us."""

    chat: str
    name: SafeText
    shop: SafeText
    lang: SafeText
    standing: Standing
    since: int
    unread: int
    snippet: SafeText


class Inbox:
    """Which chats to show and in which order; ``selected`` is the open one, "" if none."""

    def __init__(self, journal: Journal) -> None:
        self.journal: Final = journal
        self.selected = ""
        #: How far the agent read, in ``seq``.
        self._read_to: dict[str, int] = {}

    def chats(self) -> list[ChatLog]:
        """Longest waiting first, then those where the customer reads, then closed ones, newest first."""
        open_: list[ChatLog] = []
        closed: list[ChatLog] = []
        for log in self.journal.chats.values():
            if log.head is None or (log.gone and log.chat != self.selected):
                continue
            (closed if log.head.state == "closed" else open_).append(log)
        open_.sort(key=lambda log: (standing(log) == "quiet", _since(log) or _last_at(log), log.chat))
        closed.sort(key=lambda log: (-_last_at(log), log.chat))
        return open_ + closed[:CLOSED_KEPT]

    def rows(self, namer: Namer) -> list[Row]:
        """The list as it is to be shown."""
        return [self.row(log, namer) for log in self.chats()]

    def row(self, log: ChatLog, namer: Namer) -> Row:
        """One chat's row."""
        assert log.head is not None
        return Row(
            log.chat,
            name_of(log, namer),
            safe_line(log.head.shop),
            safe_line(log.head.lang),
            standing(log),
            _since(log),
            self.unread(log),
            _snippet(log),
        )

    def next_waiting(self) -> str:
        """Who has waited longest; if that chat is open already, the one after it; "" if nobody waits."""
        waiting = [log.chat for log in self.chats() if standing(log) == "waiting"]
        if not waiting:
            return ""
        if self.selected in waiting:
            return waiting[(waiting.index(self.selected) + 1) % len(waiting)]
        return waiting[0]

    def beside(self, step: Literal[-1, 1]) -> str:
        """The chat above or below the open one; stays at the ends; "" in an empty list."""
        ids = [log.chat for log in self.chats()]
        if not ids:
            return ""
        if self.selected not in ids:
            return ids[0] if step > 0 else ids[-1]
        return ids[min(max(ids.index(self.selected) + step, 0), len(ids) - 1)]

    def unread(self, log: ChatLog) -> int:
        """How many of the customer's messages the agent has not had before their eyes."""
        read_to = self._read_to.get(log.chat)
        count = 0
        for event in reversed(log.events):
            if event.seq <= read_to if read_to is not None else 0 < event.pub <= log.agent_marks.seen:
                break
            count += event.kind == "message" and event.by.role == "customer"
        return count

    def first_unread(self, log: ChatLog) -> int:
        """The ``seq`` of the oldest unread message of the customer; 0 if there is none."""
        wanted, found = self.unread(log), 0
        for event in reversed(log.events):
            if not wanted:
                break
            if event.kind == "message" and event.by.role == "customer":
                found, wanted = event.seq, wanted - 1
        return found

    def read(self, chat: str) -> bool:
        """The agent has everything of this chat before their eyes; whether that is news."""
        log = self.journal.chats.get(chat)
        if log is None:
            return False
        news = self.unread(log) > 0
        self._read_to[chat] = max(log.last, self._read_to.get(chat, 0))
        return news

    def forget(self) -> None:
        """The numbers of another epoch mean nothing."""
        self._read_to.clear()

    def waiting(self) -> int:
        """How many customers wait for this agent."""
        return sum(standing(log) == "waiting" for log in self.chats())


def standing(log: ChatLog) -> Standing:
    """How a chat stands for the agent."""
    if log.head is None or log.head.state == "closed":
        return "closed"
    if log.head.state == "queued":
        return "queued"
    return "waiting" if log.head.waiting_since else "quiet"


def name_of(log: ChatLog, namer: Namer) -> SafeText:
    """The customer's name, or one made of a tag that stays the same for this chat."""
    for event in log.events:
        if event.by.role == "customer" and event.by.name:
            return safe_line(event.by.name)
    return namer(trusted(hashlib.sha256(log.chat.encode()).hexdigest()[:4].upper()))


def _since(log: ChatLog) -> int:
    return log.head.waiting_since if log.head is not None and log.head.state != "closed" else 0


def _last_at(log: ChatLog) -> int:
    if log.events:
        return log.events[-1].at
    return log.head.opened_at if log.head is not None else 0


def _snippet(log: ChatLog) -> SafeText:
    """The newest words of the customer, in one line."""
    for event in reversed(log.events):
        if event.kind == "message" and event.by.role == "customer" and event.text:
            return safe_line(event.text[:200])
    return trusted("")
