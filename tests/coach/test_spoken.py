"""What a customer writes, whatever their browser speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.spoken import spoken

TEXTS = {
    "nl": "Ik heb nu al twee keer gebeld en wil graag weten waar mijn pakket is, ik heb het vrijdag nodig.",
    "da": "Jeg har ringet to gange og vil gerne vide, hvor min pakke er, jeg skal bruge den på fredag.",
    "en": "I have called twice now and I would like to know where my parcel is, I need it on Friday.",
    "de": "Ich habe schon zweimal angerufen und möchte gern wissen, wo mein Paket ist, ich brauche es jetzt.",
    "fr": "J'ai déjà appelé deux fois et je voudrais savoir où est mon colis, il me le faut pour vendredi.",
}


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("expected", [*TEXTS, "", "es", "en-GB"])
def test_a_sentence_tells(lang: str, expected: str) -> None:
    found = spoken([TEXTS[lang]], expected)
    assert found == (expected if expected.partition("-")[0] == lang else lang)


@pytest.mark.parametrize("text", ["", "48213", "ok", "hallo", "Is de lamp LED?", "https://shop.example/da/"])
def test_in_doubt_it_is_what_was_expected(text: str) -> None:
    assert spoken([text], "en") == "en"


def test_a_language_nobody_taught_us_is_none_of_ours() -> None:
    spanish = "Hola, quiero saber dónde está mi paquete porque lo necesito para el viernes, gracias"
    assert spoken([spanish], "es") == "es"


@given(st.lists(st.text(), max_size=5), st.sampled_from(["nl", "en", "", "xx"]))
def test_it_never_raises(texts: list[str], expected: str) -> None:
    assert isinstance(spoken(texts, expected), str)
