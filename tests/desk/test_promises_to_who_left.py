"""What was promised to a customer who has left: withdrawn once they are surely gone, and nobody is sent."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.commands import CLOCK, Due, PageLeft, PageShown
from server.desk.events import Event
from supportterm.protocol import frames, kinds

from .story import ANNA, MIA, MINUTE, RULES, SECOND, TOM, Story, data_of, kinds_of, new_id
from .test_folding import refolded

GONE = 10 * MINUTE
PAGE = RULES.page_grace_ms
#: They leave at once, are gone for the desk after the grace time, and are believed to be gone after ten more.
LONG = PAGE + GONE
LEFT = [kinds.PromiseEnded("withdrawn", left=True)]
BROKEN = [kinds.PromiseEnded("broken")]


@pytest.fixture
def story() -> Story:
    story = Story(replace(RULES, gone_close_ms=GONE))
    story.arrive(MIA)
    story.open(ANNA)
    return story


def promise(story: Story, ms: int) -> None:
    story.say(MIA, story.chat(ANNA), "I'll look", ms)


def leaves(story: Story) -> None:
    story.do(ANNA, PageLeft())
    assert kinds_of(story.wait(PAGE)) == ["page_gone"]


def ends(events: list[Event]) -> list[object]:
    return [data_of(event) for event in events if event.kind == "promise_ended"]


def test_who_was_long_gone_at_the_deadline_waits_for_nothing(story: Story) -> None:
    promise(story, LONG)
    leaves(story)
    assert story.wait(GONE - 1) == []
    (ended,) = story.wait(1)
    assert (data_of(ended), ended.actor, ended.pub > 0) == (LEFT[0], "desk", True)
    chat = story.chat(ANNA)
    assert (chat.state, chat.waiting_since, chat.broken_at, chat.late_at) == ("open", 0, 0, 0)


def test_who_may_be_back_in_a_moment_is_told_that_it_was_not_kept(story: Story) -> None:
    promise(story, LONG - 1)
    leaves(story)
    assert ends(story.wait(GONE - 1)) == BROKEN


def test_a_visit_in_between_counts(story: Story) -> None:
    promise(story, LONG + 5 * MINUTE)
    leaves(story)
    story.wait(5 * MINUTE)
    assert kinds_of(story.do(ANNA, PageShown())) == ["page_back"]
    leaves(story)
    assert ends(story.wait(GONE)) == BROKEN


def test_a_time_of_day_is_measured_on_the_wall(story: Story) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "By 3", due=story.at + LONG + 20 * MINUTE))
    leaves(story)
    story.wait(MINUTE)
    story.at += 20 * MINUTE
    story.wait(5 * SECOND)
    assert ends(story.wait(GONE - MINUTE - 6 * SECOND)) == []
    assert ends(story.wait(SECOND)) == LEFT


def test_an_answer_after_it_is_an_answer_to_who_had_left(story: Story) -> None:
    promise(story, LONG)
    leaves(story)
    story.tick(GONE + SECOND)
    said = story.say(MIA, story.chat(ANNA), "It is in Utrecht")
    assert kinds_of(said) == ["promise_ended", "message"]
    assert ends(said) == LEFT


def test_an_answer_before_it_keeps_it(story: Story) -> None:
    promise(story, LONG)
    leaves(story)
    story.wait(GONE - 1)
    assert ends(story.say(MIA, story.chat(ANNA))) == [kinds.PromiseEnded("kept")]


def test_the_chat_closes_some_time_later(story: Story) -> None:
    promise(story, LONG)
    leaves(story)
    story.wait(GONE)
    assert story.wait(GONE - 1) == []
    assert [data_of(event) for event in story.wait(1)] == [kinds.Closed("gone")]


@pytest.mark.parametrize("folded", [False, True])
def test_who_comes_back_after_all_waits_for_the_answer(story: Story, folded: bool) -> None:
    promise(story, LONG)
    leaves(story)
    story.wait(GONE)
    story.wait(MINUTE)
    if folded:
        story.desk = refolded(story)
        story.arrive(MIA)
    (back,) = story.do(ANNA, PageShown())
    assert (back.kind, data_of(back)) == ("page_back", kinds.PageBack(waits=True))
    assert story.chat(ANNA).waiting_since == story.at
    assert story.load(MIA).points == story.desk.rules.weights.waiting
    assert "closed" not in kinds_of(story.wait(GONE))


def test_who_comes_back_to_an_answer_waits_for_nothing(story: Story) -> None:
    promise(story, LONG)
    leaves(story)
    story.wait(GONE)
    story.say(MIA, story.chat(ANNA))
    assert [data_of(event) for event in story.do(ANNA, PageShown())] == [kinds.PageBack()]
    assert story.chat(ANNA).waiting_since == 0


def test_who_asked_something_before_they_left_keeps_the_chat_open(story: Story) -> None:
    promise(story, LONG)
    asked = story.say(ANNA, story.chat(ANNA), "And the lamp?")[0].at
    leaves(story)
    assert ends(story.wait(GONE)) == LEFT
    assert "closed" not in kinds_of(story.wait(2 * GONE))
    assert story.chat(ANNA).waiting_since == asked


def test_a_shop_that_keeps_chats_of_who_left_keeps_its_word_to_them(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, gone_close_ms=0)
    promise(story, 5 * LONG)
    leaves(story)
    assert ends(story.wait(5 * LONG)) == BROKEN


def test_nobody_knows_who_came_and_went_while_the_server_was_down(story: Story) -> None:
    promise(story, 2 * LONG)
    leaves(story)
    story.tick(2 * LONG)
    story.desk = refolded(story)
    assert ends(story.do(CLOCK, Due())) == BROKEN


def test_a_callback_is_owed_to_who_left(story: Story) -> None:
    chat = story.chat(ANNA)
    story.desk.rules = replace(story.desk.rules, callback_lead_ms=MINUTE)
    call = frames.CallBack(new_id(), chat.id, story.at + 3 * LONG, "phone", "+31201234567", "Anna")
    assert "callback" in kinds_of(story.do(MIA, call))
    story.do(ANNA, PageLeft())
    assert ends(story.wait(3 * LONG + 1)) == BROKEN


# --- nobody is sent to who is not there ---------------------------------------------------------------


@pytest.fixture
def overdue(story: Story) -> Story:
    """Mia's promise is broken, Anna's page is there, and Tom is free."""
    story.arrive(TOM)
    promise(story, 2 * MINUTE)
    assert ends(story.wait(2 * MINUTE)) == BROKEN
    return story


def rescues(story: Story) -> list[int]:
    return [one.at - story.at for one in showing.mine(story.desk, "mia", [], True, story.now).rescues]


def test_no_colleague_is_asked_while_they_are_away(overdue: Story) -> None:
    leaves(overdue)
    assert rescues(overdue) == []
    assert overdue.wait(5 * MINUTE) == []


def test_it_begins_anew_when_they_are_back(overdue: Story) -> None:
    leaves(overdue)
    overdue.wait(5 * MINUTE)
    overdue.do(ANNA, PageShown())
    assert rescues(overdue) == [2 * MINUTE]
    assert kinds_of(overdue.wait(2 * MINUTE)) == ["handoff"]


def test_who_was_asked_need_not_decide_any_more(overdue: Story) -> None:
    overdue.wait(2 * MINUTE - PAGE + SECOND)
    overdue.do(ANNA, PageLeft())
    assert kinds_of(overdue.wait(PAGE - SECOND)) == ["handoff"]
    assert kinds_of(overdue.wait(SECOND)) == ["page_gone", "handoff_ended"]
    assert data_of(overdue.log[-1]) == kinds.HandoffEnded("withdrawn")
