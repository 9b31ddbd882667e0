"""What is pasted is safe before it is drawn, from the terminal and from what was copied here."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from supportterm.console.screens.dialog import Line
from supportterm.console.widgets.field import Field
from supportterm.protocol.frames import Say
from supportterm.text import safe_line, trusted

from .conftest import Desk, Opened
from .server import HandServer, sent

#: The beginning of a control sequence, an order of letters, another set of them: terminals obey them.
RAW = "a\x9b2J\u202eb\x0e\nc"


async def paste(desk: Desk, text: str) -> None:
    desk.app.post_message(events.Paste(text))
    await desk.settle()


async def palette(desk: Desk) -> Input:
    await desk.press("ctrl+p")
    await desk.until(lambda: desk.app.screen.query(Input))
    return desk.app.screen.query_one(Input)


async def line(desk: Desk, text: str) -> Field:
    """A dialog of one line."""
    title, hint = trusted("title"), trusted("hint")
    desk.app.push_screen(Line(desk.app.session, title, hint, text))
    await desk.until(lambda: isinstance(desk.app.screen, Line) and desk.app.screen.query(Field))
    await desk.settle()
    return desk.app.screen.query_one(Field)


@pytest.mark.parametrize("by", ["the terminal", "a key"])
async def test_the_palette_takes_safe_text_on_one_line(
    open_console: Opened, two_chats: HandServer, by: str
) -> None:
    async with open_console() as desk:
        search = await palette(desk)
        if by == "the terminal":
            await paste(desk, RAW)
        else:
            desk.app.copy_to_clipboard(RAW)
            await desk.press("ctrl+v")
        assert search.value == safe_line(RAW)
        assert "\n" not in search.value
        await desk.type("de")
        search.selection = search.selection._replace(start=1, end=len(search.value))
        await paste(desk, "bc")
        assert search.value == "abc", "it takes the place of what is selected"


async def test_a_field_of_one_line_takes_what_was_copied_on_one_line(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        desk.main.composer.put("two\nrows")
        desk.main.composer.select_all()
        await desk.press("ctrl+c")
        field = await line(desk, "")
        await desk.press("ctrl+v")
        assert field.text == "two rows"
        desk.app.copy_to_clipboard(RAW)
        field.select_all()
        await desk.press("ctrl+v")
        assert field.text == safe_line(RAW)


@pytest.mark.parametrize("by", ["the terminal", "a key"])
async def test_a_paste_takes_the_place_of_what_is_selected(
    open_console: Opened, two_chats: HandServer, by: str
) -> None:
    async with open_console() as desk:
        await desk.type("Dear [name], hello")
        desk.main.composer.select_text(5, 11)
        if by == "the terminal":
            await paste(desk, "Eva")
        else:
            desk.app.copy_to_clipboard("Eva")
            await desk.press("ctrl+v")
        await desk.press("!")
        assert desk.main.composer.text == "Dear Eva!, hello"
        assert sent(two_chats.heard, Say) == []


async def test_nothing_is_pasted_where_nothing_can_be_written(
    open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.writing = False
    async with open_console() as desk:
        desk.app.copy_to_clipboard("more")
        await desk.press("ctrl+v")
        await paste(desk, "more")
        assert desk.main.composer.text == ""
