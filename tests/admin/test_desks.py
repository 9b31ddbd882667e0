"""Desks that come with a reload, and desks that are no longer there."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.node import Node
from server.platform import RealPlatform
from server.settings import Desk, Shop, load
from supportterm.protocol import frames
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
