"""Which of a shop's reasons the customer's words name: only one that clearly fits, else none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.understanding import guess_reason

from .understanding import said

ENGLISH = {
    "late": "Parcel is late",
    "damaged": "Parcel is damaged",
    "fits-not": "Does not fit",
    "which": "Which one fits me",
    "address": "Address or order to change",
}
DUTCH = {
    "late": "Pakket is te laat",
    "damaged": "Pakket is beschadigd",
    "fits-not": "Onderdeel past niet",
    "which": "Weet niet welke past",
}
DANISH = {"late": "Pakken er forsinket", "damaged": "Varen er beskadiget"}
GERMAN = {"late": "Paket ist verspätet", "damaged": "Ware ist beschädigt"}
FRENCH = {"late": "Colis en retard", "damaged": "Article abîmé"}


@pytest.mark.parametrize(
    ("language", "labels", "text", "reason"),
    [
        ("en", ENGLISH, "my parcel still hasn't come, it's late", "late"),
        ("en-GB", ENGLISH, "Two PARCELS, both late.", "late"),
        ("en", ENGLISH, "the shoes don't fit", "fits-not"),
        ("en", ENGLISH, "Which one of the two fits a 26 inch wheel?", "which"),
        ("en", ENGLISH, "I put the wrong address on my order", "address"),
        ("nl", DUTCH, "Waarom is mijn pakketje zo laat?", "late"),
        ("nl", DUTCH, "Het onderdeel past niet", "fits-not"),
        ("nl", DUTCH, "ik weet niet welke er past", "which"),
        ("da", DANISH, "Min pakke er forsinket", "late"),
        ("da", DANISH, "Den vare jeg fik er beskadiget", "damaged"),
        ("de", GERMAN, "Mein Paket ist verspatet", "late"),
        ("fr", FRENCH, "Mon colis est en retard", "late"),
        # Part of it is not enough: of a parcel that is only named nobody knows what is the matter.
        ("en", ENGLISH, "Where is my parcel?", ""),
        ("nl", DUTCH, "Waar blijft mijn pakket?", ""),
        # Two fit.
        ("en", ENGLISH, "The parcel was late and damaged", ""),
        # None does, in words that only begin alike.
        ("nl", {"late": "Te laat"}, "Laatste keer dat ik hier bestel", ""),
        ("en", ENGLISH, "Hello, are you there?", ""),
        ("en", ENGLISH, "", ""),
        # No language of ours.
        ("pl", {"late": "Paczka"}, "Paczka", ""),
        ("en", {}, "my parcel is late", ""),
        ("en", {"odd": "…"}, "my parcel is late …", ""),
    ],
)
def test_one_reason_that_clearly_fits(language: str, labels: dict[str, str], text: str, reason: str) -> None:
    assert guess_reason(said(f"c: {text}"), language, labels) == reason


def test_only_the_customers_words_count_and_each_message_by_itself() -> None:
    assert guess_reason(said("a: Is your parcel late?", "c: yes"), "en", ENGLISH) == ""
    assert guess_reason(said("c: it is about my parcel", "c: I was late to order"), "en", ENGLISH) == ""
    assert guess_reason(said("c: hello", "c: my parcel is late", "c: and?"), "en", ENGLISH) == "late"


@given(st.lists(st.text(max_size=60), max_size=4), st.dictionaries(st.text(max_size=3), st.text(max_size=30)))
def test_a_guess_is_one_of_the_reasons_or_none(texts: list[str], labels: dict[str, str]) -> None:
    found = guess_reason(said(*(f"c: {text}" for text in texts)), "nl", labels)
    assert not found or found in labels
