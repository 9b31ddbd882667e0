"""Promising a callback by keyboard: the menu, the command, the words; when, how, and where to."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.widgets.listing import Listing
from supportterm.protocol.frames import CallBack, Err, Say

from .calling import MAIL, PHONE, TEN, asks, listed
from .conftest import A, Desk, Opened, top
from .promising import HOUR, READ, aid, write
from .server import CUSTOMER, MINUTE, NOON, HandServer, say, sent


def promised(server: HandServer) -> list[tuple[int, str, str]]:
    """What left for the server: when, how, and the contact that was typed."""
    return [(one.due, one.how, one.contact) for one in sent(server.heard, CallBack)]


def box(desk: Desk) -> str:
    """The rows of the dialog on top."""
    return "\n".join(desk.app.screen.query_one(Listing).text())


# --- promising it ---------------------------------------------------------------------------------


async def test_the_small_menu_leads_to_it_and_asks_when_and_how(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL, PHONE)
    async with open_console() as desk:
        await desk.press("ctrl+y")
        await desk.type("phone")
        await desk.press("enter")
        assert "Answer Eva later: by when?" in desk.screen_text
        await desk.type("tomorrow 10:00")
        assert "tomorrow 10:00" in box(desk)
        await desk.press("enter")
        assert "Eva · before tomorrow 10:00: how?" in desk.screen_text
        assert MAIL in box(desk)
        assert PHONE in box(desk)
        assert promised(server) == []
        await desk.press("enter")
        assert promised(server) == [(TEN, "phone", "")], "the newest one they left is chosen at first"
        assert sent(server.heard, Say) == []


async def test_an_address_in_the_customers_words_is_offered_first(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    seq = len(server.chats[A]) + 1
    wrote = say(A, seq, NOON - MINUTE, CUSTOMER, "Mijn adres is piet@example.org.", pub=seq)
    server.chats[A].append(wrote)
    async with open_console() as desk:
        desk.app.action_flow("callback")
        await desk.settle()
        assert "ask for one" not in box(desk)
        await desk.type("tomorrow 10:00")
        await desk.press("enter")
        assert "piet@example.org" in box(desk)
        assert "As they wrote it at 13:59" in box(desk)
        assert promised(server) == []
        await desk.press("enter")
        assert promised(server) == [(TEN, "mail", "piet@example.org")]


async def test_a_known_address_goes_before_one_in_their_words(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    seq = len(server.chats[A]) + 1
    wrote = say(A, seq, NOON - MINUTE, CUSTOMER, "of piet@example.org", pub=seq)
    server.chats[A].append(wrote)
    async with open_console() as desk:
        await write(desk, "/callback tomorrow 10:00")
        await desk.press("enter")
        assert MAIL in box(desk)
        assert "piet@example.org" in box(desk)
        await desk.press("enter")
        assert promised(server) == [(TEN, "mail", "")]


async def test_named_times_are_those_of_the_shop(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        desk.app.action_flow("callback")
        await desk.settle()
        rows = box(desk).splitlines()
        assert [row.split()[-1] for row in rows if ":" in row][-5:] == [
            "17:00",
            "17:30",
            "12:00",
            "17:00",
            "17:30",
        ]
        await desk.press("enter", "enter")
        assert promised(server) == [(NOON + 3 * HOUR, "mail", "")]


async def test_slash_callback_brings_its_time_along(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "/callback tomorrow 10:00")
        assert aid(desk).startswith("enter promises an answer before tomorrow 10:00")
        await desk.press("enter")
        assert "before tomorrow 10:00: how?" in desk.screen_text
        assert desk.main.composer.text == ""
        await desk.press("enter")
        assert promised(server) == [(TEN, "mail", "")]
        assert sent(server.heard, Say) == []


async def test_slash_callback_alone_asks_when_and_a_time_that_is_none_stays(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "/callback soonish")
        assert "Which time? 16:30, tomorrow 10:00" in aid(desk)
        await desk.press("enter")
        assert top(desk) == "MainScreen"
        assert desk.main.composer.text == "/callback soonish"
        await desk.press(*["backspace"] * 8)
        await desk.later(READ * 3)
        assert aid(desk).startswith("enter promises an answer for later")
        await desk.press("enter")
        assert "by when?" in desk.screen_text


@pytest.mark.parametrize("text", ["ik bel u morgen om tien uur", "ik mail u vanmiddag"])
async def test_the_chip_offers_it_and_promises_nothing_by_itself(
    open_console: Opened, server: HandServer, text: str
) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, text)
        assert "tab answers later" in aid(desk)
        await desk.press("tab")
        assert "how?" in desk.screen_text
        await desk.press("escape")
        assert (promised(server), sent(server.heard, Say)) == ([], [])
        assert desk.main.composer.text == text
        await desk.press("tab")
        await desk.press("enter")
        due = TEN if "bel" in text else NOON + 3 * HOUR
        (words,) = sent(server.heard, Say)
        assert (words.text, words.promise, words.due) == (text, 0, 0), "the callback is the promise"
        assert desk.main.composer.text == ""
        assert promised(server) == [], "first the words, then the promise"
        server.accept()
        await desk.until(lambda: promised(server) == [(due, "mail", "")])


async def test_words_that_leave_with_a_callback_are_sent_as_any_others(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    server.heads[A] = msgspec.structs.replace(server.heads[A], overdue_at=NOON - 3 * MINUTE)
    owed = "You promised 13:57"
    async with open_console() as desk:
        assert owed in aid(desk)
        await desk.press("escape")
        assert owed not in aid(desk)
        await write(desk, "ik bel u morgen om tien uur")
        await desk.press("tab", "enter")
        assert len(sent(server.heard, Say)) == 1
        assert owed in aid(desk), "what was put away beside those words is said again"


async def test_words_for_a_later_time_are_no_answer_to_the_promise_that_runs(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, PHONE)
    head = server.heads[A]
    server.heads[A] = msgspec.structs.replace(head, promise_due=NOON + 4 * MINUTE, promise_at=NOON)
    async with open_console() as desk:
        await write(desk, "ik bel u morgen om tien uur")
        await desk.press("tab")
        await desk.press("enter")
        (words,) = sent(server.heard, Say)
        assert words.due == TEN
        server.accept()
        await desk.until(lambda: promised(server) == [(TEN, "phone", "")])


@pytest.mark.parametrize(
    ("known", "text"),
    [((), "ik bel u morgen om tien uur"), ((MAIL,), "ik ben over 5 minuten terug")],
    ids=["nobody knows where", "it is soon"],
)
async def test_the_chip_offers_none_where_it_makes_no_sense(
    open_console: Opened, server: HandServer, known: tuple[str, ...], text: str
) -> None:
    asks(server, A, *known)
    async with open_console((160, 45)) as desk:
        await write(desk, text)
        assert "promise" in aid(desk)
        assert "tab" not in aid(desk)


async def test_without_an_address_or_number_it_says_what_to_do(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    async with open_console() as desk:
        await desk.press("ctrl+y")
        await desk.type("later")
        assert "no address or number known: ask for one" in box(desk)
        await desk.press("enter")
        assert "no address or number known: ask for one" in box(desk)
        await desk.press("enter")
        assert "no address known: ask for one" in box(desk)
        assert "no number known: ask for one" in box(desk)
        await desk.press("up", "up", "enter")
        assert promised(server) == [], "what cannot be chosen is not"
        await desk.press("down", "down", "enter")
        await desk.type("0612")
        await desk.press("enter")
        assert "That is no e-mail address and no phone number" in desk.screen_text
        await desk.type("345678")
        await desk.press("enter")
        assert promised(server) == [(NOON + 3 * HOUR, "phone", "0612345678")]


async def test_another_address_begins_with_the_known_one(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "/callback tomorrow 10:00")
        await desk.press("enter")
        await desk.press("down", "down", "enter")
        await desk.press("backspace", "backspace")
        await desk.type("com")
        await desk.press("enter")
        assert promised(server) == [(TEN, "mail", "eva@example.com")]


async def test_a_shop_without_mail_calls(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL, mail=False)
    async with open_console() as desk:
        await write(desk, "/callback tomorrow 10:00")
        await desk.press("enter")
        assert "this shop sends no mail" in box(desk)
        await desk.press("enter")
        assert "Where to?" in desk.screen_text
        await desk.press("enter")
        assert "this shop sends no mail" in desk.screen_text
        assert promised(server) == []


async def test_closed_then_gives_other_times(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "/callback 19:00")
        assert "Closed then" in aid(desk)
        await desk.press("enter")
        assert "19:00: closed" in desk.screen_text
        await desk.press("down", "enter")
        assert "before tomorrow 10:00: how?" in desk.screen_text
        await desk.press("enter")
        assert promised(server) == [(TEN, "mail", "")]


async def test_another_time_than_the_words_say_changes_the_words_before_they_go(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "Ik mail u vanavond om zeven uur")
        await desk.press("tab")
        assert "19:00: closed" in desk.screen_text
        await desk.press("down", "enter")
        assert "before tomorrow 10:00: how?" in desk.screen_text
        changed = "Ik mail u morgen om 10:00"
        assert f"“{changed}”" in " ".join(box(desk).split()), "they are shown before they go"
        assert desk.main.composer.text == changed
        await desk.press("enter")
        (words,) = sent(server.heard, Say)
        assert words.text == changed
        server.accept()
        await desk.until(lambda: promised(server) == [(TEN, "mail", "")])


async def test_words_changed_for_a_promise_that_is_not_given_stay_and_say_its_time(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "Ik mail u vanavond om zeven uur")
        await desk.press("tab", "down", "down", "down", "enter")
        assert "by when?" in desk.screen_text
        await desk.type("2h")
        await desk.press("enter")
        assert desk.main.composer.text == "Ik mail u over 2 uur"
        await desk.press("escape")
        await desk.later(READ)
        assert aid(desk).startswith("enter promises 2 h")
        assert (promised(server), sent(server.heard, Say)) == ([], [])


async def test_words_that_say_no_finished_time_are_not_sent(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console((120, 24)) as desk:
        await write(desk, "Ik mail u over 2 uu")
        assert "tab answers later" in aid(desk)
        await desk.press("tab")
        assert top(desk) == "MainScreen"
        assert "the words still say another time" in desk.screen_text
        assert desk.main.composer.text == "Ik mail u over 2 uu"
        assert (promised(server), sent(server.heard, Say)) == ([], [])


async def test_a_while_counts_from_when_it_is_promised(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        await write(desk, "Ik mail u over 2 uur")
        await desk.press("tab")
        await desk.later(90_000)
        await desk.press("enter")
        assert sent(server.heard, Say)[0].text == "Ik mail u over 2 uur"
        server.accept()
        await desk.until(lambda: promised(server) != [])
        ((due, _, _),) = promised(server)
        assert due >= NOON + 2 * HOUR + 90_000


async def test_a_full_hour_is_told_first_and_does_not_forbid(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    listed(server)
    async with open_console() as desk:
        desk.app.action_flow("callback")
        await desk.settle()
        assert "17:00 · two then" in box(desk)
        await desk.type("tomorrow 10:00")
        assert "10:00 already has four" in box(desk)
        await desk.press("enter")
        assert "10:00 already has four · promise it all the same?" in desk.screen_text
        await desk.press("enter")
        assert "by when?" in desk.screen_text, "no leads back to the times"
        await desk.type("tomorrow 10:00")
        await desk.press("enter", "down", "enter", "enter")
        assert promised(server) == [(TEN, "mail", "")]


async def test_a_refusal_is_told_in_our_words(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console((120, 24)) as desk:
        await write(desk, "/callback tomorrow 10:00")
        await desk.press("enter", "enter")
        server.give(Err("no_contact", id=sent(server.heard, CallBack)[0].id))
        await desk.until(lambda: "that needs an e-mail address or a phone number" in desk.screen_text)


async def test_in_somebody_elses_chat_nothing_is_promised(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    server.heads[A] = msgspec.structs.replace(server.heads[A], state="closed")
    async with open_console() as desk:
        desk.app.action_flow("callback")
        await desk.settle()
        assert top(desk) == "MainScreen"
        assert "Nothing can be promised here now" in desk.screen_text


# --- why it is not offered ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "mail", "text", "why"),
    [
        ([], True, "Ik mail u morgen om tien uur.", "no address or number of this"),
        ([MAIL], False, "Ik mail u morgen om tien uur.", "mail is not set up, and no number"),
        ([MAIL], True, "Ik ben over 5 minuten terug.", "within half an hour"),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_why_no_answer_by_mail_or_phone_is_offered_stands_where_one_looks_for_it(
    open_console: Opened,
    server: HandServer,
    size: tuple[int, int],
    known: list[str],
    mail: bool,
    text: str,
    why: str,
) -> None:
    asks(server, A, *known, mail=mail)
    async with open_console(size) as desk:
        await write(desk, text)
        assert "answers later" not in aid(desk)
        await desk.press("f1")
        assert why in " ".join(desk.screen_text.replace("│", " ").split())
        await desk.press("escape", "ctrl+e")
        assert why in " ".join(box(desk).split())
        await desk.press("escape")
        assert sent(server.heard, Say) == []


async def test_where_it_is_offered_or_nothing_is_promised_nothing_is_explained(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL)
    async with open_console() as desk:
        for text in ("Ik mail u morgen om tien uur.", "Dat zoek ik uit."):
            desk.main.composer.clear_text()
            await write(desk, text)
            await desk.press("f1")
            assert "Keys" in desk.screen_text
            assert "offers no answer" not in desk.screen_text
            await desk.press("escape")


async def test_the_menu_says_that_an_address_alone_is_of_no_use_without_mail(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, MAIL, mail=False)
    async with open_console() as desk:
        await desk.press("ctrl+y")
        await desk.type("later")
        assert "this shop sends no mail" in box(desk)
