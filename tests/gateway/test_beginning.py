"""What happens around a console while its chats begin."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.desk.commands import Person
from server.platform import Reader, RealPlatform, Row
from supportterm.protocol import frames
from tests.support import SECONDS, new_id, new_token, running_node


class _SlowMarks(RealPlatform):
    """Marks are read only when ``gate`` is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()

    async def reader(self, path: Path) -> Reader:
        return _SlowReader(await super().reader(path), self)


class _SlowReader:
    def __init__(self, inner: Reader, platform: _SlowMarks) -> None:
        self.inner = inner
        self.platform = platform

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        if "FROM mark" in sql:
            self.platform.asked.set()
            await self.platform.gate.wait()
        return await self.inner.rows(sql, parameters)

    async def close(self) -> None:
        await self.inner.close()


async def test_a_chat_lost_between_welcome_and_its_beginning_is_gone(tmp_path: Path) -> None:
    """A console waits for the beginning of what `welcome` named, and would hold back what was written."""
    chat, anna = new_id(), new_token()
    async with running_node(tmp_path) as running:
        mia = await running.add_agent("mia")
        async with running.customer(anna) as customer, running.agent(mia) as console:
            await customer.ask(frames.Open(new_id(), chat))
            await console.next(frames.Chat)
            await customer.ask(frames.CloseChat(new_id(), chat))
            await console.ask(frames.SetStatus(new_id(), "away"))
    platform = _SlowMarks()
    async with running_node(tmp_path, platform=platform) as running:
        tom = await running.add_agent("tom")
        feed = running.node.doorways["main"].feeds.get(chat)
        assert feed is not None
        async with running.agent(tom), running.agent(mia) as console:
            welcome = await console.next(frames.Welcome)
            assert welcome.chats == [chat]
            await asyncio.wait_for(platform.asked.wait(), SECONDS)
            moved = asyncio.Event()
            customer_of_it = Person("customer", feed.chat.customer, shop="demo")
            running.node.doorways["main"].submit(
                customer_of_it, frames.Reopen(new_id(), chat), lambda _: moved.set()
            )
            await asyncio.wait_for(moved.wait(), SECONDS)
            assert feed.chat.owner == "tom"
            platform.gate.set()
            assert (await console.next(frames.Gone)).chat == chat
