"""The server is killed on a busy day, stays away for two and a half minutes, and everything is as it was.

In ``make test`` all of it is ten times as fast: two seconds of grace instead of 20, 15 seconds away
instead of 150, and consoles that come back two and a half seconds after the server instead of 25, which
is after the grace time in both. ``make soak`` takes the full length (``CRASH_LENGTH=1``).
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from supportterm.protocol import frames
from tests.crash.busy_day import BusyDay
from tests.crash.judge import Findings, judge
from tests.support import new_id

LENGTH = float(os.environ.get("CRASH_LENGTH", "0.1"))

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120 + 300 * LENGTH)]


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[BusyDay]:
    day = BusyDay(tmp_path, grace=round(20 * LENGTH))
    try:
        await day.begins()
        yield day
    finally:
        await day.ends()


async def test_after_a_long_absence_everything_is_as_it_was(day: BusyDay) -> None:
    chat = day.hands_on()
    first, second = day.agents[0], day.agents[1]
    await day.until("the second agent is asked", lambda: day.offers(second) == [chat])
    await day.until(
        "every console shows the whole queue", lambda: [len(one) for one in day.queues()] == [7] * 8
    )
    owners, [queue, *others] = day.owners(), day.queues()
    assert len(queue) == 7
    assert others == [queue] * 7
    assert sum(len(chats) for chats in owners.values()) == 24

    await day.bursts()
    await day.house.kill()
    # The consoles' machines had enough of waiting, too: each starts anew, later.
    for agent in day.agents:
        await agent.crashes_now()
    await asyncio.sleep(150 * LENGTH)
    await day.house.start()
    await asyncio.sleep(25 * LENGTH)
    for agent in day.agents:
        agent.comes_back()

    await day.until("everybody is back", lambda: all(p.is_healed() for p in (*day.agents, *day.customers)))
    await day.until("the views are there", lambda: day.owners() == owners and len(day.queues()) == 8)
    assert day.queues() == [queue] * 8
    assert day.offers(second) == [chat]
    assert all(day.offers(agent) == [] for agent in day.agents if agent is not second)

    # The offer is as good as it was, and whoever waited longest comes first.
    second.put(frames.Accept(id=new_id(), chat=chat))
    await day.until("the chat moved", lambda: chat in day.of(second) and chat not in day.of(first))
    await drains(day, [name for name, _ in queue])
    await is_told_once(day, chat, [name for name, _ in queue])


async def drains(day: BusyDay, waiting: list[str]) -> None:
    """Agents close what they have until nobody waits, and then the rest."""

    def nobody_waits() -> bool:
        return all(agent.journal.queue is not None and not agent.journal.queue.size for agent in day.agents)

    for agent in day.agents:
        for chat in day.of(agent):
            agent.put(frames.CloseChat(id=new_id(), chat=chat))
    await day.until("nobody waits any more", nobody_waits)
    await day.until("all have somebody", lambda: set(waiting) <= {c for a in day.agents for c in day.of(a)})

    def nobody_closes_twice() -> bool:
        theirs = {chat for customer in day.customers for chat in customer.chats()}
        return theirs == {chat for agent in day.agents for chat in day.of(agent)}

    await day.until("customers know what was closed", nobody_closes_twice)
    for customer in day.customers:
        customer.closes()
    everybody = (*day.agents, *day.customers)
    await day.until(
        "every chat is closed",
        lambda: all(p.is_healed() for p in everybody) and not any(p.chats() for p in everybody),
    )


async def is_told_once(day: BusyDay, handed: str, waiting: list[str]) -> None:
    """The log against everybody's screens: each chat was given away once, and nobody was moved."""
    for person in (*day.agents, *day.customers):
        await person.leaves()
    assert await day.house.stop() == 0
    log, own = await day.log()
    for chat, events in log.items():
        kinds = Counter(event.kind for event in events)
        assert kinds["joined"] == (2 if chat == handed else 1), chat
        assert not {"unassigned", "requeued", "reopened", "offer_ended"} & kinds.keys(), kinds
    assert [event.kind for event in own if event.kind == "absent"] == []
    joined = [next(e.at for e in log[chat] if e.kind == "joined") for chat in waiting]
    assert joined == sorted(joined)
    findings = await judged(day)
    assert findings.violations == []
    assert 0 < findings.put == findings.stored
    assert "Traceback" not in day.house.log.read_text()


async def judged(day: BusyDay) -> Findings:
    """What was written and shown, by the same judge as after any other crash."""
    store = await day.store()
    try:
        return await judge(store, day.customers, day.agents)
    finally:
        await store.close()
