"""Practice customers end by themselves when nobody is left to practise with."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Iterator

import pytest

from supportterm.commands.stage import Stage
from supportterm.link import Journal, Link
from supportterm.practice.__main__ import main as practice

#: Starts them as the demo does, says so, and waits.
PARENT = """
import subprocess, sys
words = [sys.executable, "-m", "supportterm.practice", *sys.argv[1:]]
child = subprocess.Popen(words, start_new_session=True)
print(child.pid, file=sys.stderr, flush=True)
child.wait()
"""


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as stage:
        yield stage


async def test_they_end_when_who_started_them_is_killed(stage: Stage) -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, "--url", stage.url, "--customers", "1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stderr is not None
    assert int(await parent.stderr.readline()) != parent.pid
    # They live once they have a chat at the server; killed before that, they would not know their parent.
    await connected(stage)
    parent.kill()
    async with asyncio.timeout(60):
        # The pipe closes with the last process that holds it.
        report = json.loads(await parent.stdout.read())
        await parent.wait()
    assert report["customers"] == 1


async def connected(stage: Stage) -> None:
    """Wait until a customer's chat is before the stage's agent."""
    news = asyncio.Event()
    journal = Journal("agent")
    link = Link(stage.url, stage.token, journal, on_change=lambda _: news.set())
    running = asyncio.ensure_future(link.run())
    async with asyncio.timeout(60):
        while not (journal.mine and journal.mine.chats):
            news.clear()
            await news.wait()
    link.stop()
    await running


def test_they_give_up_on_a_server_that_stays_away(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code = practice(["--url", f"ws://127.0.0.1:{port}", "--customers", "2", "--patience", "0.2"])
    assert code == 1
    assert "could not be reached" in json.loads(capsys.readouterr().out)["violations"][0]
