"""A polite stop, and starts that must not happen."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from supportterm.protocol import frames
from supportterm.protocol.codes import CLOSE_TEXT, Close
from supportterm.protocol.limits import SUBPROTOCOL
from tests.crash.house import House, NotStarted
from tests.crash.people import Person
from tests.support import Wire, new_token

pytestmark = pytest.mark.crash


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    await house.end()


async def test_a_polite_stop_says_when_to_come_back(house: House) -> None:
    await house.start()
    async with connect(
        house.url + "/v1/shop/demo", subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, proxy=None
    ) as socket:
        wire = Wire(socket)
        await wire.send(frames.Hello(1, new_token()))
        await wire.next(frames.Welcome)
        assert await house.stop() == 0
        bye = await wire.next(frames.Bye)
        assert 500 <= bye.after_ms <= 3_500
        assert await wire.closed() == Close.RESTART


async def test_clients_come_back_by_themselves(house: House, tmp_path: Path) -> None:
    [token] = await house.add_agents(1)
    await house.start()
    news = asyncio.Event()
    people = [
        Person("customer", "customer", house.url, new_token(), tmp_path, random.Random(1), news.set),
        Person("agent", "agent", house.url, token, tmp_path, random.Random(2), news.set),
    ]

    async def until(connections: int) -> None:
        async with asyncio.timeout(60):
            while not all(p.connections == connections and p.is_healed() for p in people):
                news.clear()
                await news.wait()

    people[0].opens()
    await until(1)
    assert await house.stop() == 0
    await house.start()
    await until(2)
    for person in people:
        await person.leaves()
        assert not person.violations
    said = {state.text for p in people for state in p.states if state.code == Close.RESTART}
    assert said == {CLOSE_TEXT[Close.RESTART]}


async def test_two_servers_on_one_directory(house: House, tmp_path: Path) -> None:
    await house.start()
    other = House(tmp_path)
    assert house.process is not None
    with pytest.raises(
        NotStarted, match=rf"Another supportterm \(pid {house.process.pid}\) is using"
    ) as refused:
        await other.start()
    await other.end()
    _is_a_sentence(refused.value)
    assert other.process is not None
    assert other.process.returncode not in (0, None)
    # The first one did not notice.
    async with connect(
        house.url + "/v1/shop/demo", subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, proxy=None
    ) as socket_:
        wire = Wire(socket_)
        await wire.send(frames.Hello(1, new_token()))
        await wire.next(frames.Welcome)


async def test_a_killed_server_keeps_nobody_out(house: House) -> None:
    await house.start()
    await house.kill()
    await house.start()
    assert await house.stop() == 0


async def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        house = House(tmp_path, port=taken.getsockname()[1])
        with pytest.raises(
            NotStarted, match=f"port {house.port} on 127.0.0.1 is in use: stop the program"
        ) as refused:
            await house.start()
    _is_a_sentence(refused.value)


def _is_a_sentence(refused: NotStarted) -> None:
    assert "Traceback" not in str(refused)
    last = str(refused).strip().splitlines()[-1]
    assert last.endswith(".")
