"""``docs/commands.md`` from the table of commands.

``python -m supportterm.commands.describe`` writes it; ``--check`` only looks whether it is up to date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from supportterm.commands.declaring import Command, Option
from supportterm.commands.exits import MEANING
from supportterm.commands.table import COMMANDS

_HEAD = """\
# Commands

`supportterm` alone opens the console. Every command takes `--help`; `supportterm --version` prints
the version and what it runs on.

Commands that change something go through the running server's admin socket, a file in the data
directory that only the server's own user can open; when no server runs they open the database
themselves, under its lock. Run them as the user that runs the server.

A command that fails prints one sentence on stderr that says what to do. With `SUPPORTTERM_DEBUG=1`
it shows the traceback, too.

## Exit codes

| code | meaning |
|---|---|
"""


def describe() -> str:
    """The page: exit codes, then every command with its options and examples."""
    codes = "\n".join(f"| {int(code)} | {text} |" for code, text in MEANING.items())
    return _HEAD + codes + "\n" + "".join(_section(command) for command in COMMANDS)


def _section(command: Command) -> str:
    words = " ".join(["supportterm", command.name, *(_usage(option) for option in command.options)])
    lines = ["", f"## `{command.name}`", "", command.about, "", "```", words, "```"]
    if command.options:
        lines += ["", "| option | meaning |", "|---|---|"]
        lines += [f"| `{_shown(option)}` | {_cell(option.help)} |" for option in command.options]
    if command.notes:
        lines += ["", command.notes]
    if command.examples:
        lines += ["", "```sh", *command.examples, "```"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _shown(option: Option) -> str:
    if not option.names[0].startswith("-"):
        return str(option.more.get("metavar", option.names[0]))
    if option.more.get("action") is argparse.BooleanOptionalAction:
        return f"{option.names[0]}, --no-{option.names[0].removeprefix('--')}"
    value = option.more.get("metavar") or "|".join(option.more.get("choices", ()))
    return _cell(", ".join(option.names) + (f" {value}" if value else ""))


def _usage(option: Option) -> str:
    shown = _shown(option).replace("\\|", "|")
    optional = option.names[0].startswith("-") or option.more.get("nargs") == "?"
    return f"[{shown}]" if optional else shown


def main() -> int:
    """Write or check ``docs/commands.md`` of the current directory."""
    target = Path("docs/commands.md")
    if "--check" in sys.argv[1:]:
        if target.is_file() and target.read_text(encoding="utf-8") == describe():
            return 0
        print(f"{target} is out of date: run `python -m supportterm.commands.describe`.", file=sys.stderr)
        return 1
    target.write_text(describe(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
