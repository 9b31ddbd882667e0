"""A key that plain terminals send and Textual takes for another one.

Without the kitty protocol a terminal sends alt+enter as escape and return. Textual reads that as enter, which
here would do the opposite: promise a time where "send without" was meant.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


class _Keys(StrEnum):
    ALT_ENTER = "alt+enter"


#: What terminals send, and the key it is. Some end a line with the other of the two characters.
_SENT: Final = {"\x1b\r": _Keys.ALT_ENTER, "\x1b\n": _Keys.ALT_ENTER}


def learn_keys() -> None:
    """Tell Textual; again does nothing. A release that knows these keys keeps its own reading."""
    known = cast("dict[str, object]", ANSI_SEQUENCES_KEYS)
    for sequence, key in _SENT.items():
        known.setdefault(sequence, (key,))
