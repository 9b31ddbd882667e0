"""Against abuse."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.commands import Person
from server.desk.decision import Repeated
from server.desk.rules import Shop
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, HOUR, MIA, MINUTE, RULES, SUE, TOM, Story, chat_of, data_of, kinds_of, new_id
from .test_folding import refolded

APPEALING = replace(RULES, abuse_breather_ms=0, shops={"bikes": Shop("Bikes", appeal="appeal@bikes.example")})
FROM_HOME = Person("customer", "anna", shop="bikes", address="home")
NEW_TAB = Person("customer", "anna-2", shop="bikes", address="home")
ELSEWHERE = Person("customer", "anna", shop="bikes", address="cafe")


@pytest.fixture
def story() -> Story:
    story = Story(APPEALING)
    story.arrive(MIA)
    story.open(FROM_HOME)
    return story


def abuse(story: Story, act: str, minutes: int = 60) -> frames.Abuse:
    return frames.Abuse(new_id(), story.chat(FROM_HOME).id, act, minutes)  # type: ignore[arg-type]


def opening(who: Person) -> frames.Open:
    return frames.Open(new_id(), chat_of(who, 2), "en")


def test_a_calm_line(story: Story) -> None:
    command = abuse(story, "warn")
    event = story.do(MIA, command)[0]
    assert (event.kind, event.pub > 0, event.actor) == ("warned", True, "agent:mia")
    assert story.ask(MIA, command) == Repeated(event.seq, event.pub)
    assert story.chat(FROM_HOME).state == "open"


def test_the_end_with_where_to_appeal(story: Story) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(FROM_HOME).id, "soon", promise=MINUTE))
    withdrawn, closed = story.do(MIA, abuse(story, "end"))
    assert withdrawn.kind == "promise_ended"
    assert data_of(closed) == kinds.Closed("abuse", "appeal@bikes.example")
    assert story.code(MIA, abuse(story, "end")) == "already"
    assert story.code(MIA, abuse(story, "warn")) == "chat_closed"
    # This chat goes on only if its agent wants it to; an end is no block.
    ended = story.chat(FROM_HOME)
    assert story.code(FROM_HOME, frames.Say(new_id(), ended.id, "but")) == "chat_closed"
    assert story.code(FROM_HOME, frames.Reopen(new_id(), ended.id)) == "chat_closed"
    assert kinds_of(story.reopen(MIA, ended)) == ["reopened"]
    story.close(MIA, ended)
    assert story.open(FROM_HOME, 2).state == "open"


def test_blocked_and_a_new_tab_does_not_get_around_it(story: Story) -> None:
    command = abuse(story, "block")
    closed, blocked = story.do(MIA, command)
    until = story.at + HOUR
    assert (closed.cid, blocked.stream, blocked.kind, blocked.actor) == (
        command.id,
        "desk:main",
        "blocked",
        "agent:mia",
    )
    assert story.ask(MIA, command) == Repeated(closed.seq, closed.pub)
    for who in (FROM_HOME, NEW_TAB, ELSEWHERE):
        refused = story.refused(who, opening(who))
        assert (refused.error.code, refused.until) == ("blocked", until)
    assert story.open(BEN).state == "open"


def test_no_way_around_by_reopening_writing_or_leaving_a_message(story: Story) -> None:
    story.do(MIA, abuse(story, "block"))
    chat = story.chat(FROM_HOME)
    assert story.code(FROM_HOME, frames.Reopen(new_id(), chat.id)) == "blocked"
    assert story.code(FROM_HOME, frames.Say(new_id(), chat.id, "hey")) == "blocked"
    assert story.code(NEW_TAB, frames.LeaveMessage(new_id(), chat_of(NEW_TAB), "hey")) == "blocked"


def test_without_an_address_only_the_customer_is_blocked() -> None:
    story = Story(replace(RULES, abuse_breather_ms=0))
    story.arrive(MIA)
    story.open(ANNA)
    story.do(MIA, frames.Abuse(new_id(), story.chat(ANNA).id, "block"))
    assert story.code(ANNA, opening(ANNA)) == "blocked"
    assert story.open(BEN).state == "open"


def test_it_ends_by_itself(story: Story) -> None:
    story.do(MIA, abuse(story, "block"))
    assert "unblocked" not in kinds_of(story.wait(HOUR - 1))
    events = story.wait(1)
    assert [(one.kind, one.actor) for one in events] == [("unblocked", "desk")]
    assert story.open(FROM_HOME, 2).state == "open"


def test_a_supervisor_ends_it(story: Story) -> None:
    story.do(MIA, abuse(story, "block"))
    name = next(iter(story.desk.blocks))
    assert story.code(MIA, frames.Unblock(new_id(), name)) == "not_allowed"
    event = story.do(SUE, frames.Unblock(new_id(), name))[0]
    assert (event.kind, event.actor, event.name) == ("unblocked", "agent:sue", "Sue")
    assert story.code(SUE, frames.Unblock(new_id(), name)) == "already"
    assert story.open(NEW_TAB).state == "open"
    assert story.wait(2 * HOUR) == []


def test_it_outlives_a_restart(story: Story) -> None:
    story.do(MIA, abuse(story, "block"))
    story.tick(30 * MINUTE)
    story.desk = refolded(story)
    assert story.code(NEW_TAB, opening(NEW_TAB)) == "blocked"
    assert "unblocked" in kinds_of(story.wait(30 * MINUTE))


def test_blocking_after_the_chat_ended(story: Story) -> None:
    story.do(MIA, abuse(story, "end"))
    command = abuse(story, "block")
    assert kinds_of(story.do(MIA, command)) == ["blocked"]
    assert story.code(NEW_TAB, opening(NEW_TAB)) == "blocked"
    assert story.code(MIA, command) == "already"


def test_who_talks_with_an_agent_may_go_on(story: Story) -> None:
    other = story.open(NEW_TAB)
    story.close(NEW_TAB, other)
    story.do(MIA, abuse(story, "block"))
    assert story.code(NEW_TAB, frames.Say(new_id(), other.id, "hey")) == "blocked"
    story.reopen(MIA, other)
    story.say(NEW_TAB, other)


def test_two_blocks_of_one_place(story: Story) -> None:
    other = story.open(NEW_TAB)
    story.do(MIA, abuse(story, "block", 60))
    story.do(MIA, frames.Abuse(new_id(), other.id, "block", 120))
    assert story.refused(FROM_HOME, opening(FROM_HOME)).until == story.at + 2 * HOUR
    story.wait(HOUR)
    assert story.code(FROM_HOME, opening(FROM_HOME)) == "blocked"


def test_who_may(story: Story) -> None:
    assert story.code(TOM, abuse(story, "block")) == "no_chat"
    assert story.code(FROM_HOME, abuse(story, "warn")) == "not_allowed"
    assert kinds_of(story.do(SUE, abuse(story, "warn"))) == ["warned"]


def test_it_ends_by_the_wall_clock(story: Story) -> None:
    story.do(MIA, abuse(story, "block", 60))
    story.at -= HOUR
    assert story.wait(HOUR) == []
    assert kinds_of(story.wait(HOUR)) == ["unblocked"]


def test_a_clock_set_forward_ends_it_before_anybody_says_so(story: Story) -> None:
    story.do(MIA, abuse(story, "block", 60))
    story.at += HOUR
    assert story.open(NEW_TAB, 2).state == "open"


def blocked_for(story: Story, agent: Person) -> dict[str, int]:
    chats = sorted(story.desk.chats)
    return showing.mine(story.desk, agent.id, chats, writing=True, now=story.now).blocked


def test_who_reopens_a_chat_is_told_until_when_its_customer_is_blocked(story: Story) -> None:
    other, ben = story.open(NEW_TAB), story.open(BEN)
    assert blocked_for(story, MIA) == {}
    story.do(MIA, abuse(story, "block"))
    until = story.at + HOUR
    assert blocked_for(story, MIA) == {story.chat(FROM_HOME).id: until, other.id: until}
    assert ben.id not in blocked_for(story, MIA)
    # Reopened, the block stays, and says so still.
    story.reopen(MIA, story.chat(FROM_HOME))
    assert story.chat(FROM_HOME).id in blocked_for(story, MIA)
    story.say(FROM_HOME, story.chat(FROM_HOME))
    story.close(MIA, story.chat(FROM_HOME))
    assert story.code(FROM_HOME, frames.Say(new_id(), story.chat(FROM_HOME).id, "hey")) == "blocked"
    story.wait(HOUR)
    assert blocked_for(story, MIA) == {}
