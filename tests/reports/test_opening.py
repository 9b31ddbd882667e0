"""Open time, and what spans have in common."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.reports.opening import OpenTime, both, union
from supportterm.coach.hours import Hours

from .desk import NINE

HOUR = 3_600_000
#: Nine to five, all week, in Amsterdam.
OFFICE = Hours("Europe/Amsterdam", (((540, 1020),),) * 7)
SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda s: (min(s), max(s))), max_size=8
)


def test_open_time() -> None:
    week = OpenTime(OFFICE, NINE - 9 * HOUR, NINE + 7 * 24 * HOUR)
    # Nine in UTC is ten there: seven hours are left of the day, and none of it after five.
    assert week.between(NINE, NINE + 24 * HOUR) == 8 * HOUR
    assert week.between(NINE, NINE + 7 * HOUR) == 7 * HOUR
    assert week.between(NINE + 8 * HOUR, NINE + 20 * HOUR) == 0
    assert week.between(NINE + 5, NINE) == 0
    always = OpenTime(None, 100, 200)
    assert always.between(0, 150) == 50
    assert always.between(150, 900) == 50
    assert OpenTime(None, 200, 100).spans == []
    assert OpenTime(Hours("UTC", ((),) * 7), 0, NINE).spans == []


def test_daylight_saving_makes_a_short_night() -> None:
    night = Hours("Europe/Amsterdam", (((0, 360),),) * 7)
    midnight = 1_774_738_800_000  # 29 March 2026, 00:00 in Amsterdam
    assert OpenTime(night, midnight, midnight + 12 * HOUR).between(0, 1 << 60) == 5 * HOUR


@given(SPANS, SPANS)
def test_spans_are_sets_of_moments(ones: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    def moments(spans: list[tuple[int, int]]) -> set[int]:
        return {at for start, end in spans for at in range(start, end)}

    one, other = union(ones), union(others)
    assert moments(one) == moments(ones)
    assert all(a[1] < b[0] for a, b in pairwise(one))
    assert moments(both(one, other)) == moments(ones) & moments(others)
