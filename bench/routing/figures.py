"""What came of a day, in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct


class Figures(Struct, frozen=True):
    """One day under one policy. Waits in seconds, shares from 0 to 1.

    ``waits``: 90th percentile of all waits: for the first reply and for each later one; who left counts
    with the time they had waited, and an answer that was promised only with its lateness. ``longest``:
    the 99th. ``first``: 90th percentile until the first reply; ``gap``: for later ones. ``left``: left
    because they waited, told or not; ``left_queue``: those of them nobody had joined yet. ``broken``: of
    the promises that were kept or broken. ``over``: of the agents' time, with three or more customers
    waiting for them. ``jain``: how evenly the work lay, 1: all alike. ``used``: work ÷ the day's length.
    """

    waits: float
    longest: float
    first: float
    gap: float
    left: float
    left_queue: float
    broken: float
    over: float
    jain: float
    used: float
    promises: int
    customers: int


class Tally:
    """Counts while a day goes on."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._gap: list[int] = []
        self._left = 0
        self._left_queue = 0
        self._ended = {"kept": 0, "broken": 0, "withdrawn": 0}

    def waited(self, wait: int, first: bool) -> None:
        """A reply came after this many milliseconds."""
        (self._first if first else self._gap).append(wait)

    def left(self, wait: int, first: bool, queued: bool) -> None:
        """A customer left after this many milliseconds without one."""
        self.waited(wait, first)
        self._left += 1
        self._left_queue += queued

    def promise(self, how: str) -> None:
        """A promise ended like this."""
        self._ended[how] += 1

    def figures(self, customers: int, work: Sequence[int], over: float, length: int) -> Figures:
        """All that was counted; ``work``: milliseconds of each agent."""
        settled = self._ended["kept"] + self._ended["broken"]
        together = self._first + self._gap
        return Figures(
            waits=percentile(together, 0.9) / 1_000,
            longest=percentile(together, 0.99) / 1_000,
            first=percentile(self._first, 0.9) / 1_000,
            gap=percentile(self._gap, 0.9) / 1_000,
            left=self._left / max(1, customers),
            left_queue=self._left_queue / max(1, customers),
            broken=self._ended["broken"] / max(1, settled),
            over=over,
            jain=jain(work),
            used=sum(work) / (len(work) * length),
            promises=settled,
            customers=customers,
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of them do not exceed; 0 of none."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values) - 1e-9) - 1)]


def jain(work: Sequence[float]) -> float:
    """Jain's index of fairness: (Σx)² ÷ (n Σx²); 1/n if one does everything."""
    squares = sum(value * value for value in work)
    return sum(work) ** 2 / (len(work) * squares) if squares else 1.0
