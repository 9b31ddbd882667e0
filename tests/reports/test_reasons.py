"""The figures of reasons on a log made by hand, with the number worked out beside it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.reports import formats
from server.reports.asking import Scope
from server.reports.before import Before
from server.reports.columns import BY, REASONS, By
from server.settings.reasons import Mandate, Reason

from .conftest import Asking
from .desk import DAY, NINE, Chat, Room, Still, scope

ANNA, BO = "agent:anna", "agent:bo"
HOUR, ADAY = 3_600, 86_400

VOUCHER = Mandate(id="voucher", label={"nl": "Bon", "en": "Voucher"}, insert={"nl": "Een bon."})
LATE = Reason(
    id="late", label={"nl": "Pakket te laat", "en": "Parcel late"}, value="neither", mandate=[VOUCHER]
)
SIZE = Reason(id="size", label={"nl": "Welke maat"}, value="both")


def settings(**more: Any) -> Scope:
    """acme speaks Dutch, then English, and has two reasons; nord has one of them, of another value to it."""
    reasons = {"acme": (LATE, SIZE), "nord": (Reason(id="size", label={"en": "Which size"}, value="shop"),)}
    languages = {"acme": ["nl", "en"], "nord": ["en"], "oslo": ["en"]}
    return msgspec.structs.replace(scope(), reasons={**reasons, **more}, languages=languages)


def came(room: Room, name: str, seconds: float, reason: str = "", agent: str = "anna", **more: Any) -> Chat:
    """A chat of a minute; the agent picks the reason before they close it."""
    chat = room.chat(name, seconds, **more).asks(seconds).joined(seconds + 1, agent).says(seconds + 30, agent)
    if reason:
        chat.add(seconds + 50, "told", f"agent:{agent}", reason=reason)
    return chat.closed(seconds + 60, agent=agent)


def days() -> Room:
    """The report's day, and the one before it."""
    room = Room()
    room.online("anna", -3 * ADAY)
    # The day before: two late, four sizes; one more late after the hour until which the day has come.
    for number, reason in enumerate(("late", "late", "size", "size", "size", "size")):
        came(room, f"y{number}", 60 * number - ADAY, reason)
    came(room, "evening", 5 * HOUR - ADAY, "late")
    # The day itself: four late, of which one by Bo, one size, one gone reason, one without.
    for number in range(3):
        came(room, f"l{number}", 60 * number, "late")
    came(room, "bo", 300, "late", "bo").add(310, "told", BO, reason="late", mandate="voucher")
    came(room, "size", 400, "size", shop="nord")
    came(room, "gone", 500, "paint", lang="da")
    came(room, "none", 600, agent="bo")
    room.chat("given", 700).asks(700).joined(701).says(702).add(
        710, "told", ANNA, reason="late", mandate="voucher"
    )
    room.chat("left", 800).asks(800).closed(900, "customer")
    return room


def gone(row: dict[str, Any], *names: str) -> list[Any]:
    return [row[name] for name in names]


async def rows(asking: Asking, room: Room | None, **asked: Any) -> list[dict[str, Any]]:
    if room is not None:
        await room.store(asking.store)
    report = await asking.json(settings=settings(), what="reasons", **asked)
    ids = [column["id"] for column in report["columns"]]
    assert all(len(row) == len(ids) for row in report["rows"])
    return [dict(zip(ids, row, strict=True)) for row in report["rows"]]


async def test_how_often_and_how_much_more(asking: Asking) -> None:
    late, gift, size, paint, none, total = await rows(asking, days())
    names = ("reason", "chats", "share", "before", "change", "value", "quadrant", "given", "id")
    # Six of the closed chats have a reason. Yesterday until ten: two late, four sizes.
    assert gone(late, *names) == ["Pakket te laat", 4, 66.7, 2, 100.0, "neither", "eliminate", 2, "late"]
    assert gone(gift, *names) == ["Bon", None, None, None, None, None, None, 2, "late/voucher"]
    assert gone(size, *names) == ["Welke maat", 1, 16.7, 4, -75.0, "differs", "differs", 0, "size"]
    assert gone(paint, *names) == ["paint", 1, 16.7, 0, None, None, None, 0, "paint"]
    assert gone(none, *names) == ["no reason picked", 1, None, 0, None, None, None, 0, ""]
    assert gone(total, *names) == ["all", 7, None, 6, 16.7, None, None, 2, ""]


async def test_a_day_that_is_over_is_compared_with_a_whole_one(asking: Asking, platform: Still) -> None:
    platform.seconds = 2 * ADAY
    late = (await rows(asking, days()))[0]
    assert gone(late, "chats", "before", "change") == [4, 3, 33.3]


async def test_by_something_each_row_has_its_reasons(asking: Asking) -> None:
    found = await rows(asking, days(), by="agent")
    told = [(row["agent"], row["id"], row["chats"], row["share"], row["given"]) for row in found]
    assert told == [
        ("anna", "late", 3, 60.0, 1),
        ("anna", "late/voucher", None, None, 1),
        ("anna", "size", 1, 20.0, 0),
        ("anna", "paint", 1, 20.0, 0),
        ("bo", "late", 1, 100.0, 1),
        ("bo", "late/voucher", None, None, 1),
        ("bo", "", 1, None, 0),
        ("all", "", 7, None, 2),
    ]
    found = await rows(asking, None, by="shop")
    assert [(row["shop"], row["reason"], row["value"]) for row in found if row["id"] == "size"] == [
        ("acme", "Welke maat", "both"),  # four of the day before
        ("nord", "Which size", "shop"),
    ]
    found = await rows(asking, None, by="language")
    assert (found[0]["language"], found[0]["id"]) == ("da", "paint")
    found = await rows(asking, None, by="hour")
    assert {row["hour"] for row in found} == {"09:00", "all"}
    found = await rows(asking, None, shop="nord")
    assert [gone(row, "reason", "chats", "value") for row in found] == [
        ["Which size", 1, "shop"],
        ["all", 1, None],
    ]


