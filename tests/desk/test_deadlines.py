"""What comes next, whatever was set, moved and dropped before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.desk.deadlines import Deadlines, Key

KEYS = [("chat", "a"), ("chat", "b"), ("gone", "a")]


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
