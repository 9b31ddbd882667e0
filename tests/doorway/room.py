"""A doorway on a real store whose every step can be held, watched or made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from server.clock import Clock
from server.desk.commands import Command, Person
from server.desk.decision import Decided, Decision, Refused
from server.desk.events import Event, chat_stream
from server.desk.rules import Rules
from server.doorway import Doorway
from server.feeds import Cursor
from server.metrics import Metrics
from server.platform import RealPlatform
from server.store.interface import Append, ChatRow
from server.store.sqlite import SqliteStore
from supportterm.protocol import frames
from tests.desk.story import chat_of, new_id

from .reader import Reader


class Hands(RealPlatform):
    """The real machine with clocks that can be moved on."""

    ahead = 0

    def wall(self) -> int:
        return super().wall() + self.ahead

    def boot(self) -> int:
        return super().boot() + self.ahead


class Held(SqliteStore):
    """The store, seen from outside: what it was asked, when it may go on, and how it fails."""

    def watch(self) -> None:
        self.batches: list[Sequence[Append]] = []
        self.looked_up: list[str] = []
        self.writing = open_gate()
        self.reading = open_gate()
        #: Raised instead of the next appends; None: this one goes through.
        self.failing: list[Exception | None] = []
        #: Raised after the next appends, which did go through.
        self.failing_late: list[Exception | None] = []
        self.unreadable: Exception | None = None
        #: What was read of these streams is handed over when its gate opens.
        self.gates: dict[str, asyncio.Event] = {}
        self.at_gates: list[str] = []

    async def append(self, desk: str, fence: int, writes: Sequence[Append]) -> None:
        self.batches.append(writes)
        await self.writing.wait()
        if self.failing and (error := self.failing.pop(0)) is not None:
            raise error
        await super().append(desk, fence, writes)
        if self.failing_late and (error := self.failing_late.pop(0)) is not None:
            raise error

    async def row(self, chat: str) -> ChatRow | None:
        self.looked_up.append(chat)
        await self.reading.wait()
        if self.unreadable is not None:
            raise self.unreadable
        return await super().row(chat)

    async def stream(self, stream: str, after: int = 0, limit: int = 0) -> list[Event]:
        events = await super().stream(stream, after, limit)
        if stream in self.gates:
            self.at_gates.append(stream)
            await self.gates[stream].wait()
        return events

    async def limit_pages(self, more: int) -> None:
        """Let the database grow by this many pages; below 0: as it likes."""

        def set_limit() -> None:
            connection = self._connected()
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            limit = pages + more if more >= 0 else 1 << 30
            connection.execute(f"PRAGMA max_page_count = {limit}")

        await self._worker.run(set_limit)


def open_gate() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate


class Room:
    """The doorway of the desk "main", and everything around it."""

    def __init__(self, store: Held, platform: Hands, rules: Rules) -> None:
        self.store = store
        self.platform = platform
        self.metrics = Metrics()
        self.clock = Clock(platform)
        self.rules = rules
        self.door = self.doorway()

    def doorway(self, desk: str = "main") -> Doorway:
        return Doorway(desk, self.rules, self.store, self.clock, self.metrics)

    async def reopen(self) -> None:
        """Close the doorway and fold a new one from the log."""
        await self.door.close()
        self.door = self.doorway()
        await self.door.open()

    def submit(self, who: Person, command: Command) -> asyncio.Future[Decision]:
        answer: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.door.submit(who, command, answer.set_result)
        return answer

    async def ask(self, who: Person, command: Command) -> Decision:
        async with asyncio.timeout(10):
            return await self.submit(who, command)

    async def do(self, who: Person, command: Command) -> list[Event]:
        decision = await self.ask(who, command)
        assert isinstance(decision, Decided), decision
        return decision.events

    async def code(self, who: Person, command: Command) -> str:
        decision = await self.ask(who, command)
        assert isinstance(decision, Refused), decision
        return decision.error.code

    async def open(self, who: Person, n: int = 1) -> str:
        await self.do(who, frames.Open(new_id(), chat_of(who, n), "en"))
        return chat_of(who, n)

    async def say(self, who: Person, chat: str, text: str = "Hello") -> list[Event]:
        return await self.do(who, frames.Say(new_id(), chat, text))

    async def stored(self, chat: str) -> list[Event]:
        """The chat's events in the log; their numbers have no holes."""
        events = await self.store.stream(chat_stream(chat))
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        return events

    async def texts(self, chat: str) -> list[str]:
        return [event.text for event in await self.stored(chat) if event.kind == "message"]

    async def read(self, chat: str, *, public: bool = True, at: int = 0, room: int = -1) -> Reader:
        feed = await self.door.feed(chat)
        assert feed is not None
        reader = Reader()
        reader.room = room
        cursor = Cursor(feed, reader, public, at)
        feed.cursors.append(cursor)
        self.door.feeds.pump(cursor)
        return reader


async def until(true: Callable[[], object]) -> None:
    """Let everything else run until ``true()`` is."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def a_room(path: Path, rules: Rules) -> AsyncIterator[Room]:
    platform = Hands()
    store = await Held.open(path / "desk.db", platform)
    store.watch()
    room = Room(store, platform, rules)
    try:
        await room.door.open()
        yield room
        room.store.writing.set()
        room.store.reading.set()
        await room.door.close()
    finally:
        await store.close()
