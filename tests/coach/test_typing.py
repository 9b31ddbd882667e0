"""Promises typed letter by letter: they stay on the line while a word is half typed, and start no other."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from supportterm.coach import promising
from supportterm.coach.promising import Found, Typing

from .phrases import Line, lines

#: Plain ones, of which 84 promise a time.
TABLES = ("ninth", "eleventh")


def timed(found: Found | None) -> bool:
    return found is not None and found.kind != "vague"


def table(name: str, *, promises: bool) -> list[Line]:
    return [line for line in lines(name) if line.expected.startswith(("duration", "at")) is promises]


@cache
def shown(line: Line) -> list[bool]:
    """Whether a promise of a time stands there after each letter."""
    typing = Typing()
    return [timed(typing.find(line.text[:end], line.lang)) for end in range(1, len(line.text) + 1)]


def test_a_promise_seldom_comes_and_goes_while_it_is_typed() -> None:
    rows = [line for name in TABLES for line in table(name, promises=True)]
    comes = [sum(b and not a for a, b in pairwise([False, *shown(line)])) for line in rows]
    assert len(comes) == 84
    # The grammar alone: 63 of them.
    assert sum(times > 1 for times in comes) <= 23


def test_what_is_finished_is_read_as_the_grammar_reads_it_however_it_was_typed() -> None:
    rows = [line for name in TABLES for line in table(name, promises=True)]
    rows += table("eleventh", promises=False)
    differ = [line for line in rows if shown(line)[-1] is not timed(promising.find(line.text, line.lang))]
    assert differ == []


def test_a_half_typed_unit_keeps_the_time_before_it() -> None:
    typing, text = Typing(), "Ik ben over 5 minuten terug"
    for end in range(text.index("5") + 1, len(text) + 1):
        found = typing.find(text[:end], "nl")
        assert found is not None, text[:end]
        assert (found.kind, found.ms) == ("duration", 300_000), text[:end]


def test_where_another_time_is_chosen_no_half_of_a_word_is_left() -> None:
    typing, found = Typing(), None
    for end in range(1, len(text := "I'll be back in 5 minu") + 1):
        found = typing.find(text[:end], "en")
    assert found is not None
    assert promising.reword(text, found, 600_000, "en") == "I'll be back in 10 minutes"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("I'll be back in 5 m", "I'll be back in 5 me"),
        ("I'll be back in 5 minu", "I'll be back in 5 minu "),
        ("I'll be back in 5 minu", "I'll be back in 5 minu."),
        ("I'll be back in 5 minu", "I'll be back in minu"),
        ("I'll be back in 5 minutes", "Not back in 5 minu"),
    ],
)
def test_nothing_is_kept_of_words_that_are_finished_changed_or_of_no_time(before: str, after: str) -> None:
    typing = Typing()
    for end in range(1, len(before) + 1):
        typing.find(before[:end], "en")
    assert typing.find(after, "en") == promising.find(after, "en")


def test_another_language_begins_anew() -> None:
    typing = Typing()
    typing.find("I'll be back in 5 m", "en")
    assert typing.find("I'll be back in 5 mi", "nl") == promising.find("I'll be back in 5 mi", "nl")
