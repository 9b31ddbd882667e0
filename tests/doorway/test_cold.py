"""Chats that are not in memory: loading, reading, marks, and leaving memory again."""

from __future__ import annotations

import asyncio

import pytest

from server.desk.commands import CLOCK, Erase
from server.desk.decision import Refused
from server.desk.events import chat_stream
from server.feeds import TAIL, Cursor
from server.store.interface import Conflict, Unavailable
from supportterm.protocol import frames
from supportterm.protocol.limits import PAGE_EVENTS
from tests.desk.story import ANNA, BEN, MIA, MINUTE, chat_of, new_id

from .reader import Reader
from .room import Room, until

LATER = 31 * MINUTE


async def cold(room: Room, texts: int = 1) -> str:
    """A closed chat that is not in memory."""
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    for n in range(texts):
        room.submit(ANNA, frames.Say(new_id(), chat, f"{n}"))
    await room.do(ANNA, frames.CloseChat(new_id(), chat))
    room.platform.ahead += LATER
    await until(lambda: room.door.feeds.get(chat) is None)
    assert room.door.figures()["chats_in_memory"] == 0
    room.store.looked_up.clear()
    return chat


async def test_a_cold_chat_is_loaded_once_for_all_who_wait(room: Room) -> None:
    chat = await cold(room)
    room.store.reading.clear()
    order: list[int] = []
    notes = [room.submit(MIA, frames.Note(new_id(), chat, f"{n}")) for n in range(10)]
    for n, note in enumerate(notes):
        note.add_done_callback(lambda _, n=n: order.append(n))  # type: ignore[misc]
    await until(lambda: room.store.looked_up)
    # Nobody else waits for it.
    assert await room.do(MIA, frames.SetStatus(new_id(), "away"))
    notes.append(room.submit(MIA, frames.Note(new_id(), chat, "10")))
    notes[-1].add_done_callback(lambda _: order.append(10))
    room.store.reading.set()
    await asyncio.gather(*notes)
    await until(lambda: len(order) == 11)
    assert order == list(range(11))
    assert room.store.looked_up == [chat]
    assert [event.text for event in await room.stored(chat) if event.kind == "note"] == [
        f"{n}" for n in range(11)
    ]


async def test_a_chat_that_leaves_memory_before_its_turn_is_loaded_again(room: Room) -> None:
    chat = await cold(room)
    # The sweep comes right behind the load, before whoever waited for it.
    room.door._load(chat).add_done_callback(lambda _: room.door._sweep())
    await room.do(MIA, frames.Note(new_id(), chat, "Called her"))
    assert room.store.looked_up[:2] == [chat] * 2
    assert "Called her" in [event.text for event in await room.stored(chat)]


async def test_a_new_chat_and_its_first_message_wait_together(room: Room) -> None:
    answers = [
        room.submit(ANNA, frames.Open(new_id(), chat_of(ANNA))),
        room.submit(ANNA, frames.Say(new_id(), chat_of(ANNA), "Hi")),
    ]
    await asyncio.gather(*answers)
    assert await room.texts(chat_of(ANNA)) == ["Hi"]
    assert room.store.looked_up == [chat_of(ANNA)]


async def test_what_nobody_opened_is_no_chat(room: Room) -> None:
    for who in (ANNA, MIA):
        assert await room.code(who, frames.Say(new_id(), "unknown-chat-0000", "Hi")) == "no_chat"
    assert await room.door.feed("unknown-chat-0000") is None


async def test_another_desks_chat_is_none_of_ours(room: Room) -> None:
    """Its id is taken; nothing else shows that it exists, and nothing has to be folded anew."""
    other = room.doorway("other")
    await other.open()
    done = asyncio.get_running_loop().create_future()
    other.submit(BEN, frames.Open(new_id(), chat_of(BEN)), done.set_result)
    await done
    room.store.batches.clear()
    assert await room.code(ANNA, frames.Open(new_id(), chat_of(BEN))) == "id_conflict"
    assert await room.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "id_conflict"
    for who in (ANNA, BEN, MIA):
        assert await room.code(who, frames.Say(new_id(), chat_of(BEN), "Hi")) == "no_chat"
    assert await room.door.feed(chat_of(BEN)) is None
    assert await room.door.chats_of(BEN.id) == []
    assert [row.chat for row in await other.chats_of(BEN.id)] == [chat_of(BEN)]
    assert room.store.batches == []
    await other.close()


async def test_what_cannot_be_read_can_be_tried_again(room: Room) -> None:
    chat = await cold(room)
    room.store.unreadable = Unavailable("disk error", "no")
    commands = [frames.Note(new_id(), chat, f"{n}") for n in range(3)]
    for command in commands:
        refused = await room.ask(MIA, command)
        assert isinstance(refused, Refused)
        assert (refused.error.code, refused.error.retry) == ("storage", True)
    with pytest.raises(Unavailable):
        await room.door.feed(chat)
    room.store.unreadable = None
    for command in commands:
        await room.do(MIA, command)
    assert room.door.trouble == ""


