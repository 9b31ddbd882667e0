"""The line that says what enter promises: nothing starts unseen, and text and countdown say one time."""

from __future__ import annotations

import pytest

from supportterm.coach import promising
from supportterm.console.aids.promise import PromiseChip
from supportterm.console.widgets.listing import Listing
from supportterm.protocol.frames import Err, Say
from supportterm.protocol.limits import NAMED_PROMISE_MS
from supportterm.text import trusted

from .conftest import A, B, Opened, selected
from .promising import AGAIN, HOUR, READ, Gone, aid, chip, gone, running, shop, two_dutch, write
from .server import CUSTOMER, MINUTE, NOON, HandServer, beginning, say, sent


@pytest.fixture
def two_chats(server: HandServer) -> HandServer:
    """Two customers who write Dutch."""
    return two_dutch(server)


async def test_enter_sends_the_time_that_the_text_says(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        assert aid(desk) == (
            "enter sends and promises 2 min | alt+↑ 3 min · alt+↓ 1 min · alt+enter no promise"
        )
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 2 minuten terug", 2 * MINUTE, 0)]
        assert chip(desk) == ""


async def test_a_longer_time_changes_the_words_before_anything_is_sent(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik ben over 3 minuten terug"
        assert aid(desk).startswith("enter sends and promises 3 min | alt+↑ 5 min · alt+↓ 2 min")
        assert gone(two_chats) == []
        await desk.later(READ)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 3 minuten terug", 3 * MINUTE, 0)]


async def test_times_go_up_and_down_in_steps_and_chats_are_left_alone(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        chat = selected(desk)
        await write(desk, "Ik ben over 1 minuut terug")
        said = []
        for key in [*["alt+up"] * 8, *["alt+down"] * 9]:
            await desk.press(key)
            found = promising.find(desk.main.composer.text, "nl")
            assert found is not None
            said.append(found.ms // MINUTE)
        assert said == [2, 3, 5, 10, 15, 30, 60, 90, 60, 30, 15, 10, 5, 3, 2, 1, 1]
        assert selected(desk) == chat
        assert gone(two_chats) == []


async def test_where_nothing_is_shorter_no_key_says_so_and_it_does_nothing(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        chat = selected(desk)
        await write(desk, "Ik ben over 30 seconden terug")
        assert aid(desk) == "enter sends and promises 30 s | alt+↑ 1 min · alt+enter no promise"
        await desk.press("alt+down")
        assert desk.main.composer.text == "Ik ben over 30 seconden terug"
        assert selected(desk) == chat


async def test_a_day_too_far_away_names_the_limit_and_is_not_replaced_by_an_hour(
    open_console: Opened, two_chats: HandServer
) -> None:
    assert NAMED_PROMISE_MS == 90 * 24 * HOUR, "the sentence says so"
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik laat het u weten op 3 augustus")
        chat = selected(desk)
        assert aid(desk) == "That time is over, or more than 90 days away | alt+enter no promise"
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik laat het u weten op 3 augustus"
        await desk.press("alt+down")
        assert selected(desk) != chat, "there is no other time: the key goes to the chat below, as ever"


async def test_in_place_of_a_while_that_is_too_long_both_keys_put_one_that_can_be_promised(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        chat = selected(desk)
        for key in ("alt+up", "alt+down"):
            await write(desk, "Ik ben over 10 dagen terug")
            assert "alt+↑ 1 h" in aid(desk)
            await desk.press(key)
            assert (selected(desk), desk.main.composer.text) == (chat, "Ik ben over 1 uur terug")
            desk.main.composer.clear_text()


async def test_alt_enter_sends_without_and_without_a_chip_it_breaks_the_line(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        await desk.press("alt+enter")
        assert gone(two_chats) == [Gone("Ik ben over 2 minuten terug", 0, 0)]
        await desk.type("a")
        await desk.press("alt+enter")
        await desk.type("b")
        assert desk.main.composer.text == "a\nb"


async def test_esc_puts_the_chip_away_until_the_time_changes(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        await desk.press("escape")
        assert chip(desk) == ""
        await desk.type(" hoor")
        assert chip(desk) == ""
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 2 minuten terug hoor", 0, 0)]
        await write(desk, "Ik ben over 2 minuten terug")
        assert "promises 2 min" in aid(desk), "another message is another question"


async def test_without_alt_keys_the_time_is_changed_by_hand(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await write(desk, "Ik ben terug over 2 min")
        await desk.press("backspace", "backspace", "backspace", "backspace", "backspace")
        await write(desk, "4 min")
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben terug over 4 min", 4 * MINUTE, 0)]


async def test_nothing_starts_that_nobody_has_seen(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        # A burst: text and enter arrive together, before anybody could read the line.
        desk.main.composer.add("Ik ben over 2 minuten terug")
        desk.main.composer.action_send()
        await desk.settle()
        assert gone(two_chats) == []
        assert desk.main.composer.text == "Ik ben over 2 minuten terug"
        assert "promises 2 min" in aid(desk)
        await desk.press("enter")
        assert gone(two_chats) == [], "the same enter, pressed twice"
        await desk.later(AGAIN)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 2 minuten terug", 2 * MINUTE, 0)]


async def test_a_second_enter_after_sending_does_nothing_and_loses_nothing(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        await desk.press("enter", "enter")
        assert len(gone(two_chats)) == 1
        await desk.type("En dank")
        await desk.press("enter")
        two_chats.accept()
        await desk.until(lambda: len(gone(two_chats)) == 1)
        assert [one.text for one in gone(two_chats)] == ["En dank"]


async def test_a_vague_word_promises_nothing_until_a_time_is_chosen(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "Momentje, ik kijk het even na")
        assert aid(desk) == "No time promised | alt+↑ promises 2 min · esc no"
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Momentje, ik kijk het even na", 0, 0)]
        two_chats.accept()
        await desk.settle()
        await write(desk, "Momentje, ik kijk het even na")
        await desk.press("alt+up")
        assert desk.main.composer.text == "Momentje, ik kijk het even na. Ik ben over 2 minuten terug."
        assert "promises 2 min" in aid(desk)


async def test_the_suggestion_is_what_this_agent_usually_needs(
    open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.mine["usual_ms"] = 4 * MINUTE
    async with open_console((160, 45)) as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        assert "you usually need 4 min · alt+↑ 5 min · alt+enter without" in aid(desk)
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik ben over 5 minuten terug"
        assert "usually need" in aid(desk)


async def test_a_word_without_a_time_suggests_what_this_agent_usually_needs(
    open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.mine["usual_ms"] = 4 * MINUTE
    async with open_console((160, 45)) as desk:
        await write(desk, "Momentje, ik kijk het even na")
        assert "alt+↑ promises 5 min" in aid(desk)
        await desk.press("alt+up")
        assert desk.main.composer.text == "Momentje, ik kijk het even na. Ik ben over 5 minuten terug."


@pytest.mark.parametrize("width", [80, 100, 120])
async def test_it_is_seen_in_short_lines_too_where_less_is_promised(
    width: int, open_console: Opened, two_chats: HandServer
) -> None:
    two_chats.mine["usual_ms"] = 4 * MINUTE
    async with open_console((width, 24)) as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        assert "promises 2 min | usually 4 min · alt+↑ 5 min" in aid(desk)
        await desk.press("alt+up")
        assert "promises 5 min" in aid(desk)
        assert "usually" not in aid(desk)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("I'll be back in 900 hours", "At most 7 days, or a date up to 90 days away"),
        ("I'll be back in 0 minutes", "At least 30 seconds can be promised"),
        ("I'll be back in -5 minutes", "At least 30 seconds can be promised"),
    ],
)
async def test_an_absurd_time_is_refused_with_what_is_allowed(
    text: str, allowed: str, open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, text)
        assert aid(desk) == f"{allowed} | alt+↑ 1 h · alt+enter no promise"
        await desk.press("enter")
        await desk.later(AGAIN)
        await desk.press("enter")
        assert gone(two_chats) == []
        await desk.press("alt+up")
        await desk.later(READ)
        assert "promises 1 h" in aid(desk)


async def test_back_writes_a_line_in_the_customers_language(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, "/back 2m")
        assert aid(desk) == "enter writes that you'll be back in 2 min | nothing is sent yet"
        await desk.press("enter", "enter")
        assert desk.main.composer.text == "Ik ben over 2 minuten bij u terug."
        assert gone(two_chats) == [], "the second enter was the same one"
        await desk.later(AGAIN)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 2 minuten bij u terug.", 2 * MINUTE, 0)]


async def test_whoever_writes_english_reads_english_whatever_their_browser_speaks(
    open_console: Opened, server: HandServer
) -> None:
    text = "Hello, do you have this lamp in green, and when could I have it?"
    server.add(A, *beginning(A, NOON - 9 * MINUTE), say(A, 4, NOON - 9 * MINUTE, CUSTOMER, text, pub=3))
    async with open_console((160, 45)) as desk:
        await write(desk, "/back 2m")
        await desk.press("enter")
        assert desk.main.composer.text == "I'll be back with you in 2 minutes."


async def test_back_takes_named_times_and_the_shop_says_je(
    open_console: Opened, two_chats: HandServer
) -> None:
    shop(two_chats, familiar=["nl"])
    async with open_console((160, 45)) as desk:
        await write(desk, "/back 16:30")
        await desk.press("enter")
        assert desk.main.composer.text == "Ik ben om 16:30 bij je terug."
        await desk.later(AGAIN)
        await desk.press("enter")
        assert [one.due for one in gone(two_chats)] == [NOON + 150 * MINUTE]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/back", "/back 2m, /back 16:30"),
        ("/back soonish", "Which time? Such as /back 2m"),
        ("/back nan", "Which time? Such as /back 2m"),
        ("/back 900h", "At most 7 days"),
        ("/back 10s", "At least 30 seconds"),
    ],
)
async def test_a_command_never_reaches_the_customer(
    text: str, told: str, open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console((160, 45)) as desk:
        await write(desk, text)
        said = aid(desk)
        await desk.press("enter")
        await desk.later(AGAIN)
        await desk.press("enter")
        assert gone(two_chats) == []
        assert desk.main.composer.text == text
        assert said.startswith(told)


async def test_the_menu_puts_a_line_there_and_sends_nothing(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await desk.press("ctrl+y")
        await desk.until(lambda: "Promise Customer" in desk.screen_text)
        assert "14:10" in desk.screen_text
        await desk.type("12")
        await desk.press("enter", "enter")
        await desk.until(lambda: desk.main.composer.text)
        assert desk.main.composer.text == "Ik ben over 12 minuten bij u terug."
        assert gone(two_chats) == []
        await desk.later(AGAIN)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 12 minuten bij u terug.", 12 * MINUTE, 0)]


async def test_the_menu_adds_to_what_is_written(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.type("Goede vraag")
        await desk.press("ctrl+y")
        await desk.until(lambda: "Promise Customer" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: len(desk.main.composer.text) > 20)
        assert desk.main.composer.text == "Goede vraag. Ik ben over 5 minuten bij u terug."


async def test_one_key_extends_with_an_honest_line(open_console: Opened, server: HandServer) -> None:
    shop(server)
    running(server, given=NOON - MINUTE, due=NOON + MINUTE)
    async with open_console((160, 45)) as desk:
        await desk.press("ctrl+y")
        await desk.until(lambda: "More time for" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text)
        line = "Het kost me iets meer tijd dan ik dacht. Ik ben over 5 minuten bij u terug."
        assert desk.main.composer.text == line
        await desk.later(AGAIN)
        assert aid(desk).startswith("enter sends and extends, 5 min from now")
        await desk.press("enter")
        assert gone(server) == [Gone(line, 5 * MINUTE, 0)]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_time_before_the_one_that_runs_is_called_so_and_extends_nothing(
    open_console: Opened, server: HandServer, size: tuple[int, int]
) -> None:
    shop(server)
    running(server, given=NOON - MINUTE, due=NOON + 9 * MINUTE)
    async with open_console(size) as desk:
        await write(desk, "Ik ben over 2 minuten bij u terug.")
        assert "extend" not in aid(desk)
        assert "14:09 stays" in aid(desk)
        await desk.press("alt+up")
        assert desk.main.composer.text == "Ik ben over 10 minuten bij u terug.", "the first that is later"
        await desk.later(READ)
        assert "10 min from now" in aid(desk)
        desk.main.composer.clear_text()
        await write(desk, "Ik ben over 2 minuten bij u terug.")
        await desk.press("enter")
        # The desk decides that it moves nothing, and that it is no answer.
        assert gone(server) == [Gone("Ik ben over 2 minuten bij u terug.", 2 * MINUTE, 0)]


async def test_neither_the_menu_nor_the_command_gives_more_time_that_is_less(
    open_console: Opened, server: HandServer
) -> None:
    shop(server)
    running(server, given=NOON - MINUTE, due=NOON + 9 * MINUTE)
    async with open_console((100, 30)) as desk:
        await desk.press("ctrl+y")
        await desk.until(lambda: "More time for" in desk.screen_text)
        rows = list(desk.app.screen.query_one(Listing).text())
        assert not any(row.startswith(("1 min", "2 min", "3 min", "5 min")) for row in rows)
        assert any(row.startswith("10 min") for row in rows)
        await desk.type("4")
        assert "Sooner than promised: 14:09 stays" in desk.screen_text
        await desk.press("enter", "escape")
        assert desk.main.composer.text == ""
        await write(desk, "/back 2m")
        assert aid(desk).startswith("Sooner than promised: 14:09 stays")
        await desk.press("enter")
        assert desk.main.composer.text == "/back 2m"
        assert gone(server) == []


async def test_an_overdue_promise_asks_for_a_new_time_first(open_console: Opened, server: HandServer) -> None:
    running(server, given=NOON - 9 * MINUTE, due=NOON - 3 * MINUTE, over=True)
    async with open_console((160, 45)) as desk:
        assert aid(desk) == "You promised 13:57: 3m late | ctrl+y gives a new time"
        assert "late 3m" in desk.screen_text
        await desk.press("ctrl+y")
        await desk.until(lambda: "A new time for" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text)
        assert desk.main.composer.text.startswith("Sorry, dit duurde langer dan ik u had gezegd.")


async def test_a_refused_message_is_tried_again_with_its_time(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        await write(desk, "Ik ben over 2 minuten terug")
        await desk.press("enter")
        (first,) = sent(two_chats.heard, Say)
        two_chats.give(Err("rate", id=first.id))
        await desk.until(lambda: "not sent" in desk.screen_text)
        await desk.press("ctrl+r")
        again = sent(two_chats.heard, Say)[-1]
        assert (again.id == first.id, again.promise) == (False, 2 * MINUTE)


async def test_a_note_promises_nothing(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        await desk.press("ctrl+o")
        await write(desk, "Ik ben over 2 minuten terug")
        assert chip(desk) == ""


async def test_going_elsewhere_and_back_the_chip_is_still_there(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        assert selected(desk) == B
        desk.stop_the_clock()
        await write(desk, "Ik ben over 2 minuten terug")
        await desk.press("f4")
        assert (selected(desk), chip(desk)) == (A, "")
        await desk.press("f3")
        assert selected(desk) == B
        assert "promises 2 min" in aid(desk)
        await desk.press("enter")
        assert gone(two_chats) == [], "it stands there anew, and nobody read it yet"
        await desk.later(AGAIN)
        await desk.press("enter")
        assert [one.promise for one in gone(two_chats)] == [2 * MINUTE]


async def test_a_word_half_typed_keeps_its_promise_and_enter_does_what_is_shown(
    open_console: Opened, two_chats: HandServer
) -> None:
    async with open_console() as desk:
        desk.stop_the_clock()
        await write(desk, "Ik ben over 5 minu")
        assert "promises 5 min" in aid(desk)
        await desk.press("enter")
        assert gone(two_chats) == [Gone("Ik ben over 5 minu", 5 * MINUTE, 0)]
        desk.main.composer.rewrite(trusted("Ik ben over 5 minu"))
        await desk.later(READ)
        assert "promises 5 min" not in aid(desk), "pasted, it is what the grammar reads"


async def test_a_text_is_looked_at_once_for_each_change(open_console: Opened, two_chats: HandServer) -> None:
    async with open_console() as desk:
        (chip,) = [one for one in desk.main.writing.aids.helpers if isinstance(one, PromiseChip)]
        text = "Ik ben terug over 2 min"
        await desk.type(text)
        for _ in range(5):
            desk.main.paint()
        assert chip.finds <= len(text) + 1
