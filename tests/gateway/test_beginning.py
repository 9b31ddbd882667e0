"""What happens to a chat while something about it is being read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.desk.commands import CLOCK, Person, Retire
from server.platform import Reader, RealPlatform, Row
from supportterm.protocol import frames
from tests.support import SECONDS, new_id, new_token, running_node


class _Slow(RealPlatform):
    """What is read with these words waits until ``gate`` is open."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()

    async def reader(self, path: Path) -> Reader:
        return _SlowReader(await super().reader(path), self)


class _SlowReader:
    def __init__(self, inner: Reader, platform: _Slow) -> None:
        self.inner = inner
        self.platform = platform

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        if self.platform.words in sql:
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
    platform = _Slow("FROM mark")
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


async def test_a_page_asked_for_before_a_chat_was_lost_does_not_come_after(tmp_path: Path) -> None:
    """It would hold what was written since, and that is for somebody else."""
    platform, chat = _Slow("seq < ?"), new_id()
    async with running_node(tmp_path, platform=platform) as running:
        mia, tom = await running.add_agent("mia"), await running.add_agent("tom")
        doorway = running.node.doorways["main"]
        async with running.customer() as customer, running.agent(mia) as console:
            await customer.ask(frames.Open(new_id(), chat))
            await console.next(frames.Chat)
            await console.send(frames.More(chat, 1_000))
            await asyncio.wait_for(platform.asked.wait(), SECONDS)
            moved = asyncio.Event()
            doorway.submit(CLOCK, Retire("mia"), lambda _: moved.set())
            await asyncio.wait_for(moved.wait(), SECONDS)
            async with running.agent(tom) as other:
                assert isinstance(await other.ask(frames.Note(new_id(), chat, "not for Mia")), frames.Event)
            platform.gate.set()
            told = await console.silence()
            assert [frame.chat for frame in told if isinstance(frame, frames.Gone)] == [chat]
            assert not any(isinstance(frame, frames.Page) for frame in told)


async def test_who_takes_a_chat_and_goes_while_it_is_read_is_answered_for_both(tmp_path: Path) -> None:
    """The taking's event was to be the answer, and the chat is nobody's before that was sent."""
    chat, anna = new_id(), new_token()
    async with running_node(tmp_path) as running:
        mia = await running.add_agent("mia")
        async with running.customer(anna) as customer, running.agent(mia) as console:
            await console.ask(frames.SetStatus(new_id(), "finishing"))
            await customer.ask(frames.Open(new_id(), chat))
    platform = _Slow("nothing at first")
    async with running_node(tmp_path, platform=platform) as running, running.agent(mia) as console:
        platform.words = "seq > ?"
        take, go = frames.Take(new_id(), chat), frames.SetStatus(new_id(), "offline")
        await console.send(take)
        await asyncio.wait_for(platform.asked.wait(), SECONDS)
        assert isinstance(await console.ask(go), frames.Ok)
        assert isinstance(await console.answer(take.id), frames.Ok)
        await console.next(frames.Gone)
        platform.gate.set()
