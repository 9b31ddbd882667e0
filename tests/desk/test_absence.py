"""Presence is a lease: in the grace time nothing moves, after it nobody waits unseen."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import doors, showing
from server.desk.commands import CLOCK, Retire
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, CLEO, MIA, MINUTE, RULES, SECOND, TOM, Story, data_of, kinds_of, new_id

GRACE = RULES.presence_grace_ms


@pytest.fixture
def story() -> Story:
    story = Story(replace(RULES, cap=5))
    story.arrive(MIA)
    return story


def gone(story: Story) -> None:
    story.leave(MIA)
    story.wait(GRACE)


def test_waiting_promised_and_quiet(story: Story) -> None:
    waiting, promised, quiet = story.open(ANNA), story.open(BEN), story.open(CLEO)
    story.say(MIA, promised, "Later", promise=5 * MINUTE)
    story.say(MIA, quiet)
    gone(story)
    assert [chat.state for chat in (waiting, promised, quiet)] == ["queued", "queued", "open"]
    # A promised chat waits since its promise was given.
    assert promised.queued_at == promised.promise_at
    story.arrive(TOM)
    assert [chat.owner for chat in (waiting, promised, quiet)] == ["tom", "tom", "mia"]


def test_gone_again_the_time_begins_again(story: Story) -> None:
    quiet = story.open(ANNA)
    story.say(MIA, quiet)
    gone(story)
    story.wait(RULES.reserve_ms - SECOND)
    story.arrive(MIA)
    story.tick()
    gone(story)
    assert story.wait(RULES.reserve_ms - 1) == []
    assert kinds_of(story.wait(1)) == ["unassigned"]


def test_back_with_the_same_agent_nobody_is_replaced(story: Story) -> None:
    gone_and_back = story.open(ANNA)
    gone(story)
    story.arrive(MIA)
    assert gone_and_back.owner == "mia"
    assert data_of(story.log[-1]) == kinds.Joined("Mia")


def test_the_supervisor_gets_one_alert(story: Story) -> None:
    for who in (ANNA, BEN):
        story.open(who)
    gone(story)
    (alert,) = showing.alerts(story.desk, story.now).alerts
    assert (alert.kind, alert.agent, alert.name) == ("absent", "mia", "Mia")
    story.arrive(MIA)
    assert showing.alerts(story.desk, story.now).alerts == []


def test_who_is_gone_is_not_there_to_answer(story: Story) -> None:
    story.leave(MIA)
    assert doors.attended(story.desk)
    story.wait(GRACE)
    assert not doors.attended(story.desk)


def test_a_disabled_agent_keeps_nothing(story: Story) -> None:
    waiting, quiet, read = story.open(ANNA), story.open(BEN), story.open(CLEO)
    story.arrive(TOM)
    story.say(MIA, quiet)
    story.do(MIA, frames.HandOff(new_id(), read.id, "So far", "tom"))
    story.do(TOM, frames.Accept(new_id(), read.id))
    story.do(TOM, frames.Invite(new_id(), read.id, "mia"))
    events = story.do(CLOCK, Retire("mia"))
    assert kinds_of(events).count("unassigned") == 2
    assert {data_of(event) for event in events if event.kind == "unassigned"} == {
        kinds.Unassigned("disabled", "mia")
    }
    assert data_of(next(event for event in events if event.kind == "uninvited")) == kinds.Uninvited(
        "mia", "Mia"
    )
    assert [chat.owner for chat in (waiting, quiet, read)] == ["tom"] * 3
    assert read.guests == frozenset()


def test_a_promise_of_a_disabled_agent_is_carried_on(story: Story) -> None:
    chat = story.open(ANNA)
    story.say(MIA, chat, "Later", promise=5 * MINUTE)
    due = chat.promise_due
    story.do(CLOCK, Retire("mia"))
    story.arrive(TOM)
    assert (chat.owner, chat.promise_due) == ("tom", due)


def test_retiring_an_unknown_agent_is_harmless(story: Story) -> None:
    assert story.do(CLOCK, Retire("nobody")) == []
