"""Waiting before the next attempt."""

from __future__ import annotations

import random

from supportterm.link.backoff import Backoff


def test_the_ceiling_doubles_to_thirty_seconds() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.next_ms() for _ in range(9)] == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000] + [
        30_000
    ] * 2


def test_all_of_the_range_is_used() -> None:
    draw = random.Random(1).random
    waits = []
    for _ in range(2_000):
        backoff = Backoff(draw)
        backoff.next_ms()
        waits.append(backoff.next_ms())
    assert min(waits) < 20
    assert max(waits) > 980


def test_only_a_good_connection_starts_anew() -> None:
    backoff = Backoff(lambda: 1.0)
    backoff.next_ms()
    backoff.stood(29_999)
    assert backoff.next_ms() == 1_000
    backoff.stood(30_000)
    assert backoff.next_ms() == 500
