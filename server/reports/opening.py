"""How much of a time a shop was open."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from supportterm.coach.hours import Hours


class OpenTime:
    """The open spans of ``hours`` (None: always) from ``since`` to ``until``, in ms since 1970.

    Beyond that nothing counts as open. They are worked out once, so that asking is cheap.
    """

    def __init__(self, hours: Hours | None, since: int, until: int) -> None:
        self.spans = [(since, until)] if hours is None and since < until else _spans(hours, since, until)
        self._starts = [start for start, _ in self.spans]
        self._before = list(accumulate((end - start for start, end in self.spans), initial=0))

    def between(self, since: int, until: int) -> int:
        """Open milliseconds from ``since`` to ``until``."""
        return max(0, self._until(until) - self._until(since))

    def _until(self, at: int) -> int:
        found = bisect_right(self._starts, at)
        if not found:
            return 0
        start, end = self.spans[found - 1]
        return self._before[found - 1] + min(at, end) - start


def _spans(hours: Hours | None, since: int, until: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = since
    while hours is not None and at < until:
        opens = hours.opens_at(at)
        if not opens or opens >= until:
            break
        # Hours that never close in sight are open to the end.
        at = min(hours.closes_at(opens) or until, until)
        found.append((opens, at))
    return found


def union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The time in any of ``spans``, in order and without overlaps."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return found


def both(ones: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The time in both, each in order and without overlaps."""
    found: list[tuple[int, int]] = []
    one = other = 0
    while one < len(ones) and other < len(others):
        start = max(ones[one][0], others[other][0])
        end = min(ones[one][1], others[other][1])
        if start < end:
            found.append((start, end))
        if ones[one][1] < others[other][1]:
            one += 1
        else:
            other += 1
    return found
