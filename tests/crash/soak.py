"""Kills the server again and again while people write, lets everything heal, and judges."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from server.platform import RealPlatform
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore
from tests.crash.house import House
from tests.crash.judge import Findings, judge
from tests.crash.people import Person
from tests.support import new_token

CUSTOMERS: Final = 6
AGENTS: Final = 2
#: Longest that healing may take after the last kill; it takes a second or two.
_HEAL_SECONDS: Final = 90


class Summary(Struct):
    """What one soak did and what was found."""

    seed: int
    kills: int
    client_crashes: int
    connections: int
    seconds: float
    findings: Findings

    @property
    def clean(self) -> bool:
        """Nothing was lost, doubled or reordered, and something was written at all."""
        found = self.findings
        return not found.violations and 0 < found.put == found.stored

    def __str__(self) -> str:
        found = self.findings
        return "\n".join(
            [
                f"seed {self.seed}: {self.kills} kills of the server, {self.client_crashes} crashes of"
                f" clients, {self.connections} connections, {self.seconds:.1f} s",
                f"{found.chats} chats: {found.put} messages and notes written, {found.stored} stored;"
                f" {found.shown_customer} events shown to customers, {found.shown_agent} to agents",
                f"lost {found.lost}, doubled {found.doubled}, out of order {found.disordered},"
                f" gaps {found.gaps}",
                *found.violations,
            ]
        )


class Soak:
    """``rounds`` kills drawn from ``seed``; the data stay in ``directory``."""

    def __init__(
        self, directory: Path, rounds: int, seed: int, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.house = House(directory)
        self.kills = 0
        self._directory = directory
        self._rounds = rounds
        self._seed = seed
        self._rng = random.Random(seed)
        self._tell = tell
        self._news = asyncio.Event()
        self._customers: list[Person] = []
        self._agents: list[Person] = []

    @property
    def _people(self) -> list[Person]:
        return [*self._customers, *self._agents]

    async def go(self) -> Summary:
        """Raises `TimeoutError` with a sentence if something does not heal."""
        begun = time.monotonic()
        tokens = await self.house.add_agents(AGENTS)
        try:
            await self.house.start()
            self._agents = [self._person("agent", number, token) for number, token in enumerate(tokens)]
            self._customers = [self._person("customer", number, new_token()) for number in range(CUSTOMERS)]
            chats = {customer.opens() for customer in self._customers}
            await self._until("chats open", lambda: chats <= {c for a in self._agents for c in a.chats()})
            for person in self._people:
                person.writing = True
                person.goes_on()
            for number in range(1, self._rounds + 1):
                await self._round()
                self._tell(f"round {number} of {self._rounds}: {self._answers()} answered")
            findings = await self._heal()
        finally:
            await self.house.end()
        return Summary(
            self._seed,
            self.kills,
            sum(person.crashes for person in self._people),
            sum(person.connections for person in self._people),
            time.monotonic() - begun,
            findings,
        )

    def _person(self, side: str, number: int, token: str) -> Person:
        name = f"{side}{number}"
        rng = random.Random(f"{self._seed} {name}")
        return Person(
            "agent" if side == "agent" else "customer", name, self.house.url, token, self._directory, rng,
            self._news.set,
        )  # fmt: skip

    def _answers(self) -> int:
        return sum(len(person.answered) for person in self._people)

    async def _round(self) -> None:
        """Let them write a while, kill, start; sometimes kill what has not started yet, or a client."""
        enough = self._answers() + self._rng.randint(20, 150)
        await self._until(f"{enough} answers", lambda: self._answers() >= enough)
        # Kills come at any moment of the server's work, not only right after an answer.
        await asyncio.sleep(self._rng.random() * 0.03)
        await self._kill()
        if self._rng.random() < 0.25:
            await self.house.spawn()
            await asyncio.sleep(self._rng.random() * 1.2)
            await self._kill()
        if self._rng.random() < 0.5:
            await self._rng.choice(self._people).crashes_and_comes_back()
        await self.house.start()
        if self._rng.random() < 0.5:
            await self._rng.choice(self._people).crashes_and_comes_back()

    async def _kill(self) -> None:
        await self.house.kill()
        self.kills += 1

    async def _heal(self) -> Findings:
        for person in self._people:
            person.writing = False
        await self._until("everything answered", self._healed)
        for customer in self._customers:
            customer.closes()
        await self._until("every chat closed", lambda: not self._open() and self._healed())
        for person in self._people:
            await person.leaves()
        assert await self.house.stop() == 0
        store = await SqliteStore.open(self.house.data / DATABASE, RealPlatform())
        try:
            findings = await judge(store, self._customers, self._agents)
        finally:
            await store.close()
        if "Traceback" in (log := self.house.log.read_text()):
            findings.says(f"the server's log: {log}")
        return findings

    def _healed(self) -> bool:
        healed = [person.is_healed() for person in self._people]  # each also asks for what it lacks
        return all(healed)

    def _open(self) -> bool:
        return any(person.chats() for person in self._people)

    async def _until(self, what: str, holds: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(_HEAL_SECONDS):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            states = [
                f"{p.name}: {p.link.state.kind} {p.link.state.text}"
                f" {[(c, len(log.outbox), log.first, log.last) for c, log in p.journal.chats.items()]}"
                for p in self._people
            ]
            raise TimeoutError(
                "\n".join([f"never came: {what}", *states, self.house.log.read_text()])
            ) from None
