"""A commit that fails loses nothing, doubles nothing, and leaves nobody without an answer."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.decision import Decided, Decision, Refused, Repeated
from server.desk.events import Event, chat_stream
from server.store.interface import Append, Conflict, Corrupt, Unavailable
from supportterm.protocol import frames
from tests.desk.story import ANNA, BEN, CLEO, MIA, TOM, chat_of, new_id

from .room import Room, until

FULL = Unavailable("disk full", "no room")


def codes(decisions: list[Decision]) -> list[str]:
    return [decision.error.code if isinstance(decision, Refused) else "" for decision in decisions]


async def settled(*answers: asyncio.Future[Decision]) -> list[Decision]:
    async with asyncio.timeout(10):
        return await asyncio.gather(*answers)


async def test_another_writer_took_the_desk(room: Room) -> None:
    room.door.arrive(MIA)
    chats = [await room.open(who) for who in (ANNA, BEN)]
    reader = await room.read(chats[0], public=False)
    await room.store.claim("main")
    said = [room.submit(ANNA, frames.Say(new_id(), chats[0], f"{n}")) for n in range(5)]
    said.append(room.submit(BEN, frames.Say(new_id(), chats[1], "Ben")))
    assert codes(await settled(*said)) == [""] * 6
    assert await room.texts(chats[0]) == ["0", "1", "2", "3", "4"]
    assert await room.texts(chats[1]) == ["Ben"]
    assert reader.numbers() == list(range(1, 9))
    # Who was there is still there.
    assert (await room.open(CLEO), room.door.figures()["agents_present"]) == (chat_of(CLEO), 1)
    assert list(room.door.desk.queue) == [chat_of(CLEO)]


async def test_another_writer_wrote_first(room: Room) -> None:
    """A row stands where ours should: readers see it, and what was pending follows it."""
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    fence = await room.store.claim("main")
    theirs = Event(
        chat_stream(chat), 2, 2, 5, "message", "customer", cid="their-id-0000000", digest=b"x", text="0"
    )
    await super(type(room.store), room.store).append("main", fence, [Append(theirs.stream, 1, [theirs])])
    said = room.submit(ANNA, frames.Say(new_id(), chat, "1"))
    same = room.submit(ANNA, frames.Say("their-id-0000000", chat, "other"))
    assert codes(await settled(said, same)) == ["", "id_conflict"]
    assert await room.texts(chat) == ["0", "1"]
    assert [(event.seq, event.text) for event in reader.events] == [(1, ""), (2, "0"), (3, "1")]


async def test_what_came_while_folding_follows_in_order(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.failing = [Conflict("injected")]
    room.store.writing.clear()
    room.store.batches.clear()
    said = [room.submit(ANNA, frames.Say(new_id(), chat, "0"))]
    await until(lambda: room.store.batches)
    said.append(room.submit(ANNA, frames.Say(new_id(), chat, "1")))
    room.store.writing.set()
    while not said[0].done():
        said.append(room.submit(ANNA, frames.Say(new_id(), chat, f"{len(said)}")))
        await asyncio.sleep(0)
    said.append(room.submit(ANNA, frames.Say(new_id(), chat, f"{len(said)}")))
    assert codes(await settled(*said)) == [""] * len(said)
    assert await room.texts(chat) == [f"{n}" for n in range(len(said))]
    assert len(said) > 4


async def test_what_is_set_while_the_desk_is_folded_anew_holds_after_it(room: Room) -> None:
    chat = await room.open(ANNA)
    before = room.door.desk
    room.store.gates[chat_stream(chat)] = gate = asyncio.Event()
    room.store.failing = [Conflict("injected")]
    said = room.submit(ANNA, frames.Say(new_id(), chat, "Hi"))
    await until(lambda: room.store.at_gates)
    rules = replace(room.door.rules, cap=7)
    room.door.apply(rules)
    room.door.know([Member("zoe", "Zoe", "agent")])
    gate.set()
    await said
    assert room.door.desk is not before
    assert room.door.desk.rules is rules
    assert "zoe" in room.door.desk.members


async def test_decisions_are_made_again(room: Room) -> None:
    """Pending decisions rested on what was never stored: on the true state they come out otherwise."""
    chat = await room.open(ANNA)
    fence = await room.store.claim("main")
    closed = Event(chat_stream(chat), 2, 2, 5, "closed", "desk", data=b'{"reason":"idle"}')
    await super(type(room.store), room.store).append("main", fence, [Append(closed.stream, 1, [closed])])
    close = room.submit(ANNA, frames.CloseChat(new_id(), chat))
    open_again = room.submit(ANNA, frames.Open(new_id(), chat_of(ANNA, 2)))
    assert codes(await settled(close, open_again)) == ["already", ""]


async def test_one_poisoned_command_is_refused_alone(room: Room) -> None:
    chats = [await room.open(who) for who in (ANNA, BEN)]
    before = room.submit(ANNA, frames.Say(new_id(), chats[0], "before"))
    # No store can hold half a character; the gateway never lets one through.
    poison = room.submit(CLEO, frames.Open(new_id(), chat_of(CLEO), page="\ud800"))
    after = [room.submit(BEN, frames.Say(new_id(), chats[1], f"{n}")) for n in range(3)]
    decisions = await settled(before, poison, *after)
    assert codes(decisions) == ["", "id_conflict", "", "", ""]
    refused = decisions[1]
    assert isinstance(refused, Refused)
    assert not refused.error.retry
    assert (await room.texts(chats[0]), await room.texts(chats[1])) == (["before"], ["0", "1", "2"])
    assert await room.store.row(chat_of(CLEO)) is None
    assert await room.open(CLEO) == chat_of(CLEO)


async def test_a_second_chance_before_a_refusal(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.failing = [Conflict("once"), Conflict("twice")]
    await room.say(ANNA, chat, "Third time lucky")
    room.store.failing = [Conflict("once"), Conflict("twice"), Conflict("for good")]
    assert await room.code(ANNA, frames.Say(new_id(), chat, "Poison")) == "id_conflict"
    await room.say(ANNA, chat, "Next")
    assert await room.texts(chat) == ["Third time lucky", "Next"]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [(FULL, "disk full"), (Unavailable("locked", "no"), "locked"), (Corrupt("bad page"), "damaged")],
)
async def test_trouble_is_answered_and_ends(room: Room, error: Exception, trouble: str) -> None:
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    room.store.failing = [error]
    room.store.writing.clear()
    room.store.batches.clear()
    commands = [frames.Say(new_id(), chat, f"{n}") for n in range(4)]
    said = [room.submit(ANNA, command) for command in commands[:2]]
    await until(lambda: room.store.batches)
    said += [room.submit(ANNA, command) for command in commands[2:]]
    changed = asyncio.Event()
    room.door.after_batch = changed.set
    room.store.writing.set()
    decisions = await settled(*said)
    assert codes(decisions) == ["storage"] * 4
    assert all(isinstance(decision, Refused) and decision.error.retry for decision in decisions)
    assert (room.door.trouble, changed.is_set()) == (trouble, True)
    # Meanwhile: a retryable refusal for writers, and readers go on.
    assert await room.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "storage"
    assert (await room.read(chat)).numbers() == [1]
    await until(lambda: not room.door.trouble)
    assert codes(await settled(*(room.submit(ANNA, command) for command in commands))) == [""] * 4
    assert await room.texts(chat) == ["0", "1", "2", "3"]
    assert reader.numbers() == [1, 2, 3, 4, 5]


async def test_a_full_disk(room: Room) -> None:
    """The real thing: SQLite finds no page any more, and later does again."""
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    await room.store.limit_pages(10)
    taken: list[str] = []
    refused: frames.Say | None = None
    while refused is None:
        command = frames.Say(new_id(), chat, f"{len(taken)}" + "." * 3_000)
        decision = await room.ask(ANNA, command)
        if isinstance(decision, Decided):
            taken.append(command.text)
        else:
            assert codes([decision]) == ["storage"]
            refused = command
    assert room.door.trouble == "disk full"
    assert taken
    assert await room.texts(chat) == taken
    await room.store.limit_pages(-1)
    await until(lambda: not room.door.trouble)
    await room.do(ANNA, refused)
    assert await room.texts(chat) == [*taken, refused.text]
    assert reader.numbers() == list(range(1, len(taken) + 3))


async def test_trouble_while_deciding_again_leaves_nobody_waiting(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.failing = [Conflict("injected"), None, FULL]
    commands = [frames.Say(new_id(), chat, f"{n}") for n in range(3)]
    assert codes(await settled(*(room.submit(ANNA, command) for command in commands))) == [
        "",
        "storage",
        "storage",
    ]
    assert room.door.trouble == "disk full"
    await until(lambda: not room.door.trouble)
    decisions = await settled(*(room.submit(ANNA, command) for command in commands))
    assert [type(decision) for decision in decisions] == [Repeated, Decided, Decided]
    assert await room.texts(chat) == ["0", "1", "2"]


async def test_what_was_held_while_folding_is_answered_in_trouble(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.failing = [Conflict("injected"), FULL]
    said = [room.submit(ANNA, frames.Say(new_id(), chat, "0"))]
    while not said[0].done():
        said.append(room.submit(ANNA, frames.Say(new_id(), chat, f"{len(said)}")))
        await asyncio.sleep(0)
    assert set(codes(await settled(*said))) == {"storage"}
    await until(lambda: not room.door.trouble)
    assert await room.texts(chat) == []


async def test_a_commit_that_succeeded_though_it_failed(room: Room) -> None:
    """A disk error after the write: whoever sends again gets the same number."""
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    room.store.failing_late = [Unavailable("disk error", "after the write")]
    command = frames.Say(new_id(), chat, "Once")
    assert await room.code(ANNA, command) == "storage"
    await until(lambda: not room.door.trouble)
    assert reader.numbers() == [1, 2]
    assert await room.ask(ANNA, command) == Repeated(2, 2)
    assert await room.texts(chat) == ["Once"]


async def test_a_lost_conflict_is_no_double_either(room: Room) -> None:
    chat = await room.open(ANNA)
    reader = await room.read(chat)
    room.store.failing_late = [Conflict("answer lost")]
    command = frames.Say(new_id(), chat, "Once")
    assert await room.ask(ANNA, command) == Repeated(2, 2)
    assert (await room.texts(chat), reader.numbers()) == (["Once"], [1, 2])


async def test_presence_outlives_trouble(room: Room) -> None:
    room.door.arrive(MIA)
    await room.open(ANNA)
    room.store.failing = [FULL]
    assert await room.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "storage"
    await until(lambda: not room.door.trouble)
    assert room.door.attended
    await room.open(BEN)
    assert len(room.door.feeds.read_by("mia")) == 2


async def test_who_leaves_during_trouble_is_gone(room: Room) -> None:
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    room.store.failing = [FULL]
    assert await room.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "storage"
    room.door.leave(MIA)
    await until(lambda: not room.door.trouble)
    assert room.door.figures()["agents_present"] == 0
    assert [feed.chat.id for feed in room.door.feeds.read_by("mia")] == [chat]


async def test_the_server_stops_in_the_middle_of_trouble(room: Room) -> None:
    chat = await room.open(ANNA)
    room.store.failing = [FULL]
    assert await room.code(ANNA, frames.Say(new_id(), chat, "Hi")) == "storage"
    assert room.door.trouble
    await room.reopen()
    assert await room.texts(chat) == []
    await room.say(ANNA, chat)


async def test_who_comes_and_goes_while_the_desk_is_folded_after_trouble(room: Room) -> None:
    """Their coming and going is refused like everything else, and must be known all the same."""
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    room.store.failing = [FULL]
    gate = room.store.gates["desk:main"] = asyncio.Event()
    assert await room.code(ANNA, frames.Say(new_id(), chat, "0")) == "storage"
    await until(lambda: room.store.at_gates)
    room.door.leave(MIA)
    room.door.arrive(TOM)
    gate.set()
    await until(lambda: not room.door.trouble)
    assert room.door.figures()["agents_present"] == 1
    assert (await room.do(BEN, frames.Open(new_id(), chat_of(BEN), "en")))[-1].actor == "agent:tom"


async def test_an_old_chat_whose_commit_succeeded_though_it_failed(room: Room) -> None:
    """It is not folded any more, but its readers follow, and so does what is written into it next."""
    room.door.arrive(MIA)
    chat = await room.open(ANNA)
    await room.do(ANNA, frames.CloseChat(new_id(), chat))
    reader = await room.read(chat, public=False)
    room.platform.ahead = 2 * room.rules.reopen_ms
    room.store.failing_late = [Conflict("injected")]
    first = frames.Note(new_id(), chat, "0")
    assert isinstance(await room.ask(MIA, first), Repeated)
    await room.do(MIA, frames.Note(new_id(), chat, "1"))
    assert [event.text for event in reader.events[-2:]] == ["0", "1"]
