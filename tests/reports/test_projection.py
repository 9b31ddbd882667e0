"""However the log was followed, in slices, with restarts and failures in between, the facts are the same."""

from __future__ import annotations

import asyncio
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.desk.events import CUSTOMER, agent_actor
from server.reports import tables
from server.reports.projection import Projection, Standing
from server.reports.service import Reports
from server.store.files import DATABASE
from server.store.interface import Unavailable
from server.store.sqlite import SqliteStore

from ..store.platforms import Inline
from .desk import Chat, Room, Still, at, scope

TABLES = ("cursor", "desk", "agent", "chat", "gap", "served", "online", "full", "promise", "given")
AGENTS = ("anna", "bo", "cy")
#: Low ones, that are reached in few steps.
CEILINGS = {"anna": 100, "bo": 50, "cy": 150}
RULES = scope().rules


async def dump(store: SqliteStore) -> dict[str, list[Any]]:
    """All facts, in a fixed order."""
    found = {}
    for table in TABLES:
        found[table] = sorted(map(tuple, await store.facts(f"SELECT * FROM report_{table}")))
    return found


STEP = st.tuples(
    st.sampled_from(
        [
            *("ask", "ask", "say", "say", "say", "join", "join", "join", "unassign", "promise", "promise"),
            *("kept", "broken", "close", "leave", "gone", "abuse", "reopen", "page_gone", "page_back"),
            *("left", "breathe", "longer", "present", "absent", "online", "away", "erased", "note"),
            *("tell", "give"),
        ]
    ),
    st.integers(0, 2),
    st.sampled_from(AGENTS),
    st.sampled_from((0, 0, 0.001, 1, 7, 59, 151, 700, 2_400)),
)
#: What happens, to which chat, by which agent, and how many seconds later.
STEPS = st.integers(0, 40).flatmap(lambda size: st.lists(STEP, min_size=size, max_size=size + 20))


def happened(steps: list[tuple[str, int, str, float]]) -> Room:
    """The log of these steps; what a desk would not do is done as well."""
    room, chats, now = Room(), dict[int, Chat](), 0.0
    for number, agent in enumerate(AGENTS):
        room.online(agent, 0)
        chats[number] = room.chat(f"c{number}").joined(0, agent, CEILINGS[agent])
    for what, number, agent, later in steps:
        now += later
        if what in ("present", "absent"):
            room.own(now, what, agent)
        elif what in ("online", "away"):
            room.status(agent, now, what)
        else:
            happens(chats[number], what, agent, now)
    return room


def happens(chat: Chat, what: str, agent: str, now: float) -> None:
    match what:
        case "ask":
            chat.asks(now)
        case "say":
            chat.says(now, agent)
        case "join":
            chat.joined(now, agent, CEILINGS[agent])
        case "unassign":
            chat.add(now, "unassigned", reason="absent", agent=agent)
        case "promise":
            chat.add(now, "promised", due_at=at(now + (300 if agent == "anna" else 3_000)))
        case "kept" | "broken":
            chat.add(now, "promise_ended", how=what)
        case "close":
            chat.closed(now, "agent", agent)
        case "leave":
            chat.closed(now, "customer")
        case "gone" | "abuse":
            chat.closed(now, what)
        case "reopen":
            chat.add(now, "reopened", CUSTOMER)
        case "tell":
            chat.add(now, "told", agent_actor(agent), reason=f"why-{agent}")
        case "give":
            chat.add(now, "told", agent_actor(agent), reason=f"why-{agent}", mandate="voucher")
        case "left":
            chat.add(now, "left", due_at=at(now + 3_600))
        case "breathe" | "longer":
            chat.add(now, "breathed", act="end" if what == "breathe" else "extend")
        case _:
            chat.add(now, what)


