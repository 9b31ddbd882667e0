"""The report as people and programs get it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from server.reports import formats
from server.reports.columns import BY, COLUMNS, By, columns, definitions
from server.reports.describe import describe

from .conftest import Asking
from .desk import Room, Still

TITLE = "2026-03-02 (UTC), desk main"


def room() -> Room:
    made = Room()
    made.online("anna", 0)
    for number in range(12):
        chat = made.chat(f"c{number}", 60 * number, lang=("nl", "da")[number % 2]).asks(60 * number)
        chat.joined(60 * number + 1).says(60 * number + 5 + 10 * number).asks(60 * number + 200)
        chat.says(60 * number + 260)
    return made


@pytest.mark.parametrize("by", ["", *BY])
async def test_the_shape_of_json(asking: Asking, platform: Still, by: By) -> None:
    await room().store(asking.store)
    report = await asking.json(by=by)
    assert list(report) == ["columns", "rows", "definitions"]
    ids = [column["id"] for column in report["columns"]]
    assert ids[0] == (by or "period")
    assert all(set(column) == {"id", "name", "unit"} for column in report["columns"])
    assert list(report["definitions"]) == ids
    assert all(text.endswith(".") and "{" not in text for text in report["definitions"].values())
    assert report["rows"]
    for row in report["rows"]:
        assert len(row) == len(ids)
        assert isinstance(row[0], str)
        for value, column in zip(row[1:], report["columns"][1:], strict=True):
            assert value is None or isinstance(value, int | float), column
    if by:
        assert report["rows"][-1][0] == "all"


@pytest.mark.parametrize("by", ["", *BY])
@pytest.mark.parametrize("width", [80, 120])
async def test_a_table_fits_and_explains_itself(asking: Asking, by: By, width: int) -> None:
    await room().store(asking.store)
    report = await asking.json(by=by)
    table = formats.table_of(report, "service", TITLE, width)
    assert max(map(len, table.splitlines())) <= width
    assert not any(line != line.rstrip() for line in table.splitlines())
    assert table.startswith(f"Service, {TITLE}\n")
    for column in COLUMNS:
        assert f"\n{column.name}: " in table


async def test_a_table_by_nothing_is_a_list(asking: Asking) -> None:
    await room().store(asking.store)
    table = formats.table_of(await asking.json(), "service", TITLE, 80)
    lines = dict(line.rsplit("  ", 1) for line in table.split("\n\n")[1].splitlines())
    found = {name.strip(): value.strip() for name, value in lines.items()}
    # First answers after 5, 15, … 115 s; replies after 60 s each.
    assert found["Chats"] == "12"
    assert found["First answer, average"] == "1:00"
    assert found["First answer, median"] == "55.0 s"
    assert found["Reply, average"] == "1:00"
    assert found["First answer in target"] == "50.0 %"
    assert found["Messages left"] == "0"


async def test_no_chats_is_said(asking: Asking, platform: Still) -> None:
    empty = await asking.json(by="day")
    assert formats.table_of(empty, "service", TITLE, 80) == f"Service, {TITLE}\n\nNo chats in this time."
    assert formats.csv_of(empty).count("\n") == 1
    alone = Room()
    alone.online("anna", 0)
    await alone.store(asking.store)
    table = formats.table_of(await asking.json(), "service", TITLE, 80)
    assert "No chats in this time." in table
    assert "1.0 h" in table


async def test_csv_has_units_and_no_sums(asking: Asking) -> None:
    await room().store(asking.store)
    rows = list(csv.reader(io.StringIO(formats.csv_of(await asking.json(by="language")))))
    assert rows[0][:4] == ["language", "chats (chats)", "first_avg (s)", "first_p50 (s)"]
    assert [row[0] for row in rows[1:]] == ["da", "nl"]
    assert rows[1][1:3] == ["6", "65.0"]  # 15, 35, … 115
    assert rows[1][rows[0].index("online (h)")] == ""
    one = list(csv.reader(io.StringIO(formats.csv_of(await asking.json()))))
    assert len(one) == 2


def test_cells() -> None:
    shown = [formats.cell(value, "s") for value in (0.0, 59.9, 60.0, 61.4, 3_599.6, 3_725, None)]
    assert shown == ["0.0 s", "59.9 s", "1:00", "1:01", "1:00:00", "1:02:05", "–"]
    assert formats.cell(93.14, "%") == "93.1 %"
    assert formats.cell(1_234, "chats") == "1,234"
    assert formats.cell("\x1b[2Jnl", "") == "␛[2Jnl"


def test_the_title_names_days_zone_and_desks() -> None:
    found: dict[str, Any] = {"since": 0, "until": 86_400_000, "zone": "UTC", "desks": ["main"]}
    assert formats.title(found) == "1970-01-01 (UTC), desk main"
    found |= {"until": 2 * 86_400_000, "desks": ["main", "other"]}
    assert formats.title(found) == "1970-01-01 – 1970-01-02 (UTC), desks main, other"


def test_the_page_is_up_to_date() -> None:
    from pathlib import Path

    page = Path("docs/reports.md").read_text(encoding="utf-8")
    assert page == describe(), "run `python -m server.reports.describe`"
    for by in BY:
        for column in columns(by):
            assert f"| `{column.id}` |" in page


def test_each_column_is_named_once() -> None:
    ids = [column.id for column in columns("day")]
    assert len(set(ids)) == len(ids)
    assert "within 45 s" in definitions("", 45)["first_in_target"]
