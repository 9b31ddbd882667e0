"""What a customer's message adds to what was known: one measure, by which desk and consoles count alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from supportterm.coach.understanding.answers import answer
from supportterm.coach.understanding.clauses import is_small
from supportterm.coach.understanding.lines import LONGEST, Line
from supportterm.coach.understanding.rules import rules_of
from supportterm.coach.understanding.talk import is_lookup

#: A longer message always tells something: it is neither greeting, patience nor a mere yes.
BRIEF: Final = 120


def is_news(text: str, languages: Sequence[str], *, restated: bool) -> bool:
    """Whether a message tells something: no greeting, thanks, patience or "did you get all of that?"; and
    once they were ``restated`` no mere yes.

    Of several ``languages`` it may be in, one in which it tells nothing is enough.
    """
    if not text.strip():
        return False
    return len(text) > BRIEF or not any(_says_nothing(text, language, restated) for language in languages)


def is_fact_asked(texts: Sequence[str], languages: Sequence[str]) -> bool:
    """Whether these messages are one short question for a fact and nothing else."""
    lines = [Line("customer", text) for text in texts]
    known = [rules for language in languages if (rules := rules_of(language)) is not None]
    return any(is_lookup(lines, rules) for rules in known)


def _says_nothing(text: str, language: str, restated: bool) -> bool:
    rules = rules_of(language)
    if rules is None:
        return False
    return is_small(text[:LONGEST], rules) or (restated and answer(text, language) == "yes")
