"""What happened, as one hash that two runs of a seed must share."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable


class Trace:
    """Hashes every line in order; with ``show`` it prints them too."""

    def __init__(self, clock: Callable[[], float], show: bool = False) -> None:
        self._clock = clock
        self._show = show
        self._hash = hashlib.blake2b(digest_size=16)
        self.lines = 0

    def __call__(self, who: str, what: str) -> None:
        line = f"{self._clock():12.6f} {who:<14} {what}\n"
        self._hash.update(line.encode())
        self.lines += 1
        if self._show:
            sys.stdout.write(line)

    def digest(self) -> str:
        """The hash so far, in hexadecimal."""
        return self._hash.hexdigest()
