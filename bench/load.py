"""Load on a server or a baseline, from a process of its own: exact counts, and seconds per message.

Each chat has two sides, and each side has one unanswered message at a time, as outboxes do. A side is
answered by its own event (``--answer own``) or, for the one-frame relay, by the other side's reading
it (``--answer other``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field

import uvloop

from bench.raw import RawClient, connect

_ID = b'"id":"'
_TEXT = "the parcel was to arrive on tuesday but the tracking page still says it is at the depot, what now? "
_TEXT = (_TEXT * 2)[:130]


@dataclass
class Side:
    """One side of one chat."""

    client: RawClient
    prefix: bytes
    number: int = 0
    sent_at: float = 0.0
    waiting: bool = False


@dataclass
class Counts:
    sent: int = 0
    own: int = 0
    other: int = 0
    seconds: list[float] = field(default_factory=list)


def _say(chat: str) -> bytes:
    return b'{"t":"say","id":"%s","chat":"' + chat.encode() + b'","text":"' + _TEXT.encode() + b'"}'


class Load:
    """``chats`` chats over as many customers' connections and ``agents`` agents' ones."""

    def __init__(self, host: str, port: int, shop: str, tokens: list[str], own: bool) -> None:
        self.host, self.port, self.shop, self.tokens, self.own = host, port, shop, tokens, own
        self.sides: dict[bytes, Side] = {}
        self.counts = Counts()
        self.measuring = False
        self.saturated = True
        self.stopping = False

    async def open(self, chats: int) -> None:
        agents: list[RawClient] = []
        found: dict[str, RawClient] = {}
        for number, token in enumerate(self.tokens):
            client = await connect(self.host, self.port, "/v1/agent")
            client.on_frame = lambda frame, client=client: self._find(frame, client, found)  # type: ignore[misc]
            hello = {"t": "hello", "v": 1, "token": token, "instance": str(number)}
            client.send(json.dumps(hello, separators=(",", ":")).encode())
            agents.append(client)
        for number in range(chats):
            chat = f"chat{time.time_ns():x}x{number:08d}"
            client = await connect(self.host, self.port, "/v1/shop/" + self.shop)
            token = f"{number:020d}{time.time_ns():020d}".ljust(43, "x")[:43]
            opened = asyncio.get_running_loop().create_future()

            def on_frame(
                frame: bytes, chat: bytes = chat.encode(), opened: asyncio.Future[None] = opened
            ) -> None:
                if frame.startswith(b'{"t":"chat"') and chat in frame and not opened.done():
                    opened.set_result(None)

            client.on_frame = on_frame
            hello = {"t": "hello", "v": 1, "token": token}
            client.send(json.dumps(hello, separators=(",", ":")).encode())
            first = {"t": "open", "id": f"open{chat}"[:40], "chat": chat}
            client.send(json.dumps(first, separators=(",", ":")).encode())
            await opened
            while chat not in found:
                await asyncio.sleep(0.001)
            for kind, end in ((b"c", client), (b"a", found[chat])):
                key = kind + b"%08d" % number
                self.sides[key] = Side(end, _say(chat))
            client.on_frame = self._frame
        for client in agents:
            client.on_frame = self._frame

    @staticmethod
    def _find(frame: bytes, client: RawClient, found: dict[str, RawClient]) -> None:
        if frame.startswith(b'{"t":"chat"'):
            found[json.loads(frame)["chat"]] = client

    def send(self, key: bytes, side: Side) -> None:
        side.number += 1
        side.sent_at = time.perf_counter()
        side.waiting = True
        self.counts.sent += 1
        side.client.send(side.prefix % (key + b"%015d" % side.number + b"xx"))

    def _frame(self, frame: bytes) -> None:
        if not frame.startswith(b'{"t":"event"'):
            return
        at = frame.find(_ID, 60)
        text = frame.find(b'"text":"')
        if at > 0 and (text < 0 or at < text):
            # by.id comes first in the author's own event of an agent; the event's own id follows it.
            key = frame[at + 6 : at + 15]
            side = self.sides.get(key)
            if side is None:
                at = frame.find(_ID, at + 6)
                key = frame[at + 6 : at + 15]
                side = self.sides.get(key)
            if side is not None:
                self.counts.own += 1
                self._answered(key, side)
                return
        self.counts.other += 1

    def _answered(self, key: bytes, side: Side) -> None:
        if self.measuring:
            self.counts.seconds.append(time.perf_counter() - side.sent_at)
        side.waiting = False
        if self.saturated and not self.stopping:
            self.send(key, side)

    async def run(self, seconds: float, rate: float) -> None:
        self.saturated = rate <= 0
        end = time.perf_counter() + seconds
        self.measuring = True
        if self.saturated:
            for key, side in self.sides.items():
                self.send(key, side)
            await asyncio.sleep(seconds)
        else:
            sides = list(self.sides.items())
            begun, sent, turn = time.perf_counter(), 0, 0
            while (now := time.perf_counter()) < end:
                due = int((now - begun) * rate)
                tries = 0
                while sent < due and tries < len(sides):
                    key, side = sides[turn % len(sides)]
                    turn += 1
                    tries += 1
                    if not side.waiting:
                        self.send(key, side)
                        sent += 1
                await asyncio.sleep(0.001)
        self.stopping = True
        self.measuring = False

    async def settle(self) -> None:
        for _ in range(3000):
            if not any(side.waiting for side in self.sides.values()):
                break
            await asyncio.sleep(0.01)
        for side in self.sides.values():
            side.client.transport.close()


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--shop", default="bench")
    parser.add_argument("--tokens", required=True, help="comma separated")
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--warm", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=0.0, help="messages a second; 0: as fast as answered")
    parser.add_argument("--pid", type=int, required=True, help="the server's process, for its CPU time")
    args = parser.parse_args()
    import psutil

    process = psutil.Process(args.pid)
    load = Load("127.0.0.1", args.port, args.shop, args.tokens.split(","), True)
    await load.open(args.chats)
    if args.warm:
        await load.run(args.warm, args.rate)
        while any(side.waiting for side in load.sides.values()):
            await asyncio.sleep(0.005)
        load.stopping = False
        load.counts = Counts()
    before, begun = process.cpu_times(), time.perf_counter()
    await load.run(args.seconds, args.rate)
    after, elapsed = process.cpu_times(), time.perf_counter() - begun
    answered = load.counts.own
    await load.settle()
    cpu = after.user + after.system - before.user - before.system
    print(
        json.dumps(
            {
                "messages": answered,
                "per_second": answered / elapsed,
                "cpu_us": cpu / max(1, answered) * 1e6,
                "p50_ms": _percentile(load.counts.seconds, 0.5) * 1e3,
                "p99_ms": _percentile(load.counts.seconds, 0.99) * 1e3,
                "sent": load.counts.sent,
                "own": load.counts.own,
                "other": load.counts.other,
            }
        )
    )


if __name__ == "__main__":
    uvloop.run(main())
