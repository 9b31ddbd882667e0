"""Help, palette, themes, sizes, and keys pressed faster than they are shown."""

from __future__ import annotations

import msgspec
import pytest
from textual import events

from supportterm.console.screens.wording import MARKS, PROMISED
from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import views
from supportterm.protocol.frames import (
    Note,
    Say,
)

from .conftest import A, B, Opened, selected
from .server import MINUTE, NOON, HandServer, sent


async def test_help_shows_every_key_in_the_persons_language(
    open_console: Opened, two_chats: HandServer, settings: ConsoleSettings
) -> None:
    dutch = msgspec.structs.replace(settings, language="nl")
    async with open_console((110, 80), settings=dutch) as desk:
        await desk.press("f1")
        assert "Naar wie je nu nodig heeft" in desk.screen_text
        assert "alt+↑, F3" in desk.screen_text
        await desk.press("f1")
        assert "Naar wie je nu nodig heeft" not in desk.screen_text
        assert desk.main.composer.has_focus


async def test_help_explains_every_mark_of_a_row(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console((80, 170)) as desk:
        await desk.press("f1")
        shown = [line.split() for line in desk.screen_text.splitlines()]
        marked = {words[0] for words in shown if len(words) > 1}
        assert {str(mark) for mark in MARKS.values()} | {str(PROMISED)} <= marked


async def test_the_palette_offers_what_makes_sense_now(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+p")
        await desk.until(lambda: "chat: Close" in desk.screen_text)
        assert "chat: Reopen" not in desk.screen_text
        await desk.type("language Dansk")
        await desk.until(
            lambda: "view: Language Dansk" in desk.screen_text and "chat: Close" not in desk.screen_text
        )
        await desk.press("enter")
        await desk.until(lambda: "forbundet" in desk.bar("status") or "Sprog" in desk.bar("status"))
        await desk.press("ctrl+q")
    async with open_console() as desk:
        assert "forbundet" in desk.bar("status")


async def test_themes_switch_and_are_kept(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        names = desk.app.theme_names
        assert len(names) >= 3
        for name in [*names[1:], names[0], names[1]]:
            desk.app.choose_theme(name)
            await desk.settle()
        await desk.press("ctrl+q")
    async with open_console() as desk:
        assert desk.app.theme == names[1]


async def test_problems_of_settings_are_told_once(
    open_console: Opened, server: HandServer, settings: ConsoleSettings
) -> None:
    bad = msgspec.structs.replace(settings, problems=("console.toml: key `[b]them[/b]` is not known.",))
    async with open_console((100, 30), settings=bad) as desk:
        await desk.until(lambda: "[b]them[/b]" in desk.screen_text)


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (59, 17), (80, 24), (119, 30), (200, 60)])
async def test_every_size_holds(open_console: Opened, two_chats: HandServer, size: tuple[int, int]) -> None:
    async with open_console(size) as desk:
        await desk.press("ctrl+n", "ctrl+o", "f1", "f1", "f8", "ctrl+z")
        assert desk.main.transcript.widest() <= max(desk.main.transcript.size.width, 10)
        await desk.pilot.resize_terminal(64, 20)
        await desk.settle()
        assert "And?" in desk.screen_text


async def test_the_queue_and_practice_are_told(open_console: Opened, server: HandServer) -> None:
    server.queue = views.Queue(size=3, oldest_at=NOON - 4 * MINUTE)
    server.practice = True
    async with open_console((120, 24), banner="http://127.0.0.1:8700/shop") as desk:
        assert "queue 3 · oldest 4m · PRACTICE" in desk.bar("status")
        assert "http://127.0.0.1:8700/shop" in desk.screen_text
        server.queue = views.Queue(size=3, oldest_at=NOON - 2 * MINUTE, gone=1)
        server.tell_views()
        await desk.until(lambda: "queue 2 · oldest 2m · 1 left the page · PRACTICE" in desk.bar("status"))
        server.queue = views.Queue(size=1, oldest_at=NOON - 2 * MINUTE, gone=1)
        server.tell_views()
        await desk.until(lambda: "queue 0 · 1 left the page · PRACTICE" in desk.bar("status"))


async def test_keys_pressed_in_one_burst_act_in_their_order(
    open_console: Opened, two_chats: HandServer
) -> None:
    """A slow line delivers keys in bursts: each must find what the one before it left behind."""
    async with open_console() as desk:
        burst = [
            *"first",
            "ctrl+j",
            *"line",
            "enter",
            *"second",
            "ctrl+n",
            *"to",
            "ctrl+o",
            *"aside",
            "enter",
            "f8",
        ]
        for key in burst:
            desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await desk.until(lambda: "closing" in desk.bar("line"))
        assert selected(desk) == A
        assert [(f.chat, f.text) for f in sent(two_chats.heard, Say)] == [(B, "first\nline")]
        assert [(f.chat, f.text) for f in sent(two_chats.heard, Note)] == [(A, "aside")]
        await desk.press("ctrl+z", "ctrl+o")
        assert desk.main.composer.text == "to"
        await desk.press("f3")
        assert desk.main.composer.text == "second"


async def test_keys_behind_one_that_opens_a_page_never_reach_a_customer(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        for key in ["ctrl+p", *"close", "enter", "tab"]:
            desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await desk.until(lambda: len(desk.app.screen_stack) == 2 or "closing" in desk.bar("line"))
        await desk.settle()
        assert sent(two_chats.heard, Say) == []
        assert desk.main.composer.text == ""


async def test_letters_typed_in_the_list_go_to_the_composer(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        desk.main.chats.focus()
        await desk.settle()
        await desk.type("hi you")
        assert desk.main.composer.text == "hi you"
