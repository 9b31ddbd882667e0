"""The server's two clocks as one moment."""

from __future__ import annotations

from server.desk.rules import Now
from server.platform import Platform


class Clock:
    """Reads `Now`: the wall clock kept from running back, and a steady one that starts beside it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._at = platform.wall()
        self._start = self._at - platform.boot()

    def now(self) -> Now:
        """This moment."""
        self._at = max(self._at, self._platform.wall())
        return Now(at=self._at, run=self._start + self._platform.boot())
