"""The figures of promises on a log made by hand, with the number worked out beside it."""

from __future__ import annotations

from typing import Any

import pytest

from server.reports import formats
from server.reports.columns import BY, By, columns
from server.reports.service import Reports

from .conftest import Asking
from .desk import DAY, Chat, Room, at, scope

ANNA, BO = "agent:anna", "agent:bo"


def promises(chat: Chat, seconds: float, within: float, agent: str = "anna") -> Chat:
    """An agent writes that they are back in so many seconds."""
    return chat.says(seconds, agent).add(seconds, "promised", f"agent:{agent}", due_at=at(seconds + within))


def answers(chat: Chat, seconds: float, how: str, agent: str = "anna") -> Chat:
    """The answer, in time."""
    return chat.says(seconds, agent).add(seconds, "promise_ended", f"agent:{agent}", how=how)


def breaks(chat: Chat, seconds: float) -> Chat:
    """The deadline passes."""
    return chat.add(seconds, "promise_ended", how="broken")


def good(chat: Chat, seconds: float, late: float, agent: str = "anna") -> Chat:
    """The answer, too late."""
    return chat.says(seconds, agent).add(seconds, "made_good", f"agent:{agent}", late_ms=int(late * 1000))


def day() -> Room:
    room = Room()
    answers(promises(room.chat("kept").asks(0).joined(1), 10, 120), 100, "kept")
    longer = promises(room.chat("longer", lang="nl").asks(0).joined(1), 20, 60)
    longer.says(70).add(70, "promise_extended", ANNA, due_at=at(200))
    answers(longer, 190, "extended", "bo")
    good(
        breaks(promises(room.chat("late", shop="nord").asks(0).joined(1, "bo"), 30, 60, "bo"), 90),
        150,
        60,
        "bo",
    )
    promises(room.chat("left").asks(0).joined(1), 40, 300).add(50, "promise_ended", how="withdrawn").closed(
        50
    )
    promises(room.chat("runs").asks(0).joined(1), 60, 3_000)
    return room


async def test_what_became_of_them(asking: Asking) -> None:
    row = (await asking(day(), what="promises"))["all"]
    assert row["made"] == 5
    assert [row[name] for name in ("kept", "extended", "broken", "withdrawn", "running")] == [1] * 5
    assert row["kept_share"] == 66.7  # two of three that were decided
    assert row["kept_first"] == 33.3
    assert row["made_good"] == 1
    assert row["late_p50"] == 60  # due at 90, answered at 150
    assert row["promised_p50"] == 120  # 60, 60, 120, 300, 3000
    assert row["actual_p50"] == 120  # 90, 120 (30 to 150), 170


async def test_they_belong_to_who_made_them(asking: Asking) -> None:
    rows = await asking(day(), what="promises", by="agent")
    assert (rows["anna"]["made"], rows["anna"]["extended"], rows["bo"]["made"]) == (4, 1, 1)
    rows = await asking(what="promises", by="shop")
    assert (rows["acme"]["made"], rows["nord"]["broken"]) == (4, 1)
    rows = await asking(what="promises", by="language")
    assert (rows["nl"]["made"], rows["en"]["made"]) == (1, 4)
    rows = await asking(what="promises", by="hour")
    assert rows["09:00"]["made"] == 5
    assert (await asking(what="promises", shop="nord"))["all"]["made"] == 1


async def test_a_promise_that_a_colleague_kept(asking: Asking) -> None:
    room = day()
    # Bo makes good what Anna broke; cy answers one of bo by mail, which arrives later by itself.
    good(breaks(promises(room.chat("rescued").asks(0).joined(1), 10, 60), 70), 100, 30, "bo")
    mailed = promises(room.chat("mailed").asks(0).joined(1, "bo"), 10, 600, "bo").says(100, "cy")
    mailed.add(110, "message", "agent:anna", holding=True).add(200, "promise_ended", how="kept")
    back = promises(room.chat("back").asks(0).joined(1), 10, 600).says(100, "bo")
    back.add(200, "promise_ended", how="kept").closed(200)
    back.add(300, "bounced", mail=8, upto=7, ended_at=at(200))
    rows = await asking(room, what="promises", by="agent")
    assert {name: row["kept_for"] for name, row in rows.items()} == {"anna": 0, "bo": 2, "cy": 1, "all": 3}
    assert [rows["cy"][name] for name in ("made", "kept", "made_good", "kept_share")] == [0, 0, 0, None]
    assert (rows["anna"]["extended"], rows["anna"]["made_good"]) == (1, 1), "they are hers as before"
    assert "kept_for" not in (await asking(what="promises", by="day"))[DAY]
    bo = (await asking(what="promises", by="agent", shop="nord"))["bo"]
    assert (bo["made"], bo["kept_for"]) == (1, 0)


