"""What a conversation still needs, on the aid line: its step, why they write, what may be given, signs."""

from __future__ import annotations

import msgspec

from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import kinds
from supportterm.protocol.earlier import EarlierChat
from supportterm.protocol.frames import Earlier, Tell

from .conftest import A, Desk, Opened, aid, top
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, event, say, sent
from .test_understood import REASONS, facts, give, lamp, said

__all__ = ["lamp"]


async def test_only_what_is_missing_is_shown_and_the_whole_bar_to_trainees(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings
) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "next: " in aid(desk))
        assert "Acknowledge" not in aid(desk)
    bar = msgspec.structs.replace(settings, steps="bar")
    async with open_console((120, 30), settings=bar) as desk:
        await desk.until(lambda: "✓ ✓ ▸ Understand · · | next: say what you" in aid(desk))
    lamp.mine["trainee"] = True
    async with open_console((160, 45)) as desk:
        await desk.until(lambda: "✓ Acknowledge › ✓ Analyse › ▸ Understand" in aid(desk))
    # What the console itself was told holds.
    for steps, shown in (("missing", "next: say what you understood | "), ("off", "")):
        chosen = msgspec.structs.replace(settings, steps=steps)
        async with open_console((120, 30), settings=chosen) as desk:
            await desk.until(lambda: desk.app.session.team.is_trainee)
            assert aid(desk) == shown


