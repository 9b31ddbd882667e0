"""The command line, made from the table."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final, NoReturn

from supportterm.commands.declaring import Command
from supportterm.commands.exits import Exit
from supportterm.commands.table import COMMANDS
from supportterm.protocol.limits import ID_CHARS_MAX, ID_CHARS_MIN

EPILOG = (
    "Without a command, the console opens. `supportterm COMMAND --help` shows examples;\n"
    "docs/commands.md tells all of it, exit codes too."
)


#: What groups of commands are, in a list of commands and on their own.
_GROUPS: Final = {
    "agent": ("Add, list and change agents.", "Agents and their sign-ins."),
    "report": ("Print figures.", "Figures for whoever runs a desk."),
}
#: Ids that browsers make may begin with a dash, and operators type them as the console shows them.
_ID: Final = re.compile(rf"-[A-Za-z0-9_-]{{{ID_CHARS_MIN - 1},{ID_CHARS_MAX - 1}}}")
_OPTIONS: Final = frozenset(name for command in COMMANDS for one in command.options for name in one.names)
_UNKNOWN: Final = re.compile(r"argument COMMAND: invalid choice: '([^']*)'")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in a sentence, with the nearest command."""

    known: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        unknown = _UNKNOWN.match(message)
        if unknown is not None:
            words = [word for name in self.known for word in (name, name.split()[0])]
            near = get_close_matches(unknown[1], words, n=1)
            hint = f"did you mean `{self.prog} {near[0]}`?" if near else f"known: {', '.join(self.known)}."
            message = f"there is no command `{unknown[1]}`; {hint}"
        self.exit(Exit.USAGE, f"{self.prog}: {message}\nTry `{self.prog} --help`.\n")


def read(argv: Sequence[str]) -> argparse.Namespace:
    """The command in these words. Leaves with a sentence and `Exit.USAGE` where there is none.

    A word that looks like an id and is no option of ours is never taken for one.
    """
    ids = [word for word in argv if _ID.fullmatch(word) and word not in _OPTIONS]
    if ids and "--" not in argv:
        argv = [*(word for word in argv if word not in ids), "--", *ids]
    return build().parse_args(argv)


def build() -> Parser:
    """The whole parser; a parsed command has its ``run`` in the namespace, the console by default."""
    parser = Parser(
        prog="supportterm",
        description="Live chat for webshops, answered from a terminal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and what it runs on")
    parser.set_defaults(run="console:run", url="")
    top = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    parser.known = [command.name for command in COMMANDS]
    groups: dict[str, argparse._SubParsersAction[Parser]] = {}
    for command in COMMANDS:
        group, _, name = command.name.rpartition(" ")
        if group and group not in groups:
            short, long = _GROUPS[group]
            shared = top.add_parser(group, help=short, description=long)
            groups[group] = shared.add_subparsers(
                title="commands", metavar="COMMAND", parser_class=Parser, required=True
            )
            shared.known = [one.name.split()[1] for one in COMMANDS if one.name.startswith(group + " ")]
        _add((groups[group] if group else top), name, command)
    return parser


def _add(to: argparse._SubParsersAction[Parser], name: str, command: Command) -> None:
    parser = to.add_parser(
        name,
        help=command.about,
        description=description(command),
        epilog="examples:\n" + "\n".join(f"  {example}" for example in command.examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for option in command.options:
        parser.add_argument(*option.names, help=option.help, **option.more)
    parser.set_defaults(run=command.run)


def description(command: Command) -> str:
    """What a command does, wrapped for a terminal of 80 columns."""
    return "\n\n".join(textwrap.fill(part, 78) for part in (command.about, command.notes) if part)
