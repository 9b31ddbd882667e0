"""The tables of phrases, and a promise written as they write it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from supportterm.coach.promising import Clock, Found

DATA = Path(__file__).parent / "data"
#: In the order they were written, each before the grammar had seen it (docs/promises.md).
TABLES = (
    "promises",
    "unseen",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
)
#: As colourful as agents are, written blind (docs/promises.md); lists and weights learned from these.
TALK = ("talk_nl", "talk_da", "talk_en", "talk_de", "talk_fr")
#: As colourful, and of these the lists never learned: they say how much lists and weights know together.
FRESH = ("heard", "heard_more")
#: The weights learn from these (`make weights`).
TAUGHT = (*TABLES, *TALK, "plain", *FRESH)
#: As plain as the first table, by hands that knew only lines of that kind. Nothing learns from these.
EVERYDAY = ("everyday", "everyday_more")
#: As colourful as agents are. Nothing learns from these.
APART = ("apart", "heard_apart", "heard_more_apart")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LATER = {1: "tomorrow", 2: "overmorrow"}
#: What the first table calls by names of its own.
NAMES = {"tomorrow12": "tomorrow 12:00", "today_pm": "today afternoon"}


class Line(NamedTuple):
    """A line of a table, with what is expected: "duration 120", "at tomorrow 12:00", "none"."""

    lang: str
    text: str
    expected: str


def lines(name: str) -> list[Line]:
    """The lines of a table, without its remarks."""
    found = []
    for row in (DATA / f"{name}.tsv").read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            lang, text, kind, value = (row + "\t").split("\t")[:4]
            found.append(Line(lang, text, f"{kind} {NAMES.get(value, value)}".strip()))
    return found


def said(found: Found | None) -> set[str]:
    """How a table may write what was found: an hour of twelve may be either, "vague" needs no length."""
    if found is None:
        return {"none"}
    if found.clock is None:
        return {f"{found.kind} {found.ms // 1000}", *({"vague"} if found.kind == "vague" else ())}
    clock = found.clock
    parts = [part for part in (day_of(clock), clock.part) if part]
    minutes = [clock.minute] if clock.minute >= 0 else [-1]
    if clock.twelve:
        minutes.append(clock.minute + 12 * 60)
    hours = [f"{minute // 60}:{minute % 60:02}" if minute >= 0 else "" for minute in minutes]
    return {" ".join(["at", *parts, *([hour] if hour else [])]) for hour in hours}


def day_of(clock: Clock) -> str:
    """The day as the tables write it."""
    if clock.day == "later":
        return LATER.get(clock.number, f"later{clock.number}")
    if clock.day == "weekday":
        return WEEKDAYS[clock.number] + ("+" if clock.next else "")
    if clock.day == "date":
        return f"{clock.number}/{clock.month}"
    return clock.day + (str(clock.number) if clock.day in {"week", "workday"} else "")


def alike(expected: str) -> str:
    """What is expected, as the tables of talk write it: "at today 15:00" is "at 15:00", "09:00" is "9:00"."""
    return re.sub(r"(?<= )0(?=\d:)", "", expected.replace("at today ", "at "))