async def test_a_load_into_a_desk_that_was_thrown_away(room: Room) -> None:
    chat = await cold(room)
    other = await room.open(BEN)
    room.store.reading.clear()
    note = room.submit(MIA, frames.Note(new_id(), chat, "late"))
    room.store.failing = [Conflict("injected")]
    await room.say(BEN, other)
    room.store.reading.set()
    await note
    assert [event.text for event in await room.stored(chat) if event.kind == "note"] == ["late"]


async def test_a_load_that_ends_as_the_desk_is_thrown_away(room: Room) -> None:
    """It went into the old desk, and the new one is already deciding when its command comes up."""
    chat = await cold(room)
    other = await room.open(BEN)
    gates = [asyncio.Event(), asyncio.Event()]
    streams = [chat_stream(chat), chat_stream(other)]
    room.store.gates = dict(zip(streams, gates, strict=True))
    note = room.submit(MIA, frames.Note(new_id(), chat, "in between"))
    await until(lambda: room.store.at_gates == streams[:1])
    room.store.failing = [Unavailable("disk full", "no")]
    assert await room.code(BEN, frames.Say(new_id(), other, "Hi")) == "storage"
    await until(lambda: room.store.at_gates == streams)
    room.store.gates = {}
    for gate in gates:
        gate.set()
    await note
    assert [event.text for event in await room.stored(chat) if event.kind == "note"] == ["in between"]


async def test_a_cold_chat_is_loaded_again_when_its_command_is_decided_again(room: Room) -> None:
    chat = await cold(room)
    room.store.failing = [Conflict("injected")]
    await room.do(MIA, frames.Note(new_id(), chat, "again"))
    assert [event.text for event in await room.stored(chat) if event.kind == "note"] == ["again"]


async def test_closed_chats_stay_while_somebody_reads(room: Room) -> None:
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    await room.do(ANNA, frames.CloseChat(new_id(), chat))
    room.platform.ahead += LATER
    feed = room.door.feeds.get(chat)
    assert feed is not None
    looks = len(room.store.looked_up)
    room.door._sweep()
    assert room.door.feeds.get(chat) is feed
    assert (reader.events[-1].kind, looks) == ("closed", len(room.store.looked_up))
    room.door.feeds.drop_cursor(feed.cursors[0])
    await until(lambda: room.door.feeds.get(chat) is None)


async def test_nothing_leaves_memory_while_a_new_desk_is_read(room: Room) -> None:
    """The new desk would have a chat that is in no feed, and who asks for it would wait for ever."""
    closed, other = await room.open(ANNA), await room.open(BEN)
    await room.do(ANNA, frames.CloseChat(new_id(), closed))
    gate = asyncio.Event()
    room.store.gates = {chat_stream(other): gate}
    room.store.failing = [Conflict("injected")]
    said = room.submit(BEN, frames.Say(new_id(), other, "Hi"))
    await until(lambda: room.store.at_gates)
    assert room.door.feeds.get(closed) is not None
    room.platform.ahead += LATER
    room.door._sweep()
    room.store.gates = {}
    gate.set()
    await said
    async with asyncio.timeout(10):
        assert await room.door.feed(closed) is not None


async def test_open_and_recent_chats_stay(room: Room) -> None:
    chats = [await room.open(who) for who in (ANNA, BEN)]
    room.platform.ahead += LATER
    await room.do(BEN, frames.CloseChat(new_id(), chats[1]))
    room.door._sweep()
    assert all(room.door.feeds.get(chat) is not None for chat in chats)


async def test_marks_grow_and_are_stored_lazily(room: Room) -> None:
    chat = await room.open(ANNA)
    await room.say(ANNA, chat)
    feed = await room.door.feed(chat)
    assert feed is not None
    assert room.door.mark(feed, True, 1, 0) == frames.Marks(1, 0)
    assert room.door.mark(feed, True, 1, 1) == frames.Marks(1, 1)
    assert room.door.mark(feed, True, 0, 0) is None
    # Nobody saw what was not said yet; whoever saw it got it.
    assert room.door.mark(feed, False, 0, 99) == frames.Marks(2, 2)
    assert feed.head(public=True).customer_marks == frames.Marks(1, 1)
    while len(await room.store.marks(chat)) < 2:
        await asyncio.sleep(0.001)
    room.door.mark(feed, True, 2, 1)
    await room.reopen()
    again = await room.door.feed(chat)
    assert again is not None
    assert again is not feed
    assert (again.customer_marks, again.agent_marks) == (frames.Marks(2, 1), frames.Marks(2, 2))


async def test_marks_come_with_a_cold_chat(room: Room) -> None:
    chat = await cold(room)
    row = await room.store.row(chat)
    assert row is not None
    feeds = await asyncio.gather(*(room.door.feed(chat) for _ in range(3)))
    assert feeds[0] is not None
    assert all(feed is feeds[0] for feed in feeds)
    assert room.door.mark(feeds[0], True, 2, 2) == frames.Marks(2, 2)
    await room.reopen()
    again = await room.door.feed(chat)
    assert again is not None
    assert again.customer_marks == frames.Marks(2, 2)


