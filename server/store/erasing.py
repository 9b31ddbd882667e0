"""Removing what people wrote, and who they were, without a hole in any number.

Rows of the log are emptied, never deleted: SQLite then shortens them where they stand, and clears the rest
(`secure_delete`). After a deletion it would move neighbouring rows between pages, and what it moves may
stay readable in its former place.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from server.platform import Platform
from server.store.erasures import Erasure, Erasures
from server.store.files import ERASURES, DirectoryLock
from server.store.interface import Unavailable
from server.store.writing import Writing

_ERASE_TEXTS: Final = """
UPDATE event SET erased = 1, text = '', digest = x''
WHERE stream = ? AND text <> ''"""

_ERASE_NAMES: Final = """
UPDATE event SET name = '' WHERE stream = ? AND actor = 'customer' AND name <> ''"""

# Who a customer was, where they were to be reached, and what a mail server said of that address.
_ERASE_CONTACTS: Final = """
UPDATE event SET erased = 1, text = '', digest = x''
WHERE stream = ? AND kind IN ('contact', 'identified', 'mailed', 'bounced') AND text <> ''"""

# Chats with erased texts of which no `erased` event tells yet.
_UNTOLD: Final = """
SELECT substr(stream.name, 6) FROM chat JOIN stream ON stream.id = chat.stream
WHERE customer = ?
 AND (SELECT max(seq) FROM event WHERE event.stream = chat.stream AND erased = 1)
 > coalesce((SELECT max(seq) FROM event WHERE event.stream = chat.stream AND kind = 'erased'), 0)
ORDER BY chat.stream"""

#: Chats or customers that are cleared in one transaction, so that messages wait for a moment only.
BATCH: Final = 100

_EXPIRED: Final = f"""
SELECT chat.stream, substr(stream.name, 6) FROM chat JOIN stream ON stream.id = chat.stream
WHERE shop = ? AND state = 'closed' AND texts = 1 AND closed_at < ? ORDER BY closed_at LIMIT {BATCH}"""

_LAPSED: Final = f"""
SELECT id FROM customer
WHERE shop = ? AND token_hash IS NOT NULL AND created < ?
 AND NOT EXISTS (
  SELECT 1 FROM chat WHERE chat.customer = customer.id AND (state <> 'closed' OR closed_at >= ?))
