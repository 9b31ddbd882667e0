"""Searching a list by a few letters: neither capitals nor accents count, in what is typed nor in the list.

Who looks for "Invitér" types no accent, and "ø" is no key everywhere. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

from supportterm.coach.phrases import folded


def stands_in(query: str, text: str) -> bool:
    """Whether every word of a query stands in a text."""
    there = folded(text)
    return all(word in there for word in folded(query).split())


def place(query: str, text: str) -> tuple[int, int]:
    """Where the query stands in the text, as its first character and the one behind; (0, 0): nowhere."""
    wanted = folded(query)
    at = folded(text).find(wanted)
    if at < 0 or not wanted:
        return 0, 0
    # Folded, a letter may be two ("æ") or none (an accent by itself).
    ends = list(accumulate(len(folded(letter)) for letter in text))
    return bisect_right(ends, at), bisect_left(ends, at + len(wanted)) + 1
