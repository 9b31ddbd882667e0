"""Facts about a customer's way so far: counted, with the lines that show them."""

from __future__ import annotations

import pytest

from supportterm.coach.understanding import Contact, Fact, From, Line, orders, signs
from tests.coach.understanding import said

DAY = 86_400_000
NOW = 1_800_000_000_000


def kinds(lines: list[Line], language: str = "en", now: int = 0) -> list[str]:
    return [fact.sign for fact in signs(lines, language, now)]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["c: where is my order 48213?", "c: any news on 48213?", "c: hello? where is 48213"]),
        ("en", ["c: When is my refund coming?", "c: when will the refund come?", "c: refund coming when??"]),
        (
            "nl",
            [
                "c: waar blijft mijn pakket?",
                "a: Moment, ik kijk even",
                "c: waar is het pakket nou?",
                "c: WAAR BLIJFT PAKKET",
            ],
        ),
        (
            "da",
            [
                "c: hvor er min pakke?",
                "c: hvor bliver pakken af? ordre 1234",
                "c: hvor er min pakke??",
                "c: hvor er pakke",
            ],
        ),
    ],
)
def test_the_same_question_for_the_third_time(language: str, lines: list[str]) -> None:
    (fact,) = signs(said(*lines), language, 0)
    assert (fact.sign, fact.times) == ("asked_again", 3)
    assert len(fact.why) == 3


def test_an_answer_between_begins_anew() -> None:
    lines = said("c: where is 48213?", "c: where is 48213??", "a: It comes tomorrow.", "c: where is 48213?")
    assert kinds(lines) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["c: where is 48213?", "c: can I change the address?", "c: do you ship to Norway?"],
        ["c: HELLO", "c: I AM WAITING", "c: THIS IS LATE!!!"],
        ["c: hello?", "c: hello??", "c: are you there?"],
        ["c: where is 48213?", "c: where is 48213?"],
    ],
)
def test_other_questions_capitals_and_calls_are_no_repetition(lines: list[str]) -> None:
    assert kinds(said(*lines)) == []


def test_the_third_contact_about_an_order_in_nine_days() -> None:
    earlier = [Contact("48213", NOW - 9 * DAY + 1), Contact("#48213", NOW - 3 * DAY), Contact("1", NOW - DAY)]
    lines = said("c: hello", "c: again about 48213")
    before = (earlier[0], earlier[1])
    assert signs(lines, "en", NOW, earlier) == [Fact("contact_again", 3, (1,), "48213", 9, before)]
    assert signs(lines, "en", NOW, earlier[1:]) == []
    assert signs(lines, "en", NOW + 40 * DAY, earlier) == []
    assert signs(lines, "en", NOW, earlier[1:], From(contacts=2))[0].times == 2
    assert signs(said("c: hello"), "en", NOW, earlier) == []


def test_the_number_that_most_contacts_were_about_makes_the_sign() -> None:
    earlier = [Contact(about, NOW - days * DAY) for about in ("48213", "47001") for days in (1, 2)]
    lines = said("c: again about 48213 and 47001")
    both = signs(lines, "en", NOW, [*earlier, Contact("47001", NOW - 20 * DAY, "late")])
    assert [(fact.about, fact.times, fact.days) for fact in both] == [("47001", 4, 20)]
    assert both[0].before[0] == Contact("47001", NOW - 20 * DAY, "late")


def test_a_number_that_was_put_right_is_no_contact_about_it() -> None:
    lines = said("c: where is my order 48213?")
    lines += [Line("customer", "", 0, "summary_corrected"), Line("customer", "no, order 48214", 0)]
    assert orders(lines, "en") == ("48214",)
    earlier = [Contact("48213", NOW - DAY), Contact("48213", NOW - 2 * DAY)]
    assert signs(lines, "en", NOW, earlier) == []
    assert orders(said("c: hvor er 48213? og min lampe"), "da") == ("48213",)
    assert orders(lines, "xx") == ()


def test_waiting_for_the_second_time() -> None:
    lines = [
        Line("customer", "my lamp is broken", 0),
        Line("agent", "One moment please", 30_000),  # says that there will be a wait, and ends none
        Line("agent", "Is the bulb broken?", 200_000),
        Line("customer", "no, the glass", 210_000),
    ]
    assert signs(lines, "en", 300_000) == []
    assert signs(lines, "en", 330_000) == [Fact("waiting_again", 2, (0, 3))]
    assert signs(lines[:1], "en", 900_000) == []


def test_nobody_waits_behind_thanks() -> None:
    lines = [
        Line("customer", "my lamp is broken", 0),
        Line("agent", "I have sent a new one.", 200_000),
        Line("customer", "thank you!", 210_000),
    ]
    assert signs(lines, "en", 900_000) == []


def test_waits_are_counted_in_any_language() -> None:
    lines = [
        Line("customer", "ahoj", 0),
        Line("agent", "dobrý den", 200_000),
        Line("customer", "ahoj", 210_000),
    ]
    assert [fact.sign for fact in signs(lines, "cs", 900_000)] == ["waiting_again"]
