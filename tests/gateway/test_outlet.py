"""Sending to a peer that reads, reads slowly, or does not read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosedError

from server.gateway.outlet import Connection, Outlet
from supportterm.protocol import frames
from supportterm.protocol.codec import decode_server, encode

FILL = b'{"t":"event","chat":"x","seq":1,"at":0,"kind":"message","by":{"role":"desk"},"text":"%s"}' % (
    b"." * 2_000
)


@dataclass
class Pair:
    """Both ends of one connection on loopback, with small buffers between them."""

    outlet: Outlet
    server: Connection
    client: ClientConnection
    cut: asyncio.Event
    resumed: asyncio.Event

    def fill(self) -> int:
        """Send until the transport is full; how many frames that took."""
        sent = 0
        while not self.outlet.paused:
            self.outlet.send(FILL)
            sent += 1
        return sent

    async def drain(self, sent: int) -> list[frames.ServerFrame]:
        """Read that many filling frames, and then whatever comes up to a beat."""
        for _ in range(sent):
            await self.client.recv()
        await self.resumed.wait()
        self.outlet.answer(frames.BeatBack(1))
        rest: list[frames.ServerFrame] = []
        while True:
            frame = decode_server(await self.client.recv())
            assert frame is not None
            if isinstance(frame, frames.BeatBack):
                return rest
            rest.append(frame)


@asynccontextmanager
async def a_pair(patience: float = 1_000, most: int = 1 << 20) -> AsyncIterator[Pair]:
    stands: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()

    async def handle(connection: Connection) -> None:
        stands.set_result(connection)
        await connection.wait_closed()

    server = await serve(
        handle,  # type: ignore[arg-type]
        "127.0.0.1",
        0,
        create_connection=Connection,
        compression=None,
        write_limit=16_384,
        ping_interval=None,
        close_timeout=0.1,
    )
    near = socket.socket()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    near.setblocking(False)
    await asyncio.get_running_loop().sock_connect(near, server.sockets[0].getsockname()[:2])
    client = await connect(
        "ws://shop",
        sock=near,
        compression=None,
        max_queue=1,
        ping_interval=None,
        close_timeout=0.1,
        proxy=None,
    )
    connection = await stands
    connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8_192)
    cut, resumed = asyncio.Event(), asyncio.Event()
    outlet = Outlet(connection, patience, most, cut.set)
    outlet.on_resume(resumed.set)
    try:
        yield Pair(outlet, connection, client, cut, resumed)
    finally:
        outlet.stop()
        connection.transport.abort()
        client.transport.abort()
        server.close()
        await server.wait_closed()


async def test_frames_arrive() -> None:
    async with a_pair() as pair:
        pair.outlet.send(encode(frames.BeatBack(7)))
        pair.outlet.passing(frames.TypingOf("x", "agent"))
        pair.outlet.state(("x", "agent"), frames.MarksOf("x", "agent", 1))
        got = [decode_server(await pair.client.recv()) for _ in range(3)]
        assert got == [
            frames.BeatBack(7),
            frames.TypingOf("x", "agent"),
            frames.MarksOf("x", "agent", 1),
        ]


async def test_of_state_only_the_newest_is_kept_and_signs_are_dropped() -> None:
    async with a_pair() as pair:
        sent = pair.fill()
        for n in range(5):
            pair.outlet.state(("x", "agent"), frames.MarksOf("x", "agent", n))
            pair.outlet.passing(frames.TypingOf("x", "agent"))
        pair.outlet.state(("x", "customer"), frames.MarksOf("x", "customer", 9))
        assert not pair.resumed.is_set()
        assert await pair.drain(sent) == [
            frames.MarksOf("x", "agent", 4),
            frames.MarksOf("x", "customer", 9),
        ]
        assert not pair.outlet.paused
        assert not pair.cut.is_set()


async def test_an_answer_goes_out_even_when_full() -> None:
    async with a_pair() as pair:
        sent = pair.fill()
        pair.outlet.answer(frames.Ok("some-id"))
        assert await pair.drain(sent) == [frames.Ok("some-id")]


async def test_too_many_answers_for_who_does_not_read() -> None:
    async with a_pair(most=20_000) as pair:
        pair.fill()
        while not pair.cut.is_set():
            pair.outlet.answer(frames.Err("bad_frame", text="." * 500))
        await pair.server.wait_closed()


async def test_who_takes_nothing_is_cut_off() -> None:
    async with a_pair(patience=0.05) as pair:
        pair.fill()
        async with asyncio.timeout(10):
            await pair.cut.wait()
            await pair.server.wait_closed()
        with suppress(ConnectionClosedError):
            async for _ in pair.client:
                pass
        assert pair.client.close_code == 1006


async def test_who_takes_a_little_is_given_more_time() -> None:
    async with a_pair() as pair:
        pair.fill()
        for _ in range(200):
            pair.outlet.send(FILL)
        pair.outlet.pause()
        size = pair.server.transport.get_write_buffer_size
        for _ in range(3):
            before = size()
            while size() == before:
                await pair.client.recv()
            assert pair.outlet.paused
            pair.outlet._impatient()
            assert not pair.cut.is_set()
        pair.outlet._impatient()
        assert pair.cut.is_set()


async def test_who_drained_in_time_has_nothing_to_fear() -> None:
    async with a_pair(patience=1_000) as pair:
        for _ in range(3):
            pair.resumed.clear()
            await pair.drain(pair.fill())
            assert pair.outlet._timer is None


async def test_nothing_rings_after_the_end() -> None:
    async with a_pair(patience=0.001) as pair:
        pair.fill()
        pair.outlet.stop()
        assert (pair.outlet._timer, pair.server.outlet) == (None, None)
        pair.server.resume_writing()
        pair.server.pause_writing()
        assert not pair.cut.is_set()


async def test_sending_to_who_is_gone_is_harmless() -> None:
    async with a_pair() as pair:
        pair.client.transport.abort()
        await pair.server.wait_closed()
        pair.outlet.send(FILL)
        pair.outlet.answer(frames.BeatBack(1))
        pair.outlet.cut()
