"""Holding lines: "one more moment". They say nothing new, and so keep no promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.folding import BREAKS, ENDS, tokens
from supportterm.coach.promising.language import Language

#: Whoever writes more than this says something.
_LONGEST: Final = 160


def holding(text: str, language: str = "") -> bool:
    """Whether a text is nothing but holding lines, such as "momentje nog, ben nog aan het zoeken".

    Every word must be one of them: an answer must never be taken for one, so in doubt it is none. The
    chat's ``language`` comes first, but not alone: agents write what their customer writes. Never raises.
    """
    if len(text) > _LONGEST:
        return False
    found = tokens(text)
    known = languages.language(language)
    others = (one for one in languages.every_language() if one is not known)
    for one in (known, *others) if known else others:
        words = one.words(found)
        spoken = [word for word in words if word not in BREAKS and word not in ENDS]
        if spoken and "?" not in words and _is_made_of(one, spoken):
            return True
    return False


def _is_made_of(language: Language, words: Sequence[str]) -> bool:
    """Whether the words are holding lines and what may stand beside them, with at least one line."""
    # By place: whether what is before it can be read so, with a line in it.
    reached: list[bool | None] = [None] * (len(words) + 1)
    reached[0] = False
    for at in range(len(words)):
        read = reached[at]
        if read is None:
            continue
        for size in language.lines.sizes(words, at):
            reached[at + size] = True
        if words[at] in language.beside:
            reached[at + 1] = bool(reached[at + 1]) or read
    return reached[-1] is True
