"""Before closing: what a good ending still lacks, and the one line that would add it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.understanding.lines import LONGEST, Line, said_by
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import Rules, forms, rules_of

Missing = Literal["solution", "next_issue", "next_step", "open_door"]

#: Of a shop's own text, this many of its longer words must have been said for it to count as said.
_SHARE: Final = 0.5
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?\n]*")
_LONG: Final = 5


class Reason(Struct, frozen=True):
    """Why customers write. ``next_issue``: per language, what they would ask next ("the money is back
    within three days"), so that it is said before they have to."""

    id: str
    next_issue: dict[str, str] = {}


class Gap(Struct, frozen=True):
    """Something not said yet. ``add``: a sentence that says it, to be edited; "" if only the agent can."""

    what: Missing
    add: str = ""


def missing_at_close(
    lines: Sequence[Line], language: str, reason: Reason | None = None, *, familiar: bool = False
) -> list[Gap]:
    """What the agent has not said, in the order in which it matters: solution, what the shop's reason
    wants said, next step, open door. Empty in a language we have no words for, and if the customer
    never said anything.

    Only what was said since the customer's problem counts: an agent's lines before it solve nothing.
    """
    rules = rules_of(language)
    begun = next((n for n, line in enumerate(lines) if said_by(line, "customer")), None)
    if rules is None or begun is None:
        return []
    told = [fold(line.text[:LONGEST]) for line in lines[begun:] if said_by(line, "agent")]
    told += [fold(line.text[:LONGEST]) for line in lines[begun:] if line.kind == "option_chosen"]
    chosen = any(line.kind == "option_chosen" for line in lines[begun:])
    gaps = []
    if not chosen and not any(says("solution", text, rules) for text in told):
        gaps.append(Gap("solution"))
    text = _text_of(reason, language)
    if text and not _told(text, told, rules):
        gaps.append(Gap("next_issue", text))
    # The reason's own text is a next step: whoever has said it, or is asked to, needs no other.
    elif not text and not any(says("next_step", one, rules) for one in told):
        gaps.append(Gap("next_step", _add("next_step", rules, familiar)))
    if not any(says("open_door", one, rules) for one in told):
        gaps.append(Gap("open_door", _add("open_door", rules, familiar)))
    return gaps


def says(what: Missing, folded: str, rules: Rules) -> bool:
    """Whether an agent's message says this. Questions and holding lines say no solution or next step."""
    found = rules.closing[what][0]
    if what == "open_door":
        return found.search(folded) is not None
    return any(
        found.search(sentence) and not sentence.rstrip().endswith("?") and not rules.holding.search(sentence)
        for sentence in _SENTENCE.findall(folded)
    )


def _add(what: Missing, rules: Rules, familiar: bool) -> str:
    return forms(rules.closing[what][1])[familiar]


def _text_of(reason: Reason | None, language: str) -> str:
    if reason is None:
        return ""
    return reason.next_issue.get(language) or reason.next_issue.get(language.split("-", maxsplit=1)[0], "")


def _told(text: str, told: Sequence[str], rules: Rules) -> bool:
    wanted = {word for word in _words(fold(text)) if len(word) >= _LONG and word not in rules.common}
    if not wanted:
        return any(fold(text).strip() in one for one in told)
    said = {word for one in told for word in _words(one)}
    return len(wanted & said) >= len(wanted) * _SHARE


def _words(folded: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in folded).split()
