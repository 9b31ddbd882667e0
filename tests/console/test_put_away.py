"""What was put away or set by hand stays so when the console is opened again, until the chat is closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from supportterm.console.aids.talk import Mark
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import KEEP_AWAY, KEEP_DRAFTS_MS, KEEP_HINTS, State
from supportterm.protocol import kinds

from .conftest import A, Desk, Opened
from .promising import aid
from .server import NOON, SANNE, HandServer, event
from .understanding import fresh, give, lamp, said, talkative

__all__ = ["fresh", "lamp", "talkative"]


def leave(desk: Desk) -> None:
    """What is written and put away is on the disk a second later, and when the console is left."""
    desk.main.save_drafts()


async def test_the_summary_prompt_stays_away_until_something_new_is_said(
    open_console: Opened, talkative: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "ctrl+k" in aid(desk))
        await desk.press("escape")
        assert "ctrl+k" not in aid(desk)
        leave(desk)
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: desk.app.session.log is not None)
        assert "ctrl+k" not in aid(desk)
        give(desk, said("En ik hoor graag wanneer de zwarte komt, want vrijdag is het feest.", 7))
        await desk.until(lambda: "ctrl+k" in aid(desk))


async def test_the_greeting_stays_away(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "tab takes it" in aid(desk))
        await desk.press("escape")
        leave(desk)
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: desk.app.session.log is not None)
        assert "je spreekt met" not in desk.screen_text


async def test_the_step_set_by_hand_is_forgotten_with_the_chat(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings
) -> None:
    def by_hand(desk: Desk) -> bool:
        reading = desk.app.session.reading
        return reading is not None and reading.progress.by_hand

    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+e")
        await desk.type("solve")
        await desk.press("enter")
        await desk.until(lambda: by_hand(desk))
    async with open_console((100, 40)) as desk:
        await desk.until(lambda: by_hand(desk))
    # Closed while nobody looked.
    lamp.chats[A].append(event(A, 7, NOON, SANNE, "closed", pub=6, data=kinds.Closed("agent")))
    lamp.heads[A] = msgspec.structs.replace(lamp.heads[A], state="closed", waiting_since=0)
    async with open_console((100, 40)) as desk:
        await desk.until(lambda: desk.app.session.log is not None)
        assert not by_hand(desk)
        leave(desk)
    assert '"marks"' not in (settings.state_dir / "state.json").read_text()


async def test_another_history_knows_nothing_of_it(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        desk.app.session.readings.set_step(desk.app.session.journal.chats[A], "solve")
        desk.app.session.save()
    lamp.epoch = "restored"
    async with open_console((100, 40)) as desk:
        await desk.until(lambda: desk.app.session.log is not None)
        assert desk.app.session.state.away(A).marks == ()


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Ik ben over 3 minuten terug", lambda desk: "promise" in aid(desk)),
        ("Zoals ik al zei, komt hij", lambda desk: "Zoals ik al zei" in aid(desk)),
    ],
)
async def test_what_was_waved_away_in_a_draft_stays_away_for_its_words(
    open_console: Opened, lamp: HandServer, text: str, there: Callable[[Desk], bool]
) -> None:
    async with open_console((120, 30)) as desk:
        await desk.type(text)
        await desk.until(lambda: there(desk))
        await desk.press("escape")
        await desk.until(lambda: not there(desk))
        leave(desk)
    async with open_console((120, 30)) as desk:
        await desk.until(lambda: desk.main.composer.text == text)
        desk.main.paint()
        assert not there(desk)
        desk.main.writing.put("")
        desk.main.paint()
        await desk.type("Ik ben over 9 minuten terug")
        await desk.until(lambda: "promise" in aid(desk))


# --- on the disk --------------------------------------------------------------------------------------


def test_only_the_newest_chats_are_kept_and_none_for_ever(tmp_path: Path) -> None:
    state = State(tmp_path / "s")
    for number in range(KEEP_AWAY):
        state.put_away(f"chat{number}", NOON).greeting = True
    state.put_away("chat0", NOON + 1).seen = 7
    state.put_away("one more", NOON)
    assert state.away("chat0").seen == 7
    assert not state.away("chat1").greeting
    assert state.away("chat2").greeting
    assert state.save() == ""
    again = State(tmp_path / "s", NOON)
    assert (again.away("chat0"), again.away("chat2")) == (state.away("chat0"), state.away("chat2"))
    later = State(tmp_path / "s", NOON + KEEP_DRAFTS_MS)
    assert (later.away("chat0").seen, later.away("chat2").greeting) == (7, False)


def test_looking_keeps_nothing_and_what_is_erased_or_closed_is_forgotten(tmp_path: Path) -> None:
    state = State(tmp_path / "s")
    assert not state.away("a").greeting
    assert not state.closed("a")
    state.put_away("a", NOON).chip = "span 180000 over 3 minuten"
    state.put_away("b", NOON).marks = (Mark(4, "step", "solve"),)
    state.save()
    assert State(tmp_path / "s", NOON).away("b").marks == (Mark(4, "step", "solve"),)
    state.forget("a")
    assert state.closed("b")
    state.save()
    assert "minuten" not in (tmp_path / "s").read_text()
    assert State(tmp_path / "s", NOON).away("b").marks == ()


def test_hints_of_one_chat_do_not_pile_up() -> None:
    away = State(Path("nowhere")).put_away("a", NOON)
    for number in range(KEEP_HINTS + 5):
        away.hint_over(f"{number}")
        away.hint_over(f"{number}")
    assert (len(away.hints), away.hints[-1]) == (KEEP_HINTS, f"{KEEP_HINTS + 4}")
