"""Which of an agent's consoles writes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.desk.events import chat_stream
from server.gateway.agent import AgentSession, Consoles, SignedInAs
from supportterm.protocol import frames, views
from tests.support import SECONDS, Running, Wire, new_id


@dataclass(eq=False)
class Console:
    """The part of a session that is looked at here."""

    signed_in: SignedInAs
    takeover: bool = False
    writing: bool = field(default=False)


OLD = SignedInAs(b"old", 1, "laptop")
NEW = SignedInAs(b"new", 2, "desktop")


def add(consoles: Consoles, who: SignedInAs, *, takeover: bool = False) -> Console:
    console = Console(who, takeover)
    consoles.add(cast(AgentSession, console))
    return console


def drop(consoles: Consoles, console: Console) -> bool:
    return consoles.drop(cast(AgentSession, console))


def test_the_first_writes() -> None:
    assert add(Consoles(), OLD).writing


def test_a_newer_sign_in_writes_and_an_older_one_does_not() -> None:
    consoles = Consoles()
    old = add(consoles, OLD)
    new = add(consoles, NEW)
    assert (old.writing, new.writing) == (False, True)
    back = add(consoles, OLD)
    assert (back.writing, new.writing) == (False, True)


def test_a_forgotten_console_takes_nothing_away_by_reconnecting() -> None:
    consoles = Consoles()
    old = add(consoles, OLD)
    new = add(consoles, NEW)
    drop(consoles, old)
    assert drop(consoles, new)
    assert not add(consoles, OLD).writing
    assert add(consoles, NEW).writing


def test_taking_over() -> None:
    consoles = Consoles()
    new = add(consoles, NEW)
    old = add(consoles, OLD, takeover=True)
    assert (old.writing, new.writing) == (True, False)
    # From now on the old sign-in is the one that writes, also when it reconnects.
    assert drop(consoles, old)
    assert not drop(consoles, new)
    assert add(consoles, OLD).writing


def test_a_reconnect_replaces_its_own_half_open_connection() -> None:
    consoles = Consoles()
    first = add(consoles, OLD)
    second = add(consoles, OLD)
    assert (first.writing, second.writing) == (False, True)
    assert not drop(consoles, first)
    assert drop(consoles, second)


def test_another_window_of_the_same_sign_in() -> None:
    consoles = Consoles()
    first = add(consoles, OLD)
    window = SignedInAs(OLD.token_hash, OLD.since, "another window")
    second = add(consoles, window)
    assert (first.writing, second.writing) == (True, False)
    drop(consoles, first)
    assert add(consoles, window).writing


class Any(RuleBasedStateMachine):
    """Consoles come and go in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.consoles = Consoles()
        self.standing: list[Console] = []

    @rule(token=st.integers(0, 2), instance=st.sampled_from("ab"), takeover=st.booleans())
    def comes(self, token: int, instance: str, takeover: bool) -> None:
        who = SignedInAs(bytes([token]), token, instance)
        writers = [one for one in self.standing if one.writing]
        console = add(self.consoles, who, takeover=takeover)
        if takeover:
            assert console.writing
        if writers and not takeover and who.since < writers[0].signed_in.since:
            assert not console.writing
        self.standing.append(console)

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def goes(self, data: st.DataObject) -> None:
        console = data.draw(st.sampled_from(self.standing))
        self.standing.remove(console)
        was = console.writing
        assert drop(self.consoles, console) == was
        assert not drop(self.consoles, console)

    @invariant()
    def at_most_one_writes(self) -> None:
        assert sum(console.writing for console in self.standing) <= 1
        assert cast(list[Console], self.consoles.sessions) == self.standing


TestAny = Any.TestCase
TestAny.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)


async def mine(wire: Wire, writing: bool) -> views.Mine:
    view = await wire.next(
        frames.View,
        lambda v: v.name == "mine" and msgspec.json.decode(v.value, type=views.Mine).writing is writing,
    )
    return msgspec.json.decode(view.value, type=views.Mine)


async def test_only_the_console_that_writes_changes_anything(running: Running) -> None:
    token = await running.add_agent("mia")
    async with running.customer() as anna, running.agent(token) as first:
        assert (await mine(first, True)).writing
        chat = new_id()
        await anna.ask(frames.Open(new_id(), chat))
        await first.next(frames.Chat)
        async with running.agent(token, instance="two", takeover=True) as second:
            await mine(second, True)
            await mine(first, False)
            assert chat in (await second.next(frames.Welcome)).chats
            for command in (
                frames.Say(new_id(), chat, "Hi"),
                frames.Note(new_id(), chat, "Hi"),
                frames.CloseChat(new_id(), chat),
                frames.Reopen(new_id(), chat),
                frames.SetStatus(new_id(), "away"),
                frames.Open(new_id(), new_id()),
            ):
                answer = await first.ask(command)
                assert isinstance(answer, frames.Err)
                assert (answer.code, answer.retry) == ("read_only", False)
            assert isinstance(await second.ask(frames.Say(new_id(), chat, "Hi")), frames.Event)
            # Both read.
            assert (await first.next(frames.Event, lambda e: e.kind == "message")).text == "Hi"
        # The one that wrote is gone: the other does not silently take its place.
        answer = await first.ask(frames.Say(new_id(), chat, "Hi"))
        assert isinstance(answer, frames.Err)


async def test_a_disabled_agent_who_ignores_the_close_writes_nothing(running: Running) -> None:
    token = await running.add_agent("mia")
    chat = new_id()
    async with running.customer() as anna, running.agent(token) as console:
        await anna.ask(frames.Open(new_id(), chat, page="https://shop.example/"))
        await console.next(frames.Chat)
        console.socket.transport.pause_reading()
        doorway = running.node.doorways["main"]
        disabling = asyncio.create_task(running.node.administration.call("agent_disable", {"agent": "mia"}))
        async with asyncio.timeout(SECONDS):
            while doorway.figures()["agents_present"]:
                await asyncio.sleep(0.001)
        await console.send(frames.Say(new_id(), chat, "still here"), frames.Note(new_id(), chat, "and here"))
        console.socket.transport.resume_reading()
        await disabling
        kinds = [event.kind for event in await running.node.store.stream(chat_stream(chat))]
        assert kinds == ["opened", "context", "routed", "joined", "unassigned"]
