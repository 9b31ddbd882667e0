"""A language model's drafts through a whole server: what it is asked, what it may answer, who may ask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.drafts import MOST
from server.settings import Desk, Shop
from server.settings.drafter import Drafter
from supportterm.protocol import frames, views
from supportterm.protocol.drafts import Place
from tests.endpoint import (
    NOTHING,
    Answer,
    chunked,
    completion,
    dripping,
    failing,
    finding,
    model,
    ok,
    saying,
    silent,
)
from tests.support import Running, Wire, new_id, running_node

STORY = "My code SPRING20 does not work, mail me at jan@example.org or 0612345678"
WISH = "I want the discount on 48213"
SHOPS = {key: Shop(desk="main", name=key, origins=["*"]) for key in ("demo", "books")}


class Room:
    """An agent and a customer whose chat is about a discount."""

    def __init__(self, running: Running, agent: Wire, anna: Wire) -> None:
        self.running, self.agent, self.anna = running, agent, anna
        self.chat = new_id()
        self.seqs: dict[str, int] = {}

    async def fill(self) -> None:
        await self.anna.ask(frames.Open(new_id(), self.chat, "en"))
        await self.agent.next(frames.Chat)
        for wire, text in ((self.anna, STORY), (self.agent, "What does it say?"), (self.anna, WISH)):
            await wire.ask(frames.Say(new_id(), self.chat, text))
        while WISH not in self.seqs:
            event = await self.agent.next(frames.Event)
            self.seqs[event.text] = event.seq

    async def ask(self, wire: Wire | None = None) -> frames.DraftOf:
        await (wire or self.agent).send(frames.Draft(self.chat))
        return await (wire or self.agent).next(frames.DraftOf)


@asynccontextmanager
async def house(directory: Path, answer: Answer, shop: str = "demo", **keys: Any) -> AsyncIterator[Room]:
    """A server whose model answers like this, for chats of "demo" alone."""
    async with model(answer) as url:
        drafter = Drafter(url=url, model="small", shops=["demo"], **keys)
        desks = {"main": Desk(ramp_seconds=0)}
        async with running_node(directory, desks=desks, shops=SHOPS, drafter=drafter) as running:
            token = await running.add_agent("mia")
            async with running.agent(token) as mia, running.customer(shop=shop) as anna:
                room = Room(running, mia, anna)
                await room.fill()
                yield room


def reading(heard: list[bytes]) -> Answer:
    """A model that finds the code and the wish."""
    return finding(heard, about="SPRING20", wants="I want the discount")


async def test_a_draft_is_places_in_the_chat_and_the_model_reads_nothing_private(tmp_path: Path) -> None:
    heard: list[bytes] = []
    async with house(tmp_path, reading(heard), key="sesame", timeout_ms=3_000) as room:
        found = await room.ask()
        assert found == frames.DraftOf(
            room.chat,
            upto=room.seqs[WISH],
            about=(Place(room.seqs[STORY], 8, 16),),
            wants=(Place(room.seqs[WISH], 0, 19),),
        )
    (request,) = heard
    assert b"Authorization: Bearer sesame" in request
    assert b'"model": "small"' in request
    assert b"SPRING20" in request
    for private in (b"jan@example.org", b"0612345678", b"Mia", b"mia", room.chat.encode()):
        assert private not in request


async def test_only_what_was_plainly_said_is_read(tmp_path: Path) -> None:
    heard: list[bytes] = []
    async with house(tmp_path, reading(heard)) as room:
        summary = frames.Say(new_id(), room.chat, "You want ten percent off. Is that right?", summary=True)
        await room.agent.ask(summary)
        shown = await room.anna.next(frames.Event, lambda event: event.text == summary.text)
        yes = frames.Say(new_id(), room.chat, "Yes, that's right", re=shown.seq, answer="yes")
        await room.anna.ask(yes)
        await room.agent.ask(frames.Note(new_id(), room.chat, "a hidden remark"))
        assert (await room.ask()).why == ""
    for kept in (b"ten percent", b"that's right", b"remark"):
        assert kept not in heard[0]


INVENTED = {**NOTHING, "wants": [{"line": 0, "quote": "I want a new phone"}]}
MISBEHAVING: dict[str, tuple[Answer, str]] = {
    "says nothing": (silent, "slow"),
    "drips bytes": (dripping, "slow"),
    "fails": (failing("500 Internal Server Error"), "down"),
    "has had enough": (failing("429 Too Many Requests"), "down"),
    "sends elsewhere": (saying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), "down"),
    "invents": (saying(ok(completion(INVENTED))), "bad"),
    "talks": (saying(ok(completion("I cannot help with that."))), "bad"),
    "breaks off": (saying(ok(completion(NOTHING))[:-9]), "bad"),
    "is no JSON": (saying(ok(b"<html>hello</html>")), "bad"),
    "never ends": (saying(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_000_000), "bad"),
    "sends huge chunks": (saying(chunked(b" " * 200_000, size=60_000)), "bad"),
    "hangs up": (saying(b""), "bad"),
}


@pytest.mark.parametrize(("answer", "why"), MISBEHAVING.values(), ids=MISBEHAVING.keys())
async def test_a_model_that_misbehaves_gives_a_short_reason_and_harms_nobody(
    tmp_path: Path, answer: Answer, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    # Slow is what takes longer than it may; the others are given all the time there is.
    limit = 100 if why == "slow" else 3_000
    async with house(tmp_path, answer, key="sesame", timeout_ms=limit) as room:
        await room.agent.send(frames.Draft(room.chat))
        # Messages do not wait for it.
        assert isinstance(await room.anna.ask(frames.Say(new_id(), room.chat, "hello?")), frames.Event)
        found = await room.agent.next(frames.DraftOf)
        assert found == frames.DraftOf(room.chat, room.seqs[WISH], why)  # type: ignore[arg-type]
    assert "gave no draft" in caplog.text
    for secret in ("sesame", "SPRING20", "discount", "jan@example.org", "a new phone"):
        assert secret not in caplog.text


async def test_nobody_listens_there(tmp_path: Path) -> None:
    async with model(silent) as url:
        pass
    drafter = Drafter(url=url)
    async with running_node(tmp_path, drafter=drafter) as running:
        token = await running.add_agent("mia")
        async with running.agent(token) as mia, running.customer() as anna:
            room = Room(running, mia, anna)
            await room.fill()
            assert (await room.ask()).why == "down"


async def test_a_shop_without_it_is_never_read(tmp_path: Path) -> None:
    heard: list[bytes] = []
    async with house(tmp_path, reading(heard), shop="books") as room:
        assert await room.ask() == frames.DraftOf(room.chat, why="off")
        frame = await room.agent.next(frames.View, lambda view: view.name == "shops")
        shops = msgspec.json.decode(frame.value, type=views.Shops).shops
        assert {shop.shop: shop.drafts for shop in shops} == {"demo": True, "books": False}
    assert heard == []


async def test_a_chat_in_which_nothing_was_said_is_not_sent(tmp_path: Path) -> None:
    heard: list[bytes] = []
    async with house(tmp_path, reading(heard)) as room, room.running.customer() as ben:
        empty = Room(room.running, room.agent, ben)
        await ben.ask(frames.Open(new_id(), empty.chat, "en"))
        await room.agent.next(frames.Chat)
        found = await empty.ask()
        assert (found.why, found.wants, heard) == ("", (), [])


async def test_only_who_may_read_the_chat_may_ask(tmp_path: Path) -> None:
    heard: list[bytes] = []
    async with house(tmp_path, reading(heard)) as room:
        running = room.running
        tom, ava = await running.add_agent("tom"), await running.add_agent("ava", title="supervisor")
        async with running.agent(tom) as other, running.agent(ava) as supervisor, running.customer() as ben:
            for wire, code in ((other, "no_chat"), (room.anna, "not_allowed"), (ben, "not_allowed")):
                await wire.send(frames.Draft(room.chat))
                assert (await wire.next(frames.Err)).code == code
            assert heard == []
            assert (await room.ask(supervisor)).why == ""
            await other.send(frames.Draft(new_id()))
            assert (await other.next(frames.Err)).code == "no_chat"
    assert len(heard) == 1


async def test_each_agent_may_ask_so_often(tmp_path: Path) -> None:
    heard: list[bytes] = []
    async with house(tmp_path, reading(heard), per_minute=1) as room:
        assert (await room.ask()).why == ""
        assert await room.ask() == frames.DraftOf(room.chat, why="busy")
        ava = await room.running.add_agent("ava", title="supervisor")
        async with room.running.agent(ava) as supervisor:
            assert (await room.ask(supervisor)).why == ""
    assert len(heard) == 2


async def test_all_together_hold_no_more_than_some_connections(tmp_path: Path) -> None:
    async with house(tmp_path, silent, timeout_ms=3_000) as room, AsyncExitStack() as stack:
        wires = []
        for number in range(MOST):
            token = await room.running.add_agent(f"ava{number}", title="supervisor")
            wires.append(await stack.enter_async_context(room.running.agent(token)))
        for wire in wires:
            await wire.send(frames.Draft(room.chat))
            await wire.silence()
        assert (await room.ask()).why == "busy"


async def test_who_asks_again_or_leaves_is_waited_for_no_longer(tmp_path: Path) -> None:
    begun: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def holding(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
        hung_up = asyncio.Event()
        begun.put_nowait(hung_up)
        await reader.read()
        hung_up.set()

    async with house(tmp_path, holding, timeout_ms=3_000) as room:
        await room.agent.send(frames.Draft(room.chat))
        first = await begun.get()
        await room.agent.send(frames.Draft(room.chat))
        second = await begun.get()
        await first.wait()
        await room.agent.socket.close()
        await second.wait()


async def test_a_reload_switches_it_on_and_off(tmp_path: Path) -> None:
    heard: list[bytes] = []
    file = tmp_path / "supportterm.toml"
    head = f'[server]\ndata_dir = "{tmp_path}"\n[desk.main]\n[shop.demo]\ndesk = "main"\norigins = ["*"]\n'
    async with model(reading(heard)) as url, running_node(tmp_path) as running:
        token = await running.add_agent("mia")
        async with running.agent(token) as mia, running.customer() as anna:
            room = Room(running, mia, anna)
            await room.fill()
            assert (await room.ask()).why == "off"
            file.write_text(f'{head}[drafter]\nurl = "{url}"\n')
            await running.node.reload()
            assert (await room.ask()).why == ""
            file.write_text(head)
            await running.node.reload()
            assert (await room.ask()).why == "off"
    assert len(heard) == 1
