"""Who is offered what, presence, and agents who go."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import doors
from server.desk.commands import CLOCK, Due, Retire
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    HOUR,
    MIA,
    PIA,
    RULES,
    TOM,
    Story,
    data_of,
    kinds_of,
    new_id,
)

GRACE = RULES.presence_grace_ms


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_new_chat_goes_to_somebody_free(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    present, opened, routed, joined = story.log
    assert (present.stream, present.kind, present.pub) == ("desk:main", "present", 0)
    assert (routed.kind, routed.pub, routed.actor) == ("routed", 0, "desk")
    assert data_of(routed) == kinds.Routed("mia", "load", 0, 300, 0, 2, [])
    assert (joined.kind, joined.pub, joined.actor, joined.name) == ("joined", 2, "agent:mia", "Mia")
    assert data_of(joined) == kinds.Joined("Mia")
    assert opened.seq, (chat.state, chat.owner, chat.owner_name) == ("open", "mia", "Mia")
    assert story.queue() == []


def test_the_queue_is_handed_out_in_order(story: Story) -> None:
    for who in (CLEO, ANNA, BEN, DIRK):
        story.open(who)
    assert story.queue() == ["cleo", "anna", "ben", "dirk"]
    story.arrive(MIA)
    assert (story.chat(CLEO).owner, story.chat(ANNA).owner) == ("mia", "mia")
    assert story.queue() == ["ben", "dirk"]


def test_the_fewest_chats_come_first(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    assert story.open(BEN).owner == "tom"
    story.close(BEN, story.chat(BEN))
    assert story.open(CLEO).owner == "tom"


def test_a_tie_goes_to_who_has_waited_longest(story: Story) -> None:
    story.arrive(MIA, TOM)
    first = story.open(ANNA)
    story.close(ANNA, first)
    second = story.open(BEN)
    story.close(BEN, second)
    third = story.open(CLEO)
    assert [first.owner, second.owner, third.owner] == ["mia", "tom", "mia"]


def test_nobody_is_offered_more_than_their_limit(story: Story) -> None:
    story.arrive(PIA)
    assert story.open(ANNA).owner == "pia"
    assert story.open(BEN).owner == ""
    story.arrive(MIA)
    assert [story.open(who).owner for who in (CLEO, DIRK)] == ["mia", ""]
    second = data_of([event for event in story.log if event.kind == "routed"][1])
    assert isinstance(second, kinds.Routed)
    assert (second.agent, second.waited_ms, [(one.agent, one.no) for one in second.others]) == (
        "mia",
        1_000,
        [("pia", "cap")],
    )
    assert story.queue() == ["dirk"]


def test_away_is_offered_nothing_and_keeps_their_chats(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    event = story.status(MIA, "away")[0]
    assert (event.stream, event.seq, event.pub, event.kind) == ("desk:main", 2, 0, "status")
    assert story.status(MIA, "away") == []
    assert (chat.owner, story.open(BEN).owner) == ("mia", "")
    assert not doors.attended(story.desk)
    assert kinds_of(story.status(MIA, "online")) == ["status", "routed", "joined"]
    assert doors.attended(story.desk)


def test_a_status_outlives_the_console(story: Story) -> None:
    story.arrive(MIA)
    story.status(MIA, "away")
    story.leave(MIA)
    story.arrive(MIA)
    assert story.open(ANNA).owner == ""


def test_who_is_not_there_is_offered_nothing(story: Story) -> None:
    assert story.status(MIA, "online") == []
    assert story.open(ANNA).owner == ""
    assert not doors.attended(story.desk)


def test_a_short_absence_changes_nothing(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.leave(MIA)
    assert story.desk.next_due() == story.run + GRACE
    assert story.open(BEN).owner == ""
    assert story.wait(GRACE - 2_000) == []
    assert doors.attended(story.desk)
    assert kinds_of(story.arrive(MIA)) == ["routed", "joined"]
    assert story.wait(GRACE * 2) == []
    assert (chat.owner, story.chat(BEN).owner) == ("mia", "mia")


def test_after_the_grace_time_their_chats_wait_for_somebody_else(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    closed = story.open(BEN)
    story.close(BEN, closed)
    story.leave(MIA)
    story.tick(GRACE)
    public = chat.pub
    absent, unassigned = story.do(CLOCK, Due())
    assert (absent.stream, absent.kind, unassigned.actor, unassigned.pub) == (
        "desk:main",
        "absent",
        "desk",
        0,
    )
    assert data_of(unassigned) == kinds.Unassigned("absent", "mia")
    assert (chat.pub, chat.agent_name) == (public, "Mia"), "the customer reads nothing of it"
    assert (chat.state, chat.owner, chat.owner_name) == ("queued", "", "")
    assert not doors.attended(story.desk)
    assert (closed.state, closed.owner) == ("closed", "mia")
    story.arrive(TOM)
    assert chat.owner == "tom"
    assert story.code(MIA, frames.Say(new_id(), chat.id, "I am back")) == "no_chat"


def test_grace_runs_on_the_steady_clock(story: Story) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    story.leave(MIA)
    story.at += 5 * HOUR
    assert story.do(CLOCK, Due()) == []
    story.at -= 10 * HOUR
    assert kinds_of(story.wait(GRACE)) == ["absent", "unassigned"]


def test_a_chat_that_is_let_go_keeps_its_waiting_time(story: Story) -> None:
    story.arrive(MIA)
    waited = story.open(ANNA)
    answered = story.open(BEN)
    story.say(MIA, answered)
    story.open(CLEO)
    story.leave(MIA)
    story.wait(GRACE)
    # Anna still waits for her first answer; Ben has had his and waits for nobody.
    assert story.queue() == ["anna", "cleo"]
    assert (answered.owner, waited.returned) == ("mia", True)
    assert waited.queued_at == waited.opened_at


def test_leaving_twice_counts_once(story: Story) -> None:
    story.arrive(MIA)
    story.leave(MIA)
    due = story.desk.next_due()
    story.tick(1_000)
    story.leave(MIA)
    assert story.desk.next_due() == due
    story.leave(TOM)
    assert story.desk.next_due() == due


def test_a_disabled_agent_hands_everything_over_at_once(story: Story) -> None:
    story.arrive(MIA)
    chats = [story.open(ANNA), story.open(BEN)]
    story.arrive(TOM)
    events = story.do(CLOCK, Retire("mia"))
    assert kinds_of(events) == ["absent", "unassigned", "unassigned", "routed", "joined", "routed", "joined"]
    assert [chat.owner for chat in chats] == ["tom", "tom"]
    assert story.do(CLOCK, Retire("mia")) == []
    assert story.open(CLEO).owner == ""
    story.arrive(MIA)  # enabled again
    assert story.chat(CLEO).owner == "mia"


def test_retiring_who_is_away_for_a_moment(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.leave(MIA)
    assert kinds_of(story.do(CLOCK, Retire("mia"))) == ["absent", "unassigned"]
    assert (chat.state, doors.attended(story.desk)) == ("queued", False)
    assert story.wait(GRACE) == []


def test_changed_rules_hold_from_the_next_decision(story: Story) -> None:
    story.arrive(PIA, MIA)
    for who in (ANNA, BEN, CLEO):
        story.open(who)
    story.open(DIRK)
    assert story.queue() == ["dirk"]
    story.desk.rules = replace(RULES, cap=5)
    assert kinds_of(story.do(CLOCK, Due())) == ["routed", "joined"]
    assert story.chat(DIRK).owner == "mia"
