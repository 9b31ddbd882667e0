"""The ground the simulation stands on: time, network, machine, each by itself."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, WebSocketException

from .ground import Ground
from .loop import Forbidden, Process, Stuck


async def echo(ws: ServerConnection) -> None:
    async for message in ws:
        await ws.send(message)


async def listening(handler: Any) -> None:
    await serve(handler, "0.0.0.0", 80, compression=None)


def test_time_jumps(ground: Ground) -> None:
    async def work() -> list[float]:
        loop = asyncio.get_running_loop()
        times = [loop.time()]
        await asyncio.sleep(100_000)
        times.append(loop.time())
        loop.call_soon_threadsafe(lambda: times.append(-1.0))
        await asyncio.sleep(0.5)
        return [*times, loop.time()]

    assert ground.run(work(), 1e9) == [0.0, 100_000.0, -1.0, 100_000.5]


def test_threads_are_forbidden(ground: Ground) -> None:
    with pytest.raises(Forbidden):
        ground.run(asyncio.to_thread(print))


def test_waiting_for_nothing_is_noticed(ground: Ground) -> None:
    with pytest.raises(Stuck):
        ground.loop.run_until_complete(ground.loop.create_future())


def test_echo_through_the_real_library(ground: Ground) -> None:
    async def work() -> list[str | bytes]:
        async with connect("ws://shop:80", proxy=None) as ws:
            answers = []
            for text in ("a", "b" * 200_000, "c"):
                await ws.send(text)
                answers.append(await ws.recv())
            assert ws.remote_address == ("10.0.0.1", 80)
            return answers

    ground.server.spawn(listening(echo))
    assert ground.run(work()) == ["a", "b" * 200_000, "c"]


def test_a_cut_reaches_both_sides(ground: Ground) -> None:
    ends: list[str] = []

    async def handler(ws: ServerConnection) -> None:
        try:
            await ws.recv()
        except ConnectionClosed:
            ends.append("server")

    async def work() -> None:
        async with connect("ws://shop:80", proxy=None) as ws:
            ground.network.wires[0].cut()
            with pytest.raises(ConnectionClosed):
                await ws.recv()
            ends.append("client")
        await asyncio.sleep(10)

    ground.server.spawn(listening(handler))
    ground.run(work())
    assert sorted(ends) == ["client", "server"]


def test_a_half_open_wire_is_found_by_pings_only(ground: Ground) -> None:
    async def work() -> float:
        async with connect("ws://shop:80", proxy=None, ping_interval=20, ping_timeout=20) as ws:
            ground.network.wires[0].half_open()
            begun = asyncio.get_running_loop().time()
            with pytest.raises(ConnectionClosed):
                await ws.recv()
            return asyncio.get_running_loop().time() - begun

    ground.server.spawn(listening(echo))
    assert 40 <= ground.run(work()) < 60


def test_a_stalled_reader_fills_the_writers_buffer_until_it_reads_again(ground: Ground) -> None:
    sizes: list[int] = []

    async def handler(ws: ServerConnection) -> None:
        for _ in range(100):
            await ws.send("x" * 10_000)
            sizes.append(ws.transport.get_write_buffer_size())

    async def work() -> int:
        async with connect("ws://shop:80", proxy=None, ping_interval=None) as ws:
            wire = ground.network.wires[0]
            wire.client.stall(True)
            await asyncio.sleep(300)
            sent = len(sizes)
            assert sent < 30, "the writer was never held back"
            wire.client.stall(False)
            for _ in range(100):
                await ws.recv()
            return sent

    ground.server.spawn(listening(handler))
    ground.run(work())
    assert len(sizes) == 100
    assert max(sizes) > 10_000


def test_an_aborted_connection_resets_the_other_side(ground: Ground) -> None:
    async def handler(ws: ServerConnection) -> None:
        ws.transport.abort()
        await ws.wait_closed()

    async def work() -> None:
        async with connect("ws://shop:80", proxy=None) as ws:
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
            assert closed.value.rcvd is None

    ground.server.spawn(listening(handler))
    ground.run(work())


def test_nobody_listens_and_nobody_answers(ground: Ground) -> None:
    async def work() -> list[str]:
        found = []
        for offline in (set(), {"10.0.1.1"}):
            ground.network.offline = offline
            try:
                await connect("ws://shop:80", proxy=None, open_timeout=5)
            except OSError as error:
                found.append(type(error).__name__)
        return found

    assert ground.run(work()) == ["ConnectionRefusedError", "TimeoutError"]


def test_a_killed_process_does_nothing_more(ground: Ground) -> None:
    left: list[str] = []

    async def handler(ws: ServerConnection) -> None:
        try:
            await ws.recv()
            await ws.send("never")
        finally:
            left.append("cleaned up")

    def told() -> None:
        ground.network.died(ground.server, told=True)

    async def work() -> None:
        async with connect("ws://shop:80", proxy=None) as ws:
            ground.server.kill_after(1, told)
            await ws.send("hello")
            with pytest.raises(ConnectionClosed):
                await ws.recv()
            assert left == []

    ground.server.spawn(listening(handler))
    ground.run(work())
    with pytest.raises(ConnectionRefusedError):
        ground.run(connect("ws://shop:80", proxy=None).__aenter__())


def test_unix_sockets_and_streams(ground: Ground) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async def server() -> None:
        await asyncio.start_unix_server(handler, "/run/admin.sock")

    async def work() -> bytes:
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_unix_connection("/run/admin.sock")
        writer.write(b"status\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    ground.server.spawn(server())
    assert ground.run(work()) == b"status\n"


# --- all of it, from a seed ------------------------------------------------------------------------------


def stormy(seed: str) -> tuple[str, int, dict[str, int]]:
    """Clients that resend until answered, against cuts, silence, stalls, spikes and a server that dies."""
    ground = Ground(seed)
    dice = random.Random(seed)
    log: list[str] = []
    shown: dict[str, int] = {}

    async def handler(ws: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            async for message in ws:
                assert isinstance(message, str)
                if message not in log:
                    log.append(message)
                await ws.send(message)

    async def client(name: str) -> None:
        for n in range(10):
            await asyncio.sleep(dice.expovariate(1))
            while True:
                try:
                    async with connect("ws://shop:80", proxy=None, open_timeout=4, ping_interval=5) as ws:
                        await ws.send(f"{name} {n}")
                        async with asyncio.timeout(8):
                            await ws.recv()
                            break
                except (OSError, WebSocketException):
                    await asyncio.sleep(dice.uniform(0.1, 2))
        shown[name] = n

    def start(process: Process) -> None:
        process.spawn(listening(handler))

    def died(process: Process, told: bool) -> None:
        ground.network.died(process, told)

    async def weather() -> None:
        server = ground.server
        start(server)
        while len(shown) < 4:
            await asyncio.sleep(dice.expovariate(1))
            wires = ground.network.wires
            wire = dice.choice(wires) if wires else None
            match dice.randrange(6):
                case 0 if wire:
                    wire.cut()
                case 1 if wire:
                    wire.half_open()
                case 2 if wire:
                    wire.delay(dice.uniform(0.1, 5), ground.loop.time() + 5)
                case 3 if wire:
                    wire.server.stall(True)
                case 4:
                    told, old = dice.random() < 0.5, server
                    server.kill_after(dice.randrange(1, 50), lambda p=old, t=told: died(p, t))  # type: ignore[misc]
                    await asyncio.sleep(dice.uniform(0, 3))
                    if not old.alive:
                        server = ground.loop.process("server", "10.0.0.1")
                        start(server)
                        ground.network.back(old)
                case _:
                    pass

    try:
        clients = [ground.loop.process(f"client {n}", f"10.0.1.{n}") for n in range(4)]
        tasks = [process.spawn(client(process.name)) for process in clients]
        keeper = ground.loop.process("weather", "10.0.9.9")

        async def all_done() -> None:
            await asyncio.wait_for(asyncio.gather(keeper.spawn(weather()), *tasks), 10_000)

        ground.loop.run_until_complete(all_done())
    finally:
        ground.end()
    assert sorted(log) == sorted(f"client {c} {n}" for c in range(4) for n in range(10))
    return ground.trace.digest(), ground.loop.steps, shown


@pytest.mark.parametrize("seed", range(10))
def test_a_storm_replays_exactly(seed: int) -> None:
    first, steps, _ = stormy(str(seed))
    again, steps_again, _ = stormy(str(seed))
    assert (first, steps) == (again, steps_again)
    assert first != stormy(f"{seed}x")[0]
