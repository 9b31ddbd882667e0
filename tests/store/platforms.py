"""Platforms for the store: the machine, watched, and one that does everything where it is asked."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from server.platform import Reader, RealPlatform, Row, Worker

T = TypeVar("T")


class Watched(RealPlatform):
    """The machine we run on; keeps the connections it handed out, and can be told the time."""

    def __init__(self) -> None:
        self.connections: list[sqlite3.Connection] = []
        self.time: int | None = None

    def wall(self) -> int:
        return super().wall() if self.time is None else self.time

    def connect(self, path: Path) -> sqlite3.Connection:
        connection = super().connect(path)
        self.connections.append(connection)
        return connection

    @property
    def writer(self) -> sqlite3.Connection:
        """The newest connection: the store's writing one, unless a backup was just made."""
        return self.connections[-1]


class _InlineWorker:
    def run(self, call: Callable[[], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            future.set_result(call())
        except Exception as error:
            future.set_exception(error)
        return future

    async def stop(self) -> None:
        """Nothing runs by itself."""


class _InlineReader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        await asyncio.sleep(0)
        found: list[Row] = self._connection.execute(sql, parameters).fetchall()
        return found

    async def close(self) -> None:
        self._connection.close()


class Inline(Watched):
    """No thread anywhere, as in a simulation."""

    def worker(self, name: str) -> Worker:
        return _InlineWorker()

    async def reader(self, path: Path) -> Reader:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        return _InlineReader(connection)
