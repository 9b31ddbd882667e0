"""The guard: a message is held while its customer types, and leaves when they pause."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.settings import ConsoleSettings
from supportterm.protocol.frames import Note, Say, TypingOf

from .conftest import A, B, Desk, Opened
from .promising import aid, promised
from .server import CUSTOMER, MINUTE, NOON, HandServer, beginning, say, sent
from .understanding import facts, give, lamp, said

__all__ = ["lamp"]


async def types(desk: Desk, *, on: bool = True) -> None:
    desk.server.give(TypingOf(A, "customer", on=on))
    await desk.until(lambda: ("customer" in desk.app.session.journal.chats[A].typing) is on)


async def test_enter_waits_while_the_customer_types_and_a_second_one_sends(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert "is typing: held" in aid(desk)
        assert "enter sends anyway" in aid(desk)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == [], "pressed twice without meaning to"
        await desk.later(600)
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        assert desk.main.composer.text == ""


async def test_a_held_message_leaves_when_they_pause(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await types(desk, on=False)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == [], "who sends stops typing, too"
        await desk.later(1_000)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))
        assert desk.main.composer.text == ""
        assert "held" not in aid(desk)


async def test_a_held_message_leaves_after_six_seconds(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await desk.later(3_000)
        await types(desk)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == []
        await desk.later(3_000)
        await types(desk)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))


async def test_no_promise_breaks_by_a_message_that_is_held(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        at = desk.app.session.now_ms()
        give(desk, promised(A, 7, at, at + 7_500, pub=6))
        await types(desk)
        await desk.type("Hij is er donderdag")
        await desk.press("enter")
        assert "is typing: held" in aid(desk)
        await desk.later(3_500)
        await types(desk)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == []
        await desk.later(1_500)
        await types(desk)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))


async def test_what_comes_in_meanwhile_is_asked_about(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await types(desk, on=False)
        give(desk, said("Laat maar, gevonden!", 6))
        await desk.until(lambda: "Something new came in" in aid(desk))
        await desk.later(20_000)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == []
        await desk.press("escape")
        assert "Something new" not in aid(desk)
        assert desk.main.composer.text == "Ik kijk"
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))


async def test_a_held_message_leaves_from_a_chat_that_is_not_open(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.add(
        B, *beginning(B, NOON - 9 * MINUTE), say(B, 4, NOON - MINUTE, CUSTOMER, "And mine?", pub=3), lang="en"
    )
    async with open_console((100, 30)) as desk:
        assert desk.app.session.inbox.selected == A
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter", "f4")
        assert desk.app.session.inbox.selected == B
        await desk.type("one moment")
        await types(desk, on=False)
        desk.main.understood.look()
        await desk.later(1_000)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))
        assert [(f.chat, f.text) for f in sent(lamp.heard, Say)] == [(A, "Ik kijk")]
        assert desk.main.composer.text == "one moment"
        assert desk.app.session.state.draft(A).message == ""


async def test_what_was_held_without_a_promise_leaves_without_one(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((120, 30)) as desk:
        desk.stop_the_clock()
        await desk.type("Ik ben over 3 minuten terug. Goed")
        await desk.later(600)
        assert "promise" in aid(desk)
        await types(desk)
        await desk.press("alt+enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(700)
        await types(desk)
        assert "promise" not in aid(desk)
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        assert [(one.promise, one.due) for one in sent(lamp.heard, Say)] == [(0, 0)]


@pytest.mark.parametrize("written", [False, True])
async def test_a_note_beside_it_stops_no_held_message(
    open_console: Opened, lamp: HandServer, written: bool
) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter", "f2")
        await desk.type("ask Bo")
        if written:
            await desk.later(600)
            await desk.press("enter")
            assert [one.text for one in sent(lamp.heard, Note)] == ["ask Bo"]
            lamp.accept()
        await types(desk, on=False)
        desk.main.understood.look()
        await desk.later(1_000)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))
        assert [one.text for one in sent(lamp.heard, Say)] == ["Ik kijk"]
        assert desk.main.composer.text == ("" if written else "ask Bo")
        assert desk.app.session.draft.message == ""


@pytest.mark.parametrize("by", ["shop", "agent"])
async def test_the_guard_is_off_where_somebody_set_it_so(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings, by: str
) -> None:
    lamp.views["shops"] = facts(guard=by != "shop")
    mine = msgspec.structs.replace(settings, guard=by != "agent")
    async with open_console((100, 30), settings=mine) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