LIMIT {BATCH}"""


def erase_texts(connection: sqlite3.Connection, stream: int) -> bool:
    """Empty every text of a chat, on both sides; whether there were any."""
    changed = connection.execute(_ERASE_TEXTS, (stream,)).rowcount > 0
    connection.execute("UPDATE chat SET texts = 0 WHERE stream = ?", (stream,))
    return changed


def erase_customer(connection: sqlite3.Connection, customer: str) -> bool:
    """Empty every text of a customer's chats, and the customer's name; whether there were any texts."""
    chats = connection.execute("SELECT stream FROM chat WHERE customer = ?", (customer,)).fetchall()
    connection.executemany(_ERASE_NAMES, chats)
    return sum(erase_texts(connection, chat[0]) for chat in chats) > 0


def _before_signing_in(connection: sqlite3.Connection, customer: str) -> list[str]:
    """Whose chats the customer has taken along."""
    found = connection.execute(
        """SELECT DISTINCT json_extract(CAST(event.data AS TEXT), '$.was') AS was
        FROM event JOIN chat ON chat.stream = event.stream
        WHERE chat.customer = ? AND event.kind = 'identified' AND was <> ''""",
        (customer,),
    )
    return [row[0] for row in found]


def record(connection: sqlite3.Connection, erasure: Erasure) -> None:
    """Remember that this database has seen the erasure."""
    connection.execute(
        "INSERT INTO erasure (id, customer, at) VALUES (?, ?, ?)", (erasure.id, erasure.customer, erasure.at)
    )


def recorded(connection: sqlite3.Connection) -> list[Erasure]:
    """The erasures this database has seen, oldest first."""
    return [
        Erasure(*row) for row in connection.execute("SELECT id, customer, at FROM erasure ORDER BY at, id")
    ]


class Erasing(Writing):
    """Erasing a person at their wish, and anybody when their time is over."""

    def __init__(self, path: Path, platform: Platform, lock: DirectoryLock) -> None:
        super().__init__(path, platform, lock)
        self._erasures = Erasures(path.with_name(ERASURES))
        # What a crash left in the log is written back at the start.
        self._stains = True

    async def erase_person(self, customer: str) -> list[str]:
        """Remove every text of the customer's chats, of both sides, and the customer's name.

        When it returns, none of it is left in the data directory, and a backup made before will have it
        removed when it is restored here. The chats, their numbers and times stay, and so does the
        browser's sign-in (`Origin.token_hash`), so that an open chat goes on and its page is told.

        Returns the chats that nobody was told about yet by an ``erased`` event; to repeat it is harmless,
        and finishes what a failure interrupted. Raises `Unavailable` or `Corrupt`.
        """
        async with self._upkeep:
            await self._run(partial(self._erase, customer))
            return [row[0] for row in await self._rows(_UNTOLD, (customer,))]

    async def expire(self, shop: str, texts_before: int, contacts_before: int) -> list[str]:
        """Remove the shop's texts of chats closed before ``texts_before``, and what leads back to customers
        whose last chat closed before ``contacts_before``: their names and sign-ins (ms; 0: keep).

        Returns the chats whose texts went. Raises `Unavailable` or `Corrupt`.
        """
        gone: list[str] = []
        async with self._upkeep:
            while texts_before:
                looked, found = await self._write(partial(self._expire_texts, shop, texts_before))
                gone += found
                if looked < BATCH:
                    break
            while contacts_before:
                if await self._write(partial(self._forget, shop, contacts_before)) < BATCH:
                    break
            await self._run(self._scrub)
        return gone

    # --- on the worker ---------------------------------------------------------------------------

    def _erase(self, customer: str) -> None:
        def change(connection: sqlite3.Connection) -> None:
            known = connection.execute("SELECT 1 FROM erasure WHERE customer = ?", (customer,)).fetchone()
            if erase_customer(connection, customer) or not known:
                # In a backup from before they signed in, a chat of theirs is still that of their browser.
                for who in (customer, *_before_signing_in(connection, customer)):
                    record(connection, Erasure(self._platform.secret()[:16], who, self._platform.wall()))

        self._heads.clear()
        self._transaction(change)
        self._stains = True
        self._transaction(self._write_down)
        self._scrub()

    def _scrub(self) -> None:
        """Empty the write-ahead log if erased texts may still be in it."""
        if self._stains:
            self._truncate_log()
            self._stains = False

    def _write_down(self, connection: sqlite3.Connection) -> None:
        """Have beside the database what it has seen: after a crash, something may be missing there."""
        self._erasures.add(recorded(connection))

    def _first(self, connection: sqlite3.Connection) -> str:
        self._write_down(connection)
        return super()._first(connection)

    def _prepare(self) -> str:
        epoch = super()._prepare()
        with suppress(Unavailable):
            self._scrub()
        return epoch

    def _expire_texts(self, shop: str, before: int, connection: sqlite3.Connection) -> tuple[int, list[str]]:
        """Clear up to `BATCH` chats: how many were looked at, and which of them had texts."""
        self._heads.clear()
        found = connection.execute(_EXPIRED, (shop, before)).fetchall()
        gone = [name for stream, name in found if erase_texts(connection, stream)]
        self._stains = self._stains or bool(gone)
        return len(found), gone

    def _forget(self, shop: str, before: int, connection: sqlite3.Connection) -> int:
        """Clear up to `BATCH` customers, and say how many."""
        found = connection.execute(_LAPSED, (shop, before, before)).fetchall()
        connection.executemany("UPDATE customer SET token_hash = NULL WHERE id = ?", found)
        for customer in found:
            chats = connection.execute("SELECT stream FROM chat WHERE customer = ?", customer).fetchall()
            connection.executemany(_ERASE_NAMES, chats)
            connection.executemany(_ERASE_CONTACTS, chats)
        self._stains = self._stains or bool(found)
        return len(found)
