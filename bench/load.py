"""Load on a server or a baseline: exact counts, seconds per message, the server's CPU time.

Each chat has two sides, a customer and an agent, and each side has at most one unanswered message, as
outboxes do. A message is answered by the first event that carries its id.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections import deque
from dataclasses import dataclass

import psutil
import uvloop

from bench.raw import RawClient, connect

_ID = b'"id":"'
_TEXT = "the parcel was to arrive on tuesday but the tracking page still says it is at the depot, what now? "
_TEXT = (_TEXT * 2)[:130]
#: Chats opened at once.
_OPENING = 64


@dataclass(slots=True)
class Side:
    """One side of one chat."""

    client: RawClient
    key: bytes
    prefix: bytes
    number: int = 0
    sent_at: float = 0.0
    waiting: bool = False


@dataclass(frozen=True)
class Figures:
    """What one measurement found; times of one message in milliseconds, CPU in microseconds."""

    messages: int
    per_second: float
    cpu: float
    p50: float
    p99: float
    frames: float


def _say(chat: str) -> bytes:
    return b'{"t":"say","id":"%s","chat":"' + chat.encode() + b'","text":"' + _TEXT.encode() + b'"}'


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


class Load:
    """Chats over as many customers' connections, and one connection for each agent's token."""

    def __init__(self, port: int, tokens: list[str], pid: int) -> None:
        self.port, self.tokens = port, tokens
        self._process = psutil.Process(pid)
        self._sides: dict[bytes, Side] = {}
        self._idle: deque[Side] = deque()
        self._agents: list[RawClient] = []
        self._opened: dict[str, asyncio.Future[RawClient]] = {}
        self._seconds: list[float] = []
        self._waiting = 0
        self._frames = 0
        self._refill = False

    # --- opening ---------------------------------------------------------------------------------

    async def open(self, chats: int) -> None:
        """Sign the agents in and open this many chats."""
        for number, token in enumerate(self.tokens):
            client = await connect("127.0.0.1", self.port, "/v1/agent")
            client.on_frame = lambda frame, client=client: self._found(frame, client)  # type: ignore[misc]
            client.send(_json({"t": "hello", "v": 1, "token": token, "instance": str(number)}))
            self._agents.append(client)
        numbers = iter(range(chats))

        async def opener() -> None:
            for number in numbers:
                await self._open(number)

        await asyncio.gather(*(opener() for _ in range(_OPENING)))
        for client in self._agents:
            client.on_frame = self._frame
        self._idle = deque(self._sides.values())

    async def _open(self, number: int) -> None:
        chat = f"chat{time.time_ns():x}x{number:08d}"
        loop = asyncio.get_running_loop()
        owned = self._opened[chat] = loop.create_future()
        shown: asyncio.Future[None] = loop.create_future()

        def on_frame(frame: bytes) -> None:
            if frame.startswith(b'{"t":"chat"') and not shown.done():
                shown.set_result(None)

        client = await connect("127.0.0.1", self.port, "/v1/shop/bench")
        client.on_frame = on_frame
        token = f"{number:020d}{time.time_ns():020d}".ljust(43, "x")[:43]
        client.send(_json({"t": "hello", "v": 1, "token": token}))
        client.send(_json({"t": "open", "id": f"open{chat}"[:40], "chat": chat}))
        await shown
        for kind, end in ((b"c", client), (b"a", await owned)):
            key = kind + b"%08d" % number
            self._sides[key] = Side(end, key, _say(chat))
        client.on_frame = self._frame

    def _found(self, frame: bytes, client: RawClient) -> None:
        if frame.startswith(b'{"t":"chat"'):
            found = self._opened.get(json.loads(frame)["chat"])
            if found is not None and not found.done():
                found.set_result(client)

    # --- measuring -------------------------------------------------------------------------------

    async def measure(self, seconds: float, rate: float = 0.0, window: int = 0) -> Figures:
        """Send for ``seconds`` and wait for every answer.

        ``rate``: messages a second. Without it, as many as are answered: ``window`` messages are under
        way at any moment, from all sides in turn; 0: one from every side.
        """
        self._seconds, self._frames = [], 0
        self._refill = not rate
        before, begun = self._process.cpu_times(), time.perf_counter()
        if rate:
            await self._send_at(rate, begun, seconds)
        else:
            for _ in range(min(window or len(self._idle), len(self._idle))):
                self._send()
            await asyncio.sleep(seconds)
        self._refill = False
        while self._waiting:
            await asyncio.sleep(0.002)
        after, elapsed = self._process.cpu_times(), time.perf_counter() - begun
        count = len(self._seconds)
        cpu = after.user + after.system - before.user - before.system
        cuts = statistics.quantiles(self._seconds, n=100, method="inclusive")
        return Figures(
            messages=count,
            per_second=count / elapsed,
            cpu=cpu / count * 1e6,
            p50=cuts[49] * 1e3,
            p99=cuts[98] * 1e3,
            frames=self._frames / count,
        )

    async def _send_at(self, rate: float, begun: float, seconds: float) -> None:
        sent = 0
        while (elapsed := time.perf_counter() - begun) < seconds:
            due = int(elapsed * rate)
            while sent < due and self._idle:
                self._send()
                sent += 1
            # A message that finds every side waiting is not sent later: the rate is an upper bound.
            sent = due
            await asyncio.sleep(0.001)

    def _send(self) -> None:
        side = self._idle.popleft()
        side.number += 1
        side.waiting = True
        self._waiting += 1
        side.sent_at = time.perf_counter()
        side.client.send(side.prefix % (side.key + b"%015d" % side.number + b"xx"))

    def _frame(self, frame: bytes) -> None:
        if not frame.startswith(b'{"t":"event"'):
            return
        self._frames += 1
        at = frame.find(_ID, 60)
        text = frame.find(b'"text":"')
        if at > 0 and (text < 0 or at < text):
            # An agent's own event begins with the agent's id; the event's follows.
            side = self._sides.get(frame[at + 6 : at + 15])
            if side is None:
                at = frame.find(_ID, at + 6)
                side = self._sides.get(frame[at + 6 : at + 15])
            if side is not None and side.waiting:
                self._answered(side)

    def _answered(self, side: Side) -> None:
        self._seconds.append(time.perf_counter() - side.sent_at)
        side.waiting = False
        self._waiting -= 1
        self._idle.append(side)
        if self._refill:
            self._send()

    def close(self) -> None:
        """Drop every connection."""
        for client in {id(side.client): side.client for side in self._sides.values()}.values():
            client.transport.abort()
        for client in self._agents:
            client.transport.abort()


async def main() -> None:
    parser = argparse.ArgumentParser(description="Load on a server that runs already.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tokens", required=True, help="comma separated")
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--warm", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=0.0, help="messages a second; 0: as fast as answered")
    parser.add_argument("--pid", type=int, required=True, help="the server's process, for its CPU time")
    args = parser.parse_args()
    load = Load(args.port, args.tokens.split(","), args.pid)
    await load.open(args.chats)
    await load.measure(args.warm, args.rate)
    print(await load.measure(args.seconds, args.rate))
    load.close()


if __name__ == "__main__":
    uvloop.run(main())
