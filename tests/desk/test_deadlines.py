"""What comes next, whatever was set, moved and dropped before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.desk.deadlines import Deadlines, Key

KEYS = [("chat", "a"), ("chat", "b"), ("gone", "a")]


def test_the_first_comes_first() -> None:
    deadlines = Deadlines()
    deadlines.set(KEYS[0], 20)
    deadlines.set(KEYS[1], 10)
    assert deadlines.next() == 10
    assert deadlines.take(9) is None
    assert deadlines.take(10) == KEYS[1]
    assert deadlines.next() == 20


def test_moved_later_and_earlier() -> None:
    deadlines = Deadlines()
    deadlines.set(KEYS[0], 10)
    deadlines.set(KEYS[0], 30)
    assert deadlines.next() == 30
    assert deadlines.take(10) is None
    deadlines.set(KEYS[0], 5)
    assert (deadlines.next(), deadlines.take(5), deadlines.take(99)) == (5, KEYS[0], None)


def test_moved_and_moved_it_takes_no_room() -> None:
    deadlines = Deadlines()
    for run in range(1_000):
        deadlines.set(KEYS[0], run)
    assert len(deadlines._heap) == 1


def test_dropped() -> None:
    deadlines = Deadlines()
    deadlines.drop(KEYS[0])
    deadlines.set(KEYS[0], 10)
    deadlines.drop(KEYS[0])
    assert (deadlines.next(), deadlines.take(99)) == (None, None)
    deadlines.set(KEYS[0], 10)
    assert deadlines.take(10) == KEYS[0]


steps = st.lists(
    st.tuples(st.sampled_from(["set", "set", "drop", "take"]), st.sampled_from(KEYS), st.integers(0, 20)),
    max_size=40,
)


@given(steps)
def test_like_a_plain_dictionary(steps: list[tuple[str, Key, int]]) -> None:
    deadlines, plain = Deadlines(), {}
    for what, key, run in steps:
        if what == "set":
            deadlines.set(key, run)
            plain[key] = run
        elif what == "drop":
            deadlines.drop(key)
            plain.pop(key, None)
        else:
            taken = deadlines.take(run)
            first = min(plain.values(), default=99)
            assert (taken is None) == (first > run)
            if taken is not None:
                assert plain.pop(taken) == first
        assert deadlines.next() == min(plain.values(), default=None)
