"""What becomes of each code point before it may be shown in a terminal.

Terminals act on control characters (clipboard, title, answers typed back), reorder lines on bidi
controls and lose count of columns on stacked or invisible marks. What would hide in a text is made
visible; what only confuses the layout is dropped.
"""

from __future__ import annotations

import unicodedata
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ZWNJ: Final = "\N{ZERO WIDTH NON-JOINER}"
ZWJ: Final = "\N{ZERO WIDTH JOINER}"

#: The twelve controls that turn the order of what follows (CVE-2021-42574).
BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown(char: str) -> str:
    """What is shown instead of ``char``: itself, a visible stand-in, spaces, or nothing.

    C0 → its picture (U+2400 + n), DEL → U+2421, tab → four spaces, newline stays. C1, lone
    surrogates, private use, unassigned, line and paragraph separators and the bidi controls →
    U+FFFD. Other format characters go, but for the joiners that Indic scripts, Persian and emoji need.
    """
    code = ord(char)
    if char == "\n":
        return char
    if char == "\t":
        return "    "
    if code < 0x20:
        return chr(0x2400 + code)
    if code < 0x7F:
        return char
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if char in BIDI_CONTROLS:
        return REPLACEMENT
    category = unicodedata.category(char)
    if category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return REPLACEMENT
    if category == "Cf" and char not in {ZWJ, ZWNJ}:
        return ""
    return char


def stacks(char: str) -> bool:
    """Whether ``char`` sits on the character before it instead of taking a column of its own."""
    if char in {ZWJ, ZWNJ}:
        return True
    return unicodedata.category(char) in {"Mn", "Me"} or unicodedata.combining(char) != 0


class Table(dict[int, str]):
    """A table for ``str.translate`` that fills itself with `shown` as code points turn up.

    Bounded by the number of code points; filled at once it would cost each start 0.3 s.
    """

    def __missing__(self, code: int) -> str:
        self[code] = result = shown(chr(code))
        return result
