"""One SQLite database: the only connection that writes, on its own worker, and one that reads.

SQLite in WAL mode lets readers go on while one writes. More than one writing or checkpointing
connection would only wait for each other, and in SQLite 3.7.0 to 3.51.2 could damage the file
(https://sqlite.org/wal.html, "The WAL-Reset Bug"), so there is one, and one server per directory.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from server.platform import Platform, Reader, Row, Worker
from server.store import schema
from server.store.errors import damaged, from_os, from_sqlite
from server.store.files import RESTORING, DirectoryLock, make_private
from server.store.interface import Corrupt, Unavailable

T = TypeVar("T")

_PRAGMAS: Final = (
    "busy_timeout = 5000",
    "journal_mode = WAL",
    # Each commit is on the disk when it returns; NORMAL may lose the last ones in a power cut.
    "synchronous = FULL",
    "foreign_keys = ON",
    "wal_autocheckpoint = 1000",
    # What is erased or deleted is overwritten with zeros, not merely forgotten.
    "secure_delete = ON",
    # Inserting into many chats touches many pages of the index; 64 MiB keep them from being read again.
    "cache_size = -65536",
    *(("fullfsync = ON", "checkpoint_fullfsync = ON") if sys.platform == "darwin" else ()),
)
_WAL_RESET_BUG: Final = (3, 7, 0), (3, 51, 2)


def version_line() -> str:
    """The SQLite that is in use, for people."""
    return f"SQLite {sqlite3.sqlite_version}"


def version_warning(version: tuple[int, int, int] = sqlite3.sqlite_version_info[:3]) -> str:
    """A sentence about a known defect of this SQLite; empty if there is none."""
    if not _WAL_RESET_BUG[0] <= version <= _WAL_RESET_BUG[1]:
        return ""
    number = ".".join(map(str, version))
    return (
        f"SQLite {number} can damage a database that two programs write at the same moment (fixed in 3.51.3)."
        " supportterm writes from one place only: let no other program open its database for writing."
    )


class Database:
    """The files at ``path`` in a locked directory; `open` is the way to get one."""

    #: Random, and another one after a restore.
    epoch: str

    def __init__(self, path: Path, platform: Platform, lock: DirectoryLock) -> None:
        self.path = path
        self._platform = platform
        self._lock = lock
        self._worker: Worker = platform.worker("store")
        self._reader: Reader | None = None
        # Touched by the worker only.
        self._connection: sqlite3.Connection | None = None
        self._damage: Corrupt | None = None
        self._closed = False
        # What copies or scrubs the whole database goes one after another.
        self._upkeep = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path, platform: Platform) -> Self:
        """Lock the directory of ``path`` and bring the database there up to date, or make it.

        Raises `Unavailable` ("locked" if another supportterm uses the directory), `Newer`, `Corrupt`.
        """
        store = cls(path, platform, DirectoryLock(path.parent))
        try:
            store.epoch = await store._worker.run(store._prepare)
            store._reader = await platform.reader(path)
        except BaseException as error:
            await store.close()
            if isinstance(error, sqlite3.Error):
                raise from_sqlite(error, path) from error
            raise
        return store

    async def close(self) -> None:
        """Finish what was handed over, write the log back into the database, unlock the directory.

        To close again is harmless.
        """
        if self._closed:
            return
        self._closed = True
        if self._reader is not None:
            # First, so that the writer is the last to close and nobody else ever checkpoints.
            await self._reader.close()
            self._reader = None
        await self._worker.run(self._disconnect)
        await self._worker.stop()
        self._lock.release()

    def version_line(self) -> str:
        """The SQLite that is in use, for people."""
        return version_line()

    def version_warning(self) -> str:
        """A sentence about a known defect of that SQLite; empty if there is none."""
        return version_warning()

    # --- asking ----------------------------------------------------------------------------------

    async def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """What is committed, read beside the writer."""
        if self._reader is None:
            raise RuntimeError("the store is closed")
        try:
            return await self._reader.rows(sql, parameters)
        except sqlite3.Error as error:
            raise from_sqlite(error, self.path) from error

    async def _write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """``change`` in one durable transaction, or nothing of it."""
        return await self._run(partial(self._transaction, change))

    def _run(self, call: Callable[[], T]) -> Awaitable[T]:
        """A call on the worker, which ends what it began even if nobody waits for it any more."""
        if self._closed:
            raise RuntimeError("the store is closed")
        return self._worker.run(call)

    # --- on the worker ---------------------------------------------------------------------------

    def _transaction(self, change: Callable[[sqlite3.Connection], T]) -> T:
        if self._damage is not None:
            raise Corrupt(*self._damage.args)
        try:
            connection = self._connected()
            # A deferred one would fail at once, whatever the timeout, if it began to write too late.
            connection.execute("BEGIN IMMEDIATE")
            result = change(connection)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            failed = from_sqlite(error, self.path)
            self._recover(failed)
            raise failed from error
        except BaseException as error:
            self._recover(error)
            raise
        return result

    def _recover(self, error: BaseException) -> None:
        """Make the connection fit for the next transaction."""
        if isinstance(error, Corrupt):
            self._damage = error
        connection = self._connection
        if connection is None:
            return
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._disconnect()
        # A file that was read-only when it was opened stays so for the connection, and after an error of
        # the disk nothing that SQLite holds in memory should be trusted.
        if isinstance(error, Unavailable) and error.state in {"read-only", "disk error"}:
            self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connection = self._platform.connect(self.path)
            for pragma in _PRAGMAS:
                connection.execute("PRAGMA " + pragma)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _prepare(self) -> str:
        if self.path.with_name(RESTORING).exists():
            raise damaged(self.path, "a restore was interrupted")
        try:
            make_private(self.path)
        except OSError as error:
            raise from_os(error, self.path) from error
        try:
            with closing(self._platform.connect(self.path)) as connection:
                # Before anything is set or written: it may not be ours.
                schema.check(connection, self.path)
            schema.upgrade(self._connected(), self.path)
        except sqlite3.Error as error:
            raise from_sqlite(error, self.path) from error
        return self._transaction(self._first)

    def _first(self, connection: sqlite3.Connection) -> str:
        """What is due at each start, in one transaction: the epoch, which is made once."""
        connection.execute(
            "INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING",
            (self._platform.secret()[:16],),
        )
        epoch: str = connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
        return epoch

    def _truncate_log(self) -> None:
        """Write the write-ahead log back and empty it, so that nothing erased is left in it.

        Raises `Unavailable` if a reader kept that from being done.
        """
        try:
            busy = self._connected().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            failed = from_sqlite(error, self.path)
            self._recover(failed)
            raise failed from error
        if busy:
            raise Unavailable(
                "locked",
                f"Another program is reading {self.path}, so what was erased is still in its log: close that"
                " program and erase again.",
            )
