"""The light load client: raw sockets, and of each frame only what is counted.

It keeps to the wire (one unanswered message per chat and side, numbers without gaps) but to nothing
else: a lost connection ends the run as a violation.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle

import msgspec
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.connection import broadcast

from supportterm.link import agent_url, shop_url
from supportterm.link.address import check
from supportterm.link.options import options
from supportterm.practice.customers import new_id
from supportterm.practice.load_plan import Load, Tally, message
from supportterm.protocol.frames import Side
from supportterm.protocol.limits import VERSION


class _Seen(Struct):
    """The parts of any server frame that are counted."""

    t: str
    chat: str = ""
    seq: int = 0
    first: int = 0
    kind: str = ""
    id: str = ""
    code: str = ""
    retry: bool = False
    after_ms: int = 0


class Place:
    """One side of one chat: where it reads, and what it waits for."""

    __slots__ = ("chat", "client", "id", "last", "number", "other", "raw", "sent_at", "travelling")

    def __init__(self, client: Client, chat: str) -> None:
        self.client = client
        self.chat = chat
        self.last = 0
        self.number = 0
        self.id = ""
        self.raw = ""
        self.sent_at = 0.0
        self.other: Place | None = None
        #: When our messages left that the other side has not shown yet, oldest first.
        self.travelling: deque[float] = deque()

    def write(self) -> None:
        """Send the next message; the one before must be answered."""
        self.number += 1
        self.id = f"{self.client.prefix}{self.number:010d}"
        text = message(self.client.side, self.number, self.client.run.load.size)
        self.raw = f'{{"t":"say","id":"{self.id}","chat":"{self.chat}","text":"{text}"}}'
        self.sent_at = time.perf_counter()
        self.travelling.append(self.sent_at)
        self.client.run.tally.sent += 1
        self.again()

    def again(self) -> None:
        """Send the unanswered message."""
        # Unlike `send`, it neither awaits nor drains: saves a third of the cost of a message.
        broadcast((self.client.socket,), self.raw)

    def shows(self, seen: _Seen) -> None:
        """A message event: of this side, or of the other."""
        tally = self.client.run.tally
        tally.displayed[self.client.side] += 1
        now = time.perf_counter()
        if seen.id and seen.id == self.id:
            tally.answer.append(now - self.sent_at)
            self.answered()
        elif self.other is not None and self.other.travelling:
            tally.delivery.append(now - self.other.travelling.popleft())

    def answered(self) -> None:
        """Free for the next message."""
        self.id = ""
        run = self.client.run
        run.tally.answered += 1
        if run.saturated and run.writing and self.client.writes:
            self.write()


class Client:
    """One connection: a customer with one chat, or an agent with many."""

    def __init__(self, run: Run, side: Side, socket: ClientConnection) -> None:
        self.run = run
        self.side: Side = side
        self.socket = socket
        self.writes = side == "customer" or run.load.both
        self.prefix = new_id()[:12]
        self.places: dict[str, Place] = {}

    async def read(self) -> None:
        """Count what arrives until the connection ends."""
        decode = msgspec.json.Decoder(_Seen).decode
        while True:
            self._take(decode(await self.socket.recv(decode=False)))

    def _take(self, seen: _Seen) -> None:
        if seen.chat and seen.chat not in self.run.chats:
            return  # an agent may have older chats than this run's
        if seen.t == "event":
            place = self.places[seen.chat]
            if seen.seq != place.last + 1:
                self.run.violated(self.side, seen.chat, f"number {seen.seq} came after {place.last}")
            place.last = seen.seq
            if seen.kind == "message":
                place.shows(seen)
            elif seen.kind == "closed":
                self.run.closed(seen.chat, self.side)
        elif seen.t == "chat":
            place = self.places.get(seen.chat) or self.run.place(self, seen.chat)
            place.last = seen.first - 1
        elif seen.t == "err":
            self._refused(seen)

    def _refused(self, seen: _Seen) -> None:
        for place in self.places.values():
            if seen.retry and seen.id == place.id:
                self.run.tally.retried += 1
                asyncio.get_running_loop().call_later(max(seen.after_ms, 1) / 1_000, place.again)
                return
        self.run.violated(self.side, seen.chat, f"refused: {seen.code}")


class _Broken(Exception):
    """A connection ended; the tally says which."""


class Run:
    """One load run."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.tally = Tally()
        self.saturated = not load.rate
        self.writing = False
        self.chats: set[str] = set()
        self._open: set[tuple[str, Side]] = set()
        self._sides: dict[str, dict[Side, Place]] = {}
        self._readers: list[asyncio.Task[None]] = []
        self._clients: list[Client] = []
        self._paired = asyncio.Event()
        self._broken = asyncio.Event()

    def violated(self, side: str, chat: str, what: str) -> None:
        """A sentence for the report."""
        self.tally.violations.append(f"{side}, chat {chat}: {what}")

    def place(self, client: Client, chat: str) -> Place:
        """One side of a chat appears; with the other it makes a pair."""
        found = client.places[chat] = Place(client, chat)
        self._open.add((chat, client.side))
        sides = self._sides.setdefault(chat, {})
        sides[client.side] = found
        if len(sides) == 2:
            sides["customer"].other, sides["agent"].other = sides["agent"], sides["customer"]
            if sum(len(both) == 2 for both in self._sides.values()) >= self.load.pairs:
                self._paired.set()
        return found

    async def go(self) -> tuple[float, float]:
        """Connect, pair, write, settle; seconds of writing, and CPU seconds of this process meanwhile."""
        load = self.load
        try:
            for token in load.tokens:
                await self._connect("agent", agent_url(load.url), token)
            for _ in range(load.pairs):
                client = await self._connect("customer", shop_url(load.url, load.shop), new_id(octets=32))
                chat = new_id()
                self.chats.add(chat)
                opening = {"t": "open", "id": new_id(), "chat": chat, "lang": "en"}
                await client.socket.send(json.dumps(opening))
            async with asyncio.timeout(load.settle):
                while not self._paired.is_set():
                    await self._sleep(0.01)
            return await self._write()
        except TimeoutError:
            self.tally.violations.append("not every chat came to an agent in time: raise their limit")
            return 0.0, 0.0
        except _Broken:
            return 0.0, 0.0
        finally:
            await self._leave()

    async def _connect(self, side: Side, url: str, token: str) -> Client:
        check(url, plain=self.load.plain)
        socket = await connect(url, **options(url, self.load.origin))
        client = Client(self, side, socket)
        await socket.send(json.dumps({"t": "hello", "v": VERSION, "token": token}))
        self._clients.append(client)
        reader = asyncio.ensure_future(client.read())
        reader.add_done_callback(self._ended)
        self._readers.append(reader)
        return client

    def _ended(self, reader: asyncio.Task[None]) -> None:
        if not reader.cancelled():
            self.tally.violations.append(f"a connection ended: {reader.exception()!r}")
            self._broken.set()

    async def _write(self) -> tuple[float, float]:
        places = [place for sides in self._sides.values() for place in sides.values() if place.client.writes]
        begun, cpu = time.perf_counter(), time.process_time()
        self.writing = True
        if self.saturated:
            for place in places:
                place.write()
            await self._sleep(self.load.seconds)
        else:
            await self._at_rate(cycle(places), len(places), begun)
        self.writing = False
        seconds, used = time.perf_counter() - begun, time.process_time() - cpu
        with suppress(TimeoutError):
            async with asyncio.timeout(self.load.settle):
                while not self.tally.complete:
                    await self._sleep(0.01)
                await self._close_chats()
        return seconds, used

    async def _close_chats(self) -> None:
        """Make room for the next run on the same server."""
        for client in self._clients:
            if client.side == "customer":
                for chat in client.places:
                    await client.socket.send(json.dumps({"t": "close", "id": new_id(), "chat": chat}))
        while self._open:
            await self._sleep(0.01)

    def closed(self, chat: str, side: Side) -> None:
        """The end of a chat is shown on one side."""
        self._open.discard((chat, side))

    async def _at_rate(self, places: Iterator[Place], count: int, begun: float) -> None:
        due = 0
        while (now := time.perf_counter() - begun) < self.load.seconds:
            due = int(now * self.load.rate)
            for _ in range(count):
                if self.tally.sent >= due:
                    break
                place = next(places)
                if not place.id:
                    place.write()
            await self._sleep(0.001)

    async def _sleep(self, seconds: float) -> None:
        """Let time pass, unless a connection ended: then nothing more will come."""
        if not self._broken.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._broken.wait()
        if self._broken.is_set():
            raise _Broken

    async def _leave(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        for client in self._clients:
            client.socket.transport.abort()
