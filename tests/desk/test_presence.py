"""Agents come, drop, go, and come back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.commands import CLOCK, Due, PageShown, Retire
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    MIA,
    MINUTE,
    RULES,
    SECOND,
    SUE,
    TEAM,
    TOM,
    Story,
    data_of,
    kinds_of,
    new_id,
    visitor,
)
from .test_folding import refolded

GRACE = RULES.presence_grace_ms
RESERVE = RULES.reserve_ms


@pytest.fixture
def story() -> Story:
    """Mia has Anna's chat and answered."""
    story = Story(replace(RULES, cap=5))
    story.arrive(MIA)
    story.say(MIA, story.open(ANNA))
    return story


# --- coming -----------------------------------------------------------------------------------------


def test_the_nights_queue_comes_one_by_one() -> None:
    story = Story(replace(RULES, cap=5, ceiling=300, ramp_ms=15 * SECOND))
    for who in (ANNA, BEN, CLEO, DIRK):
        story.open(who)
    assert kinds_of(story.arrive(MIA)) == ["present", "routed", "joined"]
    assert story.wait(15 * SECOND - 1) == []
    assert kinds_of(story.wait(1)) == ["routed", "joined"]
    assert kinds_of(story.wait(15 * SECOND)) == ["routed", "joined"]
    assert story.queue() == ["dirk"]
    story.say(MIA, story.chat(ANNA))
    story.say(MIA, story.chat(BEN))
    # The ceiling's worth of them came: from now on the load alone decides.
    assert kinds_of(story.say(MIA, story.chat(CLEO))) == ["message", "routed", "joined"]


def test_the_ramp_begins_anew_after_a_break() -> None:
    story = Story(replace(RULES, cap=5, ramp_ms=15 * SECOND))
    story.arrive(MIA)
    story.status(MIA, "away")
    for who in (ANNA, BEN):
        story.open(who)
    assert kinds_of(story.status(MIA, "online")) == ["status", "routed", "joined"]
    assert kinds_of(story.wait(15 * SECOND)) == ["routed", "joined"]


def test_a_second_console_is_no_arrival(story: Story) -> None:
    assert story.arrive(MIA) == []


# --- dropping ---------------------------------------------------------------------------------------


def test_quiet_chats_stay_reserved_for_a_while(story: Story) -> None:
    story.arrive(TOM)
    story.leave(MIA)
    assert kinds_of(story.wait(GRACE)) == ["absent"]
    assert story.wait(RESERVE - 1) == []
    unassigned, *given = story.wait(1)
    assert data_of(unassigned) == kinds.Unassigned("reserved", "mia")
    assert kinds_of(given) == ["routed", "joined"]
    assert story.chat(ANNA).owner == "tom"


def test_who_comes_back_in_that_time_has_lost_nothing(story: Story) -> None:
    story.leave(MIA)
    story.wait(GRACE)
    story.tick(RESERVE - SECOND)
    assert kinds_of(story.arrive(MIA)) == ["present"]
    assert story.wait(RESERVE) == []
    assert story.chat(ANNA).owner == "mia"


def test_a_running_promise_goes_to_a_colleague_with_its_deadline(story: Story) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "soon", promise=5 * MINUTE))
    due = story.chat(ANNA).promise_due
    story.do(MIA, frames.Note(new_id(), story.chat(ANNA).id, "look up the invoice"))
    story.arrive(TOM)
    story.leave(MIA)
    assert kinds_of(story.wait(GRACE)) == ["absent", "unassigned", "routed", "joined"]
    chat = story.chat(ANNA)
    assert (chat.owner, chat.promise_due) == ("tom", due)
    assert kinds_of(story.say(TOM, chat)) == ["message", "promise_ended"]


def test_a_promise_still_breaks_while_nobody_has_the_chat(story: Story) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "soon", promise=MINUTE))
    since = story.chat(ANNA).promise_at
    story.leave(MIA)
    story.wait(GRACE)
    assert story.chat(ANNA).queued_at == since
    assert kinds_of(story.wait(MINUTE)) == ["promise_ended"]
    assert story.queue() == ["anna"]


def test_who_writes_to_an_absent_owner_gets_somebody_else(story: Story) -> None:
    story.arrive(TOM)
    story.leave(MIA)
    story.wait(GRACE)
    events = story.say(ANNA, story.chat(ANNA))
    assert kinds_of(events) == ["message", "unassigned", "routed", "joined"]
    assert data_of(events[-1]) == kinds.Joined("Tom", "Mia")


def test_within_the_grace_time_they_do_not(story: Story) -> None:
    story.arrive(TOM)
    story.leave(MIA)
    assert kinds_of(story.say(ANNA, story.chat(ANNA))) == ["message"]
    assert story.chat(ANNA).owner == "mia"


def test_the_customer_reads_nothing_until_somebody_joins(story: Story) -> None:
    story.leave(MIA)
    story.say(ANNA, story.chat(ANNA))
    pub = story.chat(ANNA).pub
    story.wait(GRACE)
    chat = story.chat(ANNA)
    assert (chat.state, chat.pub, chat.silently_waiting, chat.agent_name) == ("queued", pub, True, "Mia")
    story.arrive(TOM)
    assert (chat.pub, chat.silently_waiting, chat.agent_name) == (pub + 1, False, "Tom")


