"""How much a sentence sounds like somebody's word, for all that no list of phrases foresees.

Each word, pair of words and place beside the time speaks for a promise or against it; how much, stands in
``weights/<language>.tsv``, which `make weights` writes from the tables of the tests. A language without
such a file is read by its lists alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from supportterm.coach.promising.language import Language
from supportterm.coach.promising.sentences import Clause
from supportterm.coach.promising.times import Time
from supportterm.coach.weightfile import Weights

#: What it counts for that the lists take it for a promise, in the weights' own unit (log-odds).
LISTED: Final = 2.0
#: From how much on it is a promise: a false start costs more than one that is missed. `make weights` prints
#: what other bars would do.
BAR_TIME: Final = 1.5
BAR_VAGUE: Final = 1.0

#: Words whose beginning and end count by themselves: "telefoniere", "telefonieren".
_LONG: Final = 5
_BEGINS: Final = 4
_ENDS: Final = 3
#: How many words on each side of a time have a place of their own.
_PLACES: Final = 3
_HUNDREDTHS: Final = 100


class Said(Struct, frozen=True):
    """A sentence as it is weighed. ``before``, ``after``: the words of the sentences beside it."""

    words: Sequence[str]
    clauses: Sequence[Clause]
    times: Sequence[Time]
    asked: bool
    before: Sequence[str] = ()
    after: Sequence[str] = ()


def sounds_promised(language: Language, said: Said, time: Time, listed: bool) -> bool:
    """Whether a time in a sentence is a promise. ``listed``: what the lists say."""
    weights = language.weights
    if weights is None:
        return listed
    return _sum(weights["time"], signs_of_time(said, time)) + LISTED * listed > BAR_TIME


def sounds_vague(language: Language, said: Said, listed: bool) -> bool:
    """Whether a sentence in which no time is promised is a promise without one."""
    weights = language.weights
    if weights is None:
        return listed
    return _sum(weights["vague"], signs_of_sentence(said)) + LISTED * listed > BAR_VAGUE


def signs_of_time(said: Said, time: Time) -> set[str]:
    """What speaks for or against a time's being promised."""
    row, at = _row(said, time)
    signs = set(_signs(row))
    for away in range(1, _PLACES + 1):
        if at - away >= 0:
            signs.add(f"-{away} {row[at - away]}")
        if at + away < len(row):
            signs.add(f"+{away} {row[at + away]}")
    own = next((one for one in said.clauses if one.first <= time.first < one.last), None)
    if own is not None:
        signs.update(f"in {word}" for word in said.words[own.first : own.last])
        signs.update(f"earlier {word}" for word in said.words[: own.first])
        signs.update(f"later {word}" for word in said.words[own.last :])
    signs.update(f"before {word}" for word in said.before)
    signs.update(f"after {word}" for word in said.after)
    signs.add(f"lead {' '.join(said.words[time.lead : time.first])}")
    signs.add(f"time {'stretch' if time.clock is None else 'clock'}{' led' * time.led}{' bare' * time.bare}")
    return signs


def signs_of_sentence(said: Said) -> set[str]:
    """What speaks for or against a sentence's being a promise without a time."""
    return set(_signs(_row(said)[0]))


def _row(said: Said, time: Time | None = None) -> tuple[list[str], int]:
    """The words between the sentence's ends, each time one sign, and where the one in question stands."""
    row, at, place = ["<"], 0, 0
    for one in said.times:
        if one.lead < at:
            continue
        row += said.words[at : one.lead]
        if one is time:
            place = len(row)
        row.append("#" if one is not time else "#d" if one.clock is None else "#t")
        at = one.last
    row += said.words[at:]
    return [*map(_plain, row), ">?" if said.asked else ">"], place


def _plain(word: str) -> str:
    """Every number but a time is the same: an order's, a size, an amount."""
    return "#n" if word[0].isdecimal() else word


def _signs(row: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(row):
        yield word
        if at + 1 < len(row):
            yield f"{word} {row[at + 1]}"
        if at + 2 < len(row):
            yield f"{word} _ {row[at + 2]}"
        if len(word) >= _LONG and word.isalpha():
            yield f"{word[:_BEGINS]}*"
            yield f"*{word[-_ENDS:]}"


def _sum(weights: Weights, signs: Iterable[str]) -> float:
    always = weights.get("", 0)
    return (always + sum(weights.get(sign, 0) for sign in signs)) / _HUNDREDTHS
