"""The careful load client: full clients of the wire, whose outboxes outlive every connection.

For tests that kill the server: whatever happens in between, at the end every message is answered and
shown once on both sides, in the order it was written.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from supportterm.link import Journal, Link, StateChanged, shop_url
from supportterm.link.changes import Began, Change, Grew, Refused
from supportterm.link.chatlog import ChatLog
from supportterm.practice.customers import new_id
from supportterm.practice.ledger import Ledger
from supportterm.practice.load_plan import Load, Tally, message
from supportterm.practice.report import compare
from supportterm.protocol import frames
from supportterm.protocol.frames import Side


class Client:
    """One person: a customer with one chat, or an agent with many."""

    def __init__(self, run: Run, side: Side, url: str, token: str) -> None:
        self.run = run
        self.side: Side = side
        self.journal = Journal(side)
        self.ledger = Ledger(side)
        self.numbers: dict[str, int] = {}
        self.connections = 0
        self.sent_at: dict[str, float] = {}
        self.link = Link(
            url,
            token,
            self.journal,
            on_change=self._hears,
            client="load",
            origin=run.load.origin,
            plain=run.load.plain,
            rand=lambda: random.random() * run.load.patience,
        )
        self.running = asyncio.ensure_future(self.link.run())

    @property
    def writes(self) -> bool:
        return self.side == "customer" or self.run.load.both

    def write(self, chat: str) -> None:
        """Put the next message of a chat."""
        number = self.numbers[chat] = self.numbers.get(chat, 0) + 1
        say = frames.Say(id=new_id(), chat=chat, text=message(self.side, number, self.run.load.size))
        self.sent_at[say.id] = time.perf_counter()
        self.run.tally.sent += 1
        self.ledger.puts(say)
        self.link.put(say)

    def close(self) -> None:
        """End the customer's chats: room for the next run on the same server."""
        for chat, log in self.journal.chats.items():
            if _is_open(log):
                closing = frames.CloseChat(id=new_id(), chat=chat)
                self.ledger.puts(closing)
                self.link.put(closing)

    def free(self) -> list[str]:
        """Chats that are open to us and have nothing unanswered."""
        return [
            chat
            for chat, log in self.journal.chats.items()
            if chat in self.run.chats and _is_open(log) and not log.outbox
        ]

    def _hears(self, found: Sequence[Change | StateChanged]) -> None:
        self.ledger.hears(found)
        now = time.perf_counter()
        for change in found:
            match change:
                case Grew():
                    for event in change.events:
                        if event.id in self.sent_at:
                            self.run.tally.answer.append(now - self.sent_at.pop(event.id))
                    self.link.saw(change.chat)
                    if self.run.saturated and self.run.writing and self.writes:
                        self._goes_on(change.chat)
                case StateChanged() if change.state.kind == "online":
                    self.connections += 1
                case Refused():
                    self.run.tally.violations.append(f"{self.side}, chat {change.chat}: {change.code}")
                case Began():
                    self.run.news.set()
                case _:
                    pass
        self.run.news.set()

    def _goes_on(self, chat: str) -> None:
        log = self.journal.chats[chat]
        if chat in self.run.chats and _is_open(log) and not log.outbox:
            self.write(chat)


def _is_open(log: ChatLog) -> bool:
    return log.head is not None and log.head.state == "open" and not log.gone


