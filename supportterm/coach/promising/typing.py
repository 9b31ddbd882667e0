"""A promise in a text that is being typed: it does not come and go with the letters of a word.

A half-typed word is no word yet: in "back in 5 minu" no unit is seen any more. So a time that was promised
stays so while the words before stand as they stood and the last word may yet become one of time. That is all
that is remembered: of finished words what the grammar makes of them counts, however they were typed.
See docs/promises.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import Final

import msgspec

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.finding import Memory, find
from supportterm.coach.promising.folding import fold, tokens
from supportterm.coach.promising.found import MINUTE, Found
from supportterm.coach.promising.stretches import number_at

#: The word that is being typed.
_LAST: Final = re.compile(r"[^\W\d_]+\Z")


class Typing:
    """One text while it is typed. `find` is asked after every change of it."""

    def __init__(self) -> None:
        self._text = ""
        self._language = ""
        self._shown: Found | None = None
        self._memory: Final = Memory()

    def find(self, text: str, language: str = "") -> Found | None:
        """The promise in the text as it stands now; None: there is none."""
        shown = self._shown if language == self._language else None
        found = find(text, language, self._memory)
        if shown is not None and (found is None or found.kind == "vague"):
            stands = text.startswith(self._text[: shown.end])
            found = (_unfinished(text, shown) if stands else None) or found
        self._text, self._language = text, language
        self._shown = found if found is not None and found.kind != "vague" else None
        return found


def _unfinished(text: str, shown: Found) -> Found | None:
    """The same promise, if the last word may become one that belongs to it. Its words reach to the end, so
    that no half of a word is left where another time is chosen."""
    last = _LAST.search(text)
    if last is None or text[shown.end : last.start()].strip():
        return None
    if not _may_say(shown, text[shown.start : last.start()], fold(last[0])):
        return None
    return msgspec.structs.replace(shown, end=len(text))


def _may_say(shown: Found, before: str, letters: str) -> bool:
    """Whether the letters may become a word of time, and are no unit yet: what a unit says is said already.

    "In 20" is twenty minutes; what may only become "in 20 seconds" is less than that.
    """
    known, units = languages.language(shown.language), _units(shown.language)
    begun = _begun(shown.language, letters)
    if known is None or not begun or letters in units:
        return False
    counted = [units[word] for word in begun if word in units]
    if shown.kind != "duration" or not counted or any(ms < 0 or ms >= MINUTE for ms in counted):
        return True
    words = known.words(tokens(before))
    number = number_at(known, words, len(words) - 1)
    return number is None or shown.ms < number[1] * MINUTE


def _begun(language: str, letters: str) -> tuple[str, ...]:
    """The words of time that these letters may become."""
    words = _time_words(language)
    first = bisect_right(words, letters)
    last = bisect_left(words, letters + "\U0010ffff")
    return words[first:last]


@cache
def _time_words(name: str) -> tuple[str, ...]:
    known = languages.language(name)
    return tuple(sorted(known.timed)) if known is not None else ()


@cache
def _units(name: str) -> dict[str, int]:
    """The units that are one word, with the milliseconds of one."""
    known = languages.language(name)
    if known is None:
        return {}
    every = ((word, entry) for word, entries in known.unit.by_first.items() for entry in entries)
    return {word: ms for word, (phrase, ms) in every if len(phrase) == 1}
