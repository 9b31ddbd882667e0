"""Every command × every role × own and foreign chats, over real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from server.settings import Desk, Shop
from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from tests.support import Running, Wire, new_id, new_token, running_node

#: The customer and the agent of the chat, and everybody who has nothing to do with it.
ANNA, MIA, READING = "anna", "mia", "mia at another console"
OUTSIDERS = (
    "another customer",
    "a customer of another shop",
    "a customer of another desk",
    "the same token at another shop",
    "another agent",
    "an agent of another desk",
)
EVENT = "event"


class World:
    """One chat of Anna's, owned by Mia, and everybody connected."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.wires: dict[str, Wire] = {}
        self.chat = new_id()
        self.token = new_token()

    async def fill(self, stack: AsyncExitStack) -> None:
        running, enter = self.running, stack.enter_async_context
        mia = await running.add_agent("mia")
        self.wires[MIA] = await enter(running.agent(mia))
        self.wires[ANNA] = await enter(running.customer(self.token))
        await self.wires[ANNA].ask(frames.Open(new_id(), self.chat, page="https://demo.example/cart"))
        await self.wires[MIA].next(frames.Chat)
        await self.wires[MIA].ask(frames.Note(new_id(), self.chat, "a note"))
        await self.wires[MIA].ask(frames.Say(new_id(), self.chat, "Hello"))
        # The second console takes over and gives it back, so that it is the one that only reads.
        self.wires[READING] = await enter(running.agent(mia, instance="two"))
        for name, shop, token in (
            ("another customer", "demo", ""),
            ("a customer of another shop", "books", ""),
            ("a customer of another desk", "cars", ""),
            ("the same token at another shop", "books", self.token),
        ):
            self.wires[name] = await enter(running.customer(token, shop))
        for name, agent, desk in (
            ("another agent", "tom", "main"),
            ("an agent of another desk", "zoe", "other"),
        ):
            self.wires[name] = await enter(running.agent(await running.add_agent(agent, desk=desk)))
        for wire in self.wires.values():
            await quiet(wire)

    async def answer(self, who: str, command: Any) -> str:
        """ "event", "ok" or the code of the refusal."""
        answer = await self.wires[who].ask(command)
        if isinstance(answer, frames.Err):
            assert answer.chat in {getattr(command, "chat", ""), self.chat}
            return answer.code
        return "ok" if isinstance(answer, frames.Ok) else EVENT


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    desks = {"main": Desk(), "other": Desk()}
    shops = {key: Shop(desk="main", origins=["*"]) for key in ("demo", "books")}
    shops["cars"] = Shop(desk="other", origins=["*"])
    async with running_node(tmp_path, desks=desks, shops=shops) as running, AsyncExitStack() as stack:
        world = World(running)
        await world.fill(stack)
        yield world


COMMANDS: dict[str, Callable[[str], Any]] = {
    "say": lambda chat: frames.Say(new_id(), chat, "Hi"),
    "note": lambda chat: frames.Note(new_id(), chat, "Hi"),
    "reopen": lambda chat: frames.Reopen(new_id(), chat),
    "open": lambda chat: frames.Open(new_id(), chat),
    "close": lambda chat: frames.CloseChat(new_id(), chat),
    "status": lambda chat: frames.SetStatus(new_id(), "away"),
}

#: command -> who -> answer, while the chat is open; "close" comes last because it ends that.
OPEN = {
    "say": {ANNA: EVENT, MIA: EVENT, READING: "read_only"},
    "note": {ANNA: "not_allowed", MIA: EVENT, READING: "read_only"},
    "reopen": {ANNA: "already", MIA: "already", READING: "read_only"},
    "open": {ANNA: "id_conflict", MIA: "not_allowed", READING: "read_only"},
}
CLOSED = {
    "note": {ANNA: "not_allowed", MIA: EVENT, READING: "read_only"},
    "close": {ANNA: "already", MIA: "already", READING: "read_only"},
    "open": {ANNA: "id_conflict", MIA: "not_allowed", READING: "read_only"},
}
WRITE_CLOSED = {ANNA: EVENT, MIA: "chat_closed", READING: "read_only"}


