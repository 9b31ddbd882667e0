"""Whether the next message confirms a summary, corrects it, or is about something else."""

from __future__ import annotations

import re
from typing import Final, Literal

from supportterm.coach.understanding.phrases import fold
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
    correction.
    """
    rules = rules_of(language)
    if rules is None:
        return None
    words = _BETWEEN.sub(" ", fold(text[:_LONGEST])).strip()
    if not words or rules.unclear.match(words):
        return None
    # A question answers nothing: "is that right?", "yes?".
    if "?" in words:
        return "correction" if _corrects(words.partition("?")[0], rules) else None
    if _corrects(words, rules):
        return "correction"
    return "yes" if len(words) <= _LONGEST_YES and _after_yes(words, rules) == "" else None


def _corrects(words: str, rules: Rules) -> bool:
    if rules.no.match(words):
        return True
    rest = _after_yes(words, rules)
    return rest is not None and rules.but.match(rest) is not None


def _after_yes(words: str, rules: Rules) -> str | None:
    """What is left behind a yes and all that only strengthens it; None: it begins with no yes."""
    found = _longest(rules.yes, words)
    if not found:
        return None
    while found:
        words = words[found:].lstrip()
        if rules.but.match(words) or rules.no.match(words):
            return words
        found = max(_longest(rules.yes, words), _longest(rules.more, words))
    return words


def _longest(found: re.Pattern[str], words: str) -> int:
    match = found.match(words)
    return match.end() if match else 0
