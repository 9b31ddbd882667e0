"""Asking a person at the terminal, or a script on stdin."""

from __future__ import annotations

import getpass
import sys
from typing import Final

from supportterm.commands.exits import Exit, Stop

#: The server's rule, told before the password is typed twice and sent.
_PASSWORD_CHARS: Final = 10


def new_password(from_stdin: bool) -> str:
    """A password to set: typed twice without echo, or the first line of stdin."""
    if from_stdin:
        return first_line()
    _need_terminal()
    while True:
        typed = getpass.getpass(f"New password (at least {_PASSWORD_CHARS} characters): ")
        if len(typed) < _PASSWORD_CHARS:
            print("That is too short.", file=sys.stderr)
            continue
        if getpass.getpass("Once more: ") == typed:
            return typed
        print("They are not the same: type both again.", file=sys.stderr)


def password(from_stdin: bool, prompt: str) -> str:
    """A password that exists, typed without echo, or the first line of stdin."""
    if from_stdin:
        return first_line()
    _need_terminal()
    return getpass.getpass(prompt)


def first_line() -> str:
    """The first line of stdin without its end."""
    return sys.stdin.readline().rstrip("\r\n")


def is_a_person() -> bool:
    """Whether somebody sits there who can read a question and answer it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def line(prompt: str) -> str:
    """What they type. Raises `Stop` if the terminal is closed (ctrl+d)."""
    try:
        return input(prompt).strip()
    except EOFError:
        print()
        raise Stop("the answers ended: nothing was written.") from None
    except UnicodeDecodeError:
        # A terminal that writes in another encoding than it says.
        return "\0"


def letter(question: str, letters: str, usual: str) -> str:
    """One of these letters; enter is the usual one, which stands in capitals."""
    shown = "/".join(one.upper() if one == usual else one for one in letters)
    while True:
        typed = line(f"{question} [{shown}] ").lower()[:1] or usual
        typed = "y" if typed == "j" else typed  # as `confirm`
        if typed in letters:
            return typed
        print(f"  Answer with one of {', '.join(letters)}.")


def confirm(question: str, yes: bool) -> None:
    """Go on only after a "y" or with ``--yes``. Raises `Stop`."""
    if yes:
        return
    need_yes(yes)
    if input(f"{question} [y/N] ").strip().lower() not in ("y", "yes", "j", "ja"):
        raise Stop("nothing was changed.")


def need_yes(yes: bool) -> None:
    """Raises `Stop` where `confirm` could not ask."""
    if not yes and not sys.stdin.isatty():
        raise Stop("there is no terminal to ask: add --yes if you are sure.", Exit.USAGE)


def _need_terminal() -> None:
    if not sys.stdin.isatty():
        raise Stop("there is no terminal to ask for the password: use --password-stdin.", Exit.USAGE)
