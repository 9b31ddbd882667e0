"""Acknowledge, analyse, understand, solve, close: where a conversation is, and what it lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.understanding import STEPS, Enough, Line, Progress, progress
from tests.coach.understanding import said

TALK = [
    ("joined", "acknowledge", "greeting"),
    ("c: Hello, my kettle never arrived and I have waited for two weeks now", "acknowledge", "greeting"),
    ("a: Hello Ann, sorry to hear that.", "analyse", "question"),
    ("a: Which order is it?", "analyse", "answer"),
    ("c: order 48213", "understand", "summary"),
    ("summary_sent: Your kettle never arrived. Is that right?", "understand", "confirmation"),
    ("c: no, it arrived broken", "understand", "summary_again"),
    ("summary_sent: Your kettle arrived broken. Is that right?", "understand", "confirmation"),
    ("c: yes exactly", "solve", "solution"),
    ("a: One moment please", "solve", "solution"),
    ("options_sent: new | money", "solve", "choice"),
    ("option_chosen: new", "close", "next_step"),
    ("a: You will get a confirmation by e-mail.", "close", "open_door"),
    ("a: Is there anything else I can do for you?", "close", ""),
    ("closed", "close", ""),
]


@pytest.mark.parametrize("so_far", range(1, len(TALK) + 1))
def test_a_conversation_moves_on_by_what_happens(so_far: int) -> None:
    lines = said(*(line for line, _, _ in TALK[:so_far]))
    _, step, missing = TALK[so_far - 1]
    found = progress(lines, "en")
    assert (found.step, found.missing, found.by_hand) == (step, missing, False)


def test_a_press_confirms_and_corrects_like_words() -> None:
    before = said("c: it broke", "a: What happened?", "c: the lamp fell apart", "summary_sent: It broke.")
    assert progress([*before, *said("summary_confirmed")], "en").step == "solve"
    corrected = progress([*before, *said("summary_corrected: not the lamp")], "en")
    assert (corrected.step, corrected.missing) == ("understand", "summary_again")


def test_a_correction_after_the_solution_leads_back() -> None:
    lines = said(
        "c: hi", "a: hello", "summary_sent: A.", "c: yes", "a: I have refunded it.", "summary_sent: B."
    )
    assert progress(lines[:-1], "en").step == "close"
    assert progress(lines, "en").step == "understand"


def test_enough_said_needs_no_question() -> None:
    lines = said("a: Hello", "c: the lamp is broken", "c: it fell apart at once", "c: I want a new one")
    assert progress(lines, "en").step == "analyse"
    assert progress(lines, "en", Enough(messages=3, chars=40)).step == "understand"


def test_a_fact_that_was_asked_for_and_given_needs_no_summary() -> None:
    lines = said("c: hoi", "c: waar is 48213?", "a: Hoi! Die wordt vandaag bezorgd.")
    assert progress(lines[:2], "nl").step == "acknowledge"
    assert progress(lines, "nl").step == "close"
    holding = said("c: waar is 48213?", "a: Hoi! Moment, ik kijk even.")
    assert progress(holding, "nl") == Progress("analyse", "solution")


def test_the_agent_sets_the_step_and_what_follows_moves_it_on() -> None:
    lines = said("c: it broke", "a: What happened?", "c: it fell apart", "step: solve")
    assert progress(lines, "en") == Progress("solve", "solution", by_hand=True)
    assert progress([*lines, *said("a: I have sent a new one.")], "en").step == "close"
    back = [*lines, *said("a: I have sent a new one.", "step: analyse")]
    assert progress(back, "en").step == "analyse"
    assert progress([*lines, *said("step: nonsense")], "en").step == "solve"


def test_a_closed_chat_that_goes_on_lacks_something_again() -> None:
    lines = said("c: it broke", "a: hello", "closed", "c: still broken")
    assert progress(lines[:3], "en").missing == ""
    assert progress(lines, "en").missing != ""


def test_without_words_for_a_language_events_move_it() -> None:
    lines = said("c: ahoj", "a: dobrý den", "summary_sent: …", "summary_confirmed", "option_chosen: 1")
    assert [progress(lines[:n], "cs").step for n in range(1, 6)] == [
        "acknowledge", "analyse", "understand", "solve", "close",
    ]  # fmt: skip


@given(
    st.lists(
        st.sampled_from([line for line, _, _ in TALK] + [f"step: {step}" for step in STEPS]), max_size=12
    )
)
def test_any_order_of_events_is_somewhere(lines: list[str]) -> None:
    found = progress(said(*lines), "en")
    assert found.step in STEPS
    if lines and lines[-1] == "closed":
        assert found == Progress("close", "")


def test_no_lines_ask_for_a_greeting() -> None:
    assert progress([], "en") == Progress("acknowledge", "greeting")
    assert progress([Line("agent", kind="joined")], "en").missing == "greeting"
