"""Pages of events from the log: for cursors behind the memory tail, and for who scrolls back."""

from __future__ import annotations

import asyncio
import logging

from server.desk.events import Event, chat_stream
from server.feeds import Cursor, Feed, Feeds
from server.store.interface import Log, StoreError
from supportterm.protocol.limits import PAGE_EVENTS

_log = logging.getLogger("supportterm.desk")


class Paging:
    """Reads pages; a cursor has at most one on its way."""

    def __init__(self, log: Log) -> None:
        self.feeds = Feeds(self._read)
        self._log = log
        self._tasks: set[asyncio.Task[None]] = set()

    async def page(self, feed: Feed, before: int, public: bool) -> tuple[list[Event], bool]:
        """One page of events before a number, oldest first, and whether there are older ones.

        Raises `StoreError`.
        """
        events = await self._log.before(feed.chat.id, before, PAGE_EVENTS + 1, public)
        return events[-PAGE_EVENTS:], len(events) > PAGE_EVENTS

    def retry(self) -> None:
        """Read again for whoever could not be served while the store had a problem."""
        for feed in list(self.feeds.all()):
            for cursor in list(feed.cursors):
                if cursor.behind:
                    self.feeds.pump(cursor)

    async def stop(self) -> None:
        """Read nothing more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _read(self, cursor: Cursor) -> None:
        task = asyncio.ensure_future(self._catch_up(cursor))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, cursor: Cursor) -> None:
        """Read the next page for a cursor that stands behind the memory tail."""
        feed, outlet = cursor.feed, cursor.outlet
        chat = feed.chat
        try:
            if cursor.public:
                events = await self._log.public(chat.id, cursor.at, PAGE_EVENTS)
            else:
                events = await self._log.stream(chat_stream(chat.id), cursor.at, PAGE_EVENTS)
        except StoreError as error:
            _log.error("a page cannot be read: %s", error)
            return
        finally:
            cursor.reading = False
        if cursor.dropped:
            return
        for event in events:
            number = event.pub if cursor.public else event.seq
            # What is stored but not yet published waits for its turn.
            if outlet.paused or number > (chat.pub if cursor.public else chat.seq):
                break
            outlet.send(self.feeds.encode(event, cursor.public))
            cursor.at = number
        if events:
            self.feeds.pump(cursor)
