"""Keys that come all at once: none is lost, none goes to another widget, none is sent that was not meant."""

from __future__ import annotations

import pytest
from textual import events

from supportterm.console.screens.summing import Summing
from supportterm.protocol.frames import Say

from .conftest import Desk, Opened, top
from .replies import lamp
from .server import HandServer, sent

__all__ = ["lamp"]


def burst(desk: Desk, *keys: str) -> None:
    """All at once, before anything could act on the first of them."""
    for key in keys:
        desk.app.post_message(events.Key(key, key if len(key) == 1 else None))


def sentence(desk: Desk) -> str:
    screen = desk.app.screen
    return screen.field.text if isinstance(screen, Summing) else ""


async def test_letters_behind_tab_go_into_the_sentence_in_their_order(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k")
        await desk.until(lambda: sentence(desk))
        before = sentence(desk)
        burst(desk, "tab", *"Graagsnel")
        await desk.until(lambda: sentence(desk) == f"{before}Graagsnel")
        # The same, typed before the dialog can be seen at all.
        await desk.press("escape")
        burst(desk, "ctrl+k", "tab", *"Ja", "tab", *"Nee")
        await desk.until(lambda: sentence(desk).endswith("GraagsnelJaNee"))
        assert desk.main.composer.text == ""


async def test_letters_typed_in_the_list_of_chats_all_go_to_the_composer(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console() as desk:
        desk.main.set_focus(desk.main.chats)
        burst(desk, *"hallo", "ctrl+j", *"daar")
        await desk.until(lambda: desk.main.composer.text == "hallo\ndaar")


async def test_keys_that_change_a_text_take_their_turn_with_its_letters(
    open_console: Opened, lamp: HandServer
) -> None:
    """Held down and written on, backspace takes nothing away that came after it."""
    async with open_console() as desk:
        await desk.type("wrong")
        burst(desk, *["backspace"] * 40, *"right")
        await desk.until(lambda: len(desk.main.composer.text) >= 5)
        await desk.settle()
        assert desk.main.composer.text == "right"
        burst(desk, "home", *"a", "right", *"b", "ctrl+left", "delete", "end", "ctrl+w", *"new")
        await desk.settle()
        assert desk.main.composer.text == "new"


async def test_a_canned_reply_is_picked_by_keys_that_came_before_the_list(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        burst(desk, "ctrl+x", *"hours", "enter", *"Dag")
        await desk.until(lambda: desk.main.composer.text == "Wij zijn open van 9 tot 17.Dag")
        assert sent(lamp.heard, Say) == []


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_an_enter_typed_ahead_behind_a_dialog_sends_nothing(
    open_console: Opened, lamp: HandServer, size: tuple[int, int]
) -> None:
    async with open_console(size) as desk:
        burst(desk, "ctrl+e", "escape", *"niet", "enter", *"meer")
        await desk.until(lambda: desk.main.composer.text.startswith("niet"))
        await desk.settle()
        assert top(desk) == "MainScreen"
        assert sent(lamp.heard, Say) == []


async def test_what_was_meant_for_a_dialog_that_never_came_is_nobodys(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console() as desk:
        lamp.views.pop("replies")
        desk.app.session.journal.replies = None
        burst(desk, "ctrl+x", *"hours", "enter")
        await desk.until(lambda: "no canned replies" in desk.screen_text)
        await desk.settle()
        assert sent(lamp.heard, Say) == []
        assert desk.main.composer.text == ""
        await desk.type("ok")
        assert desk.main.composer.text == "ok"


async def test_a_paste_waits_for_its_turn(open_console: Opened, lamp: HandServer) -> None:
    async with open_console() as desk:
        burst(desk, *"een ")
        desk.app.post_message(events.Paste("twee"))
        burst(desk, *" drie")
        await desk.until(lambda: desk.main.composer.text == "een twee drie")


async def test_a_row_of_dialogs_is_answered_in_one_burst(open_console: Opened, lamp: HandServer) -> None:
    """The list of commands, what it leads to, and a choice there."""
    async with open_console((100, 30)) as desk:
        burst(desk, "ctrl+f", *"signs", "enter", *"solve", "enter")
        await desk.until(lambda: (reading := desk.app.session.reading) and reading.progress.by_hand)
        await desk.until(lambda: top(desk) == "MainScreen")
        assert desk.app.session.reading is not None
        assert desk.app.session.reading.progress.step == "solve"
        assert desk.main.composer.text == ""
