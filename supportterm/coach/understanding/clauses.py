"""What a customer wrote, cut into single thoughts, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from supportterm.coach.understanding.lines import LONGEST, Line, Quote, said_by
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import Rules
from supportterm.coach.understanding.spelling import Repaired

#: What may stand around a thought without belonging to it.
_EDGES: Final = " \t\r\n,;:.!?…-–—*\"'“”„«»()[]"
_EMOJI: Final = re.compile(r"[\s☀-➿⬀-⯿\U0001f000-\U0001faff️‍]+|[:;]'?-?[()DPp/\\]|[.!?,;…]+")

#: Greetings and thanks are short.
_SMALL: Final = 100
#: "1. maj": the full stop of a number that goes on in small letters.
_DAY: Final = re.compile(r"(?<!\d)\d{1,2}\Z")
_GOES_ON: Final = re.compile(r"\.\s[a-z]")


class Clause(Struct, frozen=True):
    """One thought: ``text`` with its slips put right, ``folded`` for looking things up in it.

    ``quote``: the same as it was written. ``contrast``: it goes on from the one before ("but …").
    ``small``: nothing but greeting or thanks. ``question``: ended by a question mark.
    """

    quote: Quote
    text: str
    folded: str
    contrast: bool = False
    small: bool = False
    question: bool = False


def clauses(lines: Sequence[Line], rules: Rules) -> list[Clause]:
    """The thoughts of the customer's messages, in order."""
    return [
        clause
        for number, line in enumerate(lines)
        if said_by(line, "customer")
        for clause in _of(number, line.text[:LONGEST], rules)
    ]


def is_small(text: str, rules: Rules) -> bool:
    """Whether a message is greeting, thanks, or a call ("hello?") and nothing else."""
    if len(text) > _SMALL:
        return False
    rest = _EMOJI.sub(" ", rules.small.sub(" ", fold(text)))
    return not rest.strip(_EDGES)


def _of(number: int, raw: str, rules: Rules) -> Iterator[Clause]:
    repaired = rules.spelling.repaired(raw)
    folded = repaired.folded
    start = 0
    contrast = False
    for found in rules.breaks.finditer(folded):
        if found[0] == "." and _abbreviated(folded, found.start(), rules):
            continue
        if found[0] == "," and _goes_on(folded, found.start(), rules):
            continue
        yield from _clause(number, raw, repaired, start, found.start(), found[0], contrast, rules)
        start = found.end()
        contrast = found[0].isspace() and rules.contrast.match(folded, start) is not None
        contrast = contrast or (found[0] == "," and rules.contrast.match(folded, start + 1) is not None)
    yield from _clause(number, raw, repaired, start, len(folded), "", contrast, rules)


def _abbreviated(folded: str, at: int, rules: Rules) -> bool:
    if _DAY.search(folded, max(0, at - 3), at) and _GOES_ON.match(folded, at):
        return True
    word = re.search(r"[\w.]*\Z", folded[max(0, at - 12) : at])
    return word is not None and rules.abbreviation.fullmatch(word[0]) is not None


def _goes_on(folded: str, at: int, rules: Rules) -> bool:
    """Whether what comes after a comma only says which one is meant: "the lamp I bought in May"."""
    near = rules.goes_on.finditer(folded, max(0, at - 40), at + 40)
    if not any(one.start() < at < one.end() for one in near):
        return False
    after = folded[at + 1 :]
    end = rules.breaks.search(after)
    then = after[: end.start()] if end else after
    return not (rules.any_want.search(then) or rules.strong.search(then) or rules.denied.search(then))


def _clause(
    number: int, raw: str, repaired: Repaired, start: int, end: int, stop: str, contrast: bool, rules: Rules
) -> Iterator[Clause]:
    text, folded = repaired.text, repaired.folded
    start, end = _trimmed(text, start, end)
    while start < end and (filler := rules.filler.match(folded, start, end)) and filler.end() > start:
        start, end = _trimmed(text, filler.end(), end)
    if (last := rules.end.search(folded, start, end)) and last.start() > start:
        start, end = _trimmed(text, start, last.start())
    if start >= end:
        return
    old_start, old_end = repaired.before(start, end)
    quote = Quote(number, old_start, old_end, raw[old_start:old_end])
    own = folded[start:end]
    yield Clause(quote, text[start:end], own, contrast, is_small(own, rules), "?" in stop)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without what does not belong; a bracket stays where its other half does."""
    while start < end and _is_edge(text[start]):
        start += 1
    while start < end and _is_edge(text[end - 1]):
        if text[end - 1] == ")" and "(" in text[start:end]:
            break
        end -= 1
    return start, end


def _is_edge(char: str) -> bool:
    return not char.isalnum() and (char in _EDGES or _EMOJI.fullmatch(char) is not None)
