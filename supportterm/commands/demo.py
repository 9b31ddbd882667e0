"""``supportterm demo``: everything on this machine, with practice customers, and nothing kept."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from argparse import Namespace
from contextlib import suppress
from typing import Any, Final

import msgspec

from supportterm.commands.exits import Exit, Stop
from supportterm.commands.stage import AGENT, SHOP, Stage
from supportterm.practice.agent import PracticeAgent
from supportterm.practice.colleague import hand_on
from supportterm.practice.customers import PROMISED
from supportterm.practice.report import compare, transcript_lines
from supportterm.text.safe import safe_line

_HEADLESS_SECONDS: Final = 30
#: Messages on their way at the end need milliseconds; what is not there after this is lost.
_PATIENCE: Final = 20.0
#: Who tries the demo reads before they press a key, and should not lose the chats they read meanwhile. Two
#: promised answers and a customer who tells are 2.8 points at most, and all three should be there to see.
_RULES: Final = "ramp_seconds = 1\nsilence_seconds = 600\nceiling = 3.0\n"
#: A colleague's last minute at work takes two seconds; without it the demo has two scenes less.
_SCENE_SECONDS: Final = 10.0


class Crowd(msgspec.Struct):
    """What `supportterm.practice` prints: counts, and chat → [[public number, kind, role, text]]."""

    customers: int
    chats: int
    sent: int
    answered: int
    received: int
    violations: list[str]
    transcripts: dict[str, list[tuple[int, str, str, str]]]
    median_answer_ms: int | None = None


def run(args: Namespace) -> int:
    """Play until the console is left; without a terminal, a script is the agent."""
    if args.seconds < 0 or args.customers < 1:
        raise Stop("--seconds and --customers must be positive.", Exit.USAGE)
    seed = args.seed if args.seed is not None else secrets.randbelow(1_000_000)
    headless = args.headless or not _can_draw()
    with Stage(_RULES) as stage:
        if headless:
            return _headless(stage, args.seconds or _HEADLESS_SECONDS, args.customers, seed)
        return _interactive(stage, args.seconds, args.customers, seed)


def _can_draw() -> bool:
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return terminal and os.environ.get("TERM", "") not in ("", "dumb", "unknown")


def _customers(stage: Stage, customers: int, seed: int, seconds: int) -> subprocess.Popen[bytes]:
    return stage.start(
        *("supportterm.practice", "--url", stage.url, "--shop", SHOP, "--transcripts"),
        # Said by us: who is ended at once could be gone before its child looks.
        *("--parent", str(os.getpid()), "--scenes"),
        *("--customers", str(customers), "--seed", str(seed), "--seconds", str(seconds)),
        output="customers",
    )


def _open_scene(stage: Stage, customers: int) -> None:
    """Before the agent comes, a colleague has promised to be back: soon to one customer, later to another."""
    token = stage.hire("sam", "Sam")
    with suppress(TimeoutError, OSError):
        asyncio.run(asyncio.wait_for(hand_on(stage.url, token, min(PROMISED, customers)), _SCENE_SECONDS))


def _interactive(stage: Stage, seconds: int, customers: int, seed: int) -> int:
    from supportterm import console

    _customers(stage, customers, seed, seconds)
    _open_scene(stage, customers)
    settings = console.load_settings(state_dir=stage.directory / "console")
    banner = f"Demo shop: {stage.shop_page}"
    return console.run(stage.url, stage.token, who=AGENT, settings=settings, banner=banner, demo=True)


def _headless(stage: Stage, seconds: int, customers: int, seed: int) -> int:
    print(f"The demo plays for {seconds} seconds (seed {seed}); its shop is at {stage.shop_page}", flush=True)
    process = _customers(stage, customers, seed, 0)
    _open_scene(stage, customers)
    crowd, agent, lost = asyncio.run(_play(stage, seconds, seed, process))
    shown = agent.report()
    problems = [*lost, *crowd.violations, *shown["violations"]]
    problems += compare(crowd.transcripts, _while_watched(shown["transcripts"], crowd))
    if crowd.sent != crowd.answered:
        problems.append(
            f"{crowd.sent - crowd.answered} messages of customers were not answered by the server"
        )
    if not crowd.chats or not crowd.received:
        problems.append("nobody talked to anybody")
    for chat, events in agent.ledger.shown.items():
        lines = transcript_lines(chat, [event for _, event in sorted(events.items())])
        print("\n".join(str(safe_line(line)) for line in lines))
    for problem in problems:
        print(f"supportterm: {safe_line(problem)}", file=sys.stderr)
    figures = {
        "chats": crowd.chats,
        "messages": crowd.sent + crowd.received,
        "median_answer_ms": crowd.median_answer_ms,
        "customers": crowd.customers,
        "from_customers": crowd.sent,
        "from_agent": crowd.received,
        "exactly_once": not problems,
        "seed": seed,
    }
    sys.stdout.flush()
    print(json.dumps(figures), flush=True)
    return Exit.FAILED if problems else Exit.DONE


async def _play(
    stage: Stage, seconds: int, seed: int, process: subprocess.Popen[bytes]
) -> tuple[Crowd, PracticeAgent, list[str]]:
    """Let them talk; what the customers report, the agent, and what did not arrive."""
    agent = PracticeAgent(stage.url, stage.token, seed=seed)
    working = asyncio.create_task(agent.run())
    lost: list[str] = []
    try:
        await asyncio.wait([working], timeout=seconds)
        if working.done():
            raise Stop(f"the agent's connection ended: {working.result().text}", Exit.UNREACHABLE)
        # The agent falls silent first: then nothing is said any more to customers who have left.
        await _in_time(agent.quiet(), "the agent's last messages were not answered", lost)
        process.terminate()
        crowd = _report(stage, await asyncio.to_thread(process.wait, _PATIENCE * 3))
        last = {chat: lines[-1][0] for chat, lines in crowd.transcripts.items() if lines}
        await _in_time(agent.caught_up(last), "the agent was not shown everything the customers were", lost)
        await _in_time(agent.finish(), "the agent could not finish", lost)
        await working
    finally:
        working.cancel()
    return crowd, agent, lost


async def _in_time(step: Any, otherwise: str, lost: list[str]) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            await step
    except TimeoutError:
        lost.append(otherwise)


def _report(stage: Stage, code: int) -> Crowd:
    try:
        return msgspec.json.decode(stage.read("customers"), type=Crowd)
    except msgspec.DecodeError:
        said = stage.read("customers.errors").strip() or f"exit code {code}"
        raise Stop(f"the practice customers failed: {said}") from None


def _while_watched(staff: dict[str, list[Any]], crowd: Crowd) -> dict[str, list[Any]]:
    """What staff saw, without what the desk did after a customer had left (joined, requeued, closed).

    Messages stay, whenever they came: each must have arrived on both sides.
    """
    last = {chat: lines[-1][0] for chat, lines in crowd.transcripts.items() if lines}
    return {
        chat: [line for line in lines if line[0] <= last.get(chat, 0) or line[1] == "message"]
        for chat, lines in staff.items()
    }
