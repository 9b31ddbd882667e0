"""Lists to choose from: where the choice begins, what cannot be chosen, and lists with nothing in them."""

from __future__ import annotations

from supportterm.console.keymap import KEYS
from supportterm.console.screens.help import grouped
from supportterm.protocol import views

from .conftest import Opened, from_the_list, top
from .server import HandServer
from .team import colleagues, desk_of, supervisor


async def test_the_choice_begins_on_what_can_be_chosen(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    away = [one for one in colleagues() if one.agent in ("a1", "a3", "a4")]
    server.views["team"] = views.Team(away, ["bikes", "refunds"])
    async with open_console() as desk:
        await from_the_list(desk, "invite")
        await desk.until(lambda: "Whom to invite?" in desk.screen_text)
        assert "▸ Iben" in desk.screen_text, "nobody else is there: it stands where it can"
        await desk.press("escape", "f10")
        await desk.until(lambda: "Hand Customer" in desk.screen_text)
        chosen = next(row for row in desk.rows() if row.startswith("▸"))
        assert "whoever knows" in chosen, "who is not there stands above it"


async def test_enter_on_what_cannot_be_chosen_says_why(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f10")
        await desk.type("tom")
        await desk.press("enter")
        assert top(desk) == "Pick"
        assert "Tom: not there" in desk.rows()[0]


async def test_an_empty_list_says_what_is_true(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    server.views["team"] = views.Team([one for one in colleagues() if one.agent == "a1"], [])
    async with open_console() as desk:
        await from_the_list(desk, "invite")
        await desk.until(lambda: "Nobody else is on this desk" in desk.screen_text)
        assert "backspace" not in desk.screen_text
        await desk.type("x")
        assert "backspace widens" in desk.screen_text


def test_every_key_stands_in_some_group_of_the_help() -> None:
    shown = [key.id for _, keys in grouped() for key in keys]
    assert sorted(shown) == sorted(key.id for key in KEYS)
