"""What may be asked of a desk, besides the commands people send over the wire."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from supportterm.protocol.frames import Command as WireCommand
from supportterm.protocol.frames import Note, Say


class Person(Struct, frozen=True):
    """Who asks: a customer of ``shop``, or an agent.

    ``limit``: chats at once, 0 for the desk's own. ``token_hash``: a customer's, to be stored with
    their first chat; no rule looks at it.
    """

    role: Literal["customer", "agent", "desk"]
    id: str
    name: str = ""
    shop: str = ""
    limit: int = 0
    token_hash: bytes = b""


#: The desk itself, when time brings something about.
CLOCK = Person(role="desk", id="")


class Masked(Struct, frozen=True):
    """A message or note from which ``count`` card or account numbers were removed."""

    command: Say | Note
    count: int

    @property
    def chat(self) -> str:
        """The chat it is written in."""
        return self.command.chat


class Arrive(Struct, frozen=True):
    """The asking agent's console is connected."""


class Leave(Struct, frozen=True):
    """The asking agent's last console is gone."""


class Retire(Struct, frozen=True):
    """The agent was disabled: their chats wait for somebody else."""

    agent: str


class Erase(Struct, frozen=True):
    """Every text of the chat was removed from the log: say so to all who show it."""

    chat: str


class Due(Struct, frozen=True):
    """A deadline may have passed."""


Command = WireCommand | Masked | Arrive | Leave | Retire | Erase | Due
