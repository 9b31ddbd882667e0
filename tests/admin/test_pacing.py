"""A server measures how long replies take, and its agents' ceilings follow: from the log to the screens."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import msgspec
import pytest

from server.desk.events import decode_data, desk_stream
from server.desk.records import Paces
from server.platform import RealPlatform
from server.reports import service
from server.settings import Desk
from server.signin import token_hash
from server.store.files import DATABASE
from server.store.interface import Agent, Session
from server.store.sqlite import SqliteStore
from supportterm.protocol import frames, views
from tests.admin.running import Machine
from tests.reports.desk import NINE, Room
from tests.reports.test_replies import DAY, works
from tests.support import SECONDS, Running, Wire, new_token, running_node

TEAM = ("anna", "bo", "cy")
DESKS = ("main", "play")


class Later(RealPlatform):
    """The real machine, some days after the log began."""

    def __init__(self, days: int) -> None:
        self._ahead = NINE + days * DAY * 1_000 - super().wall()

    def wall(self) -> int:
        return super().wall() + self._ahead


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(service, "_EVERY_SECONDS", 0.02)


@pytest.fixture
async def token(tmp_path: Path) -> str:
    """Cy's, who supervises a desk on which Anna needs longer, until the sixth day."""
    store = await SqliteStore.open(tmp_path / DATABASE, RealPlatform())
    token = new_token()
    for desk in DESKS:
        room = Room(desk)
        for day in range(5):
            for agent in TEAM:
                works(room, day, agent, *[65 if agent == "anna" else 50] * 14)
        for agent in TEAM:
            works(room, 5, agent, *[50] * 60)
        await room.store(store)
    for agent in TEAM:
        title = "supervisor" if agent == "cy" else "agent"
        await store.save_agent(Agent(agent, agent.capitalize(), "main", title, 0))
    await store.save_session(Session(token_hash(token), "cy", "a test", created=NINE))
    await store.close()
    return token


async def loads(wire: Wire, **ceilings: int) -> dict[str, views.Load]:
    """The agents' loads, in a view in which their ceilings are these."""

    def shown(view: frames.View) -> dict[str, views.Load]:
        team = msgspec.json.decode(view.value, type=views.Team)
        return {one.agent: one.load for one in team.agents}

    def fits(view: frames.View) -> bool:
        if view.name != "team":
            return False
        found = shown(view)
        return all(found[agent].ceiling == ceiling for agent, ceiling in ceilings.items())

    return shown(await wire.next(frames.View, fits))


async def learnt(running: Running) -> None:
    """A desk was told."""
    async with asyncio.timeout(SECONDS):
        while not running.node._metrics.commands["LearnPaces"]:
            await asyncio.sleep(0)


async def stored(directory: Path) -> list[dict[str, int]]:
    """What the log says about paces."""
    store = await SqliteStore.open(directory / DATABASE, RealPlatform())
    events = [event for desk in DESKS for event in await store.stream(desk_stream(desk))]
    await store.close()
    return [decode_data(event, Paces).slower for event in events if event.kind == "paces"]


async def test_from_the_log_of_some_days_to_the_ceiling(tmp_path: Path, token: str) -> None:
    async with running_node(tmp_path, platform=Later(5)) as running, running.agent(token) as cy:
        team = await loads(cy, anna=210, bo=260)
        assert (team["anna"].slower, team["bo"].slower) == (13, 0)
        listed = await running.node.administration.call("agent_list", {})
        assert {row["agent"]: row["by_pace"] for row in listed} == {"anna": 210, "bo": 0, "cy": 0}
        (tmp_path / "supportterm.toml").write_text(
            '[server]\ndata_dir = "."\n[desk.main]\n[shop.demo]\ndesk = "main"\n'
        )
        printed = await asyncio.to_thread(Machine(tmp_path).good, "agent", "list")
        assert re.search(r"^anna .* 2\.1 by pace ", printed, re.MULTILINE)
        assert printed.count("by pace") == 1
        # A supervisor may set it otherwise, for today.
        await cy.ask(frames.SetAgent("an-id-of-sixteen-or-so", "anna", ceiling=240))
        assert (await loads(cy, anna=240))["anna"].slower == 0
    assert await stored(tmp_path) == [{"anna": 13}]


async def test_after_a_restart_it_is_known_at_once_and_not_stored_twice(tmp_path: Path, token: str) -> None:
    async with running_node(tmp_path, platform=Later(5)) as running, running.agent(token) as cy:
        await loads(cy, anna=210)
    async with running_node(tmp_path, platform=Later(5)) as running:
        assert running.node.doorways["main"].desk.agents["anna"].slower == 13
        await learnt(running)
    assert await stored(tmp_path) == [{"anna": 13}]
    # The day on which Anna was as quick as the others is over.
    async with running_node(tmp_path, platform=Later(6)) as running, running.agent(token) as cy:
        await loads(cy, anna=260)
    assert await stored(tmp_path) == [{"anna": 13}, {}]


async def test_a_desk_that_wants_one_ceiling_for_all_measures_nobody(tmp_path: Path, token: str) -> None:
    desks = {"main": Desk(ceiling_by_pace=False), "play": Desk(practice=True), "last": Desk()}
    async with running_node(tmp_path, platform=Later(5), desks=desks) as running:
        # Desks are looked at in this order.
        await learnt(running)
        assert running.node._metrics.commands["LearnPaces"] == 1
    assert await stored(tmp_path) == []
