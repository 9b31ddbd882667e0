"""The figures of the service, as a supervisor sees them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.reports.columns import BY, COLUMNS, KEYS, By, columns, definitions
from server.reports.reasons import DIFFERS
from server.settings.reasons import QUADRANTS
from supportterm.console.screens.report import Column, Figures, about, heading_of
from supportterm.console.words import LANGUAGES, Words
from supportterm.protocol.frames import Err, Report, ReportOf

from .conftest import Desk, Opened, from_the_list
from .server import MINUTE, NOON, HandServer, sent
from .team import desk_of, supervisor


def figures(by: By, *rows: list[Any], more: str = "") -> msgspec.Raw:
    """What the server answers, with its own columns; ``more``: one that this version does not know."""
    found = [{"id": c.id, "name": c.name, "unit": c.unit} for c in columns(by)]
    meanings = definitions(by, 45)
    if more:
        found.append({"id": more, "name": "Something new", "unit": "s"})
        meanings[more] = "What it means."
    return msgspec.Raw(msgspec.json.encode({"columns": found, "rows": rows, "definitions": meanings}))


def promises(by: By, *rows: list[Any]) -> msgspec.Raw:
    """The same for promises."""
    found = [{"id": c.id, "name": c.name, "unit": c.unit} for c in columns(by, "promises")]
    meanings = definitions(by, 60, "promises")
    return msgspec.Raw(msgspec.json.encode({"columns": found, "rows": rows, "definitions": meanings}))


def reasons(by: By, *rows: list[Any]) -> msgspec.Raw:
    """The same for reasons."""
    found = [{"id": c.id, "name": c.name, "unit": c.unit} for c in columns(by, "reasons")]
    meanings = definitions(by, 60, "reasons")
    return msgspec.Raw(msgspec.json.encode({"columns": found, "rows": rows, "definitions": meanings}))


LATE = ["Pakket te laat", 12, 60.0, 8, 50.0, "neither", "eliminate", 3, "late"]
VOUCHER = ["Bon tot 10 euro", None, None, None, None, None, None, 3, "late/voucher"]
SIZE = ["Welke maat past?", 8, 40.0, 10, -20.0, "both", "leverage", 0, "size"]
NONE = ["no reason picked", 5, None, 0, None, None, None, 0, ""]
ALL = ["all", 25, None, 18, 38.9, None, None, 3, ""]


def numbers(key: str, first: int = 12) -> list[Any]:
    return [key, first, *[n + 0.25 for n in range(len(COLUMNS) - 2)], None]


async def turn_to(desk: Desk, what: str, *, by: str = "report") -> None:
    """Open the service's figures, found in the list ``by`` some letters, and choose others by some."""
    await from_the_list(desk, by)
    await desk.press("enter")
    await desk.type(what)
    await desk.press("enter")


async def ask(desk: Desk) -> Report:
    await from_the_list(desk, "report")
    asked: Report = sent(desk.server.heard, Report)[-1]
    return asked


