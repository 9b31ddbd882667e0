"""How the report tells why customers came: in the person's words, what was given below its reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from supportterm.console.words import Words
from supportterm.text import SafeText, join, trusted

REASON: Final = "reason"
#: Columns of words; all others but the first are figures.
WORDED: Final = (REASON, "value", "quadrant", "id")
_NOTHING: Final = trusted("")


def keys(ids: Sequence[str]) -> int:
    """How many of the columns name a row: a reason stands beside what the figures are by."""
    return 1 + (REASON in ids[1:2])


def told(words: Words, ids: Sequence[str], values: Sequence[Any], cells: list[SafeText]) -> list[SafeText]:
    """One row's cells, of columns with these ids."""
    if REASON not in ids or len(values) != len(ids):
        return cells
    row = dict(zip(ids, values, strict=True))
    id = str(row.get("id", ""))
    return [
        _cell(words, name, value, cell, id) for (name, value), cell in zip(row.items(), cells, strict=True)
    ]


def _cell(words: Words, name: str, value: Any, cell: SafeText, id: str) -> SafeText:
    gift = "/" in id
    if name == REASON and gift:
        return join(_NOTHING, [trusted("  "), cell])
    if name == REASON and not id:
        return words.say("report.no_reason")
    if gift and value is None:
        return _NOTHING
    key = f"report.{name}_{value}"
    return words.say(key) if name in ("value", "quadrant") and words.has(key) else cell
