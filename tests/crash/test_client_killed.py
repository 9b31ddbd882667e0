"""A client dies: what it had written down arrives, once, in order."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.desk.events import Event, chat_stream
from server.platform import RealPlatform
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore
from supportterm.protocol.frames import Say
from tests.crash.house import ROOT, House
from tests.crash.people import Person
from tests.hostile.terminal import ConsoleTerminal
from tests.support import new_id, new_token

pytestmark = pytest.mark.crash

KILLS = 4


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    await house.end()


async def stored(house: House, chat: str) -> list[Event]:
    """The chat, from the file of a server that does not run."""
    store = await SqliteStore.open(house.data / DATABASE, RealPlatform())
    try:
        return await store.stream(chat_stream(chat))
    finally:
        await store.close()


async def test_what_was_written_down_arrives_once(house: House, tmp_path: Path) -> None:
    rng = random.Random()
    await house.start()
    token, chat = new_token(), new_id()
    written: list[str] = []

    async def client(name: str, *more: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crash.client", house.url, token),
            *(str(tmp_path / "outbox"), chat, name, *more),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )

    for life in range(KILLS):
        # Every second life has no server to talk to.
        if life % 2:
            await house.kill()
        running = await client(f"life {life}")
        assert running.stdout is not None
        lines = rng.randint(1, 15) if life % 2 else rng.randint(1, 200)
        for _ in range(lines):
            written.append((await running.stdout.readline()).decode().strip())
        running.kill()
        # What it printed before it died counts; a half line does not.
        rest = await running.stdout.read()
        written += [line.decode() for line in rest.splitlines(keepends=True) if line.endswith(b"\n")]
        written = [id.strip() for id in written if id.strip()]
        assert await running.wait() == -signal.SIGKILL
        if life % 2:
            await house.start()
    assert await (await client("last", "--settle")).wait() == 0
    assert await house.stop() == 0

    events = await stored(house, chat)
    ids = [event.cid for event in events if event.kind == "message"]
    assert len(ids) == len(set(ids))
    # Killed between writing down and printing: such a message arrives too, at most one for each kill.
    assert [id for id in ids if id in set(written)] == written
    assert len(written) <= len(ids) <= len(written) + KILLS
    numbers = [event.seq for event in events]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_console_killed_with_unsent_messages(house: House, tmp_path: Path) -> None:
    """What an agent sent while the server was away outlives the console as well."""
    [token] = await house.add_agents(1)
    await house.start()
    news = asyncio.Event()
    customer = Person("customer", "customer", house.url, new_token(), tmp_path, random.Random(1), news.set)
    home = tmp_path / "home"
    chat = customer.opens()
    customer.put(Say(id=new_id(), chat=chat, text="is anybody there?"))
    first = ConsoleTerminal(home, house.url, "agent0", token)
    try:
        await first.until("is anybody there?")
        await house.kill()
        first.press("one moment please\r")
        first.press("I am looking it up\r")
        await first.until(lambda: outbox(home) == ["one moment please", "I am looking it up"])
        await first.kill()
    finally:
        first.end()
    await house.start()
    second = ConsoleTerminal(home, house.url, "agent0", token)
    try:
        async with asyncio.timeout(60):
            while len(texts(customer, chat)) < 3:
                news.clear()
                await news.wait()
        await second.until("I am looking it up")
        assert await second.leave() == 0
    finally:
        second.end()
    await customer.leaves()
    assert texts(customer, chat) == ["is anybody there?", "one moment please", "I am looking it up"]
    assert outbox(home) == []
    assert not customer.violations


def outbox(home: Path) -> list[str]:
    """The texts of the console's outbox file."""
    return [
        command["text"]
        for file in (home / "state").rglob("*.outbox")
        for command in json.loads(file.read_bytes())["outbox"]
        if "text" in command
    ]


def texts(customer: Person, chat: str) -> list[str]:
    """What the customer is shown, in order."""
    log = customer.journal.chats[chat]
    return [event.text for event in log.events if event.kind == "message"]
