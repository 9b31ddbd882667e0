"""What the desk makes of measured paces: an event, other ceilings, and the same again after a restart."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import records, showing
from server.desk.agent import Member
from server.desk.by_pace import Measured, Paces
from server.desk.commands import CLOCK, LearnPaces
from server.desk.desk import Desk
from server.desk.events import Event, decode_data
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    MIA,
    PIA,
    RULES,
    SUE,
    TOM,
    Story,
    data_of,
    folded_of,
    kinds_of,
    new_id,
)

NUMBERS = replace(RULES, ceiling=250, trainee_ceiling=200, cap=5)
TEAM = [
    Member("mia", "Mia"),
    Member("tom", "Tom"),
    Member("sue", "Sue", title="supervisor"),
    Member("pia", "Pia"),
]
#: Mia needs 1.5 times as long as the team.
USUAL = {"mia": 60, "tom": 40, "sue": 40, "pia": 30}


def told(story: Story, seconds: dict[str, int] = USUAL, replies: int = 100) -> list[Event]:
    """The desk learns how long replies took; the team needs 40 s."""
    each = tuple(Measured(who, replies, 1_000 * long) for who, long in seconds.items())
    return story.do(CLOCK, LearnPaces(Paces(40_000, each)))


def ceilings(story: Story) -> dict[str, int]:
    return {name: agent.ceiling(story.desk.rules) for name, agent in story.desk.agents.items()}


@pytest.fixture
def story() -> Story:
    return Story(NUMBERS, TEAM)


def test_who_needs_longer_has_a_lower_ceiling(story: Story) -> None:
    (event,) = told(story)
    assert (event.kind, event.stream, event.actor) == ("paces", "desk:main", "desk")
    assert data_of(event) == records.Paces({"mia": 15})
    assert ceilings(story) == {"mia": 180, "tom": 250, "sue": 250, "pia": 250}


def test_an_event_only_where_something_changed(story: Story) -> None:
    assert told(story, dict.fromkeys(USUAL, 40)) == []
    told(story)
    assert told(story) == []
    assert told(story, USUAL | {"mia": 61}) == []
    assert data_of(*told(story, USUAL | {"mia": 48})) == records.Paces({"mia": 12})
    # Too little is known to compare anybody: all have the usual ceiling again.
    assert data_of(*told(story, replies=10)) == records.Paces({})
    assert set(ceilings(story).values()) == {250}


def test_the_lower_ceiling_holds_for_new_chats(story: Story) -> None:
    told(story, {"mia": 80, "tom": 40, "sue": 40})
    story.arrive(MIA)
    for who in (ANNA, BEN, CLEO):
        story.open(who)
    assert story.load(MIA).points == 100
    assert story.load(MIA).ceiling == 180
    assert story.queue() == ["ben", "cleo"]
    assert story.why(story.chat(BEN))["mia"] == "full"
    # Mia is as quick as the others now: the next chat comes with that decision.
    events = told(story, {"mia": 40, "tom": 40, "sue": 40})
    assert kinds_of(events) == ["paces", "routed", "joined"]
    assert story.queue() == ["cleo"]


def test_what_somebody_set_by_hand_holds(story: Story) -> None:
    own = Member("mia", "Mia", ceiling=300)
    story.desk.know([own, *TEAM[1:]])
    told(story)
    assert ceilings(story)["mia"] == 300
    story.desk.know(TEAM)
    assert ceilings(story)["mia"] == 180
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=250))
    assert ceilings(story)["mia"] == 250
    assert story.load(MIA).slower == 0
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=0))
    assert ceilings(story)["mia"] == 180


def test_trainees_keep_theirs(story: Story) -> None:
    trainee = replace(TEAM[0], trainee=True)
    story.desk.know([trainee, *TEAM[1:]])
    assert told(story, USUAL | {"mia": 400}) == []
    assert ceilings(story)["mia"] == 200
    assert data_of(*told(story, USUAL | {"tom": 52})) == records.Paces({"tom": 13})


def test_who_does_not_belong_to_the_desk_is_not_compared(story: Story) -> None:
    story.desk.know([*TEAM[:3], replace(TEAM[3], disabled=True)])
    assert data_of(*told(story, USUAL | {"gone": 1, "lost": 1})) == records.Paces({"mia": 15})
    assert "gone" not in story.desk.agents


def test_a_desk_without_the_rule_keeps_one_ceiling(story: Story) -> None:
    told(story)
    story.desk.rules = replace(NUMBERS, by_pace=False)
    assert set(ceilings(story).values()) == {250}
    assert story.load(MIA).slower == 0
    assert told(story, USUAL | {"mia": 80}) == []


def test_a_restarted_desk_knows_it(story: Story) -> None:
    story.arrive(MIA, TOM, PIA)
    frozen = (story.desk.seq, story.desk.snapshot())
    told(story)
    later = (story.desk.seq, story.desk.snapshot())
    for start in (None, frozen, later):
        desk = Desk("main", NUMBERS)
        desk.know(TEAM)
        if start is not None:
            desk.restore(*start)
        for event in story.log:
            if event.seq > desk.seq:
                desk.apply(event)
        assert folded_of(desk)["agents"] == folded_of(story.desk)["agents"]
        assert desk.agents["mia"].ceiling(NUMBERS) == 180


def test_a_newer_measure_replaces_all_of_the_one_before(story: Story) -> None:
    told(story)
    told(story, {"mia": 40, "tom": 40, "sue": 80})
    assert {name: agent.slower for name, agent in story.desk.agents.items()} == {
        "mia": 0,
        "tom": 0,
        "sue": 20,
        "pia": 0,
    }


def test_staff_are_shown_why_a_ceiling_is_lower(story: Story) -> None:
    told(story)
    story.arrive(MIA, TOM)
    shown = {one.agent: one.load for one in showing.team(story.desk, story.now).agents}
    assert (shown["mia"].ceiling, shown["mia"].slower) == (180, 15)
    assert (shown["tom"].ceiling, shown["tom"].slower) == (250, 0)
    assert showing.mine(story.desk, "mia", [], True, story.now).load == shown["mia"]
    story.open(ANNA)
    story.open(BEN)
    (first, second) = (decode_data(event, kinds.Routed) for event in story.log if event.kind == "routed")
    assert (first.agent, first.ceiling, second.agent) == ("mia", 180, "tom")
    assert [(one.agent, one.load.ceiling, one.load.slower) for one in second.others] == [("mia", 180, 15)]


def test_a_pace_that_rounds_to_no_lower_ceiling_is_not_told(story: Story) -> None:
    story.desk.rules = replace(NUMBERS, ceiling=100)
    told(story)
    assert story.load(MIA).ceiling == 100
    assert story.load(MIA).slower == 0
