"""What an agent is suggested to promise: what they usually need."""

from __future__ import annotations

from server.desk.usual import ENOUGH, KEPT, Usual
from supportterm.protocol import frames

from .story import ANNA, MIA, Story, chat_of, new_id

MINUTE = 60_000


def usual(*minutes: int) -> Usual:
    made = Usual()
    made.learn(("mia", at, ms * MINUTE) for at, ms in enumerate(minutes))
    return made


def test_four_of_five_answers_came_within_it() -> None:
    found = usual(*range(1, 11))
    assert found.within("mia", 80) == 8 * MINUTE
    assert found.within("mia", 50) == 5 * MINUTE
    assert found.within("mia", 99) == 10 * MINUTE


def test_a_few_answers_tell_nothing() -> None:
    assert usual(*[3] * (ENOUGH - 1)).within("mia", 80) == 0
    assert usual(*[3] * ENOUGH).within("mia", 80) == 3 * MINUTE
    assert usual(*[3] * ENOUGH).within("tom", 80) == 0


def test_the_newest_count() -> None:
    found = usual(*[60] * KEPT, *[2] * KEPT)
    assert found.within("mia", 99) == 2 * MINUTE


def test_an_answer_that_is_told_again_counts_once() -> None:
    found = usual(1, 2, 3, 4, 50)
    found.learn(("mia", 4, 50 * MINUTE) for _ in range(20))
    assert found.within("mia", 80) == 4 * MINUTE


def test_a_promise_that_is_not_answered_teaches_nothing() -> None:
    story = Story()
    story.arrive(MIA)
    chat = chat_of(ANNA)
    story.ask(ANNA, frames.Open(new_id(), chat, "en"))
    for number in range(ENOUGH):
        story.ask(MIA, frames.Say(new_id(), chat, "I will look.", promise=2 * MINUTE))
        story.wait(MINUTE)
        story.ask(MIA, frames.Say(new_id(), chat, f"Number {number} is on its way."))
        story.ask(MIA, frames.Say(new_id(), chat, "I will look again.", promise=2 * MINUTE))
        story.wait(3 * MINUTE)
    assert story.desk.usual.within(MIA.id, 80) == MINUTE
    assert story.desk.usual.within("", 80) == 0


def test_a_desk_learns_from_answers_in_time_and_late() -> None:
    story = Story()
    story.arrive(MIA)
    chat = chat_of(ANNA)
    story.ask(ANNA, frames.Open(new_id(), chat, "en"))
    # Kept after one minute each, but the last: two minutes late.
    for wait in (1, 1, 1, 1, 4):
        story.ask(ANNA, frames.Say(new_id(), chat, "And where is it?"))
        story.ask(MIA, frames.Say(new_id(), chat, "I will look.", promise=2 * MINUTE))
        story.wait(wait * MINUTE)
        story.ask(MIA, frames.Say(new_id(), chat, "It is on its way."))
    desk = story.desk
    assert desk.usual.within(MIA.id, 80) == MINUTE
    assert desk.usual.within(MIA.id, 99) == 4 * MINUTE
