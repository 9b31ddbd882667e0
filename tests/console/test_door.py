"""The front door: terminals that will not do, themes that will not do, figures at the end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from supportterm import console
from supportterm.console.entry import terminal_trouble
from supportterm.console.figures import DemoSummary
from supportterm.console.looks import load_looks
from supportterm.console.words import Words
from supportterm.link.journal import Journal
from supportterm.protocol.frames import Chat, Head

from .server import CUSTOMER, NOON, SANNE, beginning, say


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}", Tty())


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_draw_is_refused(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    on_terminal(monkeypatch)
    trouble = terminal_trouble(Words("en"), {"TERM": term})
    assert trouble is not None
    assert "cannot move its cursor" in trouble


def test_a_real_terminal_is_welcome(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    assert terminal_trouble(Words("en"), {"TERM": "tmux-256color"}) is None


def test_without_a_terminal_it_says_so_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = console.load_settings(tmp_path / "config", tmp_path / "state", {"LANG": "nl_NL"})
    assert console.run("ws://127.0.0.1:1", "t" * 43, settings=settings) == 2
    assert "heeft een terminal nodig" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_bad_theme_file_is_told_and_the_others_hold(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('title = "x"\n[colours]\nprimary = "nocolour"\n', "utf-8")
    shipped = load_looks()
    assert not shipped.problems
    looks = load_looks([tmp_path, *console_themes()])
    assert looks.names == shipped.names
    assert looks.problems
    assert all("broken.toml" in problem for problem in looks.problems)


def test_a_theme_that_there_is_not_is_told_with_the_nearest() -> None:
    looks = load_looks()
    assert looks.missing("") == looks.missing("dusk") == []
    (problem,) = looks.missing("dsk")
    assert "no such theme" in problem
    assert "did you mean `dusk`?" in problem
    (problem,) = looks.missing("noo")
    assert "dusk" in problem


def test_without_any_theme_there_is_still_a_console(tmp_path: Path) -> None:
    looks = load_looks([tmp_path])
    assert (looks.themes, looks.first) == ([], "textual-dark")


def console_themes() -> list[Path]:
    from supportterm.theme import directories

    return directories()[:1]


def test_figures_count_answers_from_the_first_unanswered_message() -> None:
    journal = Journal("agent")
    assert DemoSummary.of(journal) == DemoSummary(0, 0, None)
    for chat, answer in (("a", 4_000), ("b", 10_000)):
        events = [
            *beginning(chat, NOON),
            say(chat, 4, NOON, CUSTOMER, "x", pub=3),
            say(chat, 5, NOON + 1_000, CUSTOMER, "?", pub=4),
            say(chat, 6, NOON + answer, SANNE, "y", pub=5),
            say(chat, 7, NOON + answer, SANNE, "z", pub=6),
            say(chat, 8, NOON + answer, CUSTOMER, "thanks", pub=7),
        ]
        journal.take(Chat(chat, 1, 8, Head("open", "s", "en", NOON)), 0)
        for each in events:
            journal.take(each, 0)
    assert DemoSummary.of(journal) == DemoSummary(chats=2, messages=10, median_answer_ms=7_000)
