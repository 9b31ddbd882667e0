"""Ceilings by measured pace: where replies take longer than the team's, new chats stop a little earlier.

The same chats are more load for who needs longer for the same reply, and their customers are the ones who
wait long. What that is worth, and why it only ever lowers: ``docs/decisions/0014-ceilings-by-pace.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import Final

from msgspec import Struct

#: Days worked that a pace is measured on.
DAYS: Final = 5
#: With fewer replies, a few odd ones would decide: the median of 60 is true within some 15 %.
ENOUGH: Final = 60
#: Who must be known, with that many replies, before anybody is compared with a team.
TEAM: Final = 3
#: How much of the difference counts: between the root of it and all of it.
POWER: Final = 0.75
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


class Paces(Struct, frozen=True):
    """``team_ms``: the median of everybody's replies, as in the report's last row; 0: there are none."""

    team_ms: int = 0
    agents: tuple[Measured, ...] = ()


def measured(replies: Mapping[str, Sequence[int]]) -> Paces:
    """What is measured of replies, in ms, by the agents' ids."""
    everybody = [ms for each in replies.values() for ms in each]
    return Paces(
        round(median(everybody)) if everybody else 0,
        tuple(Measured(agent, len(each), round(median(each))) for agent, each in replies.items() if each),
    )


def slower(team_ms: int, agents: Iterable[Measured]) -> dict[str, int]:
    """How many tenths of the team's time the replies of those take who need longer: 13 is 1.3 times.

    Who has too few replies is not compared, and nobody is if too few are left; who is as quick as the team,
    or quicker, is not named.
    """
    known = [one for one in agents if one.replies >= ENOUGH]
    if len(known) < TEAM or team_ms <= 0:
        return {}
    times = {one.agent: round(10 * one.median_ms / team_ms) for one in known}
    return {agent: tenths for agent, tenths in sorted(times.items()) if tenths > 10}


# Asked of every agent for every offer; a desk knows a handful.
@lru_cache(maxsize=1_024)
def lowered(usual: int, tenths: int, new: int) -> int:
    """The usual ceiling ÷ such a pace to the `POWER`, in tenths of a point. Points × 100, the pace in tenths.

    ``new``: what a new chat weighs; a ceiling that would leave no room for one helps nobody. Never above
    ``usual``, and for a pace up to the team's just that.
    """
    if tenths <= 10:
        return usual
    share: float = (tenths / 10) ** -POWER
    by_pace = round(usual * share / _STEP) * _STEP
    least = -(-usual * LEAST // (10 * _STEP)) * _STEP
    return min(usual, max(by_pace, least, new))
