"""Whether a message keeps a promise that runs: not if it asks for patience, nor if it gives a new time."""

from __future__ import annotations

import re
from typing import Final

from supportterm.coach.promising.finding import find_time
from supportterm.coach.promising.found import HOUR
from supportterm.coach.promising.holding import holding

#: So much of a text is read, from its end: there a new time stands, and the desk waits for it.
_READ: Final = 500
#: Where a sentence begins.
_BEGINS: Final = re.compile(r"(?<=[.!?…])\s+|\n")


def keeps_nothing(text: str, language: str = "") -> bool:
    """Whether a text is no answer: a holding line, or a new time within the hour, whatever else it says.

    "Your parcel is at the depot. I'll call them and be back in five minutes" is a new promise, and the one
    that runs counts on. Of days, or of an hour of the day, it may as well be the answer. Never raises.
    """
    return holding(text, language) or _puts_off(text, language)


def _puts_off(text: str, language: str) -> bool:
    """Whether a while of at most an hour is promised, be it one too short to count down."""
    rest = _end(text)
    while (found := find_time(rest, language)) is not None:
        if 0 < found.ms <= HOUR:
            return True
        # "I refund you within five days. I'll be back in five minutes"
        rest = rest[found.end :]
    return False


def _end(text: str) -> str:
    """The last of a long text, from a whole sentence on."""
    if len(text) <= _READ:
        return text
    end = text[-_READ:]
    begins = _BEGINS.search(end)
    return end[begins.end() :] if begins else end
