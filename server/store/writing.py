"""What is written into the log: the way of every message, so it does as little as it can."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple

from server.desk.events import chat_stream, desk_stream
from server.platform import Platform
from server.store.database import Database
from server.store.files import DirectoryLock
from server.store.interface import Append, Conflict, Marks, Snapshot
from server.store.projection import CHANGING, open_chat, project, texts_again

_INSERT: Final = """
INSERT INTO event (stream, seq, pub, at, kind, actor, name, cid, digest, data, text, erased, v)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_HEAD: Final = """
SELECT stream.id, coalesce(chat.desk, ''), coalesce(chat.texts, 1),
 coalesce((SELECT seq FROM event WHERE event.stream = stream.id ORDER BY seq DESC LIMIT 1), 0),
 coalesce((SELECT pub FROM event WHERE event.stream = stream.id AND pub > 0 ORDER BY seq DESC LIMIT 1), 0)
FROM stream LEFT JOIN chat ON chat.stream = stream.id WHERE stream.name = ?"""

#: Streams whose newest numbers are remembered; the log is asked again beyond that.
HEADS: Final = 65_536


class Head(Struct, gc=False):
    """Where a stream stands. ``texts``: false after all of the chat's texts were removed."""

    id: int
    desk: str
    texts: bool
    seq: int
    pub: int


class Writing(Database):
    """The writing half of `server.store.interface.Log`."""

    def __init__(self, path: Path, platform: Platform, lock: DirectoryLock) -> None:
        super().__init__(path, platform, lock)
        # Both are true for what is committed, and touched by the worker only.
        self._heads: dict[str, Head] = {}
        self._fences: dict[str, int] = {}

    async def claim(self, desk: str) -> int:
        """Become the desk's writer; the fence to append with. Older fences conflict from now on."""
        return await self._run(partial(self._claim, desk))

    async def append(self, desk: str, fence: int, writes: Sequence[Append]) -> None:
        """Write all of it or nothing, in one durable transaction, with the chats' rows.

        Raises `Conflict`, `Unavailable` or `Corrupt`; then nothing was written.
        """
        await self._run(partial(self._append, desk, fence, writes))

    async def save_marks(self, marks: Sequence[Marks]) -> None:
        """Store marks; they only ever grow. Those of an unknown chat are dropped."""
        rows = [(mark.who, mark.got, mark.seen, chat_stream(mark.chat)) for mark in marks]

        def change(connection: sqlite3.Connection) -> None:
            connection.executemany(
                """INSERT INTO mark (stream, who, got, seen)
                SELECT id, ?, ?, ? FROM stream WHERE name = ?
                ON CONFLICT (stream, who)
                DO UPDATE SET got = max(got, excluded.got), seen = max(seen, excluded.seen)""",
                rows,
            )

        await self._write(change)

    async def save_snapshot(self, desk: str, snapshot: Snapshot) -> None:
        """Replace the desk's snapshot."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(
                """INSERT INTO snapshot (desk, seq, data) VALUES (?, ?, ?)
                ON CONFLICT (desk) DO UPDATE SET seq = excluded.seq, data = excluded.data""",
                (desk, snapshot.seq, snapshot.data),
            )

        await self._write(change)

    # --- on the worker ---------------------------------------------------------------------------

    def _claim(self, desk: str) -> int:
        def change(connection: sqlite3.Connection) -> int:
            connection.execute(
                "INSERT INTO desk (id, fence) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET fence = fence + 1",
                (desk,),
            )
            fence: int = connection.execute("SELECT fence FROM desk WHERE id = ?", (desk,)).fetchone()[0]
            return fence

        fence = self._transaction(change)
        # The directory is ours alone, so nobody else hands out fences: memory is enough to check them.
        self._fences[desk] = fence
        return fence

    def _append(self, desk: str, fence: int, writes: Sequence[Append]) -> None:
        if self._fences.get(desk) != fence:
            raise Conflict(f"Another writer has taken over the desk {desk}.")
        try:
            moved = self._transaction(lambda connection: self._put(connection, desk, writes))
        except BaseException:
            self._heads.clear()
            raise
        if len(self._heads) >= HEADS:
            self._heads.clear()
        self._heads.update(moved)

    def _put(self, connection: sqlite3.Connection, desk: str, writes: Sequence[Append]) -> dict[str, Head]:
        rows: list[tuple[Any, ...]] = []
        moved: dict[str, Head] = {}
        for write in writes:
            stream = write.stream
            head = moved.get(stream) or self._head(connection, desk, write)
            seq, pub = head.seq, head.pub
            if write.expected != seq:
                raise Conflict(f"{stream} stands at {seq}, not at {write.expected}.")
            for event in write.events:
                seq += 1
                if event.seq != seq or event.stream != stream:
                    raise Conflict(f"{event.stream} {event.seq} does not follow {stream} {seq - 1}.")
                if event.pub:
                    pub += 1
                    if event.pub != pub:
                        raise Conflict(
                            f"{stream} has {pub - 1} public events, so {event.pub} is not the next."
                        )
                # An event's fields in their order, which is the statement's; its stream by its number.
                rows.append((head.id, *astuple(event)[1:]))
                # A desk's own stream has no chat to project.
                if event.kind in CHANGING and head.desk:
                    project(connection, head.id, event)
            texts = head.texts
            if not texts and any(event.text for event in write.events):
                texts = True
                texts_again(connection, head.id)
            moved[stream] = Head(head.id, head.desk, texts, seq, pub)
        connection.executemany(_INSERT, rows)
        return moved

    def _head(self, connection: sqlite3.Connection, desk: str, write: Append) -> Head:
        """Where the stream stands, made if it is new; `Conflict` if it is not this desk's."""
        stream = write.stream
        head = self._heads.get(stream)
        if head is None:
            row = connection.execute(_HEAD, (stream,)).fetchone()
            if row is not None:
                head = Head(row[0], row[1], bool(row[2]), row[3], row[4])
            else:
                head = self._new(connection, desk, write)
        owner = head.desk or stream.removeprefix("desk:")
        if owner != desk:
            raise Conflict(f"{stream} belongs to the desk {owner}, not to {desk}.")
        return head

    def _new(self, connection: sqlite3.Connection, desk: str, write: Append) -> Head:
        if write.expected:
            raise Conflict(f"{write.stream} does not exist, so it does not stand at {write.expected}.")
        number = connection.execute("INSERT INTO stream (name) VALUES (?)", (write.stream,)).lastrowid
        assert number is not None
        if write.stream == desk_stream(desk):
            return Head(number, "", True, 0, 0)
        if not write.stream.startswith("chat:") or write.origin is None or not write.events:
            raise Conflict(f"{write.stream} is new, and nothing says whose it is.")
        open_chat(connection, number, write.origin, write.events[0].at)
        return Head(number, write.origin.desk, True, 0, 0)
