"""The given word: kept by an answer in time, else broken, finally."""

from __future__ import annotations

import pytest

from server.desk.commands import CLOCK, Due
from server.desk.events import Event
from supportterm.protocol import frames, kinds

from .story import ANNA, HOUR, MIA, MINUTE, SECOND, Story, data_of, kinds_of, new_id
from .test_folding import refolded


@pytest.fixture
def story() -> Story:
    story = Story()
    story.arrive(MIA)
    story.open(ANNA)
    return story


def promise(story: Story, ms: int = 2 * MINUTE) -> list[Event]:
    return story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "I'll be right back", promise=ms))


def test_a_promise_is_a_deadline_beside_its_message(story: Story) -> None:
    message, promised = promise(story)
    assert (message.kind, promised.kind, promised.pub) == ("message", "promised", message.pub + 1)
    assert data_of(promised) == kinds.Promised(story.at + 2 * MINUTE)
    chat = story.chat(ANNA)
    assert (chat.promise_at, chat.promise_due) == (story.at, story.at + 2 * MINUTE)
    assert chat.waiting_since == 0


def test_an_answer_at_the_deadline_keeps_it(story: Story) -> None:
    promise(story)
    story.tick(2 * MINUTE)
    message, ended = story.say(MIA, story.chat(ANNA), "Here it is")
    assert (message.kind, data_of(ended), ended.actor) == ("message", kinds.PromiseEnded("kept"), "agent:mia")
    assert story.chat(ANNA).promise_due == 0
    assert story.wait(MINUTE) == []


def test_time_breaks_it(story: Story) -> None:
    promise(story)
    due = story.chat(ANNA).promise_due
    assert story.desk.next_due() == story.run + 2 * MINUTE
    assert story.wait(2 * MINUTE - 1) == []
    ended = story.wait(1)[0]
    assert (ended.actor, ended.pub > 0, data_of(ended)) == ("desk", True, kinds.PromiseEnded("broken"))
    chat = story.chat(ANNA)
    assert (chat.owner, chat.waiting_since, chat.broken_at) == ("mia", due, story.at)


def test_an_answer_after_the_deadline_keeps_nothing_even_if_the_desk_was_not_told(story: Story) -> None:
    promise(story)
    story.tick(2 * MINUTE + 1)
    broken, message = story.say(MIA, story.chat(ANNA), "Sorry")
    assert (data_of(broken), message.kind) == (kinds.PromiseEnded("broken"), "message")
    assert (story.chat(ANNA).waiting_since, story.chat(ANNA).broken_at) == (0, 0)
    assert story.do(CLOCK, Due()) == []


def test_a_new_promise_after_a_broken_one_is_welcome(story: Story) -> None:
    promise(story)
    story.wait(2 * MINUTE)
    assert kinds_of(promise(story)) == ["message", "promised"]
    assert story.chat(ANNA).broken_at == 0
    assert kinds_of(story.say(MIA, story.chat(ANNA))) == ["message", "promise_ended"]


def test_it_is_extended_before_its_end(story: Story) -> None:
    promise(story)
    story.tick(MINUTE)
    assert kinds_of(promise(story, 5 * MINUTE)) == ["message", "promised"]
    assert story.wait(5 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["promise_ended"]


def test_what_the_customer_writes_leaves_it_running(story: Story) -> None:
    promise(story)
    assert kinds_of(story.say(ANNA, story.chat(ANNA), "ok")) == ["message"]
    assert story.chat(ANNA).promise_due
    assert kinds_of(story.do(MIA, frames.Note(new_id(), story.chat(ANNA).id, "hm"))) == ["note"]
    assert story.chat(ANNA).promise_due


def test_closing_withdraws_it(story: Story) -> None:
    promise(story)
    withdrawn, closed = story.close(ANNA, story.chat(ANNA))
    assert (data_of(withdrawn), closed.kind) == (kinds.PromiseEnded("withdrawn"), "closed")
    assert story.wait(5 * MINUTE) == []


@pytest.mark.parametrize("ms", [1, 29_999, 7 * 24 * HOUR + 1])
def test_a_time_nobody_can_count_is_refused(story: Story, ms: int) -> None:
    assert story.code(MIA, frames.Say(new_id(), story.chat(ANNA).id, "soon", promise=ms)) == "bad_time"


def test_customers_promise_nothing(story: Story) -> None:
    assert (
        story.code(ANNA, frames.Say(new_id(), story.chat(ANNA).id, "soon", promise=MINUTE)) == "not_allowed"
    )


def test_a_corrected_clock_moves_no_promise(story: Story) -> None:
    promise(story)
    story.at += 5 * HOUR
    assert story.do(CLOCK, Due()) == []
    assert story.wait(2 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["promise_ended"]


def test_after_a_restart_it_falls_due_at_its_true_time(story: Story) -> None:
    promise(story)
    story.tick(MINUTE)
    story.desk = refolded(story)
    story.arrive(MIA)
    assert story.wait(MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["promise_ended"]


def test_what_fell_due_while_the_server_was_down_is_broken_at_once(story: Story) -> None:
    promise(story)
    story.tick(10 * MINUTE)
    story.desk = refolded(story)
    assert kinds_of(story.do(CLOCK, Due())) == ["promise_ended"]
    assert story.chat(ANNA).waiting_since < story.at
    assert story.wait(SECOND) == []
