"""A file of words that cannot be used is left out by itself, and somebody is told."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from supportterm.coach.greeting import Greetings
from supportterm.coach.troubles import troubles
from supportterm.coach.wordfiles import read_all


def test_ours_are_whole() -> None:
    assert troubles() == ()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"morning = ", "greetings/fr.toml is no TOML: "),
        (b"\xff\xfe", "greetings/fr.toml is no TOML: "),
        (b"morning = 5", "greetings/fr.toml: Expected `str`, got `int` - at `$.morning`"),
    ],
)
def test_a_broken_file_is_named_and_the_others_work(tmp_path: Path, raw: bytes, said: str) -> None:
    folder = tmp_path / "greetings"
    shutil.copytree(Path(str(files("supportterm.coach") / "greetings")), folder)
    (folder / "fr.toml").write_bytes(raw)
    usable, wrong = read_all(folder, Greetings)
    assert sorted(usable) == ["da", "de", "en", "nl"]
    assert len(wrong) == 1
    assert wrong[0].startswith(said)
