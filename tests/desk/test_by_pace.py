"""Ceilings by measured pace: what is compared, and what comes of it. Times in ms, points × 100."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.desk.by_pace import ENOUGH, LEAST, TEAM, Measured, Paces, lowered, measured, slower

NEW = 100


def team(**seconds: float) -> list[Measured]:
    """Agents with enough replies, that took so long in the median."""
    return [Measured(agent, ENOUGH, round(1_000 * long)) for agent, long in seconds.items()]


# --- who is slower ----------------------------------------------------------------------------------


def test_replies_are_counted_and_their_median_taken() -> None:
    found = measured({"mia": [9_000, 1_000, 4_000], "tom": [2_000, 5_000], "sue": []})
    # Of all five the one in the middle: who replies more often is more of the team.
    assert found == Paces(4_000, (Measured("mia", 3, 4_000), Measured("tom", 2, 3_500)))
    assert measured({"mia": []}) == measured({}) == Paces()


def test_each_is_compared_with_the_team() -> None:
    assert slower(50_000, team(mia=40, tom=50, sue=65)) == {"sue": 13}
    assert slower(40_000, team(mia=60, tom=50, sue=40)) == {"mia": 15, "tom": 12}


def test_what_rounds_to_the_teams_time_is_the_teams_time() -> None:
    assert slower(50_000, team(mia=50, tom=50, sue=52.4)) == {}
    assert slower(50_000, team(mia=50, tom=50, sue=52.6)) == {"sue": 11}


def test_too_few_replies_say_nothing_about_anybody() -> None:
    known = team(mia=40, tom=50, sue=65)
    few = Measured("new", ENOUGH - 1, 200_000)
    assert slower(50_000, [*known, few]) == {"sue": 13}
    assert slower(50_000, [known[2], *known[: TEAM - 2], few]) == {}
    assert slower(50_000, []) == {}


def test_answers_in_no_time_are_no_pace() -> None:
    assert slower(0, [Measured(agent, ENOUGH, 0) for agent in ("mia", "tom", "sue")]) == {}


# --- how low ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tenths", "ceiling"),
    [(0, 260), (10, 260), (11, 240), (12, 230), (13, 210), (14, 200), (15, 190), (20, 190), (90, 190)],
)
def test_the_usual_ceiling_is_divided_by_a_part_of_the_pace(tenths: int, ceiling: int) -> None:
    assert lowered(260, tenths, NEW) == ceiling


def test_there_is_always_room_for_one_chat() -> None:
    assert lowered(120, 30, NEW) == 100
    # The shop itself leaves less room than that.
    assert lowered(80, 30, NEW) == 80


usual_ceilings = st.integers(10, 5_000)
paces = st.integers(0, 200)
weights = st.integers(10, 1_000)
replies = st.integers(0, 3 * ENOUGH)
measures = st.lists(
    st.builds(Measured, st.sampled_from("abcdefgh"), replies, st.integers(0, 900_000)),
    unique_by=lambda one: one.agent,
)


@given(usual=usual_ceilings, tenths=paces, new=weights)
def test_never_above_the_usual_and_never_far_below(usual: int, tenths: int, new: int) -> None:
    found = lowered(usual, tenths, new)
    assert LEAST * usual <= 10 * found
    assert min(usual, new) <= found <= usual
    assert found in (usual, new) or found % 10 == 0


@given(usual=usual_ceilings, one=paces, other=paces, new=weights)
def test_who_needs_longer_never_gets_more(usual: int, one: int, other: int, new: int) -> None:
    quick, slow = sorted((one, other))
    assert lowered(usual, slow, new) <= lowered(usual, quick, new)


@given(known=measures, team_ms=st.integers(1, 900_000), factor=st.integers(2, 50))
def test_only_how_they_compare_counts(known: list[Measured], team_ms: int, factor: int) -> None:
    found = slower(team_ms, known)
    assert slower(team_ms, reversed(known)) == found
    longer = [Measured(one.agent, one.replies, one.median_ms * factor) for one in known]
    assert slower(team_ms * factor, longer) == found


@given(known=measures, team_ms=st.integers(0, 900_000))
def test_who_is_not_known_or_not_slower_is_not_named(known: list[Measured], team_ms: int) -> None:
    found = slower(team_ms, known)
    for one in known:
        if one.agent in found:
            assert one.replies >= ENOUGH
            assert one.median_ms > team_ms
            assert found[one.agent] > 10


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.integers(1, 900_000), max_size=9)))
def test_somebody_is_as_quick_as_the_team(replies: dict[str, list[int]]) -> None:
    """The median of all lies between the medians of each: never is everybody slower than the team."""
    found = measured(replies)
    medians = [one.median_ms for one in found.agents]
    assert not medians or min(medians) <= found.team_ms <= max(medians)
    assert sum(one.replies for one in found.agents) == sum(map(len, replies.values()))
