"""The console, the server and a model's endpoint together: drafts that come, and what may come instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from server.settings import Desk as DeskSettings
from server.settings import Shop
from server.settings.drafter import Drafter
from supportterm.console.app import Console
from supportterm.console.looks import load_looks
from supportterm.console.screens.summing import Summing
from supportterm.console.session import Session
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import State
from supportterm.link.changes import Change
from supportterm.link.journal import Journal
from supportterm.link.link import Link
from supportterm.link.state import StateChanged
from supportterm.protocol import frames
from tests.endpoint import NOTHING, Answer, completion, dripping, failing, finding, model, ok, saying, silent
from tests.support import Running, Wire, new_id, running_node

from .conftest import Desk
from .server import HandServer

STORY = "Hi there! I ordered a black lamp last week, order 48213, but a white one came."
WISH = "I would like the black one, please."
SECONDS = 20


@asynccontextmanager
async def console(running: Running, token: str, settings: ConsoleSettings) -> AsyncIterator[Desk]:
    """A console that is connected to this server."""
    journal = Journal("agent")

    def changed(found: Sequence[Change | StateChanged]) -> None:
        app.take(found)

    link = Link(running.url, token, journal, on_change=changed)
    session = Session(link, settings, State(settings.state_dir / "state.json"))
    app = Console(session, load_looks(), run_link=link.run)
    async with app.run_test(size=(100, 40)) as pilot:
        yield Desk(app, pilot, HandServer())
        link.stop()


async def until(desk: Desk, holds: Callable[[], object]) -> None:
    """Let both sides go on until ``holds()``; fails with the screen when it never does."""
    try:
        async with asyncio.timeout(SECONDS):
            while not holds():
                await desk.pilot.pause()
    except TimeoutError:
        raise AssertionError(desk.screen_text) from None


@asynccontextmanager
async def at_work(
    directory: Path, settings: ConsoleSettings, answer: Answer, **keys: Any
) -> AsyncIterator[tuple[Desk, Running, Wire, str]]:
    """A console and a customer of the shop "demo", whose chats the model may read; not those of "books"."""
    shops = {name: Shop(desk="main", name=name, origins=["*"]) for name in ("demo", "books")}
    async with model(answer) as url:
        drafter = Drafter(url=url, shops=["demo"], **keys)
        desks = {"main": DeskSettings(ramp_seconds=0)}
        async with running_node(directory, desks=desks, shops=shops, drafter=drafter) as running:
            token = await running.add_agent("mia")
            async with console(running, token, settings) as desk, running.customer() as anna:
                await until(desk, lambda: desk.app.session.journal.online)
                chat = await write(anna)
                yield desk, running, anna, chat


async def write(wire: Wire) -> str:
    chat = new_id()
    await wire.ask(frames.Open(new_id(), chat, "en"))
    for text in (STORY, WISH):
        await wire.ask(frames.Say(new_id(), chat, text))
    return chat


async def summing(desk: Desk, chat: str) -> Summing:
    """The draft of this chat's summary, opened."""
    journal = desk.app.session.journal

    def is_here() -> bool:
        log = journal.chats.get(chat)
        return log is not None and any(event.text == WISH for event in log.events)

    await until(desk, is_here)
    desk.main.go(chat, write=True)
    await desk.press("ctrl+k")
    await until(desk, lambda: isinstance(desk.app.screen, Summing) and desk.app.screen.is_mounted)
    await desk.settle()
    screen = desk.app.screen
    assert isinstance(screen, Summing)
    return screen


async def test_a_models_draft_is_shown_with_its_places_and_sent_by_the_agent_alone(
    tmp_path: Path, settings: ConsoleSettings
) -> None:
    heard: list[bytes] = []
    answer = finding(heard, happened="a white one came", wants="I would like the black one")
    async with at_work(tmp_path, settings, answer, timeout_ms=3_000) as (desk, running, anna, chat):
        screen = await summing(desk, chat)
        await until(desk, lambda: "Draft by the model" in desk.screen_text)
        text = screen.field.text
        assert "a white one came" in text
        await desk.press("ctrl+r")
        assert screen.field.text != text
        await desk.press("ctrl+r")
        assert screen.field.text == text
        # Half a second is not waited for: the enter comes until it counts.
        async with asyncio.timeout(SECONDS):
            while isinstance(desk.app.screen, Summing):
                await desk.press("enter")
        summary = await anna.next(frames.Event, lambda event: event.text == text)
        assert summary.kind == "message"
        async with running.customer(shop="books") as ben:
            other = await write(ben)
            screen = await summing(desk, other)
            assert "48213" in screen.field.text
            assert "odel" not in desk.screen_text
    assert len(heard) == 1


INVENTED = {**NOTHING, "wants": [{"line": 1, "quote": "I want a new phone"}]}


@pytest.mark.parametrize(
    ("answer", "word", "limit"),
    [
        (silent, "took too long", 100),
        (dripping, "took too long", 100),
        (failing("500 Internal Server Error"), "cannot be reached", 3_000),
        (saying(ok(b"{")), "none in their words", 3_000),
        (saying(ok(completion(INVENTED))), "none in their words", 3_000),
        (saying(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_000_000), "none in their words", 3_000),
        (saying(ok(completion(NOTHING))), "found nothing", 3_000),
    ],
    ids=["slow", "drips", "500", "invalid", "invents", "huge", "empty"],
)
async def test_whatever_the_model_does_the_rules_draft_stays(
    tmp_path: Path, settings: ConsoleSettings, answer: Answer, word: str, limit: int
) -> None:
    async with at_work(tmp_path, settings, answer, timeout_ms=limit) as (desk, _, anna, chat):
        screen = await summing(desk, chat)
        text = screen.field.text
        assert "48213" in text
        await until(desk, lambda: word in desk.screen_text)
        assert screen.field.text == text
        await desk.press("enter")
        assert (await anna.next(frames.Event, lambda event: event.text == text)).by.name == "Mia"
