"""What the log and the wire carry: the text as it was written, less what no side can carry."""

from __future__ import annotations

import re
from typing import Final

_UNCARRIED: Final = re.compile("[\0\ud800-\udfff]")


def wire_text(text: str) -> str:
    """``text`` without NUL and lone surrogates, all else as written.

    NUL ends strings in too many places, and a lone surrogate has no UTF-8. Everything else is left
    for the reader's side to make safe, because what is safe to show differs from screen to screen.
    """
    if "\0" not in text:
        if text.isascii():
            return text
        try:
            # Far faster than looking at each character, and lone surrogates are all it refuses.
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNCARRIED.sub("", text)
