"""The server's two clocks as one moment."""

from __future__ import annotations

from server.desk.rules import Now
from server.platform import Platform


class Clock:
    """Reads `Now`: the wall clock as it stands, and a steady one that starts beside it.

    A wall clock that steps back stays truthful here; the desk keeps each stream's times from doing so.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._start = platform.wall() - platform.boot()

    def now(self) -> Now:
        """This moment."""
        return Now(at=self._platform.wall(), run=self._start + self._platform.boot())

    def stopwatch(self) -> float:
        """Seconds, finer than a millisecond, for measuring only: an event loop may count whole ones."""
        return self._platform.stopwatch()
