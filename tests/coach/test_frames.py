"""Promises and near-misses with every time they may be said with: no form of a sentence is forgotten."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from supportterm.coach.promising import find

from .phrases import DATA

FRAMES: dict[str, Any] = tomllib.loads((DATA / "frames.toml").read_text("utf-8"))
#: Languages whose frames are said in full.
WHOLE = [lang for lang, frames in FRAMES.items() if "asking" in frames]


@pytest.mark.parametrize("lang", FRAMES)
def test_a_promise_with_any_time_before_it(lang: str) -> None:
    frames = FRAMES[lang]
    every = [f"{time} {what}" for what in frames["promises"] for time in frames["begins"]]
    missed = [text for text in every if (found := find(text, lang)) is None or found.kind == "vague"]
    assert len(missed) <= 0.02 * len(every), missed


@pytest.mark.parametrize("lang", FRAMES)
def test_a_near_miss_with_any_time_in_it(lang: str) -> None:
    frames = FRAMES[lang]
    every = [what.replace("{}", time) for what in frames["near_misses"] for time in frames["times"]]
    started = [text for text in every if find(text, lang) is not None]
    assert len(started) <= 0.02 * len(every), started


def _filled(lang: str, frames: str, words: str) -> list[str]:
    """Every frame with every word in it; a capital where it begins."""
    mine = FRAMES[lang]
    every = [frame.replace("{}", word) for frame in mine[frames] for word in mine[words]]
    return [text[:1].upper() + text[1:] for text in every]


@pytest.mark.parametrize("lang", WHOLE)
def test_looking_something_up(lang: str) -> None:
    every = _filled(lang, "looking_up", "things")
    missed = [text for text in every if find(text, lang) is None]
    assert len(missed) <= 0.05 * len(every), missed


@pytest.mark.parametrize("lang", WHOLE)
def test_telling_by_then(lang: str) -> None:
    every = _filled(lang, "telling", "times")
    missed = [text for text in every if (found := find(text, lang)) is None or found.kind == "vague"]
    assert len(missed) <= 0.05 * len(every), missed


@pytest.mark.parametrize("lang", WHOLE)
def test_asking_for_time(lang: str) -> None:
    every = _filled(lang, "asking", "stretches")
    missed = [text for text in every if (found := find(text, lang)) is None or found.kind == "vague"]
    assert len(missed) <= 0.05 * len(every), missed
