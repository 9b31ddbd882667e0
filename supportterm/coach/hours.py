"""Opening hours: per weekday, with exceptions, in the shop's own time zone.

Times of day are minutes since midnight on the wall; what daylight saving does to them follows the
zone. Moments are whole milliseconds since 1970 UTC. `supportterm.coach.timetable` reads hours from text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

#: From minute ``[0]`` of the day to before minute ``[1]``; 1440 is the end of the day.
Span = tuple[int, int]
Week = tuple[tuple[Span, ...], ...]

DAY: Final = 24 * 60
ALL_DAY: Final[tuple[Span, ...]] = ((0, DAY),)
ALWAYS: Final[Week] = (ALL_DAY,) * 7

#: After this many days of the plain week in which nothing changed, only an exception can change it. Two
#: weeks, because daylight saving may skip a short span in one of them; and the day it begins with.
_PLAIN_DAYS: Final = 16

_ENDLESS: Final = 1 << 62


class Hours(Struct, frozen=True):
    """``week``: seven days from Monday, each with its spans in order, none overlapping.

    ``exceptions``: by date ("2026-12-25"), the spans that hold instead; none: closed all day.
    """

    zone: str
    week: Week
    exceptions: Mapping[str, tuple[Span, ...]] = {}

    def is_open(self, at_ms: int) -> bool:
        """Whether it is open at this moment."""
        today = day_of(self.zone, at_ms)
        # Yesterday's midnight may come today, where a zone skips from one day into the next.
        return any(
            start <= at_ms < end
            for day in range(today - 1, today + 2)
            for start, end in self._moments(day, self._spans_of(day))
        )

    def changes_at(self, at_ms: int) -> int:
        """The next moment after ``at_ms`` when it opens or closes; 0: never.

        Spans that touch, over midnight too, are one.
        """
        end = 0  # of the open stretch that ``at_ms`` lies in, as far as it is known
        for start, stop in self._stretches(at_ms):
            if stop <= at_ms:
                continue
            if not end and start > at_ms:
                return start
            if end and start > end:
                return end
            end = stop
        return 0 if end == _ENDLESS else end

    def opens_at(self, at_ms: int) -> int:
        """When it opens next: ``at_ms`` itself while it is open; 0: never."""
        return at_ms if self.is_open(at_ms) else self.changes_at(at_ms)

    def closes_at(self, at_ms: int) -> int:
        """When it closes next, 0 if it is closed or never closes."""
        return self.changes_at(at_ms) if self.is_open(at_ms) else 0

    def on_day(self, day: int) -> tuple[Span, ...]:
        """The minutes it is open on a day, counted from 1 January of year 1 as `day_of` does."""
        return self._spans_of(day)

    def within(self, week: Week) -> Hours:
        """Open only when ``week`` is open too, as the hours of a skill are."""
        exceptions = {
            day: _both(spans, week[date.fromisoformat(day).weekday()])
            for day, spans in self.exceptions.items()
        }
        return Hours(
            self.zone,
            tuple(_both(ours, theirs) for ours, theirs in zip(self.week, week, strict=True)),
            exceptions,
        )

    def _stretches(self, at_ms: int) -> Iterator[Span]:
        """The open spans as moments, in order, from the day before ``at_ms`` on, as far as they differ.

        Ends with one up to `_ENDLESS` if it never closes again.
        """
        day = day_of(self.zone, at_ms) - 1
        plain = 0
        while True:
            yield from self._moments(day, self._spans_of(day))
            plain = 0 if self._name(day) in self.exceptions else plain + 1
            day += 1
            if plain < _PLAIN_DAYS:
                continue
            # Whoever still asks saw no change in all these days: it is open all the time, or never.
            upcoming = self._exception_after(day)
            if any(self.week):
                yield (
                    moment_of(self.zone, day, 0),
                    moment_of(self.zone, upcoming, 0) if upcoming else _ENDLESS,
                )
            if not upcoming:
                return
            day, plain = upcoming, 0

    def _exception_after(self, day: int) -> int:
        """The first exceptional day from ``day`` on; 0: there is none."""
        name = self._name(day)
        found = min((one for one in self.exceptions if one >= name), default="")
        return date.fromisoformat(found).toordinal() if found else 0

    def _spans_of(self, day: int) -> tuple[Span, ...]:
        plain = self.week[(day - 1) % 7]  # day 1 was a Monday
        return self.exceptions.get(self._name(day), plain) if self.exceptions else plain

    def _moments(self, day: int, spans: tuple[Span, ...]) -> Iterator[Span]:
        for first, last in spans:
            start, end = moment_of(self.zone, day, first), moment_of(self.zone, day, last)
            if start < end:  # else daylight saving skips all of it
                yield start, end

    @staticmethod
    def _name(day: int) -> str:
        return date.fromordinal(day).isoformat()


def after_open_time(hours: Hours | None, at_ms: int, span_ms: int) -> int:
    """The moment by which it has been open for ``span_ms`` since ``at_ms``; without hours always open.

    Once it never opens again, closed time counts, too, so that a deadline is never lost.
    """
    if hours is None:
        return at_ms + span_ms
    while True:
        opens = hours.opens_at(at_ms)
        closes = opens and hours.closes_at(opens)
        if not closes or closes - opens >= span_ms:
            return (opens or at_ms) + span_ms
        span_ms -= closes - opens
        at_ms = closes


def day_ends_at(zone: str, at_ms: int) -> int:
    """The next midnight in the zone."""
    return moment_of(zone, day_of(zone, at_ms) + 1, 0)


# Asked for the same few moments with each look at a list of them.
@lru_cache(maxsize=4096)
def hour_of(zone: str, at_ms: int) -> int:
    """The beginning of the hour on the wall that a moment is in."""
    there = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
    return at_ms - (there.minute * 60 + there.second) * 1000 - at_ms % 1000


def _both(ones: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    """The minutes that are in both; in order, as both are."""
    met = ((max(a, c), min(b, d)) for a, b in ones for c, d in others)
    return tuple((start, end) for start, end in met if start < end)


def day_of(zone: str, at_ms: int) -> int:
    """The day on the wall at a moment, counted from 1 January of year 1."""
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)).toordinal()


# The server asks for each connection and each view, mostly about the same few days.
@lru_cache(maxsize=4096)
def moment_of(zone: str, day: int, minute: int) -> int:
    """A time on the wall as a moment. Of one that comes twice the first counts; one that daylight saving
    skips is the moment of the skip."""
    wall = datetime.fromordinal(day) + timedelta(minutes=minute)
    there = wall.replace(tzinfo=ZoneInfo(zone))
    moment = int(there.timestamp())
    if datetime.fromtimestamp(moment, there.tzinfo).replace(tzinfo=None) != wall:
        # Skipped: `fold` 1 counts with the offset after the skip and so lands before it.
        before, behind = int(there.replace(fold=1).timestamp()), moment
        offset = _offset(there.tzinfo, before)
        while behind - before > 1:
            middle = (before + behind) // 2
            before, behind = (middle, behind) if _offset(there.tzinfo, middle) == offset else (before, middle)
        moment = behind
    return moment * 1000


def _offset(zone: object, moment: int) -> timedelta | None:
    assert isinstance(zone, ZoneInfo)
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
