"""A customer or an agent at a client whose outbox is a file, and which may crash like any program."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from supportterm.link import Journal, Link, LinkState, Outbox, StateChanged, shop_url
from supportterm.link.changes import Began, Change, Grew, Refused
from supportterm.link.chatlog import ChatLog
from supportterm.practice.ledger import Ledger
from supportterm.protocol import frames
from supportterm.protocol.frames import Command, Side
from tests.support import new_id

#: Waits before reconnecting are shorter than people's, so that more rounds fit into a minute.
_EAGERNESS = 0.1
#: Unanswered messages of one chat that a person lets pile up.
_PILE = 3


class Person:
    """Writes on and on in the chats they have, until ``writing`` ends. ``news`` is called on every change."""

    def __init__(
        self,
        side: Side,
        name: str,
        url: str,
        token: str,
        directory: Path,
        rng: random.Random,
        news: Callable[[], None],
    ) -> None:
        self.side: Side = side
        self.name = name
        self.url = shop_url(url, "demo") if side == "customer" else url
        self.token = token
        self.ledger = Ledger(side, name)
        self.writing = False
        self.answered: set[str] = set()
        self.connections = 0
        self.states: list[LinkState] = []
        self.crashes = 0
        self.violations: list[str] = []
        self._outbox = Outbox(directory / f"{name}.outbox")
        self._rng = rng
        self._news = news
        self._written = 0
        self._asked: set[str] = set()
        self._begun: set[str] = set()
        self._starts()

    def _starts(self) -> None:
        self.journal = Journal(self.side)
        self._outbox.restore(self.journal)
        assert not self._outbox.problem, self._outbox.problem
        self._begun.clear()
        self.link = Link(
            self.url, self.token, self.journal, on_change=self._hears, keep=self._outbox.save,
            rand=lambda: self._rng.random() * _EAGERNESS,
        )  # fmt: skip
        self._running = asyncio.ensure_future(self.link.run())

    async def crashes_and_comes_back(self) -> None:
        """The program ends between two steps, without a word; a new one reads the outbox file."""
        await self.crashes_now()
        self.comes_back()

    async def crashes_now(self) -> None:
        """The program ends between two steps, without a word."""
        self.crashes += 1
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    def comes_back(self) -> None:
        """A new one reads the outbox file."""
        self.ledger.new_page()
        self._starts()

    async def leaves(self) -> None:
        """End the program."""
        self.link.stop()
        state = await self._running
        if state.code:
            self.violations.append(f"{self.name}: {state.text}")

    # --- writing ---------------------------------------------------------------------------------

    def put(self, command: Command) -> None:
        self.ledger.puts(command)
        self._asked.add(command.id)
        self.link.put(command)

    def opens(self) -> str:
        chat = new_id()
        self.put(frames.Open(id=new_id(), chat=chat, lang="en"))
        return chat

    def closes(self) -> None:
        """End every chat."""
        for chat in list(self.chats()):
            self.put(frames.CloseChat(id=new_id(), chat=chat))

    def goes_on(self) -> None:
        """Write more in every chat in which little is unanswered."""
        for chat, log in self.chats().items():
            if self.writing and len(log.outbox) < _PILE:
                for _ in range(self._rng.randint(1, _PILE)):
                    self._writes(chat)

    def says(self, chat: str) -> None:
        """One message."""
        self._written += 1
        self.put(frames.Say(id=new_id(), chat=chat, text=f"{self.name} {self._written}"))

    def notes(self, chat: str) -> None:
        """One note."""
        self._written += 1
        self.put(frames.Note(id=new_id(), chat=chat, text=f"{self.name} {self._written}"))

    def _writes(self, chat: str) -> None:
        self._written += 1
        text = f"{self.name} {self._written}"
        note = self.side == "agent" and self._rng.random() < 0.2
        self.put((frames.Note if note else frames.Say)(id=new_id(), chat=chat, text=text))

    # --- reading ---------------------------------------------------------------------------------

    def chats(self) -> dict[str, ChatLog]:
        """The chats in which this person may write."""
        return {
            chat: log
            for chat, log in self.journal.chats.items()
            if log.head is not None and log.head.state != "closed" and not log.gone
        }

    def is_healed(self) -> bool:
        """Connected, with nothing unanswered, and shown every chat from its beginning."""
        if not self.journal.online or any(log.outbox for log in self.journal.chats.values()):
            return False
        complete = True
        for chat, log in self.journal.chats.items():
            if log.older:
                self.link.more(chat)
                complete = False
        return complete

    def _hears(self, found: Sequence[Change | StateChanged]) -> None:
        self.ledger.hears(found)
        for change in found:
            match change:
                case Grew():
                    self.answered |= {event.id for event in change.events} & self._asked
                    self.link.saw(change.chat)
                case Began(dropped=True):
                    if change.chat in self._begun:
                        self._violated(change.chat, "what was shown had to be dropped")
                    self._begun.add(change.chat)
                case Refused():
                    self._violated(
                        change.chat, f"a {type(change.command).__name__} was refused: {change.code}"
                    )
                case StateChanged():
                    self.states.append(change.state)
                    self.connections += change.state.kind == "online"
                case _:
                    pass
        self.goes_on()
        self._news()

    def _violated(self, chat: str, what: str) -> None:
        self.violations.append(f"{self.name}, chat {chat}: {what}")
