"""What a text does to the promise that runs is said before it is sent; a canned time is only offered."""

from __future__ import annotations

import pytest

from supportterm.protocol import views
from supportterm.protocol.frames import Say

from .conftest import A, Opened
from .promising import READ, Gone, aid, chip, gone, running, shop, write
from .replies import SHOP, lamp, reply
from .server import CUSTOMER, MINUTE, NOON, HandServer, beginning, say, sent

__all__ = ["lamp"]

GREETING = "Goedemiddag, u spreekt met Sanne. Ik zie uw vraag over bestelling F-71305 en kijk met u mee."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Uw pakket ligt klaar", "enter answers: the promise is kept"),
        ("Wat is uw postcode?", "enter answers: the promise is kept"),
        (GREETING, "This answers nothing: the promise goes on, by 14:08"),
        ("Ik ben nog aan het zoeken", "This does not keep your promise"),
    ],
)
async def test_long_before_the_last_minute_the_line_says_what_enter_does(
    open_console: Opened, server: HandServer, text: str, said: str
) -> None:
    shop(server)
    running(server, given=NOON, due=NOON + 8 * MINUTE)
    async with open_console((160, 45)) as desk:
        await write(desk, text)
        assert aid(desk).startswith(said)
        assert not any(desk.main.aid_bar.has_class(tone) for tone in ("-warn", "-held", "-promise"))
        await desk.later(3 * MINUTE)
        assert aid(desk).startswith(said), "steady"


@pytest.mark.parametrize(
    ("text", "said", "promises"),
    [
        (
            "Uw pakket ligt in Utrecht. Ik bel ze en ben over 5 minuten terug.",
            "This answers nothing: the promise goes on, by 14:08",
            True,
        ),
        ("Ik bel u om 14:25", "This answers nothing: the promise goes on, by 14:08", True),
        ("Ik bel u om 16:25", "enter answers: the promise is kept", True),
        ("Uw pakket komt vandaag tussen 14 en 15 uur", "enter answers: the promise is kept", False),
    ],
)
async def test_a_time_that_is_sent_plain_is_no_answer_if_it_is_near(
    open_console: Opened, server: HandServer, text: str, said: str, promises: bool
) -> None:
    shop(server)
    running(server, given=NOON, due=NOON + 8 * MINUTE)
    async with open_console((160, 45)) as desk:
        await write(desk, text)
        if promises:
            await desk.press("escape")
        assert aid(desk).startswith(said)


async def test_it_is_said_at_eighty_columns_and_not_without_a_promise(
    open_console: Opened, server: HandServer
) -> None:
    shop(server)
    running(server, given=NOON, due=NOON + 8 * MINUTE)
    async with open_console((80, 24)) as desk:
        await write(desk, "Uw pakket ligt klaar")
        assert aid(desk).startswith("enter answers: the promise is kept")
        await desk.press("ctrl+u")
        await write(desk, GREETING)
        assert aid(desk).startswith("This answers nothing: the promise goes on, by 14:08")
        await desk.press("f2")
        await desk.type("Een notitie")
        assert "promise" not in aid(desk)


async def test_words_without_a_time_that_answer_say_so(open_console: Opened, server: HandServer) -> None:
    shop(server)
    running(server, given=NOON, due=NOON + 8 * MINUTE)
    async with open_console((160, 45)) as desk:
        await write(desk, "Uw pakket ligt klaar. Ik meld me zo")
        assert chip(desk).startswith("enter answers: the promise is kept | alt+↑ promises")


async def test_a_greeting_is_not_told_that_it_promises_no_time(
    open_console: Opened, server: HandServer
) -> None:
    shop(server)
    server.add(
        A, *beginning(A, NOON - MINUTE), say(A, 4, NOON - MINUTE, CUSTOMER, "Waar is mijn pakket?", pub=3)
    )
    async with open_console() as desk:
        await desk.press("tab")
        assert desk.main.composer.text
        await desk.later(READ)
        assert chip(desk) == ""


async def test_a_greeting_in_the_last_minute_answers_nothing(
    open_console: Opened, server: HandServer
) -> None:
    shop(server)
    running(server, given=NOON - MINUTE, due=NOON + MINUTE)
    async with open_console((160, 45)) as desk:
        await desk.later(40_000)
        await write(desk, GREETING)
        assert "this answers nothing yet" in aid(desk)
        assert "enter answers" not in aid(desk)


def canned(server: HandServer, kind: str, text: str) -> None:
    """A shop with this one reply."""
    server.views["replies"] = views.Replies([views.ShopReplies(SHOP, [reply("one", kind, nl=text)])])


async def test_the_time_of_a_canned_text_is_only_offered(open_console: Opened, lamp: HandServer) -> None:
    text = "Vanavond om 20:00 krijgt u een mail van ons."
    canned(lamp, "other", text)
    async with open_console((100, 40)) as desk:
        await desk.type("/one")
        await desk.press("enter")
        await desk.later(READ * 3)
        assert aid(desk).startswith("From the list: enter promises nothing | alt+↑ promises 20:00")
        await desk.press("enter")
        assert gone(lamp) == [Gone(text, 0, 0)]


async def test_one_key_makes_it_the_agents_own(open_console: Opened, lamp: HandServer) -> None:
    text = "Vanavond om 20:00 krijgt u een mail van ons."
    canned(lamp, "other", text)
    async with open_console((100, 40)) as desk:
        await desk.type("/one")
        await desk.press("enter")
        await desk.later(READ * 3)
        await desk.press("alt+up")
        assert desk.main.composer.text == text
        assert "promises 20:00" in aid(desk).replace("by ", "")
        await desk.later(READ)
        await desk.press("enter")
        assert [(one.text, one.due) for one in gone(lamp)] == [(text, NOON + 6 * 60 * MINUTE)]


async def test_another_time_in_its_place_is_the_agents(open_console: Opened, lamp: HandServer) -> None:
    canned(lamp, "solution", "U hoort van ons om 20:00.")
    async with open_console((100, 40)) as desk:
        await write(desk, "U hoort van ons om 20:00.")
        assert "promises nothing" in aid(desk)
        await desk.press(*["backspace"] * 3)
        await desk.type("30.")
        await desk.later(READ)
        assert "From the list" not in aid(desk)
        assert "20:30" in aid(desk)


async def test_a_time_filled_into_a_gap_is_the_agents(open_console: Opened, lamp: HandServer) -> None:
    canned(lamp, "other", "Wij bellen u over {?hoelang} terug.")
    async with open_console((100, 40)) as desk:
        await write(desk, "Wij bellen u over 20 minuten terug.")
        assert "From the list" not in aid(desk)
        assert "20 min" in aid(desk)


async def test_a_canned_line_that_only_asks_for_a_moment_promises_by_enter(
    open_console: Opened, lamp: HandServer
) -> None:
    canned(lamp, "other", "Ik ben over 5 minuten terug.")
    async with open_console((100, 40)) as desk:
        await desk.type("/one")
        await desk.press("enter")
        await desk.later(READ * 3)
        assert "enter promises 5 min" in aid(desk)
        await desk.press("enter")
        assert [one.promise for one in sent(lamp.heard, Say)] == [5 * MINUTE]
