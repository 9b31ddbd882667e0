"""The server is killed, and promises fall due while it is away: each is broken once, and truly late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from server.desk.events import Event, decode_data
from server.platform import RealPlatform
from supportterm.link.chatlog import data_of
from supportterm.protocol import frames, kinds
from tests.crash.busy_day import BusyDay
from tests.crash.judge import judge
from tests.crash.people import Person
from tests.support import new_id, new_token

#: How long the server is away, by its own clock.
AWAY_MS: Final = 600_000
#: What is noticed of a clock that goes a little faster or slower than the other.
NOTICED_MS: Final = 1_000
#: Which promises fall due meanwhile, and how each of them ends in the end.
DUE: Final = ("while", "named", "handed")
ENDS: Final = {
    "while": "broken",
    "named": "broken",
    "handed": "broken",
    "long": "kept",
    "named long": "kept",
    "extended": "extended",
}

pytestmark = [pytest.mark.crash, pytest.mark.timeout(240)]


class PromisedDay(BusyDay):
    """Two agents, and a customer for each kind of promise; ``chats``: theirs, by its name."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, grace=3_600)
        self.chats: dict[str, str] = {}

    async def begins(self) -> None:
        tokens = await self.house.add_agents(2)
        await self.house.start()
        self.agents = [self._person("agent", number, token) for number, token in enumerate(tokens)]
        await self.until("the consoles are there", lambda: all(a.journal.mine for a in self.agents))
        for number, name in enumerate(ENDS):
            customer = self._person("customer", number, new_token())
            self.customers.append(customer)
            self.chats[name] = customer.opens()
        chats = sorted(self.chats.values())
        await self.until(
            "all have an agent", lambda: sorted(c for a in self.agents for c in self.of(a)) == chats
        )

    def owner(self, name: str) -> Person:
        """Who has the chat."""
        return next(agent for agent in self.agents if self.chats[name] in self.of(agent))

    def says(self, name: str, text: str, promise: int = 0, due: int = 0) -> None:
        """The owner writes in the chat, and gives a time."""
        say = frames.Say(id=new_id(), chat=self.chats[name], text=text, promise=promise, due=due)
        self.owner(name).put(say)

    async def promises(self) -> dict[str, int]:
        """Every promise is given; when each falls due."""
        now = RealPlatform().wall()
        self.says("while", "a moment", promise=30_000)
        self.says("named", "at three", due=now + 120_000)
        self.says("long", "half an hour", promise=1_800_000)
        self.says("named long", "in the afternoon", due=now + 7_200_000)
        self.says("extended", "a moment", promise=30_000)
        self.says("extended", "it takes longer", promise=2_700_000)
        self.says("handed", "a moment", promise=30_000)
        other = next(agent for agent in self.agents if agent is not self.owner("handed"))
        handoff = frames.HandOff(id=new_id(), chat=self.chats["handed"], text="please", agent=other.name)
        self.owner("handed").put(handoff)
        await self.until("a colleague is asked", lambda: self.offers(other) == [self.chats["handed"]])
        await self.until("all is answered", self.is_healed)
        return {name: self.head(self.owner(name), name).promise_due for name in self.chats}

    def is_healed(self) -> bool:
        """Everybody is connected, and nothing is unanswered."""
        healed = [person.is_healed() for person in (*self.agents, *self.customers)]  # each also asks for more
        return all(healed)

    def head(self, person: Person, name: str) -> frames.Head:
        """What somebody knows of the chat."""
        head = person.journal.chats[self.chats[name]].head
        assert head is not None
        return head

    def customer(self, name: str) -> Person:
        return self.customers[list(ENDS).index(name)]

    def seen(self, person: Person, name: str) -> list[str]:
        """How the promise ended, by what is on somebody's screen."""
        shown = person.ledger.shown.get(self.chats[name], {})
        return [_how(event) for _, event in sorted(shown.items()) if event.kind == "promise_ended"]


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[PromisedDay]:
    day = PromisedDay(tmp_path)
    try:
        await day.begins()
        yield day
    finally:
        await day.ends()


