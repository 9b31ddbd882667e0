"""Where sentences and their clauses begin and end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from supportterm.coach.promising.folding import BREAKS, ENDS, Token
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.times import Time

#: A subject this near, times left out, says that a joining word begins a clause.
_NEAR = 3


class Clause(Struct, frozen=True):
    """``words[first:last]``; ``asked``: a question mark follows."""

    first: int
    last: int
    asked: bool


def joined(language: Language, text: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens without the points that only end an abbreviation or a number."""
    return [
        token
        for at, token in enumerate(tokens)
        if token.word != "." or not _abbreviates(language, text, tokens, at)
    ]


def sentences(tokens: Sequence[Token]) -> Iterator[tuple[int, int, bool]]:
    """Where each sentence begins and ends in the tokens, and whether it is a question."""
    first = 0
    for at, token in enumerate(tokens):
        if token.word in ENDS:
            if at > first:
                yield first, at, token.word == "?"
            first = at + 1
    if first < len(tokens):
        yield first, len(tokens), False


def _abbreviates(language: Language, text: str, tokens: Sequence[Token], at: int) -> bool:
    if not at or at + 1 >= len(tokens) or tokens[at - 1].end != tokens[at].start:
        return False
    before = tokens[at - 1].word
    if before.isdecimal() and len(before) <= 2:
        return language.month.size((tokens[at + 1].word,), 0) > 0
    if language.dated.by_first and before.replace(".", "", 1).isdecimal() and "." in before:
        return not text[tokens[at + 1].start].isupper()  # "am 12.4. sage ich …"
    if before in language.titles and text[tokens[at - 1].start].isupper():
        return True
    return before in language.abbreviations and not text[tokens[at + 1].start].isupper()


def clauses(
    language: Language, words: Sequence[str], first: int, last: int, asked: bool, times: Sequence[Time]
) -> list[Clause]:
    """The clauses of a sentence; none parts a time."""
    whole = {at for time in times for at in range(time.lead, time.last)}
    cuts = [first]
    for at in range(first, last):
        if at in whole or at == cuts[-1]:
            continue
        if words[at] in BREAKS:
            cuts.append(at + 1)
        elif _only_joins(language, words, cuts[-1], at):
            continue  # "and then": one clause
        elif language.opening.size(words, at) or (
            (size := language.joining.size(words, at))
            and any(words[one] in language.subjects for one in _near(language, words, at, size, last, whole))
        ):
            cuts.append(at)
    found = []
    for start, end in zip(cuts, [*cuts[1:], last], strict=True):
        stop = end - 1 if end > start and words[end - 1] in BREAKS else end
        if stop > start:
            found.append((start, stop))
    return [Clause(start, stop, asked and at == len(found) - 1) for at, (start, stop) in enumerate(found)]


def _near(
    language: Language, words: Sequence[str], at: int, size: int, last: int, times: set[int]
) -> Iterator[int]:
    """The places where a subject would be of the joining words at ``at``: "and within 5 minutes you will
    hear" has one, "I'll look that up for you" none."""
    direct = language.direct.size(words, at)
    left = 1 if direct else _NEAR
    said = at + size  # "at the latest" says nothing
    for place in range(at + size, last):
        if words[place] in BREAKS or not left:
            return
        if place in times or place < said:
            continue
        # "check that for you": of whom it is follows at once, or it is no clause.
        filler = 0 if direct else language.filler.size(words, place)
        if filler and words[place] not in language.subjects:
            said = place + filler
            continue
        if left < _NEAR and language.joining.size(words, place):
            return
        yield place
        left -= 1


def _only_joins(language: Language, words: Sequence[str], first: int, last: int) -> bool:
    return all(language.joining.size(words[at:last], 0) for at in range(first, last))
