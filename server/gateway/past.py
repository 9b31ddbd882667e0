"""Tells staff who begin to read a chat what the customer's chats before it were about."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from server.desk.chat import Chat
from server.feeds import Feed
from server.gateway.session import Session
from server.store.interface import StoreError
from supportterm.protocol import frames
from supportterm.protocol.earlier import EarlierChat

_log = logging.getLogger("supportterm.gateway")

#: Finds what the chats before this one were about.
Finder = Callable[[Chat], Awaitable[list[EarlierChat]]]


async def nothing_before(_: Chat) -> list[EarlierChat]:
    """Where nobody looks."""
    return []


class Past:
    """Asks ``find`` for one chat after another: after a restart every console comes with all of its own."""

    def __init__(self, find: Finder) -> None:
        self._find = find
        self._one = asyncio.Lock()
        self._telling: set[asyncio.Task[None]] = set()

    def tell(self, session: Session, feed: Feed, *, even_nothing: bool = False) -> None:
        """A subscription begins: what is found follows, if there is anything; ``even_nothing``: else that."""
        task = asyncio.ensure_future(self._tell(session, feed, even_nothing=even_nothing))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def again(self, customer: str, sessions: Iterable[Session]) -> None:
        """Texts of the customer were erased: what these sessions were told may not hold any more."""
        for session in list(sessions):
            for cursor in list(session.cursors.values()):
                if not session.public and cursor.feed.chat.customer == customer:
                    await self._tell(session, cursor.feed, even_nothing=True)

    def stop(self) -> None:
        """Tell nothing more."""
        for task in self._telling:
            task.cancel()

    async def _tell(self, session: Session, feed: Feed, *, even_nothing: bool) -> None:
        chat = feed.chat.id
        async with self._one:
            # Nobody reads it any more: nobody needs to know.
            if chat not in session.cursors:
                return
            try:
                found = await self._find(feed.chat)
            except StoreError as error:
                _log.error("a customer's earlier chats cannot be read: %s", error)
                found = []
        if (found or even_nothing) and chat in session.cursors:
            session.outlet.state((chat, "earlier"), frames.Earlier(chat, found))
