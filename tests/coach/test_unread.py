"""A clock time that cannot be read must not become another deadline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.promising import find

UNREAD = [
    ("nl", "Ik bel u vandaag om tien uurZ"),
    ("nl", "Ik bel u morgen om tien uurZ"),
    ("nl", "Om tien uurZ bel ik u morgen"),
    ("nl", "Ik mail u morgen om tein uur"),
    ("nl", "Ik mail u morgen om 10:0"),
    ("nl", "Ik mail u morgen om 25 uur"),
    ("nl", "Ik mail u morgen om half vijg"),
    ("nl", "Ik bel u morgen voor 12 uru"),
    ("nl", "Ik bel u vandaag nog om 16:75 uur"),
    ("da", "Jeg ringer i morgen kl. 10z"),
    ("da", "Jeg ringer i dag klokken titi"),
    ("da", "Jeg ringer i dag inden kl. 25"),
    ("en", "I'll call you tomorrow at tenn"),
    ("en", "I'll call you today at 3pmm"),
    ("en", "I'll let you know today by 25:00"),
    ("de", "Ich rufe Sie morgen um zehn Uhrr an"),
]


@pytest.mark.parametrize(("language", "text"), UNREAD)
def test_a_slip_behind_an_hour_leaves_no_end_of_the_day(language: str, text: str) -> None:
    found = find(text, language)
    assert found is None or found.kind == "vague"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("nl", "Ik mail u morgen", "morgen"),
        ("nl", "Ik mail u morgen om tien uur", "morgen om tien uur"),
        ("nl", "Ik mail u morgen om u te helpen", "morgen"),
        ("nl", "Ik bel u morgen om 10:00z", "morgen om 10:00"),
        ("da", "Jeg ringer i morgen kl. 10", "i morgen kl. 10"),
        ("en", "I'll call you tomorrow at your office", "tomorrow"),
        ("en", "I'll call you tomorrow about 2 parcels", "tomorrow"),
    ],
)
def test_what_can_be_read_stays(language: str, text: str, said: str) -> None:
    found = find(text, language)
    assert found is not None
    assert text[found.start : found.end] == said


@given(st.sampled_from(["tien uur", "half vijf", "twaalf uur", "kwart voor drie"]), st.data())
def test_one_wrong_letter_gives_the_hour_or_nothing(hour: str, data: st.DataObject) -> None:
    """Whatever the slip: the day alone is never left of it."""
    at = data.draw(st.integers(len(hour) - 4, len(hour)))
    letter = data.draw(st.sampled_from("zqxk"))
    text = f"Ik bel u morgen om {hour[:at]}{letter}{hour[at:]}"
    found = find(text, "nl")
    assert found is None or found.clock is None or found.clock.minute >= 0, text