async def test_what_falls_due_while_the_server_is_away_is_broken_once_and_truly_late(
    day: PromisedDay,
) -> None:
    due = await day.promises()
    assert all(due.values())
    await day.house.kill()
    day.house.ahead = AWAY_MS
    # It dies once more as soon as it listens, when it has just looked at what fell due, or is about to.
    for _ in range(2):
        await day.house.start()
        await day.house.kill()
    await day.house.start()

    await day.until(
        "both sides know what was broken",
        lambda: (
            day.is_healed()
            and all(day.seen(one, name) == ["broken"] for name in DUE for one in sides(day, name))
        ),
    )
    for name in ENDS:
        for person in sides(day, name):
            assert day.head(person, name).promise_due == (0 if name in DUE else due[name])
        assert day.head(day.owner(name), name).overdue_at == (due[name] if name in DUE else 0)
    given = {day.chats[name]: (due[name], name in DUE) for name in ENDS}
    # Lists pause between two looks: a console may still have the one from before the deadlines for a moment.
    await day.until("both have the list", lambda: [listed(agent) for agent in day.agents] == [given] * 2)

    await is_answered(day)
    for person in (*day.agents, *day.customers):
        await person.leaves()
    assert await day.house.stop() == 0
    await is_on_record(day, due)


def sides(day: PromisedDay, name: str) -> tuple[Person, Person]:
    """Both who are in the chat."""
    return day.customer(name), day.owner(name)


def listed(agent: Person) -> dict[str, tuple[int, bool]]:
    """Promises that a console lists: when they are or were due, and whether that has passed."""
    view = agent.journal.promises
    return {row.chat: (row.due_at, row.overdue) for row in view.rows} if view else {}


async def is_answered(day: PromisedDay) -> None:
    """The colleague takes what was handed to them, and everybody gets what they were promised."""
    handed = day.chats["handed"]
    other = next(agent for agent in day.agents if handed in day.offers(agent))
    other.put(frames.Accept(id=new_id(), chat=handed))
    # For a moment neither side has it: one was told that it went, the other not yet that it came.
    await day.until(
        "the chat moved", lambda: [agent for agent in day.agents if handed in day.of(agent)] == [other]
    )
    for name in ENDS:
        day.says(name, "it is in Utrecht")
    await day.until(
        "all is answered, and everybody knows",
        lambda: (
            day.is_healed()
            and all(
                day.seen(person, name) == [how] for name, how in ENDS.items() for person in sides(day, name)
            )
            and not any(listed(agent) for agent in day.agents)
        ),
    )


async def is_on_record(day: PromisedDay, due: dict[str, int]) -> None:
    """Each promise ended once, each that was broken was made good, with the time that took."""
    log, _ = await day.log()
    for name, how in ENDS.items():
        events = log[day.chats[name]]
        assert [_how(event) for event in events if event.kind == "promise_ended"] == [how]
        answer = [event for event in events if event.kind == "message"][-1]
        good = [decode_data(event, kinds.MadeGood).late_ms for event in events if event.kind == "made_good"]
        assert len(good) == (name in DUE)
        for late in good:
            assert abs(late - (answer.at - due[name])) < NOTICED_MS
            assert late > AWAY_MS - 130_000
    handed = log[day.chats["handed"]]
    made, kept = (next(e for e in handed if e.kind == kind).actor for kind in ("promised", "made_good"))
    assert made != kept
    store = await day.store()
    try:
        findings = await judge(store, day.customers, day.agents)
    finally:
        await store.close()
    assert findings.violations == []
    assert "Traceback" not in day.house.log.read_text()


def _how(event: frames.Event | Event) -> str:
    """How a promise ended, by what was sent or stored."""
    if isinstance(event, Event):
        return decode_data(event, kinds.PromiseEnded).how
    found = data_of(event, kinds.PromiseEnded)
    return found.how if found else ""
