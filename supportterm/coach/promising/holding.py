"""Holding lines: "one more moment", "give me five more minutes". They say nothing, and keep no promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.folding import BREAKS, ENDS, Token, tokens
from supportterm.coach.promising.found import HOUR
from supportterm.coach.promising.judging import listed_vague, said_at
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.sentences import Clause, joined, sentences
from supportterm.coach.promising.times import Time
from supportterm.coach.promising.weighing import Said, sounds_promised, sounds_vague

#: Whoever writes more than this says something.
_LONGEST: Final = 160
#: Words of a clause that only promises to look, at most: who says more says something besides.
_WORDS: Final = 9


def holding(text: str, language: str = "") -> bool:
    """Whether a text is nothing but holding lines, such as "momentje nog, ben nog aan het zoeken".

    An answer must never be taken for one, so in doubt it is none: each clause must ask for patience, say that
    somebody is still at it, promise to look, or promise to be back within an hour. The chat's ``language``
    comes first, but not alone: agents write what their customer writes. Never raises.
    """
    if len(text) > _LONGEST:
        return False
    found = tokens(text)
    if any(token.word == "?" for token in found):
        return False
    known = languages.language(language)
    others = (one for one in languages.every_language() if one is not known)
    return any(
        _is_made_of(one, _spoken(one.words(found))) or _only_holds(one, text, found)
        for one in ((known, *others) if known else others)
    )


def _spoken(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in BREAKS and word not in ENDS]


def _only_holds(language: Language, text: str, found: Sequence[Token]) -> bool:
    """Whether each clause of each sentence holds by itself, and at least one does."""
    if any(token.word == "." for token in found):
        found = joined(language, text, found)
    words = language.words(found)
    parts = list(sentences(found))
    held = False
    for at, (first, _, _) in enumerate(parts):
        said = said_at(language, words, parts, at)
        if language.is_foreign(said.words):
            return False
        for one in said.clauses:
            own = Said(said.words[one.first : one.last], (one,), (), False)
            spoken = _spoken(own.words)
            if timed := [time for time in said.times if one.first <= time.first < one.last]:
                if not _asks_for_a_while(language, said, one, timed):
                    return False
                held = True
                continue
            around = f" {' '.join(spoken)} "
            if _is_made_of(language, spoken) or language.still.within(around):
                held = True
            elif language.feeling.within(around):
                # "That is annoying": beside a holding line it says as little as "sorry".
                continue
            elif 1 < len(spoken) <= _WORDS and _looks(
                language, found[first + one.first : first + one.last], own
            ):
                held = True
            elif not all(word in language.beside for word in spoken):
                return False
    return held


def _asks_for_a_while(language: Language, said: Said, clause: Clause, timed: Sequence[Time]) -> bool:
    """Whether a clause with times in it only asks for patience so long, or says when somebody is back.

    Of days, or of an hour of the day, it may as well be the answer: "I refund you within five days".
    """
    if any(time.clock is not None or not 0 < time.ms <= HOUR for time in timed):
        return False
    words = list(said.words)
    for time in reversed(timed):
        words[time.first : time.last] = ["#d"]
    own = words[clause.first : clause.last - (len(said.words) - len(words))]
    spoken = _spoken(own)
    if language.still.within(f" {' '.join(spoken)} "):
        return True
    return len(spoken) <= _WORDS and all(sounds_promised(language, said, time, False) for time in timed)


def _looks(language: Language, found: Sequence[Token], own: Said) -> bool:
    """Whether a clause promises something without a time."""
    whole = [msgspec.structs.replace(own.clauses[0], first=0, last=len(own.words))]
    return sounds_vague(language, own, listed_vague(language, found, own.words, whole, True) is not None)


def _is_made_of(language: Language, words: Sequence[str]) -> bool:
    """Whether the words are holding lines and what may stand beside them, with at least one line."""
    if not words:
        return False
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
