"""A time by the clock, and one at which the shop is closed or the agent gone, and what is offered then."""

from __future__ import annotations

import pytest

from supportterm.coach import promising
from supportterm.coach.hours import Hours
from supportterm.coach.timetable import week_of
from supportterm.protocol import views
from supportterm.protocol.frames import HandOff, Say

from .conftest import Desk, Opened
from .promising import HOUR, READ, Gone, aid, gone, shop, two_dutch, write
from .server import MINUTE, NOON, SANNE, HandServer, event, sent
from .team import colleagues


@pytest.fixture
def two_chats(server: HandServer) -> HandServer:
    """Two customers who write Dutch."""
    return two_dutch(server)


async def test_a_named_time_is_one_of_the_shops_clock(open_console: Opened, two_chats: HandServer) -> None:
    shop(two_chats, zone="Europe/Amsterdam", hours=None)
    async with open_console((160, 45)) as desk:
        # 14:00 UTC is 15:00 in Amsterdam.
        await write(desk, "Ik kom er om half vijf op terug")
        assert "promises 16:30 there (15:30 here)" in aid(desk)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik kom er om half vijf op terug", 0, NOON + 90 * MINUTE)]


async def test_this_afternoon_ends_when_the_shop_says(open_console: Opened, two_chats: HandServer) -> None:
    shop(two_chats, afternoon_ends=16 * 60)
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik mail u vanmiddag nog")
        assert "promises by 16:00" in aid(desk)


async def test_a_named_time_is_moved_by_half_hours_and_says_so(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik kom er om 16:10 op terug")
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik kom er om 16:30 op terug"
        await desk.press("alt+down", "alt+down")
        assert desk.main.composer.text == "Ik kom er om 15:30 op terug"
        await desk.later(READ)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik kom er om 15:30 op terug", 0, NOON + 90 * MINUTE)]


async def test_outside_the_hours_there_is_a_choice(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik kom er om 19:00 op terug")
        assert aid(desk) == (
            "19:00: closed | enter keeps it · alt+↑ tomorrow 10:00 · alt+↓ 17:30 · F10 hands over"
        )
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik kom er morgen om 10:00 op terug"
        await desk.later(READ)
        await desk.press("enter")
        assert [one.due for one in gone(two_chats)] == [NOON + 20 * HOUR]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 30)])
async def test_it_may_be_handed_over_at_every_width_and_in_the_small_menu(
    open_console: Opened, two_chats: HandServer, size: tuple[int, int]
) -> None:
    async with open_console(size) as desk:
        await write(desk, "Ik kom er om 19:00 op terug")
        assert "F10 hands over" in desk.screen_text
        await desk.press("ctrl+y")
        await desk.type("hand over")
        assert "Hand over to a colleague…" in desk.screen_text
        await desk.press("enter")
        assert "Hand Customer" in desk.screen_text


