"""The ways of routing that are compared: the desk's own code under different rules, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bench.routing.day import Order
from server.desk.rules import Rules, Weights

_NEVER = 10**12
#: What `changed` takes besides the weights.
_NUMBERS = ("ceiling", "hysteresis", "cap", "quiet_ms", "by_pace")


class Valve(Struct, frozen=True):
    """Once the first in line has waited ``after`` ms, every further minute lifts all ceilings by ``step``.

    Points in hundredths; by ``most`` at most.
    """

    after: int = 60_000
    step: int = 50
    most: int = 125


class Policy(Struct, frozen=True):
    """A name, the desk's rules, and how agents choose whom to answer."""

    name: str
    rules: Rules
    order: Order = "next"
    valve: Valve | None = None


def _studied(rules: Rules) -> Rules:
    """The rules without those that would only blur the comparison, the same for everybody.

    Simulated agents never fall silent, drop or come late, and customers' pages stay: nudging, silence,
    the ramp and their like are off. Who left without a word is closed by the agent, and the chat of a broken
    promise stays with who made it.
    """
    off = dict.fromkeys(("silence_ms", "ramp_ms", "nudge_ms", "gone_close_ms", "affinity_ms"), 0)
    return replace(rules, **off, overdue_offer_ms=0, shops={})


def counting(limit: int, idle_ms: int = _NEVER, slots: int = 0) -> Rules:
    """A plain count of open chats up to ``limit``, with those idle for ``idle_ms`` left out.

    ``slots``: chats at once, whatever they count.
    """
    weights = Weights(waiting=100, promise=100, due=100, answered=100, quiet=0, closing=0)
    rules = Rules(
        weights=weights,
        ceiling=100 * limit,
        by_pace=False,
        hysteresis=0,
        cap=slots or limit,
        quiet_ms=idle_ms,
    )
    return _studied(rules)


def in_turn(limit: int) -> Rules:
    """Round robin: where no chat weighs anything, the agent offered one longest ago is next."""
    nothing = Weights(waiting=0, promise=0, due=0, answered=0, quiet=0, closing=0)
    return _studied(Rules(weights=nothing, by_pace=False, hysteresis=0, cap=limit, quiet_ms=_NEVER))


def points(rules: Rules | None = None, **weights: int) -> Rules:
    """Ours: load in points, with the desk's own rules or these, and these weights changed."""
    rules = rules or Rules()
    return _studied(replace(rules, weights=replace(rules.weights, **weights)))


OURS = Policy("points", points())
LEAST_BUSY = tuple(Policy(f"least busy, limit {limit}", counting(limit)) for limit in (3, 4, 5))
COMPARED = (
    Policy("round robin, limit 4", in_turn(4)),
    *LEAST_BUSY,
    Policy("idle not counted, limit 3", counting(3, idle_ms=300_000, slots=25)),
)


#: The same desk with ``ceiling_by_pace = false``.
ALIKE = Policy("points, one ceiling for all", points(Rules(by_pace=False)))


def changed(settings: Sequence[str]) -> Policy:
    """Ours with some of the rules or weights set otherwise, each as ``name=number``. Raises `ValueError`."""
    rules = Rules()
    weights: dict[str, int] = {}
    for setting in settings:
        name, _, number = setting.partition("=")
        if not number.isdecimal() or not (name in Weights.__struct_fields__ or name in _NUMBERS):
            known = ", ".join([*_NUMBERS, *Weights.__struct_fields__])
            raise ValueError(f"--rules {setting}: not NAME=N with a name of {known}")
        if name == "by_pace":
            rules = replace(rules, by_pace=number != "0")
        elif name in _NUMBERS:
            rules = replace(rules, **{name: int(number)})
        else:
            weights[name] = int(number)
    return Policy(OURS.name, points(rules, **weights))


def ordered(policy: Policy) -> tuple[Policy, Policy]:
    """The same with agents who answer only by waiting time, and who answer the newest first."""
    return (
        replace(policy, name=f"{policy.name}, oldest first", order="oldest"),
        replace(policy, name=f"{policy.name}, newest first", order="newest"),
    )
