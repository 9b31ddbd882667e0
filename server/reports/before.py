"""The time before a report's: as many days on the calendar, from the same hour on. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)


class Before:
    """What came before ``since`` to ``until`` (ms since 1970), of which ``now`` is known.

    Days have their hours by the clock of ``zone``, so that the day on which it is set is one day as well. A
    time that is not over is compared with as much of the one before it.
    """

    def __init__(self, zone: str, since: int, until: int, now: int) -> None:
        self._zone = ZoneInfo(zone)
        there = self._there(until) - self._there(since)
        self._days = max(1, -(-there // _DAY))
        self.since = self._moved(since, -self._days)
        self.until = min(since, self._moved(min(until, max(now, since)), -self._days))

    def matching(self, at: int) -> int:
        """The moment in the report that a moment before it stands beside."""
        return self._moved(at, self._days)

    def _there(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone).replace(tzinfo=None)

    def _moved(self, at: int, days: int) -> int:
        moved = self._there(at) + timedelta(days=days)
        return int(moved.replace(tzinfo=self._zone).astimezone(UTC).timestamp() * 1000)