async def test_what_falls_within_the_hours_is_not_to_be_handed_over(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await write(desk, "Ik kom er om 15:00 op terug")
        await desk.press("ctrl+y")
        assert "Hand over" not in desk.screen_text


async def test_who_stays_after_hours_may_say_so(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await write(desk, "Ik kom er om 19:00 op terug")
        assert aid(desk) == "Closed then | enter keeps it · F10 hands over"
        await desk.press("enter")
        assert [one.due for one in gone(two_chats)] == [NOON + 5 * HOUR]


def works(server: HandServer, **days: str) -> None:
    """The agent's shifts, in UTC as the shop."""
    server.mine["shift"] = Hours("UTC", week_of(days))


async def test_after_the_shift_there_is_the_same_choice(open_console: Opened, two_chats: HandServer) -> None:
    works(two_chats, sun="9:00-16:00", tue="12:00-16:00")
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik kom er om 17:00 op terug")
        assert aid(desk) == (
            "17:00: you are off | enter keeps it · alt+↑ Tuesday 13:00 · alt+↓ 16:00 · F10 hands over"
        )
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik kom er dinsdag om 13:00 op terug"
        await desk.later(READ)
        await desk.press("enter")
        assert [one.due for one in gone(two_chats)] == [NOON + 47 * HOUR]


async def test_handed_over_it_is_promised_and_whoever_takes_the_chat_keeps_it(
    open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.views["team"] = views.Team(colleagues(), [])
    works(two_chats, sun="9:00-16:00")
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik kom er om 17:00 op terug")
        await desk.press("f10")
        assert "promised an answer by 17:00" in desk.screen_text
        await desk.press("escape")
        assert gone(two_chats) == [], "not handed on, and not sent"
        await desk.press("f10")
        await hand(desk, "bo")
        (said,) = sent(two_chats.heard, Say)
        assert (said.text, said.due) == ("Ik kom er om 17:00 op terug", NOON + 3 * HOUR)
        # In that order: who hands a chat on may not write in it once it is taken.
        assert sent(two_chats.heard, HandOff) == []
        two_chats.give(event(said.chat, 7, NOON, SANNE, "message", pub=6, text=said.text, id=said.id))
        await desk.until(lambda: sent(two_chats.heard, HandOff))
        (handed,) = sent(two_chats.heard, HandOff)
        assert (handed.agent, handed.text) == ("a2", "until five")
        assert desk.main.composer.text == ""
        # What promises no such time is a draft for later.
        await write(desk, "Ik kijk het na")
        await desk.press("f10")
        assert "promised an answer" not in desk.screen_text
        await desk.press("escape")


async def hand(desk: Desk, whom: str) -> None:
    for text in (whom, "off at four", "until five"):
        await desk.type(text)
        await desk.press("enter")


async def test_after_the_shift_in_a_narrow_terminal_and_by_hand(
    open_console: Opened, two_chats: HandServer
) -> None:
    works(two_chats, sun="9:00-16:00")
    async with open_console() as desk:
        await write(desk, "Ik kom er om 17:00 op terug")
        assert aid(desk).startswith("You are off | enter keeps it")
        await desk.press("enter")
        assert [one.due for one in gone(two_chats)] == [NOON + 3 * HOUR]


async def test_a_while_that_ends_after_the_shift_is_asked_about_only_while_it_lasts(
    open_console: Opened, two_chats: HandServer
) -> None:
    works(two_chats, sun="9:00-16:00")
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik laat het binnen 3 uur weten")
        assert aid(desk).startswith("You are off | enter keeps it")
        await desk.press("ctrl+u")
        works(two_chats, sun="9:00-13:00")
        two_chats.tell_views()
        mine = desk.app.session.journal
        await desk.until(lambda: mine.mine is not None and mine.mine.shift == two_chats.mine["shift"])
        await write(desk, "Ik laat het binnen 3 uur weten")
        assert "sends and promises" in aid(desk)


async def test_the_menu_and_the_command_say_it_too(open_console: Opened, two_chats: HandServer) -> None:
    works(two_chats, sun="9:00-14:30", mon="8:00-12:00")
    async with open_console((160, 45)) as desk:
        await desk.press("ctrl+y")
        assert "You are off · 15:00" in desk.screen_text
        assert "tomorrow 10:00" in desk.screen_text
        await desk.press("escape")
        await write(desk, "/back 15:00")
        assert "15:00: you are off" in aid(desk)


async def test_a_while_that_ends_after_closing_is_asked_about(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik laat het binnen 4 uur weten")
        assert "18:00: closed | enter keeps it · alt+↑ tomorrow 10:00 · alt+↓ 17:30" in aid(desk)
        await desk.press("alt+down")
        assert promising.find(desk.main.composer.text, "nl") is not None
        assert "17:30" in desk.main.composer.text


async def test_a_weekday_that_is_not_the_dates_promises_nothing(
    open_console: Opened, two_chats: HandServer
) -> None:
    # It is Sunday 22 November.
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik bel u dinsdag 25 november")
        assert (
            aid(desk)
            == "That day is Wednesday 25 November: change the day or the date | alt+enter no promise"
        )
        await desk.press("enter")
        assert (gone(two_chats), desk.main.composer.text) == ([], "Ik bel u dinsdag 25 november")
        await desk.press("home", "shift+end", "delete")
        await write(desk, "Ik bel u woensdag 25 november")
        assert "promises" in aid(desk)
    async with open_console((80, 24)) as desk:
        await desk.press("home", "shift+end", "delete")
        await write(desk, "Ik bel u dinsdag 25 november")
        assert aid(desk) == "That is Wednesday 25 November | alt+enter without"
