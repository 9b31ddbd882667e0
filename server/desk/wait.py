"""How long somebody who waits will wait, told honestly: a range, learned from who was taken when.

Half the wait of the head of the line and half the position times the mean interval between takes has
by far the smallest bias of the formulas that peers and papers use, at an error near the smallest; all
of them are rough (``docs/benchmarks.md``, ``python -m bench.routing --wait``).
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from typing import Final

_MINUTE: Final = 60_000
#: Takes further back say nothing about how fast the line moves now.
_WINDOW_MS: Final = 15 * _MINUTE
#: With fewer takes than this in the window, or all of them within so short a time, their mean interval is
#: chance: who comes first to an idle team is taken at once, and says nothing about the eightieth.
_ENOUGH: Final = 3
_SPAN_MS: Final = 2 * _MINUTE
#: Where nobody was taken for this long, nobody can tell.
_SILENCE_MS: Final = 60 * _MINUTE
_TAKES: Final = 256
#: Waits that the factor is learned from.
_RATIOS: Final = 200
_SHARE: Final = 0.8
#: Before that many were seen, and the bounds of what is learned: a few odd waits must not announce hours.
_FACTOR: Final = 1.7
_LEARNED_FROM: Final = 20
_LEAST, _MOST = 1.2, 4.0
_SHORTEST_MS: Final = 2 * _MINUTE


class WaitBook:
    """What one line (a language, a skill) of a shop showed so far. Times in milliseconds, bounded memory.

    A desk tells it of everybody who was taken (`took`) and asks it for everybody who waits (`estimate`).
    """

    __slots__ = ("_factor", "_ratios", "_takes")

    def __init__(self) -> None:
        # (when, waited), by time: a desk that is folded anew reads its chats one after another.
        self._takes: list[tuple[int, int]] = []
        self._ratios: deque[float] = deque(maxlen=_RATIOS)
        self._factor = _FACTOR

    @property
    def factor(self) -> float:
        """Four of five customers waited at most this many times the low value they were told."""
        return self._factor

    def took(self, at_ms: int, waited_ms: int, told_low_ms: int = 0) -> None:
        """Somebody was taken at ``at_ms`` after ``waited_ms``.

        ``told_low_ms``: the low value of the `estimate` they were told on entering; 0: none.
        """
        insort(self._takes, (at_ms, waited_ms))
        if len(self._takes) > _TAKES:
            del self._takes[0]
        if told_low_ms > 0:
            self._ratios.append(waited_ms / told_low_ms)
            if len(self._ratios) >= _LEARNED_FROM:
                ratios = sorted(self._ratios)
                learned = ratios[math.ceil(_SHARE * len(ratios)) - 1]
                self._factor = min(max(learned, _LEAST), _MOST)

    def estimate(self, position: int, head_wait_ms: int, now_ms: int) -> tuple[int, int] | None:
        """How much longer, from and to, or None where nobody can tell.

        ``position`` counts from 1. ``head_wait_ms``: how much longer than this customer the first in the
        line has waited already; for who enters now that is the head's whole wait, for the head itself 0.
        The low value is as likely too long as too short; the high one, in whole minutes, is kept for four
        of five. Where the line's pace is not known, who stands first is told what the last one waited, and
        those behind nothing: no number is the same for all of them.
        """
        expected = self._expected(position, head_wait_ms, now_ms)
        if expected is None:
            return None
        high = math.ceil(expected * self._factor / _MINUTE) * _MINUTE
        return expected, max(high, _SHORTEST_MS)

    def _expected(self, position: int, head_wait_ms: int, now_ms: int) -> int | None:
        end = bisect_left(self._takes, (now_ms + 1, 0))
        if end == 0 or now_ms - self._takes[end - 1][0] > _SILENCE_MS:
            return None
        since = max(now_ms - _WINDOW_MS, self._takes[0][0])
        recent = end - bisect_left(self._takes, (since, 0))
        if recent < _ENOUGH or now_ms - since < _SPAN_MS:
            return self._takes[end - 1][1] if position == 1 else None
        return (head_wait_ms + position * (now_ms - since) // recent) // 2
