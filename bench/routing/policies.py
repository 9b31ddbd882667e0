"""The ways of routing that are compared. All are the desk's own code under other rules."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bench.routing.day import Order
from server.desk.rules import Rules, Weights

_NEVER = 10**12


class Policy(Struct, frozen=True):
    """A name, the desk's rules, and how agents choose whom to answer. ``in_turn``: round robin."""

    name: str
    rules: Rules
    order: Order = "next"
    in_turn: bool = False


def _studied(rules: Rules) -> Rules:
    """The rules without those that would only blur the comparison.

    Simulated agents never fall silent, drop or come late, customers' pages stay, and who left without a
    word is closed by the agent: nudging, silence, the ramp and their like are off for everybody.
    """
    return replace(
        rules, silence_ms=0, ramp_ms=0, nudge_ms=0, gone_close_ms=0, affinity_ms=0, shops={}, auto_accept=True
    )


def counting(limit: int, idle_ms: int = _NEVER, idle: int = 100, slots: int = 0, closing: int = 0) -> Rules:
    """A plain count of chats up to ``limit``; those idle for ``idle_ms`` count ``idle`` hundredths.

    ``slots``: chats at once, whatever they count; ``closing``: what a chat counts in its wrap-up.
    """
    weights = Weights(
        waiting=100, promise=100, due=100, answered=100, quiet=idle, closing=closing
    )
    return _studied(
        Rules(weights=weights, ceiling=100 * limit, hysteresis=0, cap=slots or limit, quiet_ms=idle_ms)
    )


OURS = Policy("points", _studied(Rules()))
ROUND_ROBIN = Policy("round robin, limit 4", counting(4), in_turn=True)
LEAST_BUSY = tuple(Policy(f"least busy, limit {limit}", counting(limit)) for limit in (3, 4, 5))
IDLE = Policy("idle not counted, limit 3", counting(3, idle_ms=300_000, idle=0, slots=25))
COMPARED = (ROUND_ROBIN, *LEAST_BUSY, IDLE, OURS)
