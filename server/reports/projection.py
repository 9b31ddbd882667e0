"""Follows the log with a cursor and keeps the facts of the service report up to date.

It reads committed events in the order of their positions, a slice at a time, folds them on a thread of
its own, and writes what it made of a slice together with the position, in one short transaction. After
a crash or a failure it goes on from the last slice that was written. In memory it has the chats that are
not over, and no more.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Protocol

from msgspec.structs import replace

from server.desk.rules import Rules
from server.platform import Row, Worker
from server.reports import tables
from server.reports.carrying import AgentFacts, Carrying
from server.reports.facts import Certain, ChatFacts, fold
from server.reports.tables import Changes
from server.store.following import Entry

#: Events in one transaction: some milliseconds.
SLICE: Final = 500
_USUAL: Final = Rules()


class Followed(Protocol):
    """The part of a store that a projection needs (`server.store.following`)."""

    async def log_after(self, pos: int, limit: int) -> list[Entry]: ...

    async def facts(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    async def project(self, change: Callable[[sqlite3.Connection], None]) -> None: ...


class Standing:
    """All that is folded, at a position of the log. Pure: `take` is what it does."""

    def __init__(self, rules: Mapping[str, Rules], pos: int = 0) -> None:
        self.rules = rules
        self.pos = pos
        self.chats: dict[int, ChatFacts] = {}
        self.desks: dict[str, Carrying] = {}

    def desk(self, desk: str) -> Carrying:
        """The desk's agents, whoever was seen of them."""
        found = self.desks.get(desk)
        if found is None:
            found = self.desks[desk] = Carrying(desk, self.rules.get(desk, _USUAL))
        return found

    def missing(self, entries: Sequence[Entry]) -> list[int]:
        """The chats of these events that are over, or new: `take` wants to be given those that are stored."""
        return sorted({entry.stream for entry in entries if entry.chat} - self.chats.keys())

    def take(self, entries: Sequence[Entry], stored: Sequence[ChatFacts]) -> Changes:
        """Fold the next events of the log; what is to be written."""
        self.chats.update((chat.stream, chat) for chat in stored)
        touched: set[int] = set()
        certain: list[Certain] = []
        passed: dict[str, Carrying] = {}
        for entry in entries:
            event = entry.event
            passed[entry.desk] = carrying = self.desk(entry.desk)
            carrying.advance(event.at)
            if not entry.chat:
                carrying.desk_event(event)
                continue
            chat = self.chats.get(entry.stream)
            if chat is None:
                chat = self.chats[entry.stream] = ChatFacts(entry.stream, entry.desk)
            touched.add(entry.stream)
            if event.kind == "routed":
                carrying.routed(event)
            certain += fold(chat, event, carrying.rules)
            carrying.weigh(chat)
        self.pos = entries[-1].pos
        changes = Changes(self.pos, [], [], [], certain, [], [])
        for desk, carrying in passed.items():
            changes.desks.append((desk, carrying.first_at, carrying.at))
            changes.agents += [replace(carrying.agents[name]) for name in sorted(carrying.changed)]
            changes.online += carrying.online
            changes.full += [(desk, *key, ms) for key, ms in carrying.full.items()]
            carrying.changed, carrying.online, carrying.full = set(), [], {}
        self._let_go(touched, changes)
        return changes

    def _let_go(self, touched: set[int], changes: Changes) -> None:
        """Write what was touched, and drop what is over from memory."""
        over = [chat for chat in self.chats.values() if not chat.live(self.desk(chat.desk).at)]
        for stream in touched:
            chat = self.chats[stream]
            changes.chats.append((replace(chat), chat.live(self.desk(chat.desk).at)))
        for chat in over:
            if chat.stream not in touched:
                changes.chats.append((chat, False))
            del self.chats[chat.stream]


class Projection:
    """``rules`` are the desks' own; a desk that is not among them is weighed by the usual ones."""

    def __init__(
        self, records: Followed, worker: Worker, rules: Mapping[str, Rules], size: int = SLICE
    ) -> None:
        self._records = records
        self._worker = worker
        self._rules = rules
        self._size = size
        self._standing: Standing | None = None
        self._one = asyncio.Lock()

    def apply(self, rules: Mapping[str, Rules]) -> None:
        """Take reloaded rules, for what happens from now on."""
        self._rules = rules
        self._standing = None

    async def follow(self) -> None:
        """Take in everything that is committed by now. Raises `server.store.interface.StoreError`."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """Take in one slice; whether there may be more. Raises `server.store.interface.StoreError`."""
        async with self._one:
            try:
                return await self._step()
            except BaseException:
                # What was folded but not written is folded again from what is written.
                self._standing = None
                raise

    async def rebuild(self) -> None:
        """Forget all facts and make them anew from the log."""
        async with self._one:
            self._standing = None
            await self._records.project(tables.forget)
        await self.follow()

    async def carrying(self, desk: str) -> Carrying:
        """The desk as it is written, to go on from without touching it."""
        return (await self._desk(desk))[0]

    async def _step(self) -> bool:
        """One slice; whether there may be more."""
        standing = self._standing or await self._load()
        entries = await self._records.log_after(standing.pos, self._size)
        if entries:
            stored = await self._stored(standing.missing(entries))
            changes = await self._worker.run(partial(standing.take, entries, stored))
            await self._records.project(changes.write)
        # From here on it is what is written. Rules that came meanwhile need one that goes by them.
        self._standing = standing if standing.rules is self._rules else None
        return len(entries) == self._size

    async def _load(self) -> Standing:
        cursor = await self._records.facts(tables.CURSOR)
        if cursor and cursor[0][0] != tables.VERSION:
            await self._records.project(tables.forget)
            cursor = []
        standing = Standing(self._rules, cursor[0][1] if cursor else 0)
        for row in await self._records.facts(tables.DESKS):
            standing.desks[row[0]], live = await self._desk(row[0])
            standing.chats.update((chat.stream, chat) for chat in live)
        return standing

    async def _desk(self, desk: str) -> tuple[Carrying, list[ChatFacts]]:
        known = await self._records.facts(tables.DESKS + " WHERE desk = ?", (desk,))
        _, first_at, at = known[0] if known else (desk, 0, 0)
        agents = [AgentFacts(*row) for row in await self._records.facts(tables.AGENTS, (desk,))]
        live = [tables.chat_of(row) for row in await self._records.facts(tables.LIVE, (desk,))]
        return Carrying(desk, self._rules.get(desk, _USUAL), first_at, at, agents, live), live

    async def _stored(self, streams: list[int]) -> list[ChatFacts]:
        found: list[ChatFacts] = []
        for at in range(0, len(streams), tables.MANY):
            part = streams[at : at + tables.MANY]
            rows = await self._records.facts(tables.some(len(part)), part)
            found += map(tables.chat_of, rows)
        return found
