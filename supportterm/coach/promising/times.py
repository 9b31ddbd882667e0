"""Times in a row of words: stretches ("een half uur") and times by the clock ("morgen voor 12 uur")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from supportterm.coach.promising.clocks import clock_at
from supportterm.coach.promising.found import Clock
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.patterns import Table
from supportterm.coach.promising.stretches import stretch_at
from supportterm.coach.promising.unread import has_unread

#: Words that may lead to a time, at most.
_LEADS: Final = 5
#: Where a time may begin in a sentence, at most: of a pasted row of figures no more are weighed.
_PLACES: Final = 60


class Time(Struct, frozen=True):
    """A time in ``words[first:last]``. ``clock`` None: a stretch of ``ms``.

    ``lead``: where the words that lead to it begin ("over", "binnen ongeveer"), ``first`` if there are none;
    ``led``: they say that it is to come. ``bare``: a number alone, minutes if anything. ``until``: it is how
    long something goes on, not when it happens.
    """

    first: int
    last: int
    lead: int
    led: bool
    ms: int = 0
    clock: Clock | None = None
    bare: bool = False
    until: bool = False


def times(language: Language, words: Sequence[str]) -> list[Time]:
    """All times, in order, none overlapping.

    Beside a time by the clock that cannot be read, no day stands for itself: it would fall due at its end.
    """
    timed = language.timed
    wished = _wished(language, words)
    cores = [
        at
        for at, word in enumerate(words)
        if (word in timed or word[0].isdecimal() or word == "½") and at not in wished
    ]
    del cores[_PLACES:]
    found: list[Time] = []
    after = 0  # where the last one ended
    for core in cores:
        # What leads to a time stands before it.
        for at in range(max(after, core - _LEADS), core + 1):
            time = _time_at(language, words, at, after)
            if time is not None:
                found.append(_same_day(language, words, time, found))
                after = time.last
                break
    if any(_is_day(one) for one in found) and has_unread(
        language, words, (range(one.first, one.last) for one in found if one.clock is not None or one.led)
    ):
        found = [one for one in found if not _is_day(one)]
    return _with_then(language, words, found)


def _wished(language: Language, words: Sequence[str]) -> set[int]:
    """The places of words that only wish somebody a good time."""
    found: set[int] = set()
    for at, word in enumerate(words):
        if word in language.wishes.by_first:
            found.update(range(at, at + language.wishes.size(words, at)))
    return found


def _is_day(time: Time) -> bool:
    """Whether it is a day, or a part of one, without its hour."""
    return time.clock is not None and time.clock.minute < 0


def _with_then(language: Language, words: Sequence[str], found: Sequence[Time]) -> list[Time]:
    """The times, and wherever "by then" means the one before it."""
    if not found or language.then.by_first.keys().isdisjoint(words):
        return list(found)
    every: list[Time] = []
    named: Clock | None = None
    for at in range(len(words)):
        if at < (every[-1].last if every else 0):
            continue
        time = next((one for one in found if one.first <= at < one.last), None)
        if time is not None:
            every.append(time)
            named = time.clock or named
        elif named is not None and (size := language.then.size(words, at)):
            every.append(Time(at, at + size, at, True, clock=named))
    return every


def _same_day(language: Language, words: Sequence[str], time: Time, before: Sequence[Time]) -> Time:
    """A time with the day that "the same day" means: the last that was named; none: today."""
    clock = time.clock
    if clock is None or clock.day != "today":
        return time
    if not any(language.same.size(words, at) for at in range(time.first, time.last)):
        return time
    named = next((one.clock for one in reversed(before) if one.clock is not None and one.clock.day), None)
    if named is None:
        return time
    meant = msgspec.structs.replace(
        clock, day=named.day, number=named.number, month=named.month, next=named.next
    )
    return msgspec.structs.replace(time, clock=meant)


def _time_at(language: Language, words: Sequence[str], at: int, after: int) -> Time | None:
    word = words[at]
    digits = word[0].isdecimal() or word == "½"
    stretch = clock = None
    if digits or word in language.counted:
        lead, led = _led(language, words, at, after)
        stretch = stretch_at(language, words, at, led)
    if digits or word in language.clocked:
        clock = clock_at(language, words, at)
    if clock is not None and stretch is None and _is_stretch(language, words, at, clock.last, after):
        return None
    if clock is not None and (stretch is None or clock.last > stretch.last or not led):
        if _size_before(language.not_before, words, at, after):
            return None
        until = language.until.size(words, at) or _size_before(language.until, words, at, after)
        return Time(at, clock.last, at, True, clock=clock.clock, until=bool(until))
    if stretch is None:
        return None
    if stretch.clock is not None:
        return Time(at, stretch.last, lead, led, clock=stretch.clock)
    return Time(at, stretch.last, lead, led, ms=stretch.ms, bare=stretch.bare)


def _is_stretch(language: Language, words: Sequence[str], at: int, last: int, after: int) -> bool:
    """Whether what reads as an hour is a stretch that is to come: "d'ici deux heures", "j'en ai pour
    une heure et demie"."""
    for place in range(at + 1, last):
        stretch = stretch_at(language, words, place, True)
        if stretch is None or stretch.bare or stretch.clock is not None or stretch.last < last:
            continue
        if _led(language, words, place, after)[1]:
            return True
    return False


def _led(language: Language, words: Sequence[str], at: int, after: int) -> tuple[int, bool]:
    """Where the words before a stretch that lead to it begin, and whether they say it is to come."""
    start = at
    if at > after and words[at - 1] == "-":
        start -= 1
    while not (size := _size_before(language.future, words, start, after)):
        size = _size_before(language.about, words, start, after)
        if not size:
            break
        start -= size
    if not size:
        # "binnen het halfuur", "dans les 5 minutes"
        skipped = _size_before(language.article, words, start, after)
        more = _size_before(language.future, words, start - skipped, after) if skipped else 0
        size = skipped + more if more else 0
    return start - size, bool(size)


def _size_before(table: Table[bool], words: Sequence[str], at: int, after: int) -> int:
    """The most words before ``at`` that are one phrase of the table."""
    for size in range(min(4, at - after), 0, -1):
        if size in table.sizes(words, at - size):
            return size
    return 0
