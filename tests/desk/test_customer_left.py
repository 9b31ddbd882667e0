"""A promise to a customer who has left: withdrawn if they were gone for good by its time, and no earlier."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.chat import Chat
from server.desk.commands import CLOCK, Bounced, Due, PageLeft, PageShown, Typed
from server.desk.events import Event
from supportterm.protocol import frames, kinds, views

from .calling import a_story, answered, mailed
from .story import ANNA, HOUR, MIA, MINUTE, RULES, SECOND, TOM, Story, data_of, kinds_of, new_id, only
from .test_folding import refolded

#: A page that is gone for half a minute left, and who has none for ten minutes after that is gone for good.
RULES_HERE = replace(RULES, gone_close_ms=10 * MINUTE, page_grace_ms=30 * SECOND)
GONE = kinds.PromiseEnded("withdrawn", gone=True)


@pytest.fixture
def story() -> Story:
    story = Story(RULES_HERE)
    story.arrive(MIA)
    story.say(ANNA, story.open(ANNA), "Where is my bike?")
    return story


def promise(story: Story, ms: int = 15 * MINUTE) -> Chat:
    chat = story.chat(ANNA)
    story.say(MIA, chat, "I'll find out", promise=ms)
    return chat


def leaves(story: Story) -> Event:
    story.do(ANNA, PageLeft())
    return only(story.wait(30 * SECOND), "page_gone")


def away(story: Story) -> Chat:
    """Anna left so early that she is gone for good when the promise falls due, and it has."""
    chat = promise(story)
    leaves(story)
    assert story.wait(14 * MINUTE + 30 * SECOND - 1) == []
    (ended,) = story.wait(1)
    assert data_of(ended) == GONE
    return chat


@pytest.mark.parametrize(("early", "how"), [(0, GONE), (-1, kinds.PromiseEnded("broken"))])
def test_gone_for_good_is_to_the_millisecond(story: Story, early: int, how: kinds.PromiseEnded) -> None:
    chat = promise(story)
    story.wait(4 * MINUTE + 30 * SECOND - early)
    leaves(story)
    (ended,) = story.wait(chat.promise_due - story.at)
    assert (data_of(ended), ended.actor, chat.state) == (how, "desk", "open")
    assert (chat.lapsed_at > 0) == (how == GONE)
    assert (chat.broken_at > 0) == (chat.waiting_since > 0) == (how != GONE)


def test_how_long_they_were_gone_counts_by_the_deadline_and_not_by_when_the_desk_looks(story: Story) -> None:
    chat = promise(story, 5 * MINUTE)
    leaves(story)
    story.tick(HOUR)
    broken, message, good = story.say(MIA, chat, "It is in Utrecht")
    assert data_of(broken) == kinds.PromiseEnded("broken")
    assert (message.kind, good.kind) == ("message", "made_good")


def test_where_no_chat_is_closed_for_that_nobody_is_ever_gone_for_good() -> None:
    story = Story(replace(RULES_HERE, gone_close_ms=0))
    story.arrive(MIA)
    story.open(ANNA)
    promise(story)
    leaves(story)
    (ended,) = story.wait(15 * MINUTE)
    assert data_of(ended) == kinds.PromiseEnded("broken")


def test_an_answer_in_time_keeps_it_whoever_is_there(story: Story) -> None:
    chat = promise(story)
    leaves(story)
    story.wait(14 * MINUTE)
    assert data_of(story.say(MIA, chat)[-1]) == kinds.PromiseEnded("kept")


def test_an_answer_after_it_is_not_late(story: Story) -> None:
    chat = promise(story)
    leaves(story)
    story.tick(15 * MINUTE)
    ended, message = story.say(MIA, chat, "It is in Utrecht")
    assert (data_of(ended), message.kind) == (GONE, "message")
    assert (chat.lapsed_at, chat.late_at, chat.given_at) == (0, 0, 0)


def test_a_message_of_who_comes_back_late_finds_it_withdrawn(story: Story) -> None:
    chat = promise(story)
    leaves(story)
    story.tick(15 * MINUTE)
    ended, _ = story.say(ANNA, chat, "Well?")
    assert data_of(ended) == GONE
    assert (chat.waiting_since, chat.page_gone) == (story.at, False)


def test_a_page_that_comes_back_at_the_deadline_is_there(story: Story) -> None:
    promise(story)
    leaves(story)
    story.tick(14 * MINUTE + 30 * SECOND)
    assert kinds_of(story.do(ANNA, PageShown())) == ["page_back"]
    (ended,) = story.do(CLOCK, Due())
    assert data_of(ended) == kinds.PromiseEnded("broken")


# --- clocks and restarts ----------------------------------------------------------------------------


@pytest.mark.parametrize("step", [-9 * HOUR, 9 * HOUR])
def test_a_clock_that_is_set_makes_nobody_gone_for_longer(story: Story, step: int) -> None:
    promise(story)
    story.wait(5 * MINUTE)
    leaves(story)
    story.at += step
    assert kinds_of(story.wait(5 * SECOND)) == ["promise_moved"]
    ended = only(story.wait(9 * MINUTE + 30 * SECOND), "promise_ended")
    assert data_of(ended) == kinds.PromiseEnded("broken"), "nine and a half minutes by any clock that counts"


@pytest.mark.parametrize(
    ("left_after", "how"), [(4 * MINUTE, GONE), (6 * MINUTE, kinds.PromiseEnded("broken"))]
)
def test_a_restart_does_not_begin_anew(story: Story, left_after: int, how: kinds.PromiseEnded) -> None:
    chat = promise(story)
    story.wait(left_after)
    leaves(story)
    story.tick(2 * MINUTE)
    story.desk = refolded(story)
    story.arrive(MIA)
    (ended,) = [one for one in story.wait(chat.promise_due - story.at) if one.kind == "promise_ended"]
    assert data_of(ended) == how


# --- what comes after -------------------------------------------------------------------------------


def test_it_asks_less_of_its_agent_and_is_on_no_list(story: Story) -> None:
    chat = away(story)
    assert (chat.waiting_since, chat.broken_at, story.load(MIA).points) == (0, 0, 20)
    assert showing.promises(story.desk).rows == []
    assert showing.mine(story.desk, "mia", [], True, story.now).rescues == []


def test_it_closes_by_itself_when_they_stay_away(story: Story) -> None:
    away(story)
    assert story.wait(10 * MINUTE - 1) == []
    (closed,) = story.wait(1)
    assert data_of(closed) == kinds.Closed("gone")


def test_who_asked_again_after_the_promise_is_still_owed_an_answer(story: Story) -> None:
    chat = promise(story)
    story.say(ANNA, chat, "I have to go, write it down for me")
    asked = story.at
    leaves(story)
    assert kinds_of(story.wait(14 * MINUTE + 30 * SECOND)) == ["promise_ended"]
    assert (chat.waiting_since, story.load(MIA).points) == (asked, 100)
    assert story.wait(HOUR) == []
    assert data_of(story.do(ANNA, PageShown())[0]) == kinds.PageBack()


def test_who_comes_back_waits_again_from_then_on(story: Story) -> None:
    chat = away(story)
    story.wait(5 * MINUTE)
    (back,) = story.do(ANNA, PageShown())
    assert (data_of(back), back.pub) == (kinds.PageBack(waits=True), 0)
    assert (chat.waiting_since, story.load(MIA).points) == (story.at, 100)
    assert story.wait(HOUR) == [], "it closes no more"


def test_who_waits_again_waits_once(story: Story) -> None:
    chat = away(story)
    story.do(ANNA, PageShown())
    since = story.at
    leaves(story)
    assert data_of(story.do(ANNA, PageShown())[0]) == kinds.PageBack()
    assert chat.waiting_since == since
    story.say(MIA, chat)
    leaves(story)
    assert data_of(story.do(ANNA, PageShown())[0]) == kinds.PageBack(), "they were answered"


def test_who_was_answered_meanwhile_has_it_and_waits_for_nothing(story: Story) -> None:
    chat = away(story)
    story.say(MIA, chat)
    assert data_of(story.do(ANNA, PageShown())[0]) == kinds.PageBack()
    assert chat.waiting_since == 0


def test_one_more_moment_is_no_answer_to_who_left_either(story: Story) -> None:
    chat = away(story)
    (message,) = story.say(MIA, chat, "One more moment please")
    assert data_of(message) == kinds.Message(holding=True)
    assert data_of(story.do(ANNA, PageShown())[0]) == kinds.PageBack(waits=True)
    story.say(MIA, chat, "Still checking")
    assert chat.waiting_since == story.at
    story.say(MIA, chat)
    assert chat.waiting_since == 0


def test_a_new_time_may_be_given_and_runs(story: Story) -> None:
    chat = away(story)
    promise(story, 5 * MINUTE)
    assert (chat.lapsed_at, chat.promise_due) == (0, story.at + 5 * MINUTE)
    assert data_of(story.do(ANNA, PageShown())[0]) == kinds.PageBack(), "there is a time to wait for"
    assert data_of(story.wait(5 * MINUTE)[0]) == kinds.PromiseEnded("broken")


def test_who_comes_back_to_an_agent_who_is_gone_waits_for_anybody(story: Story) -> None:
    chat = away(story)
    story.leave(MIA)
    story.wait(20 * SECOND)
    assert chat.owner == "mia", "kept for her, as any chat that waits for its customer"
    assert kinds_of(story.do(ANNA, PageShown())) == ["page_back", "unassigned"]
    assert (chat.state, chat.waiting_since) == ("queued", story.at)


def test_without_an_agent_it_waits_in_the_queue_and_closes_there(story: Story) -> None:
    chat = promise(story)
    leaves(story)
    story.leave(MIA)
    assert kinds_of(story.wait(20 * SECOND))[-1] == "unassigned"
    (ended,) = story.wait(chat.promise_due - story.at)
    assert (data_of(ended), chat.state) == (GONE, "queued")
    assert data_of(story.wait(10 * MINUTE)[0]) == kinds.Closed("gone")


def test_an_earlier_one_that_was_not_kept_is_made_good_all_the_same(story: Story) -> None:
    chat = promise(story, MINUTE)
    story.wait(2 * MINUTE)
    away(story)
    assert chat.late_at > 0
    good = only(story.say(MIA, chat), "made_good")
    assert data_of(good) == kinds.MadeGood(16 * MINUTE)


# --- nobody is asked for who is not there -----------------------------------------------------------


@pytest.fixture
def overdue(story: Story) -> Story:
    """Mia's promise is broken, and Tom is free."""
    story.arrive(TOM)
    promise(story, 2 * MINUTE)
    story.wait(2 * MINUTE)
    return story


