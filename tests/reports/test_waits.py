"""Waits, with and without those that nobody answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.reports.waits import Waits

WAITS = st.lists(st.integers(0, 5_000).map(lambda tenths: tenths * 100), max_size=40)


def of(answered: list[int], left: list[int]) -> Waits:
    waits = Waits()
    for ms in answered:
        waits.answered(ms)
    for ms in left:
        waits.left(ms)
    return waits


@given(WAITS.filter(bool))
def test_when_nobody_leaves_it_is_what_everybody_would_count(answered: list[int]) -> None:
    found = of(answered, []).spread(60_000)
    answered.sort()
    assert found.average == pytest.approx(sum(answered) / len(answered))
    assert found.p50 == answered[-(-len(answered) // 2) - 1]
    assert found.p90 == answered[-(-len(answered) * 9 // 10) - 1]
    assert found.longest == answered[-1]
    assert found.within == pytest.approx(sum(ms <= 60_000 for ms in answered) / len(answered))


@given(WAITS.filter(bool), WAITS.filter(bool))
def test_who_leaves_never_makes_it_look_better_than_leaving_them_out(
    answered: list[int], left: list[int]
) -> None:
    without, found = of(answered, []).spread(60_000), of(answered, left).spread(60_000)
    for a, b in ((without.p50, found.p50), (without.p90, found.p90)):
        assert b is None or (a is not None and a <= b)
    assert (found.within or 0) <= (without.within or 0) + 1e-9


def test_the_textbook() -> None:
    # Answered at 1, 2 and 4 s, left at 2 and 3 s. Still waiting: 4/5 after 1; of four at risk one is answered
    # at 2: 3/5; two leave; the last is answered at 4: 0. Area: 1 + 4/5 + 2 × 3/5 = 3 s.
    found = of([1_000, 2_000, 4_000], [2_000, 3_000]).spread(2_000)
    assert found.average == pytest.approx(3_000)
    assert (found.p50, found.p90, found.longest) == (4_000, 4_000, 4_000)
    assert found.within == pytest.approx(2 / 5)
    assert of([1_000, 2_000, 4_000], [2_000, 3_000]).service_level(2_000) == pytest.approx(2 / 4)


def test_nothing_and_nobody_answered() -> None:
    assert of([], []).spread(1).within is None
    assert of([], []).service_level(1) is None
    found = of([], [5_000]).spread(60_000)
    assert (found.average, found.p50, found.longest, found.within) == (None, None, 5_000, 0)
    assert of([], [5_000]).service_level(60_000) is None
    assert of([], [5_000]).service_level(1_000) == 0
