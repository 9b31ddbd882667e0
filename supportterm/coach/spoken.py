"""The language somebody really writes: a browser's is only a guess."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.folding import BREAKS, ENDS, tokens

#: With fewer words of a language there is doubt.
_ENOUGH: Final = 4
#: So many times the words of the expected one.
_CLEARLY: Final = 2
#: What was written last tells enough, and costs little.
_LETTERS: Final = 2_000


def spoken(texts: Iterable[str], expected: str) -> str:
    """The language of these texts where their words leave no doubt, else ``expected`` as it is.

    Compares how many of the words belong to each language's vocabulary for promises, which is made of
    everyday words. Half of all must: a language nobody taught us is none of ours. Never raises.
    """
    words = [
        token.word
        for token in tokens(" \n".join(texts)[-_LETTERS:])
        if token.word not in BREAKS and token.word not in ENDS
    ]
    usual = languages.language(expected)
    counts = {one.name: sum(word in one.vocabulary for word in words) for one in languages.every_language()}
    best = max(counts, key=lambda name: counts[name], default="")
    before = counts[usual.name] if usual is not None else 0
    found = counts.get(best, 0)
    certain = found >= _ENOUGH and found >= _CLEARLY * before and 2 * found >= len(words)
    return best if certain else expected
