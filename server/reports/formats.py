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
_BETWEEN: Final = "  "
_NAMES: Final = {
    "service": ("Service", "No chats in this time."),
    "promises": ("Promises", "No promises in this time."),
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
    write.writerows(row for row in report["rows"] if len(report["rows"]) == 1 or row[0] != ALL)
    return out.getvalue()


def table_of(report: dict[str, Any], what: str, title: str, width: int) -> str:
    """The report with what its figures mean, in lines of at most ``width`` columns."""
    columns, rows = report["columns"], report["rows"]
    name, nothing = _NAMES[what]
    head = f"{name}, {title}"
    if not rows:
        return f"{head}\n\n{nothing}"
    parts = [head]
    if not any(row[1] for row in rows):
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
    """As many tables as are needed, each with the key in front."""
    made = [
        _column(column, [cell(row[at], column["unit"]) for row in rows], left=at == 0)
        for at, column in enumerate(columns)
    ]
    # Headers differ in height: they stand on the figures.
    height = max(len(lines) for lines in made)
    key, *others = [[" " * len(lines[0])] * (height - len(lines)) + lines for lines in made]
    blocks: list[list[list[str]]] = []
    for lines in others:
        if blocks and _wide([*blocks[-1], lines]) <= width:
            blocks[-1].append(lines)
        else:
            blocks.append([key, lines])
    return ["\n".join(_joined(block)) for block in blocks]


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
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
