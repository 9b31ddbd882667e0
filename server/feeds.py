"""What is committed, as readers see it: each chat's newest events, and the cursors that read them.

The log is the queue and a connection is only a cursor. A feed keeps a chat's memory tail, encoded
once per audience; a cursor that stands further back reads pages from the database until it has
caught up. A reader that is slow costs its cursor and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec import UNSET, Raw

from server.desk.chat import Chat
from server.desk.events import CUSTOMER, DESK, Event
from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from supportterm.protocol.contact import Known
from supportterm.protocol.frames import By, Head, Marks

_log = logging.getLogger("supportterm.desk")

#: Events kept in memory per chat, so that a reader one reconnect behind needs no database.
TAIL = 64

#: Kinds that change neither who may read a chat nor its state.
_PLAIN = frozenset({"message", "note"})
_NOBODY: frozenset[str] = frozenset()
_UNKNOWN = Known()
#: Kinds after which a chat is another customer's than it was.
_WHOSE = frozenset({"opened", "identified"})

_BY_CUSTOMER = By(role="customer")
_BY_DESK = By(role="desk")
_people: dict[tuple[str, str, bool], By] = {}


def _by(event: Event, public: bool) -> By:
    if event.actor == CUSTOMER:
        return _BY_CUSTOMER
    if event.actor == DESK:
        return _BY_DESK
    key = (event.actor, event.name, public)
    by = _people.get(key)
    if by is None:
        agent = "" if public else event.actor.removeprefix("agent:")
        by = _people[key] = By(role="agent", name=event.name, id=agent)
    return by


def to_frame(event: Event, public: bool) -> frames.Event:
    """The event as customers (``public``) or staff read it.

    A client id goes to its author's side only; to customers the public number is the number.
    """
    data = event.data
    return frames.Event(
        chat=event.stream[5:],
        seq=event.pub if public else event.seq,
        at=event.at,
        kind=event.kind,
        by=_by(event, public),
        pub=0 if public else event.pub,
        v=event.v,
        id=event.cid if public == (event.actor == CUSTOMER) else "",
        text=event.text,
        data=Raw(data) if data and data != b"{}" else UNSET,
        erased=event.erased,
    )


class Outlet(Protocol):
    """Where a cursor's frames go: one connection."""

    #: The transport's buffer is full; nothing is sent until it has drained.
    paused: bool

    def send(self, frame: bytes) -> None: ...

    def put(self, frame: bytes) -> None:
        """Send with the next `flush`."""
        ...

    def flush(self) -> None: ...

    def state(self, key: tuple[str, str], frame: frames.ServerFrame) -> None: ...

    def passing(self, frame: frames.ServerFrame) -> None: ...


class Cursor:
    """How far one connection has read one chat. ``at``: the last number sent, as its audience counts.

    ``reading``: a page is on its way; ``waiting``: there is news; ``dropped``: nothing more is sent.
    """

    __slots__ = ("at", "dropped", "feed", "outlet", "public", "reading", "waiting")

    def __init__(self, feed: Feed, outlet: Outlet, public: bool, at: int) -> None:
        self.feed = feed
        self.outlet = outlet
        self.public = public
        self.at = at
        self.reading = False
        self.waiting = False
        self.dropped = False

    @property
    def behind(self) -> bool:
        """Whether there is something to read."""
        return self.at < (self.feed.chat.pub if self.public else self.feed.chat.seq)


class _Tail:
    """The newest events for one audience, consecutive from number ``first``; frames are made when read."""

    __slots__ = ("events", "first", "frames")

    def __init__(self, first: int) -> None:
        self.first = first
        self.events: list[Event] = []
        self.frames: list[bytes | None] = []

    def append(self, event: Event) -> None:
        self.events.append(event)
        self.frames.append(None)
        if len(self.events) > TAIL:
            half = TAIL // 2
            del self.events[:half]
            del self.frames[:half]
            self.first += half

    def frame(self, index: int, public: bool) -> bytes:
        made = self.frames[index]
        if made is None:
            made = self.frames[index] = encode(to_frame(self.events[index], public))
        return made


class Feed:
    """One chat as committed: its state, its tails, its marks, and who reads it."""

    __slots__ = ("agent_marks", "chat", "cursors", "customer_marks", "marks_known", "public", "staff")

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.staff = _Tail(chat.seq + 1)
        self.public = _Tail(chat.pub + 1)
        self.cursors: list[Cursor] = []
        self.customer_marks = Marks()
        self.agent_marks = Marks()
        self.marks_known = chat.seq == 0

    def head(self, public: bool) -> Head:
        """The chat as it stands after its newest committed event."""
        chat = self.chat
        unsaid = public and chat.unsaid
        return Head(
            state=chat.shown_state if public else chat.state,
            shop=chat.shop,
            lang=chat.lang,
            opened_at=chat.opened_at,
            agent=chat.agent_name if public else chat.owner_name,
            owner="" if public else chat.owner,
            waiting_since=0 if public else chat.waiting_since,
            promise_due=0 if unsaid else chat.promise_due,
            promise_at=0 if unsaid else chat.promise_at,
            overdue_at=0 if public else chat.broken_at,
            summary=chat.summary,
            understood=chat.understood,
            callback="" if public else chat.callback,
            known=_UNKNOWN if public else chat.reach.known,
            customer_marks=self.customer_marks,
            agent_marks=self.agent_marks,
        )

    def forget_texts(self) -> None:
        """Empty the tails: readers behind them go to the log, where the texts are gone."""
        self.staff = _Tail(self.chat.seq + 1)
        self.public = _Tail(self.chat.pub + 1)