def foreign(command: str, who: str) -> str:
    """What an outsider is told: the same as about a chat that does not exist."""
    if command == "open":
        return "not_allowed" if "agent" in who else "id_conflict"
    return "no_chat"


async def quiet(wire: Wire) -> list[frames.ServerFrame]:
    """What came, without views: they tell how the desk stands, whenever it looks different."""
    return [frame for frame in await wire.silence() if not isinstance(frame, frames.View)]


async def test_an_open_chat(world: World) -> None:
    for command, answers in OPEN.items():
        for who, expected in answers.items():
            assert (who, command, await world.answer(who, COMMANDS[command](world.chat))) == (
                who,
                command,
                expected,
            )
        for who in OUTSIDERS:
            answer = await world.answer(who, COMMANDS[command](world.chat))
            assert (who, command, answer) == (who, command, foreign(command, who))
    for who in OUTSIDERS:
        assert await world.answer(who, COMMANDS["close"](world.chat)) == "no_chat"
    assert await world.answer(READING, COMMANDS["close"](world.chat)) == "read_only"
    assert await world.answer(ANNA, COMMANDS["close"](world.chat)) == EVENT


async def test_a_closed_chat(world: World) -> None:
    assert await world.answer(MIA, COMMANDS["close"](world.chat)) == EVENT
    for command, answers in CLOSED.items():
        for who, expected in answers.items():
            answer = await world.answer(who, COMMANDS[command](world.chat))
            assert (who, command, answer) == (who, command, expected)
        for who in OUTSIDERS:
            answer = await world.answer(who, COMMANDS[command](world.chat))
            assert (who, command, answer) == (who, command, foreign(command, who))
    for who in (*OUTSIDERS, READING, MIA, ANNA):
        expected = WRITE_CLOSED.get(who, "no_chat")
        assert await world.answer(who, COMMANDS["say"](world.chat)) == expected
    # Anna's message opened it again.
    assert await world.answer(MIA, COMMANDS["close"](world.chat)) == EVENT
    for who in OUTSIDERS:
        assert await world.answer(who, COMMANDS["reopen"](world.chat)) == "no_chat"
    assert await world.answer(MIA, COMMANDS["reopen"](world.chat)) == EVENT


async def test_status_is_for_agents(world: World) -> None:
    for who in world.wires:
        expected = "ok" if "agent" in who or who == MIA else "not_allowed"
        if who == READING:
            expected = "read_only"
        assert (who, await world.answer(who, COMMANDS["status"](""))) == (who, expected)


async def test_not_yours_and_unknown_are_one_answer(world: World) -> None:
    """Frame by frame the same, but for the ids that were asked with."""
    asked: dict[str, Callable[[str], Any]] = {
        **{name: make for name, make in COMMANDS.items() if name not in {"open", "status"}},
        "sync": lambda chat: frames.Sync(chat, 0),
        "sync from": lambda chat: frames.Sync(chat, 3),
        "more": lambda chat: frames.More(chat, 5),
        "mark": lambda chat: frames.Mark(chat, 1, 1),
        "typing": frames.Typing,
    }
    for who in OUTSIDERS:
        wire = world.wires[who]
        for name, make in asked.items():
            told = []
            for chat in (world.chat, new_id()):
                frame = make(chat)
                answers: list[frames.ServerFrame] = []
                if hasattr(frame, "id"):
                    answers.append(await wire.ask(frame))
                else:
                    await wire.send(frame)
                answers += await quiet(wire)
                seen = json.dumps([json.loads(encode(answer)) for answer in answers])
                told.append(seen.replace(chat, "CHAT").replace(getattr(frame, "id", chat), "ID"))
            assert told[0] == told[1], (who, name)
            assert ("no_chat" in told[0]) == (name not in {"mark", "typing"}), (who, name)


