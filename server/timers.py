"""Deadlines become commands: one timer, aimed at whatever comes next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from server.clock import Clock


class Timers:
    """Calls ``due`` at the moment last aimed at, on the running clock.

    Sleeping machines and busy loops make timers late, never early: the desk looks at its own clock
    and asks to be called again if it is not time yet.
    """

    #: A steady clock may count sleep that the loop's own does not: look again at least this often.
    LONGEST = 60.0

    def __init__(self, clock: Clock, due: Callable[[], None]) -> None:
        self._clock = clock
        self._due = due
        self._aimed: int | None = None
        self._handle: asyncio.TimerHandle | None = None

    def aim(self, run: int | None) -> None:
        """Call at ``run`` (milliseconds on the running clock); None: nothing is waited for."""
        if run == self._aimed:
            return
        self.stop()
        self._aimed = run
        if run is not None:
            wait = max(0.0, (run - self._clock.now().run) / 1000)
            self._handle = asyncio.get_running_loop().call_later(min(wait, self.LONGEST), self._ring)

    def _ring(self) -> None:
        self._aimed = None
        self._handle = None
        self._due()

    def stop(self) -> None:
        """Call nothing any more until aimed again."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self._aimed = None
