"""A report as a table for people and as CSV. JSON it is already."""

from __future__ import annotations

import csv
import io
import textwrap
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from server.reports.grouping import ALL, Value
from supportterm.text.safe import safe_line

NOTHING: Final = "–"
#: The unit of what grows or shrinks.
SIGNED: Final = "±%"
_BETWEEN: Final = "  "
#: Whoever names a reason writes a sentence; a table shows its beginning.
_LONGEST: Final = 32
_NAMES: Final = {
    "service": ("Service", "No chats in this time."),
    "promises": ("Promises", "No promises in this time."),
    "reasons": ("Reasons", "No chats in this time."),
}


def title(found: dict[str, Any]) -> str:
    """What the report is about, from what `Administration.report` returns."""
    zone = ZoneInfo(found["zone"])
    first, last = (
        f"{datetime.fromtimestamp(at / 1000, zone):%Y-%m-%d}" for at in (found["since"], found["until"] - 1)
    )
    days = first if first == last else f"{first} – {last}"
    desks = f"{'desk' if len(found['desks']) == 1 else 'desks'} {', '.join(found['desks'])}"
    return f"{days} ({found['zone']}), {desks}"


def csv_of(report: dict[str, Any]) -> str:
    """A line for each row but the last, which counts all together; a header with units. RFC 4180."""
    out = io.StringIO()
    write = csv.writer(out)
    columns = report["columns"]
    write.writerow(f"{c['id']} ({c['unit']})" if c["unit"] else c["id"] for c in columns)
    rows = report["rows"]
    # Whatever a row above is called, the one that counts all together is the last.
    write.writerows(rows[:-1] if len(rows) > 1 and rows[-1][0] == ALL else rows)
    return out.getvalue()


def table_of(report: dict[str, Any], what: str, title: str, width: int) -> str:
    """The report with what its figures mean, in lines of at most ``width`` columns."""
    columns, rows = report["columns"], report["rows"]
    name, nothing = _NAMES[what]
    head = f"{name}, {title}"
    if not rows:
        return f"{head}\n\n{nothing}"
    parts = [head]
    counts = next(at for at, column in enumerate(columns) if column["unit"])
    if not any(row[counts] for row in rows):
        parts.append(nothing)
    parts += [_list(columns, rows[0])] if columns[0]["id"] == "period" else _blocks(columns, rows, width)
    parts.append(_meanings(columns, report["definitions"], width))
    return "\n\n".join(parts)


def _list(columns: list[dict[str, str]], row: list[Value]) -> str:
    """One row of figures, one beneath the other."""
    shown = [(c["name"], cell(value, c["unit"])) for c, value in zip(columns[1:], row[1:], strict=True)]
    names = max(len(name) for name, _ in shown)
    values = max(len(value) for _, value in shown)
    return "\n".join(f"{name:{names}}{_BETWEEN}{value:>{values}}" for name, value in shown)


def _blocks(columns: list[dict[str, str]], rows: list[list[Value]], width: int) -> list[str]:
    """As many tables as are needed, each with the keys in front: what a row is by, and a reason."""
    keys = 1 + (columns[1]["id"] == "reason")
    given = next((at for at, column in enumerate(columns) if column["id"] == "id"), 0)
    shown = [
        [
            _named(cell(value, column["unit"]), column["id"], "/" in str(row[given]) and given > 0)
            for value, column in zip(row, columns, strict=True)
        ]
        for row in rows
    ]
    made = [
        _column(column, [row[at] for row in shown], left=at < keys or not column["unit"])
        for at, column in enumerate(columns)
    ]
    # Headers differ in height: they stand on the figures.
    height = max(len(lines) for lines in made)
    made = [[" " * len(lines[0])] * (height - len(lines)) + lines for lines in made]
    blocks: list[list[list[str]]] = []
    for lines in made[keys:]:
        if blocks and _wide([*blocks[-1], lines]) <= width:
            blocks[-1].append(lines)
        else:
            blocks.append([*made[:keys], lines])
    return ["\n".join(_joined(block)) for block in blocks]


def _named(text: str, column: str, gift: bool) -> str:
    """A cell as a table has room for it; what was given stands below its reason."""
    if column != "reason":
        return "" if gift and text == NOTHING else text
    text = f"  {text}" if gift else text
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _joined(block: list[list[str]]) -> list[str]:
    lines = [_BETWEEN.join(parts).rstrip() for parts in zip(*block, strict=True)]
    while not lines[0]:
        del lines[0]
    return lines


def _column(column: dict[str, str], cells: list[str], left: bool) -> list[str]:
    """A column's header, a rule and its cells, all of one width."""
    longest = max(len(text) for text in (*column["name"].split(), *cells))
    head = textwrap.wrap(column["name"], max(longest, 9), break_long_words=False)
    size = max(len(line) for line in (*head, *cells))
    return [f"{line:{'<' if left else '>'}{size}}" for line in (*head, "─" * size, *cells)]


def _wide(block: list[list[str]]) -> int:
    return sum(len(lines[0]) for lines in block) + len(_BETWEEN) * (len(block) - 1)


def _meanings(columns: list[dict[str, str]], definitions: dict[str, str], width: int) -> str:
    return "\n".join(
        textwrap.fill(f"{column['name']}: {definitions[column['id']]}", width, subsequent_indent="    ")
        for column in columns
        if column["id"] != "period"
    )


def cell(value: Value, unit: str) -> str:
    """A figure as people read it: 12.5 s, 3:05, 1:02:05, 93.1 %."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return safe_line(value)
    if unit == "s":
        return _duration(value)
    if unit in ("%", "h"):
        return f"{value:.1f} {unit}"
    if unit == SIGNED:
        return f"{value:+.1f} %"
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
