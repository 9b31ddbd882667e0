"""The machine a server runs on: its clocks and its disk, which outlive the server's process."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from .loop import VirtualLoop

#: Where the simulated wall clock begins: 2026-03-01 09:00 UTC, in milliseconds.
BEGIN = 1_772_355_600_000

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "COMMIT", "END", "VACUUM")


class Died(BaseException):
    """The process died at this statement; whatever catches this is only clearing up after the story."""


class Machine:
    """``disk`` is the data directory. Its faults: ``full``, ``read_only``, ``slow`` (seconds per call)."""

    def __init__(self, loop: VirtualLoop, disk: Path, seed: str) -> None:
        self.disk = disk
        self.dice = random.Random(f"{seed}/machine")
        self.full = False
        self.read_only = False
        self.slow = 0.0
        self._loop = loop
        self._root = disk.parent
        self._step = 0
        self._booted = -3_600.0
        self._wrecks = 0
        #: The statement at which an interrupted call dies; 0: none does, -1: dead already.
        self._dies_at = 0
        #: Calls that a thread has begun and not ended, oldest first.
        self.running: list[Callable[[], object]] = []
        self._open: list[SimConnection] = []
        disk.mkdir(parents=True, exist_ok=True)

    def wall(self) -> int:
        """Milliseconds since 1970."""
        return BEGIN + self._step + round(self._loop.time() * 1_000)

    def boot(self) -> int:
        """Milliseconds since the machine started."""
        return round((self._loop.time() - self._booted) * 1_000)

    def clock_step(self, milliseconds: int) -> None:
        """Somebody corrects the wall clock."""
        self._step += milliseconds

    def reboot(self) -> None:
        """The machine's running clock begins anew."""
        self._booted = self._loop.time()

    def connect(self, path: Path) -> SimConnection:
        """A real SQLite connection with the machine's faults between."""
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, factory=SimConnection
        )
        connection.machine = self
        self._open.append(connection)
        return connection

    def statement(self) -> None:
        """A statement is about to run. Raises `Died`."""
        if self._dies_at:
            self._dies_at = max(self._dies_at - 1, 0) or -1
            if self._dies_at < 0:
                raise Died

    def _interrupt(self) -> None:
        """Threads die in the middle of what they do: between two statements, or two transactions."""
        for call in self.running:
            if self.dice.random() < 0.7:
                self._dies_at = 1 + self.dice.randrange(1, 25)
                with suppress(Exception, Died):
                    call()
                self._dies_at = 0
        self.running.clear()

    def wreck(self) -> None:
        """A process died: its files stay as they are, for the next one; its own handles lead nowhere.

        What was written in an open transaction is in the files, but not committed there: SQLite's own
        recovery has to leave it out.
        """
        self._interrupt()
        self._wrecks += 1
        old = self.disk.rename(self._root / f"wreck-{self._wrecks}")
        self.disk.mkdir(mode=0o700)
        for file in sorted(old.iterdir()):
            # The shared memory of the write-ahead log does not survive its last user.
            if file.is_file() and not file.name.endswith("-shm"):
                shutil.copy2(file, self.disk / file.name)
        for connection in self._open:
            connection.close()
        self._open.clear()


class SimConnection(sqlite3.Connection):
    """SQLite, but for a disk that is full or read-only."""

    machine: Machine

    def _check(self, sql: str) -> None:
        self.machine.statement()
        word = sql.lstrip().split(None, 1)[0].upper().rstrip(";") if sql.strip() else ""
        if word not in _WRITES:
            return
        if self.machine.read_only:
            raise _error("attempt to write a readonly database", sqlite3.SQLITE_READONLY)
        if self.machine.full:
            # SQLite itself sometimes rolls back a transaction that found no room, and sometimes does not.
            if self.in_transaction and self.machine.dice.random() < 0.5:
                super().execute("ROLLBACK")
            raise _error("database or disk is full", sqlite3.SQLITE_FULL)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self._check(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        self._check(sql)
        return super().executemany(sql, parameters)

    def executescript(self, sql: str, /) -> sqlite3.Cursor:
        self._check(sql)
        return super().executescript(sql)

    def commit(self) -> None:
        self._check("COMMIT")
        super().commit()

    def cursor(self, factory: Any = None) -> Any:
        raise NotImplementedError("use the connection's own execute, so that faults reach it")


def _error(text: str, code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error