class Feeds:
    """All feeds of a desk, kept true by `publish`; `on_moved` hears of every change of state or readers.

    It is told who could read the chat before.
    """

    def __init__(self, read_pages: Callable[[Cursor], None]) -> None:
        self._feeds: dict[str, Feed] = {}
        #: By agent, what they may read, in the order they got it.
        self._read_by: dict[str, dict[str, None]] = {}
        self._newest_of: dict[str, Feed] = {}
        self._read_pages = read_pages
        self.on_moved: Callable[[Feed, frozenset[str]], None] = lambda feed, readers: None

    def get(self, chat: str) -> Feed | None:
        """The chat's feed, if it is in memory."""
        return self._feeds.get(chat)

    def read_by(self, agent: str) -> list[Feed]:
        """The feeds in memory that this agent may read: as owner, also of closed ones, guest, or asked."""
        return [self._feeds[chat] for chat in self._read_by.get(agent, ())]

    def newest_of(self, customer: str) -> Feed | None:
        """The chat the customer opened or reopened last; None if memory cannot tell."""
        return self._newest_of.get(customer)

    def all(self) -> Iterable[Feed]:
        """Every feed in memory."""
        return self._feeds.values()

    def add(self, chat: Chat) -> Feed:
        """A feed for a chat loaded from the log, as it is committed."""
        feed = self._feeds[chat.id] = Feed(chat.copy())
        # Of closed chats another one may be newer and not in memory.
        if chat.state != "closed":
            self._newest_of[chat.customer] = feed
        self._moved(feed, frozenset())
        return feed

    def drop(self, chat: str) -> None:
        """Take the feed out of memory; nobody may be reading it."""
        feed = self._feeds.pop(chat, None)
        if feed is not None:
            for agent in feed.chat.readers:
                self._read_by.get(agent, {}).pop(chat, None)
            if self._newest_of.get(feed.chat.customer) is feed:
                del self._newest_of[feed.chat.customer]

    def _moved(self, feed: Feed, before: frozenset[str]) -> None:
        chat = feed.chat
        now = chat.readers
        for agent in before - now:
            self._read_by[agent].pop(chat.id, None)
        for agent in now - before:
            self._read_by.setdefault(agent, {})[chat.id] = None

    @staticmethod
    def encode(event: Event, public: bool) -> bytes:
        """The event as its audience reads it, as JSON."""
        return encode(to_frame(event, public))

    def publish(self, events: Iterable[tuple[Event, str]]) -> None:
        """Let readers see committed events; beside each, who caused it: a new chat's customer."""
        woken: list[Cursor] = []
        for event, customer in events:
            feed = self._feeds.get(event.chat)
            if feed is None:
                feed = self._feeds[event.chat] = Feed(Chat(event.chat, customer))
            chat = feed.chat
            plain = event.kind in _PLAIN
            before, state = _NOBODY if plain else chat.readers, chat.state
            chat.apply(event)
            if event.kind == "erased":
                feed.forget_texts()
            else:
                feed.staff.append(event)
                if event.pub:
                    feed.public.append(event)
            for cursor in feed.cursors:
                if not cursor.waiting:
                    cursor.waiting = True
                    woken.append(cursor)
            if not plain and ((before, state) != (chat.readers, chat.state) or event.kind in _WHOSE):
                self._moved(feed, before)
                if self._newest_of.get(chat.was) is feed:
                    del self._newest_of[chat.was]
                if event.kind in {"opened", "reopened", "identified"}:
                    self._newest_of[chat.customer] = feed
                # An agent who loses the chat here reads up to this very event and no further.
                self._show(list(feed.cursors))
                try:
                    self.on_moved(feed, before)
                except Exception:
                    _log.exception("a chat's move could not be shown")
        self._show(woken)

    def _show(self, cursors: list[Cursor]) -> None:
        for cursor in cursors:
            if cursor.waiting:
                cursor.waiting = False
                try:
                    self._put(cursor)
                except Exception:
                    # One reader's failure stays theirs: what is committed must reach the others.
                    _log.exception("an event could not be shown to a reader")
        # An agent's many chats go out in one write.
        for cursor in cursors:
            cursor.outlet.flush()

    def pump(self, cursor: Cursor) -> None:
        """Send what the cursor has not had, as far as its connection takes it now."""
        self._put(cursor)
        cursor.outlet.flush()

    def _put(self, cursor: Cursor) -> None:
        feed, outlet, public = cursor.feed, cursor.outlet, cursor.public
        if cursor.reading or cursor.dropped:
            return
        tail = feed.public if public else feed.staff
        last = tail.first + len(tail.events) - 1
        while cursor.at < last:
            if outlet.paused:
                return
            index = cursor.at + 1 - tail.first
            if index < 0:
                break
            cursor.at += 1
            outlet.put(tail.frame(index, public))
        if cursor.behind and not outlet.paused:
            cursor.reading = True
            self._read_pages(cursor)

    def drop_cursor(self, cursor: Cursor) -> None:
        """The connection stopped reading this chat; a page that is on its way is not sent any more."""
        cursor.dropped = True
        cursor.waiting = False
        if cursor in cursor.feed.cursors:
            cursor.feed.cursors.remove(cursor)