async def test_who_never_got_an_answer_waited_at_least_that_long(asking: Asking) -> None:
    room = Room()
    for number, late in enumerate((10, 20, 30)):
        good(breaks(promises(room.chat(f"c{number}").asks(0).joined(1), 10, 60), 70), 70 + late, late)
    breaks(promises(room.chat("gone").asks(0).joined(1), 10, 60), 70).closed(95, "customer")
    row = (await asking(room, what="promises"))["all"]
    # Answered after 10 and 20 of four: half of them. The one that left at 25 was not answered by then.
    assert (row["late_p50"], row["late_max"], row["made_good"], row["broken"]) == (20, 30, 3, 4)


async def test_one_answer_makes_good_what_was_broken_twice(asking: Asking) -> None:
    room = Room()
    chat = breaks(promises(room.chat("a").asks(0).joined(1), 0, 60), 60)
    good(breaks(promises(chat, 100, 60), 160), 200, 140)
    row = (await asking(room, what="promises"))["all"]
    assert (row["made"], row["broken"], row["made_good"]) == (2, 2, 2)
    assert (row["late_p50"], row["late_max"]) == (40, 140)


async def test_a_clock_that_was_set_moves_the_deadline(asking: Asking) -> None:
    room = Room()
    chat = promises(room.chat("a").asks(0).joined(1), 0, 60).add(
        10, "promise_moved", due_at=at(3_660 - 3_000)
    )
    good(breaks(chat, 660), 700, 40)
    row = (await asking(room, what="promises"))["all"]
    assert (row["promised_p50"], row["late_p50"], row["extended"]) == (60, 40, 0)


async def test_a_request_for_patience_is_no_reply(asking: Asking) -> None:
    room = Room()
    chat = room.chat("a").asks(0).joined(1).says(5).asks(10)
    chat.add(20, "message", ANNA, holding=True).says(70)
    row = (await asking(room))["all"]
    assert row["gap_avg"] == 60  # 10 to 70
    one = Room("other")
    one.chat("b", shop="oslo").asks(0).joined(1).add(20, "message", ANNA, holding=True)
    assert (await asking(one, desk="other"))["all"]["first_avg"] == 20


async def test_desks_learn_what_agents_usually_need(asking: Asking) -> None:
    await day().store(asking.store)
    reports = Reports(asking.store, asking.platform, scope())
    try:
        await reports.follow()
        assert await reports.answers("main") == [
            ("bo", at(190), 170_000),
            ("bo", at(150), 120_000),
            ("anna", at(100), 90_000),
        ]
        assert await reports.answers("other") == []
    finally:
        await reports.stop()


@pytest.mark.parametrize("by", ["", *BY])
async def test_a_table_fits_and_explains_itself(asking: Asking, by: By) -> None:
    await day().store(asking.store)
    report: dict[str, Any] = await asking.json(what="promises", by=by)
    table = formats.table_of(report, "promises", DAY, 80)
    assert table.startswith(f"Promises, {DAY}\n")
    assert max(map(len, table.splitlines())) <= 80
    for column in columns(by, "promises")[0 if by else 1 :]:
        assert f"\n{column.name}: " in table


async def test_none_is_said(asking: Asking) -> None:
    empty = await asking.json(what="promises", by="day")
    assert formats.table_of(empty, "promises", DAY, 80) == f"Promises, {DAY}\n\nNo promises in this time."


async def test_who_had_left_before_it_withdraws_it_and_its_answer_is_not_late(asking: Asking) -> None:
    room = Room()
    chat = promises(room.chat("gone").asks(0).joined(1), 10, 900).add(40, "page_gone")
    chat.add(910, "promise_ended", how="withdrawn", gone=True).says(1_000).closed(1_600, "gone")
    row = (await asking(room, what="promises"))["all"]
    assert (row["withdrawn"], row["broken"], row["kept_share"], row["late_p50"]) == (1, 0, None, None)
