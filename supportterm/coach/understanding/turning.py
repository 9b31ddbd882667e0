"""A customer's words in the agent's mouth: "dan gaan we met mijn zoon" is "dan gaat u met uw zoon"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import Agreeing, Rules, Turning

EDGES: Final = " \t\r\n,;:.!?…"
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[\w'-]+")
_BEFORE: Final = re.compile(r"([\w'-]+)\s+\Z")


class _Edit(NamedTuple):
    start: int
    end: int
    new: str


def turned(text: str, rules: Rules, *, familiar: bool, question: bool = False) -> str:
    """A customer's words in the agent's mouth: persons turned, and the verbs with them; "" where we do not
    know how.

    A ``question`` begins with its verb, and no pronoun was left out there.
    """
    text = _SPACE.sub(" ", rules.spelling.repaired(text).text).strip(EDGES)
    while (filler := rules.filler.match(fold(text))) and filler.end():
        text = text[filler.end() :].lstrip(EDGES)
    folded = fold(text)
    first = None if question else rules.turn_start.found.match(folded)
    start = _becomes(first, rules.turn_start, familiar) if first else ""
    rest = text[first.end() :] if first else text
    edits = _edits(rest, rules, familiar)
    if edits is None:
        return ""
    done = start + _applied(rest, edits)
    if rules.broken.search(fold(done)):
        return ""
    return _small(done, text) if rules.sentences.small_first and not first else done


def _edits(text: str, rules: Rules, familiar: bool) -> list[_Edit] | None:
    """What is put in the place of what, in order; None: a pronoun whose verb we do not know."""
    found: list[_Edit] = []
    alone: list[re.Match[str]] = []
    folded = fold(text)
    end = 0
    for pronoun in rules.turn.found.finditer(folded):
        if pronoun.start() < end:
            continue
        verb = _regular(text, folded, pronoun, rules, familiar)
        found.append(verb or _Edit(pronoun.start(), pronoun.end(), _becomes(pronoun, rules.turn, familiar)))
        end = found[-1].end
        if not verb:
            alone.append(pronoun)
    for pronoun in alone:
        for group in rules.agree:
            if pronoun[0] in group.pronouns:
                verbs = _agreeing(folded, pronoun, group, rules, familiar)
                if not verbs and group.sure[familiar]:
                    return None
                found += [verb for verb in verbs if not _overlaps(verb, found)]
    return sorted(found)


def _agreeing(
    folded: str, pronoun: re.Match[str], group: Agreeing, rules: Rules, familiar: bool
) -> list[_Edit]:
    """The verbs of a pronoun: right before it, or behind it in its thought; and one that goes on from there
    with "and"."""
    before = _BEFORE.search(folded, 0, pronoun.start())
    if before and before[1] in group.verbs:
        return [_Edit(*before.span(1), group.verbs[before[1]][2 if familiar else 0])]
    stop = rules.stops.search(folded, pronoun.end())
    own = _behind(folded[: stop.start() if stop else None], pronoun.end(), group)
    if not own and stop:
        # "We, the children and the dog, leave …"
        own = _behind(folded, pronoun.end(), group)
    elif stop and rules.goes_on_with.fullmatch(stop[0].strip()):
        next_ = _WORD.search(folded, stop.end())
        own += [next_] if next_ and next_[0] in group.verbs else []
    return [_Edit(*word.span(), group.verbs[word[0]][familiar]) for word in own]


def _behind(folded: str, start: int, group: Agreeing) -> list[re.Match[str]]:
    """The verb that stands right behind the pronoun, else the first or last that may be its own."""
    words = list(_WORD.finditer(folded, start))
    verbs = [
        word
        for at, word in enumerate(words)
        if word[0] in group.verbs and not (at and words[at - 1][0] in group.infinitive)
    ]
    if verbs and group.last and verbs[0] is not words[0]:
        return verbs[-1:]
    return verbs[:1]


def _overlaps(edit: _Edit, found: list[_Edit]) -> bool:
    return any(edit.start < one.end and one.start < edit.end for one in found)


def _applied(text: str, edits: list[_Edit]) -> str:
    out: list[str] = []
    end = 0
    for edit in edits:
        out += text[end : edit.start], edit.new
        end = edit.end
    return "".join([*out, text[end:]])


def _regular(text: str, folded: str, pronoun: re.Match[str], rules: Rules, familiar: bool) -> _Edit | None:
    """A pronoun with a verb that no list has, turned by its ending."""
    for one in rules.regular:
        if one.first and pronoun.start():
            continue
        found = one.found.match(folded, pronoun.start())
        # Longer words of the list know better.
        if found and found.end() > pronoun.end() and found["stem"] not in one.never:
            new = one.say[familiar].replace("{stem}", text[slice(*found.span("stem"))])
            return _Edit(found.start(), found.end(), new)
    return None


def _becomes(found: re.Match[str], turning: Turning, familiar: bool) -> str:
    return turning.becomes[_SPACE.sub(" ", found[0])][familiar]


def _small(text: str, before: str) -> str:
    """Begun with a small letter, unless the word is written in capitals ("IBAN", "I-phone")."""
    word = text.split(" ", 1)[0]
    if word[:1].isupper() and (not word[1:] or word[1:].islower()) and before[:1] == text[:1]:
        return text[:1].lower() + text[1:]
    return text
