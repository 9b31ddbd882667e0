"""Practice customers, the scripted agent and the load generator against a real server process."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supportterm.commands.stage import Stage
from supportterm.practice import load
from supportterm.practice.__main__ import main as practice
from supportterm.practice.agent import PracticeAgent
from supportterm.practice.load_plan import Load
from supportterm.practice.report import compare, transcript_lines
from supportterm.practice.scripts import scripts
from supportterm.protocol.frames import By, Event

#: Practice runs in fast motion, and the waits for the next chat would not: every customer comes to the
#: agent at once.
RULES = """
ramp_seconds = 0
breather_seconds = 0
ceiling = 5.0
hysteresis = 0.0
"""


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(RULES) as stage:
        yield stage


async def play(stage: Stage, thanked: int) -> tuple[int, dict[str, Any], PracticeAgent]:
    """Until so many customers were answered, and have said thanks."""
    left, enough = thanked, asyncio.Event()
    thanks = {script.thanks for script in scripts()}

    def sees(event: Event) -> None:
        nonlocal left
        if event.text in thanks and event.by.role == "customer":
            left -= 1
            if not left:
                enough.set()

    agent = PracticeAgent(stage.url, stage.token, pace=0.03, on_event=sees)
    working = asyncio.create_task(agent.run())
    customers = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "supportterm.practice", "--url", stage.url, "--customers", "3",
        "--pace", "0.03", "--seed", "7", "--transcripts",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert customers.stdout is not None
    await enough.wait()
    customers.terminate()
    raw = await customers.stdout.read()
    code = await customers.wait()
    report = json.loads(raw)
    await agent.quiet()
    last = {chat: max(line[0] for line in lines) for chat, lines in report["transcripts"].items()}
    await agent.caught_up(last)
    await agent.finish()
    await working
    return code, report, agent


async def test_customers_and_agent_understand_each_other(stage: Stage) -> None:
    code, report, agent = await play(stage, 3)
    mine = agent.report()
    assert report["violations"] == mine["violations"] == []
    assert code == 0
    assert report["sent"] == report["answered"] == mine["received"] > 0
    assert report["received"] <= mine["sent"]
    assert report["median_answer_ms"] is not None
    # What the agent said after a customer had left was shown to the agent only.
    customers = report["transcripts"]
    seen = {chat: lines[: len(customers.get(chat, []))] for chat, lines in mine["transcripts"].items()}
    assert compare(customers, seen) == []
    chat = next(iter(agent.ledger.shown))
    assert len(transcript_lines(chat, agent.ledger.shown[chat].values())) > 1


def test_a_note_does_not_read_as_if_it_had_been_said() -> None:
    sam = By("agent", "Sam")
    lines = transcript_lines(
        "a chat", [Event("a chat", 1, 0, kind, sam, text="Ring them") for kind in ("note", "message")]
    )
    assert [line.partition("  Sam: ")[2] for line in lines[1:]] == ["(note) Ring them", "Ring them"]


def test_a_server_that_is_not_there_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert practice(["--url", "ws://support.example.com", "--seconds", "0.1"]) == 2
    assert "not encrypted" in capsys.readouterr().err


async def test_the_light_load_counts_exactly(stage: Stage) -> None:
    plan = Load(stage.url, "demo", [stage.token], pairs=3, seconds=0.5, rate=12)
    report = await load.light(plan)
    assert report["violations"] == []
    assert report["complete"]
    assert report["sent"] == report["displayed_agent"] > 0
    assert report["answer_ms"]["p50"] > 0


async def test_the_careful_load_counts_exactly(stage: Stage, tmp_path: Path) -> None:
    plan = Load(stage.url, "demo", [stage.token], pairs=3, seconds=0.5, rate=12)
    report, detail = await load.careful(plan)
    assert report["violations"] == []
    assert report["complete"]
    assert report["sent"] == report["displayed_customer"] > 0
    assert detail["customer"]["shown"] == detail["agent"]["shown"]
    assert len(detail["customer"]["put"]) == 3


async def test_too_few_places_for_the_load_is_said(stage: Stage) -> None:
    plan = Load(stage.url, "demo", [stage.token], pairs=8, seconds=0.2, settle=0.5)
    report = await load.light(plan)
    assert "not every chat came to an agent" in report["violations"][0]
