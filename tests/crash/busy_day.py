"""A busy day at one desk: eight consoles, their customers, a queue, and a chat that is being handed on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from server.desk.events import Event, chat_stream, desk_stream
from server.platform import RealPlatform
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore
from supportterm.protocol import frames
from tests.crash.house import House
from tests.crash.people import Person
from tests.support import new_id, new_token

AGENTS: Final = 8
#: Three waiting customers each fill eight agents; the others queue.
CUSTOMERS: Final = 8 * 3 + 7
#: Longest that anything may take; what is waited for comes in a second or two.
_SECONDS: Final = 60

_TOML: Final = """
[server]
port = {{port}}
data_dir = "data"
log_level = "warning"

[limits]
connections_per_address = 10000
handshakes_per_minute = 1000000
messages_per_second = 10000
messages_burst = 10000
messages_per_minute = 100000
agent_messages_per_second = 10000
agent_messages_burst = 10000

[desk.main]
ceiling = 3.0
silence_seconds = 0
ramp_seconds = 0
breather_seconds = 0
handoff_seconds = 3600
presence_grace_seconds = {grace}

[shop.demo]
desk = "main"
origins = ["*"]
"""


class BusyDay:
    """``grace``: seconds an agent's console may be gone. `begins`, and `ends` whatever happened."""

    def __init__(self, directory: Path, grace: int) -> None:
        self.house = House(directory, toml=_TOML.format(grace=grace))
        self.agents: list[Person] = []
        self.customers: list[Person] = []
        self._directory = directory
        self._news = asyncio.Event()

    async def begins(self) -> None:
        """Every agent has as much as they can carry, and has answered one; seven customers wait."""
        tokens = await self.house.add_agents(AGENTS)
        await self.house.start()
        self.agents = [self._person("agent", number, token) for number, token in enumerate(tokens)]
        await self.until("the consoles are there", lambda: all(a.journal.mine for a in self.agents))
        for number in range(CUSTOMERS):
            customer = self._person("customer", number, new_token())
            self.customers.append(customer)
            customer.opens()
            # One after another, so that their order is known.
            await self.until("it is stored", customer.is_healed)
        await self.until("the desk is full", lambda: all(len(self.of(a)) == 3 for a in self.agents))
        for agent in self.agents:
            agent.says(self.of(agent)[0])
        await self.until("all is answered", lambda: all(a.is_healed() for a in self.agents))

    def _person(self, side: frames.Side, number: int, token: str) -> Person:
        name = f"{side}{number}"
        return Person(side, name, self.house.url, token, self._directory, random.Random(name), self._news.set)

    async def ends(self) -> None:
        """Leave no process behind."""
        for person in (*self.agents, *self.customers):
            await person.crashes_now()
        await self.house.end()

    # --- what is seen --------------------------------------------------------------------------------

    def of(self, agent: Person) -> list[str]:
        """The agent's own chats, as all consoles are shown them."""
        team = agent.journal.team
        found = [one.chats for one in team.agents if one.agent == agent.name] if team else []
        return sorted(found[0]) if found else []

    def owners(self) -> dict[str, list[str]]:
        """Who has which chats, by each agent's own console."""
        return {agent.name: self.of(agent) for agent in self.agents}

    def queues(self) -> list[list[tuple[str, int]]]:
        """The chats that wait, in order, and since when: once for each console."""
        views = [agent.journal.queue for agent in self.agents]
        return [[(row.chat, row.since) for row in queue.rows] for queue in views if queue is not None]

    def offers(self, agent: Person) -> list[str]:
        """The chats that wait for the agent's yes."""
        mine = agent.journal.mine
        return [offer.chat for offer in mine.offers] if mine else []

    # --- what is done --------------------------------------------------------------------------------

    def hands_on(self) -> str:
        """The first agent hands their answered chat to the second; that chat."""
        chat = next(c for c in self.of(self.agents[0]) if self._answered(c))
        handoff = frames.HandOff(id=new_id(), chat=chat, text="it is about a tyre", agent="agent1")
        self.agents[0].put(handoff)
        return chat

    def _answered(self, chat: str) -> bool:
        head = self.agents[0].journal.chats[chat].head
        return head is not None and not head.waiting_since

    async def bursts(self) -> None:
        """Everybody writes; it ends in the middle, with some of it answered."""
        before = self._answers()
        for person in (*self.customers, *self.agents):
            for chat in person.chats():
                for _ in range(3):
                    (person.says if person.side == "customer" else person.notes)(chat)
        await self.until("some of it is answered", lambda: self._answers() >= before + 20)

    def _answers(self) -> int:
        return sum(len(person.answered) for person in (*self.customers, *self.agents))

    async def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait for it. Raises `TimeoutError` with a sentence."""
        try:
            async with asyncio.timeout(_SECONDS):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            states = [f"{p.name}: {p.link.state.kind}" for p in (*self.agents, *self.customers)]
            said = [f"{self.owners()}", f"{self.queues()[:1]}", *states, self.house.log.read_text()]
            raise TimeoutError("\n".join([f"never came: {what}", *said])) from None

    async def store(self) -> SqliteStore:
        """The file of a server that does not run."""
        return await SqliteStore.open(self.house.data / DATABASE, RealPlatform())

    async def log(self) -> tuple[dict[str, list[Event]], list[Event]]:
        """Every chat's events, and the desk's own."""
        store = await self.store()
        try:
            chats = [chat for customer in self.customers for chat in customer.ledger.put]
            found = {chat: await store.stream(chat_stream(chat)) for chat in chats}
            return found, await store.stream(desk_stream("main"))
        finally:
            await store.close()
