"""A promise that was not kept: after a while a free colleague is asked, and the owner sees it coming."""

from __future__ import annotations

import pytest

from server.desk import showing
from server.desk.commands import PageShown, Typed
from supportterm.protocol import frames, kinds, views

from .story import ANNA, MIA, MINUTE, SECOND, SUE, TOM, Story, data_of, kinds_of, new_id
from .test_folding import refolded
from .test_promises import promise, story

__all__ = ["story"]


@pytest.fixture
def overdue(story: Story) -> Story:
    """Mia's promise is broken, and Tom is free."""
    story.arrive(TOM)
    promise(story)
    story.wait(2 * MINUTE)
    return story


def mine(story: Story) -> views.Mine:
    return showing.mine(story.desk, "mia", [], True, story.now)


def test_a_free_colleague_is_asked_after_a_while_and_the_owner_sees_it_coming(overdue: Story) -> None:
    chat = overdue.chat(ANNA)
    assert mine(overdue).rescues == [views.Rescue(chat.id, overdue.at + 2 * MINUTE)]
    assert overdue.wait(2 * MINUTE - 1) == []
    (handoff,) = overdue.wait(1)
    assert data_of(handoff) == kinds.Handoff("tom", reason="overdue", overdue=True)
    assert (handoff.actor, handoff.pub, chat.owner, chat.offered) == ("desk", 0, "mia", "tom")


def test_who_accepts_takes_the_broken_promise_with_the_chat(overdue: Story) -> None:
    overdue.wait(2 * MINUTE)
    chat = overdue.chat(ANNA)
    overdue.do(TOM, frames.Accept(new_id(), chat.id))
    assert (chat.owner, chat.broken_at > 0) == ("tom", True)
    answer = overdue.say(TOM, chat, "Here it is")
    assert (answer[-1].kind, answer[-1].actor) == ("made_good", "agent:tom")


def test_nobody_is_asked_while_the_owner_is_typing(overdue: Story) -> None:
    chat = overdue.chat(ANNA)
    overdue.wait(2 * MINUTE - 5 * SECOND)
    assert overdue.do(MIA, Typed(chat.id)) == []
    assert overdue.wait(5 * SECOND) == []
    (again,) = mine(overdue).rescues
    assert again.at - overdue.at >= 10 * SECOND
    assert overdue.wait(again.at - overdue.at - 1) == []
    assert kinds_of(overdue.wait(1)) == ["handoff"]


def test_only_the_owners_typing_counts(overdue: Story) -> None:
    overdue.wait(2 * MINUTE - SECOND)
    assert overdue.do(TOM, Typed(overdue.chat(ANNA).id)) == []
    assert kinds_of(overdue.wait(SECOND)) == ["handoff"]


def test_an_answer_or_a_new_time_ends_it(overdue: Story) -> None:
    overdue.wait(2 * MINUTE)
    assert kinds_of(promise(overdue)) == ["message", "promised", "handoff_ended"]
    assert (overdue.chat(ANNA).offered, mine(overdue).rescues) == ("", [])
    assert data_of(overdue.log[-1]) == kinds.HandoffEnded("withdrawn")


def test_who_does_not_want_it_is_not_asked_again_and_the_customer_reads_nothing_of_it(overdue: Story) -> None:
    overdue.wait(2 * MINUTE)
    ended = overdue.do(TOM, frames.Decline(new_id(), overdue.chat(ANNA).id))
    assert all(event.pub == 0 for event in ended)
    assert overdue.chat(ANNA).owner == "mia"
    assert overdue.wait(MINUTE) == []


def test_who_does_not_answer_is_not_asked_again_at_once(overdue: Story) -> None:
    overdue.wait(2 * MINUTE)
    ended = overdue.wait(30 * SECOND)
    assert (kinds_of(ended), ended[0].pub) == (["handoff_ended"], 0)
    assert overdue.wait(MINUTE) == []


def test_where_nobody_is_free_the_desk_looks_again(story: Story) -> None:
    promise(story)
    story.wait(2 * MINUTE)
    assert story.wait(2 * MINUTE) == []
    story.arrive(TOM)
    assert kinds_of(story.wait(MINUTE)) == ["handoff"]


def test_nothing_is_announced_where_nobody_could_be_asked(story: Story) -> None:
    promise(story)
    story.wait(2 * MINUTE)
    assert mine(story).rescues == []
    assert story.wait(2 * MINUTE - 5 * SECOND) == []
    assert mine(story).rescues == []
    story.arrive(TOM)
    story.status(TOM, "away")
    assert mine(story).rescues == []


def test_whoever_comes_in_time_is_announced_then(story: Story) -> None:
    chat = promise(story)[0].chat
    story.wait(2 * MINUTE)
    story.wait(MINUTE)
    story.arrive(TOM)
    assert mine(story).rescues == [views.Rescue(chat, story.at + MINUTE)]
    story.leave(TOM)
    assert mine(story).rescues == []


def test_who_comes_in_the_last_seconds_is_asked_no_sooner_than_the_owner_knows(story: Story) -> None:
    chat = promise(story)[0].chat
    story.wait(2 * MINUTE)
    story.wait(2 * MINUTE - 10 * SECOND)
    story.wait(8 * SECOND)
    story.arrive(TOM)
    assert mine(story).rescues == [views.Rescue(chat, story.at + 12 * SECOND)]
    assert story.wait(2 * SECOND) == []
    assert mine(story).rescues == [views.Rescue(chat, story.at + 10 * SECOND)]
    assert story.wait(10 * SECOND - 1) == []
    assert kinds_of(story.wait(1)) == ["handoff"]


def test_nothing_is_announced_while_somebody_is_asked_already(overdue: Story) -> None:
    overdue.wait(2 * MINUTE)
    assert mine(overdue).rescues == []
    overdue.arrive(SUE)
    assert mine(overdue).rescues == []
    overdue.do(TOM, frames.Decline(new_id(), overdue.chat(ANNA).id))
    assert len(mine(overdue).rescues) == 1, "Sue could be asked next"


def test_the_owner_may_hand_it_to_somebody_else_meanwhile(overdue: Story) -> None:
    overdue.arrive(SUE)
    overdue.wait(2 * MINUTE)
    hand = frames.HandOff(new_id(), overdue.chat(ANNA).id, "late", agent="sue")
    assert kinds_of(overdue.do(MIA, hand)) == ["handoff_ended", "handoff", "handing"]


def test_a_restart_does_not_forget_that_it_is_overdue(overdue: Story) -> None:
    overdue.desk = refolded(overdue)
    overdue.arrive(MIA, TOM)
    overdue.do(ANNA, PageShown())
    assert kinds_of(overdue.wait(2 * MINUTE)) == ["handoff"]
