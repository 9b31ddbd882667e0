"""Half of ten thousand customers lose their line at once and come back, each in the middle of a chat."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import uvloop

from bench.customers import Customer, arrive, customers, drop, everyone
from bench.raw import RawClient, connect
from bench.running import Running, median, prepare, product, relay, spread, verdict

_COUNT, _DROPPED, _TIMES = 10_000, 5_000, 3
_MESSAGES = 5
#: A chat's events before the first message: opened, routed and joined; a customer sees two of them.
_BEFORE = 2


async def _agents(running: Running) -> list[RawClient]:
    found = []
    for token in running.tokens:
        client = await connect("127.0.0.1", running.port, "/v1/agent")
        client.send(b'{"t":"hello","v":1,"token":"' + token.encode() + b'","instance":"1"}')
        found.append(client)
    return found


def _open(customer: Customer) -> asyncio.Future[None]:
    customer.send({"t": "open", "id": "open".ljust(22, "x"), "chat": customer.chat})
    return customer.await_number(_BEFORE)


def _say(number: int, customer: Customer) -> asyncio.Future[None]:
    text = "and how long does that take, do you think?"
    customer.send({"t": "say", "id": f"say{number:019d}", "chat": customer.chat, "text": text})
    return customer.await_number(_BEFORE + number + 1)


class Side:
    """One server with its crowd, prepared."""

    def __init__(self, running: Running, talks: bool) -> None:
        self.running, self.talks = running, talks
        self.dropped = customers(_DROPPED, "drop")
        self.staying = customers(_COUNT - _DROPPED, "stay")
        self.agents: list[RawClient] = []
        self.failed = 0

    async def begin(self) -> None:
        """Everybody connects; on our side those who will be dropped open a chat and write into it."""
        self.agents = await _agents(self.running)
        await arrive(self.running.port, self.staying)
        await arrive(self.running.port, self.dropped)
        if self.talks:
            self.failed += await everyone(self.dropped, _open)
            for number in range(_MESSAGES):
                self.failed += await everyone(self.dropped, lambda who, number=number: _say(number, who))  # type: ignore[misc]

    async def again(self) -> float:
        """Drop them and wait until all are back and shown what they were not; seconds."""
        drop(self.dropped)
        await asyncio.sleep(1)
        for customer in self.dropped:
            customer.awaited = 0
            if self.talks:
                # As if the line had gone before the last two events arrived.
                del customer.shown[-2:]
                customer.awaited = _BEFORE + _MESSAGES
        begun = time.perf_counter()
        self.failed += await arrive(self.running.port, self.dropped, have=True)
        return time.perf_counter() - begun

    def lost(self) -> int:
        """Customers who did not get back, or were not shown every event exactly once, in order."""
        wrong = 0
        if self.talks:
            numbers = list(range(1, _BEFORE + _MESSAGES + 1))
            wrong = sum(customer.shown != numbers for customer in self.dropped)
        return self.failed + wrong


async def main() -> bool:
    """Measure, print; whether every target is reached."""
    prepare()
    print(f"\n{_DROPPED:,} of {_COUNT:,} customers dropped, all reconnect ({_TIMES} times)")
    async with AsyncExitStack() as stack:
        ours = Side(await stack.enter_async_context(product(agents=50)), True)
        bare = Side(await stack.enter_async_context(relay(agents=50)), False)
        for side in (ours, bare):
            await side.begin()
        seconds: dict[Side, list[float]] = {ours: [], bare: []}
        for _ in range(_TIMES):
            for side in (ours, bare):
                seconds[side].append(await side.again())
        for name, side in (("supportterm", ours), ("bare relay", bare)):
            print(f"  {name:17}{median(seconds[side]):6.2f} s, spread {spread(seconds[side]):.0%}")
        ratio = median([a / b for a, b in zip(seconds[ours], seconds[bare], strict=True)])
        for side in (ours, bare):
            drop(side.dropped + side.staying)
            for agent in side.agents:
                agent.transport.abort()
        reached = verdict("time, ours ÷ bare", ratio, 2, False)
        return verdict("customers who lost anything", ours.lost(), 0, False) and reached


if __name__ == "__main__":
    uvloop.run(main())
