"""What is said at the bottom of a screen for a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from textual.screen import Screen
from textual.timer import Timer

from supportterm.text import SafeText, trusted

#: Whether what was said is still so.
Holds = Callable[[], bool]
_NOTHING: Final = trusted("")


class Below:
    """One sentence at a time; ``paint`` draws the screen anew."""

    def __init__(self, screen: Screen[Any], paint: Callable[[], None]) -> None:
        self.text = _NOTHING
        self._screen: Final = screen
        self._paint: Final = paint
        self._holds: Holds | None = None
        self._timer: Timer | None = None

    def say(self, text: SafeText, seconds: float | None = None, holds: Holds | None = None) -> None:
        """Say this for so long (None: until something else is said), and no longer than it ``holds``."""
        self.text, self._holds = text, holds
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(seconds, self.over) if seconds is not None else None

    def look(self) -> None:
        """Take away what holds no more: to be asked before it is drawn."""
        if self._holds is not None and not self._holds():
            self.text, self._holds = _NOTHING, None

    def over(self) -> None:
        """Say nothing any more."""
        self.text, self._holds = _NOTHING, None
        self._paint()
