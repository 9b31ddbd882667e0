"""Stored texts: filled with what is known, and gaps for all else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.replying import filled, gaps, has_stray_brace, places

NAMES = {"customer": "customer's name", "order": "order number"}


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Order {order} is here.", {"order": "48213"}, "Order 48213 is here."),
        ("Order { order } is here.", {"order": "48213"}, "Order 48213 is here."),
        ("Order {order} is here.", {}, "Order ‹order number› is here."),
        ("Order {order} is here.", {"order": "  "}, "Order ‹order number› is here."),
        ("Hi {customer}, {?amount}", {"customer": "Eva"}, "Hi Eva, ‹amount›"),
        ("{?order}", {"order": "48213"}, "‹order›"),
        ("Hi {customer}", {"customer": "{order}\n‹you›"}, "Hi {order} <you>"),
        ("{else}", {}, "‹else›"),
        ("No places", {}, "No places"),
    ],
)
def test_filling(text: str, values: dict[str, str], expected: str) -> None:
    assert filled(text, values, NAMES) == expected


def test_where_the_gaps_are() -> None:
    text = "Send ‹link› to ‹address›, not ‹› or ‹two\nlines›."
    assert [text[start:end] for start, end in gaps(text)] == ["‹link›", "‹address›"]


def test_places_and_braces_that_are_none() -> None:
    assert list(places("{order} {? how much } {}")) == [("order", False), ("how much", True), ("", False)]
    assert [has_stray_brace(one) for one in ("{order}", "a { b", "a } b", "{{order}}")] == [
        False,
        True,
        True,
        True,
    ]


@given(st.text(), st.text(max_size=60))
def test_a_value_never_makes_a_gap_or_a_place_of_its_own(text: str, value: str) -> None:
    plain = text.replace("‹", "").replace("›", "").replace("{", "").replace("}", "")
    said = filled(plain + "{order}", {"order": value}, NAMES)
    assert len(gaps(said)) == (not value.split())
    assert said.startswith(plain)