def rescues(story: Story) -> list[views.Rescue]:
    return showing.mine(story.desk, "mia", [], True, story.now).rescues


def test_no_colleague_is_asked_while_the_page_is_gone(overdue: Story) -> None:
    leaves(overdue)
    assert rescues(overdue) == []
    assert overdue.wait(HOUR) == []
    overdue.do(ANNA, PageShown())
    assert rescues(overdue) == [views.Rescue(overdue.chat(ANNA).id, overdue.at + 10 * SECOND)]
    assert overdue.wait(10 * SECOND - 1) == []
    assert kinds_of(overdue.wait(1)) == ["handoff"]


def test_who_is_back_before_that_finds_it_as_it_was(overdue: Story) -> None:
    due = rescues(overdue)
    leaves(overdue)
    overdue.do(ANNA, PageShown())
    assert rescues(overdue) == due


def test_a_message_is_as_good_as_a_page(overdue: Story) -> None:
    leaves(overdue)
    overdue.wait(HOUR)
    overdue.say(ANNA, overdue.chat(ANNA), "Hello?")
    assert kinds_of(overdue.wait(10 * SECOND)) == ["handoff"]


def test_the_owner_who_types_is_left_in_peace_then_too(overdue: Story) -> None:
    leaves(overdue)
    overdue.wait(HOUR)
    overdue.do(ANNA, PageShown())
    overdue.wait(5 * SECOND)
    overdue.do(MIA, Typed(overdue.chat(ANNA).id))
    assert overdue.wait(5 * SECOND) == []


