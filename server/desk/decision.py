"""What a desk answers to a command."""

from __future__ import annotations

from msgspec import Struct

from server.desk.events import Event
from supportterm.protocol.codes import ERRORS, ErrorCode


class Decided(Struct, frozen=True):
    """These events, in this order; the author's answer is the one with its client id.

    None at all: nothing had to change, and the author is told ``ok``.
    """

    events: list[Event]


class Repeated(Struct, frozen=True):
    """The same command was decided before: its event has these numbers."""

    seq: int
    pub: int


class Refused(Struct, frozen=True):
    """Nothing changed. ``chat`` names the chat that the reason is about, where that is another one.

    ``who``: the name of somebody the reason is about; ``until``: until when it holds.
    """

    error: ErrorCode
    chat: str = ""
    who: str = ""
    until: int = 0


Decision = Decided | Repeated | Refused


def refuse(code: str, chat: str = "", who: str = "", until: int = 0) -> Refused:
    """A refusal by its code in `supportterm.protocol.codes`."""
    return Refused(ERRORS[code], chat, who, until)
