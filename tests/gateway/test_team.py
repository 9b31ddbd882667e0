"""Agents, a supervisor and customers of one desk, over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from server.links import KEY_FILE
from server.platform import RealPlatform
from server.settings import Desk, Server, Shop
from server.store.upkeep import restore
from supportterm.protocol import frames, kinds, views
from tests.support import Running, Wire, new_id, running_node

T = TypeVar("T")
DESK = Desk(hard_cap=1, ramp_seconds=0, breather_seconds=0)
SHOP = Shop(desk="main", name="Demo", origins=["*"], max_queue=2, appeal="appeal@demo.example")
#: A proxy on this machine says whose address counts.
SERVER = Server(port=0, trusted_proxies=["127.0.0.1/32"])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    """One chat an agent, two in the queue."""
    desks, shops = {"main": DESK}, {"demo": SHOP}
    async with running_node(tmp_path, server=SERVER, desks=desks, shops=shops) as running:
        yield running


def seen_from(address: str) -> dict[str, Any]:
    return {"additional_headers": {"X-Forwarded-For": address}}


async def view(wire: Wire, shape: type[T], fits: object = None) -> T:
    """The next view of this shape; ``fits``: that it must satisfy."""
    name = next(name for name, known in views.VIEWS.items() if known is shape)
    while True:
        frame = await wire.next(frames.View, lambda found: found.name == name)
        value = msgspec.json.decode(frame.value, type=shape)
        if fits is None or fits(value):  # type: ignore[operator]
            return value


async def code(wire: Wire, command: frames.Command) -> str:
    answer = await wire.ask(command)
    assert isinstance(answer, frames.Err), answer
    return answer.code


async def opened(wire: Wire) -> str:
    chat = new_id()
    answer = await wire.ask(frames.Open(new_id(), chat, "en"))
    assert isinstance(answer, frames.Event), answer
    return chat


async def test_who_waits_is_told_where_they_stand(house: Running) -> None:
    token = await house.add_agent("mia")
    async with house.agent(token) as mia, house.customer() as anna, house.customer() as ben:
        first = await opened(anna)
        async with house.customer() as cleo:
            await view(mia, views.Mine, lambda mine: mine.load.points == 100)
            second, third = await opened(ben), await opened(cleo)
            assert (await view(ben, views.Wait, lambda wait: wait.position)).position == 1
            told = await view(cleo, views.Wait, lambda wait: wait.position)
            assert (told.position, told.low_ms, told.high_ms) == (2, 0, 0), "no number when there is none"
            queue = await view(mia, views.Queue, lambda queue: queue.size == 2)
            assert [row.chat for row in queue.rows] == [second, third]
            await anna.ask(frames.CloseChat(new_id(), first))
            assert (await view(cleo, views.Wait, lambda wait: wait.position == 1)).position == 1
            assert (await view(ben, views.Wait, lambda wait: wait.position == 0)).position == 0


async def test_a_full_queue_takes_messages_for_later(house: Running) -> None:
    async with house.customer() as anna, house.customer() as ben, house.customer() as cleo:
        await opened(anna)
        await opened(ben)
        await view(cleo, views.Door, lambda door: door.full)
        chat = new_id()
        assert await code(cleo, frames.Open(new_id(), chat)) == "queue_full"
        left = frames.LeaveMessage(new_id(), chat, "Where is 48213?", "Cleo", "cleo@example.org")
        answer = await cleo.ask(left)
        assert isinstance(answer, frames.Event)
        assert (await cleo.next(frames.Event, lambda e: e.kind == "left")).kind == "left"
        again = await cleo.ask(left)
        assert isinstance(again, frames.Ok)
        assert (
            await code(cleo, frames.LeaveMessage(new_id(), new_id(), "x", contact="nowhere"))
            == "already_open"
        )
        async with house.agent(await house.add_agent("mia", limit=3)) as mia:
            row = (await view(mia, views.Left, lambda left: left.rows)).rows[0]
            assert (row.chat, row.answered_at) == (chat, 0)
            taken = await mia.ask(frames.Take(new_id(), chat, sure=True))
            assert isinstance(taken, frames.Event)
            assert taken.kind == "joined"
            events = [event async for event in _events(house, chat)]
            assert ("contact", '{"name":"Cleo","contact":"cleo@example.org"}') in events
            await mia.ask(frames.Say(new_id(), chat, "It comes tomorrow."))
            answered = await view(mia, views.Left, lambda left: left.rows and left.rows[0].answered_at)
            assert not answered.rows[0].delivered
            heard = await cleo.next(frames.Event, lambda e: e.kind == "message" and e.by.role == "agent")
            await cleo.send(frames.Mark(chat, heard.seq, heard.seq))
            await mia.ask(frames.SetStatus(new_id(), "finishing"))
            await view(mia, views.Left, lambda left: left.rows and left.rows[0].delivered)


async def _events(house: Running, chat: str) -> AsyncIterator[tuple[str, str]]:
    for event in await house.node.store.stream("chat:" + chat):
        yield event.kind, event.text


async def test_called_back_and_answered_where_the_customer_sees_it(house: Running) -> None:
    """The callback leaves the console, is taken from the list, and kept by the customer's reading."""
    async with house.customer() as anna, house.agent(await house.add_agent("mia")) as mia:
        chat = await opened(anna)
        await mia.next(frames.Chat)
        due = RealPlatform().wall() + 7_200_000
        refused = frames.CallBack(new_id(), chat, due, "mail", "anna@example.org")
        assert await code(mia, refused) == "no_mail"
        command = frames.CallBack(new_id(), chat, due, "phone", "+31 20 123 45 67", "Anna")
        answer = await mia.ask(command)
        assert isinstance(answer, frames.Event)
        assert answer.kind == "contact"
        assert (await mia.next(frames.Gone)).chat == chat
        told = await anna.next(frames.Event, lambda e: e.kind == "callback")
        assert msgspec.json.decode(told.data, type=kinds.Callback) == kinds.Callback(due, "phone")  # type: ignore[arg-type]
        assert isinstance(await mia.ask(command), frames.Ok)
        left = await view(mia, views.Left, lambda left: left.rows)
        assert (left.rows[0].how, left.rows[0].owner_name, left.hours[0].n) == ("phone", "Mia", 1)
        # Not reached: told by `ok`, since nobody reads the chat, and it stays on the list.
        assert isinstance(await mia.ask(frames.Phoned(new_id(), chat, False)), frames.Ok)
        await mia.ask(frames.Take(new_id(), chat))
        await mia.ask(frames.Say(new_id(), chat, "It comes tomorrow."))
        heard = await anna.next(frames.Event, lambda e: e.kind == "message" and e.by.role == "agent")
        await anna.send(frames.Mark(chat, heard.seq, heard.seq))
        ended = await mia.next(frames.Event, lambda e: e.kind == "promise_ended")
        assert msgspec.json.decode(ended.data, type=kinds.PromiseEnded).how == "kept"  # type: ignore[arg-type]


