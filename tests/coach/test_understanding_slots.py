"""Slots from customers' own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportterm.coach.understanding import choosing, languages, slots
from supportterm.coach.understanding.choosing import THOUGHTS, choose
from tests.coach.understanding import said
from tests.coach.understanding_chats import chats, digest, wrong

#: How many slots in a hundred are right, at least: of chats that taught which thought to choose, and of those
#: that taught nothing.
RIGHT = {"heard": 82, "apart": 79}


@pytest.mark.parametrize(
    ("language", "number"), [(lang, n) for lang in languages() for n in range(len(chats(lang)))]
)
def test_a_conversation_fills_its_slots(language: str, number: int) -> None:
    assert wrong(chats(language)[number], language) == {}


@pytest.mark.parametrize("folder", RIGHT)
def test_conversations_nobody_wrote_words_for(folder: str) -> None:
    every = [(chat, language) for language in languages() for chat in chats(language, folder)]
    missed = [(language, chat.lines, wrong(chat, language)) for chat, language in every]
    count = sum(len(one) for _, _, one in missed)
    assert count <= (1 - RIGHT[folder] / 100) * 5 * len(every), [one for one in missed if one[2]]


def test_what_is_chosen_was_learned_from_the_chats_of_now() -> None:
    head = Path(choosing.__file__).with_suffix(".tsv").read_text("utf-8").splitlines()[0]
    assert head.endswith(f" {digest()}"), "the chats changed since: see tests/coach/weigh_slots.py"


def test_nothing_that_is_set_apart_teaches() -> None:
    for language in languages():
        heard = {"\n".join(chat.lines) for chat in chats(language, "heard")}
        assert heard.isdisjoint("\n".join(chat.lines) for chat in chats(language, "apart"))


@pytest.mark.parametrize("slot", THOUGHTS)
def test_a_thought_with_no_sign_fills_nothing(slot: choosing.Thought) -> None:
    assert choose(slot, []) == []
    assert choose(slot, [set(), {"a sign that nobody knows"}]) == []


def test_the_shape_of_a_chat_says_what_words_do_not() -> None:
    """The first statement is what happened, the question what is wanted: no list has one of these words."""
    found = slots(said("c: zwabber de plons grolt, kon de wibbel frotten?"), "nl")
    assert [one.text for one in found.wants] == ["kon de wibbel frotten?"]
    found = slots(said("c: de plons is flurk geworden", "c: kon de wibbel frotten?"), "nl")
    assert [one.text for one in found.happened] == ["de plons is flurk geworden"]
    assert [one.text for one in found.wants] == ["kon de wibbel frotten?"]


@pytest.mark.parametrize(
    "card", ["•••• •••• •••• 1111", "••••-••••-••••-1111", "••••••••••••1111", "NL•• •••• •••• ••43 00"]
)
def test_what_is_left_of_a_hidden_number_is_no_order(card: str) -> None:
    found = slots(said(f"c: my order 4411 has not arrived, I paid for the order with {card}"), "en")
    assert [one.quote.text for one in found.about] == ["4411"]


def test_a_number_alone_is_no_wish_and_nothing_that_happened() -> None:
    found = slots(said("c: hallo", "a: Wat is uw bestelnummer?", "c: het is 48213"), "nl")
    assert (found.happened, found.wants) == ((), ())
    assert [one.quote.text for one in found.about] == ["48213"]
