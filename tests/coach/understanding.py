"""Conversations in a few words: `said("c: hello", "a: hi", "summary_sent: …")`."""

from __future__ import annotations

from typing import get_args

from supportterm.coach.understanding import Kind, Line

_CUSTOMERS = {"summary_confirmed", "summary_corrected", "option_chosen"}


def said(*lines: str, every: int = 60_000) -> list[Line]:
    """Lines a minute apart: "c: ", "a: " for messages, else the kind."""
    return [_line(line, number * every) for number, line in enumerate(lines)]


def _line(line: str, at: int) -> Line:
    before, _, text = line.partition(": ")
    if before in ("c", "a"):
        return Line("customer" if before == "c" else "agent", text, at)
    for kind in get_args(Kind):
        if kind == before:
            return Line("customer" if kind in _CUSTOMERS else "agent", text, at, kind)
    raise ValueError(line)
