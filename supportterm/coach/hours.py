"""Opening hours: per weekday, with exceptions, in the shop's own time zone.

Times of day are minutes since midnight on the wall; what daylight saving does to them follows the
zone. Moments are whole milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

#: From minute ``[0]`` of the day to before minute ``[1]``; 1440 is the end of the day.
Span = tuple[int, int]

#: Changes are looked for this far ahead: over the longest holidays, not for ever.
HORIZON_DAYS: Final = 60


class Hours(Struct, frozen=True):
    """``week``: seven days from Monday, each with its spans in order, none overlapping.

    ``exceptions``: by date ("2026-12-25"), the spans that hold instead; none: closed all day.
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    exceptions: dict[str, tuple[Span, ...]] = {}

    def is_open(self, at_ms: int) -> bool:
        """Whether it is open at this moment."""
        return any(start <= at_ms < end for start, end in self._spans(at_ms, days=1))

    def changes_at(self, at_ms: int) -> int:
        """The next moment after ``at_ms`` when it opens or closes; 0: not within `HORIZON_DAYS`.

        Spans that touch, over midnight too, are one.
        """
        merged_end = 0
        for start, end in self._spans(at_ms, HORIZON_DAYS):
            if end <= at_ms:
                continue
            if merged_end and start > merged_end:
                return merged_end
            if start > at_ms and not merged_end:
                return start
            merged_end = end
        return merged_end

    def opens_at(self, at_ms: int) -> int:
        """When it opens next: ``at_ms`` itself while it is open; 0: not in sight."""
        return at_ms if self.is_open(at_ms) else self.changes_at(at_ms)

    def closes_at(self, at_ms: int) -> int:
        """When it closes next, 0 if it is closed or never closes."""
        return self.changes_at(at_ms) if self.is_open(at_ms) else 0

    def _spans(self, at_ms: int, days: int) -> Iterator[Span]:
        """The open spans as moments, in order, from the day before ``at_ms`` on."""
        zone = ZoneInfo(self.zone)
        today = datetime.fromtimestamp(at_ms / 1000, zone).date()
        for ahead in range(-1, days + 1):
            day = today + timedelta(days=ahead)
            spans = self.exceptions.get(day.isoformat(), self.week[day.weekday()])
            for start, end in spans:
                yield _moment(day, start, zone), _moment(day, end, zone)


def _moment(day: date, minute: int, zone: ZoneInfo) -> int:
    """A time on the wall as a moment. One that daylight saving skips is the moment it skips to; of one
    that comes twice the first counts."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return int(wall.replace(tzinfo=zone).astimezone(UTC).timestamp() * 1000)


def after_open_time(hours: Hours | None, at_ms: int, span_ms: int) -> int:
    """The moment by which it has been open for ``span_ms`` since ``at_ms``; without hours always open.

    Where it does not open for long enough within `HORIZON_DAYS`, the span counts from now.
    """
    if hours is None:
        return at_ms + span_ms
    left, at = span_ms, hours.opens_at(at_ms)
    while at:
        closes = hours.closes_at(at)
        if not closes or closes - at >= left:
            return at + left
        left -= closes - at
        at = hours.opens_at(closes)
    return at_ms + span_ms


def day_ends_at(zone: str, at_ms: int) -> int:
    """The next midnight in the zone."""
    wall = ZoneInfo(zone)
    day = datetime.fromtimestamp(at_ms / 1000, wall).date() + timedelta(days=1)
    return _moment(day, 0, wall)
