"""What practice customers say: small stories of webshop trouble, kept as data in `scripts/*.toml`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

When = Literal["always", "answered", "unanswered"]
Scene = Literal["", "promised", "tells"]


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """``lines`` said one after another, each after ``pause`` seconds; then the customer waits.

    ``when``: say it always, or only if the turn before was answered, or only if it was not.
    """

    lines: list[str]
    pause: float = 2.0
    when: When = "always"


class Script(Struct, frozen=True, forbid_unknown_fields=True):
    """One customer's story. ``patience``: seconds until the next ``impatient`` line.

    ``whether_read``: said before those, but not by who was told how they were understood. ``thanks`` is
    said when everything was answered; ``closes``: the customer ends the chat, else the agent may.
    ``corrects``: what the first summary, the second … got wrong; those after it are right. ``prefers``:
    words of the option they choose, else the first. ``scene``: one a demo begins with, in which the
    customer is "promised" something by a colleague, or "tells" so much that it wants a summary.
    """

    lang: str
    name: str
    about: str
    patience: float
    impatient: list[str]
    thanks: str
    turn: list[Turn]
    closes: bool = True
    corrects: list[str] = []
    prefers: str = ""
    scene: Scene = ""
    whether_read: str = ""


@cache
def scripts() -> tuple[Script, ...]:
    """All scripts, by file name."""
    folder = resources.files("supportterm.practice") / "scripts"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(msgspec.toml.decode(file.read_bytes(), type=Script) for file in files)
