"""Closing, reopening, and chats that fall idle."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.commands import CLOCK, Due, PageLeft
from server.desk.decision import Repeated
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
    TOM,
    Story,
    chat_of,
    data_of,
    kinds_of,
    new_id,
)


@pytest.fixture
def story() -> Story:
    story = Story()
    story.arrive(MIA)
    return story


def test_either_side_closes(story: Story) -> None:
    closed = story.close(ANNA, story.open(ANNA))[0]
    assert (closed.actor, data_of(closed)) == ("customer", kinds.Closed("customer"))
    closed = story.close(MIA, story.open(BEN))[0]
    assert (closed.actor, closed.name, data_of(closed)) == ("agent:mia", "Mia", kinds.Closed("agent"))


def test_a_queued_chat_is_closed_by_its_customer() -> None:
    story = Story()
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    assert (chat.state, story.queue()) == ("closed", [])


@pytest.mark.parametrize(("said", "after"), [("", MINUTE), ("Where is my bike?", 10 * MINUTE)])
def test_who_waits_and_is_gone_without_a_word_has_a_minute_to_come_back(said: str, after: int) -> None:
    story = Story(replace(RULES, gone_close_ms=10 * MINUTE, page_grace_ms=30 * SECOND))
    chat = story.open(ANNA)
    if said:
        story.say(ANNA, chat, said)
    story.do(ANNA, PageLeft())
    assert kinds_of(story.wait(30 * SECOND)) == ["page_gone"]
    assert "closed" not in kinds_of(story.wait(after - 1))
    (closed,) = (event for event in story.wait(1) if event.kind == "closed")
    assert data_of(closed) == kinds.Closed("gone")


def test_closing_twice(story: Story) -> None:
    chat = story.open(ANNA)
    command = frames.CloseChat(new_id(), chat.id)
    event = story.do(ANNA, command)[0]
    assert story.ask(ANNA, command) == Repeated(event.seq, event.pub)
    assert story.code(ANNA, frames.CloseChat(new_id(), chat.id)) == "already"
    assert story.code(MIA, frames.CloseChat(new_id(), chat.id)) == "already"


def test_an_open_chat_is_not_reopened(story: Story) -> None:
    chat = story.open(ANNA)
    assert story.code(ANNA, frames.Reopen(new_id(), chat.id)) == "already"


def test_a_reopened_chat_returns_to_its_owner(story: Story) -> None:
    story.arrive(TOM)
    chat = story.open(ANNA)
    owner = chat.owner
    story.close(ANNA, chat)
    command = frames.Reopen(new_id(), chat.id)
    assert kinds_of(story.do(ANNA, command)) == ["reopened"]
    assert (chat.state, chat.owner, chat.closed_at) == ("open", owner, 0)
    assert chat.waiting_since == story.at
    assert chat.id in story.desk.agents[owner].chats
    assert story.ask(ANNA, command) == Repeated(chat.seq, chat.pub)


def test_who_answers_and_reopens_waits_for_nobody(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(MIA, chat)
    story.reopen(MIA, chat)
    assert (chat.state, chat.waiting_since) == ("open", 0)


def test_writing_reopens(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(MIA, chat)
    reopened, message = story.say(ANNA, chat, "One more thing")
    assert (reopened.kind, reopened.cid, message.kind) == ("reopened", "", "message")
    assert (chat.state, chat.owner) == ("open", "mia")


def test_only_customers_reopen_by_writing(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    assert story.code(MIA, frames.Say(new_id(), chat.id, "Wait")) == "chat_closed"
    assert kinds_of(story.do(MIA, frames.Note(new_id(), chat.id, "rude"))) == ["note"]
    assert chat.state == "closed"
    assert kinds_of(story.reopen(MIA, chat)) == ["reopened"]


@pytest.mark.parametrize("ms", [0, RULES.reopen_ms])
def test_within_the_time_it_reopens(story: Story, ms: int) -> None:
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    story.tick(ms)
    assert story.say(ANNA, chat)[-1].kind == "message"


def test_after_the_time_it_does_not(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    story.tick(RULES.reopen_ms + 1)
    for who in (ANNA, MIA):
        assert story.code(who, frames.Reopen(new_id(), chat.id)) == "chat_closed"
        assert story.code(who, frames.Say(new_id(), chat.id, "Hi")) == "chat_closed"


def test_nobody_reopens_beside_a_newer_chat(story: Story) -> None:
    old = story.open(ANNA)
    story.close(ANNA, old)
    new = story.open(ANNA, 2)
    for who in (ANNA, MIA):
        assert story.code(who, frames.Reopen(new_id(), old.id)) == "chat_closed"
    story.close(ANNA, new)
    story.reopen(ANNA, old)
    assert story.refused(ANNA, frames.Open(new_id(), chat_of(ANNA, 3))).chat == old.id


def test_a_full_owner_gets_nothing_back(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    story.open(BEN)
    story.open(CLEO)
    assert kinds_of(story.reopen(ANNA, chat)) == ["reopened", "requeued"]
    assert (chat.state, chat.owner, story.queue()) == ("queued", "", ["anna"])
    assert data_of(story.log[-1]) == kinds.Requeued("reopened")
    # The agent that closes the next one is offered it again.
    assert kinds_of(story.close(MIA, story.chat(BEN))) == ["closed", "routed", "joined"]
    assert chat.owner == "mia"


def test_an_absent_owner_gets_nothing_back(story: Story) -> None:
    story.arrive(TOM)
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    story.leave(MIA)
    assert chat.owner == "mia"
    assert kinds_of(story.say(ANNA, chat)) == ["reopened", "requeued", "message", "routed", "joined"]
    assert chat.owner == "tom"


def test_an_agent_may_take_back_more_than_the_limit(story: Story) -> None:
    """It is their own wish, and no offer."""
    chat = story.open(ANNA)
    story.close(MIA, chat)
    story.open(BEN)
    story.open(CLEO)
    assert kinds_of(story.reopen(MIA, chat)) == ["reopened"]
    assert len(story.desk.agents["mia"].chats) == 3


def test_a_chat_that_never_had_an_owner_goes_back_to_the_queue() -> None:
    story = Story()
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    story.open(BEN)
    assert kinds_of(story.reopen(ANNA, chat)) == ["reopened"]
    assert story.queue() == ["ben", "anna"]


def test_a_silent_chat_closes(story: Story) -> None:
    chat = story.open(ANNA)
    began = story.run - 1_000
    assert story.desk.next_due() == began + RULES.idle_close_ms
    assert story.wait(RULES.idle_close_ms - 1_001) == []
    story.say(ANNA, chat)
    # Activity moves the deadline; the entry is corrected when it comes up.
    assert story.wait(RULES.idle_close_ms - 1) == []
    assert story.desk.next_due() == story.run + 1
    closed = story.wait(1)[0]
    assert (closed.actor, data_of(closed), chat.state) == ("desk", kinds.Closed("idle"), "closed")
    assert story.desk.next_due() is None


def test_idle_chats_make_room(story: Story) -> None:
    for who in (ANNA, BEN):
        story.open(who)
    story.tick(HOUR)
    waiting = story.open(CLEO)
    events = story.wait(RULES.idle_close_ms - HOUR)
    assert kinds_of(events) == ["closed", "closed", "routed", "joined"]
    assert (waiting.state, waiting.owner) == ("open", "mia")


def test_a_stepping_wall_clock_moves_no_deadline(story: Story) -> None:
    chat = story.open(ANNA)
    story.at += 365 * 24 * HOUR
    assert story.wait(RULES.idle_close_ms - 2_000) == []
    story.at -= 365 * 24 * HOUR
    assert kinds_of(story.wait(1_000)) == ["closed"]
    assert chat.state == "closed"


def test_times_in_a_stream_never_run_back(story: Story) -> None:
    chat = story.open(ANNA)
    story.status(MIA, "away")
    last = story.at
    story.at -= HOUR
    before = chat.at
    assert story.say(ANNA, chat)[0].at == before
    assert story.close(ANNA, chat)[0].at == before
    assert story.status(MIA, "online")[0].at == last


def test_reopening_again_and_again_leaves_one_deadline(story: Story) -> None:
    chat = story.open(ANNA)
    for _ in range(20):
        story.close(ANNA, chat)
        story.reopen(ANNA, chat)
    assert len(story.desk.deadlines._heap) == 1
    story.close(ANNA, chat)
    assert story.wait(RULES.idle_close_ms) == []
    assert story.desk.next_due() is None
    story.desk.rules = replace(story.desk.rules, reopen_ms=10 * 24 * HOUR)
    story.reopen(ANNA, chat)
    assert story.desk.next_due() == story.run + RULES.idle_close_ms


def test_a_forgotten_chat_is_not_waited_for(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    events = [event for event in story.log if event.stream == "chat:" + chat.id]
    story.desk.forget(chat.id)
    assert story.code(ANNA, frames.Say(new_id(), chat.id, "Hi")) == "no_chat"
    story.desk.load(chat.id, ANNA.id, events, story.now)
    story.tick(MINUTE)
    assert story.reopen(ANNA, story.chat(ANNA))[0].seq == chat.seq + 1
    assert story.do(CLOCK, Due()) == []
    assert kinds_of(story.wait(RULES.idle_close_ms)) == ["closed"]


def test_a_closed_chat_waits_for_nothing(story: Story) -> None:
    story.close(ANNA, story.open(ANNA))
    assert story.desk.next_due() is None


def test_back_to_an_owner_who_is_exactly_full(story: Story) -> None:
    story.desk.rules = replace(RULES, cap=2, ceiling=200)
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    story.open(BEN)
    # One waits, and this one will: two of two, 2.0 of 2.
    assert kinds_of(story.reopen(ANNA, chat)) == ["reopened"]
    assert chat.owner == "mia"
