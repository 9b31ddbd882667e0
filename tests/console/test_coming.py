"""Chats that come: offered with a key to take them, or taken from the queue and the left messages."""

from __future__ import annotations

import pytest

from supportterm.protocol import kinds
from supportterm.protocol.frames import (
    Accept,
    Decline,
    Err,
    Take,
)

from .conftest import Opened, from_the_list, selected, top
from .server import CUSTOMER, NOON, SANNE, HandServer, event, sent
from .team import BUSY, L1, LIGHT, Q1, C, desk_of, offer, other


async def test_an_offer_is_read_first_then_taken_with_one_key(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, offers=[offer()])
    other(server)
    async with open_console((110, 30)) as desk:
        assert "▶ Bo hands you Customer" in desk.screen_text
        assert "s: second level" in desk.screen_text
        assert "F6 takes it, F7 does not" in desk.screen_text
        await desk.press("f3", "f3", "f3")
        assert selected(desk) == C
        assert "Charged twice; receipt 4711 checked." in desk.screen_text
        assert "Offered to you" in desk.bar("line")
        await desk.type("x")
        assert desk.main.composer.text == ""
        await desk.press("f6")
        (frame,) = sent(server.heard, Accept)
        assert frame.chat == C
        assert "You have it in a moment" in desk.bar("status")
        server.give(
            event(C, 6, NOON, SANNE, "handoff_ended", data=kinds.HandoffEnded("accepted", "a1")),
            event(C, 7, NOON, SANNE, "joined", pub=4, data=kinds.Joined("Sanne", "Bo"), id=frame.id),
        )
        server.mine["offers"] = []
        server.tell_views()
        await desk.until(lambda: "Message to" in desk.bar("line"))
        assert "hands you" not in desk.screen_text
        assert "You have it in a moment" not in desk.screen_text, "it is there"
        assert "Sanne joined instead of Bo" in desk.screen_text


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("offer", "is offered to you", "Not taken: it goes to somebody else"),
        ("handoff", "Bo hands you", "Not taken: Bo learns of it"),
    ],
)
async def test_an_offer_is_declined_with_one_key(
    open_console: Opened, server: HandServer, kind: str, row: str, said: str
) -> None:
    desk_of(server, offers=[offer(kind=kind)])
    async with open_console() as desk:
        assert row in desk.screen_text
        await desk.press("f7")
        assert said in desk.bar("status")
        assert [frame.chat for frame in sent(server.heard, Decline)] == [C]
        server.mine["offers"] = []
        server.tell_views()
        await desk.until(lambda: row not in desk.screen_text)
        await desk.press("f6")
        assert "Nothing is offered to you" in desk.bar("status")
        assert sent(server.heard, Accept) == []


async def test_the_queue_is_read_and_a_chat_taken_by_hand(open_console: Opened, server: HandServer) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+l")
        assert "da refunds" in desk.screen_text
        assert "had an agent before" in desk.screen_text
        assert "priority 1 · offered to Bo" in desk.screen_text
        await desk.press("down", "up", "enter")
        (frame,) = sent(server.heard, Take)
        assert (frame.chat, frame.sure) == (Q1, False)
        server.give(Err("taken", id=frame.id, who="Bo"))
        await desk.until(lambda: "Refused: Bo has this chat" in desk.screen_text)
        await desk.press("escape")
        assert desk.main.composer.has_focus


async def test_over_the_ceiling_it_is_asked_once(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("ctrl+l", "enter")
        assert "That makes 3.2 of 2.5: take it anyway?" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "QueuePage")
        assert sent(server.heard, Take) == [], "the safe answer is the one under enter"
        await desk.press("enter", "down", "enter")
        assert [(frame.chat, frame.sure) for frame in sent(server.heard, Take)] == [(Q1, True)]


async def test_a_refusal_over_the_ceiling_asks_and_sends_it_again_with_sure(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+l", "enter")
        (frame,) = sent(server.heard, Take)
        server.mine["load"] = BUSY
        server.tell_views()
        server.give(Err("over_ceiling", id=frame.id))
        await desk.until(lambda: "That makes 3.2 of 2.5" in desk.screen_text)
        await desk.press("down", "enter")
        assert [frame.sure for frame in sent(server.heard, Take)] == [False, True]


async def test_a_chat_that_was_taken_is_opened_unless_somebody_writes(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await desk.press("ctrl+l", "enter")
        (frame,) = sent(server.heard, Take)
        server.come(
            Q1,
            event(Q1, 1, NOON, CUSTOMER, "opened", pub=1, data=kinds.Opened("hof", "da")),
            event(Q1, 2, NOON, SANNE, "joined", pub=2, data=kinds.Joined("Sanne"), id=frame.id),
        )
        await desk.until(lambda: top(desk) == "MainScreen")
        assert selected(desk) == Q1


async def test_left_messages_say_whose_and_how_they_stand(open_console: Opened, server: HandServer) -> None:
    desk_of(server, load=LIGHT)
    async with open_console() as desk:
        await from_the_list(desk, "left")
        await desk.until(lambda: top(desk) == "LeftPage")
        assert "! 5m late" in desk.screen_text
        assert "✓✓ read" in desk.screen_text
        await desk.press("enter")
        assert [frame.chat for frame in sent(server.heard, Take)] == [L1]
