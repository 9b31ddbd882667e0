"""Statuses, the pause after a chat, and what a supervisor sets for an agent."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.commands import CLOCK, Retire
from server.desk.records import Ceiling, Status
from server.desk.rules import Shop
from supportterm.coach.hours import ALWAYS, Hours
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    HOUR,
    MIA,
    MINUTE,
    RULES,
    SECOND,
    SUE,
    TOM,
    Story,
    data_of,
    kinds_of,
    new_id,
)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.arrive(MIA)
    return story


@pytest.mark.parametrize("reason", ["break", "lunch", "training", "fetching my bike"])
def test_away_with_a_reason(story: Story, reason: str) -> None:
    (event,) = story.status(MIA, "away", reason)
    assert data_of(event) == Status("mia", "away", reason)
    mia = story.desk.agents["mia"]
    assert (mia.status, mia.reason, mia.status_at) == ("away", reason, event.at)
    assert story.status(MIA, "away", reason) == []
    assert kinds_of(story.status(MIA, "away", "other")) == ["status"]


def test_offline_lets_go_of_who_waits_and_keeps_the_quiet_ones(story: Story) -> None:
    waiting, quiet = story.open(ANNA), story.open(BEN)
    story.say(MIA, quiet)
    events = story.status(MIA, "offline")
    assert kinds_of(events) == ["status", "unassigned"]
    assert data_of(events[1]) == kinds.Unassigned("offline", "mia")
    assert (waiting.state, quiet.owner) == ("queued", "mia")
    story.status(MIA, "online")
    assert waiting.owner == "mia"


def test_back_online_in_time_they_stay(story: Story) -> None:
    quiet = story.open(ANNA)
    story.say(MIA, quiet)
    story.status(MIA, "offline")
    story.wait(RULES.reserve_ms - 1)
    story.status(MIA, "online")
    assert story.wait(RULES.reserve_ms) == []
    assert quiet.owner == "mia"


def test_a_promise_is_carried_by_the_next(story: Story) -> None:
    chat = story.open(ANNA)
    story.say(MIA, chat, "Five minutes", promise=5 * MINUTE)
    due = chat.promise_due
    story.status(MIA, "offline")
    assert (chat.state, chat.promise_due) == ("queued", due)
    story.arrive(TOM)
    assert (chat.owner, chat.promise_due) == ("tom", due)
    assert kinds_of(story.wait(5 * MINUTE)) == ["promise_ended"]
    assert data_of(story.log[-1]) == kinds.PromiseEnded("broken")


def test_a_customer_who_writes_to_somebody_offline_waits_for_another(story: Story) -> None:
    chat = story.open(ANNA)
    story.say(MIA, chat)
    story.status(MIA, "offline")
    story.arrive(TOM)
    assert kinds_of(story.say(ANNA, chat)) == ["message", "unassigned", "routed", "joined"]
    joined = data_of(story.log[-1])
    assert (chat.owner, joined) == ("tom", kinds.Joined("Tom", "Mia"))


# --- the pause after a chat -------------------------------------------------------------------------

PAUSES = replace(RULES, breather_ms=30 * SECOND, abuse_breather_ms=5 * MINUTE)


@pytest.fixture
def pausing() -> Story:
    story = Story(PAUSES)
    story.arrive(MIA)
    return story


def test_extended_it_runs_out_by_itself(pausing: Story) -> None:
    chat = pausing.open(ANNA)
    pausing.close(MIA, chat)
    pausing.do(MIA, frames.Breather(new_id(), chat.id, "extend"))
    pausing.wait(60 * SECOND - 1)
    assert pausing.load(MIA).points == 50
    assert pausing.desk.next_due() == pausing.run + 1
    pausing.wait(1)
    assert (pausing.load(MIA).points, pausing.desk.next_due()) == (0, None)
    assert pausing.code(MIA, frames.Breather(new_id(), chat.id, "extend")) == "already"


def test_a_pause_makes_room_when_it_ends(pausing: Story) -> None:
    pausing.desk.rules = replace(PAUSES, ceiling=100)
    chat = pausing.open(ANNA)
    pausing.close(MIA, chat)
    waiting = pausing.open(BEN)
    assert waiting.owner == ""
    assert kinds_of(pausing.do(MIA, frames.Breather(new_id(), chat.id, "end"))) == [
        "breathed",
        "routed",
        "joined",
    ]
    pausing.close(BEN, waiting)
    pausing.open(CLEO)
    assert kinds_of(pausing.wait(30 * SECOND)) == ["routed", "joined"]


def test_after_abuse_extended(pausing: Story) -> None:
    chat = pausing.open(ANNA)
    pausing.do(MIA, frames.Abuse(new_id(), chat.id, "end"))
    pausing.do(MIA, frames.Breather(new_id(), chat.id, "extend"))
    pausing.wait(10 * MINUTE - 1)
    assert pausing.load(MIA).points == 50
    pausing.wait(1)
    assert pausing.load(MIA).points == 0


def test_reopened_there_is_no_pause(pausing: Story) -> None:
    chat = pausing.open(ANNA)
    pausing.close(MIA, chat)
    pausing.reopen(MIA, chat)
    assert pausing.load(MIA).points == 50
    assert [part.demand for part in pausing.load(MIA).parts] == ["answered"]


def test_no_pause_for_who_is_not_there(pausing: Story) -> None:
    chat = pausing.open(ANNA)
    pausing.leave(MIA)
    pausing.close(ANNA, chat)
    assert pausing.load(MIA).points == 0


def test_forgetting_a_chat_ends_its_pause(pausing: Story) -> None:
    chat = pausing.open(ANNA)
    pausing.close(MIA, chat)
    pausing.desk.forget(chat.id)
    assert pausing.load(MIA).points == 0


# --- set by a supervisor ----------------------------------------------------------------------------


def test_a_status_set_by_a_supervisor(story: Story) -> None:
    chat = story.open(ANNA)
    (event,) = story.do(SUE, frames.SetAgent(new_id(), "mia", "away"))
    assert (event.actor, event.name, data_of(event)) == ("agent:sue", "Sue", Status("mia", "away"))
    assert chat.owner == "mia"
    assert story.do(SUE, frames.SetAgent(new_id(), "mia", "away")) == []


def test_a_ceiling_for_today_ends_at_midnight_of_the_shop(story: Story) -> None:
    hours = Hours("Europe/Amsterdam", ALWAYS)
    story.desk.rules = replace(RULES, shops={"bikes": Shop(hours=hours)})
    # 23:30 in Amsterdam on 1 July is 21:30 UTC.
    story.at = 1_751_405_400_000
    command = frames.SetAgent(new_id(), "mia", ceiling=100)
    (event,) = story.do(SUE, command)
    assert data_of(event) == Ceiling("mia", 100, story.at + 30 * MINUTE)
    assert story.load(MIA).ceiling == 100
    assert story.do(SUE, command) == []
    story.open(ANNA)
    waiting = story.open(BEN)
    assert story.wait(30 * MINUTE - 2 * SECOND - 1) == []
    assert kinds_of(story.wait(1)) == ["ceiling", "routed", "joined"]
    assert (story.load(MIA).ceiling, waiting.owner) == (300, "mia")


def test_without_a_zone_midnight_is_in_utc(story: Story) -> None:
    story.at = 1_751_405_400_000
    (event,) = story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=100))
    assert data_of(event) == Ceiling("mia", 100, story.at + 150 * MINUTE)


def test_a_ceiling_for_today_survives_a_step_of_the_clock(story: Story) -> None:
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=100))
    until = story.desk.agents["mia"].ceiling_until
    left = until - story.at
    story.at -= HOUR
    assert story.wait(left) == []
    assert kinds_of(story.wait(HOUR)) == ["ceiling"]


def test_a_ceiling_that_was_taken_back_ends_once(story: Story) -> None:
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=100))
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=0))
    assert story.wait(24 * HOUR) == []


def test_both_at_once(story: Story) -> None:
    events = story.do(SUE, frames.SetAgent(new_id(), "mia", "away", 100))
    assert kinds_of(events) == ["ceiling", "status"]


def test_only_supervisors_set_and_only_colleagues(story: Story) -> None:
    assert story.code(MIA, frames.SetAgent(new_id(), "tom", "away")) == "not_allowed"
    assert story.code(ANNA, frames.SetAgent(new_id(), "tom", "away")) == "not_allowed"
    assert story.code(SUE, frames.SetAgent(new_id(), "nobody", "away")) == "no_agent"


def test_who_left_the_desk_is_no_colleague(story: Story) -> None:
    story.do(CLOCK, Retire("mia"))
    story.desk.know([member for member in story.desk.members.values() if member.id != "mia"])
    assert story.code(SUE, frames.SetAgent(new_id(), "mia", "away")) == "no_agent"
