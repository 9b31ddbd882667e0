"""The given word: kept by an answer in time, else broken, finally."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.commands import CLOCK, Due
from server.desk.events import Event
from supportterm.protocol import frames, kinds
from supportterm.protocol.views import ShopFacts

from .story import ANNA, BEN, HOUR, MIA, MINUTE, RULES, SECOND, TOM, Story, chat_of, data_of, kinds_of, new_id
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
    assert story.desk.deadlines.of(("chat", story.chat(ANNA).id)) == story.run + 2 * MINUTE
    assert story.wait(2 * MINUTE - 1) == []
    ended = story.wait(1)[0]
    assert (ended.actor, ended.pub > 0, data_of(ended)) == ("desk", True, kinds.PromiseEnded("broken"))
    chat = story.chat(ANNA)
    assert (chat.owner, chat.waiting_since, chat.broken_at) == ("mia", due, story.at)


def test_an_answer_after_the_deadline_keeps_nothing_even_if_the_desk_was_not_told(story: Story) -> None:
    promise(story)
    story.tick(2 * MINUTE + 1)
    broken, message, good = story.say(MIA, story.chat(ANNA), "Sorry")
    assert (data_of(broken), message.kind) == (kinds.PromiseEnded("broken"), "message")
    assert (data_of(good), good.pub) == (kinds.MadeGood(1), 0)
    assert (story.chat(ANNA).waiting_since, story.chat(ANNA).broken_at) == (0, 0)
    assert story.do(CLOCK, Due()) == []


def test_a_new_promise_after_a_broken_one_is_welcome(story: Story) -> None:
    promise(story)
    story.wait(2 * MINUTE)
    story.tick(MINUTE)
    assert kinds_of(promise(story)) == ["message", "promised"]
    assert story.chat(ANNA).broken_at == 0
    assert kinds_of(story.say(MIA, story.chat(ANNA))) == ["message", "promise_ended", "made_good"]
    assert data_of(story.log[-1]) == kinds.MadeGood(MINUTE)


def test_it_is_extended_before_its_end(story: Story) -> None:
    promise(story)
    story.tick(MINUTE)
    extended = promise(story, 5 * MINUTE)[1]
    assert data_of(extended) == kinds.PromiseExtended(story.at + 5 * MINUTE)
    assert story.wait(5 * MINUTE - 1) == []
    assert data_of(story.wait(1)[0]) == kinds.PromiseEnded("broken")


def test_by_an_extended_deadline_it_is_kept_in_a_class_of_its_own(story: Story) -> None:
    promise(story)
    story.tick(MINUTE)
    promise(story, 5 * MINUTE)
    story.tick(MINUTE + 1)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.PromiseEnded("extended")


def test_by_the_first_deadline_it_is_simply_kept_extended_or_not(story: Story) -> None:
    promise(story)
    story.tick(MINUTE)
    promise(story, 5 * MINUTE)
    story.tick(MINUTE)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.PromiseEnded("kept")


def test_asking_for_patience_keeps_nothing(story: Story) -> None:
    promise(story)
    story.say(ANNA, story.chat(ANNA), "ok")
    since = story.chat(ANNA).waiting_since
    (held,) = story.say(MIA, story.chat(ANNA), "One more moment")
    assert data_of(held) == kinds.Message(holding=True)
    assert (story.chat(ANNA).promise_due > 0, story.chat(ANNA).waiting_since) == (True, since)
    assert data_of(story.wait(2 * MINUTE)[0]) == kinds.PromiseEnded("broken")
    story.say(MIA, story.chat(ANNA), "One more moment")
    assert story.chat(ANNA).broken_at
    assert kinds_of(story.say(MIA, story.chat(ANNA), "It is in Utrecht")) == ["message", "made_good"]


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        # It is 0:16 in UTC, and 1:16 on the shop's clock.
        ("Your parcel is at the depot. I'll call you at 1:25", False),
        ("I'll call you at 0:25", True),
        ("I'll call you at 3:25", True),
        ("Your parcel comes today between 1 and 2", True),
    ],
)
def test_nor_does_an_hour_of_the_day_that_is_near_by_the_shops_clock(text: str, keeps: bool) -> None:
    facts = ShopFacts("bikes", "Bikes", "Europe/Copenhagen")
    story = Story(replace(RULES, shops={"bikes": replace(RULES.shop("bikes"), facts=facts)}))
    story.arrive(MIA)
    story.open(ANNA)
    promise(story)
    message, *ended = story.say(MIA, story.chat(ANNA), text)
    assert (data_of(message), kinds_of(ended)) == (
        kinds.Message(holding=not keeps),
        ["promise_ended"] if keeps else [],
    )


def test_nor_does_asking_for_more_time_without_promising_it(story: Story) -> None:
    """They sent it as it is, and what they promised before counts on."""
    promise(story)
    due = story.chat(ANNA).promise_due
    for text in ("Sorry, give me another five minutes", "I'll be back with you in ten minutes"):
        (held,) = story.say(MIA, story.chat(ANNA), text)
        assert data_of(held) == kinds.Message(holding=True)
    assert story.chat(ANNA).promise_due == due
    assert data_of(story.wait(2 * MINUTE)[0]) == kinds.PromiseEnded("broken")


@pytest.mark.parametrize(
    "text",
    [
        "I understand that this is annoying. I'll be back in 5 minutes.",
        "Hi Anna, this is Mia. I'll be back in ten minutes.",
        "It is at the depot. I'll call them and be back in five minutes.",
        "It is at the depot. " * 30 + "I'll call them and be back in five minutes.",
    ],
)
def test_nor_does_what_gives_a_new_time_whatever_else_it_says(story: Story, text: str) -> None:
    promise(story)
    due = story.chat(ANNA).promise_due
    (held,) = story.say(MIA, story.chat(ANNA), text)
    assert data_of(held) == kinds.Message(holding=True)
    assert story.chat(ANNA).promise_due == due
    assert data_of(story.wait(2 * MINUTE)[0]) == kinds.PromiseEnded("broken")
    (held,) = story.say(MIA, story.chat(ANNA), text)
    assert story.chat(ANNA).broken_at, "nor does it make good"
    say = frames.Say(new_id(), story.chat(ANNA).id, text, promise=5 * MINUTE)
    assert kinds_of(story.do(MIA, say)) == ["message", "promised"]


@pytest.mark.parametrize(
    "text",
    [
        "It arrives within the hour",
        "I've refunded it, you see it in 10 minutes",
        "It takes 5 minutes to charge",
    ],
)
def test_an_answer_may_have_a_time_in_it(story: Story, text: str) -> None:
    promise(story)
    assert data_of(story.say(MIA, story.chat(ANNA), text)[1]) == kinds.PromiseEnded("kept")


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("Hi Anna, this is Mia.", False),
        ("Hi Anna, this is Mia. I have read what you wrote and I'm looking at it with you.", False),
        ("Hello! One more moment", False),
        ("Hi Anna, this is Mia. It is in Utrecht.", True),
        ("Hi Anna, what is your order number?", True),
    ],
)
def test_a_greeting_with_a_name_alone_keeps_nothing(story: Story, text: str, answers: bool) -> None:
    promise(story)
    message, *ended = story.say(MIA, story.chat(ANNA), text)
    assert kinds_of(ended) == (["promise_ended"] if answers else [])
    if not answers:
        assert data_of(message) == kinds.Message(holding=True)
        assert story.chat(ANNA).promise_due > 0
        assert data_of(story.wait(2 * MINUTE)[0]) == kinds.PromiseEnded("broken")


def test_who_takes_over_has_not_kept_the_promise_by_saying_hello(story: Story) -> None:
    story.arrive(TOM)
    chat = story.chat(ANNA)
    promise(story)
    due = chat.promise_due
    story.do(MIA, frames.HandOff(new_id(), chat.id, "She waits for a parcel", agent="tom"))
    story.do(TOM, frames.Accept(new_id(), chat.id))
    (hello,) = story.say(TOM, chat, "Hi Anna, this is Tom. I'm taking over from Mia.")
    assert data_of(hello) == kinds.Message(holding=True)
    assert chat.promise_due == due
    ended = story.say(TOM, chat, "It is in Utrecht")[1]
    assert data_of(ended) == kinds.PromiseEnded("kept")


@pytest.mark.parametrize("named", [False, True])
def test_a_time_before_the_one_that_runs_changes_nothing(story: Story, named: bool) -> None:
    promise(story, 10 * MINUTE)
    chat = story.chat(ANNA)
    due = chat.promise_due
    story.tick(2 * MINUTE)
    ahead = 3 * MINUTE
    say = frames.Say(new_id(), chat.id, "In three minutes", promise=0 if named else ahead)
    if named:
        say = frames.Say(new_id(), chat.id, "By five past", due=story.at + ahead)
    (message,) = story.do(MIA, say)
    assert data_of(message) == kinds.Message(holding=True)
    assert (chat.promise_due, chat.promise_first) == (due, due)
    assert story.wait(ahead) == [], "nobody promised that"
    story.tick(4 * MINUTE)
    assert data_of(story.say(MIA, chat)[1]) == kinds.PromiseEnded("kept")


def test_the_time_that_runs_said_again_is_no_extension(story: Story) -> None:
    promise(story)
    assert kinds_of(promise(story)) == ["message"]
    story.tick(1)
    assert kinds_of(promise(story)) == ["message", "promise_extended"]


def test_a_summary_with_a_time_before_the_one_that_runs_is_an_answer(story: Story) -> None:
    promise(story)
    summary = frames.Say(new_id(), story.chat(ANNA).id, "A minute, right?", promise=MINUTE, summary=True)
    assert kinds_of(story.do(MIA, summary)) == ["message", "promise_ended"]
    assert story.chat(ANNA).summary


def test_where_nobody_waits_for_more_a_request_for_patience_is_a_message_like_any_other(story: Story) -> None:
    (message,) = story.say(MIA, story.chat(ANNA), "One more moment")
    assert (message.data, story.chat(ANNA).waiting_since) == (b"", 0)


def test_a_summary_is_an_answer(story: Story) -> None:
    promise(story)
    summary = frames.Say(
        new_id(), story.chat(ANNA).id, "You want the black one. Is that right?", summary=True
    )
    assert kinds_of(story.do(MIA, summary)) == ["message", "promise_ended"]


def test_a_named_time_is_a_promise_too(story: Story) -> None:
    due = story.at + 3 * HOUR
    say = frames.Say(new_id(), story.chat(ANNA).id, "I will write before five", due=due)
    assert data_of(story.do(MIA, say)[1]) == kinds.Promised(due, named=True)
    assert data_of(story.wait(3 * HOUR)[0]) == kinds.PromiseEnded("broken")


def test_it_may_be_far_and_the_chat_waits_for_it(story: Story) -> None:
    due = story.at + 48 * HOUR
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "The day after tomorrow", due=due))
    assert story.wait(47 * HOUR) == []
    assert story.chat(ANNA).state == "open"


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


@pytest.mark.parametrize("ahead", [-HOUR, 0, 29_999, 90 * 24 * HOUR + 1])
def test_a_moment_nobody_can_wait_for_is_refused(story: Story, ahead: int) -> None:
    due = max(1, story.at + ahead)
    assert story.code(MIA, frames.Say(new_id(), story.chat(ANNA).id, "then", due=due)) == "bad_time"


def test_a_while_and_a_moment_at_once_are_refused(story: Story) -> None:
    both = frames.Say(new_id(), story.chat(ANNA).id, "then", promise=MINUTE, due=story.at + MINUTE)
    assert story.code(MIA, both) == "bad_time"


def test_customers_promise_nothing(story: Story) -> None:
    assert (
        story.code(ANNA, frames.Say(new_id(), story.chat(ANNA).id, "soon", promise=MINUTE)) == "not_allowed"
    )


def test_a_corrected_clock_moves_no_promise(story: Story) -> None:
    promise(story)
    story.at += 5 * HOUR
    (moved,) = story.wait(5 * SECOND)
    due = story.at + 2 * MINUTE - 5 * SECOND
    assert (data_of(moved), story.chat(ANNA).promise_due) == (kinds.PromiseMoved(due), due)
    assert story.wait(2 * MINUTE - 5 * SECOND - 1) == []
    assert data_of(story.wait(1)[0]) == kinds.PromiseEnded("broken")


def test_a_corrected_clock_leaves_the_first_deadline_what_it_was(story: Story) -> None:
    promise(story)
    promise(story, 5 * MINUTE)
    story.at -= 5 * HOUR
    story.wait(2 * MINUTE)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.PromiseEnded("kept")


def test_a_named_time_follows_a_corrected_clock(story: Story) -> None:
    due = story.at + HOUR
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "at three", due=due))
    story.at += 30 * MINUTE
    assert story.wait(5 * SECOND) == []
    assert story.wait(30 * MINUTE - 5 * SECOND - 1) == []
    assert data_of(story.wait(1)[0]) == kinds.PromiseEnded("broken")


def test_a_named_time_is_not_early_because_the_clock_was_set_back_just_before(story: Story) -> None:
    due = story.at + MINUTE
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "at three", due=due))
    story.wait(MINUTE - SECOND)
    story.at -= HOUR
    assert story.wait(SECOND) == []
    assert data_of(story.wait(HOUR)[0]) == kinds.PromiseEnded("broken")


def say_by(story: Story, ahead: int) -> list[Event]:
    """Mia names a time of day."""
    return story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "at three", due=story.at + ahead))


def test_a_named_time_that_came_later_after_all_is_kept_by_its_first_deadline(story: Story) -> None:
    say_by(story, MINUTE)
    story.wait(MINUTE - SECOND)
    story.at -= HOUR
    story.wait(HOUR)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.PromiseEnded("kept")


@pytest.mark.parametrize("step", [5 * HOUR, -5 * HOUR])
def test_how_late_it_is_does_not_depend_on_a_clock_that_was_set_a_moment_before(
    story: Story, step: int
) -> None:
    promise(story)
    story.wait(2 * MINUTE - SECOND)
    story.at += step
    moved, broken = story.wait(SECOND)
    assert (data_of(moved), data_of(broken)) == (kinds.PromiseMoved(story.at), kinds.PromiseEnded("broken"))
    assert story.chat(ANNA).broken_at == story.at
    story.tick(MINUTE)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.MadeGood(MINUTE)


def test_who_closes_too_late_did_not_keep_it(story: Story) -> None:
    promise(story)
    story.tick(2 * MINUTE + 1)
    broken, closed = story.close(MIA, story.chat(ANNA))
    assert (data_of(broken), closed.kind) == (kinds.PromiseEnded("broken"), "closed")


def test_a_while_and_a_time_of_day_keep_to_their_own_clocks_when_one_extends_the_other(story: Story) -> None:
    promise(story)
    due = story.at + HOUR
    say_by(story, HOUR)
    story.at += 30 * MINUTE
    (moved,) = story.wait(5 * SECOND)
    assert data_of(moved) == kinds.PromiseMoved(due, first_at=story.at + 2 * MINUTE - 5 * SECOND)
    story.desk = refolded(story)
    story.arrive(MIA)
    story.tick(2 * MINUTE - 5 * SECOND)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.PromiseEnded("kept")


def test_a_time_of_day_that_was_extended_by_a_while_stays_what_it_was(story: Story) -> None:
    due = story.at + MINUTE
    say_by(story, MINUTE)
    promise(story, 5 * MINUTE)
    story.at += 2 * MINUTE
    (moved,) = story.wait(5 * SECOND)
    assert data_of(moved) == kinds.PromiseMoved(story.at + 5 * MINUTE - 5 * SECOND, first_at=due)
    assert data_of(story.say(MIA, story.chat(ANNA))[1]) == kinds.PromiseEnded("extended")


def test_a_promise_weighs_the_same_after_the_clock_was_set(story: Story) -> None:
    promise(story, 20 * MINUTE)
    story.at += 5 * HOUR
    story.wait(5 * SECOND)
    assert story.load(MIA).points == story.desk.rules.weights.promise


def test_a_left_message_that_was_promised_an_answer_stays_on_the_list_without_its_agent(story: Story) -> None:
    story.status(MIA, "away")
    story.do(BEN, frames.LeaveMessage(new_id(), chat_of(BEN), "When?", "Ben", "ben@example.org", "en"))
    story.do(MIA, frames.Take(new_id(), chat_of(BEN)))
    story.do(MIA, frames.Say(new_id(), chat_of(BEN), "Soon", promise=2 * MINUTE))
    story.status(MIA, "offline")
    assert story.chat(BEN).state == "left"
    (row,) = showing.promises(story.desk).rows
    assert (row.chat, row.owner, row.overdue) == (chat_of(BEN), "", False)


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
