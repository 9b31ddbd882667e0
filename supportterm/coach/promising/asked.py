"""A stretch of time somebody types by itself: "2m", "10", "anderhalf uur"."""

from __future__ import annotations

import re
from typing import Final, Literal

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.folding import tokens
from supportterm.coach.promising.found import MINUTE, SHORTEST, allowed
from supportterm.coach.promising.stretches import stretch_at

#: Nobody types a longer one.
_LONGEST: Final = 60
_PLAIN: Final = re.compile(r"[+]?(\d{1,6})", re.ASCII)


class NotAllowed(ValueError):
    """``why``: "unread", no stretch of time; "short", less than `SHORTEST`; "long", more than `LONGEST`."""

    def __init__(self, why: Literal["unread", "short", "long"]) -> None:
        super().__init__(why)
        self.why: Final = why


def read_stretch(text: str, language: str = "") -> int:
    """The milliseconds a text asks for; a number alone counts minutes. Raises `NotAllowed`.

    ``language`` is tried first, then every other.
    """
    if len(text) > _LONGEST:
        raise NotAllowed("unread")
    if plain := _PLAIN.fullmatch(text.strip()):
        return _checked(int(plain[1]) * MINUTE)
    found = tokens(text)
    known = languages.language(language)
    for one in (*((known,) if known else ()), *languages.every_language()):
        words = one.words(found)
        first = 1 if words[:1] == ["-"] else 0
        stretch = stretch_at(one, words, first, True) if len(words) > first else None
        if stretch is not None and stretch.clock is None and stretch.last == len(words):
            return _checked(-abs(stretch.ms) if first else stretch.ms)
    raise NotAllowed("unread")


def _checked(ms: int) -> int:
    if not allowed(ms):
        raise NotAllowed("short" if ms < SHORTEST else "long")
    return ms
