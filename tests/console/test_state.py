"""Drafts outlive the console."""

from __future__ import annotations

import stat
from pathlib import Path

from supportterm.console.closing import UNDO_MS, Closings
from supportterm.console.entry import Seat
from supportterm.console.state import KEEP_DRAFTS_MS, State


def test_drafts_and_look_come_back_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    state = State(path)
    state.draft("a").message = "half a sent"
    state.draft("b").note = "remember"
    state.draft("c")
    state.look.theme = "dawn"
    assert state.save() == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = State(path)
    assert set(again.drafts) == {"a", "b"}
    assert (again.draft("a").message, again.draft("b").note, again.look.theme) == (
        "half a sent",
        "remember",
        "dawn",
    )
    assert list(path.parent.iterdir()) == [path]


def test_erased_and_old_drafts_go(tmp_path: Path) -> None:
    state = State(tmp_path / "s")
    state.draft("old").message, state.draft("old").at = "x", 1
    state.draft("erased").message = "gone words"
    state.forget("erased")
    state.save()
    assert "gone words" not in (tmp_path / "s").read_text()
    assert State(tmp_path / "s", KEEP_DRAFTS_MS + 2).drafts == {}


def test_an_unreadable_file_is_kept_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"v": 1, "drafts": {"a"')
    state = State(path)
    assert state.drafts == {}
    assert "state.unreadable" in state.trouble
    assert path.with_suffix(".unreadable").read_text().startswith('{"v"')


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state = State(tmp_path / "file" / "state.json")
    state.draft("a").message = "x"
    assert str(state.path) in state.save()


def test_two_consoles_of_one_agent_have_files_of_their_own(tmp_path: Path) -> None:
    first, second = Seat(tmp_path, "wss://desk", "sanne"), Seat(tmp_path, "wss://desk", "sanne")
    other = Seat(tmp_path, "wss://desk", "bo")
    assert len({first.state, second.state, other.state}) == 3
    outbox = first.outbox
    first.leave()
    third = Seat(tmp_path, "wss://desk", "sanne")
    assert third.outbox == outbox
    for seat in (second, third, other):
        seat.leave()


def test_closing_can_be_undone_until_it_is_due() -> None:
    closings = Closings()
    closings.begin("a", 1_000)
    closings.begin("a", 2_000)
    closings.begin("b", 3_000)
    assert [closings.seconds_left("a", now) for now in (1_000, 1_001, 5_999, 7_000)] == [5, 5, 1, 1]
    assert closings.undo("c") == "b"
    assert closings.take_due(1_000 + UNDO_MS - 1) == []
    assert closings.take_due(1_000 + UNDO_MS) == ["a"]
    assert not closings
    assert closings.undo("a") == ""
    closings.begin("d", 0)
    assert closings.take_all() == ["d"]
    assert closings.seconds_left("d", 0) == 0
