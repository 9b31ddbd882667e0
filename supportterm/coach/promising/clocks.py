"""Times by the clock in words: "morgen voor 12 uur", "half vijf", "vrijdag 3 augustus", "by 5 pm"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from supportterm.coach.promising.found import Clock
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.stretches import is_counted, number_at

#: From this hour on a time written with minutes is what it says.
EARLIEST: Final = 7

_HOURS: Final = frozenset({"h", "u"})


class Named(Struct, frozen=True):
    """A time by the clock that ends before ``last``. ``sure``: it can be no stretch of time."""

    last: int
    clock: Clock


class _Hour(Struct, frozen=True):
    last: int
    minute: int
    twelve: bool


def clock_at(language: Language, words: Sequence[str], at: int) -> Named | None:
    """The time by the clock that begins at a word, with what leads to it."""
    clock, last, place = Clock(), at, at
    led = bare = False
    while place < len(words):
        dated = not clock.day and _date(language, words, place) is not None
        if (
            clock.minute < 0
            and not dated
            and (hour := _hour(language, words, place, led or bool(clock.day), bare))
        ):
            clock = msgspec.structs.replace(clock, minute=hour.minute, twelve=hour.twelve)
            place = last = hour.last
        elif found := _day(language, words, place, clock):
            place, clock = found
            last = place
        elif clock.minute >= 0 and clock.twelve and (half := _half_of_day(language, words, place, clock)):
            place, clock = half
            last = place
        elif (clock.day or led) and not clock.part and (part := language.part.at(words, place)):
            clock = msgspec.structs.replace(clock, part=part[1])
            place = last = place + part[0]
        elif size := language.lead.size(words, place):
            led, bare = True, bool(language.bare.size(words, place))
            place += size
            continue
        elif size := language.on.size(words, place) or language.about.size(words, place):
            place += size
            continue
        else:
            break
        led = bare = False
    if last == at:
        return None
    if clock.minute >= 0 and clock.part:
        clock = _told_by_part(clock)
    return Named(last, clock)


def _told_by_part(clock: Clock) -> Clock:
    """An hour and a part of the day: "om 3 uur in de middag"."""
    late = clock.part in {"afternoon", "evening"} and clock.minute < 12 * 60
    minute = clock.minute + 12 * 60 if late else clock.minute
    return msgspec.structs.replace(clock, minute=minute, twelve=False, part="")


def _half_of_day(language: Language, words: Sequence[str], at: int, clock: Clock) -> tuple[int, Clock] | None:
    if size := language.pm.size(words, at):
        minute = clock.minute + (12 * 60 if clock.minute < 12 * 60 else 0)
    elif size := language.am.size(words, at):
        minute = clock.minute - (12 * 60 if clock.minute >= 12 * 60 else 0)
    else:
        return None
    return at + size, msgspec.structs.replace(clock, minute=minute, twelve=False)


def _day(language: Language, words: Sequence[str], at: int, clock: Clock) -> tuple[int, Clock] | None:
    """Where a day ends, and the clock with it."""
    if clock.day == "weekday":
        behind = at
        if words[at] == "," and at + 1 < len(words):  # "Montag, den 4. Dezember"
            behind += 1 + language.on.size(words, at + 1)
        date = _date(language, words, behind) if behind < len(words) else None
        if date is not None:
            dated = msgspec.structs.replace(
                clock, day="date", number=date[1], month=date[2], weekday=clock.number
            )
            return date[0], dated
        week = language.day.at(words, at)
        if week is not None and week[1].day == "week" and week[1].number == 1:
            return at + week[0], msgspec.structs.replace(clock, next=True)  # "Tuesday next week"
    if clock.day:
        return None
    if date := _date(language, words, at):
        return date[0], msgspec.structs.replace(clock, day="date", number=date[1], month=date[2])
    skipped = language.next.size(words, at)
    named = language.day.at(words, at + skipped) if skipped else None
    # "volgende week dinsdag" is no "volgende week".
    direct = named is None or named[1].day != "weekday"
    found = language.day.at(words, at) if direct else named
    if found is None:
        return None
    size, day = found
    return at + size + (0 if direct else skipped), msgspec.structs.replace(
        clock,
        day=day.day,
        number=day.number,
        minute=clock.minute if day.minute < 0 else day.minute,
        part=day.part or clock.part,
        next=not direct,
    )


def _date(language: Language, words: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """Where a date ends, its day and its month: "3 augustus", "August 3rd", "3/8", "12.4."; 0: no month."""
    if month := language.month.at(words, at):
        place = at + month[0]
        if place < len(words) and words[place].isdecimal() and 1 <= int(words[place]) <= 31:
            place += 1
            day = int(words[place - 1])
            return place + language.ordinal.size(words, place), day, month[1]
        return None
    if dotted := _dotted(language, words, at):
        return dotted
    if not words[at].isdecimal() or not 1 <= int(words[at]) <= 31:
        return None
    place = at + 1
    if place + 1 < len(words) and words[place] == "/" and words[place + 1].isdecimal():
        number = int(words[place + 1])
        ends = place + 2 >= len(words) or words[place + 2] != "/"
        return (place + 2, int(words[at]), number) if 1 <= number <= 12 and ends else None
    if place < len(words) and words[place] == ".":
        place += 1
    place += language.ordinal.size(words, place)
    if month := language.month.at(words, place):
        return place + month[0], int(words[at]), month[1]
    # "On the 5th": of the month in which it comes next; "bis 17" and "bis 17 Uhr" are an hour.
    if language.oclock.size(words, place) or not _may_end(language, words, place):
        return None
    return (place, int(words[at]), 0) if _is_dated(language, words, at, alone=True) else None


def _dotted(language: Language, words: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """A date such as "12.4.": behind what leads to one, or it is an hour with its minutes."""
    day, dot, month = words[at].partition(".")
    if not (dot and day.isdecimal() and month.isdecimal() and _is_dated(language, words, at)):
        return None
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12) or language.oclock.size(words, at + 1):
        return None
    return at + 1, int(day), int(month)


def _is_dated(language: Language, words: Sequence[str], at: int, *, alone: bool = False) -> bool:
    """Whether what stands before a number makes it a day of the month. ``alone``: nothing else says so, and
    what leads to an hour as well leads to that."""
    return any(
        at - size in range(at)
        and size in language.dated.sizes(words, at - size)
        and not (alone and size in language.bare.sizes(words, at - size))
        for size in (1, 2, 3)
    )


def _hour(language: Language, words: Sequence[str], at: int, led: bool, bare: bool) -> _Hour | None:
    """A time of day. ``led``: something leads to one; ``bare``: and it may be a number alone."""
    if at >= len(words) or not (words[at] in language.hourly or words[at][0].isdecimal()):
        return None
    if size := language.noon.size(words, at):
        return _Hour(at + size, 12 * 60, False)
    if size := language.midnight.size(words, at):
        return _Hour(at + size, 24 * 60, False)
    if size := language.between.size(words, at):
        return _between(language, words, at + size)
    if written := _written(language, words, at, led):
        return written
    if (
        (size := language.half_past.size(words, at))
        and (hour := _number(language, words, at + size))
        and not _is_unit(language, words, hour[0])
    ):
        return _whole(language, words, hour[0], hour[1] * 60 + 30)
    if (
        (size := language.half_to.size(words, at))
        and (hour := _number(language, words, at + size))
        and (not _is_unit(language, words, hour[0]) or language.oclock.size(words, hour[0]))
    ):
        return _whole(language, words, hour[0], hour[1] * 60 - 30)
    if told := _minutes_to(language, words, at):
        return told
    hour = _number(language, words, at)
    if hour is None:
        return None
    place, value = hour
    if language.am.size(words, place) or language.pm.size(words, place):
        return _Hour(place, value * 60, True) if 1 <= value <= 12 else None
    if led and (size := language.oclock.size(words, place)):
        if value == 1 and (either := language.unit_or.size(words, place + size)):
            # "rond een uur of drie"
            more = _number(language, words, place + size + either)
            if more is not None and _may_end(language, words, more[0]):
                return _whole(language, words, more[0], more[1] * 60)
        return _whole(language, words, place, value * 60)
    # Who writes "om een afspraak te maken" means no hour.
    article = words[at] in language.wording.common and place < len(words) and words[place][0].isalnum()
    if bare and not article and _may_end(language, words, place) and not is_counted(language, words, at):
        return _whole(language, words, place, value * 60)
    return None


def _between(language: Language, words: Sequence[str], at: int) -> _Hour | None:
    """ "between 3 and 4 pm": by the later."""
    first = _written(language, words, at, True)
    plain = _number(language, words, at)
    place = first.last if first else plain[0] if plain else at
    place += language.oclock.size(words, place)
    size = language.between_and.size(words, place)
    return _hour(language, words, place + size, True, True) if size and place > at else None


def _written(language: Language, words: Sequence[str], at: int, led: bool) -> _Hour | None:
    """ "15:30", "15.30 uur", "15 h 30"."""
    word = words[at] if at < len(words) else ""
    if not word[:1].isdecimal():
        return None
    parts = word.replace(".", ":").split(":")
    if len(parts) == 2 and len(parts[1]) == 2 and "," not in word:
        minute = int(parts[1])
        if int(parts[0]) > 24 or minute > 59:
            return None
        followed = language.oclock.size(words, at + 1) or language.am.size(words, at + 1)
        if ":" in word or led or followed or language.pm.size(words, at + 1):
            # Who writes minutes in digits writes 15:30, but may write 3:30 when nobody is up at 3:30.
            early = (word[0] == "0" or int(parts[0]) >= EARLIEST) and not (
                language.am.size(words, at + 1) or language.pm.size(words, at + 1)
            )
            return _whole(language, words, at + 1, int(parts[0]) * 60 + minute, early)
        return None
    if (
        word.isdecimal()
        and (led or int(word) >= EARLIEST)
        and at + 2 < len(words)
        and words[at + 1] in _HOURS
        and len(words[at + 2]) == 2
        and words[at + 2].isdecimal()
        and int(word) <= 24
        and int(words[at + 2]) < 60
    ):
        early = word[0] == "0" or int(word) >= EARLIEST
        return _whole(language, words, at + 3, int(word) * 60 + int(words[at + 2]), early)
    return None


def _minutes_to(language: Language, words: Sequence[str], at: int) -> _Hour | None:
    """ "kwart voor vijf", "ten past three", "vijf voor half vijf"."""
    if size := language.quarter.size(words, at):
        place, minutes = at + size, 15
    elif number := number_at(language, words, at):
        place, minutes = at + number[0], int(number[1])
        unit = language.unit.at(words, place)
        place += unit[0] if unit and unit[1] == 60_000 else 0
    else:
        return None
    if size := language.past.size(words, place):
        place += size
    elif size := language.to.size(words, place):
        place, minutes = place + size, -minutes
    else:
        return None
    half = language.half_to.size(words, place)
    hour = _number(language, words, place + half)
    if hour is None or (_is_unit(language, words, hour[0]) and not language.oclock.size(words, hour[0])):
        return None
    return _whole(language, words, hour[0], hour[1] * 60 - (30 if half else 0) + minutes)


def _number(language: Language, words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Where a whole number from 0 to 24 ends, and what it is."""
    number = number_at(language, words, at)
    if number is None or number[1] % 1 or number[1] > 24:
        return None
    return at + number[0], int(number[1])


