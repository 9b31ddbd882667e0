"""Who is asked whether they are still there, and who is cut off."""

from __future__ import annotations

import asyncio

from server.gateway.keepalive import PARTS, Keepalive
from server.gateway.outlet import Connection
from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from tests.gateway.test_outlet import Pair, a_pair
from tests.hostile.raw import PING, PONG, Raw, frame, raw
from tests.support import Running


def a_round(keepalive: Keepalive) -> None:
    for _ in range(PARTS):
        keepalive.turn()


async def heard(pair: Pair) -> None:
    """Wait until something came from the peer."""
    async with asyncio.timeout(10):
        while not pair.server.heard:
            await asyncio.sleep(0)


async def test_who_answers_stays() -> None:
    keepalive = Keepalive()
    async with a_pair() as pair:
        keepalive.add(pair.server)
        for _ in range(3):
            a_round(keepalive)
            assert not pair.server.heard
            await heard(pair)
        assert not pair.server.transport.is_closing()


async def test_who_says_nothing_is_cut_off_after_one_round() -> None:
    keepalive = Keepalive()
    async with a_pair() as pair:
        keepalive.add(pair.server)
        while pair.server.heard:
            keepalive.turn()
        # Nothing is read meanwhile: the answer to what was asked does not come in.
        for _ in range(PARTS - 1):
            keepalive.turn()
        assert not pair.server.transport.is_closing()
        keepalive.turn()
        assert pair.server.transport.is_closing()
        async with asyncio.timeout(10):
            await pair.server.wait_closed()
        a_round(keepalive)


async def test_who_is_dropped_is_not_asked() -> None:
    keepalive = Keepalive()
    async with a_pair() as pair:
        keepalive.add(pair.server)
        keepalive.drop(pair.server)
        keepalive.drop(pair.server)
        for _ in range(3):
            a_round(keepalive)
        assert pair.server.heard
        assert not pair.server.transport.is_closing()


async def test_who_takes_nothing_but_is_not_silent_is_left_to_their_outlet() -> None:
    keepalive = Keepalive()
    async with a_pair() as pair:
        keepalive.add(pair.server)
        pair.fill()
        for _ in range(3):
            a_round(keepalive)
            await pair.client.send("{}")
            await heard(pair)
        assert not pair.server.transport.is_closing()


async def test_it_asks_by_itself_until_it_is_stopped() -> None:
    keepalive = Keepalive(seconds=0.08)
    async with a_pair() as pair:
        keepalive.add(pair.server)
        # As a peer whose network is gone: nothing of it is read any more.
        pair.server.transport.pause_reading()
        keepalive.start()
        async with asyncio.timeout(10):
            await pair.server.wait_closed()
        keepalive.stop()
        assert keepalive._timer is None


async def test_many_who_come_at_once_are_spread_over_all_turns() -> None:
    keepalive = Keepalive()
    async with a_pair() as one, a_pair() as other:
        keepalive.add(one.server)
        keepalive.add(other.server)
        turns = []
        for turn in range(PARTS):
            keepalive.turn()
            if not all(pair.server.heard for pair in (one, other)):
                turns.append(turn)
                one.server.heard = other.server.heard = True
        assert len(turns) == 2


# --- on a running server ------------------------------------------------------------------------------


async def test_whoever_is_connected_is_asked(running: Running) -> None:
    keepalive: Keepalive = running.node._gateway._keepalive
    # Its own turns would come in between: who was just asked here would be cut off before they can answer.
    keepalive.stop()
    async with raw(running.node.address[1]) as socket:
        await socket.customer()
        a_round(keepalive)
        assert await asked(socket) == b""
        # Whatever comes is a sign of life, not only what was asked for.
        for answer in (frame(b"", PONG), frame(encode(frames.Beat())), frame(b"mine", PING)):
            socket.write(answer)
            await come_in(keepalive)
            a_round(keepalive)
            assert await asked(socket) == b""
        a_round(keepalive)
        await socket.closed()
    assert connections(keepalive) == []


def connections(keepalive: Keepalive) -> list[Connection]:
    return [connection for part in keepalive._parts for connection in part]


async def come_in(keepalive: Keepalive) -> None:
    async with asyncio.timeout(10):
        while not all(connection.heard for connection in connections(keepalive)):
            await asyncio.sleep(0)


async def asked(socket: Raw) -> bytes:
    """The payload of the next ping."""
    while True:
        opcode, payload = await socket._frame()
        if opcode == PING:
            return payload
