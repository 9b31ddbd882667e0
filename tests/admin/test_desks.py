"""Desks that come with a reload, and desks that are no longer there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from server.administration import Failed
from server.node import Node
from server.platform import RealPlatform
from server.settings import Desk, Shop, load
from supportterm.protocol import frames
from supportterm.protocol.codes import Close
from tests.support import SECONDS, Running, new_id, new_token, running_node

SETTINGS = """
[server]
port = 0
data_dir = "data"
[desk.main]
[shop.demo]
desk = "main"
origins = ["https://shop.example"]
"""


async def test_reloads_at_the_same_moment_open_a_new_desk_once(tmp_path: Path) -> None:
    file = tmp_path / "supportterm.toml"
    file.write_text(SETTINGS)
    node = Node(load(file), RealPlatform())
    await node.start()
    file.write_text(SETTINGS + "[desk.second]\n")
    await asyncio.gather(*(node.administration.call("reload", {}) for _ in range(3)))
    writers = [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("writer")]
    assert sorted(writers) == ["writer of main", "writer of second"]
    await node.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_open_chat_stays_reachable_when_its_shop_moves_to_another_desk(tmp_path: Path) -> None:
    file = tmp_path / "supportterm.toml"
    file.write_text(SETTINGS.replace("https://shop.example", "*") + "[desk.second]\n")
    node = Node(load(file), RealPlatform())
    await node.start()
    running, token, chat = Running(node, node.settings), new_token(), new_id()
    async with running.customer(token) as anna:
        await anna.ask(frames.Open(new_id(), chat))
    file.write_text(file.read_text().replace('desk = "main"', 'desk = "second"'))
    await node.reload()
    async with running.customer(token) as anna, running.customer() as ben:
        assert (await anna.next(frames.Welcome)).chats == [chat]
        assert isinstance(await anna.ask(frames.Say(new_id(), chat, "still here")), frames.Event)
        await ben.ask(frames.Open(new_id(), other := new_id()))
        assert node.doorways["second"].feeds.get(other) is not None
    await node.stop()


async def test_erasing_who_wrote_to_a_desk_that_is_gone_comes_to_its_end(tmp_path: Path) -> None:
    token, chat = new_token(), new_id()
    desks = {"main": Desk(), "former": Desk()}
    shops = {"demo": Shop(desk="former", origins=["*"])}
    async with running_node(tmp_path, desks=desks, shops=shops) as running, running.customer(token) as anna:
        await anna.ask(frames.Open(new_id(), chat))
        await anna.ask(frames.Say(new_id(), chat, "kolibrie"))
    async with running_node(tmp_path) as running, asyncio.timeout(SECONDS):
        done = await running.node.administration.call("erase", {"person": chat})
        assert done["chats"] == [chat]
        held = await running.node.administration.call("export", {"person": chat})
        assert "kolibrie" not in str(held)


async def test_an_agent_who_moves_to_another_desk_leaves_their_chats_and_answers_there(
    tmp_path: Path,
) -> None:
    desks = {"main": Desk(), "second": Desk()}
    shops = {
        "demo": Shop(desk="main", origins=["*"]),
        "other": Shop(desk="second", origins=["*"]),
    }
    async with running_node(tmp_path, desks=desks, shops=shops) as running:
        mia, ben = await running.add_agent("mia"), await running.add_agent("ben")
        call = running.node.administration.call
        async with running.customer() as anna, running.agent(mia) as console:
            await anna.ask(frames.Open(new_id(), chat := new_id()))
            await anna.ask(frames.Say(new_id(), chat, "hello"))
            await anna.next(frames.Event, lambda event: event.kind == "joined" and event.by.name == "Mia")
            assert await call("agent_set", {"agent": "mia", "desk": "second"}) == {
                "agent": "mia",
                "changed": ["desk"],
            }
            assert await console.closed() == Close.RESTART
            async with running.agent(ben):
                await anna.next(frames.Event, lambda event: event.kind == "joined" and event.by.name == "Ben")
        async with running.customer(shop="other") as eva, running.agent(mia) as console:
            assert (await console.next(frames.Welcome)).me.desk == "second"
            await eva.ask(frames.Open(new_id(), other := new_id()))
            await eva.ask(frames.Say(new_id(), other, "hello"))
            await eva.next(frames.Event, lambda event: event.kind == "joined" and event.by.name == "Mia")
        with pytest.raises(Failed, match="There is no desk `third`"):
            await call("agent_set", {"agent": "mia", "desk": "third"})
        with pytest.raises(Failed, match="nothing was changed"):
            await call("agent_set", {"agent": "mia", "desk": "second"})


async def test_a_desk_that_is_gone_is_told_as_long_as_somebody_is_there(tmp_path: Path) -> None:
    file = tmp_path / "supportterm.toml"
    file.write_text(SETTINGS.replace("https://shop.example", "*"))
    node = Node(load(file), RealPlatform())
    await node.start()
    call = node.administration.call
    running = Running(node, node.settings)
    await running.add_agent("mia")
    async with running.customer() as anna:
        await anna.ask(frames.Open(new_id(), new_id()))
    assert await call("reload", {}) == []
    assert (await call("status", {}))["notes"] == []
    file.write_text(file.read_text().replace("main", "other"))
    (told,) = await call("reload", {})
    assert told.startswith("[desk.main] is in no settings any more, but has 1 agent and 1 open chat:")
    assert (await call("status", {}))["notes"] == [told]
    await call("agent_set", {"agent": "mia", "desk": "other"})
    (told,) = await call("reload", {})
    assert "but has 1 open chat:" in told
    await node.stop()


async def test_what_was_changed_back_needs_no_restart(tmp_path: Path) -> None:
    file = tmp_path / "supportterm.toml"
    file.write_text(SETTINGS)
    node = Node(load(file), RealPlatform())
    await node.start()
    for port, told in ((1234, ["[server] `port` changed: it applies after a restart."]), (0, [])):
        file.write_text(SETTINGS.replace("port = 0", f"port = {port}"))
        assert await node.administration.call("reload", {}) == told
    await node.stop()


async def test_a_theme_that_is_not_there_is_told_by_reload(tmp_path: Path) -> None:
    file = tmp_path / "supportterm.toml"
    file.write_text(SETTINGS)
    node = Node(load(file), RealPlatform())
    await node.start()
    file.write_text(SETTINGS + 'theme = "duks"\n')
    assert await node.administration.call("reload", {}) == [
        "[shop.demo] `theme`: there is no theme `duks`; did you mean `dusk`?"
    ]
    await node.stop()