async def test_the_report_is_a_table_with_its_definitions(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((80, 30)) as desk:
        asked = await ask(desk)
        assert (asked.name, asked.by) == ("service", "day")
        assert asked.since == NOON - 14 * 60 * MINUTE - 6 * 24 * 60 * MINUTE
        assert asked.until in range(NOON, NOON + MINUTE)
        value = figures("day", numbers("2026-11-21"), more="later")
        server.give(ReportOf("service", asked.since, asked.until, "day", value))
        await desk.until(lambda: "2026-11-21" in desk.screen_text)
        assert "Chats: Chats that customers opened in this time." in desk.screen_text
        first, answer, units, values = (line.split() for line in desk.rows()[2:6])
        assert first[:5] == ["▸", "First", "First", "First", "First"]
        assert answer[:4] == ["answer,"] * 4
        assert units[:6] == ["Day", "Chats", "average", "s", "median", "s"]
        assert values[:4] == ["2026-11-21", "12", "0.2", "1.2"]
        assert "Something" not in desk.screen_text
        for _ in range(len(COLUMNS) + 2):
            await desk.press("right")
        first, words, units, _ = (line.split() for line in desk.rows()[2:6])
        assert "ceiling" in words, "the last ones stay together"
        assert words[-1] == "Something"
        assert units[0] == "Day"
        assert "new s" in desk.rows()[4]
        assert "–" in desk.screen_text
        await desk.press("enter")
        await desk.type("agent")
        await desk.press("enter")
        await desk.until(lambda: len(sent(server.heard, Report)) == 2)
        assert sent(server.heard, Report)[1].by == "agent"
        server.give(Err("not_allowed"))
        await desk.until(lambda: "your role does not allow this" in desk.screen_text)


@pytest.mark.parametrize(
    ("by", "key", "shown"),
    [("agent", "a2", "Bo"), ("agent", "nobody", "nobody"), ("shop", "fjord", "Fjord & Fell")],
)
async def test_rows_have_names(
    open_console: Opened, server: HandServer, by: By, key: str, shown: str
) -> None:
    supervisor(server)
    async with open_console((100, 30)) as desk:
        asked = await ask(desk)
        server.give(ReportOf("service", asked.since, asked.until, by, figures(by, numbers(key))))
        await desk.until(lambda: any(row.split("12")[0].strip() == shown for row in desk.rows()))


async def test_the_last_row_is_over_all(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 30)) as desk:
        desk.app.choose_language("nl")
        await from_the_list(desk, "servicerapport")
        asked = sent(server.heard, Report)[-1]
        value = figures("day", numbers("2026-11-21"), numbers("all"))
        server.give(ReportOf("service", asked.since, asked.until, "day", value))
        await desk.until(lambda: any(row.split()[:2] == ["alles", "12"] for row in desk.rows()))


