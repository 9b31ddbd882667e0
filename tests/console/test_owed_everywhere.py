"""A promise in its last minute is seen wherever the agent is, and so is that the connection is gone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from supportterm.console.screens.page import Page
from supportterm.console.screens.pages import PAGES
from supportterm.console.settings import ConsoleSettings
from supportterm.console.words import LANGUAGES
from supportterm.protocol import kinds
from supportterm.protocol.contact import Known
from supportterm.text import trusted

from . import team
from .conftest import A, B, Desk, Opened, selected, top
from .promising import SECOND, promised
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, event, say

DUE = NOON + 2 * MINUTE
LONG = "Wilhelmina van Oudenhoven-de Groot"


@pytest.fixture
def owing(server: HandServer) -> HandServer:
    """A supervisor's desk; one customer was promised an answer."""
    team.supervisor(server)
    server.add(
        A,
        *beginning(A, NOON - 9 * MINUTE),
        say(A, 4, NOON - 8 * MINUTE, CUSTOMER, "Waar is het?", pub=3),
        promised(A, 5, NOON, DUE, pub=4),
        promise_due=DUE,
        promise_at=NOON,
        known=Known(LONG),
    )
    return server


def kept(server: HandServer) -> None:
    at = NOON + 100 * SECOND
    server.give(
        say(A, 6, at, SANNE, "Het ligt klaar.", pub=5),
        event(A, 7, at, SANNE, "promise_ended", pub=6, data=kinds.PromiseEnded("kept")),
    )


def left(desk: Desk) -> int:
    return -(-(DUE - desk.app.session.now_ms()) // SECOND)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
async def test_every_page_counts_a_last_minute(
    open_console: Opened, owing: HandServer, settings: ConsoleSettings, page: str, language: str
) -> None:
    async with open_console(settings=replace(settings, language=language)) as desk:
        desk.stop_the_clock()
        desk.main.go(B)
        desk.app.action_page(page)
        await desk.settle()
        before = desk.rows()
        assert "ctrl+d" not in before[0]
        for late in (65, 10):
            await desk.later(late * SECOND)
            say_ = desk.app.session.words.say
            owed = say_(
                "promise.box_of",
                name=trusted("Wilhelmina van Oude…"),
                time=say_("time.seconds", n=left(desk)),
            )
            row = f"{owed} · ctrl+d"
            await desk.until(lambda row=row: desk.rows()[0].rstrip().endswith(row))  # type: ignore[misc]
        # Nothing below moved, and which page it is can still be read.
        screen = desk.app.screen
        assert isinstance(screen, Page)
        assert desk.rows()[0].strip().startswith(screen.headline().left[:30])
        assert len(desk.rows()) == len(before)
        assert desk.rows()[1].strip() == before[1].strip() == ""
        kept(owing)
        await desk.until(lambda: "ctrl+d" not in desk.rows()[0])


async def test_its_key_leads_from_the_page_to_the_chat(open_console: Opened, owing: HandServer) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        desk.main.go(A)
        await desk.later(70 * SECOND)
        desk.app.action_page("board")
        await desk.settle()
        await desk.press("ctrl+d")
        # It is the only promise, and its chat the open one: who looks at a page has not seen it.
        assert (top(desk), selected(desk)) == ("MainScreen", A)
        assert desk.main.composer.has_focus
        desk.main.go(B)
        desk.app.action_page("promises")
        await desk.settle()
        await desk.press("ctrl+d")
        assert (top(desk), selected(desk)) == ("MainScreen", A)
        kept(owing)
        await desk.until(lambda: "ctrl+d" not in desk.screen_text)
        desk.app.action_page("today")
        await desk.settle()
        await desk.press("ctrl+d")
        assert "You have no running promise" in desk.screen_text
        assert top(desk) == "TodayPage"


@pytest.mark.parametrize("key", ["f9", "ctrl+p", "f1"])
async def test_a_box_names_the_chat_that_is_not_the_open_one(
    open_console: Opened, owing: HandServer, key: str
) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        desk.main.go(B)
        await desk.later(70 * SECOND)
        await desk.press(key)
        await desk.later(SECOND)
        await desk.until(lambda: f"Wilhelmina van Oude…: promise {left(desk)}s" in desk.screen_text)
        kept(owing)
        await desk.until(lambda: "…: promise " not in desk.screen_text)


async def test_a_box_over_a_page_names_the_open_one_too(open_console: Opened, owing: HandServer) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        desk.main.go(A)
        await desk.later(70 * SECOND)
        desk.app.action_page("board")
        await desk.press("enter")
        await desk.later(SECOND)
        assert desk.screen_text.count(f"Wilhelmina van Oude…: promise {left(desk)}s") == 2


async def test_a_page_says_that_the_connection_is_gone(open_console: Opened, owing: HandServer) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        await desk.later(70 * SECOND)
        desk.app.action_page("queue")
        await desk.settle()
        owing.reachable = False
        assert owing.socket is not None
        owing.socket.cut()
        await desk.until(lambda: "○ no connection · Wilhelmina" in desk.rows()[0])
        assert desk.rows()[0].strip().startswith("Queue")


async def test_a_key_that_means_something_else_on_pages_is_not_offered(
    open_console: Opened, owing: HandServer, settings: ConsoleSettings
) -> None:
    keymap = settings.keymap
    own = keymap._replace(keys={**keymap.keys, "page.page_down": "ctrl+d"})
    async with open_console(settings=replace(settings, keymap=own)) as desk:
        desk.stop_the_clock()
        await desk.later(70 * SECOND)
        desk.app.action_page("queue")
        await desk.settle()
        assert desk.rows()[0].rstrip().endswith(f"promise {left(desk)}s")
        await desk.press("ctrl+d")
        assert top(desk) == "QueuePage"
