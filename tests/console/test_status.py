"""My status and my load: chosen by a few letters, and what is seen to before going."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import kinds, views
from supportterm.protocol.frames import (
    Active,
    Ok,
    SetStatus,
)

from .conftest import Opened, top
from .server import DESK, MINUTE, NOON, HandServer, event, load, sent
from .team import B, desk_of


async def test_my_load_stands_in_the_status_as_bar_and_sentence(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((160, 45)) as desk:
        sentence = "2.2 of 2.5: two waiting 2.0, one quiet 0.2 · no new chat"
        assert "█████░ " + sentence in desk.bar("status")
        assert "███████████░" in desk.screen_text
        assert "queue 2 · oldest 4m" in desk.bar("status")
        server.mine["load"] = load(320, views.Part("due", 1, 100), views.Part("waiting", 2, 200))
        server.tell_views()
        await desk.until(lambda: "██████! 3.2 of 2.5: one promise due 1.0" in desk.bar("status"))
        server.mine["load"] = views.Load(0, 250, 1, 5, [views.Part("closing", 1, 0)])
        server.tell_views()
        await desk.until(lambda: "one promised later" in desk.bar("status"))
        server.mine["load"] = load(320, views.Part("due", 1, 100), views.Part("waiting", 2, 200))
        server.tell_views()
        await desk.until(lambda: "3.2 of 2.5" in desk.bar("status"))
    async with open_console((80, 24)) as desk:
        assert "3.2 of 2.5 · you are online" in desk.bar("status")


async def test_a_status_is_chosen_by_typing_a_part_of_it(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.press("f9")
        assert "Finishing" in desk.screen_text
        await desk.type("lun")
        await desk.press("enter")
        (frame,) = sent(server.heard, SetStatus)
        assert (frame.status, frame.reason) == ("away", "lunch")
        assert "you are away: lunch" in desk.bar("status")
        server.give(Ok(frame.id))
        await desk.press("f9")
        await desk.type("dentist")
        assert "Away: dentist" in desk.screen_text
        await desk.press("enter")
        assert sent(server.heard, SetStatus)[-1].reason == "dentist"


@pytest.mark.parametrize("language", ["nl", "da"])
async def test_the_english_word_of_a_status_finds_it_in_every_language(
    open_console: Opened, server: HandServer, settings: ConsoleSettings, language: str
) -> None:
    desk_of(server)
    async with open_console(settings=msgspec.structs.replace(settings, language=language)) as desk:
        for typed, reason in (("lun", "lunch"), ("bre", "break"), ("train", "training")):
            await desk.press("f9")
            await desk.type(typed)
            await desk.press("enter")
            frame = sent(server.heard, SetStatus)[-1]
            assert (frame.status, frame.reason) == ("away", reason)
            server.give(Ok(frame.id))
        await desk.press("f9")
        await desk.type("fin")
        assert desk.app.session.words.say("status.choose_finishing") in desk.screen_text


async def test_who_was_silent_reads_why_and_comes_back_with_one_key(
    open_console: Opened, server: HandServer
) -> None:
    desk_of(server)
    async with open_console((80, 24)) as desk:
        server.give(
            event(B, 5, NOON - 8 * MINUTE, DESK, "unassigned", data=kinds.Unassigned("silent", "a1")),
        )
        server.status, server.mine["silent"] = "away", B
        server.tell_views()
        await desk.until(lambda: "No reaction to Customer" in desk.screen_text)
        assert "in 60 s: you are away" in desk.screen_text
        assert "F9 puts you online again" in desk.screen_text
        await desk.press("f9")
        assert [frame.status for frame in sent(server.heard, SetStatus)] == ["online"]
        assert top(desk) == "MainScreen"


async def test_keys_tell_the_desk_that_somebody_is_there(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console() as desk:
        await desk.type("hello")
        await desk.press("f9", "escape")
        assert len(sent(server.signs, Active)) == 1