def test_who_was_asked_already_need_not_decide_any_more(overdue: Story) -> None:
    overdue.wait(2 * MINUTE - 20 * SECOND)
    overdue.do(ANNA, PageLeft())
    assert kinds_of(overdue.wait(20 * SECOND)) == ["handoff"]
    gone, ended = overdue.wait(10 * SECOND)
    assert (gone.kind, data_of(ended)) == ("page_gone", kinds.HandoffEnded("withdrawn"))
    assert (overdue.chat(ANNA).offered, overdue.chat(ANNA).owner) == ("", "mia")
    overdue.do(ANNA, PageShown())
    assert "handoff" in kinds_of(overdue.wait(MINUTE))


def test_a_handoff_of_the_owner_goes_on(overdue: Story) -> None:
    chat = overdue.chat(ANNA)
    overdue.do(MIA, frames.HandOff(new_id(), chat.id, "late", agent="tom"))
    leaves(overdue)
    assert chat.offered == "tom"


def test_who_is_reached_by_mail_need_not_be_there() -> None:
    story = a_story()
    story.desk.rules = replace(story.desk.rules, gone_close_ms=10 * MINUTE)
    chat = answered(story)
    story.close(MIA, chat)
    mailed(story, chat)
    story.reopen(ANNA, chat)
    story.do(ANNA, PageLeft())
    assert kinds_of(story.wait(30 * SECOND)) == ["page_gone"]
    # The mail with the answer came back: what was promised runs again.
    story.do(CLOCK, Bounced(chat.id, chat.reach.letter, chat.reach.mailing, "550 no such mailbox"))
    assert (chat.state, chat.callback, chat.promise_due > 0) == ("open", "mail", True)
    assert not chat.page_gone, "whether they have a page open means nothing now"
    (ended,) = [one for one in story.wait(3 * HOUR) if one.kind == "promise_ended"]
    assert data_of(ended) == kinds.PromiseEnded("broken")
