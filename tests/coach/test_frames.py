"""Promises and near-misses with every time they may be said with: no form of a sentence is forgotten."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from supportterm.coach.promising import find

from .phrases import DATA

FRAMES: dict[str, Any] = tomllib.loads((DATA / "frames.toml").read_text("utf-8"))


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
