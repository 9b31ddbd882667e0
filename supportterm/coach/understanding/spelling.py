"""Typing errors in the words that matter: "ontvagen" is read as "ontvangen".

Only a word that the rules look for is ever put in another's place, at one slip's distance, so a draft
shows the customer's own words otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from supportterm.coach.understanding.phrases import fold

#: Shorter words have too many neighbours that are words themselves.
_LONG: Final = 7
_WORD: Final = re.compile(r"(?<![\w'#-])[^\W\d_]+(?:['’][^\W\d_]+)?(?![\w'-])")


class Repaired:
    """A text with its slips put right, and where each of its places was before."""

    def __init__(self, text: str, changes: list[tuple[int, int, int, int]]) -> None:
        """``changes``: (start, end) of a word now, and (start, end) of it before, in order."""
        self.text: Final = text
        self.folded: Final = fold(text)
        self._changes: Final = changes

    def before(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it was written. A word that was put right counts whole."""
        return self._before(start, 0), self._before(end, 1)

    def _before(self, at: int, side: int) -> int:
        shift = 0
        for start, end, old_start, old_end in self._changes:
            if at <= start:
                break
            if at < end:
                return (old_start, old_end)[side]
            shift = old_end - end
        return at + shift


class Spelling:
    """Puts slips right. ``spelled``: what stands for another word as it is; ``vocabulary``: the words
    that are known misspelled."""

    def __init__(self, spelled: Mapping[str, str], vocabulary: Iterable[str]) -> None:
        self._spelled: Final = {fold(slip): word for slip, word in spelled.items()}
        self._known: Final = {fold(word): word for word in vocabulary if len(word) >= _LONG}
        self._slips: Final[dict[str, str | None]] = {}
        for known in self._known:
            for slip in _without_one(known):
                # Two words that lose the same letter cannot be told apart.
                self._slips[slip] = None if slip in self._slips else known

    def repaired(self, text: str) -> Repaired:
        """``text``, put right."""
        out: list[str] = []
        changes: list[tuple[int, int, int, int]] = []
        end = length = 0
        for found in _WORD.finditer(fold(text)):
            folded = found[0]
            if folded not in self._spelled and (len(folded) < _LONG - 1 or folded in self._known):
                continue
            word = self._word(folded, text[found.start() : found.end()])
            if word is None:
                continue
            between = text[end : found.start()]
            start = length + len(between)
            length = start + len(word)
            end = found.end()
            out += between, word
            changes.append((start, length, found.start(), end))
        return Repaired("".join([*out, text[end:]]), changes)

    def _word(self, folded: str, word: str) -> str | None:
        meant = self._spelled.get(folded) or self._meant(folded)
        if meant is None or fold(meant) == folded:
            return None
        return meant.capitalize() if word[0].isupper() and not word.isupper() else meant

    def _meant(self, slip: str) -> str | None:
        # A letter is missing, or one too many, wrong or swapped: then both lose one and are the same.
        known = self._slips.get(slip)
        if known is None:
            known = next((one for short in _without_one(slip) if (one := self._same(short, slip))), None)
        # Another first letter or another ending is another word: "gesteld", "besteld", "bestelde".
        if known is None or known[0] != slip[0] or known[-1] != slip[-1]:
            return None
        return self._known[known]

    def _same(self, short: str, slip: str) -> str | None:
        if short in self._known:
            return short
        known = self._slips.get(short)
        return known if known is not None and len(known) == len(slip) else None


def _without_one(word: str) -> Iterator[str]:
    for at in range(1, len(word)):
        if word[at] != word[at - 1]:
            yield word[:at] + word[at + 1 :]
