"""What a waiting customer is told, and how it is learned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.desk.wait import WaitBook

MINUTE = 60_000
START = 1_700_000_000_000


def every(minutes: int, book: WaitBook, waited: int = 0) -> None:
    """An hour in which somebody is taken this often; it ends now, at START."""
    for ago in range(60, -1, -minutes):
        book.took(START - ago * MINUTE, waited)


def test_half_the_heads_wait_and_half_the_position_times_the_interval() -> None:
    book = WaitBook()
    every(3, book)
    # Six takes in the last quarter of an hour, its two ends included: one every 2.5 minutes.
    assert book.estimate(4, 6 * MINUTE, START) == (8 * MINUTE, 14 * MINUTE)
    assert book.estimate(1, 0, START) == (75_000, 3 * MINUTE)


def test_the_longer_nobody_is_taken_the_longer_it_will_take() -> None:
    book = WaitBook()
    every(3, book)
    low, high = book.estimate(4, 6 * MINUTE, START) or (0, 0)
    later = book.estimate(4, 6 * MINUTE, START + 5 * MINUTE) or (0, 0)
    assert later[0] > low
    assert later[1] > high


def test_a_line_that_just_began_is_measured_over_the_time_it_exists() -> None:
    book = WaitBook()
    for seconds in (0, 60, 120):
        book.took(START + seconds * 1_000, 0)
    assert book.estimate(3, 0, START + 2 * MINUTE) == (MINUTE, 2 * MINUTE)


def test_few_takes_tell_the_first_in_line_what_the_last_one_waited_and_nobody_else_a_number() -> None:
    book = WaitBook()
    book.took(START - 20 * MINUTE, 9 * MINUTE)
    book.took(START - 10 * MINUTE, 4 * MINUTE)
    assert book.estimate(1, 0, START) == (4 * MINUTE, 7 * MINUTE)
    assert book.estimate(2, MINUTE, START) is None
    assert book.estimate(88, 30 * MINUTE, START) is None


def test_takes_at_one_moment_are_no_pace() -> None:
    book = WaitBook()
    for n in range(3):
        book.took(START + n, 0)
    assert book.estimate(80, 1_000, START + 1_000) is None
    # Nobody else was taken for two minutes: one in 40 seconds, and half of that for each place.
    assert book.estimate(80, 0, START + 2 * MINUTE) == (80 * 40_000 // 2, 46 * MINUTE)


@given(
    takes=st.lists(st.tuples(st.integers(0, 20 * MINUTE), st.integers(0, 30 * MINUTE)), max_size=12),
    joined=st.lists(st.integers(0, 20 * MINUTE), min_size=2, max_size=12),
)
def test_whoever_stands_further_back_is_never_told_less(
    takes: list[tuple[int, int]], joined: list[int]
) -> None:
    book = WaitBook()
    for ago, waited in takes:
        book.took(START - ago, waited)
    line = sorted(joined)
    told = [book.estimate(place, at - line[0], START) for place, at in enumerate(line, 1)]
    # No number is none of the small ones: once there is none, nobody further back reads one.
    shown = [one for one in told if one is not None]
    assert told == shown + [None] * (len(told) - len(shown))
    assert shown == sorted(shown)
    assert [high for _, high in shown] == sorted(high for _, high in shown)
    # And nobody but the first is told the same as the one in front if nobody was taken since they came.
    assert len(shown) < 3 or shown[-1][0] > shown[0][0]


def test_nobody_taken_in_an_hour_is_no_number() -> None:
    book = WaitBook()
    assert book.estimate(1, 0, START) is None
    book.took(START, 4 * MINUTE)
    assert book.estimate(1, 0, START + 60 * MINUTE) is not None
    assert book.estimate(1, 0, START + 60 * MINUTE + 1) is None


def test_whole_minutes_and_never_less_than_two() -> None:
    book = WaitBook()
    every(1, book)
    assert book.estimate(1, 0, START) == (28_125, 2 * MINUTE)
    assert (book.estimate(3, MINUTE, START) or (0, 0))[1] % MINUTE == 0


def test_four_of_five_wait_no_longer_than_the_learned_factor_says() -> None:
    book = WaitBook()
    for n in range(19):
        book.took(START + n, 10 * MINUTE, 10 * MINUTE)
    assert book.factor == 1.7
    for tenths in range(10, 110):
        book.took(START + tenths, tenths * MINUTE // 4, 10 * MINUTE)
    ratios = sorted([1.0] * 19 + [tenths / 40 for tenths in range(10, 110)])
    assert sum(ratio <= book.factor for ratio in ratios) / len(ratios) >= 0.8
    assert book.factor == ratios[95]


def test_what_was_not_told_teaches_nothing_and_odd_waits_little() -> None:
    book = WaitBook()
    for n in range(100):
        book.took(START + n, n * MINUTE)
    assert book.factor == 1.7
    for n in range(100):
        book.took(START + n, 60 * MINUTE, 1)
    assert book.factor == 4.0
    for n in range(400):
        book.took(START + n, 0, 10 * MINUTE)
    assert book.factor == 1.2


def test_the_order_in_which_takes_are_told_does_not_matter() -> None:
    forward, backward = WaitBook(), WaitBook()
    takes = [(START + n * MINUTE, n * 1_000) for n in range(30)]
    for take in takes:
        forward.took(*take)
    for take in reversed(takes):
        backward.took(*take)
    now = START + 30 * MINUTE
    assert forward.estimate(7, 90_000, now) == backward.estimate(7, 90_000, now)


def test_memory_is_bounded() -> None:
    book = WaitBook()
    for n in range(2_000):
        book.took(START + n * 1_000, 5_000, 4_000)
    assert sum(len(part) for part in (book._takes, book._ratios)) <= 500
    # The last 256 are one a second.
    assert book.estimate(10, 0, START + 2_000_000) == (5_000, 2 * MINUTE)
