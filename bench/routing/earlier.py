"""Ceilings of their own for agents, as a supervisor sets them from the service report of some days before."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from msgspec.structs import replace

from bench.routing.day import Day
from bench.routing.desk import DeskFloor
from bench.routing.floor import Happening
from bench.routing.parameters import Parameters
from bench.routing.people import Cast, cast
from bench.routing.policies import Policy

#: Days whose replies the report is about: a week of work.
DAYS: Final = 5
#: Ceilings are set in tenths of a point.
_STEP: Final = 10


class _Measured(DeskFloor):
    """Notes replies as the service report counts them: not the first of a chat, nor one that was promised."""

    def __init__(self, policy: Policy, people: Cast) -> None:
        super().__init__(policy, people)
        self.replies: list[list[int]] = [[] for _ in people.agents]
        self._since: dict[int, int] = {}

    def writes(self, at: int, customer: int) -> list[Happening]:
        """See `Floor`."""
        self._since[customer] = at
        return super().writes(at, customer)

    def answers(self, at: int, agent: int, customer: int, promise: int) -> list[Happening]:
        """See `Floor`."""
        since = self._since.pop(customer, None)
        if since is not None:
            self.replies[agent].append(at - since)
        return super().answers(at, agent, customer, promise)


def ceilings(shop: Parameters, people: Cast, policy: Policy) -> tuple[int, ...]:
    """What the agents of a day would have been given after some days with the desk's one ceiling.

    None of those days is one that is reported, or that was chosen on.
    """
    replies: list[list[int]] = [[] for _ in people.agents]
    alike = replace(policy, pace=0.0)
    for number in range(DAYS):
        before = replace(cast(shop, people.load, 10_000 * (people.seed + 1) + number), agents=people.agents)
        floor = _Measured(alike, before)
        Day(shop, before, floor, policy.order).run()
        replies = [mine + new for mine, new in zip(replies, floor.replies, strict=True)]
    return by_pace(replies, policy.rules.ceiling, policy.pace)


def by_pace(replies: Sequence[Sequence[int]], usual: int, power: float) -> tuple[int, ...]:
    """The usual ceiling × (the team's median reply ÷ the agent's) to that power, in tenths of a point.

    ``replies``: how long each took, by agent. Who has none keeps the usual ceiling.
    """
    team = median([reply for mine in replies for reply in mine] or [1])
    return tuple(
        round(usual * (team / median(mine)) ** power / _STEP) * _STEP if mine else usual for mine in replies
    )
