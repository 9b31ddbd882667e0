"""Nothing about a command stays undocumented."""

from __future__ import annotations

import shlex
from importlib import import_module
from pathlib import Path

import pytest

from supportterm.commands.declaring import Command
from supportterm.commands.describe import describe
from supportterm.commands.exits import MEANING, Exit
from supportterm.commands.parser import build
from supportterm.commands.table import COMMANDS

PAGE = Path("docs/commands.md")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == describe(), "run `python -m supportterm.commands.describe`"


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANING) == set(Exit)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_can_run_and_has_examples_that_parse(command: Command) -> None:
    module, function = command.run.split(":")
    assert callable(getattr(import_module(f"supportterm.commands.{module}"), function))
    assert command.examples
    for example in command.examples:
        for line in example.split("&&"):
            words = shlex.split(line)
            assert words[0] == "supportterm"
            if words[1:]:
                build().parse_args(words[1:])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_option_is_on_the_page(command: Command) -> None:
    page = PAGE.read_text(encoding="utf-8")
    section = page.split(f"## `{command.name}`\n")[1].split("\n## ")[0]
    for option in command.options:
        assert option.help
        assert (option.names[0] if option.names[0].startswith("-") else option.more["metavar"]) in section


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_shows_examples(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        build().parse_args([*command.name.split(), "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert command.examples[0] in shown
