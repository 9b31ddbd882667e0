"""A promise in a text that is being typed: it does not come and go with the letters of a word.

A half-typed word is no word yet: in "back in 5 minu" no unit is seen any more. So a time that was promised
stays so while the words before stand as they stood and the last word may yet become one of time. That is all
that is remembered: of finished words what the grammar makes of them counts, however they were typed.
See docs/promises.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import Final

import msgspec

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.finding import find
from supportterm.coach.promising.folding import fold
from supportterm.coach.promising.found import Found

#: The word that is being typed.
_LAST: Final = re.compile(r"[^\W\d_]+\Z")


class Typing:
    """One text while it is typed. `find` is asked after every change of it."""

    def __init__(self) -> None:
        self._text = ""
        self._language = ""
        self._shown: Found | None = None

    def find(self, text: str, language: str = "") -> Found | None:
        """The promise in the text as it stands now; None: there is none."""
        shown = self._shown if language == self._language else None
        found = find(text, language)
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
    if not _begins_time(shown.language, fold(last[0])):
        return None
    return msgspec.structs.replace(shown, end=len(text))


def _begins_time(language: str, letters: str) -> bool:
    words = _time_words(language)
    at = bisect_left(words, letters)
    return at < len(words) and words[at].startswith(letters)


@cache
def _time_words(name: str) -> tuple[str, ...]:
    known = languages.language(name)
    return tuple(sorted(known.timed)) if known is not None else ()
