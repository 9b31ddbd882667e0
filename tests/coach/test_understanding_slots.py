"""Slots from customers' own words."""

from __future__ import annotations

import pytest

from supportterm.coach.understanding import languages
from tests.coach.understanding_chats import chats, wrong


@pytest.mark.parametrize(
    ("language", "number"), [(lang, n) for lang in languages() for n in range(len(chats(lang)))]
)
def test_a_conversation_fills_its_slots(language: str, number: int) -> None:
    assert wrong(chats(language)[number], language) == {}
