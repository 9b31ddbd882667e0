"""The world outside the server's own code: clock, randomness, threads, sockets, files.

Everything here can be replaced as a whole, which is how the simulation runs the server's unchanged
code in virtual time, with drawn latencies and faults, from a seed.
"""

from __future__ import annotations

import asyncio
import gc
import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

import aiosqlite
from websockets.asyncio.server import Server, serve, unix_serve

T = TypeVar("T")
_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
Row = Sequence[Any]


class Worker(Protocol):
    """One thread that runs calls one after another, for what blocks."""

    def run(self, call: Callable[[], T]) -> Awaitable[T]:
        """The call's result. Cancelling the wait does not cancel the call."""
        ...

    async def stop(self) -> None:
        """Finish what was handed over, then end."""
        ...


class Reader(Protocol):
    """A read-only connection to a database."""

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]: ...

    async def close(self) -> None: ...


class Platform(Protocol):
    """What the server asks of the world."""

    def wall(self) -> int:
        """Milliseconds since 1970 UTC, by the wall clock; it may step."""
        ...

    def boot(self) -> int:
        """Milliseconds on a clock that never steps and counts while the machine sleeps."""
        ...

    def stopwatch(self) -> float:
        """Seconds on a fine clock with no meaning but differences, for measuring."""
        ...

    def random(self) -> float:
        """A number in [0, 1), for jitter; not for secrets."""
        ...

    def secret(self) -> str:
        """256 unguessable bits, in 43 characters of base64url."""
        ...

    def worker(self, name: str) -> Worker: ...

    def connect(self, path: Path) -> sqlite3.Connection:
        """The writing connection; used by one worker only."""
        ...

    async def reader(self, path: Path) -> Reader: ...

    async def listen(self, handler: Callable[..., Awaitable[None]], **options: Any) -> Server:
        """`websockets.asyncio.server.serve` on a host and port, or a Unix socket's path."""
        ...


def quiet_collector() -> None:
    """Let the collector of reference cycles look less often, and never at what is loaded by now.

    A message leaves no cycles behind; what is kept of it would only be looked at again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


class _Thread:
    """A daemon thread that takes calls from a queue; results go back to the loop they came from."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    def run(self, call: Callable[[], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]

        def work() -> None:
            try:
                result, error = call(), None
            except BaseException as caught:
                result, error = None, caught
            with suppress(RuntimeError):  # the loop closed meanwhile: nobody is waiting any more
                self._loop.call_soon_threadsafe(settle, result, error)

        self._calls.put(work)
        return future

    async def stop(self) -> None:
        self._calls.put(None)
        await asyncio.to_thread(self._thread.join)


class _Reader:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))

    async def close(self) -> None:
        await self._connection.close()


class RealPlatform:
    """The machine we run on."""

    def wall(self) -> int:
        return time.time_ns() // 1_000_000

    def boot(self) -> int:
        return time.clock_gettime_ns(_BOOT) // 1_000_000

    def stopwatch(self) -> float:
        return time.perf_counter()

    def random(self) -> float:
        return random.random()

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def worker(self, name: str) -> Worker:
        return _Thread(name)

    def connect(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    async def reader(self, path: Path) -> Reader:
        connection = await aiosqlite.connect(path, isolation_level=None)
        await connection.execute("PRAGMA query_only=ON")
        return _Reader(connection)

    async def listen(self, handler: Callable[..., Awaitable[None]], **options: Any) -> Server:
        if "path" in options:
            return await unix_serve(handler, **options)
        return await serve(handler, **options)
