"""A connection from its first frame on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from server.settings import Desk, Limits
from server.store.interface import Unavailable
from supportterm.protocol import frames, views
from supportterm.protocol.codes import CLOSE_TEXT, Close, reconnects
from supportterm.protocol.limits import PAGE_EVENTS
from tests.doorway.room import until
from tests.support import PATIENT, SECONDS, Running, Wire, new_id, new_token, running_node

from .test_clock import Settable

HELLO = frames.Hello(1, new_token())


async def view(wire: Wire, name: str, text: str) -> frames.View:
    """The next view of this name whose value holds ``text``."""
    return await wire.next(frames.View, lambda v: v.name == name and text in bytes(v.value).decode())


@pytest.mark.parametrize(
    ("path", "first", "code"),
    [
        ("/v1/shop/demo", '{"t":"beat"}', Close.PROTOCOL),
        ("/v1/shop/demo", '{"t":"login","name":"mia","password":"x"}', Close.PROTOCOL),
        ("/v1/shop/demo", "{}", Close.PROTOCOL),
        ("/v1/shop/demo", '{"t":"hello","v":1,"token":"short"}', Close.PROTOCOL),
        ("/v1/shop/demo", '{"t":"hello","t":"hello","v":1,"token":"%s"}' % ("x" * 43), Close.PROTOCOL),
        ("/v1/shop/demo", '{"t":"hello","v":2,"token":"%s"}' % ("x" * 43), Close.VERSION),
        ("/v1/shop/demo", b"\x00", Close.UNSUPPORTED_DATA),
        ("/v1/agent", '{"t":"hello","v":1,"token":"%s"}' % ("x" * 43), Close.BAD_TOKEN),
        ("/v1/agent", '{"t":"beat"}', Close.PROTOCOL),
    ],
)
async def test_first_frames_that_open_nothing(
    running: Running, path: str, first: str | bytes, code: Close
) -> None:
    async with running.connection(path) as wire:
        await wire.socket.send(first)
        assert await wire.closed() == code
    assert running.node._metrics.closes[code.name.lower()] == (0 if code == Close.UNSUPPORTED_DATA else 1)


async def test_the_desk_hears_that_an_owner_types_over_a_broken_promise(tmp_path: Path) -> None:
    """For then no colleague is asked."""
    platform = Settable()
    async with (
        running_node(tmp_path, platform=platform, desks={"main": Desk(ramp_seconds=0)}) as running,
        running.customer() as anna,
        running.agent(await running.add_agent("mia", limit=3)) as mia,
    ):
        await anna.ask(frames.Open(new_id(), chat := new_id()))
        await anna.ask(frames.Say(new_id(), chat, "Where is it?"))
        await mia.next(frames.Event, lambda event: event.kind == "joined")
        due = (await mia.next(frames.Welcome)).time + 60_000
        await mia.ask(frames.Say(new_id(), chat, "at noon", due=due))
        pace = running.node.doorways["main"].desk.paces[chat]
        before = pace.typed
        await mia.send(frames.Typing(chat))
        await anna.next(frames.TypingOf)
        assert pace.typed == before, "the promise runs"
        platform.by = 120_000
        await anna.next(frames.Event, lambda event: event.kind == "promise_ended")
        await mia.send(frames.Typing(chat))
        await until(lambda: pace.typed > before)


async def test_later_frames_that_end_it(running: Running) -> None:
    for frame, code in (('{"t":"beat","x":1}', Close.PROTOCOL), (b"\x00", Close.UNSUPPORTED_DATA)):
        async with running.customer() as wire:
            await wire.socket.send(frame)
            assert await wire.closed() == code
    async with running.customer() as wire:
        await wire.send(HELLO)
        assert (await wire.next(frames.Err)).code == "bad_frame"
        await wire.silence()


async def test_a_late_hello(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.gateway.gateway.HELLO_SECONDS", 0.01)
    async with running.connection("/v1/shop/demo") as wire:
        code = await wire.closed()
    assert (code, reconnects(code)) == (Close.HELLO_LATE, True)


async def test_welcome(running: Running) -> None:
    token = await running.add_agent("mia", title="supervisor")
    async with running.agent(token) as mia, running.customer() as anna:
        staff, customer = await mia.next(frames.Welcome), await anna.next(frames.Welcome)
        assert staff.me == frames.Me("agent", "mia", "Mia", "main", "supervisor")
        assert customer.me == frames.Me("customer", "")
        assert (customer.shop, customer.limits, customer.chats) == ("Demo", frames.Limits(), [])
        assert staff.epoch == customer.epoch == running.node.store.epoch
        door = await anna.next(frames.View, lambda v: v.name == "door")
        assert msgspec.json.decode(door.value, type=views.Door) == views.Door(True)
        await view(mia, "mine", '"writing":true')
        await view(mia, "queue", '"size":0')


async def test_a_browser_is_the_same_customer_again(running: Running) -> None:
    token, chat = new_token(), new_id()
    async with running.customer(token) as anna:
        await anna.ask(frames.Open(new_id(), chat))
        await anna.ask(frames.Say(new_id(), chat, "Hello"))
    async with running.customer(token) as anna:
        assert (await anna.next(frames.Welcome)).chats == [chat]
        assert (await anna.next(frames.Chat)).first == 1
        assert [(await anna.next(frames.Event)).kind for _ in range(2)] == ["opened", "message"]
    async with running.customer(token, have={chat: 1}) as anna:
        assert ((await anna.next(frames.Chat)).first, (await anna.next(frames.Event)).seq) == (2, 2)
    async with running.customer(token, have={chat: 2}) as anna:
        subscribed = await anna.next(frames.Chat)
        assert (subscribed.first, subscribed.last, subscribed.reset) == (3, 2, False)
        assert not [frame for frame in await anna.silence() if isinstance(frame, frames.Event)]
    async with running.customer(token, have={chat: 9}) as anna:
        subscribed = await anna.next(frames.Chat)
        assert (subscribed.first, subscribed.reset) == (1, True)


async def test_another_epoch_begins_from_the_start(running: Running) -> None:
    token, chat = new_token(), new_id()
    async with running.customer(token) as anna:
        await anna.ask(frames.Open(new_id(), chat))
    async with running.connection("/v1/shop/demo") as wire:
        await wire.send(frames.Hello(1, token, epoch="another", have={chat: 1}))
        subscribed = await wire.next(frames.Chat)
        assert (subscribed.first, (await wire.next(frames.Event)).seq) == (1, 1)


async def test_a_fresh_subscription_starts_with_one_page(running: Running) -> None:
    token, chat = new_token(), new_id()
    async with running.customer(token) as anna:
        await anna.ask(frames.Open(new_id(), chat))
        said = [frames.Say(new_id(), chat, f"{n}") for n in range(PAGE_EVENTS + 49)]
        await anna.send(*said)
        await anna.answer(said[-1].id)
    async with running.customer(token) as anna:
        subscribed = await anna.next(frames.Chat)
        assert (subscribed.first, subscribed.last) == (51, 150)
        events = [await anna.next(frames.Event) for _ in range(PAGE_EVENTS)]
        assert [event.seq for event in events] == list(range(51, 151))
        await anna.send(frames.More(chat, 51))
        page = await anna.next(frames.Page)
        assert ([event.seq for event in page.events], page.more) == (list(range(1, 51)), False)
        await anna.send(frames.Sync(chat, 148))
        assert (await anna.next(frames.Chat)).first == 149
        assert [(await anna.next(frames.Event)).seq for _ in range(2)] == [149, 150]


async def test_every_tab_shows_the_chat(running: Running) -> None:
    token, chat = new_token(), new_id()
    async with running.customer(token) as one, running.customer(token) as two:
        await one.ask(frames.Open(new_id(), chat))
        assert (await two.next(frames.Chat)).chat == chat
        assert (await two.next(frames.Event)).kind == "opened"
        await two.ask(frames.Say(new_id(), chat, "from two"))
        assert (await one.next(frames.Event, lambda e: e.kind == "message")).text == "from two"


async def test_a_chat_that_goes_to_somebody_else(running: Running) -> None:
    tokens = [await running.add_agent(name) for name in ("mia", "tom")]
    chat = new_id()
    async with running.agent(tokens[0]) as mia, running.customer() as anna:
        await anna.ask(frames.Open(new_id(), chat, page="https://shop.example/"))
        await mia.next(frames.Chat)
        async with running.agent(tokens[1]) as tom:
            await running.node.administration.agent_disable("mia")
            assert await mia.closed() == Close.SIGNED_OUT
            assert mia.socket.close_reason == CLOSE_TEXT[Close.SIGNED_OUT]
            subscribed = await tom.next(frames.Chat)
            assert (subscribed.chat, subscribed.head.agent) == (chat, "Tom")
            # One subscription, each event once.
            seen = await tom.silence()
            numbers = [frame.seq for frame in seen if isinstance(frame, frames.Event)]
            assert numbers == list(range(1, subscribed.last + 1))
            assert not [frame for frame in seen if isinstance(frame, frames.Chat)]
        async with running.connection("/v1/agent") as again:
            await again.send(frames.Hello(1, tokens[0]))
            assert await again.closed() == Close.BAD_TOKEN
    kinds = [event.kind for event in await running.node.store.stream("chat:" + chat)]
    assert kinds == ["opened", "context", "routed", "joined", "unassigned", "routed", "joined"]


async def test_an_agent_who_stays_away_loses_the_chat(tmp_path: Path) -> None:
    desks = {"main": Desk(presence_grace_seconds=0)}
    async with running_node(tmp_path, desks=desks) as running, running.customer() as anna:
        chat = new_id()
        async with running.agent(await running.add_agent("mia")) as mia:
            await anna.ask(frames.Open(new_id(), chat))
            await anna.next(frames.Event, lambda e: e.kind == "joined")
            await mia.next(frames.Chat)
            await view(anna, "door", "true")
        await view(anna, "door", "false")
        # Who waits for somebody else reads so when one joins, not before.
        async with asyncio.timeout(SECONDS):
            while (await running.node.store.stream("chat:" + chat))[-1].kind != "unassigned":
                await asyncio.sleep(0.01)
        assert not [frame for frame in await anna.silence() if isinstance(frame, frames.Event)]


async def test_marks_and_typing_reach_the_other_side(running: Running) -> None:
    chat = new_id()
    async with running.agent(await running.add_agent("mia")) as mia, running.customer() as anna:
        await anna.ask(frames.Open(new_id(), chat))
        await mia.next(frames.Chat)
        await mia.send(frames.Typing(chat), frames.Mark(chat, 2, 1))
        assert await anna.next(frames.TypingOf) == frames.TypingOf(chat, "agent", True, "Mia")
        assert await anna.next(frames.MarksOf) == frames.MarksOf(chat, "agent", 2, 1)
        await anna.send(frames.Typing(chat, False), frames.Mark(chat, 1, 1))
        assert await mia.next(frames.TypingOf) == frames.TypingOf(chat, "customer", False)
        assert await mia.next(frames.MarksOf, lambda m: m.who == "customer")


async def test_who_is_too_fast_is_told_when_to_try_again(tmp_path: Path) -> None:
    limits = replace(PATIENT, messages_per_second=50, messages_burst=3)
    async with running_node(tmp_path, limits=limits) as running, running.customer() as anna:
        chat = new_id()
        await anna.ask(frames.Open(new_id(), chat))
        said = [frames.Say(new_id(), chat, f"{n}") for n in range(10)]
        await anna.send(*said)
        answers = [await anna.answer(one.id) for one in said]
        slow = [answer for answer in answers if isinstance(answer, frames.Err)]
        assert slow
        for answer in slow:
            assert (answer.code, answer.retry, answer.chat) == ("too_fast", True, chat)
            assert answer.after_ms >= 2_000
        # What a client asks once is not dropped, it waits.
        await anna.send(*(frames.Sync(chat, 0) for _ in range(10)))
        assert len([await anna.next(frames.Chat) for _ in range(10)]) == 10


async def test_who_does_not_stop_is_sent_away(tmp_path: Path) -> None:
    limits = Limits(messages_per_second=1, messages_burst=1)
    async with running_node(tmp_path, limits=limits) as running, running.customer() as anna:
        await anna.send(*(frames.Beat() for _ in range(51)))
        assert await anna.closed() == Close.TOO_FAST


async def test_a_store_that_cannot_be_read_ends_the_connection(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*args: object) -> None:
        raise Unavailable("disk error", "no")

    async with running.customer() as anna:
        monkeypatch.setattr(running.node.store, "row", failing)
        await anna.send(frames.Sync(new_id(), 0))
        code = await anna.closed()
    assert reconnects(code)
    monkeypatch.undo()


async def test_a_stopping_server_says_when_to_come_back(tmp_path: Path) -> None:
    async with running_node(tmp_path) as running, running.customer() as anna:
        await anna.silence()
        await running.node._gateway.close()
        bye = await anna.next(frames.Bye)
        assert 500 <= bye.after_ms <= 3_500
        code = await anna.closed()
        assert (code, reconnects(code)) == (Close.RESTART, True)


async def test_messages_in_a_minute(tmp_path: Path) -> None:
    limits = replace(PATIENT, messages_per_minute=3)
    token = new_token()
    async with running_node(tmp_path, limits=limits) as running:
        chat = new_id()
        async with running.customer(token) as one, running.customer(token) as two:
            await one.ask(frames.Open(new_id(), chat))
            for wire in (one, two, one):
                assert isinstance(await wire.ask(frames.Say(new_id(), chat, "Hi")), frames.Event)
            refused = await two.ask(frames.Say(new_id(), chat, "Hi"))
            assert isinstance(refused, frames.Err)
            assert (refused.code, refused.retry) == ("too_fast", True)
            # Only saying something counts, and only for this customer.
            assert isinstance(await two.ask(frames.CloseChat(new_id(), chat)), frames.Event)
            async with running.customer() as other:
                await other.ask(frames.Open(new_id(), chat := new_id()))
                assert isinstance(await other.ask(frames.Say(new_id(), chat, "Hi")), frames.Event)


async def test_chats_opened_from_one_address(tmp_path: Path) -> None:
    """Opening and closing fills queues, consoles and memory; a new token costs an outsider nothing."""
    limits = replace(PATIENT, handshakes_per_minute=3)
    async with (
        running_node(tmp_path, limits=limits) as running,
        running.customer() as one,
        running.customer() as two,
    ):
        for wire in (one, two):
            opened = new_id()
            assert isinstance(await wire.ask(frames.Open(new_id(), opened)), frames.Event)
            assert isinstance(await wire.ask(frames.CloseChat(new_id(), opened)), frames.Event)
        assert isinstance(await two.ask(frames.Reopen(new_id(), opened)), frames.Event)
        refused = await one.ask(frames.Open(new_id(), new_id()))
        assert isinstance(refused, frames.Err)
        assert (refused.code, refused.retry) == ("too_fast", True)
        assert refused.after_ms > 10_000
        # Writing goes on.
        assert isinstance(await two.ask(frames.Say(new_id(), opened, "Hi")), frames.Event)
