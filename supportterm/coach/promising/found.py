"""What a promise in a sentence is, before and after it is known when it falls due."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

#: Nobody can be asked to count down less, and what takes longer than a week is no promise of a chat.
SHORTEST: Final = 30 * SECOND
LONGEST: Final = 7 * DAY

#: Minutes an agent steps through.
STEPS_MIN: Final = (1, 2, 3, 5, 10, 15, 30, 60)

Kind = Literal["duration", "clock", "vague"]
DayName = Literal["", "today", "later", "weekday", "date", "week", "workday"]
PartName = Literal["", "morning", "afternoon", "evening", "end"]


class Clock(Struct, frozen=True):
    """A deadline by the shop's clock, as it was said.

    ``day`` "": not said. ``number``: of "later" the days from today (1: tomorrow), of "weekday" 0 (Monday)
    to 6, of "week" 0 (this one) or 1, of "workday" how many days with opening hours from today, of "date" the
    day of ``month``, 0: of the one in which it comes next. ``next``: the weekday after this week's.
    ``weekday``: the one that was said beside a date, -1: none; it may be another than the date's.
    ``minute`` of the day, -1: not said; ``twelve``: it may as well be twelve hours later.
    """

    day: DayName = ""
    number: int = 0
    month: int = 0
    next: bool = False
    weekday: int = -1
    minute: int = -1
    twelve: bool = False
    part: PartName = ""


class Found(Struct, frozen=True):
    """A promise in a text.

    ``ms``: of a "duration" how long, of a "vague" one how long to suggest. ``clock`` only of kind "clock".
    The time words stand in ``text[start:end]`` (nothing: a vague promise without any), and what else says the
    time in ``more``. ``language``: whose words they are.
    """

    kind: Kind
    start: int
    end: int
    language: str
    ms: int = 0
    clock: Clock | None = None
    more: tuple[tuple[int, int], ...] = ()

    @property
    def absurd(self) -> bool:
        """Whether no such promise can be given: less than `SHORTEST` or more than `LONGEST`."""
        return self.kind == "duration" and not allowed(self.ms)


def allowed(ms: int) -> bool:
    """Whether a promise may run so long: 30 seconds to 7 days."""
    return SHORTEST <= ms <= LONGEST


def longer(ms: int) -> int:
    """The next longer step: longer promises are what gets kept. Beyond an hour, half as much again, in
    whole quarters of an hour; at most `LONGEST`."""
    for step in STEPS_MIN:
        if step * MINUTE > ms:
            return step * MINUTE
    quarter = 15 * MINUTE
    return min(LONGEST, (ms * 3 // 2 + quarter - 1) // quarter * quarter)


def shorter(ms: int) -> int:
    """The next shorter step, the time itself if there is none; beyond an hour, two thirds in whole quarters
    of an hour."""
    if ms > STEPS_MIN[-1] * MINUTE:
        quarter = 15 * MINUTE
        return max(STEPS_MIN[-1] * MINUTE, min(ms, LONGEST) * 2 // 3 // quarter * quarter)
    return next((step * MINUTE for step in reversed(STEPS_MIN) if step * MINUTE < ms), ms)
