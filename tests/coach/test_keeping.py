"""Messages that say something and then give a time, which keep no promise, and answers with a time."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from supportterm.coach.promising import Wall, keeps_nothing

DATA = Path(__file__).parent / "data"


def rows_of(table: str) -> list[tuple[str, ...]]:
    text = (DATA / f"{table}.tsv").read_text("utf-8")
    return [tuple(row) for row in csv.reader(text.splitlines()[1:], delimiter="\t")]


ROWS, NAMED = rows_of("keeping"), rows_of("keeping_named")
ZONE = "Europe/Amsterdam"
#: When the times of the second table are read: twenty to eight in the morning.
EARLY = Wall(int(datetime(2026, 11, 27, 7, 40, tzinfo=ZoneInfo(ZONE)).timestamp() * 1000), ZONE)


@pytest.mark.parametrize(("what", "lang", "text"), ROWS)
def test_each_line(what: str, lang: str, text: str) -> None:
    keeps = what == "answers"
    assert keeps_nothing(text, lang) is not keeps
    # Agents write what their customer writes, whatever the browser speaks.
    assert keeps_nothing(text, "en" if lang != "en" else "nl") is not keeps
    assert keeps_nothing(text) is not keeps


@pytest.mark.parametrize(
    "answer", ["It is in Utrecht. ", "I'll refund you within five days. ", "It is in Utrecht, "]
)
@pytest.mark.parametrize("often", [1, 60])
def test_the_end_of_a_text_counts_however_long_it_is(answer: str, often: int) -> None:
    assert keeps_nothing(answer * often + "I'll be back in five minutes.", "en")
    assert not keeps_nothing(answer * often + "You see it in five minutes.", "en")


@pytest.mark.parametrize(("what", "lang", "text"), NAMED)
def test_an_hour_of_the_day_that_is_near_puts_off_as_a_while_does(what: str, lang: str, text: str) -> None:
    for told in (lang, "en" if lang != "en" else "nl", ""):
        assert keeps_nothing(text, told, EARLY) is (what == "nothing")
    # Who does not know the time takes it for an answer.
    assert not keeps_nothing(text, lang)


@pytest.mark.parametrize("minutes", [-30, 5, 59, 61])
def test_near_is_within_the_hour_by_the_shops_clock(minutes: int) -> None:
    due = 8 * 60 + 5
    now = EARLY.now_ms + (due - minutes - (7 * 60 + 40)) * 60_000
    assert keeps_nothing("I'll call you at 8:05", "en", replace(EARLY, now_ms=now)) is (0 < minutes <= 60)
    assert not keeps_nothing("I'll call you at 8:05", "en", Wall(now, "America/New_York"))
    # It may be said of a long text's end, and after a time that is the answer.
    text = "I'll refund you within five days. " * 30 + "I'll call you at 8:05."
    assert keeps_nothing(text, "en", replace(EARLY, now_ms=now)) is (0 < minutes <= 60)


@pytest.mark.parametrize("text", ["I'll call you today", "I'll let you know this morning"])
def test_a_day_or_a_part_of_it_is_no_hour(text: str) -> None:
    assert not keeps_nothing(text, "en", replace(EARLY, now_ms=EARLY.now_ms + 4 * 60 * 60_000))
