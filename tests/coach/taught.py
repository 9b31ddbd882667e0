"""What the weights of promises are learned from, and by what their files are known to be of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from .frames import FRAMES
from .phrases import FRESH, TAUGHT, Line, lines


def taught(lang: str) -> Iterator[tuple[Line, bool]]:
    """The lines of a language, and whether the lists never learned from them."""
    for table in TAUGHT:
        for line in lines(table):
            if line.lang == lang:
                yield line, table in FRESH


def digest(lang: str) -> str:
    """What changes with any of these lines, and with any frame of the language."""
    every = [[line.text, line.expected] for line, _ in taught(lang)]
    return sha256(json.dumps([every, FRAMES[lang]]).encode()).hexdigest()[:16]
