"""A phrase that is taken can be searched for: what is wrong with one is counted, not compiled."""

from __future__ import annotations

import re
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.understanding.phrases import pattern

PIECES = [
    "a",
    "é",
    " ",
    "(",
    ")",
    "|",
    "[",
    "]",
    "] ",
    "*",
    "#",
    "^",
    "…",
    " … ",
    "{rest}",
    "{",
    "+",
    "?",
    "\\",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_taken_is_a_regular_expression(phrase: str) -> None:
    with suppress(ValueError):
        found = pattern(phrase)
        try:
            re.compile(found)
        except re.error as why:
            raise AssertionError(f"{phrase!r} was taken") from why
