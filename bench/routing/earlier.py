"""What a desk knows of its agents' pace when a day begins: two weeks before, with the rule at work."""

from __future__ import annotations

from collections import deque
from typing import Final

from msgspec.structs import replace

from bench.routing.day import Day
from bench.routing.desk import DeskFloor, agent_name
from bench.routing.floor import Happening
from bench.routing.parameters import Parameters
from bench.routing.people import Cast, cast
from bench.routing.policies import Policy
from server.desk.by_pace import DAYS, Paces, measured

#: Days before. A lower ceiling makes replies quicker, so a first week would look better than those after it.
BEFORE: Final = 2 * DAYS


class _Measured(DeskFloor):
    """Notes replies as the service report counts them: not the first of a chat, nor one that was promised."""

    def __init__(self, policy: Policy, people: Cast, paces: Paces | None) -> None:
        super().__init__(policy, people, paces)
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


def paces(shop: Parameters, people: Cast, policy: Policy) -> Paces | None:
    """What was measured of the day's agents on the days before it, each of which began with what those
    before it had told; None for a desk that has one ceiling for all.

    None of those days is one that is reported, or that was chosen on.
    """
    known: Paces | None = None
    if not policy.rules.by_pace:
        return known
    days: deque[list[list[int]]] = deque(maxlen=DAYS)
    for number in range(BEFORE):
        before = replace(cast(shop, people.load, 10_000 * (people.seed + 1) + number), agents=people.agents)
        floor = _Measured(policy, before, known)
        Day(shop, before, floor, "next").run()
        days.append(floor.replies)
        known = measured(
            {
                agent_name(clerk.id): [reply for day in days for reply in day[clerk.id]]
                for clerk in people.agents
            }
        )
    return known
