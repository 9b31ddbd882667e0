"""What was tried to do better than the points of the house plan, on the seeds for choosing only."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bench.routing.policies import LEAST_BUSY, Policy, Valve, counting, points
from server.desk.rules import Rules

#: The points as they were first thought of, from which each of the others differs in what it is named for.
PLAN = Rules(by_pace=False, ceiling=300, hysteresis=25, cap=5, quiet_ms=150_000)


def _plan(**changes: int) -> Rules:
    return replace(PLAN, **changes)


def candidates() -> Sequence[Policy]:
    """The least-busy limits, the plan, and its variations."""
    found = [*LEAST_BUSY, Policy("the plan", points(PLAN))]
    found += [Policy(f"ceiling {ceiling / 100:g}", points(_plan(ceiling=ceiling))) for ceiling in _CEILINGS]
    for weight, values in _WEIGHTS.items():
        found += [Policy(f"{weight} {value / 100:g}", points(_plan(), **{weight: value})) for value in values]
    found += [Policy(f"hysteresis {value / 100:g}", points(_plan(hysteresis=value))) for value in (0, 50)]
    found += [Policy(f"quiet after {value} s", points(_plan(quiet_ms=value * 1_000))) for value in (60, 300)]
    found += [Policy(f"at most {cap} chats", points(_plan(cap=cap))) for cap in (4, 7)]
    found += [
        Policy(f"ceiling {ceiling / 100:g} by pace", points(_plan(ceiling=ceiling, by_pace=True)))
        for ceiling in (240, 250, 260)
    ]
    found.append(
        Policy("ceiling 2.6, answered 0.6, promise 1", points(_plan(ceiling=260), answered=60, promise=100))
    )
    found.append(Policy("valve for long queues", points(PLAN), valve=Valve()))
    found.append(Policy("only chats that wait count, at most 4", points(_plan(cap=4), answered=0, quiet=0)))
    found.append(Policy("all weights 1, ceiling 3", counting(3, slots=25)))
    return found


_CEILINGS = (225, 250, 275, 350)
_WEIGHTS = {
    "answered": (35, 65),
    "quiet": (0, 40),
    "promise": (50, 100),
    "closing": (0, 100),
}