async def test_a_chat_is_handed_to_a_colleague(house: Running) -> None:
    mia_token, tom_token = await house.add_agent("mia"), await house.add_agent("tom")
    async with house.agent(mia_token) as mia, house.customer() as anna:
        chat = await opened(anna)
        await mia.next(frames.Chat)
        async with house.agent(tom_token) as tom:
            handoff = frames.HandOff(new_id(), chat, "wants the black one, 4111 1111 1111 1111", agent="tom")
            assert await code(mia, frames.HandOff(new_id(), chat, "x", agent="mia")) == "to_self"
            assert await code(mia, frames.HandOff(new_id(), chat, "x", agent="nobody")) == "no_agent"
            assert isinstance(await mia.ask(handoff), frames.Event)
            handing = await anna.next(frames.Event, lambda e: e.kind == "handing")
            assert msgspec.json.decode(handing.data, type=kinds.Handing).name == "Tom"  # type: ignore[arg-type]
            offer = (await view(tom, views.Mine, lambda mine: mine.offers)).offers[0]
            assert (offer.chat, offer.kind, offer.by) == (chat, "handoff", "Mia")
            summary = await tom.next(frames.Event, lambda e: e.kind == "handoff")
            assert "4111" not in summary.text.replace("1111", "", 1)
            # Reading is allowed before it is accepted, writing to the customer is not.
            assert await code(tom, frames.Say(new_id(), chat, "Hi")) == "not_owner"
            accepted = await tom.ask(frames.Accept(new_id(), chat))
            assert isinstance(accepted, frames.Event)
            assert (await mia.next(frames.Gone)).chat == chat
            joined = await anna.next(frames.Event, lambda e: e.kind == "joined" and e.by.name == "Tom")
            assert msgspec.json.decode(joined.data, type=kinds.Joined).instead_of == "Mia"  # type: ignore[arg-type]


