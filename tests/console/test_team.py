"""What surrounds a chat: the time after it, abuse, why it came, and the day."""

from __future__ import annotations

from supportterm.protocol import kinds, views
from supportterm.protocol.frames import (
    Abuse,
    Because,
    Breather,
    Ok,
    Why,
)

from .conftest import Opened, from_the_list, selected
from .server import BO, CUSTOMER, DESK, MINUTE, NOON, HandServer, event, say, sent
from .team import BUSY, LIGHT, A, B, C, desk_of


async def test_the_breather_counts_down_and_ends_with_one_key(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server, wrap_ups=[views.WrapUp(C, NOON + 25_000, extended=False, long=False)])
    async with open_console((100, 24)) as desk:
        assert "finish your notes" in desk.screen_text
        assert "F11 ends it · ctrl+f gives more time" in desk.screen_text
        await desk.press("f11")
        await from_the_list(desk, "more time")
        first = sent(server.heard, Breather)[0]
        assert (first.chat, first.act) == (C, "end")
        server.give(Ok(first.id))
        await desk.until(lambda: len(sent(server.heard, Breather)) == 2)
        assert sent(server.heard, Breather)[1].act == "extend"


async def test_abuse_is_answered_step_by_step(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((80, 30)) as desk:
        await from_the_list(desk, "abuse")
        await desk.until(lambda: "The customer reads one calm line" in desk.screen_text)
        await desk.type("day")
        await desk.press("enter")
        assert "End this chat and block the customer?" in desk.screen_text
        await desk.press("enter")
        assert sent(server.heard, Abuse) == []
        await from_the_list(desk, "abuse")
        await desk.type("day")
        await desk.press("enter", "down", "enter")
        assert [(f.chat, f.act, f.minutes) for f in sent(server.heard, Abuse)] == [(B, "block", 1440)]


async def test_why_me_and_why_not_the_others(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((100, 30)) as desk:
        server.give(
            event(
                B,
                5,
                NOON - 8 * MINUTE,
                DESK,
                "routed",
                data=kinds.Routed("a1", "load", 50, 250, 1, 5, [views.Part("answered", 1, 50)]),
            )
        )
        await from_the_list(desk, "why")
        await desk.until(lambda: sent(server.heard, Why))
        assert "One moment…" in desk.screen_text
        server.give(
            Because(
                B,
                [
                    views.Verdict("a1", "Sanne", BUSY, "owner"),
                    views.Verdict("a3", "Iben", BUSY, "language"),
                    views.Verdict("a2", "Bo", LIGHT),
                ],
            )
        )
        await desk.until(lambda: "not asked: does not speak the language" in desk.screen_text)
        assert "have this chat" in desk.screen_text
        assert "may get it next" in desk.screen_text
        assert "To Sanne, who had the most room (0.5 of 2.5)" in desk.screen_text
        await desk.press("escape")
        assert desk.main.composer.has_focus


async def test_many_decisions_in_a_row_are_one_line(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((110, 30)) as desk:
        names = ["a2", "a3", "a2", "a3"]
        server.give(
            *(event(B, 5 + n, NOON, DESK, "offered", data=kinds.Offered(a)) for n, a in enumerate(names)),
            event(B, 9, NOON, DESK, "offer_ended", data=kinds.OfferEnded("a3", "expired")),
        )
        await desk.until(
            lambda: "Iben did not answer the offer · after 4 earlier decisions" in desk.screen_text
        )
        assert "Offered to" not in desk.screen_text
        server.give(say(B, 10, NOON, CUSTOMER, "hello?", pub=4))
        server.give(event(B, 11, NOON, DESK, "offered", data=kinds.Offered("a2")))
        await desk.until(lambda: "Offered to Bo" in desk.screen_text)


async def test_a_declined_handoff_is_one_line(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((110, 30)) as desk:
        server.give(
            event(B, 5, NOON, BO, "handoff_ended", data=kinds.HandoffEnded("declined", "a2")),
            event(B, 6, NOON, DESK, "stays", data=kinds.Stays("Sanne"), pub=4),
            say(B, 7, NOON, CUSTOMER, "hello?", pub=5),
        )
        await desk.until(lambda: "hello?" in desk.screen_text)
        assert "Bo declined the handoff" in desk.screen_text
        assert "Sanne goes on" not in desk.screen_text


async def test_today_is_for_everybody(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        assert "Delivery strike until 22:00" in desk.screen_text
        await from_the_list(desk, "today")
        await desk.until(lambda: "banner: Delivery strike" in desk.screen_text)
        assert "closes at 17:00" in desk.screen_text
        assert "opens Monday 23 November at 10:00" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: selected(desk) == A)


async def test_the_board_is_not_for_everybody(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f12")
        assert "This page is for supervisors." in desk.screen_text
        await desk.press("escape", "ctrl+f")
        assert "Board" not in desk.screen_text
