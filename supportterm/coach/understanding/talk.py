"""What a message is, as far as several rules ask: a question, a holding line, one short fact to look up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from supportterm.coach.greeted import is_greeting
from supportterm.coach.promising import holding
from supportterm.coach.understanding.clauses import is_small
from supportterm.coach.understanding.lines import LONGEST, Line, said_by
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import Rules
from supportterm.coach.understanding.slots import trouble_in

#: "Where is 48213?" with its greeting: whoever writes more wants to be understood, not looked up.
_BRIEF: Final = 90


def is_question(text: str, rules: Rules) -> bool:
    """Whether it asks something: by its mark, or by how it begins."""
    folded = fold(text[:LONGEST]).strip()
    folded = folded[found.end() :].lstrip(" ,.!") if (found := rules.filler.match(folded)) else folded
    return "?" in folded or rules.asking.match(folded) is not None


@lru_cache(maxsize=4096)
def is_holding(text: str, language: str) -> bool:
    """Whether an agent's line only greets or asks for time: the rule by which it keeps no promise either.

    Each message of a chat asks it again of the lines before.
    """
    return holding(text, language) or is_greeting(text, language, "")


def telling_words(text: str, rules: Rules) -> frozenset[str]:
    """The words of a text that tell it from others, folded, with slips put right."""
    folded = rules.spelling.repaired(text[:LONGEST]).folded
    words = "".join(char if char.isalnum() else " " for char in folded).split()
    return frozenset(words) - rules.common


def has_open_question(lines: Sequence[Line], rules: Rules) -> bool:
    """Whether the customer asked something, and got no answer or only "one moment" since."""
    for line in reversed(lines):
        if said_by(line, "customer") and is_question(line.text, rules):
            return True
        answers = line.who == "agent" and line.kind in ("message", "summary_sent", "options_sent")
        if answers and not is_holding(line.text, rules.language):
            return False
    return False


def is_lookup(lines: Sequence[Line], rules: Rules) -> bool:
    """Whether all the customer has said is one short question for a fact: nothing to be restated."""
    said: list[str] = []
    length = questions = 0
    for line in lines:
        if not said_by(line, "customer") or is_small(line.text, rules):
            continue
        said.append(line.text)
        length += len(line.text)
        # Given up as soon as it is more than that: conversations are long, and this is asked often.
        if length > _BRIEF or len(said) > 2 or trouble_in(fold(line.text), rules) > 2:
            return False
        questions += is_question(line.text, rules)
    return questions == 1
