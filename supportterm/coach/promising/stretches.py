"""Stretches of time in words: "twee en een half uur", "an hour and a half", "5 à 10 min"."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from supportterm.coach.promising.found import HOUR, MINUTE, SECOND, Clock
from supportterm.coach.promising.language import WORKDAY, Language

#: More minutes than this are not said without their unit.
_BARE = 60


class Stretch(Struct, frozen=True):
    """It ends before ``last``. ``clock``: a count of days on which the shop is open."""

    last: int
    ms: int
    clock: Clock | None = None
    bare: bool = False


def stretch_at(language: Language, words: Sequence[str], at: int, led: bool) -> Stretch | None:
    """The stretch that begins at a word. ``led``: what stands before says that it is to come."""
    first = _amount(language, words, at, led)
    if first is None:
        return _bare(language, words, at, led)
    last, ms, unit = first
    if at and words[at - 1] == "-" and (at < 2 or not words[at - 2].isdecimal()):
        ms = -ms
    if unit == WORKDAY:
        return Stretch(last, 0, Clock("workday", -ms))
    while True:
        start = last + language.plus.size(words, last)
        more = _amount(language, words, start, False)
        if more is None or more[2] >= unit or more[2] == WORKDAY:
            break
        last, unit = more[0], more[2]
        ms += more[1]
    if unit == HOUR and last < len(words) and words[last].isdecimal() and len(words[last]) == 2:
        # "1u30": nobody writes "1 hour 30" of anything else.
        return Stretch(last + 1, ms + int(words[last]) * MINUTE)
    return Stretch(last, ms)


def number_at(language: Language, words: Sequence[str], at: int) -> tuple[int, float] | None:
    """How many words the number at a place has, and what it is."""
    if at >= len(words):
        return None
    word = words[at]
    if word == "½":
        return 1, 0.5
    if word[0].isdecimal():
        if ":" in word:
            return None
        value = float(word.replace(",", "."))
        return (2, value + 0.5) if at + 1 < len(words) and words[at + 1] == "½" else (1, value)
    found = language.number.at(words, at)
    if found is None:
        return None
    size, value = found
    if 20 <= value <= 90 and not value % 10:
        ones = language.number.at(words, at + size)
        if ones is not None and 1 <= ones[1] <= 9 and ones[0] == 1:
            return size + ones[0], value + ones[1]
    return size, value


def is_counted(language: Language, words: Sequence[str], at: int) -> bool:
    """Whether the number at a place counts a unit of time."""
    return _amount(language, words, at, False) is not None


def _amount(language: Language, words: Sequence[str], at: int, led: bool) -> tuple[int, int, int] | None:
    """Where an amount ends, its milliseconds, and its unit."""
    if fixed := language.fixed.at(words, at):
        return _or_so(language, words, at) or (at + fixed[0], fixed[1], SECOND)
    number = number_at(language, words, at)
    place, value = (at + number[0], number[1]) if number else (at, 1.0)
    if number and (size := _to_more(language, words, place)):
        more = number_at(language, words, place + size)
        if more is not None and more[1] > value:
            place, value = place + size + more[0], more[1]
    if not number and led:
        place += language.article.size(words, place)
    halved = False
    if size := language.one_half.size(words, place):
        place, value, halved = place + size, 1.5, True
    elif value == 1 and (size := language.half.size(words, place)):
        place, value, halved = place + size, 0.5, True
        place += language.article.size(words, place)
    elif number and (size := language.and_half.size(words, place)):
        place, value, halved = place + size, value + 0.5, True
    while size := language.about.size(words, place) if number else 0:
        place += size
    unit = language.unit.at(words, place)
    if unit is None or (not number and not halved and (not led or place == at)):
        return None
    place, ms = place + unit[0], unit[1]
    if size := language.unit_and_half.size(words, place):
        place, value = place + size, value + 0.5
    elif value == 1 and (size := language.unit_or.size(words, place)):
        more = number_at(language, words, place + size)
        if half := language.one_half.size(words, place + size):
            more = half, 1.5
        if more is not None and language.unit.size(words, place + size + more[0]) == 0:
            place, value = place + size + more[0], more[1]
    if ms == WORKDAY:
        return place, -round(value), WORKDAY
    return place, round(value * ms), ms


def _or_so(language: Language, words: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """A unit without its article, and how many: "minuutje of vijf"."""
    unit = language.unit.at(words, at)
    size = language.unit_or.size(words, at + unit[0]) if unit else 0
    more = number_at(language, words, at + unit[0] + size) if unit and size else None
    if unit is None or more is None or unit[1] == WORKDAY:
        return None
    last = at + unit[0] + size + more[0]
    return None if language.unit.size(words, last) else (last, round(more[1] * unit[1]), unit[1])


def _to_more(language: Language, words: Sequence[str], at: int) -> int:
    """How many words lead from a number to a higher one: "5 to 10", "5-10", "5 – 10", "two, three", "five, at
    most six"."""
    if at < len(words) and words[at] in {"-", "–", "—"}:
        return 1
    if at < len(words) and words[at] == ",":
        return 1 + language.about.size(words, at + 1)
    return language.range.size(words, at)


def _bare(language: Language, words: Sequence[str], at: int, led: bool) -> Stretch | None:
    """A number that ends its clause, of minutes if anything: "brb 5", "back in ten"."""
    number = number_at(language, words, at)
    if number is None or not 1 <= number[1] <= _BARE or number[1] % 1:
        return None
    last = at + number[0]
    if words[at] in language.wording.common and last < len(words) and words[last][0].isalnum():
        return None  # an article
    ends = last >= len(words) or not (words[last][0].isalnum() or words[last] in "%€$£/-")
    if not ends and not language.filler.size(words, last):
        return None
    return Stretch(last, round(number[1]) * MINUTE, bare=True)
