"""The mails that are on their way, projected from the log.

`mailing` begins one. `mailed` ends it, and so does `seen`: the customer has read all of it in the widget.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct

from server.platform import Row
from supportterm.protocol import kinds

_CURSOR: Final = "SELECT pos FROM mail_cursor"
#: The condition is written as in the index `event_mail`, which is found by it.
_AFTER: Final = """
SELECT pos, substr(stream.name, 6), kind, data, at
FROM event JOIN stream ON stream.id = event.stream
WHERE kind <> 'message' AND kind IN ('mailing', 'mailed', 'seen') AND pos > ? ORDER BY pos LIMIT ?"""
_WAITING: Final = "SELECT chat, upto, since, pos FROM mail_outbox ORDER BY pos LIMIT ?"
_SEEN: Final = "DELETE FROM mail_outbox WHERE chat = ? AND upto <= ?"
_COUNT: Final = "SELECT count(*) FROM mail_outbox"
_DECIDED: Final = "INSERT OR IGNORE INTO mail_outbox (pos, chat, upto, since) VALUES (?, ?, ?, ?)"
_DROPPED: Final = "DELETE FROM mail_outbox WHERE pos = ?"
_ENDED: Final = "DELETE FROM mail_outbox WHERE chat = ? AND upto = ?"
#: Events in one transaction: a moment.
_SLICE: Final = 500


class Records(Protocol):
    """The part of a store that the outbox needs (`server.store.following`)."""

    async def facts(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    async def project(self, change: Callable[[sqlite3.Connection], None]) -> None: ...


class Waiting(Struct, frozen=True):
    """A mail without an outcome: the messages of ``chat`` up to the public number ``upto``, decided at
    ``since`` (ms since 1970), at ``pos`` of the log: what came back may be decided on again, in the same
    millisecond if the clock was set back."""

    chat: str
    upto: int
    since: int
    pos: int


class Outbox:
    """All of it raises `server.store.interface.StoreError`."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._pos: int | None = None

    async def follow(self) -> None:
        """Take in what the log has decided since; together with how far that was."""
        while True:
            if self._pos is None:
                self._pos = (await self._records.facts(_CURSOR))[0][0]
            rows = await self._records.facts(_AFTER, (self._pos, _SLICE))
            if not rows:
                return
            await self._records.project(lambda connection, rows=rows: _take(connection, rows))  # type: ignore[misc]
            self._pos = rows[-1][0]

    async def waiting(self, limit: int) -> list[Waiting]:
        """The oldest mails without an outcome, in the order in which they were decided."""
        return [Waiting(*row) for row in await self._records.facts(_WAITING, (limit,))]

    async def count(self) -> int:
        """How many there are."""
        count: int = (await self._records.facts(_COUNT))[0][0]
        return count

    async def drop(self, mail: Waiting) -> None:
        """Forget one that the log will never end, because its chat is not there."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(_DROPPED, (mail.pos,))

        await self._records.project(change)


def _take(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for pos, chat, kind, data, at in rows:
        if kind == "mailing":
            upto = msgspec.json.decode(data, type=kinds.Mailing).upto
            connection.execute(_DECIDED, (pos, chat, upto, at))
        elif kind == "mailed":
            connection.execute(_ENDED, (chat, msgspec.json.decode(data, type=kinds.Mailed).upto))
        else:
            connection.execute(_SEEN, (chat, msgspec.json.decode(data, type=kinds.Seen).upto))
    connection.execute("UPDATE mail_cursor SET pos = ?", (rows[-1][0],))
