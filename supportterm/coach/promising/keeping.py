"""Whether a message keeps a promise that runs: not if it asks for patience, nor if it gives a new time."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from supportterm.coach.hours import Hours
from supportterm.coach.promising.due import resolve
from supportterm.coach.promising.finding import find_time
from supportterm.coach.promising.found import HOUR, Found
from supportterm.coach.promising.holding import holding

#: So much of a text is read, from its end: there a new time stands, and the desk waits for it.
_READ: Final = 500
#: Where a sentence begins.
_BEGINS: Final = re.compile(r"(?<=[.!?…])\s+|\n")


class Wall(Struct, frozen=True):
    """The moment by the shop's clock, by which an hour of the day is near or far: as `resolve` wants it."""

    now_ms: int
    zone: str
    hours: Hours | None = None


def keeps_nothing(text: str, language: str = "", wall: Wall | None = None) -> bool:
    """Whether a text is no answer: a holding line, or a new time within the hour, whatever else it says.

    "Your parcel is at the depot. I'll call them and be back in five minutes" is a new promise, and the one
    that runs counts on; so is "I'll call you at 8:05" half an hour before. Of days, or of more than an hour,
    it may as well be the answer, and so it may of an hour of the day if no ``wall`` says what time it is.
    Never raises.
    """
    return holding(text, language) or _puts_off(text, language, wall)


def _puts_off(text: str, language: str, wall: Wall | None) -> bool:
    """Whether a while of at most an hour is promised, be it one too short to count down."""
    rest = _end(text)
    while (found := find_time(rest, language)) is not None:
        if 0 < _away(found, wall) <= HOUR:
            return True
        # "I refund you within five days. I'll be back in five minutes"
        rest = rest[found.end :]
    return False


def _away(found: Found, wall: Wall | None) -> int:
    """How far off a promised time is; 0: that is not known. A day without an hour ends some time."""
    if found.clock is None:
        return found.ms
    if wall is None or found.clock.minute < 0:
        return 0
    due = resolve(found, wall.now_ms, wall.zone, wall.hours)
    return due - wall.now_ms if due is not None else 0


def _end(text: str) -> str:
    """The last of a long text, from a whole sentence on."""
    if len(text) <= _READ:
        return text
    end = text[-_READ:]
    begins = _BEGINS.search(end)
    return end[begins.end() :] if begins else end
