"""Tells each desk, once a day and shortly after each start, how long its agents' replies take."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Protocol

from server.clock import Clock
from server.desk.by_pace import Paces
from server.desk.commands import CLOCK, LearnPaces
from server.desk.decision import Decision, Refused
from server.doorway import Doorway
from server.store.interface import StoreError
from supportterm.coach.hours import day_of

_log = logging.getLogger("supportterm.pacing")


class Measuring(Protocol):
    """The part of the reports that is needed here."""

    async def paces(self, desk: str, zone: str) -> Paces:
        """How long the replies of the desk's agents took, on the last days of the zone that they worked."""
        ...


class Pacing:
    """``doorways`` by the desks' names; a desk is told when a day of its shops' clock has begun.

    Only whole days are measured, so that it is the same all day long, however often the server starts.
    """

    def __init__(self, reports: Measuring, clock: Clock, doorways: Mapping[str, Doorway]) -> None:
        self._reports = reports
        self._clock = clock
        self._doorways = doorways
        #: The day on which a desk was told last.
        self._told: dict[str, int] = {}

    async def look(self) -> None:
        """Tell the desks that have not been told today; to be called when the facts are up to date."""
        for desk, doorway in list(self._doorways.items()):
            rules = doorway.rules
            today = day_of(rules.zone, self._clock.now().at)
            if not rules.by_pace or self._told.get(desk) == today:
                continue
            try:
                paces = await self._reports.paces(desk, rules.zone)
            except StoreError as error:
                _log.warning("how long replies take could not be read: %s", error)
                return
            self._told[desk] = today
            doorway.submit(CLOCK, LearnPaces(paces), partial(self._heard, desk))

    def _heard(self, desk: str, answer: Decision) -> None:
        """A desk whose store takes nothing now is told again."""
        if isinstance(answer, Refused):
            self._told.pop(desk, None)
