"""The server is killed with callbacks promised: they are there again, and come up for who promised them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from server.desk.events import decode_data
from server.platform import RealPlatform
from supportterm.protocol import frames, kinds
from supportterm.protocol.views import LeftRow
from tests.crash.busy_day import BusyDay
from tests.crash.judge import judge
from tests.support import new_id, new_token

#: How long the server is away, by its own clock.
AWAY_MS: Final = 600_000
#: When each callback is due: one comes up while the server is away, one falls due, one is far off.
AHEAD: Final = {"soon": 1_000_000, "missed": 300_000, "far": 7_200_000}

pytestmark = [pytest.mark.crash, pytest.mark.timeout(240)]


class CalledBackDay(BusyDay):
    """One agent, and a customer for each callback; ``chats``: theirs, by its name."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, grace=3_600)
        self.chats: dict[str, str] = {}

    async def begins(self) -> None:
        tokens = await self.house.add_agents(1)
        await self.house.start()
        self.agents = [self._person("agent", 0, tokens[0])]
        await self.until("the console is there", lambda: self.agents[0].journal.mine is not None)
        for number, name in enumerate(AHEAD):
            customer = self._person("customer", number, new_token())
            self.customers.append(customer)
            self.chats[name] = customer.opens()
        await self.until("all have an agent", lambda: len(self.of(self.agents[0])) == len(AHEAD))

    def rows(self) -> dict[str, LeftRow]:
        """The list as the console shows it."""
        view = self.agents[0].journal.left
        return {row.chat: row for row in view.rows} if view else {}

    def is_healed(self) -> bool:
        """Everybody is connected, and nothing is unanswered."""
        healed = [person.is_healed() for person in (*self.agents, *self.customers)]  # each also asks for more
        return all(healed)


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[CalledBackDay]:
    day = CalledBackDay(tmp_path)
    try:
        await day.begins()
        yield day
    finally:
        await day.ends()


async def test_what_was_promised_before_the_kill_is_there_after_it(day: CalledBackDay) -> None:
    (agent,), now = day.agents, RealPlatform().wall()
    for name, ahead in AHEAD.items():
        due, chat = now + ahead, day.chats[name]
        agent.put(frames.CallBack(new_id(), chat, due, "phone", "+31 20 123 45 67", "Anna"))
    await day.until("all are on the list", lambda: len(day.rows()) == 3 and day.is_healed())
    before = day.rows()
    assert {row.owner for row in before.values()} == {"agent0"}
    await day.house.kill()
    day.house.ahead = AWAY_MS
    # It dies once more as soon as it listens.
    await day.house.start()
    await day.house.kill()
    await day.house.start()

    both = sorted(day.chats[name] for name in ("soon", "missed"))
    await day.until("what came up is its agent's", lambda: day.is_healed() and day.of(agent) == both)
    await day.until("the list says so", lambda: day.rows().get(day.chats["soon"]) is not None)
    for name in ("soon", "far"):
        assert day.rows()[day.chats[name]] == before[day.chats[name]]

    for chat in both:
        agent.put(frames.Phoned(new_id(), chat, True))
    await day.until(
        "both are answered",
        lambda: day.is_healed() and all(day.rows()[chat].answered_at for chat in both),
    )
    for person in (*day.agents, *day.customers):
        await person.leaves()
    assert await day.house.stop() == 0
    await is_on_record(day)


async def is_on_record(day: CalledBackDay) -> None:
    """Each promise was made once and ended as it should; the far one runs."""
    log, _ = await day.log()
    ends = {
        name: [decode_data(e, kinds.PromiseEnded).how for e in log[chat] if e.kind == "promise_ended"]
        for name, chat in day.chats.items()
    }
    assert ends == {"soon": ["kept"], "missed": ["broken"], "far": []}
    for name, chat in day.chats.items():
        told = [event.kind for event in log[chat]]
        assert (told.count("promised"), told.count("callback")) == (1, 1)
        assert told.count("made_good") == (name == "missed")
    store = await day.store()
    try:
        findings = await judge(store, day.customers, day.agents)
    finally:
        await store.close()
    assert findings.violations == []
    assert "Traceback" not in day.house.log.read_text()
