"""Which thought fills a slot that the rules left empty: by where it stands, and what stands around it.

The rules know words, and miss what is said in others. But a customer's conversation has a shape: the first
statement is usually what happened, the last question what they want, what answers "have you tried …?" was
tried. How much each such sign counts was learned from chats in five languages
(``tests/coach/weigh_slots.py``), is the same for all of them, and stands in ``choosing.tsv``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Final, Literal, get_args

from supportterm.coach.understanding.clauses import Clause
from supportterm.coach.understanding.lines import LONGEST, Line, Quote, said_by
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import Rules
from supportterm.coach.weightfile import Weights, read

#: The slots that are filled with thoughts.
Thought = Literal["happened", "wants", "tried", "by_when"]
THOUGHTS: Final[tuple[Thought, ...]] = get_args(Thought)

#: From which sum on a thought fills its slot, in hundredths of log-odds: at what is right most often in
#: chats it was not learned from, and never wrong in those that the words were written with. An empty slot is
#: asked about, a wrong one is read by the agent and changed.
BARS: Final[Mapping[Thought, int]] = {"happened": -40, "wants": 0, "tried": -40, "by_when": -130}

#: A summary that retells everything is none.
MOST: Final[Mapping[Thought, int]] = {"happened": 1, "wants": 1, "tried": 2, "by_when": 1}

#: Words of a thought that says little, and of one that says much.
_SHORT, _LONG = 2, 10
#: Words with which a number is named.
_NAMING: Final = 5
#: Places counted from the beginning one by one.
_PLACES: Final = 6


def choose(
    slot: Thought, every: Sequence[set[str]], weights: Weights | None = None, bar: int | None = None
) -> list[int]:
    """The thoughts that fill a slot, by their places, in order.

    ``every``: the signs of each thought of a chat. ``weights``, ``bar``: others than ours.
    """
    weights = _weights()[slot] if weights is None else weights
    always = weights.get("", 0)
    sums = [always + sum(weights.get(sign, 0) for sign in one) for one in every]
    best = sorted(range(len(sums)), key=lambda at: (-sums[at], at))[: MOST[slot]]
    return sorted(at for at in best if sums[at] > (BARS[slot] if bar is None else bar))


def signs(
    lines: Sequence[Line], said: Sequence[Clause], found: Mapping[Thought, Sequence[Quote]], rules: Rules
) -> list[set[str]]:
    """What speaks for or against each thought. ``found``: what the rules put into each slot."""
    empty = {f"no {slot}" for slot in THOUGHTS if not found[slot]}
    last = max((one.quote.line for one in said), default=0)
    agents = list(accumulate((n if said_by(line, "agent") else -1 for n, line in enumerate(lines)), max))
    every = []
    for at, one in enumerate(said):
        before = agents[one.quote.line]
        marks = {
            f"place {min(at, _PLACES)}": True,
            "first": at == 0,
            "last": at == len(said) - 1,
            "last line": one.quote.line == last,
            "begins": at == 0 or said[at - 1].quote.line != one.quote.line,
            "question": one.question,
            "contrast": one.contrast,
            "number": any(char.isdecimal() for char in one.folded),
            "only a number": _is_only_a_number(one),
            "short": len(one.folded.split()) <= _SHORT,
            "long": len(one.folded.split()) > _LONG,
            "before the agent": before < 0,
            **_after_agent(lines, said, at, before, rules),
            **_worded(one, rules),
            **{f"is {slot}": any(_meet(one.quote, quote) for quote in found[slot]) for slot in THOUGHTS},
        }
        every.append(empty | {sign for sign, is_so in marks.items() if is_so})
    return every


def _after_agent(
    lines: Sequence[Line], said: Sequence[Clause], at: int, before: int, rules: Rules
) -> dict[str, bool]:
    """Whether a thought comes first after an agent's question, and what that asked."""
    if before < 0:
        return {}
    asked = fold(lines[before].text[:LONGEST])
    return {
        "answers": "?" in asked and (at == 0 or said[at - 1].quote.line < before),
        "asked for a wish": rules.asks_wants.search(asked) is not None,
        "asked what was tried": rules.asks_tried.search(asked) is not None,
    }


def _worded(one: Clause, rules: Rules) -> dict[str, bool]:
    """What the rules' words say of a thought by itself."""
    folded = one.folded
    return {
        "trouble": rules.strong.search(folded) is not None,
        "denied": rules.denied.search(folded) is not None,
        "took place": rules.weak.search(folded) is not None,
        "own": rules.own.search(folded) is not None,
        "asks": rules.any_want.search(folded) is not None and not rules.not_wants.search(folded),
        "tried": rules.tried.search(folded) is not None,
        "needs": rules.needs.search(folded) is not None,
        "time": rules.time.search(folded) is not None,
        "deadline": rules.deadline.search(folded) is not None,
        "past": rules.past.search(folded) is not None,
        "subordinate": rules.subordinate.match(folded) is not None,
    }


def _is_only_a_number(one: Clause) -> bool:
    """Whether a thought names a number, an amount or a date and little else: "it is order 48213"."""
    words = one.folded.split()
    return len(words) <= _NAMING and any(char.isdecimal() for char in one.folded)


def _meet(one: Quote, other: Quote) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end


@cache
def _weights() -> dict[str, Weights]:
    found = read(files(__package__) / "choosing.tsv", THOUGHTS)
    assert found is not None  # it comes with the package
    return found
