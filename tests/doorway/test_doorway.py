"""Commands in, one transaction, then the effects."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from server.desk.commands import CLOCK, Retire
from server.desk.decision import Decided, Decision, Refused, Repeated
from server.desk.events import Event
from supportterm.protocol import frames
from tests.desk.story import ANNA, BEN, CLEO, MIA, TOM, chat_of, kinds_of, new_id

from .room import Room, until


async def test_what_waits_goes_into_one_transaction(room: Room) -> None:
    chats = [await room.open(who) for who in (ANNA, BEN)]
    room.store.batches.clear()
    answers = [
        room.submit(who, frames.Say(new_id(), chat, f"{n}"))
        for n in range(25)
        for who, chat in zip((ANNA, BEN), chats, strict=True)
    ]
    decisions = await asyncio.gather(*answers)
    assert all(isinstance(decision, Decided) for decision in decisions)
    assert [[len(write.events) for write in batch] for batch in room.store.batches] == [[25, 25]]
    for chat in chats:
        assert await room.texts(chat) == [f"{n}" for n in range(25)]


async def test_what_comes_during_a_commit_waits_for_the_next(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.batches.clear()
    room.store.writing.clear()
    first = room.submit(ANNA, frames.Say(new_id(), chat, "0"))
    await until(lambda: room.store.batches)
    later = [room.submit(ANNA, frames.Say(new_id(), chat, f"{n}")) for n in range(1, 5)]
    room.store.writing.set()
    await asyncio.gather(first, *later)
    assert [[len(write.events) for write in batch] for batch in room.store.batches] == [[1], [4]]
    assert await room.texts(chat) == ["0", "1", "2", "3", "4"]


async def test_nothing_is_told_before_it_is_stored(room: Room) -> None:
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    shown = len(reader.events)
    order: list[str] = []
    room.door.after_batch = lambda: order.append("views")
    room.store.writing.clear()
    room.store.batches.clear()
    answer = room.submit(ANNA, frames.CloseChat(new_id(), chat))

    def answered(_: object) -> None:
        order.append("answer" if len(reader.events) > shown else "answer before the event")

    answer.add_done_callback(answered)
    await until(lambda: room.store.batches)
    assert (len(reader.events), answer.done(), order) == (shown, False, [])
    feed = room.door.feeds.get(chat)
    assert feed is not None
    assert feed.chat.state == "queued"
    room.store.writing.set()
    await answer
    assert reader.events[-1].kind == "closed"
    await until(lambda: len(order) == 2)
    assert sorted(order) == ["answer", "views"]


async def test_a_repeated_id_in_flight_awaits_the_same_outcome(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.batches.clear()
    room.store.writing.clear()
    command = frames.Say(new_id(), chat, "Once")
    first = room.submit(ANNA, command)
    same_turn = room.submit(ANNA, command)
    await until(lambda: room.store.batches)
    meanwhile = room.submit(ANNA, command)
    other = room.submit(ANNA, replace(command, text="Twice"))
    # What is decided is decided, but the commit it rests upon may still fail.
    assert not any(answer.done() for answer in (first, same_turn, meanwhile, other))
    room.store.writing.set()
    event = one_event(await first)
    assert await same_turn == await meanwhile == Repeated(event.seq, event.pub)
    refused = await other
    assert isinstance(refused, Refused)
    assert refused.error.code == "id_conflict"
    assert await room.texts(chat) == ["Once"]


def one_event(decision: Decision) -> Event:
    assert isinstance(decision, Decided)
    (event,) = decision.events
    return event


async def test_answers_come_in_the_order_of_the_commands(room: Room) -> None:
    chat = await room.open(ANNA)
    order: list[int] = []
    answers = []
    for n in range(20):
        # Every third is refused.
        answers.append(room.submit(ANNA, frames.Say(new_id(), chat, " " if n % 3 else "Hello")))
        answers[-1].add_done_callback(lambda _, n=n: order.append(n))  # type: ignore[misc]
    await asyncio.gather(*answers)
    await until(lambda: len(order) == 20)
    assert order == list(range(20))


async def test_a_refusal_is_not_stored(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.batches.clear()
    assert await room.code(BEN, frames.Say(new_id(), chat, "Hi")) == "no_chat"
    assert await room.code(ANNA, frames.Say(new_id(), chat, " ")) == "bad_text"
    assert room.store.batches == []


async def test_an_answer_that_cannot_be_given_stops_nobody(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    chat = await room.open(ANNA)

    def broken(decision: Decision) -> None:
        raise RuntimeError("no connection")

    room.door.submit(ANNA, frames.Say(new_id(), chat, "One"), broken)
    await room.say(ANNA, chat, "Two")
    assert await room.texts(chat) == ["One", "Two"]
    assert "could not be given" in caplog.text


async def test_a_restart_is_the_same_desk(room: Room) -> None:
    room.door.arrive(MIA)
    chats = [await room.open(who) for who in (ANNA, BEN, CLEO)]
    await room.do(MIA, frames.SetStatus(new_id(), "away"))
    command = frames.Say(new_id(), chats[0], "Once")
    event = (await room.do(ANNA, command))[0]
    queued = room.door.desk.queue.rows()
    assert list(room.door.desk.queue) == [chats[2]]
    await room.reopen()
    assert room.door.desk.queue.rows() == queued
    assert room.door.desk.agents["mia"].status == "away"
    assert sorted(feed.chat.id for feed in room.door.feeds.read_by("mia")) == sorted(chats[:2])
    assert await room.ask(ANNA, command) == Repeated(event.seq, event.pub)
    room.door.arrive(MIA)
    await room.do(MIA, frames.SetStatus(new_id(), "online"))
    await room.do(ANNA, frames.CloseChat(new_id(), chats[0]))
    assert not room.door.desk.queue


async def test_what_is_pending_at_the_end_is_stored_and_answered(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.writing.clear()
    room.store.batches.clear()
    first = room.submit(ANNA, frames.Say(new_id(), chat, "One"))
    await until(lambda: room.store.batches)
    second = room.submit(ANNA, frames.Say(new_id(), chat, "Two"))
    room.store.reading.clear()
    cold = room.submit(ANNA, frames.Open(new_id(), chat_of(ANNA, 2)))
    closing = asyncio.ensure_future(room.door.close())
    await asyncio.sleep(0)
    late = await room.ask(ANNA, frames.Say(new_id(), chat, "Three"))
    assert isinstance(late, Refused)
    assert (late.error.code, late.error.retry) == ("stopping", True)
    room.store.writing.set()
    room.store.reading.set()
    await closing
    assert isinstance(first.result(), Decided)
    assert isinstance(second.result(), Decided)
    stopped = cold.result()
    assert isinstance(stopped, Refused)
    assert stopped.error.code == "stopping"
    assert await room.texts(chat) == ["One", "Two"]
    room.door = room.doorway()
    await room.door.open()


async def test_what_is_being_stored_at_the_end_is_answered(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.writing.clear()
    room.store.batches.clear()
    said = room.submit(ANNA, frames.Say(new_id(), chat, "One"))
    await until(lambda: room.store.batches)
    closing = asyncio.ensure_future(room.door.close())
    await asyncio.sleep(0)
    room.store.writing.set()
    await closing
    assert isinstance(said.result(), Decided)
    room.door = room.doorway()
    await room.door.open()


async def test_time_brings_chats_to_somebody_else(room: Room) -> None:
    room.door.apply(replace(room.rules, presence_grace_ms=20))
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    room.door.leave(MIA)
    await until(lambda: list(room.door.desk.queue) == [chat])
    room.door.arrive(TOM)
    await until(lambda: [event.kind for event in reader.events][-1] == "joined")
    assert not room.door.desk.queue
    assert (room.door.attended, room.door.figures()["agents_present"]) == (True, 1)


async def test_time_closes_what_fell_silent(room: Room) -> None:
    room.door.apply(replace(room.rules, idle_close_ms=30))
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    await until(lambda: [event.kind for event in reader.events][-1] == "closed")


async def test_new_rules_offer_what_waits(room: Room) -> None:
    room.door.arrive(MIA)
    for who in (ANNA, BEN, CLEO):
        await room.open(who)
    assert room.door.figures()["queue"] == 1
    room.door.apply(replace(room.rules, cap=3))
    await until(lambda: room.door.figures()["queue"] == 0)


async def test_a_disabled_agent_is_done_for(room: Room) -> None:
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    assert kinds_of(await room.do(CLOCK, Retire("mia"))) == ["absent", "unassigned"]
    assert await room.code(MIA, frames.Say(new_id(), chat, "Hi")) == "no_chat"


async def test_commands_are_counted(room: Room) -> None:
    chat = await room.open(ANNA)
    await room.say(ANNA, chat)
    await room.code(BEN, frames.Say(new_id(), chat, "Hi"))
    text = room.metrics.text().decode()
    assert 'supportterm_commands_total{kind="Say"} 2.0' in text
    assert 'supportterm_refusals_total{code="no_chat"} 1.0' in text
    assert "supportterm_commit_seconds_count" in text
