"""Who is slow, silent, in a hurry, or gone."""

from __future__ import annotations

import asyncio
import re

import pytest

from supportterm.protocol import frames
from supportterm.protocol.codec import decode_server, encode
from supportterm.protocol.codes import Close
from tests.hostile.house import Besieged
from tests.hostile.raw import ABNORMAL, CONTINUATION, PING, Raw, frame, raw, request
from tests.support import new_id, new_token

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: What one connection may cost for a while; a flood that is kept would be many times as much.
_SOME = 40 << 20


async def test_nobody_holds_a_place_by_being_slow(besieged: Besieged) -> None:
    """All at once, because each takes the five seconds that the server waits."""

    async def never(data: bytes) -> None:
        async with raw(besieged.port) as socket:
            await socket.push(data)
            await socket.closed()

    async def dribbles() -> None:
        async with raw(besieged.port) as socket:
            ended = asyncio.ensure_future(socket.closed())
            for at in range(10_000):
                await socket.push(request("/v1/shop/demo", "X-Long: " + "x" * 8_000)[at : at + 1])
                if (await asyncio.wait({ended}, timeout=0.1))[0]:
                    break
            assert await ended == b""

    async def says_no_hello(data: bytes, *, dribbling: bool = False) -> None:
        async with raw(besieged.port) as socket:
            await socket.upgraded("/v1/shop/demo", "X-Forwarded-For: 198.51.100.8")
            await socket.push(data)
            end = asyncio.ensure_future(socket.end())
            while dribbling and not (await asyncio.wait({end}, timeout=0.1))[0]:
                await socket.push(frame(b" ", CONTINUATION, final=False))
            assert (await end).code == Close.HELLO_LATE

    half = request()[:60]
    async with asyncio.TaskGroup() as group:
        for _ in range(200):
            group.create_task(never(b""))
        for _ in range(50):
            group.create_task(never(half))
        group.create_task(never(request()[:-2]))
        group.create_task(dribbles())
        group.create_task(says_no_hello(b""))
        group.create_task(says_no_hello(frame(PING.to_bytes(1), PING)))
        group.create_task(says_no_hello(frame(b"x" * 100)[:50]))
        group.create_task(says_no_hello(frame(b"{", final=False), dribbling=True))
        for _ in range(5):
            await besieged.serves()


async def test_reset_in_mid_frame(besieged: Besieged) -> None:
    for greets in (Raw.upgraded, Raw.customer):
        for _ in range(20):
            async with raw(besieged.port) as socket:
                await greets(socket)
                await socket.push(frame(b"x" * 1_000)[:500])
                socket.reset()


async def test_gone_in_mid_handshake(besieged: Besieged) -> None:
    for cut in range(0, 150, 10):
        async with raw(besieged.port) as socket:
            await socket.push(request()[:cut])
            socket.reset()


@pytest.mark.parametrize("said", ["nothing", "hello"])
async def test_pings_whose_answers_nobody_reads(said: str, besieged: Besieged) -> None:
    """Each ping must be answered, so that a peer which reads nothing could fill the memory."""
    before = besieged.memory
    most = 0
    async with raw(besieged.port, receive_buffer=4_096) as socket:
        await (socket.customer() if said == "hello" else socket.upgraded())
        some = frame(b"x" * 125, PING) * 8_000
        for _ in range(200):
            await socket.push(some)
            most = max(most, besieged.memory)
            if socket.writer.is_closing():
                break
        assert (await socket.end()).code == ABNORMAL
    assert most - before < _SOME, f"{(most - before) >> 20} MiB"


async def test_pings_without_end(besieged: Besieged) -> None:
    """Somebody who does read costs time, but no memory, and others are served."""
    before = besieged.memory
    async with raw(besieged.port) as socket:
        await socket.customer()
        reading = asyncio.ensure_future(socket.end())
        for _ in range(20):
            await socket.push(frame(b"", PING) * 1_000)
            await besieged.serves()
        socket.writer.close()
        await reading
    assert besieged.memory - before < _SOME


async def test_who_never_reads_is_cut_and_comes_back(besieged: Besieged) -> None:
    token, chat = new_token(), new_id()
    hello = frame(encode(frames.Hello(1, token, instance="a")))
    more = frame(encode(frames.More(chat, before=200)))
    before = besieged.memory
    async with raw(besieged.port) as writing:
        await writing.upgraded()
        writing.write(frame(encode(frames.Hello(1, token, instance="b"))))
        await asks(writing, frames.Open(id=new_id(), chat=chat))
        async with raw(besieged.port, receive_buffer=4_096) as deaf:
            await deaf.upgraded()
            deaf.write(hello)
            while await besieged.connections() < 2:
                pass
            said = 0
            while await besieged.connections() == 2:
                for _ in range(20):
                    said += 1
                    await asks(writing, frames.Say(id=new_id(), chat=chat, text=f"{said} ".ljust(4_000, "x")))
                assert said < 5_000, "it was never cut"
            assert (await deaf.end()).code == ABNORMAL
        assert await cuts(besieged) > 0
        assert besieged.memory - before < _SOME
        # The same person comes back and is shown what stands now, up to the newest number.
        async with raw(besieged.port) as back:
            await back.upgraded()
            back.write(hello)
            texts: list[int] = []
            while len(texts) < 98:
                event = decode_server(await back.text())
                if isinstance(event, frames.Event) and event.kind == "message":
                    texts.append(int(event.text.split()[0]))
            assert texts[-1] <= said
            assert texts == list(range(texts[0], texts[0] + 98))
        # Asking for more and more without reading is the same fault.
        async with raw(besieged.port, receive_buffer=4_096) as greedy:
            await greedy.upgraded()
            greedy.write(hello)
            while await besieged.connections() < 2:
                pass
            while await besieged.connections() == 2:
                await asyncio.wait({asyncio.ensure_future(greedy.push(more))}, timeout=0.1)
            assert (await greedy.end()).code == ABNORMAL
        await asks(writing, frames.CloseChat(id=new_id(), chat=chat))
    assert besieged.memory - before < _SOME


async def asks(socket: Raw, command: frames.Open | frames.Say | frames.CloseChat) -> None:
    """Send a command and read up to its answer."""
    socket.write(frame(encode(command)))
    while True:
        answer = decode_server(await socket.text())
        assert not isinstance(answer, frames.Err), answer
        if isinstance(answer, frames.Event) and answer.id == command.id:
            return


async def cuts(besieged: Besieged) -> int:
    """How many slow readers were cut, from the figures."""
    async with raw(besieged.port) as socket:
        await socket.push(request("/metrics", upgrade=False))
        found = re.search(rb'code="slow"\} (\d+)|closes[^\n]*slow[^\n]* (\d+)', await socket.closed())
    return int(found[1] or found[2]) if found else 0
