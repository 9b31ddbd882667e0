"""The settings told to people: the file that ``init`` writes, and ``docs/settings.md``.

``python -m server.settings`` writes the latter; with ``--check`` it only looks whether it is up to date.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from server.settings.examples import REASONS, REPLIES, a_reason, a_reply, texts, toml
from server.settings.keys import TABLES
from server.settings.reading import keys_of
from server.settings.reasons import Reason

_MORE: Final = (
    "Opening hours, holidays, topics, entry rules and fallbacks of a shop are tables of their own under it,"
    " such as [shop.acme.hours]: docs/routing.md shows all of them."
)


def _key(name: str) -> str:
    """A table's name; quoted if it must be, so that reading it says what is wrong with the name."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else toml(name)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, 98, initial_indent=indent, subsequent_indent=indent)


#: Why there is a value that nobody chose.
_OF_MACHINE: Final = (
    "It is that of the machine on which this file was made: change it if the shop is elsewhere."
)


def default_toml(
    shop: str = "acme",
    desk: str = "main",
    origins: list[str] | None = None,
    name: str = "",
    server: dict[str, Any] | None = None,
    *,
    languages: list[str] | None = None,
    reasons: Sequence[Reason] = (),
    time_zone: str = "",
    of_machine: bool = False,
) -> str:
    """A commented ``supportterm.toml`` with one desk and one shop; ``server`` are values to set in it.

    ``languages`` of the shop, its ``time_zone`` (``of_machine``: nobody chose it), and ``reasons`` for which
    its customers write; without any, an example.

    Everything that keeps its default stands as a comment, so that a later default reaches this server.
    """
    chosen: dict[str, dict[str, Any]] = {
        "server": dict(server or {}),
        "limits": {},
        "mail": {},
        "drafter": {},
        "desk": {},
        "shop": {"desk": desk, "name": name, "origins": origins or []},
    }
    if languages:
        chosen["shop"]["languages"] = languages
    if time_zone:
        chosen["shop"]["time_zone"] = time_zone
    lines = [
        "# Settings of supportterm. `supportterm check` looks for mistakes; `supportterm reload` applies",
        "# changes to desks, shops and limits without dropping a chat. All keys: docs/settings.md.",
    ]
    for table, struct, many in TABLES:
        about = (struct.__doc__ or "").split("\n", 1)[0].replace("`", "")
        head = f"[{table}.{_key(desk if table == 'desk' else shop)}]" if many else f"[{table}]"
        lines += ["", *_wrapped(about, "# "), head]
        for key in keys_of(struct):
            if key.table is not None:
                continue
            lines += _wrapped(key.about.replace("`", ""), "# ")
            if of_machine and (table, key.name) == ("shop", "time_zone"):
                lines += _wrapped(_OF_MACHINE, "# ")
            if key.name in chosen[table]:
                lines.append(f"{key.name} = {toml(chosen[table][key.name])}")
            else:
                lines.append(f"#{key.name} = {toml(key.default)}")
    lines += ["", *_wrapped(_MORE, "# ")]
    table, spoken = _key(shop), languages or []
    lines += ["#", *_wrapped(REPLIES, "# "), "#", *_commented(a_reply(table, spoken))]
    lines += ["#", *_wrapped(REASONS.replace("`", ""), "# ")]
    if not reasons:
        lines += ["#", *_commented(a_reason(table, spoken))]
    for reason in reasons:
        lines += ["", *_reason(table, reason)]
    return "\n".join(lines) + "\n"


def _commented(lines: Sequence[str]) -> list[str]:
    return [f"#   {line}" for line in lines]


def _reason(shop: str, reason: Reason) -> list[str]:
    return [
        f"[[shop.{shop}.reason]]",
        f"id = {toml(reason.id)}",
        f"label = {texts(reason.label)}",
        f"value = {toml(reason.value)}",
    ]


def describe() -> str:
    """``docs/settings.md``: every table and key with default, meaning and what is valid."""
    lines = [
        "# Settings",
        "",
        "One file, `supportterm.toml`, holds the machine, the desks and the shops. People and their rights",
        "live in the database (`supportterm agent`). `supportterm init` writes the file with comments,",
        "`supportterm check` finds mistakes and says which key was meant, and `supportterm reload` applies",
        "changes to a running server without dropping a chat; only `[server]` needs a restart.",
        "",
        "The file is looked for in this order: `--config FILE`, the variable `SUPPORTTERM_CONFIG`,",
        "`supportterm.toml` in the current directory, then in the user's configuration directory, then",
        "`/etc/supportterm/supportterm.toml`.",
    ]
    for table, struct, many in TABLES:
        name = f"{table}.<{'id' if table == 'desk' else 'key'}>" if many else table
        lines += _section(f"[{name}]", name, "", struct, set())
    return "\n".join(lines) + "\n"


def _section(title: str, path: str, lead: str, struct: type[Struct], told: set[type[Struct]]) -> list[str]:
    """A table and, after it, those under it; ``told``: structs whose keys were on the page before."""
    about = " ".join((struct.__doc__ or "").split())
    lines = ["", f"## `{title}`", "", about]
    if struct in told:
        return [*lines[:-1], f"{lead} The keys are those of the hours above."]
    told.add(struct)
    lines += ["", "| key | default | meaning | valid |", "|---|---|---|---|"]
    under: list[str] = []
    for key in keys_of(struct):
        if key.table is not None:
            inner = f"{path}.{key.name}"
            if key.extra["shape"] == "tables":
                inner += f".<{key.extra['name']}>"
            heading = f"[[{inner}]]" if key.extra["shape"] == "list" else f"[{inner}]"
            under += _section(heading, inner, key.about, key.table, told)
            continue
        default = "must be set" if key.default is None else f"`{toml(key.default)}`"
        example = f", such as `{key.example}`" if key.example and "such as" not in key.valid else ""
        lines.append(f"| `{key.name}` | {default} | {key.about} | {key.valid}{example} |")
    return lines + under


def main() -> int:
    """Write or check ``docs/settings.md`` of the current directory."""
    target = Path("docs/settings.md")
    if "--check" in sys.argv[1:]:
        if target.is_file() and target.read_text(encoding="utf-8") == describe():
            return 0
        print(f"{target} is out of date: run `python -m server.settings`.", file=sys.stderr)
        return 1
    target.write_text(describe(), encoding="utf-8")
    return 0
