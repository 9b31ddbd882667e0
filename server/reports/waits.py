"""Waiting times of which some ended without an answer.

Who left after three minutes would have waited at least three: leaving them out, or taking the three
minutes for their wait, would make figures look better the more people leave. The estimate of Kaplan and
Meier (1958, doi:10.1080/01621459.1958.10501452) counts each for as long as they waited.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from msgspec import Struct

TENTH: Final = 100
#: Products of many shares of one do not end exactly where they should.
_NEARLY: Final = 1e-9


class Spread(Struct, frozen=True):
    """In milliseconds. None: so many left before that it cannot be told; ``longest`` is of all."""

    average: float | None
    p50: int | None
    p90: int | None
    longest: int | None
    within: float | None


class Waits:
    """Waits counted by their length in tenths of a second: what they take does not grow with the log."""

    def __init__(self) -> None:
        self._answered: Counter[int] = Counter()
        self._left: Counter[int] = Counter()

    def answered(self, ms: int) -> None:
        """Somebody waited that long for an answer."""
        self._answered[(ms + 50) // TENTH] += 1

    def left(self, ms: int) -> None:
        """Somebody waited that long, and there was none."""
        self._left[(ms + 50) // TENTH] += 1

    def spread(self, target: int) -> Spread:
        """The distribution; ``within``: the share that waits at most ``target`` ms."""
        ends = sorted(self._answered.keys() | self._left.keys())
        if not self._answered:
            return Spread(None, None, None, ends[-1] * TENTH if ends else None, 0.0 if ends else None)
        at_risk = self._answered.total() + self._left.total()
        waiting, average, before, within = 1.0, 0.0, 0, 0.0
        reached: dict[float, int] = {}
        for wait in ends:
            average += waiting * (wait - before)
            before = wait
            # Who left in the same moment as others were answered had not been answered by then.
            waiting *= 1 - self._answered[wait] / at_risk
            at_risk -= self._answered[wait] + self._left[wait]
            for share in (0.5, 0.1):
                if waiting <= share + _NEARLY:
                    reached.setdefault(share, wait * TENTH)
            if wait * TENTH <= target:
                within = 1 - waiting
        return Spread(average * TENTH, reached.get(0.5), reached.get(0.1), ends[-1] * TENTH, within)

    def service_level(self, target: int) -> float | None:
        """Answered within ``target`` ms ÷ (all answered + those who were not, after more than it)."""
        late = sum(n for wait, n in self._left.items() if wait * TENTH > target)
        asked = self._answered.total() + late
        return sum(n for w, n in self._answered.items() if w * TENTH <= target) / asked if asked else None
