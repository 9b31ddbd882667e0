"""A question for later: nothing typed is thrown away, and somebody answers it in time."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.chat import Chat
from server.desk.commands import CLOCK, Masked, PageLeft, Retire
from server.desk.decision import Repeated
from server.desk.rules import Shop
from supportterm.coach.hours import Hours
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    HOUR,
    MIA,
    MINUTE,
    RULES,
    SECOND,
    SUE,
    TOM,
    Story,
    chat_of,
    data_of,
    kinds_of,
    new_id,
)

#: 1 July 2025, 16:00 UTC.
FOUR = 1_751_385_600_000
NINE_TO_FIVE = Hours("UTC", (((9 * 60, 17 * 60),),) * 7)


@pytest.fixture
def story() -> Story:
    shops = {"bikes": Shop(hours=NINE_TO_FIVE), "books": Shop(max_queue=1, max_wait_ms=MINUTE)}
    story = Story(replace(RULES, shops=shops))
    story.at = FOUR
    return story


def message(chat: str, **more: str) -> frames.LeaveMessage:
    return frames.LeaveMessage(new_id(), chat, "When do you open?", "Anna", "anna@example.org", "en", **more)


def left(story: Story, who: object = ANNA) -> Chat:
    story.do(who, message(chat_of(who)))  # type: ignore[arg-type]
    return story.chat(who)  # type: ignore[arg-type]


def test_a_new_chat_on_the_list(story: Story) -> None:
    story.at += 2 * HOUR
    command = message(chat_of(ANNA), page="https://bikes.example/cart")
    opened, context, said, contact, list_ = story.do(ANNA, command)
    assert (opened.cid, context.text, said.text) == (command.id, command.page, "When do you open?")
    assert (contact.kind, contact.pub) == ("contact", 0)
    assert msgspec.json.decode(contact.text) == {"name": "Anna", "contact": "anna@example.org"}
    # At six it is closed: four open hours later it is one o'clock.
    assert data_of(list_) == kinds.Left(FOUR + 21 * HOUR)
    chat = story.chat(ANNA)
    assert (chat.state, chat.left_at, chat.left_due) == ("left", story.at, FOUR + 21 * HOUR)
    assert story.queue() == []
    assert story.ask(ANNA, command) == Repeated(1, 1)
    assert story.code(ANNA, replace(command, text="Other")) == "id_conflict"


def test_due_in_open_hours(story: Story) -> None:
    # At four there is one open hour left today.
    assert left(story).left_due == FOUR + 17 * HOUR + 3 * HOUR
    assert left(story, CLEO).left_due == FOUR + 4 * HOUR


def test_from_the_queue(story: Story) -> None:
    chat = story.open(CLEO)
    story.say(CLEO, chat, "Hello?")
    command = message(chat.id)
    events = story.do(CLEO, command)
    assert kinds_of(events) == ["message", "contact", "left"]
    assert (chat.state, chat.seq, story.queue()) == ("left", 5, [])
    assert story.ask(CLEO, command) == Repeated(events[0].seq, events[0].pub)
    assert story.code(CLEO, message(chat.id)) == "already"


def test_without_name_and_address(story: Story) -> None:
    events = story.do(ANNA, frames.LeaveMessage(new_id(), chat_of(ANNA), "Hi"))
    assert kinds_of(events) == ["opened", "message", "left"]
    events = story.do(BEN, frames.LeaveMessage(new_id(), chat_of(BEN), "Hi", name="Ben"))
    assert kinds_of(events) == ["opened", "message", "contact", "left"]


def test_masked(story: Story) -> None:
    events = story.do(ANNA, Masked(message(chat_of(ANNA)), 2))
    assert data_of(events[1]) == kinds.Message(2)


@pytest.mark.parametrize("contact", ["anna", "anna@example", "a b@example.org", "@example.org", "a@.b."])
def test_an_address_that_is_none(story: Story, contact: str) -> None:
    command = replace(message(chat_of(ANNA)), contact=contact)
    assert story.code(ANNA, command) == "no_contact"


def test_refusals_say_why(story: Story) -> None:
    assert story.code(MIA, message(chat_of(ANNA))) == "not_allowed"
    assert story.code(ANNA, replace(message(chat_of(ANNA)), text=" ")) == "bad_text"
    chat = story.open(ANNA)
    assert story.code(BEN, message(chat.id)) == "no_chat"
    refused = story.refused(ANNA, message(chat_of(ANNA, 2)))
    assert (refused.error.code, refused.chat) == ("already_open", chat.id)
    story.arrive(MIA)
    assert story.code(ANNA, message(chat.id)) == "already"
    story.close(ANNA, chat)
    assert story.code(ANNA, message(chat.id)) == "chat_closed"


def test_who_waits_for_another_agent_leaves_no_message(story: Story) -> None:
    """They are told nothing of waiting: there is no form to fill in."""
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.status(MIA, "offline")
    assert (chat.state, story.code(ANNA, message(chat.id))) == ("queued", "already")


def test_the_queue_is_full(story: Story) -> None:
    story.open(CLEO)
    assert story.code(DIRK, frames.Open(new_id(), chat_of(DIRK))) == "queue_full"
    story.open(ANNA)
    left(story, DIRK)
    # Whoever left a message does not stand in the way of others.
    story.close(CLEO, story.chat(CLEO))
    story.open(CLEO, 2)


def test_who_waits_too_long_may_leave_one(story: Story) -> None:
    story.busy()
    chat, other = story.open(CLEO), story.open(ANNA)
    story.tick(MINUTE - 2 * SECOND - 1)
    assert not showing.wait(story.desk, chat, None, story.now).leave
    story.tick(1)
    assert showing.wait(story.desk, chat, None, story.now).leave
    story.tick(HOUR)
    assert not showing.wait(story.desk, other, None, story.now).leave


def test_picked_up_and_answered(story: Story) -> None:
    chat = left(story)
    story.arrive(MIA)
    assert chat.owner == ""
    (row,) = showing.left(story.desk).rows
    assert (row.chat, row.since, row.due_at, row.owner, row.answered_at) == (
        chat.id,
        chat.left_at,
        chat.left_due,
        "",
        0,
    )
    story.tick(MINUTE)
    routed, _ = story.do(MIA, frames.Take(new_id(), chat.id))
    assert data_of(routed).waited_ms == 0  # type: ignore[attr-defined]
    (row,) = showing.left(story.desk).rows
    assert (chat.state, row.owner, row.owner_name) == ("open", "mia", "Mia")
    story.say(MIA, chat, "At nine")
    assert chat.answered_at == story.at
    (row,) = showing.left(story.desk, [chat.id]).rows
    assert (row.answered_at, row.delivered) == (story.at, True)
    story.close(MIA, chat)
    assert showing.left(story.desk).rows == []


def test_given_by_a_supervisor(story: Story) -> None:
    chat = left(story)
    story.arrive(MIA)
    story.do(SUE, frames.Assign(new_id(), chat.id, "mia"))
    assert chat.owner == "mia"


def test_the_most_urgent_first_and_the_answered_last(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, cap=5)
    first = left(story, CLEO)
    story.tick()
    second, third = left(story, DIRK), left(story)
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), first.id))
    story.say(MIA, first)
    assert [row.chat for row in showing.left(story.desk).rows] == [second.id, third.id, first.id]


def test_its_owner_drops_out_and_it_is_on_the_list_again(story: Story) -> None:
    chat = left(story)
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.leave(MIA)
    events = story.wait(RULES.presence_grace_ms)
    assert data_of(events[-1]) == kinds.Unassigned("absent", "mia", left=True)
    assert (chat.state, chat.owner, story.queue()) == ("left", "", [])
    story.arrive(TOM)
    assert chat.owner == ""


def test_an_answered_one_stays_with_its_owner(story: Story) -> None:
    chat = left(story)
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat)
    story.leave(MIA)
    story.arrive(TOM)
    story.wait(RULES.presence_grace_ms)
    assert story.wait(RULES.reserve_ms) == []
    assert chat.owner == "mia"
    # The customer is back and has a question: now it is a chat like any other.
    assert kinds_of(story.say(ANNA, chat)) == ["message", "unassigned", "routed", "joined"]
    assert chat.owner == "tom"


def test_an_answered_one_of_a_disabled_agent_is_offered_to_nobody(story: Story) -> None:
    chat = left(story)
    story.arrive(MIA, TOM)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat)
    story.do(CLOCK, Retire("mia"))
    assert (chat.state, story.queue()) == ("left", [])
    story.status(TOM, "away")
    story.say(ANNA, chat, "And one thing more")
    assert (chat.state, chat.answered_at) == ("left", 0)


def test_the_customer_is_back_and_somebody_is_there(story: Story) -> None:
    chat = left(story)
    assert kinds_of(story.say(ANNA, chat, "Still there?")) == ["message"]
    story.arrive(MIA)
    assert kinds_of(story.say(ANNA, chat, "And now?")) == ["message", "requeued", "routed", "joined"]
    assert (chat.owner, chat.left_due, showing.left(story.desk).rows) == ("mia", 0, [])
    # It is a chat like any other from now on.
    story.leave(MIA)
    story.wait(RULES.presence_grace_ms)
    assert (chat.state, story.queue()) == ("queued", ["anna"])


def test_back_while_the_shop_is_closed_it_stays_on_the_list(story: Story) -> None:
    chat = left(story)
    story.arrive(MIA)
    story.at += 2 * HOUR
    assert kinds_of(story.say(ANNA, chat)) == ["message"]
    assert chat.state == "left"


def test_back_while_the_queue_is_full_it_stays_on_the_list(story: Story) -> None:
    chat = left(story, CLEO)
    story.arrive(MIA)
    story.open(ANNA)
    story.open(BEN)
    story.open(DIRK)
    assert kinds_of(story.say(CLEO, chat)) == ["message"]


def test_never_closed_unanswered(story: Story) -> None:
    chat = left(story)
    assert story.wait(5 * RULES.idle_close_ms) == []
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert story.wait(5 * RULES.idle_close_ms) == []
    story.say(MIA, chat)
    assert kinds_of(story.wait(RULES.idle_close_ms)) == ["closed"]


def test_neither_nudged_nor_missed(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, nudge_ms=MINUTE, gone_close_ms=MINUTE)
    chat = left(story)
    story.do(ANNA, PageLeft())
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat)
    assert story.wait(HOUR) == []
    assert chat.page_gone is False


def test_overdue_is_an_alert(story: Story) -> None:
    chat = left(story, CLEO)
    story.tick(4 * HOUR)
    assert showing.alerts(story.desk, story.now).alerts == []
    story.tick(1)
    (alert,) = showing.alerts(story.desk, story.now).alerts
    assert (alert.kind, alert.n, alert.at) == ("left_overdue", 1, chat.left_due)
    story.arrive(MIA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat)
    assert showing.alerts(story.desk, story.now).alerts == []


def test_reopened_it_is_no_left_message_any_more(story: Story) -> None:
    chat = left(story)
    story.close(ANNA, chat)
    story.reopen(ANNA, chat)
    assert (chat.state, chat.left_due) == ("queued", 0)


def test_one_open_chat_each(story: Story) -> None:
    chat = left(story)
    assert story.refused(ANNA, frames.Open(new_id(), chat_of(ANNA, 2))).chat == chat.id


def test_who_was_asked_about_it_is_asked_about_the_next(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, auto_accept=False, cap=1)
    story.arrive(MIA)
    chat, other = story.open(ANNA), story.open(BEN)
    assert (chat.offered, other.offered) == ("mia", "")
    assert kinds_of(story.do(ANNA, message(chat.id)))[-2:] == ["left", "offered"]
    assert other.offered == "mia"
