"""Gaps in a text: the key that goes to them, and the sending that they hold, by keyboard."""

from __future__ import annotations

import pytest

from supportterm.protocol.frames import Say

from .conftest import Desk, Opened
from .promising import AGAIN, READ, aid, running
from .replies import lamp
from .server import MINUTE, NOON, HandServer, sent

__all__ = ["lamp"]


async def put(desk: Desk, text: str) -> None:
    """As if pasted: not everything has a key."""
    desk.main.composer.add(text)
    await desk.settle()


async def test_a_gap_holds_the_sending_until_it_is_filled(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("/track")
        await desk.press("enter")
        assert desk.main.composer.selected_text == ""
        await desk.later(AGAIN)
        assert "To fill in: link" in aid(desk)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert "Still open: link" in aid(desk)
        await desk.press("end", "tab")
        assert desk.main.composer.selected_text == "‹link›"
        await desk.type("volg.example/1")
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Say)] == ["Bestelling 48213 is onderweg: volg.example/1"]


async def test_who_insists_sends_it_with_its_gap(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        desk.stop_the_clock()
        await put(desk, "Dag ‹naam›")
        await desk.press("enter", "enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(AGAIN)
        assert "enter sends it anyway" in aid(desk)
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Say)] == ["Dag ‹naam›"]
        await put(desk, "Dag ‹naam›")
        await desk.press("enter")
        assert len(sent(lamp.heard, Say)) == 1


async def test_a_changed_text_is_asked_about_again(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await put(desk, "Dag ‹naam›")
        await desk.press("enter")
        await desk.later(AGAIN)
        await desk.press("end")
        await desk.type("!")
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []


async def test_the_same_text_put_in_again_is_asked_about_again(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await put(desk, "Dag ‹naam›")
        await desk.press("enter")
        await desk.later(AGAIN)
        desk.main.composer.clear_text()
        await desk.settle()
        await put(desk, "Dag ‹naam›")
        await desk.later(AGAIN)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert "enter sends it anyway" in aid(desk)


async def test_after_the_hold_the_key_leads_to_the_gap_that_the_line_names(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await put(desk, "Op ‹dag›, zie ‹link›")
        await desk.press("enter")
        assert "Still open: dag, and 1 more" in aid(desk)
        assert desk.main.composer.selected_text == "‹dag›"
        await desk.press("tab")
        assert desk.main.composer.selected_text == "‹dag›"
        await desk.type("vrijdag")
        await desk.press("tab")
        await desk.type("x.example")
        assert desk.main.composer.text == "Op vrijdag, zie x.example"


async def test_the_key_goes_from_gap_to_gap(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await put(desk, "‹een› en ‹twee›")
        assert "To fill in: een, and 1 more" in aid(desk)
        found = []
        for _ in range(3):
            await desk.press("tab")
            found.append(desk.main.composer.selected_text)
        assert found == ["‹een›", "‹twee›", "‹een›"]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_promise_beside_a_gap_stands_in_the_same_line_and_is_made_once_it_was_seen(
    open_console: Opened, lamp: HandServer, size: tuple[int, int]
) -> None:
    async with open_console(size) as desk:
        await put(desk, "Dag ‹naam›, ik ben over 5 minuten terug.")
        await desk.press("tab")
        assert desk.main.composer.selected_text == "‹naam›"
        shown = aid(desk)
        assert "promises 5 min" in shown
        assert "tab goes there" in shown
        assert shown.startswith("To fill in")
        assert "…" not in desk.screen_text.split("promises 5 min")[0].splitlines()[-1]
        await desk.later(READ)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert "promises 5 min" in aid(desk)
        await desk.later(AGAIN)
        await desk.press("enter")
        assert [one.promise for one in sent(lamp.heard, Say)] == [5 * MINUTE]


async def test_the_keys_of_the_promise_work_beside_a_gap(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((160, 45)) as desk:
        await put(desk, "Dag ‹naam›, ik ben over 5 minuten terug.")
        await desk.press("alt+up")
        assert desk.main.composer.text == "Dag ‹naam›, ik ben over 10 minuten terug."
        assert "promises 10 min" in aid(desk)
        await desk.press("escape")
        assert "promises" not in aid(desk)
        assert "To fill in: naam" in aid(desk)
        desk.main.composer.clear_text()
        await put(desk, "Dag ‹naam›, ik ben over een kwartier terug.")
        await desk.press("alt+enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(AGAIN)
        await desk.press("alt+enter")
        assert [(one.promise, one.due) for one in sent(lamp.heard, Say)] == [(0, 0)]


async def test_a_promise_that_was_only_just_shown_beside_a_gap_is_not_made(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        desk.stop_the_clock()
        await put(desk, "Dag ‹naam›")
        await desk.press("enter")
        await desk.later(AGAIN)
        await put(desk, ", ik ben over 5 minuten terug.")
        await desk.press("enter")
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []


async def test_a_time_before_the_one_that_runs_takes_no_key_that_promises_nothing(
    open_console: Opened, lamp: HandServer
) -> None:
    running(lamp, given=NOON - MINUTE, due=NOON + 59 * MINUTE)
    async with open_console((160, 45)) as desk:
        text = "Dag ‹naam›, ik ben over 5 minuten terug."
        await put(desk, text)
        shown = aid(desk)
        assert "14:59 stays" in shown
        assert "tab goes there" in shown
        assert "alt+enter" not in shown
        await desk.press("alt+enter")
        assert desk.main.composer.text == text + "\n", "it does what it always does"
        assert sent(lamp.heard, Say) == []