async def test_a_day_stands_beside_the_same_day_before(asking: Asking, platform: Still) -> None:
    platform.seconds = 2 * ADAY
    room = days()
    found = await rows(asking, room, by="day", since="2026-03-01", until=DAY)
    by_day = {(row["day"], row["id"]): gone(row, "chats", "before") for row in found}
    assert by_day["2026-03-01", "late"] == [3, None], "the log does not reach back to two days before"
    assert by_day[DAY, "late"] == [4, None]
    found = await rows(asking, None, by="day")
    assert gone(found[0], "day", "id", "chats", "before") == [DAY, "late", 4, 3]


async def test_labels_are_in_the_language_asked(asking: Asking) -> None:
    await days().store(asking.store)
    found = await rows(asking, None, lang="en")
    assert [row["reason"] for row in found[:3]] == ["Parcel late", "Voucher", "Which size"]
    found = await rows(asking, None, lang="da")
    assert [row["reason"] for row in found[:3]] == ["Pakket te laat", "Bon", "Welke maat"]


async def test_the_last_reason_counts_and_a_chat_that_opens_again_is_not_over(asking: Asking) -> None:
    room = Room()
    chat = came(room, "a", 0, "late").add(70, "told", ANNA, reason="size")
    (size, total) = await rows(asking, room)
    assert gone(size, "id", "chats", "before", "change") == ["size", 1, None, None]
    assert total["before"] is None, "the log begins with this day"
    first = len(room.events)
    chat.add(80, "reopened", "customer")
    await room.store(asking.store, first)
    assert await rows(asking, None) == []


async def test_what_was_given_by_who_gave_it_and_when(asking: Asking, platform: Still) -> None:
    platform.seconds = 2 * ADAY
    room = Room()
    chat = came(room, "a", 0, "late")
    chat.add(ADAY, "told", BO, reason="size", mandate="paint-brush")
    found = await rows(asking, room, by="day", until="2026-03-03")
    assert [gone(row, "day", "reason", "chats", "given", "id") for row in found] == [
        [DAY, "Welke maat", 1, 0, "size"],
        ["2026-03-03", "Welke maat", 0, 1, "size"],
        ["2026-03-03", "paint-brush", None, 1, "size/paint-brush"],
        ["all", "", 1, 1, ""],
    ]


@pytest.mark.parametrize("by", ["", *BY])
@pytest.mark.parametrize("width", [80, 120])
async def test_a_table_fits_and_explains_itself(asking: Asking, by: By, width: int) -> None:
    room = days()
    came(room, "long", 1_000, "long")
    long = Reason(
        id="long", label={"nl": "Bestelling is wel betaald maar niet aangekomen in systeem"}, value="shop"
    )
    await room.store(asking.store)
    known = settings(acme=(LATE, SIZE, long))
    report: dict[str, Any] = await asking.json(settings=known, what="reasons", by=by)
    table = formats.table_of(report, "reasons", DAY, width)
    assert table.startswith(f"Reasons, {DAY}\n")
    assert max(map(len, table.splitlines())) <= width
    assert "  Bon " in table
    assert "Bestelling is wel betaald maar …" in table
    for column in REASONS:
        assert f"\n{column.name}: " in table
    if not by:
        assert "+100.0 %" in table
        assert "-75.0 %" in table


async def test_programs_get_whole_words(asking: Asking) -> None:
    await days().store(asking.store)
    report = await asking.json(settings=settings(), what="reasons")
    lines = formats.csv_of(report).splitlines()
    assert (
        lines[0]
        == "reason,chats (chats),share (%),before (chats),change (±%),value,quadrant,given (times),id"
    )
    assert lines[1] == "Pakket te laat,4,66.7,2,100.0,neither,eliminate,2,late"
    assert lines[2] == "Bon,,,,,,,2,late/voucher"
    assert lines[-1].startswith("no reason picked,1,")


async def test_none_is_said(asking: Asking) -> None:
    empty = await asking.json(what="reasons")
    assert formats.table_of(empty, "reasons", DAY, 80) == f"Reasons, {DAY}\n\nNo chats in this time."


def test_the_day_on_which_the_clock_is_set_is_one_day() -> None:
    """In Amsterdam 29 March 2026 has 23 hours."""
    midnight = NINE - 9 * HOUR * 1000 - HOUR * 1000  # of 2 March, an hour ahead of UTC
    week = midnight + 28 * ADAY * 1000 - HOUR * 1000  # of 30 March, two hours ahead
    before = Before("Europe/Amsterdam", week, week + 7 * ADAY * 1000, week + 30 * ADAY * 1000)
    assert before.until == week
    assert before.since == week - 7 * ADAY * 1000 + HOUR * 1000
    assert before.matching(before.since) == week
    part = Before("Europe/Amsterdam", week, week + ADAY * 1000, week + 5 * HOUR * 1000)
    assert part.until == week - 19 * HOUR * 1000, "five o'clock came after four of the 23 hours"
    early = Before("UTC", week, week + 100, week - 5)
    assert (early.since, early.until) == (week - ADAY * 1000, week - ADAY * 1000)
