"""Stored texts with places in them: ``{order}`` is filled with what is known, ``{?amount}`` by hand.

What cannot be filled is left as a gap that nobody overlooks: ``‹order number›``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

#: What a text can be filled with: the customer's name, the agent's, the shop's, and the one order or
#: parcel number that the customer gave.
VARIABLES: Final = ("customer", "agent", "shop", "order")

#: What a stored text is for: the steps of a conversation, and all else.
Kind = Literal["greeting", "question", "solution", "closing", "other"]

#: What follows a slash in the composer and does something by itself: no text can be called that.
COMMANDS: Final = ("back", "callback", "reach")

#: A place that is filled by hand says in a few words with what.
LONGEST_PLACE: Final = 40
_PLACE: Final = re.compile(r"\{(\??)([^{}\n]*)\}")
_BRACE: Final = re.compile(r"[{}]")
#: A gap that does not say what belongs there: the words before it do.
OPEN: Final = "‹…›"
_TO_FILL: Final = re.compile(r"(?<!‹)…(?!›)")
#: Quotes within quotes look like gaps in French; whoever writes them is asked once.
_GAP: Final = re.compile(rf"‹[^‹›\n]{{1,{LONGEST_PLACE}}}›")


def places(text: str) -> Iterator[tuple[str, bool]]:
    """What stands in each pair of braces, and whether it is to be filled by hand."""
    for found in _PLACE.finditer(text):
        yield found[2].strip(), bool(found[1])


def has_stray_brace(text: str) -> bool:
    """Whether a brace is left over that opens or closes nothing."""
    return bool(_BRACE.search(_PLACE.sub("", text)))


def filled(text: str, values: Mapping[str, str], names: Mapping[str, str]) -> str:
    """The text as it can be sent, but for its gaps.

    ``values``: what is known, by variable; "" or absent: it becomes a gap that reads as ``names`` call it.
    """

    def fill(found: re.Match[str]) -> str:
        name = found[2].strip()
        if found[1]:
            return f"‹{name[:LONGEST_PLACE]}›"
        value = _plain(values.get(name, ""))
        return value or f"‹{names.get(name, name)[:LONGEST_PLACE]}›"

    return _PLACE.sub(fill, text)


def opened(text: str) -> str:
    """A text in which ``…`` is to be filled in, with a gap in each of these places."""
    return _TO_FILL.sub(OPEN, text)


def gaps(text: str) -> list[tuple[int, int]]:
    """Where something is still to be filled in: from where to where, as letters of the text."""
    return [found.span() for found in _GAP.finditer(text)]


def _plain(value: str) -> str:
    """A value that makes no gap of its own."""
    return " ".join(value.replace("‹", "<").replace("›", ">").split())