async def test_two_take_one_chat(house: Running) -> None:
    mia_token, tom_token = await house.add_agent("mia"), await house.add_agent("tom")
    async with house.agent(mia_token) as mia, house.agent(tom_token) as tom, house.customer() as anna:
        for wire in (mia, tom):
            await wire.ask(frames.SetStatus(new_id(), "finishing"))
        chat = await opened(anna)
        assert isinstance(await tom.ask(frames.Take(new_id(), chat)), frames.Event)
        refused = await mia.ask(frames.Take(new_id(), chat))
        assert isinstance(refused, frames.Err)
        assert (refused.code, refused.who) == ("taken", "Tom")
        await mia.send(frames.Why(chat))
        because = await mia.next(frames.Because)
        assert [(verdict.agent, verdict.no) for verdict in because.verdicts] == [
            ("tom", "owner"),
            ("mia", "finishing"),
        ]


async def test_a_supervisor_looks_on_and_takes_over(house: Running) -> None:
    mia_token = await house.add_agent("mia")
    sue_token = await house.add_agent("sue", title="supervisor")
    async with house.agent(mia_token) as mia, house.customer() as anna:
        chat = await opened(anna)
        await mia.next(frames.Chat)
        assert await code(mia, frames.Assign(new_id(), chat, "mia")) == "not_allowed"
        await mia.send(frames.Watch(chat))
        assert (await mia.next(frames.Err)).code == "not_allowed"
        async with house.agent(sue_token) as sue:
            await view(sue, views.Alerts)
            await sue.send(frames.Watch(chat))
            assert (await sue.next(frames.Chat)).chat == chat
            await sue.send(frames.Mark(chat, 9, 9), frames.Typing(chat))
            assert isinstance(await sue.ask(frames.Note(new_id(), chat, "ask for the order")), frames.Event)
            assert await code(sue, frames.Say(new_id(), chat, "Hi")) == "not_owner"
            told = await anna.silence()
            assert not [frame for frame in told if isinstance(frame, frames.MarksOf | frames.TypingOf)]
            assert isinstance(await sue.ask(frames.Assign(new_id(), chat, "sue")), frames.Event)
            assert (await mia.next(frames.Gone)).chat == chat
            assert isinstance(await sue.ask(frames.Say(new_id(), chat, "Hi")), frames.Event)
            await sue.ask(
                frames.Control(new_id(), "banner", house.node._clock.now().at + 60_000, text="Strike")
            )
            assert (await view(anna, views.Door, lambda door: door.banner)).banner == "Strike"
            today = await view(mia, views.Today, lambda today: today.held)
            assert (today.held[0].what, today.held[0].by) == ("banner", "Sue")


