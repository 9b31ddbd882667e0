"""Which of a shop's reasons the customer's words name: only one that clearly fits, else none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.understanding import guess_reason
from supportterm.commands.reasons import starter

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
_LANGUAGES = ("en", "nl", "da", "de", "fr")
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


#: As `supportterm init --reasons starter` has them.
STARTER = {language: {one.id: one.label[language] for one in starter([language])} for language in _LANGUAGES}


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        # What anybody says, and what any reason may be about, makes no guess.
        ("en", "My order is damaged, I want a new one", ""),
        ("en", "I want to know where my order is", ""),
        ("en", "I don't know where my parcel is", ""),
        ("en", "I'd like to know something about my order before Friday", ""),
        ("en", "I want to order a new one", ""),
        ("nl", "Ik wil graag weten waar mijn bestelling is", ""),
        ("nl", "Mijn bestelling is kapot, ik wil graag een nieuwe", ""),
        ("nl", "Ik weet niet waar mijn pakket is", ""),
        ("nl", "Ik wil iets weten over mijn bestelling", ""),
        ("da", "Jeg vil vide hvor min ordre er", ""),
        ("da", "Jeg ved ikke, hvor min pakke er", ""),
        ("da", "Jeg vil gerne have en ny ordre", ""),
        ("de", "Ich will wissen, wo meine Bestellung ist", ""),
        ("fr", "Je voudrais savoir où est ma commande", ""),
        # What tells a reason from the others does.
        ("en", "I want to change my order", "change-order"),
        ("en", "Can the order still be changed?", "change-order"),
        ("en", "Hi, my parcel is late again", "parcel-late"),
        ("en", "It arrived damaged", "damaged"),
        ("en", "Where can I return these shoes?", "where-to-return"),
        ("en", "the jacket does not fit", "does-not-fit"),
        ("nl", "Ik wil mijn bestelling graag wijzigen", "change-order"),
        ("nl", "mijn bestelling 55120 is beschadigd aangekomen. Ik wil graag een nieuwe", "damaged"),
        ("nl", "Mijn pakket is veel te laat", "parcel-late"),
        ("nl", "de factuur is mij onduidelijk", "payment"),
        ("da", "Jeg vil gerne ændre min ordre", "change-order"),
        ("da", "Min cykel er beskadiget, jeg vil have en ny", "damaged"),
        ("da", "Min pakke er forsinket", "parcel-late"),
        ("da", "Jeg venter stadig på mine penge", "money-back"),
        ("de", "Ich möchte meine Bestellung ändern", "change-order"),
        ("fr", "Je voudrais modifier ma commande", "change-order"),
    ],
)
def test_of_the_starter_reasons_a_telling_word_must_be_heard(language: str, text: str, reason: str) -> None:
    assert guess_reason(said(f"c: {text}"), language, STARTER[language]) == reason


def test_what_most_reasons_are_about_tells_none_of_them() -> None:
    labels = {"a": "Wheel is bent", "b": "Wheel squeaks", "c": "Wheel wobbles", "d": "Brake squeaks"}
    assert guess_reason(said("c: my wheel!"), "en", labels | {"e": "Wheel"}) == ""
    assert guess_reason(said("c: the wheel squeaks"), "en", labels) == "b"


def test_only_the_customers_words_count_and_each_message_by_itself() -> None:
    assert guess_reason(said("a: Is your parcel late?", "c: yes"), "en", ENGLISH) == ""
    assert guess_reason(said("c: it is about my parcel", "c: I was late to order"), "en", ENGLISH) == ""
    assert guess_reason(said("c: hello", "c: my parcel is late", "c: and?"), "en", ENGLISH) == "late"


@given(st.lists(st.text(max_size=60), max_size=4), st.dictionaries(st.text(max_size=3), st.text(max_size=30)))
def test_a_guess_is_one_of_the_reasons_or_none(texts: list[str], labels: dict[str, str]) -> None:
    found = guess_reason(said(*(f"c: {text}" for text in texts)), "nl", labels)
    assert not found or found in labels
