"""What lies behind an open box goes on, and the box says that a promise is about to be due."""

from __future__ import annotations

import asyncio

import pytest

from supportterm.console.screens import main
from supportterm.protocol import kinds
from supportterm.text import trusted

from .conftest import A, Desk, Opened
from .promising import SECOND, promised, running, shop
from .server import MINUTE, NOON, SANNE, HandServer, event, say


def left(desk: Desk, due: int) -> str:
    """What is left until then, as rows say it."""
    return f"{-(-(due - desk.app.session.now_ms()) // SECOND)}s"


def row(desk: Desk, holds: str) -> str:
    """The first row of the screen that holds this."""
    return next((one for one in desk.rows() if holds in one), "")


async def test_the_list_counts_on_behind_a_box(open_console: Opened, server: HandServer) -> None:
    shop(server)
    running(server, given=NOON - MINUTE, due=NOON + 50 * SECOND)
    async with open_console((160, 45)) as desk:
        desk.stop_the_clock()
        for key in ("ctrl+y", "ctrl+k", "f9"):
            await desk.press(key)
            for _ in range(2):
                await desk.later(3 * SECOND)
                await desk.until(lambda: left(desk, NOON + 50 * SECOND) in row(desk, "▸◆ "))
            await desk.press("escape")


async def test_the_box_says_that_the_promise_is_about_to_be_due(
    open_console: Opened, server: HandServer
) -> None:
    shop(server)
    running(server, given=NOON - MINUTE, due=NOON + 100 * SECOND)
    async with open_console((80, 24)) as desk:
        desk.stop_the_clock()
        await desk.press("ctrl+y")
        assert "promise: " not in desk.screen_text
        await desk.later(50 * SECOND)
        for _ in range(2):
            await desk.later(3 * SECOND)
            await desk.until(lambda: f"promise: {left(desk, NOON + 100 * SECOND)} left ─" in desk.rows()[0])
        await desk.type("x")
        await desk.until(lambda: "search: x · promise: " in desk.rows()[0])


async def test_a_reminder_shows_no_figure_and_goes_with_its_promise(
    open_console: Opened, server: HandServer
) -> None:
    shop(server)
    running(server, given=NOON, due=NOON + 2 * MINUTE)
    async with open_console((120, 30)) as desk:
        desk.stop_the_clock()
        await desk.later(50 * SECOND)
        await desk.later(45 * SECOND)
        assert "Promise to Customer 0E16: due 14:02 |" in desk.bar("status"), "no key that leads here"
        server.give(promised(A, 6, NOON + 95 * SECOND, NOON + 5 * MINUTE, pub=5, kind="promise_extended"))
        await desk.until(lambda: "Promise to" not in desk.bar("status"))


async def test_a_reminder_stays_for_who_looks_up_later(
    open_console: Opened, server: HandServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "NOTICE_SECONDS", 0.01)
    shop(server)
    running(server, given=NOON, due=NOON + 2 * MINUTE)
    async with open_console((120, 30)) as desk:
        desk.stop_the_clock()
        await desk.later(50 * SECOND)
        await desk.later(45 * SECOND)
        # When a timer that was set later and lasts longer is over, a notice would be gone.
        passed = asyncio.Event()
        desk.main.set_timer(0.05, passed.set)
        await passed.wait()
        await desk.settle()
        assert "Promise to" in desk.bar("status")
        desk.main.notice(trusted("something else"))
        await desk.until(lambda: "something else" not in desk.bar("status"))
        assert "Promise to" not in desk.bar("status"), "it was told, and its row goes on counting"


async def test_a_reminder_goes_with_the_answer(open_console: Opened, server: HandServer) -> None:
    shop(server)
    running(server, given=NOON, due=NOON + 2 * MINUTE)
    async with open_console((120, 30)) as desk:
        desk.stop_the_clock()
        await desk.later(50 * SECOND)
        await desk.later(45 * SECOND)
        assert "Promise to" in desk.bar("status")
        at, kept = NOON + 95 * SECOND, kinds.PromiseEnded("kept")
        server.give(
            say(A, 6, at, SANNE, "Het ligt klaar.", pub=5),
            event(A, 7, at, SANNE, "promise_ended", pub=6, data=kept),
        )
        await desk.until(lambda: "Promise to" not in desk.bar("status"))
