"""The rows of a report: what belongs to which, and in which order they stand. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from server.reports.carrying import QUARTER
from server.reports.columns import By

Value = str | int | float | None

NOBODY: Final = "nobody"
#: The key of the last row, in which everything is counted together.
ALL: Final = "all"

Group = TypeVar("Group")


class Grouping(Generic[Group]):
    """Groups by ``by`` in ``zone``, made by ``new`` as they are needed; ``all`` is everything together.

    ``since`` to before ``until``, in ms since 1970.
    """

    def __init__(self, by: By, zone: str, since: int, until: int, new: Callable[[], Group]) -> None:
        self.by, self.zone, self.since, self.until = by, ZoneInfo(zone), since, until
        self.groups: dict[str, Group] = {}
        self.all: Group = new()
        self._new = new
        self._quarters: dict[int, str] = {}

    def key(self, at: int, shop: str, lang: str, agent: str) -> str:
        """The row of something at ``at``; "" if only all together counts it."""
        match self.by:
            case "day" | "hour":
                return self._time_key(at)
            case "shop":
                return shop
            case "language":
                return lang
            case "agent":
                return agent or NOBODY
        return ""

    def both(self, key: str) -> tuple[Group, ...]:
        """The groups that count what belongs to this row."""
        return (self.all, self.group(key)) if key else (self.all,)

    def group(self, key: str) -> Group:
        """The row's group."""
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = self._new()
        return found

    def ordered(self) -> list[str]:
        """The keys of the rows, as they stand."""
        return sorted(self.groups, key=lambda key: (key == NOBODY, key))

    def rows(
        self, row: Callable[[str, Group, bool], list[Value]], *, something: Callable[[Group], bool]
    ) -> list[list[Value]]:
        """The table: a row for each key in order, and one (True) for all; nothing if there is nothing."""
        if self.by == "":
            return [row(self.period(), self.all, True)] if something(self.all) else []
        keys = self.ordered()
        if not keys:
            return []
        return [*(row(key, self.groups[key], False) for key in keys), row(ALL, self.all, True)]

    def period(self) -> str:
        """The report's first and last day."""
        first, last = (
            f"{datetime.fromtimestamp(at / 1000, self.zone):%Y-%m-%d}" for at in (self.since, self.until - 1)
        )
        return first if first == last else f"{first} – {last}"

    def _time_key(self, at: int) -> str:
        quarter = at // QUARTER
        key = self._quarters.get(quarter)
        if key is None:
            there = datetime.fromtimestamp(at / 1000, self.zone)
            key = self._quarters[quarter] = f"{there:%Y-%m-%d}" if self.by == "day" else f"{there:%H}:00"
        return key


def seconds(ms: float | None) -> float | None:
    """As reports tell times."""
    return None if ms is None else round(ms / 1000, 1)


def percent(share: float | None) -> float | None:
    """As reports tell shares."""
    return None if share is None else round(share * 100, 1)
