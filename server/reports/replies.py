"""How long an agent's replies take: those of their last days worked, in the median. Pure."""

from __future__ import annotations

from itertools import chain
from typing import Final

from server.desk.by_pace import DAYS, Paces, measured
from supportterm.coach.hours import day_of, moment_of

#: Days that are looked through: whoever was away for longer is not known any more.
LOOKED: Final = 28


def stretch(zone: str, now: int) -> tuple[int, int]:
    """From when to when replies are looked at: whole days of the zone, up to the beginning of today."""
    today = day_of(zone, now)
    return moment_of(zone, today - LOOKED, 0), moment_of(zone, today, 0)


class LastDays:
    """Takes replies in the order of time and keeps each agent's last days, by the zone's calendar."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._days: dict[str, dict[int, list[int]]] = {}

    def take(self, since: int, agent: str, ms: int) -> None:
        """The agent answered after ``ms`` what was written at ``since``."""
        days = self._days.setdefault(agent, {})
        day = day_of(self._zone, since)
        if day not in days:
            days[day] = []
            if len(days) > DAYS:
                del days[min(days)]
        days[day].append(ms)

    def paces(self) -> Paces:
        """What is known of everybody, in the order of the agents' ids."""
        return measured(
            {agent: list(chain.from_iterable(days.values())) for agent, days in sorted(self._days.items())}
        )
