"""The agent's chats as a list: in which order, how many are unread, who is next. Pure.

It reads a `Journal` and holds what only this console knows: which chat is open on the screen and how
far the agent has read in each. Times are the server's, in milliseconds since 1970.

Who is next: promises with little time left, the one that falls due first before the others; then the
customer who has waited longest. Newest first would leave the same people waiting again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from supportterm.console import callbacks, vouched
from supportterm.console.shops import Shops
from supportterm.console.team import Team
from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import Journal
from supportterm.protocol import tag
from supportterm.text import SafeText, safe_line, trusted

Standing = Literal[
    "offered", "due", "waiting", "callback", "queued", "left", "quiet", "listed", "beside", "closed"
]
#: Makes a name for a customer who gave none, from a short tag that tells chats apart.
Namer = Callable[[SafeText], SafeText]

#: Closed chats that stay in the list, newest first: to look back, and to reopen.
CLOSED_KEPT: Final = 20

#: A promise with less time left than this comes before everybody who waits.
SLACK_MS: Final = 90_000
#: Standings in which a customer waits for this agent.
_WAITING: Final = ("due", "waiting", "callback")
#: The list from top to bottom.
_ORDER: Final[dict[Standing, int]] = {
    "offered": 0,
    "due": 1,
    "waiting": 2,
    "callback": 2,
    "queued": 2,
    "left": 2,
    "quiet": 3,
    "listed": 4,
    "beside": 5,
    "closed": 6,
}


class Row(NamedTuple):
    """One chat in the list. ``since`` is when the wait began, 0 when nobody waits for us.

    ``due`` is when we promised to be back, and were not if that is over; 0 if we did not promise.
    """

    chat: str
    name: SafeText
    shop: SafeText
    lang: SafeText
    standing: Standing
    since: int
    unread: int
    snippet: SafeText
    due: int = 0


class Inbox:
    """Which chats to show and in which order; ``selected`` is the open one, "" if none."""

    def __init__(self, journal: Journal, now_ms: Callable[[], int] = lambda: 0) -> None:
        self.journal: Final = journal
        self.team: Final = Team(journal)
        self.shops: Final = Shops(journal)
        self.selected = ""
        self._now_ms: Final = now_ms
        #: How far the agent read, in ``seq``.
        self._read_to: dict[str, int] = {}

    def chats(self) -> list[ChatLog]:
        """What is offered, promises soon due, longest waiting, callbacks that came up, those where the
        customer reads, chats that are others', then closed ones, newest first."""
        open_: list[tuple[int, int, str, ChatLog]] = []
        closed: list[ChatLog] = []
        for log in self.journal.chats.values():
            if log.head is None or (log.gone and log.chat != self.selected):
                continue
            stands = self.standing(log)
            if stands == "closed":
                closed.append(log)
                continue
            due = log.head.promise_due or log.head.overdue_at
            since = due if stands in ("due", "callback") else _since(log) or _last_at(log)
            open_.append((_ORDER[stands], since, log.chat, log))
        open_.sort(key=lambda each: each[:3])
        closed.sort(key=lambda log: (-_last_at(log), log.chat))
        return [log for *_, log in open_] + closed[:CLOSED_KEPT]

    def standing(self, log: ChatLog) -> Standing:
        """How a chat stands for the agent."""
        if log.head is None or log.head.state == "closed":
            return "closed"
        part = self.team.part(log)
        if part == "offered":
            return "offered"
        if callbacks.listed_for(self.journal.left, log, self.team.me):
            return "listed"
        if part != "owner" or log.gone:
            return "beside"
        if log.head.state != "open":
            return log.head.state
        due = log.head.promise_due or log.head.overdue_at
        # An answer that is on its way to somebody who is not there needs nobody any more.
        calls, waits = bool(log.head.callback), callbacks.waits(log)
        if due and due - self._now_ms() < SLACK_MS and (waits or not calls):
            return "due"
        if waits:
            return "callback"
        return "waiting" if log.head.waiting_since else "quiet"

    def rows(self, namer: Namer) -> list[Row]:
        """The list as it is to be shown."""
        return [self.row(log, namer) for log in self.chats()]

    def row(self, log: ChatLog, namer: Namer) -> Row:
        """One chat's row."""
        assert log.head is not None
        return Row(
            log.chat,
            name_of(log, namer),
            self.shops.name(log.head.shop),
            safe_line(log.head.lang),
            self.standing(log),
            _since(log),
            self.unread(log),
            _snippet(log),
            log.head.promise_due or log.head.overdue_at,
        )

    def next_waiting(self) -> str:
        """Who is next; if that chat is open already, the one after it; "" if nobody waits."""
        waiting = [log.chat for log in self.chats() if self.standing(log) in _WAITING]
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
        return sum(self.standing(log) in _WAITING for log in self.chats())

    def own(self) -> list[ChatLog]:
        """The chats that are this agent's and not over."""
        return [log for log in self.chats() if self.standing(log) in (*_WAITING, "quiet") and not log.gone]


def name_of(log: ChatLog, namer: Namer) -> SafeText:
    """The customer's name, as they gave it, or one made of a tag that stays the same for this chat."""
    if name := callbacks.reach(log).name:
        # Who left their name with their address did not sign in by it.
        return vouched.claimed(name)
    return namer(tag_of(log.chat))


def tag_of(chat: str) -> SafeText:
    """Four letters that tell a chat from others, for who gave no name."""
    return safe_line(tag.tag_of(chat))


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
