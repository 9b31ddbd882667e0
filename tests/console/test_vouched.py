"""What the shop vouches for, told apart from what a customer claims; and the answer that waits for them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from supportterm.console import vouched
from supportterm.protocol import contact, kinds, views
from supportterm.protocol.contact import Identity
from supportterm.protocol.frames import CallBack, CloseChat

from .calling import MAIL, TEN, asks, comes_up, happens, listed
from .conftest import A, Opened, from_the_list
from .promising import HOUR, chip, write
from .server import CUSTOMER, MINUTE, NOON, HandServer, sent
from .test_callbacks_promised import box

EVA = Identity("48213", "Eva Jansen", "eva@example.org", "+31 20 765 43 21")


def knows(server: HandServer, who: Identity = EVA, *, was: str = "", **more: Any) -> None:
    """The shop vouches for who has the chat."""
    text = contact.written_identity(who)
    happens(server, A, "identified", hidden=True, data=kinds.Identified("c1", was), text=text, **more)


def claims(server: HandServer, name: str, where: str = MAIL) -> None:
    text = contact.written(contact.Reach(name, where))
    happens(server, A, "contact", by=CUSTOMER, hidden=True, text=text)


@pytest.mark.parametrize(
    ("language", "mark", "line", "label"),
    [
        (
            "en",
            "✓ customer 48213",
            "The shop vouches for who this is: ✓ customer 48213 · Eva Jansen",
            "Known",
        ),
        ("nl", "✓ klant 48213", "De winkel staat in voor wie dit is: ✓ klant 48213 · Eva Jansen", "Bekend"),
        ("da", "✓ kunde 48213", "Butikken står inde for, hvem det er: ✓ kunde 48213 · Eva Jansen", "Kendt"),
    ],
)
async def test_who_is_known_stands_at_the_head_at_the_side_and_in_the_chat(
    open_console: Opened, server: HandServer, language: str, mark: str, line: str, label: str
) -> None:
    asks(server, A)
    knows(server)
    async with open_console((160, 45)) as desk:
        desk.app.choose_language(language)
        await desk.settle()
        assert desk.bar("head").startswith(f"Eva Jansen · {mark}")
        assert line in desk.screen_text
        (told,) = (value for name, value in desk.main.side.facts if name.startswith(label))
        assert told.split("\n") == [mark, "Eva Jansen", "eva@example.org", "+31 20 765 43 21"]


async def test_it_fits_the_smallest_terminal(open_console: Opened, server: HandServer) -> None:
    asks(server, A)
    knows(server, Identity("4" * 64, "Eva Jansen"))
    async with open_console((80, 24)) as desk:
        assert "✓ customer 444444" in desk.bar("head")
        assert all(len(row) <= 80 for row in desk.rows())


async def test_who_is_not_known_has_no_mark_whatever_they_call_themselves(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    claims(server, "✓ customer 48213")
    listed(server)
    left = server.views["left"]
    assert isinstance(left, views.Left)
    server.views["left"] = views.Left([*left.rows, views.LeftRow(A, "hof", NOON, TEN, "nl", name="✔ Eva")])
    async with open_console((160, 45)) as desk:
        assert desk.bar("head").startswith("customer 48213 · ")
        assert "✓ customer" not in desk.screen_text
        assert not any(str(label).startswith("Known") for label, _ in desk.main.side.facts)
        await from_the_list(desk, "left")
        assert "✔" not in desk.screen_text


@pytest.mark.parametrize(
    "text",
    ["✓ Eva", "✔Eva", "✅ Eva", " ☑ Eva ", "E√va", "\U0001fbb1 Eva", "\U00010102Eva", "\uaa9c Eva", "· Eva"],
)
def test_the_mark_is_taken_out_of_what_they_claim(text: str) -> None:
    assert vouched.claimed(text) in ("Eva", "E va")


async def test_what_they_claim_and_what_the_shop_says_stand_side_by_side(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    claims(server, "Evi", "evi@example.com")
    knows(server)
    async with open_console((160, 45)) as desk:
        assert desk.bar("head").startswith("Evi · ✓ customer 48213")
        facts = {str(label): str(value) for label, value in desk.main.side.facts}
        assert facts["Contact"].split("\n")[:2] == ["evi@example.com", "+31 20 765 43 21"]
        assert "eva@example.org" in facts["Known to the shop"]
        assert "Left by the customer: Evi · evi@example.com" in desk.screen_text


async def test_what_was_claimed_before_they_signed_in_is_no_way_to_reach_them(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    claims(server, "Evi", "evi@example.com")
    claims(server, "Evi", "06 12345678")
    knows(server, Identity(EVA.sub, EVA.name, EVA.mail), was="c0")
    async with open_console((160, 45)) as desk:
        assert desk.bar("head").startswith("Eva Jansen · ✓ customer 48213")
        facts = {str(label): str(value) for label, value in desk.main.side.facts}
        assert facts["Contact"].split("\n") == ["eva@example.org"]


async def test_who_signs_in_while_it_is_asked_how_is_not_answered_at_what_was_shown(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A, "stranger@example.org")
    async with open_console() as desk:
        await write(desk, "/callback tomorrow 10:00")
        await desk.press("enter")
        assert "stranger@example.org" in box(desk)
        knows(server, was="c0")
        await desk.settle()
        await desk.press("enter")
        # Where the server knows them to be: their shop's address, or none.
        assert [(one.how, one.contact) for one in sent(server.heard, CallBack)] == [("mail", "")]


async def test_the_shops_own_name_for_somebody_carries_no_mark(
    open_console: Opened, server: HandServer
) -> None:
    """Customers change it in their account."""
    asks(server, A)
    knows(server, replace(EVA, sub="666", name="✓ customer 48213 · Eva"))
    async with open_console((160, 45)) as desk:
        assert "✓ customer 48213" not in desk.screen_text
        assert "✓ customer 666 · customer 48213 Eva" in desk.screen_text


async def test_who_signed_in_during_the_chat_is_known_from_there_on(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    async with open_console((160, 45)) as desk:
        assert "✓ customer" not in desk.screen_text
        knows(server, was="c0")
        await desk.settle()
        assert "✓ customer 48213" in desk.bar("head")
        assert "What stands above was written before" in desk.screen_text
        happens(server, A, "erased")
        await desk.settle()
        assert "48213" not in desk.screen_text, "who was erased is not known any more"
        assert "Eva Jansen" not in desk.screen_text


# --- an answer that waits here --------------------------------------------------------------------------


async def test_without_an_address_it_can_wait_here(open_console: Opened, server: HandServer) -> None:
    asks(server, A)
    knows(server, Identity("48213"))
    async with open_console((120, 30)) as desk:
        await desk.type("/callback tomorrow 10:00")
        await desk.later(250)
        await desk.press("enter")
        assert "here in the chat" in box(desk)
        assert "✓ customer 48213" in box(desk)
        assert "They see it when they are next signed in at the shop" in desk.screen_text
        await desk.press("enter")
        assert [(one.due, one.how, one.contact) for one in sent(server.heard, CallBack)] == [
            (TEN, "here", "")
        ]


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Later, by mail, phone or here…"),
        ("nl", "Later, per mail, telefoon of hier…"),
        ("da", "Senere, på mail, telefon eller her…"),
    ],
)
async def test_the_small_menu_names_every_way(
    open_console: Opened, server: HandServer, language: str, label: str
) -> None:
    asks(server, A)
    knows(server, Identity("48213"))
    async with open_console((80, 24)) as desk:
        desk.app.choose_language(language)
        await desk.settle()
        await desk.press("ctrl+y")
        assert label in box(desk)


async def test_for_who_is_not_known_it_is_not_there(open_console: Opened, server: HandServer) -> None:
    asks(server, A, MAIL)
    async with open_console((120, 30)) as desk:
        await desk.type("/callback tomorrow 10:00")
        await desk.later(250)
        await desk.press("enter")
        assert MAIL in box(desk)
        assert "here in the chat" not in box(desk)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Promised: an answer here before tomorrow 10:00"),
        ("nl", "Beloofd: een antwoord hier vóór morgen 10:00"),
        ("da", "Lovet: et svar her inden i morgen 10:00"),
    ],
)
async def test_the_conversation_says_what_was_promised(
    open_console: Opened, server: HandServer, language: str, line: str
) -> None:
    asks(server, A)
    knows(server, Identity("48213"))
    comes_up(server, A, "here", TEN)
    async with open_console((160, 45)) as desk:
        desk.app.choose_language(language)
        await desk.settle()
        assert line in desk.screen_text


async def test_answered_it_says_that_they_have_not_seen_it_and_then_that_they_have(
    open_console: Opened, server: HandServer
) -> None:
    asks(server, A)
    knows(server, Identity("48213"))
    comes_up(server, A, "here", NOON + 8 * MINUTE)
    async with open_console((140, 30)) as desk:
        assert "Answer here: they see it when they are next signed in" in chip(desk)
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        server.accept()
        await desk.settle()
        assert "answered, not seen yet" in chip(desk)
        await desk.press("f8")
        assert "answer waits here" in desk.bar("line")
        await desk.later(9_000)
        desk.main._second()
        await desk.settle()
        assert len(sent(server.heard, CloseChat)) == 1


@pytest.mark.parametrize("mails", [False, True])
async def test_with_an_address_of_the_shops_it_is_mailed_only_where_the_shop_mails(
    open_console: Opened, server: HandServer, mails: bool
) -> None:
    asks(server, A, mail=mails)
    knows(server, Identity("48213", "Eva", MAIL))
    comes_up(server, A, "here", NOON + HOUR)
    async with open_console((160, 45)) as desk:
        await desk.type("Uw pakket ligt klaar")
        await desk.press("enter")
        server.accept()
        await desk.settle()
        assert ("answered, not seen yet" in chip(desk)) is not mails
        assert ("mail on its way" in chip(desk)) is mails
        await desk.press("f8")
        assert ("answer waits here" in desk.bar("line")) is not mails


async def test_late_it_says_so(open_console: Opened, server: HandServer) -> None:
    asks(server, A)
    knows(server, Identity("48213"))
    comes_up(server, A, "here", NOON + HOUR)
    async with open_console((140, 30)) as desk:
        assert "answer here before 15:00" in desk.bar("head")
