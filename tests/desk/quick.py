"""A desk on which everything happens within minutes, so that a few steps of a machine reach all of it."""

from __future__ import annotations

from server.desk.rules import Rules

from .story import MINUTE, SECOND

#: A wall clock that steps back by hours, again and again, is still after 1970.
START = 1_700_000_000_000
QUICK = Rules(
    accept_ms=15 * SECOND,
    presence_grace_ms=20 * SECOND,
    reserve_ms=MINUTE,
    handoff_ms=40 * SECOND,
    idle_close_ms=15 * MINUTE,
    nudge_ms=45 * SECOND,
    nudged_close_ms=30 * SECOND,
    gone_close_ms=MINUTE,
    page_grace_ms=10 * SECOND,
)
