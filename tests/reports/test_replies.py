"""How long agents' replies take: which replies count, and on which days."""

from __future__ import annotations

from server.desk.by_pace import DAYS, Measured, Paces
from server.reports.replies import LOOKED, LastDays, stretch
from server.reports.service import Reports
from server.store.sqlite import SqliteStore
from supportterm.coach.hours import moment_of

from .desk import NINE, Room, Still, scope

DAY = 86_400
HOUR_MS = 3_600_000
AMSTERDAM = "Europe/Amsterdam"


def works(room: Room, day: int, agent: str, *replies: int) -> None:
    """A chat of the agent on this day, with a first reply and then these, in seconds."""
    start = day * DAY + sum(map(ord, agent))
    name = f"{agent} of {room.desk} on {day}"
    chat = room.chat(name, start).asks(start).joined(start + 1, agent).says(start + 300, agent)
    now = start + 300.0
    for seconds in replies:
        chat.asks(now + 10).says(now + 10 + seconds, agent)
        now += 10 + seconds
    chat.closed(now + 1, agent=agent)


async def paces(store: SqliteStore, *rooms: Room, day: int, zone: str = "UTC") -> tuple[Measured, ...]:
    """What is known of desk `main` an hour after nine of a day."""
    for room in rooms:
        await room.store(store)
    reports = Reports(store, Still(day * DAY + 3_600), scope())
    try:
        await reports.follow()
        return (await reports.paces("main", zone)).agents
    finally:
        await reports.stop()


async def test_replies_are_those_of_the_service_report(store: SqliteStore) -> None:
    room = Room()
    works(room, 0, "anna", 20, 40, 30)
    # A promise covers what is written until it is kept; a request for patience is no reply.
    chat = room.chat("b", 5_000).asks(5_000).joined(5_001, "bo").says(5_020, "bo")
    chat.asks(5_100).says(5_150, "bo").add(5_150, "promised", due_at=NINE + 5_900_000)
    chat.asks(5_200).says(5_700, "bo").add(5_700, "promise_ended", how="kept")
    chat.asks(6_000).add(6_010, "message", "agent:bo", holding=True).says(6_090, "bo")
    assert await paces(store, room, day=1) == (
        Measured("anna", 3, 30_000),
        Measured("bo", 2, 70_000),
    )


async def test_today_is_not_over_and_does_not_count(store: SqliteStore) -> None:
    room = Room()
    works(room, 0, "anna", 20)
    works(room, 1, "anna", 400)
    assert await paces(store, room, day=0) == ()
    assert await paces(store, day=1) == (Measured("anna", 1, 20_000),)
    assert await paces(store, day=2) == (Measured("anna", 2, 210_000),)


async def test_the_last_days_that_somebody_worked_count(store: SqliteStore) -> None:
    room = Room()
    for day in range(DAYS + 2):
        works(room, day, "anna", 10 * (day + 1))
    works(room, 0, "bo", 70)
    found = {one.agent: one for one in await paces(store, room, day=DAYS + 3)}
    # Anna's first two days are not among her last five; Bo's only day is.
    assert found["anna"] == Measured("anna", DAYS, 50_000)
    assert found["bo"] == Measured("bo", 1, 70_000)
    assert [one.agent for one in await paces(store, day=LOOKED + 1)] == ["anna"]
    assert await paces(store, day=DAYS + LOOKED + 3) == ()


async def test_other_desks_and_shops_of_the_desk(store: SqliteStore) -> None:
    room, other = Room(), Room("other")
    works(room, 0, "anna", 20)
    works(other, 0, "olaf", 90)
    assert await paces(store, room, other, day=1) == (Measured("anna", 1, 20_000),)


def test_days_are_those_of_the_zone() -> None:
    midnight = moment_of(AMSTERDAM, 700_000, 0)
    assert stretch(AMSTERDAM, midnight) == stretch(AMSTERDAM, midnight + 23 * HOUR_MS)
    assert stretch(AMSTERDAM, midnight)[1] == midnight
    last = LastDays(AMSTERDAM)
    # Six evenings and the nights after them are twelve days where midnight lies between; the last five count.
    for day in range(6):
        start = moment_of(AMSTERDAM, 700_000 + 2 * day, 0)
        last.take(start - 1_000, "anna", 1_000 * day)
        last.take(start, "anna", 1_000 * day)
    assert last.paces() == Paces(4_000, (Measured("anna", DAYS, 4_000),))