def test_later_a_moved_chat_is_not_theirs_any_more(story: Story) -> None:
    story.say(ANNA, story.chat(ANNA))
    story.arrive(TOM)
    story.leave(MIA)
    story.wait(GRACE)
    story.arrive(MIA)
    assert story.chat(ANNA).owner == "tom"
    assert story.code(MIA, frames.Say(new_id(), story.chat(ANNA).id, "me again")) == "no_chat"


# --- statuses ---------------------------------------------------------------------------------------


def test_finishing_keeps_and_gets_no_more(story: Story) -> None:
    event = story.status(MIA, "finishing")[0]
    assert (event.kind, event.actor, event.name) == ("status", "agent:mia", "Mia")
    assert story.open(BEN).owner == ""
    assert kinds_of(story.say(ANNA, story.chat(ANNA))) == ["message"]
    assert story.chat(ANNA).owner == "mia"


def test_a_break_has_a_reason_and_a_time(story: Story) -> None:
    story.do(MIA, frames.SetStatus(new_id(), "away", "lunch"))
    mia = story.desk.agents["mia"]
    assert (mia.status, mia.reason, mia.status_at) == ("away", "lunch", story.at)
    assert story.do(MIA, frames.SetStatus(new_id(), "away", "lunch")) == []
    assert kinds_of(story.do(MIA, frames.SetStatus(new_id(), "away", "training"))) == ["status"]


def test_offline_lets_go_of_who_waits_at_once(story: Story) -> None:
    story.say(ANNA, story.chat(ANNA))
    story.arrive(TOM)
    events = story.status(MIA, "offline")
    assert kinds_of(events) == ["status", "unassigned", "routed", "joined"]
    assert data_of(events[1]) == kinds.Unassigned("offline", "mia")


def test_offline_with_the_console_open_keeps_quiet_chats_no_longer(story: Story) -> None:
    story.arrive(TOM)
    assert kinds_of(story.status(MIA, "offline")) == ["status"]
    assert story.chat(ANNA).owner == "mia"
    story.arrive(MIA)
    assert kinds_of(story.wait(RESERVE)) == ["unassigned", "routed", "joined"]
    assert story.chat(ANNA).owner == "tom"


def test_online_again_in_time_keeps_them(story: Story) -> None:
    story.status(MIA, "offline")
    story.status(MIA, "online")
    assert story.wait(RESERVE) == []
    assert story.chat(ANNA).owner == "mia"


def test_who_writes_to_an_offline_owner_gets_somebody_else(story: Story) -> None:
    story.arrive(TOM)
    story.status(MIA, "offline")
    assert kinds_of(story.say(ANNA, story.chat(ANNA))) == ["message", "unassigned", "routed", "joined"]


# --- disabled ---------------------------------------------------------------------------------------


def test_a_disabled_agent_keeps_nothing_not_even_quiet_chats(story: Story) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "soon", promise=5 * MINUTE))
    story.arrive(TOM)
    other = story.open(BEN)
    story.do(TOM, frames.Invite(new_id(), other.id, "mia"))
    story.desk.know([replace(one, disabled=one.id == "mia") for one in TEAM])
    events = story.do(CLOCK, Retire("mia"))
    assert kinds_of(events) == ["absent", "unassigned", "uninvited", "routed", "joined"]
    assert data_of(events[1]) == kinds.Unassigned("disabled", "mia")
    assert (story.chat(ANNA).owner, story.chat(ANNA).promise_due > 0) == ("tom", True)
    assert story.do(CLOCK, Due()) == []


def test_nobody_hands_to_a_disabled_agent(story: Story) -> None:
    story.desk.know(
        [Member("mia", "Mia"), Member("tom", "Tom", disabled=True), Member("sue", "Sue", "supervisor")]
    )
    for command in (
        frames.HandOff(new_id(), story.chat(ANNA).id, "x", "tom"),
        frames.Invite(new_id(), story.chat(ANNA).id, "tom"),
    ):
        assert story.code(MIA, command) == "no_agent"
    assert story.code(SUE, frames.Assign(new_id(), story.chat(ANNA).id, "tom")) == "no_agent"


def test_another_reason_begins_no_ramp() -> None:
    story = Story(replace(RULES, cap=5, ramp_ms=15 * SECOND))
    story.arrive(MIA)
    for n in range(3):
        story.say(MIA, story.open(visitor(n)))
        story.wait(15 * SECOND)
    assert kinds_of(story.status(MIA, "online", "back from lunch")) == ["status"]
    story.open(ANNA)
    story.open(BEN)
    assert story.why(story.chat(BEN))["mia"] == "full"


def test_after_a_start_consoles_have_as_long_as_they_need_to_try_again(story: Story) -> None:
    owner = story.chat(ANNA).owner
    story.desk = refolded(story)
    story.do(ANNA, PageShown())
    assert [event.kind for event in story.wait(45 * SECOND - 1)] == []
    assert story.chat(ANNA).owner == owner
    assert kinds_of(story.wait(1)) == ["absent"]


def test_after_a_start_what_waits_is_looked_at_once(story: Story) -> None:
    story.desk = refolded(story)
    assert story.desk.next_due() == story.run
