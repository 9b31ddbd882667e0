"""Ceilings by measured pace: where replies take longer than the team's, new chats stop a little earlier.

The same chats are more load for who needs longer for the same reply, and their customers are the ones who
wait long. What that is worth, and why it only ever lowers: ``docs/decisions/0013-ceilings-by-pace.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import sqrt
from statistics import median
from typing import Final

from msgspec import Struct

#: Days worked that a pace is measured on.
DAYS: Final = 5
#: With fewer replies, a few odd ones would decide: the median of 60 is true within some 15 %.
ENOUGH: Final = 60
#: Who is known, with that many replies, before anybody can be compared with a team.
TEAM: Final = 3
#: A ceiling is lowered to this many tenths of the usual one at most.
LEAST: Final = 7
#: Points × 100: ceilings are given in tenths of a point.
_STEP: Final = 10


class Measured(Struct, frozen=True):
    """An agent's replies of their last days: how many there were, and how long they took in the median (ms).

    A reply counts as in the service report: not the first of a chat, nor one that was promised.
    """

    agent: str
    replies: int
    median_ms: int


def measured(agent: str, replies: Sequence[int]) -> Measured:
    """What is measured of an agent's replies, each in ms."""
    return Measured(agent, len(replies), round(median(replies)) if replies else 0)


def slower(paces: Iterable[Measured]) -> dict[str, int]:
    """How many tenths of the team's time the replies of those take who need longer: 13 is 1.3 times.

    The team's is the median of its agents' medians. Who has too few replies is not compared; who is as
    quick as the team, or quicker, is not named.
    """
    known = [one for one in paces if one.replies >= ENOUGH and one.median_ms > 0]
    if len(known) < TEAM:
        return {}
    team = median(one.median_ms for one in known)
    times = {one.agent: round(10 * one.median_ms / team) for one in known}
    return {agent: tenths for agent, tenths in sorted(times.items()) if tenths > 10}


# Asked of every agent for every offer; a desk knows a handful.
@lru_cache(maxsize=1_024)
def lowered(usual: int, tenths: int, new: int) -> int:
    """The usual ceiling ÷ the root of such a pace, in tenths of a point. Points × 100, the pace in tenths.

    ``new``: what a new chat weighs; a ceiling that would leave no room for one helps nobody. Never above
    ``usual``, and for a pace up to the team's just that.
    """
    if tenths <= 10:
        return usual
    by_pace = round(usual / sqrt(tenths / 10) / _STEP) * _STEP
    least = -(-usual * LEAST // (10 * _STEP)) * _STEP
    return min(usual, max(by_pace, least, new))