async def in_slices(room: Room, cuts: list[int], size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts after following the growing log, each time by a projection of its own; and made anew."""
    with tempfile.TemporaryDirectory() as directory:
        platform = Inline()
        store = await SqliteStore.open(Path(directory) / DATABASE, platform)
        worker = platform.worker("reports")
        whole, stored = room.events, 0
        for cut in sorted({min(cut, len(whole)) for cut in cuts} | {len(whole)}):
            room.events = whole[:cut]
            await room.store(store, stored)
            stored = cut
            await Projection(store, worker, RULES, size).follow()
        sliced = await dump(store)
        await Projection(store, worker, RULES, 100_000).rebuild()
        anew = await dump(store)
        await worker.stop()
        await store.close()
    return sliced, anew


@settings(deadline=None, max_examples=40)
@given(STEPS, st.lists(st.integers(0, 90), max_size=4), st.sampled_from((1, 2, 3, 7, 500)))
def test_slices_make_no_difference(steps: list[Any], cuts: list[int], size: int) -> None:
    sliced, anew = asyncio.run(in_slices(happened(steps), cuts, size))
    assert sliced == anew


@settings(deadline=None)
@given(STEPS)
def test_what_was_carried_is_what_a_recount_by_the_second_finds(steps: list[Any]) -> None:
    """Online and at the ceiling, by a sum over every millisecond at which anything can change."""
    entries = happened(steps).entries()
    if not entries:
        return
    standing = Standing(RULES)
    changes = standing.take(entries, [])
    carrying = standing.desk("main")
    carrying.until(carrying.at)
    online = sum(span.until - span.since for span in (*changes.online, *carrying.online))
    full = sum(row[3] for row in changes.full) + sum(carrying.full.values())
    assert (online, full) == recount(entries)


def recount(entries: list[Any]) -> tuple[int, int]:
    """Between any two moments, fold the log up to the first one from nothing and weigh everything."""
    from server.reports.facts import ChatFacts, fold, weight

    rules = RULES["main"]
    clock, moments = 0, set[int]()
    folded: list[tuple[int, Any]] = []
    for entry in entries:
        clock = max(clock, entry.event.at)
        folded.append((clock, entry))
        moments.add(clock)
    last = clock
    # Deadlines: everything that a chat may wait for after any of its events.
    chats: dict[int, ChatFacts] = {}
    for when, entry in folded:
        if entry.chat:
            chat = chats.setdefault(entry.stream, ChatFacts(entry.stream, "main"))
            fold(chat, entry.event, rules)
            due = when
            while due:
                _, due = weight(chat, due, rules)
                moments.update({due} - {0})
    ends = sorted(moment for moment in moments if moment <= last)
    online = full = 0
    for start, end in pairwise(ends):
        here, busy = standing_at(folded, start)
        online += here * (end - start)
        full += busy * (end - start)
    return online, full


def standing_at(folded: list[tuple[int, Any]], moment: int) -> tuple[int, int]:
    """How many agents are online, and how many of those at their ceiling."""
    from server.reports.facts import ChatFacts, fold, weight

    rules = RULES["main"]
    chats: dict[int, ChatFacts] = {}
    there: dict[str, list[Any]] = {agent: ["online", True, rules.ceiling] for agent in AGENTS}
    for when, entry in folded:
        if when > moment:
            break
        data = entry.event.data.decode()
        agent = next((agent for agent in AGENTS if f'"agent":"{agent}"' in data), "")
        if entry.chat:
            fold(chats.setdefault(entry.stream, ChatFacts(entry.stream, "main")), entry.event, rules)
        if entry.event.kind == "routed":
            there[agent][2] = CEILINGS[agent]
        elif entry.event.kind == "status":
            there[agent][0] = "online" if '"online"' in data else "away"
        elif not entry.chat:
            there[agent][1] = entry.event.kind == "absent"
    points = dict.fromkeys(AGENTS, 0)
    for chat in chats.values():
        if chat.owner:
            points[chat.owner] += weight(chat, moment, rules)[0]
    online = [agent for agent, (status, absent, _) in there.items() if status == "online" and not absent]
    return len(online), sum(points[agent] >= there[agent][2] for agent in online)


async def test_a_failed_slice_is_folded_again(tmp_path: Path) -> None:
    class Filling(SqliteStore):
        """Its disk is full now and then."""

        full = 0

        async def project(self, change: Any) -> Any:
            self.full -= 1
            if self.full == 0:
                raise Unavailable("disk full", "The disk is full.")
            return await super().project(change)

    room = Room()
    room.online("anna", 0)
    for number in range(20):
        room.chat(f"c{number}", number).asks(number).joined(number).says(number + 5).asks(number + 7)
    platform = Still()
    store = await Filling.open(tmp_path / DATABASE, platform)
    await room.store(store)
    reports = Reports(store, platform, scope())
    worker = platform.worker("test")
    projection = Projection(store, worker, RULES, 10)
    store.full = 3
    with pytest.raises(Unavailable):
        await projection.follow()
    assert (await store.facts(tables.CURSOR))[0][1] == 20  # two slices of ten
    await projection.follow()
    once = await dump(store)
    await reports.rebuild()
    assert await dump(store) == once
    await worker.stop()
    await reports.stop()
    await store.close()


async def test_a_new_version_makes_the_facts_anew(store: SqliteStore, platform: Still) -> None:
    room = Room()
    room.chat("a").asks(0).joined(1).says(10)
    await room.store(store)
    reports = Reports(store, platform, scope())
    await reports.follow()
    once = await dump(store)
    await store.project(lambda connection: connection.execute("UPDATE report_cursor SET version = 0"))
    await store.project(lambda connection: connection.execute("UPDATE report_chat SET answered_at = 7"))
    await reports.stop()
    again = Reports(store, platform, scope())
    await again.follow()
    assert await dump(store) == once
    await again.stop()


def test_memory_holds_open_chats_only() -> None:
    room = Room()
    room.chat("stays").asks(0)
    for number in range(300):
        start = 10.0 + 100 * number
        room.chat(f"c{number}", start).asks(start).joined(start).says(start + 5).closed(start + 9)
    entries = room.entries()
    standing = Standing(RULES)
    most = 0
    for first in range(0, len(entries), 20):
        standing.take(entries[first : first + 20], [])
        most = max(most, len(standing.chats))
    assert most <= 4


async def test_no_word_and_no_customer_is_in_the_facts(store: SqliteStore, platform: Still) -> None:
    room = Room()
    room.chat("a").asks(0).joined(1).says(10).asks(15).says(20).closed(30)
    await room.store(store)
    reports = Reports(store, platform, scope())
    await reports.follow()
    before = await dump(store)
    assert "words" not in str(before)
    assert "customer of" not in str(before)
    await store.erase_person("customer of a")
    await reports.rebuild()
    assert await dump(store) == before
    await reports.stop()


async def test_no_question_about_facts_scans_them(store: SqliteStore) -> None:
    names = ("LIVE", "CHATS", "GAPS", "SERVED", "ONLINE", "FULL", "REASONS", "GIVEN", "PROMISES")
    asked = {name: getattr(tables, name) for name in names}
    for name, sql in {**asked, "some": tables.some(3)}.items():
        plan = await store.facts("EXPLAIN QUERY PLAN " + sql, (1,) * sql.count("?"))
        steps = [row[3] for row in plan]
        assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step], (name, steps)


async def test_the_log_is_read_by_position(store: SqliteStore) -> None:
    from server.store import following

    plan = await store.facts("EXPLAIN QUERY PLAN " + following._AFTER, (1, 2))
    steps = [row[3] for row in plan]
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step], steps
