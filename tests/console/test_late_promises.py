"""A promise that falls after closing is told once, quietly, with the key that goes there."""

from __future__ import annotations

from msgspec.structs import replace

from supportterm.protocol import views

from .conftest import Desk, Opened, selected
from .server import MINUTE, NOON, HandServer
from .team import A, B, C, desk_of, other

DUE = NOON + 185 * MINUTE


def promised(server: HandServer, *chats: str) -> HandServer:
    """A desk that closes in three hours, with promises five minutes later."""
    desk_of(server)
    for n, chat in enumerate(chats):
        server.heads[chat] = replace(server.heads[chat], promise_due=DUE + n * MINUTE)
    today(server)
    return server


def today(server: HandServer, *late: str) -> None:
    shop = views.ShopToday("hof", "Hof & Linde", True, NOON + 180 * MINUTE)
    server.views["today"] = views.Today([], [shop], list(late))


async def tell(desk: Desk, *late: str) -> None:
    today(desk.server, *late)
    desk.server.tell_views()
    await desk.settle()


async def test_one_key_goes_to_the_promise_and_it_is_not_told_again(
    open_console: Opened, server: HandServer
) -> None:
    promised(server, A)
    async with open_console((80, 24)) as desk:
        assert selected(desk) == B
        assert "after closing" not in desk.screen_text
        await tell(desk, A)
        name = desk.app.session.name_for(A)
        assert f"Promise after closing: {name}, 17:05" in desk.screen_text
        assert "ctrl+d goes there" in desk.screen_text
        await desk.type("half an answer")
        await desk.press("ctrl+d")
        assert selected(desk) == A
        assert desk.main.composer.has_focus
        assert desk.app.session.state.draft(B).message == "half an answer"
        assert "Promise after closing: " not in desk.screen_text
        await tell(desk)
        await tell(desk, A)
        assert "Promise after closing: " in desk.screen_text, (
            "it was kept or moved meanwhile: this one is new"
        )
        await desk.press("ctrl+d")
        server.tell_views()
        await desk.settle()
        assert "Promise after closing: " not in desk.screen_text


async def test_in_the_open_chat_the_key_puts_the_line_away(open_console: Opened, server: HandServer) -> None:
    promised(server, B)
    async with open_console((80, 24)) as desk:
        await tell(desk, B)
        assert "ctrl+d puts this away" in desk.screen_text
        await desk.type("abc")
        assert "Promise after closing: " in desk.screen_text, (
            "nobody reads a line that goes with the next letter"
        )
        await desk.press("ctrl+d")
        assert "Promise after closing: " not in desk.screen_text
        assert (selected(desk), desk.main.composer.text) == (B, "abc")


async def test_opening_the_chat_another_way_is_enough(open_console: Opened, server: HandServer) -> None:
    promised(server, A)
    async with open_console((80, 24)) as desk:
        await tell(desk, A)
        await desk.press("f4")
        assert selected(desk) == A
        assert "Promise after closing: " not in desk.screen_text
        await desk.press("f3")
        assert "Promise after closing: " not in desk.screen_text


async def test_several_are_one_line(open_console: Opened, server: HandServer) -> None:
    promised(server, A, B)
    async with open_console((80, 24)) as desk:
        await tell(desk, A, B)
        assert "2 promises after closing, the first by 17:05" in desk.screen_text
        await desk.press("ctrl+d")
        assert selected(desk) == A
        # Going from the other one counts as having seen it, too.
        assert desk.app.session.late == {}


async def test_what_is_kept_in_time_is_told_no_more(open_console: Opened, server: HandServer) -> None:
    promised(server, A)
    async with open_console((80, 24)) as desk:
        await tell(desk, A)
        await tell(desk)
        assert "Promise after closing: " not in desk.screen_text


async def test_promises_of_others_are_theirs(open_console: Opened, server: HandServer) -> None:
    promised(server)
    other(server, promise_due=DUE)
    server.mine["guest_in"] = [C]
    async with open_console((80, 24)) as desk:
        await tell(desk, C, "chatZZZZZZZZZZZZZZZZZZ")
        assert "after closing" not in desk.screen_text
