"""The server's world, replaced: virtual clocks, seeded chance, drawn latencies, one thread in truth."""

from __future__ import annotations

import asyncio
import base64
import random
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve, unix_serve

from server.platform import Row

from .loop import Process
from .machine import Machine, SimConnection
from .trace import Trace

T = TypeVar("T")


class SimWorker:
    """A thread's calls, one after another, each begun and answered at drawn times.

    A process that dies in between loses the call, or only its result.
    """

    def __init__(self, name: str, platform: SimPlatform) -> None:
        self.name = name
        self._platform = platform
        self._calls: deque[tuple[Callable[[], Any], asyncio.Future[Any]]] = deque()
        self._busy = False
        self._idle: list[asyncio.Future[None]] = []

    def run(self, call: Callable[[], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._platform.process.loop.create_future()
        self._calls.append((call, future))
        self._next()
        return future

    async def stop(self) -> None:
        if self._busy:
            waiter = self._platform.process.loop.create_future()
            self._idle.append(waiter)
            await waiter

    def _next(self) -> None:
        if not self._busy and self._calls:
            self._busy = True
            call, future = self._calls.popleft()
            self._platform.machine.running.append(call)
            self._platform.process.later(self._platform.disk_latency(), self._work, call, future)

    def _work(self, call: Callable[[], Any], future: asyncio.Future[Any]) -> None:
        self._platform.machine.running.remove(call)
        result, error = None, None
        try:
            result = call()
        except Exception as caught:
            error = caught
        self._platform.trace(self.name, f"ran {type(error).__name__ if error else 'well'}")
        self._platform.process.later(
            self._platform.dice.uniform(0.00001, 0.0004), self._settle, future, result, error
        )

    def _settle(self, future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
        if not future.done():
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
        self._busy = False
        self._next()
        if not self._busy:
            for waiter in self._idle:
                waiter.set_result(None)
            self._idle.clear()


class SimReader:
    """Reads at one moment, a drawn while after being asked."""

    def __init__(self, connection: SimConnection, platform: SimPlatform) -> None:
        self._connection = connection
        self._platform = platform

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        await asyncio.sleep(self._platform.disk_latency())
        found: list[Row] = self._connection.execute(sql, parameters).fetchall()
        await asyncio.sleep(self._platform.dice.uniform(0.00001, 0.002))
        return found

    async def close(self) -> None:
        self._connection.close()


class SimPlatform:
    """`server.platform.Platform` for one process on one machine."""

    def __init__(self, process: Process, machine: Machine, dice: random.Random, trace: Trace) -> None:
        self.process = process
        self.machine = machine
        self.dice = dice
        self.trace = trace
        self._secrets = random.Random(dice.random())
        self._connections = 0

    def disk_latency(self) -> float:
        """Seconds; mostly a fast disk, now and then one that is busy."""
        slow = self.dice.expovariate(20) if self.dice.random() < 0.03 else 0.0
        return self.dice.uniform(0.0001, 0.002) + slow + self.machine.slow

    def wall(self) -> int:
        return self.machine.wall()

    def boot(self) -> int:
        return self.machine.boot()

    def stopwatch(self) -> float:
        return self.machine.boot() / 1000

    def random(self) -> float:
        return self.dice.random()

    def secret(self) -> str:
        return base64.urlsafe_b64encode(self._secrets.randbytes(32)).rstrip(b"=").decode()

    def worker(self, name: str) -> SimWorker:
        return SimWorker(name, self)

    def connect(self, path: Path) -> sqlite3.Connection:
        return self.machine.connect(path)

    async def reader(self, path: Path) -> SimReader:
        connection = self.machine.connect(path)
        connection.execute("PRAGMA query_only=ON")
        return SimReader(connection, self)

    async def listen(self, handler: Callable[..., Awaitable[None]], **options: Any) -> Server:
        options["create_connection"] = self._ordered(options.get("create_connection", ServerConnection))
        if "path" in options:
            return await unix_serve(handler, **options)
        return await serve(handler, **options)

    def _ordered(self, base: type[ServerConnection]) -> type[ServerConnection]:
        """The library keeps its connections in sets, whose order would depend on memory addresses."""
        platform = self

        class Ordered(base):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                platform._connections += 1
                self._number = platform._connections

            def __hash__(self) -> int:
                return self._number

            def __eq__(self, other: object) -> bool:
                return self is other

        return Ordered