async def test_who_becomes_a_trainee_sees_the_bar_at_once(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((80, 24)) as desk:
        await desk.until(lambda: aid(desk) == "next: say what you understood | ")
        lamp.mine["trainee"] = True
        lamp.tell_views()
        await desk.until(lambda: aid(desk) == "✓ ✓ ▸ Understand · · | next: say what you understood")
        lamp.mine["trainee"] = False
        lamp.tell_views()
        await desk.until(lambda: aid(desk) == "next: say what you understood | ")


async def test_a_gift_is_offered_once_a_solution_is_due(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    told = event(A, 7, NOON, SANNE, "told", data=kinds.Told("parcel-late"))
    lamp.chats[A].append(told)
    async with open_console((100, 30)) as desk:
        await desk.press("ctrl+e")
        await desk.type("solve")
        await desk.press("enter")
        await desk.until(lambda: "tab gives: Shipping refunded" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "Ik betaal je de verzendkosten terug."
        assert "gives" not in aid(desk)


async def solve(desk: Desk) -> None:
    await desk.press("ctrl+e")
    await desk.type("solve")
    await desk.press("enter")
    await desk.until(lambda: "what you'll do" in aid(desk))


async def test_a_solution_that_is_due_asks_why_they_write_and_then_offers_the_gift(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((80, 24)) as desk:
        await solve(desk)
        assert aid(desk) == "next: say what you'll do | tab picks why · esc no"
        await desk.press("tab")
        await desk.until(lambda: top(desk) == "Pick")
        assert "perhaps" not in desk.screen_text
        assert sent(lamp.heard, Tell) == []
        await desk.type("late")
        await desk.press("enter")
        assert [(one.reason, one.mandate) for one in sent(lamp.heard, Tell)] == [("parcel-late", "")]
        await desk.until(lambda: "tab gives: Shipping refunded" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "Ik betaal je de verzendkosten terug."
        assert aid(desk) == "next: say what you'll do | "


async def test_a_reason_that_the_customers_words_name_is_chosen_already_but_never_set(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    lamp.chats[A].append(said("Is mijn pakketje nog te laat of komt het?", 6))
    async with open_console((100, 30)) as desk:
        await solve(desk)
        assert aid(desk) == "next: say what you'll do | why: Parcel is late? tab picks · esc no"
    async with open_console((80, 24)) as desk:
        await desk.until(lambda: "why: " in aid(desk))
        assert aid(desk) == "why: Parcel is late? | tab picks · esc no"
        await desk.press("tab")
        await desk.until(lambda: "perhaps" in desk.screen_text)
        await desk.press("escape")
        assert sent(lamp.heard, Tell) == []
        assert "why: Parcel is late?" in aid(desk)
        await desk.press("tab")
        await desk.until(lambda: top(desk) == "Pick")
        await desk.press("enter")
        assert [(one.reason, one.mandate) for one in sent(lamp.heard, Tell)] == [("parcel-late", "")]
        await desk.until(lambda: "tab gives: Shipping refunded" in aid(desk))


async def test_why_they_write_is_not_asked_again_once_put_away(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 30)) as desk:
        await solve(desk)
        await desk.press("escape")
        assert aid(desk) == "next: say what you'll do | "
        give(desk, said("Mijn pakket is echt te laat!", 6))
        await desk.until(lambda: "echt te laat" in desk.screen_text)
        await solve(desk)
        assert "tab" not in aid(desk)
        desk.main.save_drafts()
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "what you'll do" in aid(desk))
        assert "tab" not in aid(desk)


async def test_a_shop_whose_reasons_allow_no_gift_asks_for_none(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=[msgspec.structs.replace(one, mandate=[]) for one in REASONS])
    async with open_console((100, 30)) as desk:
        await solve(desk)
        assert aid(desk) == "next: say what you'll do | "


async def test_a_gift_picked_without_a_reason_brings_its_own(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 30)) as desk:
        await solve(desk)
        desk.app.action_flow("gift")
        await desk.until(lambda: top(desk) == "Pick")
        await desk.press("enter")
        await desk.until(lambda: "verzendkosten" in desk.main.composer.text)
        assert "picks why" not in aid(desk)


async def test_trainees_are_asked_why_they_write_beside_their_steps(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    lamp.chats[A].append(said("Mijn pakket is te laat", 6))
    trainee = msgspec.structs.replace(settings, steps="bar")
    async with open_console((80, 24), settings=trainee) as desk:
        await desk.press("ctrl+e")
        await desk.type("solve")
        await desk.press("enter")
        await desk.until(lambda: "▸ Solve" in aid(desk))
        assert aid(desk) == "✓ ✓ ✓ ▸ Solve · | why: Parcel is late? tab picks"
        await desk.press("tab")
        await desk.until(lambda: "perhaps" in desk.screen_text)


async def test_a_gift_with_a_long_name_is_told_in_place_of_what_is_missing(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings
) -> None:
    name = "The shipping costs of this order are refunded"
    gift = msgspec.structs.replace(REASONS[0].mandate[0], labels={"en": name})
    lamp.views["shops"] = facts(reasons=[msgspec.structs.replace(REASONS[0], mandate=[gift])])
    lamp.chats[A].append(event(A, 7, NOON, SANNE, "told", data=kinds.Told("parcel-late")))
    bar = msgspec.structs.replace(settings, steps="bar")
    for chosen in (settings, bar):
        async with open_console((80, 24), settings=chosen) as desk:
            await desk.press("ctrl+e")
            await desk.type("solve")
            await desk.press("enter")
            await desk.until(lambda: "tab gives" in aid(desk))
            assert aid(desk) == f"tab gives: {name[:39]}… | "


async def test_a_sign_stands_in_the_head_and_is_explained_by_a_key(
    open_console: Opened, server: HandServer
) -> None:
    server.views["shops"] = facts()
    asked = [
        say(A, 4 + n, NOON - (9 - n) * MINUTE, CUSTOMER, "Waar blijft mijn bestelling 48213?", pub=3 + n)
        for n in range(3)
    ]
    server.add(A, *beginning(A, NOON - 20 * MINUTE), *asked)
    async with open_console((120, 30)) as desk:
        await desk.until(lambda: "▲ asked 3×" in desk.bar("head"))
        await desk.press("ctrl+e")
        await desk.until(lambda: "Asked 3 times (13:51, 13:52, 13:53)" in desk.screen_text)


async def test_the_third_contact_about_an_order_is_a_sign_with_the_contacts_before(
    open_console: Opened, server: HandServer
) -> None:
    server.views["shops"] = facts(reasons=REASONS)
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - MINUTE, CUSTOMER, "Waar blijft mijn bestelling 48213?", pub=3),
    )
    day = 24 * 60 * MINUTE
    before = [
        EarlierChat(NOON - 2 * day, ["47001", "#48213"], "parcel-late"),
        EarlierChat(NOON - 9 * day + MINUTE, ["48213"]),
    ]
    async with open_console((80, 24)) as desk:
        assert "▲" not in desk.bar("head")
        server.give(Earlier(A, before))
        await desk.until(lambda: "▲ 48213: contact 3 in 9 d" in desk.screen_text)
        await desk.press("ctrl+e")
        await desk.until(lambda: "Contact 3 about 48213 in 9 d, counting this one." in desk.screen_text)
        assert "Before: Friday 13 November" in desk.screen_text
        assert "14:01, Friday 20 November 14:00 (Parcel is late)." in desk.screen_text
        await desk.press("escape")
        server.give(Earlier(A, before[1:]))
        await desk.until(lambda: "▲" not in desk.bar("head"))
