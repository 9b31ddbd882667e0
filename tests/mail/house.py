"""A desk with chats whose answers are to be mailed: a real store, a real doorway, a mailer."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

from msgspec.structs import replace

from server.clock import Clock
from server.desk.events import Event, chat_stream, decode_data
from server.doorway import Doorway
from server.mail.bounces import Bounces
from server.mail.mailer import Mailer
from server.mail.numbers import Numbers
from server.metrics import Metrics
from server.platform import RealPlatform
from server.rules_of import rules_of
from server.settings import Desk, Settings, Shop
from server.settings.mail import Mail
from server.store.files import DATABASE
from server.store.interface import Append, Origin
from server.store.sqlite import SqliteStore
from supportterm.protocol import kinds
from tests.support import settings_in

from .chats import BEGUN, Story

T = TypeVar("T")

NUMBERS: Final = Numbers(b"a key for tests")
LINK: Final = "https://www.acme.example/#supportterm="


class Hands(RealPlatform):
    """The real machine, a minute after the chats of these tests began, with clocks that can be moved on."""

    def __init__(self) -> None:
        self.ahead = 0

    def wall(self) -> int:
        return BEGUN + 60_000 + self.ahead

    def boot(self) -> int:
        return self.ahead


class Unsure(SqliteStore):
    """The store; ``failing`` is raised instead of the next change to a projection."""

    failing: Exception | None = None

    async def project(self, change: Callable[[sqlite3.Connection], T]) -> T:
        if self.failing is not None:
            error, self.failing = self.failing, None
            raise error
        return await super().project(change)


class House:
    """One start of the server's parts that mails need. ``mailer`` is not started: `Mailer.round` is called
    when a test wants it."""

    def __init__(self, store: Unsure, platform: Hands, settings: Settings) -> None:
        self.store = store
        self.platform = platform
        self.settings = settings
        self.metrics = Metrics()
        clock = Clock(platform)
        self.doorway = Doorway("main", rules_of(settings, "main"), store, clock, self.metrics)
        self.mailer = Mailer(store, clock, settings, self._desk, self._link, self.metrics, NUMBERS)
        self.bounces = Bounces(store, clock, NUMBERS, self._desk, self.metrics)
        self.clock = clock
        self.reachable = True
        #: Links to this chat cannot be made.
        self.broken = ""

    def _desk(self, name: str) -> Doorway | None:
        return self.doorway if name == "main" and self.reachable else None

    def _link(self, shop: str, page: str, chat: str, at: int) -> str:
        if chat == self.broken:
            raise ZeroDivisionError("anna@example.org")
        return f"{LINK}{shop}.{chat}.{at}"

    async def round(self, later: float = 0) -> None:
        """Let ``later`` seconds pass, and the mailer look."""
        self.platform.ahead += int(later * 1_000)
        await self.mailer.round()

    async def events(self, chat: str, kind: str) -> list[Event]:
        """A chat's stored events of a kind."""
        return [event for event in await self.store.stream(chat_stream(chat)) if event.kind == kind]

    async def mailed(self, chat: str) -> list[tuple[int, str, str]]:
        """What is on record of the chat's mails: how far each went, what became of it, and why."""
        found = await self.events(chat, "mailed")
        data = [(event, decode_data(event, kinds.Mailed)) for event in found]
        return [(mailed.upto, mailed.how, event.text) for event, mailed in data]

    async def waiting(self) -> list[tuple[str, int]]:
        """What stands in the outbox."""
        rows = await self.store.facts("SELECT chat, upto FROM mail_outbox ORDER BY pos")
        return [(row[0], row[1]) for row in rows]


@asynccontextmanager
async def house(
    directory: Path, mail: Mail, *stories: Story, platform: Hands | None = None
) -> AsyncIterator[House]:
    """A house in ``directory``; ``stories`` are what its desk finds in the log, beside what was there."""
    platform = platform or Hands()
    store = await Unsure.open(directory / DATABASE, platform)
    try:
        await stored(store, *stories)
        found = House(store, platform, settings_with(directory, mail))
        await found.doorway.open()
        try:
            yield found
        finally:
            await found.mailer.stop()
            await found.doorway.close()
    finally:
        await store.close()


async def stored(store: SqliteStore, *stories: Story) -> None:
    """Write chats into the log as a desk would."""
    fence = await store.claim("main")
    for story in stories:
        origin = Origin("main", "acme", "customer-of-" + story.chat, b"token of " + story.chat.encode())
        await store.append("main", fence, [Append(chat_stream(story.chat), 0, story.events, origin)])


def settings_with(directory: Path, mail: Mail) -> Settings:
    """The settings of a shop that mails."""
    shops = {"acme": Shop(desk="main", name="Acme Bikes", origins=["https://www.acme.example"])}
    settings = settings_in(directory, desks={"main": Desk()}, shops=shops)
    return replace(settings, mail=mail)
