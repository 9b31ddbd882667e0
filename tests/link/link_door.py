"""A reference server behind a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from supportterm.protocol import frames
from supportterm.protocol.codec import decode_client, encode
from supportterm.protocol.frames import ClientFrame, ServerFrame
from supportterm.protocol.limits import SUBPROTOCOL
from tests.link.link_model import Model

Answer = Callable[[ClientFrame], list[ServerFrame]]


class Door:
    """The `Model` on a port of this machine; the test may cut, close or silence it.

    ``received`` are all frames clients sent, ``hellos`` those that began a connection.
    """

    def __init__(self) -> None:
        self.model = Model()
        self.answer: Answer = self.model.receive
        self.received: list[ClientFrame] = []
        self.sockets: list[ServerConnection] = []
        self.deaf = False
        self.cut_before_answer = 0
        self.server: Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/shop/acme"

    @property
    def hellos(self) -> list[frames.Hello]:
        return [frame for frame in self.received if isinstance(frame, frames.Hello)]

    async def start(self) -> None:
        self.server = await serve(
            self.handle,
            "127.0.0.1",
            self.port,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            close_timeout=1,
        )
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self.server is not None:
            for socket in self.sockets:
                socket.transport.abort()
            self.server.close()
            await self.server.wait_closed()
            self.server = None

    async def handle(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        with suppress(ConnectionClosed):
            async for raw in socket:
                assert isinstance(raw, str)
                frame = decode_client(raw)
                self.received.append(frame)
                answers = self.answer(frame)
                if self.deaf:
                    continue
                if self.cut_before_answer and not isinstance(frame, frames.Hello | frames.Beat):
                    self.cut_before_answer -= 1
                    socket.transport.abort()
                    return
                for answer in answers:
                    await socket.send(encode(answer), text=True)

    async def tell(self, sent: list[ServerFrame]) -> None:
        for frame in sent:
            await self.sockets[-1].send(encode(frame), text=True)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    await door.start()
    yield door
    await door.stop()
    await asyncio.sleep(0)
