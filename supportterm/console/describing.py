"""Writes ``docs/console.md`` from the console's own tables: ``python -m supportterm.console``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from supportterm.console.keymap import KEYS, show_key
from supportterm.console.settings import KEYS as SETTINGS

_PAGE: Final = Path(__file__).parents[2] / "docs" / "console.md"
_SCOPES: Final = {
    "app": "everywhere",
    "desk": "while answering",
    "composer": "while writing",
    "chats": "in the list of chats",
    "transcript": "in the conversation",
    "page": "on pages and in lists",
    "form": "in forms",
    "aid": "while the line above the text offers it",
}
_TYPES: Final = {str: "text in quotes", bool: "true or false", dict: "a table"}


def describe() -> str:
    """The page, as Markdown."""
    lines = [
        "# The console's settings and keys",
        "",
        "`console.toml` lies in your configuration folder (`~/.config/supportterm` on Linux). Nothing in it",
        "is needed. A wrong entry never stops the console: it says which one, and the default holds.",
        "",
        "```toml",
        'theme = "dawn"',
        'language = "nl"',
        "bell = true",
        "",
        "[keys]",
        '"chat.why" = "insert"',
        "```",
        "",
        "| setting | value | meaning |",
        "|---|---|---|",
        *(f"| `{key}` | {_TYPES[kind]} | {about} |" for key, (kind, about) in SETTINGS.items()),
        "",
        "## Keys",
        "",
        "The ids are for `[keys]`, and keys are written there as they are shown here. Where several stand,",
        "each of them works; where none stands, the list of `desk.menu` and the palette have it, and you may",
        "give it one. Palette and list find a command by other words for it, too: the service report by",
        "“figures” or “statistics”, a handoff by “transfer”, each in your language.",
        "",
        "| id | keys | what it does | where |",
        "|---|---|---|---|",
    ]
    for key in KEYS:
        keys = ", ".join(f"`{show_key(one)}`" for one in key.keys.split(",") if one)
        lines.append(f"| `{key.id}` | {keys} | {key.tooltip} | {_SCOPES[key.scope]} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; with ``--check`` only tell whether it is as it should be."""
    if "--check" not in sys.argv[1:]:
        _PAGE.write_text(describe(), "utf-8")
        return 0
    if _PAGE.read_text("utf-8") == describe():
        return 0
    print("docs/console.md is stale: run `python -m supportterm.console`.", file=sys.stderr)
    return 1
