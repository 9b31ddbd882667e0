"""Once a solution is due: the aid line asks why they write, and then offers the gift for that."""

from __future__ import annotations

import msgspec

from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import kinds
from supportterm.protocol.frames import Tell

from .conftest import A, Desk, Opened, top
from .promising import aid
from .server import NOON, SANNE, HandServer, event, sent
from .understanding import REASONS, facts, give, lamp, reasoned, said

__all__ = ["lamp", "reasoned"]


async def solve(desk: Desk, *, until: str = "what you'll do") -> None:
    """Say that it is time for a solution; the aid line shows ``until``."""
    await desk.press("ctrl+e")
    await desk.type("solve")
    await desk.press("enter")
    await desk.until(lambda: until in aid(desk))


async def test_a_gift_is_offered_once_a_solution_is_due(open_console: Opened, reasoned: HandServer) -> None:
    told = event(A, 7, NOON, SANNE, "told", data=kinds.Told("parcel-late"))
    reasoned.chats[A].append(told)
    async with open_console((100, 30)) as desk:
        await solve(desk, until="tab gives: Shipping refunded")
        await desk.press("tab")
        assert desk.main.composer.text == "Ik betaal je de verzendkosten terug."
        assert "gives" not in aid(desk)


async def test_a_solution_that_is_due_asks_why_they_write_and_then_offers_the_gift(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((80, 24)) as desk:
        await solve(desk)
        assert aid(desk) == "next: say what you'll do | tab picks a reason · esc no"
        await desk.press("tab")
        await desk.until(lambda: top(desk) == "Pick")
        assert "perhaps" not in desk.screen_text
        assert sent(reasoned.heard, Tell) == []
        await desk.type("late")
        await desk.press("enter")
        assert [(one.reason, one.mandate) for one in sent(reasoned.heard, Tell)] == [("parcel-late", "")]
        await desk.until(lambda: "tab gives: Shipping refunded" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "Ik betaal je de verzendkosten terug."
        assert aid(desk) == "next: say what you'll do | "


async def test_a_reason_that_the_customers_words_name_is_chosen_already_but_never_set(
    open_console: Opened, reasoned: HandServer
) -> None:
    reasoned.chats[A].append(said("Is mijn pakketje nog te laat of komt het?", 6))
    async with open_console((100, 30)) as desk:
        await solve(desk)
        assert aid(desk) == "next: say what you'll do | why: Parcel is late? tab picks · esc no"
    async with open_console((80, 24)) as desk:
        await desk.until(lambda: "why: " in aid(desk))
        assert aid(desk) == "why: Parcel is late? | tab picks · esc no"
        await desk.press("tab")
        await desk.until(lambda: "perhaps" in desk.screen_text)
        await desk.press("escape")
        assert sent(reasoned.heard, Tell) == []
        assert "why: Parcel is late?" in aid(desk)
        await desk.press("tab")
        await desk.until(lambda: top(desk) == "Pick")
        await desk.press("enter")
        assert [(one.reason, one.mandate) for one in sent(reasoned.heard, Tell)] == [("parcel-late", "")]
        await desk.until(lambda: "tab gives: Shipping refunded" in aid(desk))


async def test_why_they_write_is_not_asked_again_once_put_away(
    open_console: Opened, reasoned: HandServer
) -> None:
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


async def test_a_gift_picked_without_a_reason_brings_its_own(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        await solve(desk)
        desk.app.action_flow("gift")
        await desk.until(lambda: top(desk) == "Pick")
        await desk.press("enter")
        await desk.until(lambda: "verzendkosten" in desk.main.composer.text)
        assert "picks a reason" not in aid(desk)


async def test_trainees_are_asked_why_they_write_beside_their_steps(
    open_console: Opened, reasoned: HandServer, settings: ConsoleSettings
) -> None:
    reasoned.chats[A].append(said("Mijn pakket is te laat", 6))
    trainee = msgspec.structs.replace(settings, steps="bar")
    async with open_console((80, 24), settings=trainee) as desk:
        await solve(desk, until="▸ Solve")
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
            await solve(desk, until="tab gives")
            assert aid(desk) == f"tab gives: {name[:39]}… | "
