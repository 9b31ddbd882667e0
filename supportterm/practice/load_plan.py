"""What a load run is asked for and what it counts."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

#: Latencies kept per run: enough for a p99, little enough to forget.
_KEPT: Final = 200_000


class Load(Struct, frozen=True):
    """What to generate.

    ``pairs`` chats, shared out by the desk over the agents whose ``tokens`` are given. ``rate``:
    messages a second over all chats and both sides; 0: everybody writes again as soon as the last
    message is answered. ``size``: characters per message. ``both``: agents write too, else customers
    only. ``settle``: seconds that answers may take after the last message. ``patience`` stretches the
    waits before reconnecting (0.1: ten times as eager).
    """

    url: str
    shop: str
    tokens: Sequence[str]
    pairs: int = 10
    rate: float = 0.0
    seconds: float = 5.0
    size: int = 80
    both: bool = True
    origin: str = ""
    settle: float = 30.0
    patience: float = 1.0
    plain: bool = False


class Tally:
    """Exact counts of one run.

    ``sent``: messages given by both sides. ``answered``: those whose own event or ``ok`` came.
    ``displayed``: message events shown, per side, in order without gaps (each message counts on both).
    ``answer`` and ``delivery``: seconds from sending to the author's and to the other side's event.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.answered = 0
        self.retried = 0
        self.displayed = {"customer": 0, "agent": 0}
        self.answer: deque[float] = deque(maxlen=_KEPT)
        self.delivery: deque[float] = deque(maxlen=_KEPT)
        self.violations: list[str] = []

    @property
    def complete(self) -> bool:
        """Everything sent is answered and shown on both sides."""
        shown = self.displayed
        return self.sent == self.answered == shown["customer"] == shown["agent"]

    def report(self, seconds: float, cpu: float) -> dict[str, Any]:
        """Ready for JSON; ``seconds`` of sending, ``cpu`` seconds this process took."""
        return {
            "sent": self.sent,
            "answered": self.answered,
            "retried": self.retried,
            "displayed_customer": self.displayed["customer"],
            "displayed_agent": self.displayed["agent"],
            "complete": self.complete,
            "seconds": round(seconds, 3),
            "per_second": round(self.answered / seconds, 1) if seconds else 0.0,
            "cpu_seconds": round(cpu, 3),
            "answer_ms": percentiles(self.answer),
            "delivery_ms": percentiles(self.delivery),
            "violations": self.violations,
        }


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the maximum, in ms; empty of nothing."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    at = {"p50": len(ordered) // 2, "p99": len(ordered) * 99 // 100, "max": len(ordered) - 1}
    return {name: round(ordered[place] * 1_000, 3) for name, place in at.items()}


def message(side: str, number: int, size: int) -> str:
    """A message's text, different for each, ``size`` characters long."""
    return f"{side} {number} ".ljust(size, "x")