def _is_unit(language: Language, words: Sequence[str], at: int) -> bool:
    return bool(language.unit.size(words, at))


def _may_end(language: Language, words: Sequence[str], at: int) -> bool:
    """Whether a number before this word may be an hour: nothing follows that it could count."""
    if at >= len(words):
        return True
    word = words[at]
    if word in {"-", "/", "%", "€", "$", "£", "&", "#"} or word[0].isdecimal():
        return False
    return not word[0].isalpha() or (word in language.vocabulary and not _is_unit(language, words, at))


def _whole(
    language: Language, words: Sequence[str], at: int, minute: int, early: bool = False
) -> _Hour | None:
    """With what may follow an hour; ``early``: written with a zero, in the morning."""
    if size := language.oclock.size(words, at):
        at += size
        if not minute % 60 and (more := _minutes(language, words, at)):
            at, minute = at + 1, minute + more
    if after := language.after.at(words, at):
        at, minute = at + after[0], minute + after[1]
    if not 0 <= minute <= 24 * 60:
        return None
    if 0 < minute < 60 and not early:
        return _Hour(at, minute + 12 * 60, False)  # "half een", "kvart over tolv"
    return _Hour(at, minute, 60 <= minute < 12 * 60 and not early)


def _minutes(language: Language, words: Sequence[str], at: int) -> int:
    """The minutes behind an hour, in two digits that count nothing: "16 Uhr 20"; 0: none."""
    word = words[at] if at < len(words) else ""
    if len(word) != 2 or not word.isdecimal() or int(word) > 59 or not _may_end(language, words, at + 1):
        return 0
    return int(word)
