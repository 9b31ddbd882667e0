"""Whether the next message confirms a summary, corrects it, or is about something else."""

from __future__ import annotations

import re
from typing import Final, Literal

from supportterm.coach.understanding.phrases import Finder, fold
from supportterm.coach.understanding.rules import Rules, rules_of

Answer = Literal["yes", "correction"]

#: Nobody confirms at this length; a correction may go on as long as it likes.
_LONGEST_YES: Final = 120
_LONGEST: Final = 400
#: Between words; a thumb's colour is no word either.
_BETWEEN: Final = re.compile(r"[\s,;:.!…–—*\"()~\U0001f3fb-\U0001f3ff\ufe0f-]+")


def answer(text: str, language: str) -> Answer | None:
    """What the message that follows a summary says to it; None: neither yes nor no.

    A yes that goes on with anything but its like is none: "yes, and where is it?". With "but" it is a
    correction. A no counts by what follows: "no, that's right" is a yes, "no, that's not right" is not.
    """
    rules = rules_of(language)
    if rules is None:
        return None
    words = _BETWEEN.sub(" ", fold(text[:_LONGEST])).strip()
    # A question answers nothing: "is that right?", "yes?".
    words, asks, _ = words.partition("?")
    found = _read(words.strip(), rules)
    return None if found == "yes" and (asks or len(words) > _LONGEST_YES) else found


def _read(words: str, rules: Rules) -> Answer | None:
    while words and not rules.unclear.match(words) and (opening := _longest(rules.opens, words)):
        words = words[opening:].lstrip()
    if after := _longest(rules.nay, words):
        return _after_nay(words, words[after:].lstrip(), rules)
    if not words or rules.unclear.match(words):
        return None
    rest = _after_yes(words, rules)
    if rest == "":
        return "yes"
    if rest is None:
        return "correction" if rules.no.match(words) else None
    if rules.but.match(rest) or rules.no.match(words):
        return "correction"
    # "Yep, no, that's right"; "yeah, no, the red one".
    return _read(rest, rules) if rules.nay.match(rest) else None


def _after_nay(words: str, behind: str, rules: Rules) -> Answer | None:
    """What is meant by a no, and by what stands ``behind`` it."""
    rest = _after_yes(behind, rules)
    if rest == "":
        return "yes"
    if rules.no.match(behind):
        return "correction"
    if rest and (rules.but.match(rest) or rules.no.match(rest) or rules.denied.match(rest)):
        return "correction"
    # "No, that's right, I want a new one" is as unclear as "no, thanks".
    return None if rules.unclear.match(words) else "correction"


def _after_yes(words: str, rules: Rules) -> str | None:
    """What is left behind a yes and all that only strengthens it; None: it begins with no yes."""
    found = _longest(rules.yes, words)
    if not found:
        return None
    while found:
        words = words[found:].lstrip()
        if rules.but.match(words) or (rules.no.match(words) and not rules.unclear.match(words)):
            return words
        found = max(_longest(rules.yes, words), _longest(rules.more, words))
    return words


def _longest(found: Finder, words: str) -> int:
    match = found.match(words)
    return match.end() if match else 0
