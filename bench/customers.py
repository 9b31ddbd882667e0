"""Many customers' connections at once, each with at most one chat; what they show is counted."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bench.raw import RawClient, connect

#: Handshakes under way at once.
_AT_ONCE = 128
#: A hello that nobody answers within this time is a connection lost.
_PATIENCE = 60.0


@dataclass(slots=True)
class Customer:
    """One browser: its token, its chat, and the numbers of the events it was shown."""

    token: str
    chat: str
    client: RawClient | None = None
    epoch: str = ""
    shown: list[int] = field(default_factory=list)
    awaited: int = -1
    ready: asyncio.Future[None] | None = None

    def await_number(self, number: int) -> asyncio.Future[None]:
        """Done when event ``number`` is shown; 0: when it is welcome."""
        self.awaited = number
        self.ready = asyncio.get_running_loop().create_future()
        self._look(number == 0 and bool(self.epoch))
        return self.ready

    def send(self, frame: dict[str, object]) -> None:
        """Send a frame."""
        assert self.client is not None
        self.client.send(json.dumps(frame, separators=(",", ":")).encode())

    def on_frame(self, frame: bytes) -> None:
        """Count what is shown."""
        if frame.startswith(b'{"t":"event"'):
            self.shown.append(json.loads(frame)["seq"])
            self._look(False)
        elif frame.startswith(b'{"t":"welcome"'):
            self.epoch = json.loads(frame)["epoch"]
            self._look(self.awaited == 0)

    def _look(self, welcome: bool) -> None:
        reached = welcome or (self.awaited > 0 and bool(self.shown) and self.shown[-1] >= self.awaited)
        if reached and self.ready is not None and not self.ready.done():
            self.ready.set_result(None)


def customers(count: int, prefix: str) -> list[Customer]:
    """Customers nobody has heard of yet."""
    stamp = f"{time.time_ns():x}"
    return [
        Customer(f"{prefix}{number:08d}{stamp}".ljust(43, "x")[:43], f"{prefix}{stamp}x{number:08d}")
        for number in range(count)
    ]


async def everyone(people: Iterable[Customer], visit: Callable[[Customer], asyncio.Future[None]]) -> int:
    """Do something for each, many at once, and wait for it; how many did not get there."""
    rest, failed = iter(people), 0

    async def worker() -> None:
        nonlocal failed
        for customer in rest:
            try:
                await asyncio.wait_for(visit(customer), _PATIENCE)
            except TimeoutError:
                failed += 1

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))
    return failed


async def arrive(port: int, people: Iterable[Customer], have: bool = False) -> int:
    """Connect all and say hello, with what each was shown if ``have``; how many did not get there.

    Each waits for its welcome, or for the number in ``awaited`` if that is set.
    """
    rest, failed = iter(people), 0

    async def worker() -> None:
        nonlocal failed
        for customer in rest:
            try:
                client = await connect("127.0.0.1", port, "/v1/shop/bench")
                hello: dict[str, object] = {"t": "hello", "v": 1, "token": customer.token}
                if have:
                    hello["epoch"] = customer.epoch
                    hello["have"] = {customer.chat: customer.shown[-1] if customer.shown else 0}
                customer.epoch, customer.client = "", client
                client.on_frame = customer.on_frame
                ready = customer.await_number(max(0, customer.awaited))
                customer.send(hello)
                await asyncio.wait_for(ready, _PATIENCE)
            except (TimeoutError, OSError):
                failed += 1

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))
    return failed


def drop(people: Iterable[Customer]) -> None:
    """Cut their connections."""
    for customer in people:
        if customer.client is not None:
            customer.client.transport.abort()
            customer.client = None
