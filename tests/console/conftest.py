"""A console over a wire held in the hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual import _wait
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from supportterm.console.app import Console
from supportterm.console.looks import load_looks
from supportterm.console.screens.main import MainScreen
from supportterm.console.session import Session
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import State
from supportterm.console.widgets.bar import Bar
from supportterm.link.changes import Change
from supportterm.link.journal import Journal
from supportterm.link.link import Link
from supportterm.link.outbox import Outbox
from supportterm.link.state import StateChanged
from supportterm.text import safe_line

from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, say


class LateLink(Link):
    """A link whose clock a test sets forward, or stops."""

    later_ms = 0
    stands_at: int | None = None

    def now_ms(self) -> int:
        return (super().now_ms() if self.stands_at is None else self.stands_at) + self.later_ms


# A pilot waits after each key until the process did next to nothing for a while. Of the usual while, a
# fiftieth of a second, nine tenths of the time went that these tests took.
_wait.SLEEP_GRANULARITY = 1 / 250
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 10

# It also sends everybody on the screen a message and waits until all have read it. To those who wait for one
# anyway that says nothing, and six rounds of thirty messages after each key were half of what a key cost.
_wait_for_everybody = Pilot._wait_for_screen


def _has_nothing_to_do(pump: MessagePump) -> bool:
    queue: Any = pump._message_queue
    waits: bool = queue.empty() and bool(queue.ready_event._waiters)
    return waits and not pump._next_callbacks


async def _wait_for_screen(pilot: Pilot[Any], timeout: float = 30.0) -> bool:
    app = pilot.app
    idle = all(map(_has_nothing_to_do, (app, *app.screen.walk_children(with_self=True))))
    return idle or await _wait_for_everybody(pilot, timeout)


Pilot._wait_for_screen = _wait_for_screen  # type: ignore[assignment, method-assign]

Opened = Callable[..., AbstractAsyncContextManager["Desk"]]


class Desk:
    """One console under test: ``press`` keys, look at ``screen_text``, `until` something holds."""

    def __init__(self, app: Console, pilot: Any, server: HandServer) -> None:
        self.app, self.pilot, self.server = app, pilot, server

    @property
    def main(self) -> MainScreen:
        return self.app.main

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        await self.press(*["space" if char == " " else char for char in text])

    async def settle(self) -> None:
        """Let the link's and the screen's turns run until nothing moves any more."""
        for _ in range(4):
            await asyncio.sleep(0)
            await self.pilot.pause()

    async def until(self, holds: Callable[[], object]) -> None:
        """Settle until ``holds()``; fails when it never does."""
        for _ in range(200):
            if holds():
                return
            await self.settle()
        raise AssertionError("it never came to hold")

    async def later(self, ms: int) -> None:
        """Let so much time pass, as the console sees it; less than a link waits for a silent server."""
        link = self.app.session.link
        assert isinstance(link, LateLink)
        link.later_ms += ms
        self.main.paint()
        await self.settle()

    def stop_the_clock(self) -> None:
        """From now on only `later` lets time pass."""
        link = self.app.session.link
        assert isinstance(link, LateLink)
        link.stands_at = link.now_ms()

    def rows(self) -> list[str]:
        """The screen as text, one string a row."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip)[:width] for strip in strips[:height]]

    @property
    def screen_text(self) -> str:
        return "\n".join(row.rstrip() for row in self.rows())

    def bar(self, id: str) -> str:
        """Both ends of one bar."""
        bar = self.main.query_one(f"#{id}", Bar)
        return f"{bar.left} | {bar.right}"


@pytest.fixture
def server() -> HandServer:
    return HandServer()


@pytest.fixture
def settings(tmp_path: Path) -> ConsoleSettings:
    return ConsoleSettings(
        config_dir=tmp_path / "config", state_dir=tmp_path / "state", theme="dusk", language="en", zone=UTC
    )


def build(
    server: HandServer,
    settings: ConsoleSettings,
    *,
    banner: str = "",
    link_options: dict[str, Any] | None = None,
) -> Console:
    """A console whose link ends at ``server``."""
    journal, outbox = Journal("agent"), Outbox(settings.state_dir / "outbox")
    outbox.restore(journal)
    app: list[Console] = []

    def changed(found: Sequence[Change | StateChanged]) -> None:
        app[0].take(found)

    link = LateLink(
        "ws://127.0.0.1:1/",
        "t" * 43,
        journal,
        on_change=changed,
        keep=outbox.save,
        connect=server.connect,  # type: ignore[arg-type]
        rand=lambda: 0.99,
        **(link_options or {}),
    )
    session = Session(link, settings, State(settings.state_dir / "state.json", NOON))
    app.append(Console(session, load_looks(), run_link=link.run, banner=safe_line(banner)))
    return app[0]


@pytest.fixture
def open_console(server: HandServer, settings: ConsoleSettings) -> Opened:
    """Opens a console of a size; leaving the block leaves the console."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (80, 24), **more: Any) -> AsyncIterator[Desk]:
        app = build(server, more.pop("settings", settings), **more)
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot, server)
            if server.reachable:
                await desk.until(lambda: app.session.journal.online)
            await desk.settle()
            yield desk

    return opened


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every ring of the terminal's bell."""
    rung: list[int] = []
    monkeypatch.setattr(Console, "bell", lambda _: rung.append(1))
    return rung


A, B = "chatAAAAAAAAAAAAAAAAAA", "chatBBBBBBBBBBBBBBBBBB"


@pytest.fixture
def two_chats(server: HandServer) -> HandServer:
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, "Where is my parcel?", pub=3),
        say(A, 5, NOON - 18 * MINUTE, SANNE, "I will look.", pub=4),
        say(A, 6, NOON - 3 * MINUTE, CUSTOMER, "And?", pub=5),
    )
    server.add(
        B,
        *beginning(B, NOON - 9 * MINUTE),
        say(B, 4, NOON - 9 * MINUTE, CUSTOMER, "Do you have this in green?", pub=3),
    )
    return server


def selected(desk: Desk) -> str:
    return desk.app.session.inbox.selected


def top(desk: Desk) -> str:
    """What lies on top."""
    return type(desk.app.screen).__name__


async def from_the_list(desk: Desk, text: str) -> None:
    """Search the desk's list for something and choose it."""
    await desk.press("ctrl+f")
    await desk.type(text)
    await desk.press("enter")
    await desk.settle()