async def test_outsiders_learn_nothing(world: World) -> None:
    """Whatever they ask and whatever happens in the chat, no frame of theirs is about it."""
    for who in OUTSIDERS:
        await world.wires[who].send(
            frames.Sync(world.chat, 0),
            frames.More(world.chat, 100),
            frames.Mark(world.chat, 2, 2),
            frames.Typing(world.chat),
        )
        await quiet(world.wires[who])
    # Their marks and typing reached nobody.
    for who in (ANNA, MIA, READING):
        assert await quiet(world.wires[who]) == []
    await world.wires[ANNA].send(frames.Mark(world.chat, 3, 3), frames.Typing(world.chat))
    await world.wires[ANNA].ask(frames.Say(new_id(), world.chat, "secret"))
    await world.wires[MIA].ask(frames.Note(new_id(), world.chat, "more secret"))
    await world.wires[MIA].send(frames.Typing(world.chat))
    for who in OUTSIDERS:
        for frame in await quiet(world.wires[who]):
            assert world.chat.encode() not in encode(frame), who
            assert b"secret" not in encode(frame), who
    seen = [frame for frame in await quiet(world.wires[MIA]) if isinstance(frame, frames.TypingOf)]
    assert seen == [frames.TypingOf(world.chat, "customer")]


async def test_a_hello_that_names_a_foreign_chat(world: World) -> None:
    """``have`` is where a reader stands, not a way to read."""
    running = world.running
    async with running.customer(have={world.chat: 1}) as ben:
        assert (await ben.next(frames.Welcome)).chats == []
        assert all(world.chat.encode() not in encode(frame) for frame in await ben.silence())
    tom = await running.add_agent("tim")
    async with running.agent(tom, have={world.chat: 1}) as wire:
        assert (await wire.next(frames.Welcome)).chats == []
        assert all(world.chat.encode() not in encode(frame) for frame in await quiet(wire))


async def test_customers_never_learn_of_hidden_events(world: World) -> None:
    wire = world.wires[ANNA]
    for n in range(3):
        await world.wires[MIA].ask(frames.Note(new_id(), world.chat, f"hidden {n}"))
        await world.wires[MIA].ask(frames.Say(new_id(), world.chat, f"public {n}"))
    await wire.send(frames.Sync(world.chat, 0), frames.More(world.chat, 100))
    seen = await quiet(wire)
    raw = b"".join(encode(frame) for frame in seen)
    assert b"hidden" not in raw
    assert b"a note" not in raw
    assert b"cart" not in raw
    assert b'"pub"' not in raw
    assert b'"mia"' not in raw
    live: list[list[int]] = [[]]
    for frame in seen:
        if isinstance(frame, frames.Chat):
            assert (frame.first, frame.head.waiting_since) == (1, 0)
            live.append([])
        if isinstance(frame, frames.Event):
            live[-1].append(frame.seq)
            assert frame.kind in {"opened", "joined", "message"}
    assert live == [[4, 5, 6], [1, 2, 3, 4, 5, 6]]
    page = next(frame for frame in seen if isinstance(frame, frames.Page))
    assert [event.seq for event in page.events] == [1, 2, 3, 4, 5, 6]
    # Staff see all of it, with both numbers.
    agent = world.wires[MIA]
    await agent.silence()
    await agent.send(frames.Sync(world.chat, 0))
    events = [frame for frame in await agent.silence() if isinstance(frame, frames.Event)]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.pub for event in events if event.pub] == [1, 2, 3, 4, 5, 6]
    assert {"note", "context", "routed"} <= {event.kind for event in events}


async def test_repeated_commands_and_conflicts_over_the_wire(world: World) -> None:
    wire = world.wires[ANNA]
    said = frames.Say(new_id(), world.chat, "Once")
    event = await wire.ask(said)
    assert isinstance(event, frames.Event)
    assert await wire.ask(said) == frames.Ok(said.id, event.seq)
    other = await wire.ask(replace(said, text="Twice"))
    assert isinstance(other, frames.Err)
    assert other.code == "id_conflict"
    # Another tab of the same browser gets the same number.
    async with world.running.customer(world.token) as tab:
        assert event in await tab.silence()
        assert await tab.ask(said) == frames.Ok(said.id, event.seq)
    masked = frames.Say(new_id(), world.chat, "My card is 4111 1111 1111 1111")
    event = await wire.ask(masked)
    assert isinstance(event, frames.Event)
    assert "4111" not in event.text
    assert event.data
    assert await wire.ask(masked) == frames.Ok(masked.id, event.seq)