async def test_marks_survive_a_store_that_refuses_them(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = await room.open(ANNA)
    feed = await room.door.feed(chat)
    assert feed is not None
    failures = [Unavailable("locked", "no"), Unavailable("locked", "no")]
    save = room.store.save_marks

    async def failing(marks: object) -> None:
        if failures:
            raise failures.pop()
        await save(marks)  # type: ignore[arg-type]

    monkeypatch.setattr(room.store, "save_marks", failing)
    room.door.mark(feed, True, 1, 1)
    while not await room.store.marks(chat):
        await asyncio.sleep(0.001)
    assert failures == []


@pytest.mark.parametrize("public", [True, False])
async def test_readers_behind_the_tail_get_every_page(room: Room, public: bool) -> None:
    many = 2 * PAGE_EVENTS + TAIL
    chat = await cold(room, many)
    slow = await room.read(chat, public=public, room=PAGE_EVENTS // 2)
    fast = await room.read(chat, public=public)
    feed = await room.door.feed(chat)
    assert feed is not None
    last = feed.chat.pub if public else feed.chat.seq
    await until(lambda: fast.numbers() == list(range(1, last + 1)))
    assert slow.numbers() == list(range(1, PAGE_EVENTS // 2 + 1))
    slow.paused, slow.room = False, -1
    for cursor in feed.cursors:
        room.door.feeds.pump(cursor)
    await until(lambda: slow.numbers() == list(range(1, last + 1)))
    assert [event.kind for event in slow.events] == [event.kind for event in fast.events]


async def test_nothing_more_for_who_left_while_a_page_was_read(room: Room) -> None:
    chat = await cold(room, 3)
    feed = await room.door.feed(chat)
    assert feed is not None
    reader = Reader()
    cursor = Cursor(feed, reader, True, 0)
    feed.cursors.append(cursor)
    room.door.feeds.pump(cursor)
    assert cursor.reading
    room.door.feeds.drop_cursor(cursor)
    await until(lambda: not cursor.reading)
    assert reader.events == []


async def test_a_page_that_cannot_be_read_is_read_after_the_trouble(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = await cold(room, 3)
    feed = await room.door.feed(chat)
    assert feed is not None
    public = room.store.public

    async def failing(*args: object) -> None:
        raise Unavailable("disk error", "no")

    monkeypatch.setattr(room.store, "public", failing)
    reader = await room.read(chat)
    await until(lambda: not feed.cursors[0].reading)
    assert reader.events == []
    monkeypatch.setattr(room.store, "public", public)
    room.store.failing = [Unavailable("disk full", "no")]
    assert await room.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "storage"
    await until(lambda: len(reader.events) == feed.chat.pub)
    assert reader.numbers() == list(range(1, feed.chat.pub + 1))


async def test_scrolling_back(room: Room) -> None:
    chat = await cold(room, PAGE_EVENTS + 20)
    feed = await room.door.feed(chat)
    assert feed is not None
    events, more = await room.door.page(feed, feed.chat.pub + 1, public=True)
    assert (len(events), events[-1].pub, more) == (PAGE_EVENTS, feed.chat.pub, True)
    rest, more = await room.door.page(feed, events[0].pub, public=True)
    assert ([event.pub for event in rest], more) == (list(range(1, events[0].pub)), False)
    assert await room.door.page(feed, 1, public=False) == ([], False)
    assert await room.door.page(feed, 0, public=True) == ([], False)


async def test_erasing_reaches_every_reader(room: Room) -> None:
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    await room.say(ANNA, chat, "my secret")
    customer, agent = await room.read(chat), await room.read(chat, public=False)
    assert await room.store.erase_person(ANNA.id) == [chat]
    await room.do(CLOCK, Erase(chat))
    await until(lambda: customer.events[-1].kind == agent.events[-1].kind == "erased")
    late = await room.read(chat)
    await until(lambda: late.events and late.events[-1].kind == "erased")
    assert [event.text for event in late.events] == [""] * len(late.events)
    assert late.events[2].erased
    await room.say(ANNA, chat, "still here")
    assert customer.events[-1].text == late.events[-1].text == "still here"


async def test_a_snapshot_is_taken_at_the_end_and_now_and_then(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.do(MIA, frames.SetStatus(new_id(), "away"))
    assert await room.store.snapshot("main") is None
    await room.reopen()
    taken = await room.store.snapshot("main")
    assert taken is not None
    assert (taken.seq, room.door.desk.agents["mia"].status) == (1, "away")
    monkeypatch.setattr("server.doorway.SNAPSHOT_EVENTS", 3)
    for status in ("online", "away", "online", "away"):
        await room.do(MIA, frames.SetStatus(new_id(), status))
    while (taken := await room.store.snapshot("main")) is None or taken.seq < 4:
        await asyncio.sleep(0.001)
    await room.reopen()
    assert room.door.desk.agents["mia"].status == "away"
