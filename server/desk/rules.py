"""The numbers a desk decides by, and the moment it decides at."""

from __future__ import annotations

from msgspec import Struct


class Rules(Struct, frozen=True):
    """Settings of one desk; times in milliseconds."""

    chat_limit: int = 4
    presence_grace_ms: int = 20_000
    reopen_ms: int = 30 * 60_000
    idle_close_ms: int = 24 * 3_600_000


class Now(Struct, frozen=True, gc=False):
    """The moment of a decision, on two clocks, both in milliseconds.

    ``at`` is the wall clock and goes into the log; it may step, but never back within a stream.
    ``run`` counts steadily while the server runs (it starts as the wall clock) and is what durations
    are measured on, so that a corrected clock moves no deadline.
    """

    at: int
    run: int
