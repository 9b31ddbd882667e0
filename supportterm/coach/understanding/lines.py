"""What the rules of understanding read: a conversation as lines, and places in it."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

Who = Literal["customer", "agent"]

#: "message": something was said; the others happened, and their text, if any, is what they carried:
#: the summary or options that were sent, what the customer corrected or chose, or for "step" the name
#: of the step that the agent set by hand. "dismissed": the agent put the summary prompt away.
Kind = Literal[
    "message",
    "joined",
    "summary_sent",
    "summary_confirmed",
    "summary_corrected",
    "options_sent",
    "option_chosen",
    "dismissed",
    "step",
    "closed",
]

#: More of one message is not looked at: no shop's problem needs it, and an agent waits for the answer.
LONGEST: Final = 4000


class Line(Struct, frozen=True):
    """One thing said, or done. ``at``: milliseconds since 1970 UTC."""

    who: Who
    text: str = ""
    at: int = 0
    kind: Kind = "message"


class Quote(Struct, frozen=True):
    """Words of a line: ``lines[line].text[start:end] == text``."""

    line: int
    start: int
    end: int
    text: str


def said_by(line: Line, who: Who) -> bool:
    """Whether this is a message of that side; a summary or options are not."""
    return line.who == who and line.kind == "message"
