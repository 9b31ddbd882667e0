"""What a projection needs: the log from a position on, and tables of its own.

A projection follows the log behind its writer and is never on a message's way. What it made of a piece
of the log is written together with the position it reached, so that after a crash it goes on from there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from msgspec import Struct

from server.desk.events import Event
from server.desk.versions import upcast
from server.platform import Row
from server.store.database import Database

T = TypeVar("T")

_AFTER: Final = """
SELECT event.pos, event.stream, coalesce(chat.desk, ''), stream.name, seq, pub, at, kind, actor, v, data
FROM event
JOIN stream ON stream.id = event.stream
LEFT JOIN chat ON chat.stream = event.stream
WHERE event.pos > ? ORDER BY event.pos LIMIT ?"""


class Entry(Struct, frozen=True):
    """One event at its position in the log, without its text, name and client id.

    ``stream`` is its stream's number; ``chat`` whether that is a chat's stream and not ``desk``'s own.
    """

    pos: int
    stream: int
    desk: str
    chat: bool
    event: Event


class Following(Database):
    """The log in the order of its positions, and transactions for what is made of it."""

    async def log_after(self, pos: int, limit: int) -> list[Entry]:
        """The next ``limit`` events of all streams past ``pos``, in the order they were committed."""
        return [_entry(row) for row in await self._rows(_AFTER, (pos, limit))]

    async def facts(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Rows of a projection's tables. What may be long is asked for in pages: cursors of customers and
        agents that are far behind read through the same connection."""
        return await self._rows(sql, parameters)

    async def project(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Change a projection's tables in one durable transaction, or nothing of it.

        Messages wait while it runs: let it be a few milliseconds.
        """
        return await self._write(change)


def _entry(row: Row) -> Entry:
    pos, stream, desk, name, seq, pub, at, kind, actor, v, data = row
    event = upcast(Event(name, seq, pub, at, kind, actor, data=data, v=v))
    return Entry(pos, stream, desk or name.removeprefix("desk:"), bool(desk), event)
