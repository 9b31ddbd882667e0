"""What helps agents write reaches their consoles: canned replies, the hours they work, whether they learn."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from server.settings import Shop
from server.settings.replies import Reply
from supportterm.coach.hours import Hours
from supportterm.protocol import views
from tests.support import running_node

from .test_team import view

REPLY = Reply(id="label", kind="solution", label={"en": "Return label"}, text={"en": "Here it is: {?link}"})
SHOP = Shop(desk="main", name="Demo", origins=["*"], time_zone="Europe/Paris", reply=[REPLY])


async def test_agents_are_told_the_replies_and_when_they_work(tmp_path: Path) -> None:
    async with running_node(tmp_path, shops={"demo": SHOP}) as running:
        token = await running.add_agent("mia")
        async with running.agent(token) as mia:
            told = await view(mia, views.Replies)
            expected = views.Reply("label", "solution", {"en": "Return label"}, {"en": "Here it is: {?link}"})
            assert told.shops == [views.ShopReplies("demo", [expected])]
            stored = await running.node.store.agent("mia")
            assert stored is not None
            await running.node.store.save_agent(replace(stored, shifts=("mon 9:00-17:00",)))
            await running.node.people_changed("main")
            mine = await view(mia, views.Mine, lambda one: one.shift is not None)
            assert mine.shift == Hours("Europe/Paris", (((9 * 60, 17 * 60),), *[()] * 6))


async def test_who_becomes_a_trainee_is_told_so_at_once(tmp_path: Path) -> None:
    async with running_node(tmp_path, shops={"demo": SHOP}) as running:
        token = await running.add_agent("mia")
        async with running.agent(token) as mia:
            assert not (await view(mia, views.Mine)).trainee
            await running.node.administration.call("agent_set", {"agent": "mia", "trainee": True})
            await view(mia, views.Mine, lambda one: one.trainee)
            await running.node.administration.call("agent_set", {"agent": "mia", "trainee": False})
            await view(mia, views.Mine, lambda one: not one.trainee)