async def test_promises_are_figures_too(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((100, 30)) as desk:
        await turn_to(desk, "promises")
        await desk.until(lambda: [one.name for one in sent(server.heard, Report)] == ["service", "promises"])
        asked = sent(server.heard, Report)[-1]
        value = promises("day", ["2026-03-02", 7, 4, 1, 2, 0, 0, 71.4, 57.1, 2, 60.0, 90.0, 120.0, 95.0])
        server.give(ReportOf("promises", asked.since, asked.until, "day", value))
        await desk.until(lambda: "The day on which the promise was made." in desk.screen_text)
        assert "Promises · the last 7 days" in desk.screen_text
        assert any(row.split()[:3] == ["2026-03-02", "7", "4"] for row in desk.rows())


async def test_reasons_are_told_in_the_persons_words(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((80, 24)) as desk:
        desk.app.choose_language("nl")
        await turn_to(desk, "waarom", by="servicerapport")
        await desk.until(lambda: len(sent(server.heard, Report)) == 2)
        asked = sent(server.heard, Report)[-1]
        assert (asked.name, asked.by, asked.lang) == ("reasons", "", "nl")
        value = reasons("", LATE, VOUCHER, SIZE, NONE, ALL)
        server.give(ReportOf("reasons", asked.since, asked.until, "", value))
        await desk.until(lambda: "Pakket te laat" in desk.screen_text)
        assert "Redenen · de laatste 7 dagen" in desk.screen_text
        table = [row.rstrip() for row in desk.rows()]
        shown = [" ".join(row.split()) for row in table]
        assert "Pakket te laat 12 60 8 +50" in shown
        assert "Welke maat past? 8 40 10 -20" in shown
        assert "geen reden gekozen 5 – 0 –" in shown
        assert "alles 25 – 18 +38,9" in shown
        gift = next(row for row in table if "Bon tot" in row)
        late = next(row for row in table if "Pakket" in row)
        assert gift.index("Bon") == late.index("Pakket") + 2
        for _ in range(9):
            await desk.press("right")
        await desk.until(lambda: any(row.split()[-2:] == ["3", "late/voucher"] for row in desk.rows()))
        shown = [" ".join(row.split()) for row in desk.rows()]
        assert "Pakket te laat geen van beide wegnemen 3 late" in shown


async def test_by_something_reasons_stay_beside_it(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    async with open_console((80, 24)) as desk:
        await turn_to(desk, "why customers")
        await desk.press("enter")
        await desk.type("agent")
        await desk.press("enter")
        await desk.until(lambda: len(sent(server.heard, Report)) == 3)
        asked = sent(server.heard, Report)[-1]
        assert (asked.name, asked.by) == ("reasons", "agent")
        value = reasons("agent", ["a2", *LATE], ["a2", *VOUCHER], ["all", "", *ALL[1:]])
        server.give(ReportOf("reasons", asked.since, asked.until, "agent", value))
        await desk.until(
            lambda: any(row.split()[:4] == ["Bo", "Pakket", "te", "laat"] for row in desk.rows())
        )
        assert any(row.split()[:3] == ["all", "25", "–"] for row in desk.rows())
        for _ in range(9):
            await desk.press("right")
        await desk.until(lambda: "late/voucher" in desk.screen_text)
        assert any(row.split()[:4] == ["Bo", "Pakket", "te", "laat"] for row in desk.rows())


async def test_a_practice_desk_is_not_asked_for_figures(open_console: Opened, server: HandServer) -> None:
    supervisor(server)
    server.practice = True
    async with open_console((100, 30)) as desk:
        await from_the_list(desk, "report")
        await desk.until(lambda: "practice stays out of all figures" in desk.screen_text)
        assert sent(server.heard, Report) == []


async def test_figures_are_for_supervisors(open_console: Opened, server: HandServer) -> None:
    desk_of(server)
    async with open_console((100, 30)) as desk:
        desk.app.action_page("report")
        await desk.until(lambda: "This page is for supervisors." in desk.screen_text)
        assert sent(server.heard, Report) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["", *BY])
def test_every_figure_of_promises_has_a_name_and_a_meaning(language: str, by: By) -> None:
    words = Words(language)
    found = msgspec.json.decode(promises(by), type=Figures)
    for column in found.columns:
        assert words.has(f"report.column.{column.id}")
        assert words.has(f"report.about.{column.id}")
        meaning = about(words, column, found.definitions[column.id], "promises")
        if language == "en":
            assert meaning == found.definitions[column.id].replace("`", "")
            assert words.say(f"report.column.{column.id}") == column.name, "as on the command line"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["", *BY])
def test_every_figure_of_reasons_has_a_name_and_a_meaning(language: str, by: By) -> None:
    words = Words(language)
    found = msgspec.json.decode(reasons(by), type=Figures)
    for column in found.columns:
        assert words.has(f"report.column.{column.id}")
        meaning = about(words, column, found.definitions[column.id], "reasons")
        if language == "en":
            assert meaning == found.definitions[column.id].replace("`", "")
            assert words.say(f"report.column.{column.id}") == column.name, "as on the command line"
        elif column.id not in ("period", "hour", "shop", "language"):
            assert meaning != found.definitions[column.id]
    for value, quadrant in [*QUADRANTS.items(), (DIFFERS, DIFFERS)]:
        assert words.has(f"report.value_{value}")
        assert words.has(f"report.quadrant_{quadrant}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", ["", *BY])
def test_every_column_has_a_name_and_a_meaning_in_every_language(language: str, by: By) -> None:
    words = Words(language)
    found = msgspec.json.decode(figures(by), type=Figures)
    assert [column.id for column in found.columns] == [KEYS[by].id, *(column.id for column in COLUMNS)]
    for column in found.columns:
        assert words.has(f"report.column.{column.id}")
        assert words.has(f"report.about.{column.id}")
        meaning = about(words, column, found.definitions[column.id])
        assert ("45" in meaning) == ("45" in found.definitions[column.id]), "the target is the server's"
        if language == "en":
            assert meaning == found.definitions[column.id].replace("`", "")
            assert words.say(f"report.column.{column.id}") == column.name, "as on the command line"


def test_units_are_named_where_the_name_does_not_say_them() -> None:
    words = Words("nl")
    assert heading_of(words, Column("gap_avg", "Reply, average", "s")) == "Reactie, gemiddeld s"
    assert heading_of(words, Column("chats", "Chats", "chats")) == "Chats"
    assert heading_of(words, Column("newer", "Newer", "h")) == "Newer h"
