"""Times in a row of words: stretches ("een half uur") and times by the clock ("morgen voor 12 uur")."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from supportterm.coach.promising.clocks import clock_at
from supportterm.coach.promising.found import Clock
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.patterns import Table
from supportterm.coach.promising.stretches import stretch_at


class Time(Struct, frozen=True):
    """A time in ``words[first:last]``. ``clock`` None: a stretch of ``ms``.

    ``lead``: where the words that lead to it begin ("over", "binnen ongeveer"), ``first`` if there are none;
    ``led``: they say that it is to come. ``bare``: a number alone, minutes if anything.
    """

    first: int
    last: int
    lead: int
    led: bool
    ms: int = 0
    clock: Clock | None = None
    bare: bool = False


def times(language: Language, words: Sequence[str]) -> list[Time]:
    """All times, in order, none overlapping."""
    found: list[Time] = []
    at, end = 0, len(words)
    after = 0  # where the last one ended
    while at < end:
        time = _time_at(language, words, at, after)
        if time is None:
            at += 1
        else:
            found.append(time)
            at = after = time.last
    return found


def _time_at(language: Language, words: Sequence[str], at: int, after: int) -> Time | None:
    lead, led = _led(language, words, at, after)
    stretch = stretch_at(language, words, at, led)
    clock = clock_at(language, words, at)
    if clock is not None and (stretch is None or (clock.last > stretch.last or not led)):
        if stretch is None or clock.sure:
            return Time(at, clock.last, at, True, clock=clock.clock)
    if stretch is None:
        return None
    if stretch.clock is not None:
        return Time(at, stretch.last, lead, led, clock=stretch.clock)
    return Time(at, stretch.last, lead, led, ms=stretch.ms, bare=stretch.bare)


def _led(language: Language, words: Sequence[str], at: int, after: int) -> tuple[int, bool]:
    """Where the words before a stretch that lead to it begin, and whether they say it is to come."""
    start = at
    if at > after and words[at - 1] == "-":
        start -= 1
    while size := _size_before(language.about, words, start, after):
        start -= size
    size = _size_before(language.future, words, start, after)
    return start - size, bool(size)


def _size_before(table: Table[bool], words: Sequence[str], at: int, after: int) -> int:
    """The most words before ``at`` that are one phrase of the table."""
    return max(
        (size for size in range(1, min(5, at - after + 1)) if table.size(words, at - size) == size), default=0
    )
