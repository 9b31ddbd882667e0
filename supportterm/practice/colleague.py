"""A colleague whose shift ends: promises the customers who are there to be back, and goes.

What was promised comes with the chats to who works on, with its deadline and a note.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from supportterm.coach import promising
from supportterm.link import Journal, Link, StateChanged
from supportterm.link.changes import Change
from supportterm.practice.customers import new_id
from supportterm.practice.replies import replies
from supportterm.protocol import frames
from supportterm.protocol.frames import Command


async def hand_on(url: str, token: str, chats: int) -> list[str]:
    """Come online, promise to be back in the next ``chats`` that come, and go; the chats, in that order.

    ``token`` as `login` gives it. Nothing is handed on by hand: the desk gives the chats of who goes
    offline to who is there. Waits as long as it takes; cancelled, the connection is closed.
    """
    colleague = _Colleague(url, token, chats)
    running = asyncio.create_task(colleague.link.run())
    working = asyncio.create_task(colleague.work())
    try:
        await asyncio.wait([running, working], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ConnectionError(running.result().text)
        return await working
    finally:
        working.cancel()
        colleague.link.stop()
        await running


class _Colleague:
    def __init__(self, url: str, token: str, chats: int) -> None:
        self.journal = Journal("agent")
        self.link = Link(url, token, self.journal, on_change=self._hears, client="practice colleague")
        self._chats = chats
        self._news = asyncio.Event()

    async def work(self) -> list[str]:
        await self._until(lambda: self.journal.online)
        self._put(frames.SetStatus(id=new_id(), status="online"))
        promised: list[str] = []
        while len(promised) < self._chats:
            await self._until(lambda: bool(self._asking(promised)))
            chat = self._asking(promised)[0]
            self._promises(chat, len(promised))
            promised.append(chat)
        await self.link.drained()
        self._put(frames.SetStatus(id=new_id(), status="offline"))
        await self.link.drained()
        return promised

    def _asking(self, but: Sequence[str]) -> list[str]:
        """Our chats in which the customer has asked something."""
        return [
            chat
            for chat, log in self.journal.chats.items()
            if chat not in but
            and log.head is not None
            and log.head.state == "open"
            and any(event.kind == "message" and event.by.role == "customer" for event in log.events)
        ]

    def _promises(self, chat: str, number: int) -> None:
        head = self.journal.log(chat).head
        lang = head.lang if head else "en"
        lines = replies(lang).handover
        line = lines[number % len(lines)]
        # The countdown is what the words say.
        found = promising.find(line.promise, lang)
        say = frames.Say(id=new_id(), chat=chat, text=line.promise, promise=found.ms if found else 0)
        self._put(say)
        self._put(frames.Note(id=new_id(), chat=chat, text=line.note))

    def _put(self, command: Command) -> None:
        self.link.put(command)
        self.link.pressed()

    def _hears(self, found: Sequence[Change | StateChanged]) -> None:
        self._news.set()

    async def _until(self, true: Callable[[], bool]) -> None:
        while not true():
            self._news.clear()
            await self._news.wait()