class Run:
    """One careful load run."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.tally = Tally()
        self.saturated = not load.rate
        self.writing = False
        self.news = asyncio.Event()
        self.chats: set[str] = set()
        self.agents: list[Client] = []
        self.customers: list[Client] = []

    async def go(self) -> tuple[float, float]:
        """Connect, write, settle; seconds of writing, and CPU seconds of this process meanwhile."""
        load = self.load
        self.agents = [Client(self, "agent", load.url, token) for token in load.tokens]
        shop = shop_url(load.url, load.shop)
        for _ in range(load.pairs):
            customer = Client(self, "customer", shop, new_id(octets=32))
            opening = frames.Open(id=new_id(), chat=new_id(), lang="en")
            self.chats.add(opening.chat)
            customer.ledger.puts(opening)
            customer.link.put(opening)
            self.customers.append(customer)
        begun, cpu = time.perf_counter(), time.process_time()
        try:
            await self._write(begun)
            seconds, used = time.perf_counter() - begun, time.process_time() - cpu
            with suppress(TimeoutError):
                async with asyncio.timeout(load.settle):
                    await self._settled()
                    for customer in self.customers:
                        customer.close()
                    await self._settled()
        finally:
            await self._leave()
        self._count()
        return seconds, used

    async def _write(self, begun: float) -> None:
        self.writing = True
        while (now := time.perf_counter() - begun) < self.load.seconds:
            due = now * self.load.rate
            for client in [*self.customers, *self.agents]:
                for chat in client.free() if client.writes else ():
                    # Saturated: begins what its own events then keep going, also after a reconnect.
                    if self.saturated or self.tally.sent < due:
                        client.write(chat)
            await asyncio.sleep(0.05 if self.saturated else 0.005)
        self.writing = False

    async def _settled(self) -> None:
        clients = [*self.customers, *self.agents]
        for client in clients:
            await client.link.drained()
        while not self._level() or self._asks_older():
            self.news.clear()
            await self.news.wait()

    def _asks_older(self) -> bool:
        """Who was away for long is shown the newest page; whether somebody still fetches the rest."""
        asked = False
        for client in [*self.customers, *self.agents]:
            for chat in self.chats & client.journal.chats.keys():
                if client.journal.chats[chat].older:
                    client.link.more(chat)
                    asked = True
        return asked

    def _level(self) -> bool:
        """Whether both sides are shown as much of every chat that an agent has."""
        seen = self._last(self.agents)
        return all(seen.get(chat, number) == number for chat, number in self._last(self.customers).items())

    def _last(self, clients: Sequence[Client]) -> dict[str, int]:
        found: dict[str, int] = {}
        for client in clients:
            for chat in self.chats & client.journal.chats.keys():
                log = client.journal.chats[chat]
                number = max((log.public(event) for event in log.events[-10:]), default=0)
                found[chat] = max(number, found.get(chat, 0))
        return found

    async def _leave(self) -> None:
        for client in [*self.customers, *self.agents]:
            client.link.stop()
        for client in [*self.customers, *self.agents]:
            state = await client.running
            if state.code:
                self.tally.violations.append(f"{client.side}: {state.text}")
            client.ledger.close(client.journal)
            self.tally.violations += client.ledger.violations

    def _count(self) -> None:
        for client in [*self.customers, *self.agents]:
            counts = client.ledger.counts(client.journal)
            self.tally.answered += counts["answered"]
        for side, clients in (("customer", self.customers), ("agent", self.agents)):
            self.tally.displayed[side] = sum(
                line[1] == "message" for lines in self._shown(clients).values() for line in lines
            )
        self.tally.violations += compare(self._shown(self.customers), self._shown(self.agents))

    def _shown(self, clients: Sequence[Client]) -> dict[str, list[list[Any]]]:
        """Several agents may have had the same chat one after the other: what they saw, together."""
        found: dict[str, dict[int, list[Any]]] = {}
        for client in clients:
            for chat, lines in client.ledger.transcripts().items():
                if chat not in self.chats:
                    continue  # an agent may have older chats than this run's
                found.setdefault(chat, {}).update({line[0]: line for line in lines})
        return {chat: [line for _, line in sorted(lines.items())] for chat, lines in found.items()}

    def detail(self) -> dict[str, Any]:
        """Per chat what each side put (ids, in order) and was shown (`Ledger.transcripts`)."""
        return {
            side: {
                "shown": self._shown(clients),
                "put": {
                    chat: [command.id for command in commands]
                    for client in clients
                    for chat, commands in client.ledger.put.items()
                },
                "connections": sum(client.connections for client in clients),
            }
            for side, clients in (("customer", self.customers), ("agent", self.agents))
        }
