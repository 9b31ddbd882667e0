"""Where a customer is reached, put right by keyboard: by the menu, the list of commands, and ``/reach``."""

from __future__ import annotations

import pytest

from supportterm.console.widgets.field import Field
from supportterm.console.widgets.listing import Listing
from supportterm.protocol import kinds
from supportterm.protocol.frames import CallBack, GiveContact, Say

from .calling import MAIL, PHONE, TEN, asks, comes_up, happens
from .conftest import A, Opened, from_the_list, top
from .promising import READ, aid, write
from .server import SANNE, HandServer, sent


def given(server: HandServer) -> list[tuple[str, str]]:
    """What left for the server: of which chat, and the address or number."""
    return [(one.chat, one.contact) for one in sent(server.heard, GiveContact)]


def refused(server: HandServer) -> None:
    """A callback by mail whose answer the mail server did not take."""
    asks(server, A, "eva@exmaple.nl")
    comes_up(server, A, "mail", TEN)
    answer = happens(server, A, "message", by=SANNE, text="Het pakket komt vrijdag.")
    happens(server, A, "mailing", hidden=True, data=kinds.Mailing(answer.pub, 0))
    bounced = kinds.Mailed(answer.pub, "refused")
    happens(server, A, "mailed", hidden=True, data=bounced, text="no such user")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_refused_address_is_put_right_without_a_new_promise(
    open_console: Opened, server: HandServer, size: tuple[int, int]
) -> None:
    refused(server)
    async with open_console(size) as desk:
        assert "ctrl+y" in aid(desk)
        await desk.press("ctrl+y")
        await desk.until(lambda: top(desk) == "Pick")
        rows = list(desk.app.screen.query_one(Listing).text())
        assert any("Nothing new is promised" in row for row in rows)
        # It is chosen already.
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "Line")
        field = desk.app.screen.query_one(Field)
        assert field.text == "eva@exmaple.nl"
        await desk.press("end", *["backspace"] * len("exmaple.nl"))
        await desk.type("example")
        await desk.press("enter")
        assert "no e-mail address" in desk.screen_text
        assert given(server) == []
        await desk.type(".nl")
        await desk.press("enter")
        assert given(server) == [(A, MAIL)]
        assert sent(server.heard, CallBack) == []
        assert f"Noted: {MAIL}" in desk.screen_text


async def test_the_list_of_commands_has_it(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console((100, 30)) as desk:
        await from_the_list(desk, "another address")
        await desk.until(lambda: top(desk) == "Line")
        desk.app.screen.query_one(Field).put("")
        await desk.type(PHONE)
        await desk.press("enter")
        assert given(server) == [(A, PHONE)]


async def test_the_command_notes_it_and_is_never_sent(open_console: Opened, server: HandServer) -> None:
    asks(server, A)
    async with open_console((120, 30)) as desk:
        await write(desk, "/reach")
        assert "Type an address or number: eva@example.org" in aid(desk)
        await desk.press("enter")
        await write(desk, " eva@")
        assert "Such as eva@example.org" in aid(desk)
        await desk.press("enter")
        assert desk.main.composer.text == "/reach eva@"
        assert given(server) == []
        await write(desk, "example.nl")
        assert aid(desk).startswith(f"enter notes {MAIL}")
        await desk.later(READ)
        await desk.press("enter")
        assert given(server) == [(A, MAIL)]
        assert desk.main.composer.text == ""
        assert sent(server.heard, Say) == []


async def test_where_nothing_is_known_the_menu_has_no_row_for_it(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    async with open_console() as desk:
        await desk.press("ctrl+y")
        await desk.until(lambda: top(desk) == "Pick")
        assert "Only the address" not in desk.screen_text
