"""The baselines: a bare `websockets` relay without sign-in, desk or log.

It decodes each message with msgspec, numbers it, and sends on what supportterm sends: the author's
event and the receiver's (``--frames 2``), or the receiver's only (``--frames 1``), which then carries
the client id, so that the load generator knows what was answered.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import AsyncIterator

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from supportterm.protocol import frames
from supportterm.protocol.codec import decode_client, encode
from supportterm.protocol.limits import SUBPROTOCOL

_CUSTOMER = frames.By("customer")
_AGENT_TO_CUSTOMER = frames.By("agent", "Agent")
_AGENT_TO_STAFF = frames.By("agent", "Agent", "agent")


async def _frames(connection: ServerConnection) -> AsyncIterator[str | bytes]:
    try:
        while True:
            yield await connection.recv()
    except ConnectionClosed:
        return


class Relay:
    def __init__(self, both: bool) -> None:
        self.both = both
        self.agents: list[ServerConnection] = []
        self.turn = itertools.count()
        #: chat -> [customer's connection, agent's connection, public number, number]
        self.chats: dict[str, tuple[ServerConnection, ServerConnection, list[int]]] = {}

    async def handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        agent = connection.request.path == "/v1/agent"
        if agent:
            self.agents.append(connection)
        try:
            await self._take(connection, agent)
        finally:
            if agent:
                self.agents.remove(connection)

    async def _take(self, connection: ServerConnection, agent: bool) -> None:
        async for raw in _frames(connection):
            assert isinstance(raw, str)
            frame = decode_client(raw)
            if isinstance(frame, frames.Say):
                self.say(frame, agent)
            elif isinstance(frame, frames.Open):
                other = self.agents[next(self.turn) % len(self.agents)]
                self.chats[frame.chat] = (connection, other, [0])
                head = frames.Head("open", "bench", "en", 1)
                for end in (connection, other):
                    broadcast((end,), encode(frames.Chat(frame.chat, 1, 0, head)), text=True)
            elif isinstance(frame, frames.Hello):
                me = frames.Me("agent", "agent")
                welcome = frames.Welcome("bench", int(time.time() * 1000), me, frames.Limits(), [])
                broadcast((connection,), encode(welcome), text=True)

    def say(self, frame: frames.Say, agent: bool) -> None:
        customer, console, numbers = self.chats[frame.chat]
        numbers[0] = seq = numbers[0] + 1
        now = int(time.time() * 1000)
        by_public, by_staff = (_AGENT_TO_CUSTOMER, _AGENT_TO_STAFF) if agent else (_CUSTOMER, _CUSTOMER)
        id_public, id_staff = ("", frame.id) if agent == self.both else (frame.id, "")
        if self.both or agent:
            event = frames.Event(frame.chat, seq, now, "message", by_public, id=id_public, text=frame.text)
            broadcast((customer,), encode(event), text=True)
        if self.both or not agent:
            event = frames.Event(frame.chat, seq, now, "message", by_staff, seq, id=id_staff, text=frame.text)
            broadcast((console,), encode(event), text=True)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, choices=(1, 2), default=2)
    parser.add_argument("--agents", type=int, default=4)
    args = parser.parse_args()
    relay = Relay(args.frames == 2)
    server = await serve(
        relay.handle,
        "127.0.0.1",
        0,
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        compression=None,
        max_size=16_384,
        backlog=4_096,
    )
    port = next(iter(server.sockets)).getsockname()[1]
    tokens = [str(number).ljust(43, "t") for number in range(args.agents)]
    print(json.dumps({"port": port, "tokens": tokens}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
