"""What a command is declared with: its options and arguments, as data."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final


@dataclass(frozen=True)
class Option:
    """An option or argument; ``names`` as typed, ``more`` as argparse takes it."""

    names: tuple[str, ...]
    help: str
    more: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One command. ``run`` is "module:function" under `supportterm.commands`, imported when it is called."""

    name: str
    about: str
    run: str
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    notes: str = ""


def option(*names: str, help: str, **more: Any) -> Option:
    """One of them; the rest is for argparse."""
    return Option(names, help, more)


def points(text: str) -> int:
    """Points of load, such as "2.5", as hundredths."""
    try:
        number = Decimal(text.replace(",", ".")) * 100
        if 0 <= number <= 100_000 and number == number.to_integral_value():
            return int(number)
    except ArithmeticError:
        pass
    raise argparse.ArgumentTypeError(f"`{text}` is not points such as 2.5, with at most two decimals")


CONFIG: Final = option(
    "--config",
    metavar="FILE",
    help="the settings; without it `$SUPPORTTERM_CONFIG`, ./supportterm.toml, your configuration"
    " directory, then /etc/supportterm",
)
PASSWORD_STDIN: Final = option(
    "--password-stdin", action="store_true", help="read the password from the first line of stdin"
)
