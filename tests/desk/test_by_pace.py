"""Ceilings by measured pace: what is compared, and what comes of it. Times in ms, points × 100."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.desk.by_pace import ENOUGH, LEAST, TEAM, Measured, lowered, measured, slower

NEW = 100


def team(**seconds: float) -> list[Measured]:
    """Agents with enough replies, that took so long in the median."""
    return [Measured(agent, ENOUGH, round(1_000 * long)) for agent, long in seconds.items()]


# --- who is slower ----------------------------------------------------------------------------------


def test_replies_are_counted_and_their_median_taken() -> None:
    assert measured("mia", [9_000, 1_000, 4_000]) == Measured("mia", 3, 4_000)
    assert measured("mia", [1_000, 4_000]) == Measured("mia", 2, 2_500)
    assert measured("mia", []) == Measured("mia", 0, 0)


def test_each_is_compared_with_the_middle_of_the_team() -> None:
    assert slower(team(mia=40, tom=50, sue=65)) == {"sue": 13}
    # Of four, the middle lies between two.
    assert slower(team(mia=40, tom=50, sue=60, bo=110)) == {"bo": 20, "sue": 11}


def test_what_rounds_to_the_teams_pace_is_the_teams_pace() -> None:
    assert slower(team(mia=50, tom=50, sue=52.4)) == {}
    assert slower(team(mia=50, tom=50, sue=52.6)) == {"sue": 11}


def test_too_few_replies_say_nothing_about_anybody() -> None:
    known = team(mia=40, tom=50, sue=65)
    few = Measured("new", ENOUGH - 1, 200_000)
    assert slower([*known, few]) == slower(known)
    assert slower([*known[: TEAM - 1], few]) == {}
    assert slower([]) == {}


def test_answers_in_no_time_are_no_pace() -> None:
    assert slower([Measured(agent, ENOUGH, 0) for agent in ("mia", "tom", "sue")]) == {}


# --- how low ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tenths", "ceiling"),
    [(0, 250), (10, 250), (11, 240), (12, 230), (13, 220), (15, 200), (17, 190), (20, 180), (90, 180)],
)
def test_the_usual_ceiling_is_divided_by_the_root_of_the_pace(tenths: int, ceiling: int) -> None:
    assert lowered(250, tenths, NEW) == ceiling


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


@given(known=measures, factor=st.integers(2, 50))
def test_only_how_they_compare_counts(known: list[Measured], factor: int) -> None:
    found = slower(known)
    assert slower(reversed(known)) == found
    longer = [Measured(one.agent, one.replies, one.median_ms * factor) for one in known]
    assert slower(longer) == found


@given(known=measures)
def test_at_most_half_of_those_who_are_known_are_slower(known: list[Measured]) -> None:
    found = slower(known)
    enough = {one.agent for one in known if one.replies >= ENOUGH and one.median_ms > 0}
    assert found.keys() <= enough
    assert 2 * len(found) <= len(enough)
    assert all(tenths > 10 for tenths in found.values())
