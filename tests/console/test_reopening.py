"""A chat that was ended because of abuse is not reopened by a key that slipped."""

from __future__ import annotations

import pytest

from supportterm.protocol import kinds
from supportterm.protocol.frames import CloseChat, Reopen

from .conftest import B, Desk, Opened, selected, top
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, event, sent

HOUR = 60 * MINUTE
ENDED = event(B, 5, NOON, SANNE, "closed", pub=4, data=kinds.Closed("abuse"))


async def ended(desk: Desk, server: HandServer, until: int = 0) -> None:
    """The open chat was ended because of abuse, and its customer is perhaps blocked."""
    if until:
        server.mine["blocked"] = {B: until}
    server.give(ENDED)
    server.tell_views()
    await desk.until(lambda: "This chat is closed · F8 reopens it" in desk.bar("line"))


async def test_who_is_blocked_is_named_and_what_becomes_of_the_block(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await ended(desk, two_chats, NOON + HOUR)
        await desk.press("f8")
        name, time = desk.app.session.name_for(B), desk.app.session.words.clock(NOON + HOUR)
        assert f"{name} is blocked until {time}. Reopen?" in desk.screen_text
        shown = " ".join(desk.screen_text.split())
        assert "They can write here again at once. The block stays" in shown
        assert "A supervisor can end the block." in shown
        # No is what enter means at first, and f8 again is no yes.
        await desk.press("f8", "enter")
        assert (top(desk), sent(two_chats.heard, Reopen)) == ("MainScreen", [])
        await desk.press("f8", "down", "enter")
        assert [frame.chat for frame in sent(two_chats.heard, Reopen)] == [B]
        assert "Reopening the chat" in desk.bar("status")


async def test_a_block_of_days_says_which(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await ended(desk, two_chats, NOON + 7 * 24 * HOUR)
        await desk.press("f8")
        assert f"is blocked until {desk.app.session.words.when(NOON + 168 * HOUR, NOON)}" in desk.screen_text


async def test_an_end_alone_is_asked_too_and_tells_of_no_block(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await ended(desk, two_chats)
        await desk.press("f8")
        assert "Ended because of abuse" in desk.screen_text
        assert "They could not reopen this chat themselves" in " ".join(desk.screen_text.split())
        assert "block" not in desk.screen_text
        assert sent(two_chats.heard, Reopen) == []
        await desk.press("down", "enter")
        assert [frame.chat for frame in sent(two_chats.heard, Reopen)] == [B]


async def test_another_chat_of_somebody_who_is_blocked_is_asked_too(
    open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.mine["blocked"] = {B: NOON + HOUR}
    async with open_console() as desk:
        two_chats.give(event(B, 5, NOON, CUSTOMER, "closed", pub=4, data=kinds.Closed("customer")))
        await desk.until(lambda: desk.main.composer.read_only)
        await desk.press("f8", "enter")
        assert sent(two_chats.heard, Reopen) == []


async def test_it_may_go_on_without_us_while_it_is_asked(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await ended(desk, two_chats, NOON + HOUR)
        await desk.press("f8")
        two_chats.give(event(B, 6, NOON, SANNE, "reopened", pub=5, data=kinds.Reopened()))
        await desk.until(lambda: not desk.app.session.may_reopen)
        await desk.press("down", "enter")
        await desk.settle()
        assert (sent(two_chats.heard, Reopen), sent(two_chats.heard, CloseChat)) == ([], [])
        assert not desk.app.session.closings


@pytest.mark.parametrize(("language", "yes"), [("nl", "Ja, heropenen"), ("da", "Ja, genåbn den")])
async def test_all_of_it_can_be_read_at_eighty_columns(
    open_console: Opened, two_chats: HandServer, language: str, yes: str
) -> None:
    async with open_console() as desk:
        desk.app.choose_language(language)
        two_chats.mine["blocked"] = {B: NOON + HOUR}
        two_chats.give(ENDED)
        two_chats.tell_views()
        await desk.until(lambda: desk.app.session.may_reopen and selected(desk) == B)
        await desk.press("f8")
        words = desk.app.session.words
        assert yes in desk.screen_text
        name, time = desk.app.session.name_for(B), words.clock(NOON + HOUR)
        assert words.say("reopen.blocked", name=name, time=time) in desk.screen_text
        shown = "".join(row.strip(" │┃|") + " " for row in desk.rows())
        assert str(words.say("reopen.about_blocked")) in " ".join(shown.split())