async def test_a_block_holds_for_a_new_tab_too(house: Running) -> None:
    sue_token = await house.add_agent("sue", title="supervisor")
    async with (
        house.agent(sue_token) as sue,
        house.customer(**seen_from("203.0.113.9")) as anna,
        house.customer(**seen_from("203.0.113.9")) as other,
    ):
        chat = await opened(anna)
        await sue.next(frames.Chat)
        assert isinstance(await sue.ask(frames.Abuse(new_id(), chat, "block", 10)), frames.Event)
        closed = await anna.next(frames.Event, lambda e: e.kind == "closed")
        ended = msgspec.json.decode(closed.data, type=kinds.Closed)  # type: ignore[arg-type]
        assert (ended.reason, ended.appeal) == ("abuse", "appeal@demo.example")
        refused = await other.ask(frames.Open(new_id(), new_id()))
        assert isinstance(refused, frames.Err)
        assert (refused.code, refused.until > house.node._clock.now().at) == ("blocked", True)
        assert (
            await view(other, views.Door, lambda door: door.blocked_until)
        ).appeal == "appeal@demo.example"
        block = (await view(sue, views.Blocks, lambda blocks: blocks.blocks)).blocks[0]
        assert isinstance(await sue.ask(frames.Unblock(new_id(), block.block)), frames.Ok)
        await opened(other)


@pytest.mark.parametrize("kept", [True, False])
async def test_a_block_holds_after_a_restore(tmp_path: Path, kept: bool) -> None:
    """As long as the key lies there that is in no backup."""
    data, target = tmp_path / "data", tmp_path / "backup.db"
    shops = {"demo": SHOP}
    async with running_node(data, server=SERVER, shops=shops) as house:
        sue_token = await house.add_agent("sue", title="supervisor")
        async with house.agent(sue_token) as sue, house.customer(**seen_from("203.0.113.9")) as anna:
            chat = await opened(anna)
            await sue.next(frames.Chat)
            assert isinstance(await sue.ask(frames.Abuse(new_id(), chat, "block", 10)), frames.Event)
        await house.node.store.backup(target)
        before = house.node.store.epoch
    await restore(target, data, RealPlatform())
    if not kept:
        (data / KEY_FILE).unlink()
    async with running_node(data, server=SERVER, shops=shops) as house:
        assert house.node.store.epoch != before
        async with house.customer(**seen_from("203.0.113.9")) as other:
            if kept:
                assert await code(other, frames.Open(new_id(), new_id())) == "blocked"
            else:
                await opened(other)


async def test_a_block_keeps_out_nobody_who_comes_through_the_same_proxy(house: Running) -> None:
    sue_token = await house.add_agent("sue", title="supervisor")
    async with house.agent(sue_token) as sue, house.customer() as anna, house.customer() as other:
        chat = await opened(anna)
        await sue.next(frames.Chat)
        assert isinstance(await sue.ask(frames.Abuse(new_id(), chat, "block", 10)), frames.Event)
        await opened(other)
        assert await code(anna, frames.Open(new_id(), new_id())) == "blocked"


async def test_from_one_address_not_all_places_in_the_queue_are_taken(house: Running, tmp_path: Path) -> None:
    here, there = seen_from("203.0.113.9"), seen_from("203.0.113.10")
    async with (
        house.customer(**here) as anna,
        house.customer(**here) as ben,
        house.customer(**there) as cleo,
    ):
        await opened(anna)
        assert await code(ben, frames.Open(new_id(), new_id())) == "address_full"
        await opened(cleo)
        assert await code(ben, frames.Open(new_id(), new_id())) == "queue_full"
        left = frames.LeaveMessage(new_id(), new_id(), "Is it in?")
        assert isinstance(await ben.ask(left), frames.Event)
    assert 'supportterm_refusals_total{code="address_full"} 1.0' in house.node._metrics.text().decode()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b'"address":"' in kept
    assert b"203.0.113" not in kept
