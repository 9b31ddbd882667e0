"""What every store keeps to, written against `server.store.interface` alone.

A test module for an implementation gives the fixture ``opening``, which makes stores over the same data.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest
from msgspec.structs import replace

from server.desk.events import Event
from server.store.interface import (
    Agent,
    Append,
    Conflict,
    Customer,
    Invite,
    Log,
    Marks,
    Origin,
    People,
    Session,
    Snapshot,
)

from .events import Story, opened, status


class Store(Log, People, Protocol):
    """Both doors."""

    async def close(self) -> None: ...


Opening = Callable[[], Awaitable[Store]]


def seqs(events: list[Event]) -> list[int]:
    return [event.seq for event in events]


class LogContract:
    """The log."""

    async def test_what_was_appended_is_read(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a", "cust-1", "main", "Hallo", "waar blijft 🐑 mijn pakket?")
        story.note("nothing")
        story.add(
            "message",
            "agent:anna",
            name="Anna",
            cid="c" * 22,
            digest=bytes(8),
            data=b'{"masked":1}',
            text="x\nü",
            v=3,
        )
        await store.append("main", fence, [story.since()])
        assert await store.stream("chat:a") == story.events

    async def test_it_is_there_after_opening_again(self, opening: Opening) -> None:
        store = await opening()
        fence = await store.claim("main")
        story = opened("a", "cust-1", "main", "one")
        await store.append("main", fence, [story.since(), status(1)])
        await store.save_marks([Marks("a", "customer", 1, 1)])
        await store.save_snapshot("main", Snapshot(1, b"{}"))
        epoch, row = store.epoch, await store.row("a")
        await store.close()
        store = await opening()
        assert store.epoch == epoch
        assert await store.stream("chat:a") == story.events
        assert len(await store.stream("desk:main")) == 1
        assert await store.row("a") == row
        assert await store.marks("a") == [Marks("a", "customer", 1, 1)]
        assert await store.snapshot("main") == Snapshot(1, b"{}")
        with pytest.raises(Conflict):
            await store.append("main", fence, [status(2)])
        again = await store.claim("main")
        assert again > fence
        story.message("two")
        await store.append("main", again, [story.since(), status(2)])
        assert seqs(await store.stream("chat:a")) == [1, 2, 3]

    async def test_pages(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a", "cust-1", "main", *[f"{n}" for n in range(20)])
        await store.append("main", fence, [story.since()])
        assert seqs(await store.stream("chat:a", 5)) == list(range(6, 22))
        assert seqs(await store.stream("chat:a", 5, 3)) == [6, 7, 8]
        assert seqs(await store.stream("chat:a", 21)) == []
        assert seqs(await store.before("a", 10, 3, False)) == [7, 8, 9]
        assert seqs(await store.before("a", 1, 3, False)) == []
        assert seqs(await store.before("a", 100, 2, False)) == [20, 21]
        assert await store.stream("chat:nothing") == []
        assert await store.public("nothing", 0, 10) == []
        assert await store.before("nothing", 9, 10, True) == []

    async def test_public_numbers_leave_no_holes_for_hidden_events(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a")
        for n in range(12):
            story.message(f"{n}")
            for _ in range(n % 4):
                story.note("hidden")
        await store.append("main", fence, [story.since()])
        public = [event for event in story.events if event.pub]
        assert [event.pub for event in public] == list(range(1, 14))
        for at in range(15):
            assert await store.public("a", at, 100) == public[at:]
            assert await store.public("a", at, 4) == public[at : at + 4]
            assert await store.before("a", at, 4, True) == public[: max(at - 1, 0)][-4:]

    async def test_a_chat_of_hidden_events_only_has_no_public_ones(self, store: Store) -> None:
        fence = await store.claim("main")
        story = Story("a")
        story.add("opened", "customer", hidden=True)
        story.note("hidden")
        await store.append("main", fence, [story.since()])
        assert await store.public("a", 0, 10) == []
        assert await store.before("a", 5, 10, True) == []
        row = await store.row("a")
        assert row is not None
        assert (row.seq, row.pub) == (2, 0)

    async def test_numbers_must_follow(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a", "cust-1", "main", "one")
        await store.append("main", fence, [story.since()])
        stream = story.stream
        third = story.message("two")
        wrong: list[Append] = [
            Append(stream, 1, [replace(third, seq=2)]),
            Append(stream, 3, [replace(third, seq=4)]),
            Append(stream, 2, [replace(third, seq=4)]),
            Append(stream, 2, [third, third]),
            Append(stream, 2, [replace(third, pub=2)]),
            Append(stream, 2, [replace(third, pub=4)]),
            Append(stream, 2, [replace(third, stream="chat:b")]),
            Append(stream, 0, [replace(third, seq=1, pub=1)], story.origin),
            Append("chat:b", 1, [replace(third, stream="chat:b", seq=2)], story.origin),
        ]
        for write in wrong:
            with pytest.raises(Conflict):
                await store.append("main", fence, [status(1), write])
            assert await store.stream("desk:main") == []
            assert await store.stream(stream) == story.events[:2]
        await store.append("main", fence, [status(1), story.since()])
        assert await store.stream(stream) == story.events

    async def test_one_stream_may_come_twice_in_a_batch(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a", "cust-1", "main", "one")
        first = story.since()
        story.message("two")
        await store.append("main", fence, [first, story.since()])
        assert await store.stream("chat:a") == story.events

    async def test_all_or_nothing(self, store: Store) -> None:
        fence = await store.claim("main")
        good, bad = opened("a", "cust-1", "main", "one"), opened("b", "cust-2")
        write = bad.since()
        with pytest.raises(Conflict):
            await store.append(
                "main", fence, [good.since(), Append(write.stream, 7, write.events, write.origin)]
            )
        assert await store.stream("chat:a") == []
        assert await store.row("a") is None
        assert await store.customer(b"token of cust-1") is None
        assert await store.rows("main", 0) == []

    async def test_a_new_chat_says_whose_it_is(self, store: Store) -> None:
        fence = await store.claim("main")
        write = opened("a").since()
        with pytest.raises(Conflict):
            await store.append("main", fence, [Append(write.stream, 0, write.events)])
        elsewhere = Origin("other", "acme", "cust-1", b"t")
        with pytest.raises(Conflict):
            await store.append("main", fence, [Append(write.stream, 0, write.events, elsewhere)])
        await store.append("main", fence, [write])

    async def test_only_the_newest_writer_of_a_desk_writes(self, store: Store) -> None:
        first = await store.claim("main")
        other = await store.claim("other")
        story = opened("a")
        await store.append("main", first, [story.since()])
        second = await store.claim("main")
        assert second > first
        story.message("late")
        late = story.since()
        for fence in (first, second + 1, 0):
            with pytest.raises(Conflict):
                await store.append("main", fence, [late])
        await store.append("main", second, [late])
        await store.append("other", other, [opened("b", "cust-2", "other").since()])

    async def test_a_desk_does_not_write_anothers_streams(self, store: Store) -> None:
        main, other = await store.claim("main"), await store.claim("other")
        story = opened("a")
        await store.append("main", main, [story.since()])
        story.message("from elsewhere")
        with pytest.raises(Conflict):
            await store.append("other", other, [story.since()])
        with pytest.raises(Conflict):
            await store.append("other", other, [status(1, "main")])
        with pytest.raises(Conflict):
            await store.append("desk-nobody-claimed", 0, [status(1, "desk-nobody-claimed")])

    async def test_rows_follow_the_events(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a")

        async def row() -> tuple[str, str, int]:
            await store.append("main", fence, [story.since()])
            found = await store.row("a")
            assert found is not None
            assert (found.chat, found.desk, found.shop, found.customer) == ("a", "main", "acme", "cust-1")
            assert (found.seq, found.opened_at) == (len(story.events), 1_000)
            assert found.pub == max(event.pub for event in story.events)
            return found.state, found.owner, found.closed_at

        assert await row() == ("queued", "", 0)
        story.joined("anna")
        assert await row() == ("open", "anna", 0)
        story.message("plain")
        story.note("plain")
        assert await row() == ("open", "anna", 0)
        story.closed(at=50_000)
        assert await row() == ("closed", "anna", 50_000)
        story.reopened()
        assert await row() == ("open", "anna", 0)
        story.requeued()
        assert await row() == ("queued", "", 0)
        story.closed(at=60_000)
        assert await row() == ("closed", "", 60_000)
        story.reopened()
        assert await row() == ("queued", "", 0)
        story.joined("bo")
        story.closed(at=70_000)
        assert await row() == ("closed", "bo", 70_000)

    async def test_rows_of_a_desk(self, store: Store) -> None:
        main, other = await store.claim("main"), await store.claim("other")
        for number, closed_at in enumerate((0, 10_000, 0, 20_000, 30_000)):
            story = opened(f"m{number}", f"cust-{number}")
            if closed_at:
                story.closed(at=closed_at)
            await store.append("main", main, [story.since()])
        await store.append("other", other, [opened("o", "cust-9", "other").since()])
        assert [row.chat for row in await store.rows("main", 0)] == ["m0", "m1", "m2", "m3", "m4"]
        assert [row.chat for row in await store.rows("main", 20_000)] == ["m0", "m2", "m3", "m4"]
        assert [row.chat for row in await store.rows("main", 90_000)] == ["m0", "m2"]
        assert [row.chat for row in await store.rows("other", 0)] == ["o"]
        assert await store.rows("none", 0) == []
        assert await store.row("none") is None

    async def test_chats_of_a_customer(self, store: Store) -> None:
        fence = await store.claim("main")
        for chat in ("c", "a", "b"):
            await store.append("main", fence, [opened(chat).since()])
        await store.append("main", fence, [opened("x", "cust-2").since()])
        assert [row.chat for row in await store.chats_of("cust-1", 9)] == ["b", "a", "c"]
        assert [row.chat for row in await store.chats_of("cust-1", 1)] == ["b"]
        assert await store.chats_of("cust-9", 9) == []

    async def test_what_a_customer_said_before(self, store: Store) -> None:
        fence = await store.claim("main")
        old, first = opened("old", "cust-1", "main", "1"), opened("first", "cust-1", "main", "48213", "ja")
        first.message("no customer's", agent="anna")
        first.note("nor this")
        first.add("told", "agent:anna", hidden=True, data=b'{"reason":"late"}')
        first.add("identified", "desk", hidden=True, data=b'{"customer":"cust-1","was":"c-browser"}')
        second, now = opened("second", "cust-1", "main", "48214"), opened("now", "cust-1", "main", "48215")
        others = [opened("theirs", "cust-2"), Story("elsewhere", "cust-1", shop="other")]
        others[1].opened()
        for story, at in [(old, 10), (first, 1_000), (second, 2_000), (now, 3_000), (others[1], 2_000)]:
            story.events[0] = replace(story.events[0], at=at)
        await store.append("main", fence, [story.since() for story in (old, first, second, now, *others)])

        async def said(chats: int = 9, events: int = 99, now: str = "now") -> list[tuple[int, list[int]]]:
            found = await store.said_before("cust-1", "acme", 1_000, now, chats, events)
            return [(at, seqs(held)) for at, held in found]

        assert await said() == [(2_000, [1, 2]), (1_000, [1, 2, 3, 6, 7])]
        assert await said(chats=1) == [(2_000, [1, 2])]
        assert await said(events=3) == [(2_000, [1, 2]), (1_000, [1])]
        assert await said(now="second") == [(1_000, [1, 2, 3, 6, 7])]
        assert await said(now="unknown") == []

    async def test_a_customer_is_stored_with_the_first_chat(self, store: Store) -> None:
        fence = await store.claim("main")
        await store.append("main", fence, [opened("a").since(), opened("b").since()])
        assert await store.customer(b"token of cust-1") == Customer(
            "cust-1", b"token of cust-1", "acme", 1_000
        )

    async def test_marks_only_grow(self, store: Store) -> None:
        fence = await store.claim("main")
        await store.append("main", fence, [opened("a", "cust-1", "main", *"123456789").since()])
        await store.save_marks([Marks("a", "customer", 5, 3), Marks("a", "agent", 2, 2)])
        await store.save_marks([Marks("a", "customer", 4, 4), Marks("never heard of", "agent", 1, 1)])
        await store.save_marks([])
        assert sorted(await store.marks("a"), key=lambda marks: marks.who) == [
            Marks("a", "agent", 2, 2),
            Marks("a", "customer", 5, 4),
        ]
        assert await store.marks("never heard of") == []

    async def test_snapshots_replace_each_other(self, store: Store) -> None:
        assert await store.snapshot("main") is None
        await store.save_snapshot("main", Snapshot(4, b"four"))
        await store.save_snapshot("main", Snapshot(9, b"nine"))
        assert await store.snapshot("main") == Snapshot(9, b"nine")
        assert await store.snapshot("other") is None

    async def test_a_wait_that_is_cancelled_leaves_the_store_in_order(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a", "cust-1", "main", "one")
        waiting = asyncio.ensure_future(store.append("main", fence, [story.since()]))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await store.save_marks([])  # goes through the same writer, so the first has been decided
        written = await store.stream("chat:a")
        assert written in ([], story.events)
        if written:
            story.message("two")
            await store.append("main", fence, [story.since()])
            assert await store.stream("chat:a") == story.events

    async def test_readers_and_a_writer_at_once(self, store: Store) -> None:
        fence = await store.claim("main")
        story = opened("a")
        await store.append("main", fence, [story.since()])

        async def read() -> None:
            last = 0
            while last < 60:
                now = seqs(await store.stream("chat:a"))
                assert now == list(range(1, len(now) + 1))
                assert len(now) >= last
                last = len(now)

        async def write() -> None:
            for n in range(60):
                story.message(f"{n}")
                await store.append("main", fence, [story.since()])

        await asyncio.gather(read(), write())


class PeopleContract:
    """The people."""

    async def test_agents(self, store: Store) -> None:
        assert await store.agent("anna") is None
        anna = Agent("anna", "Anna", "main", "supervisor", 3, ("nl", "da"), False, "hash", 5)
        bo = Agent("bo", "Bo", "other")
        await store.save_agent(bo)
        await store.save_agent(anna)
        assert await store.agent("anna") == anna
        assert await store.agents() == [anna, bo]
        assert await store.agents("other") == [bo]
        assert await store.agents("none") == []
        skilled = replace(
            anna, skills=("returns", "technical"), ceiling=250, trainee=True, shifts=("mon 9:00-17:00",)
        )
        await store.save_agent(skilled)
        assert await store.agents("main") == [skilled]
        changed = replace(
            skilled, disabled=True, limit=0, languages=(), skills=(), ceiling=0, password="other", shifts=()
        )
        await store.save_agent(changed)
        assert await store.agent("anna") == changed

    async def test_sessions(self, store: Store) -> None:
        await store.save_agent(Agent("anna", "Anna", "main"))
        await store.save_agent(Agent("bo", "Bo", "main"))
        session = Session(b"1", "anna", "laptop", 5, 6)
        await store.save_session(session)
        await store.save_session(Session(b"2", "anna", "desktop", 5))
        await store.save_session(Session(b"3", "bo", "desktop", 5))
        assert await store.session(b"1") == session
        await store.save_session(replace(session, used=9))
        assert await store.session(b"1") == replace(session, used=9)
        assert await store.end_sessions("anna") == 2
        assert await store.end_sessions("anna") == 0
        assert await store.session(b"1") is None
        assert await store.session(b"3") is not None

    async def test_invitations_are_for_once_and_for_a_time(self, store: Store) -> None:
        await store.save_agent(Agent("anna", "Anna", "main"))
        await store.save_agent(Agent("bo", "Bo", "main"))
        await store.save_invite(Invite(b"1", "anna", 100))
        await store.save_invite(Invite(b"2", "bo", 100))
        assert await store.use_invite(b"nothing", 50) is None
        assert await store.use_invite(b"1", 50) == "anna"
        assert await store.use_invite(b"1", 50) is None
        assert await store.use_invite(b"2", 100) is None
        assert await store.use_invite(b"2", 50) is None

    async def test_a_new_invitation_voids_the_one_before(self, store: Store) -> None:
        await store.save_agent(Agent("anna", "Anna", "main"))
        await store.save_invite(Invite(b"1", "anna", 100))
        await store.save_invite(Invite(b"2", "anna", 100))
        assert await store.use_invite(b"1", 50) is None
        assert await store.use_invite(b"2", 50) == "anna"

    async def test_what_belongs_to_nobody_is_refused(self, store: Store) -> None:
        with pytest.raises(Conflict):
            await store.save_session(Session(b"1", "nobody", "laptop", 5))
        with pytest.raises(Conflict):
            await store.save_invite(Invite(b"1", "nobody", 5))
