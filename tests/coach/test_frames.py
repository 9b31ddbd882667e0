"""Promises and near-misses with every time they may be said with: no form of a sentence is forgotten."""

from __future__ import annotations

import pytest

from supportterm.coach.promising import find

from .frames import FRAMES, asking, looking_up, near_misses, promises, telling


@pytest.mark.parametrize("lang", FRAMES)
def test_a_promise_with_any_time_before_it(lang: str) -> None:
    _times_seen(promises(lang), lang, 0.02)


@pytest.mark.parametrize("lang", FRAMES)
def test_a_near_miss_with_any_time_in_it(lang: str) -> None:
    every = near_misses(lang)
    started = [text for text in every if find(text, lang) is not None]
    assert len(started) <= 0.02 * len(every), started


@pytest.mark.parametrize("lang", FRAMES)
def test_looking_something_up(lang: str) -> None:
    every = looking_up(lang)
    missed = [text for text in every if find(text, lang) is None]
    assert len(missed) <= 0.05 * len(every), missed


@pytest.mark.parametrize("lang", FRAMES)
def test_telling_by_then(lang: str) -> None:
    _times_seen(telling(lang), lang, 0.05)


@pytest.mark.parametrize("lang", FRAMES)
def test_asking_for_time(lang: str) -> None:
    _times_seen(asking(lang), lang, 0.05)


def _times_seen(every: list[str], lang: str, share: float) -> None:
    """In all but a share of the texts a promise with a time is seen."""
    missed = [text for text in every if (found := find(text, lang)) is None or found.kind == "vague"]
    assert len(missed) <= share * len(every), missed
