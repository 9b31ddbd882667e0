"""How far each side of a chat got and saw it: shown at once, stored lazily."""

from __future__ import annotations

import logging

from server.desk.events import CUSTOMER
from server.feeds import Feed
from server.store.interface import Log, Marks, StoreError
from supportterm.protocol import frames

_log = logging.getLogger("supportterm.desk")


class MarkKeeper:
    """Marks only ever grow; losing the newest ones in a crash costs a tick, not a message."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._dirty: dict[tuple[str, str], Marks] = {}

    def grow(self, feed: Feed, customer: bool, got: int, seen: int) -> frames.Marks | None:
        """One side got or saw more (public numbers); its marks now, or None if nothing grew."""
        marks = _grown(feed, customer, min(got, feed.chat.pub), min(seen, feed.chat.pub))
        if marks is not None:
            who = CUSTOMER if customer else "agent"
            self._dirty[feed.chat.id, who] = Marks(feed.chat.id, who, marks.got, marks.seen)
        return marks

    async def fetch(self, feed: Feed) -> None:
        """Put the stored marks into a feed that was loaded. Raises `StoreError`."""
        for marks in await self._log.marks(feed.chat.id):
            _grown(feed, marks.who == CUSTOMER, marks.got, marks.seen)
        feed.marks_known = True

    async def save(self) -> None:
        """Store what grew since the last time."""
        if not self._dirty:
            return
        dirty, self._dirty = self._dirty, {}
        try:
            await self._log.save_marks(list(dirty.values()))
        except StoreError as error:
            _log.warning("marks were not stored: %s", error)
            self._dirty = dirty | self._dirty


def _grown(feed: Feed, customer: bool, got: int, seen: int) -> frames.Marks | None:
    before = feed.customer_marks if customer else feed.agent_marks
    marks = frames.Marks(max(before.got, got, seen), max(before.seen, seen))
    if marks == before:
        return None
    if customer:
        feed.customer_marks = marks
    else:
        feed.agent_marks = marks
    return marks
