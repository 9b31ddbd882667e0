"""Customers who say nothing, and customers whose page is gone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.commands import PageLeft, PageShown, Person
from server.desk.decision import Repeated
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, MIA, MINUTE, RULES, SECOND, Story, data_of, kinds_of, new_id
from .test_folding import refolded

NUDGING = replace(RULES, nudge_ms=10 * MINUTE, gone_close_ms=10 * MINUTE)
PAGE = NUDGING.page_grace_ms


@pytest.fixture
def story() -> Story:
    """Mia answered Anna."""
    story = Story(NUDGING)
    story.arrive(MIA)
    story.say(MIA, story.open(ANNA))
    return story


def need_time(story: Story) -> frames.NeedTime:
    return frames.NeedTime(new_id(), story.chat(ANNA).id)


# --- quiet ------------------------------------------------------------------------------------------


def test_a_quiet_customer_is_asked_once_and_then_the_chat_closes(story: Story) -> None:
    assert story.wait(10 * MINUTE - 1) == []
    nudged = story.wait(1)[0]
    assert (nudged.actor, data_of(nudged)) == (
        "desk",
        kinds.Nudged(story.at + 10 * MINUTE, RULES.need_time_ms),
    )
    assert story.wait(10 * MINUTE - 1) == []
    closed = story.wait(1)[0]
    assert data_of(closed) == kinds.Closed("idle")


def test_five_minutes_with_one_press(story: Story) -> None:
    story.wait(10 * MINUTE)
    command = need_time(story)
    event = story.do(ANNA, command)[0]
    assert data_of(event) == kinds.TimeNeeded(story.at + 15 * MINUTE)
    assert story.ask(ANNA, command) == Repeated(event.seq, event.pub)
    assert story.wait(15 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["closed"]


def test_time_is_given_only_to_who_was_asked(story: Story) -> None:
    assert story.code(ANNA, need_time(story)) == "already"
    story.wait(10 * MINUTE)
    assert story.code(MIA, need_time(story)) == "not_allowed"
    assert story.code(BEN, need_time(story)) == "no_chat"
    story.wait(10 * MINUTE)
    assert story.code(ANNA, need_time(story)) == "already"


@pytest.mark.parametrize("who", [ANNA, MIA])
def test_writing_ends_the_countdown(story: Story, who: Person) -> None:
    story.wait(10 * MINUTE)
    story.say(who, story.chat(ANNA))
    assert story.chat(ANNA).closes_at == 0
    events = story.wait(10 * MINUTE)
    assert kinds_of(events) == (["nudged"] if who is MIA else [])


def test_who_waits_is_not_asked(story: Story) -> None:
    story.say(ANNA, story.chat(ANNA))
    assert story.wait(60 * MINUTE) == []


def test_who_was_promised_something_is_not_asked(story: Story) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "in an hour", promise=60 * MINUTE))
    assert story.wait(59 * MINUTE) == []
    story.say(MIA, story.chat(ANNA))
    assert kinds_of(story.wait(10 * MINUTE)) == ["nudged"]


def test_a_customer_who_returns_finds_the_chat_with_its_agent(story: Story) -> None:
    story.wait(10 * MINUTE)
    story.wait(10 * MINUTE)
    assert kinds_of(story.say(ANNA, story.chat(ANNA))) == ["reopened", "message"]
    assert story.chat(ANNA).owner == "mia"


# --- the page ---------------------------------------------------------------------------------------


def test_a_page_that_loads_anew_never_left(story: Story) -> None:
    assert story.do(ANNA, PageLeft()) == []
    assert story.wait(PAGE - 1) == []
    assert story.do(ANNA, PageShown()) == []
    assert story.wait(PAGE) == []


def test_a_page_that_is_gone_closes_the_chat(story: Story) -> None:
    story.do(ANNA, PageLeft())
    gone = story.wait(PAGE)[0]
    assert (gone.kind, gone.pub, gone.actor) == ("page_gone", 0, "desk")
    assert story.wait(10 * MINUTE - 1) == []
    assert [data_of(event) for event in story.wait(1)] == [kinds.Closed("gone")]


def test_a_page_that_comes_back_keeps_it(story: Story) -> None:
    story.do(ANNA, PageLeft())
    story.wait(PAGE)
    back = story.do(ANNA, PageShown())[0]
    assert (back.kind, back.pub, back.actor) == ("page_back", 0, "customer")
    assert story.do(ANNA, PageShown()) == []
    assert kinds_of(story.wait(10 * MINUTE)) == ["nudged"]


def test_nobody_is_asked_whose_page_is_gone(story: Story) -> None:
    story.tick(9 * MINUTE)
    story.do(ANNA, PageLeft())
    story.wait(PAGE)
    assert story.wait(9 * MINUTE) == []


def test_who_waits_for_an_answer_keeps_the_chat_until_it_came(story: Story) -> None:
    story.say(ANNA, story.chat(ANNA))
    story.do(ANNA, PageLeft())
    story.wait(PAGE)
    assert story.wait(20 * MINUTE) == []
    story.say(MIA, story.chat(ANNA))
    assert story.wait(10 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["closed"]


def test_who_leaves_the_queue_gives_up_the_place() -> None:
    story = Story(NUDGING)
    story.open(ANNA)
    story.do(ANNA, PageLeft())
    story.wait(PAGE)
    assert story.queue() == ["anna"]
    story.wait(10 * MINUTE)
    assert (story.queue(), story.chat(ANNA).closed_for) == ([], "gone")


def test_a_stranger_without_a_chat(story: Story) -> None:
    assert story.do(BEN, PageLeft()) == []
    assert story.do(BEN, PageShown()) == []
    assert story.wait(PAGE + SECOND) == []


def test_who_writes_is_there_though_their_page_was_gone(story: Story) -> None:
    chat = story.chat(ANNA)
    story.do(ANNA, PageLeft())
    story.wait(RULES.page_grace_ms)
    story.say(ANNA, chat)
    assert chat.page_gone is False
    story.say(MIA, chat)
    assert "closed" not in kinds_of(story.wait(NUDGING.gone_close_ms))


def test_reopened_on_a_page_that_came_back_after_the_end(story: Story) -> None:
    chat = story.chat(ANNA)
    story.say(MIA, chat)
    story.do(ANNA, PageLeft())
    story.wait(RULES.page_grace_ms)
    story.wait(NUDGING.gone_close_ms)
    assert chat.closed_for == "gone"
    assert story.do(ANNA, PageShown()) == []
    story.reopen(MIA, chat)
    assert "closed" not in kinds_of(story.wait(NUDGING.gone_close_ms))


def test_a_page_left_before_the_chat_ended(story: Story) -> None:
    story.do(ANNA, PageLeft())
    story.close(ANNA, story.chat(ANNA))
    assert story.wait(PAGE) == []


def restarted(story: Story) -> None:
    story.desk = refolded(story)
    story.desk.attend(MIA)


def test_a_nudge_outlives_a_restart(story: Story) -> None:
    story.wait(10 * MINUTE)
    restarted(story)
    story.do(ANNA, PageShown())
    assert story.wait(10 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["closed"]


def test_a_page_that_was_gone_is_gone_after_a_restart(story: Story) -> None:
    story.do(ANNA, PageLeft())
    story.wait(PAGE)
    restarted(story)
    assert story.wait(10 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["closed"]


def test_a_page_that_does_not_come_back_after_a_restart_is_gone(story: Story) -> None:
    restarted(story)
    assert story.wait(90 * SECOND - 1) == []
    assert kinds_of(story.wait(1)) == ["page_gone"]


def test_a_running_promise_outlives_a_page(story: Story) -> None:
    chat = story.chat(ANNA)
    story.do(MIA, frames.Say(new_id(), chat.id, "Later", 60 * MINUTE))
    story.do(ANNA, PageLeft())
    assert kinds_of(story.wait(PAGE)) == ["page_gone"]
    assert story.wait(NUDGING.gone_close_ms) == []
    story.say(MIA, chat)
    assert kinds_of(story.wait(NUDGING.gone_close_ms)) == ["closed"]


def test_a_page_that_comes_back_takes_no_question_back(story: Story) -> None:
    story.wait(10 * MINUTE)
    story.do(ANNA, PageLeft())
    story.wait(PAGE)
    story.do(ANNA, PageShown())
    assert story.desk.paces[story.chat(ANNA).id].nudge == 0
    assert kinds_of(story.wait(10 * MINUTE - PAGE)) == ["closed"]
