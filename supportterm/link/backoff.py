"""How long to wait before the next attempt (rule 7 of the wire)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

FIRST_MS: Final = 500
MOST_MS: Final = 30_000
#: A connection that stood this long was a good one: the next trouble is a new trouble.
GOOD_MS: Final = 30_000


class Backoff:
    """Full jitter: anything from nothing to a ceiling that doubles with each failure.

    Drawing from the whole range spreads clients best after a server's restart
    (AWS Architecture Blog, "Exponential Backoff And Jitter").
    """

    def __init__(self, rand: Callable[[], float]) -> None:
        self._rand = rand
        self._failures = 0

    def next_ms(self) -> int:
        """The wait after one more failure, in ms."""
        ceiling = min(MOST_MS, FIRST_MS << min(self._failures, 16))
        self._failures += 1
        return int(self._rand() * ceiling)

    def stood(self, ms: int) -> None:
        """A connection was welcomed and stood for ``ms``."""
        if ms >= GOOD_MS:
            self._failures = 0
