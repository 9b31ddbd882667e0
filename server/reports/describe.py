"""``docs/reports.md`` from the table of columns.

``python -m server.reports.describe`` writes it; ``--check`` only looks whether it is up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from server.reports.columns import BY, TARGET_SECONDS, WHAT, Column, What, columns

_HEAD = """\
# Reports

`supportterm report service`, `supportterm report promises` and `supportterm report reasons` count what is in
the log; supervisors see the same in the console. Figures are made from facts that follow the log by a cursor,
behind its writer: no message waits for them, and they hold no text, so that nothing of them has to be erased.
They can be asked for while the server runs and without it.

Days and hours are those of the report's time zone, which its first line names. Waits are counted in tenths of
a second. Practice desks are in no figure.

While the server is down nothing is written, and what was last known of each agent holds on: who was online
when it stopped counts as online until it is back and finds them gone. `Reachable`, `Online` and `At the
ceiling` therefore count an outage in opening hours as if there had been none. Waits go by the clock, and an
outage makes them longer.

`–`, an empty field of CSV and `null` in JSON say that a figure cannot be told: nothing happened, or so many
customers left that the wait of nine in ten is longer than anybody waited.

"""

_ABOUT: Final[dict[What, str]] = {
    "service": """\
A chat belongs to the moment at which it was opened, a reply to that of the message it answers. What agents
carried is weighed by the desk's rules as they were when it was counted.""",
    "promises": """\
A promise belongs to the moment at which it was made, and to who made it, even if a colleague kept it; what
that colleague did is told by agent (`kept_for`). It is kept by a message of the chat's agent that is more
than a request for patience and gives no new time. A callback is kept when that has arrived: seen in the
widget, taken by the mail server, told on the phone. If the mail comes back later, it was not: the promise
runs again until its deadline, or is broken.""",
    "reasons": """\
A chat belongs to the moment at which it was opened, and to the reason that was picked last. Chats that no
agent answered are not counted: nobody could know. Where agents picked none, that is a row of its own, the
last. Labels are those of the settings, in the shop's first language or in `--language`. By something, there
is a row for each reason in each of these rows, and a share is of that row's chats.""",
}

_FORMATS = """
## Formats

`--format csv` has a header with the columns' ids and units, and no row that counts all together.

`--format json`, which is also what the console gets:

```json
{
  "columns": [{"id": "day", "name": "Day", "unit": ""}, {"id": "chats", "name": "Chats", "unit": "chats"}],
  "rows": [["2026-03-01", 12], ["all", 12]],
  "definitions": {"day": "…", "chats": "…"}
}
```

A row has a value for each column: text, a number, or `null`. By something, the last row counts all together.
Where nothing is known, before the first chat, there are no rows.
"""


def describe() -> str:
    """The page."""
    return _HEAD + "\n".join(map(_report, WHAT)) + _FORMATS


def _report(what: What) -> str:
    """One report's figures and rows."""
    # By agent there are the most.
    figures = "".join(map(_row, columns("agent", what)[1:]))
    rows = "".join(_row(columns(by, what)[0]) for by in BY)
    return (
        f"## {what.capitalize()}\n\n{_ABOUT[what]}\n\n"
        f"| id | figure | unit | meaning |\n|---|---|---|---|\n{figures}"
        f"\nRows:\n\n| id | by | unit | meaning |\n|---|---|---|---|\n{rows}"
    )


def _row(column: Column) -> str:
    about = column.about.format(target=f"the target ({TARGET_SECONDS}, or `--target`)")
    return f"| `{column.id}` | {column.name} | {column.unit} | {about} |\n"


def main() -> int:
    """Write or check ``docs/reports.md`` of the current directory."""
    target = Path("docs/reports.md")
    if "--check" in sys.argv[1:]:
        if target.is_file() and target.read_text(encoding="utf-8") == describe():
            return 0
        print(f"{target} is out of date: run `python -m server.reports.describe`.", file=sys.stderr)
        return 1
    target.write_text(describe(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
