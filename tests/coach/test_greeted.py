"""A greeting alone is known as one, and nothing that says more is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.greeted import is_greeting
from supportterm.coach.greeting import greeting, languages


@pytest.mark.parametrize("language", languages())
def test_what_the_console_offers_is_one_unless_it_asks(language: str) -> None:
    for hour, name, wrote, familiar, cross in product(
        (8, 14, 20),
        ("", "Eva", "Anne-Marie O’Neil"),
        ((), ("Hallo",), ("48213",), ("F-40922",), ("ordre: A12-77/2026",)),
        (False, True),
        (False, True),
    ):
        line = greeting(language, name, "Anna de Vries", wrote, hour, familiar, cross)
        assert is_greeting(line, language, "Anna de Vries") is not line.rstrip().endswith("?"), line
        assert is_greeting(line, "", "Anna de Vries") is is_greeting(line, language, "Anna de Vries")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Hoi!"),
        ("nl", "Hallo Eva, met Anna. Ik neem het over van Bo."),
        ("nl", "Hoi Eva, je spreekt met Anna. Momentje, ik kijk even."),
        ("nl", "Beste mevrouw Jansen, u spreekt nu met Anna."),
        ("nl", "Goedendag, je spreekt met Anna. Ik kijk meteen met je mee."),
        ("da", "Halløj Eva, du taler med Anna. Jeg kigger på det med det samme."),
        ("en", "Good day Eva, this is Anna."),
        ("de", "Grüß dich Eva, hier ist Anna."),
        ("da", "Hej Eva, jeg hedder Anna og jeg overtager chatten fra Bo."),
        ("en", "Hello again Eva, Anna here. I'm taking over from Bo 👋"),
        ("de", "Sehr geehrte Frau Mulder, hier ist Anna. Ich übernehme den Chat von Bo."),
        ("fr", "Bonjour Eva, je suis Anna, une collègue de Bo. Je prends le relais."),
        ("en", "Hoi Eva, met Anna"),
    ],
)
def test_a_greeting_alone(language: str, text: str) -> None:
    assert is_greeting(text, language, "Anna de Vries")
    assert is_greeting(text, language, "")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", ""),
        ("nl", "Momentje"),
        ("nl", "Hoi Eva, je pakket komt morgen."),
        ("nl", "Hoi Eva, met Anna. Waar gaat het om?"),
        ("nl", "Beste."),
        ("nl", "Hoi, je spreekt met Bo"),
        ("de", "Lieber."),
        ("en", "Hello. It is Tuesday."),
        ("en", "This is Wrong"),
        ("en", "Hi Eva, 48213"),
        ("da", "Hej Eva, ja"),
        ("en", "Hi " * 200),
    ],
)
def test_what_says_more_or_less_is_none(language: str, text: str) -> None:
    assert not is_greeting(text, language, "Anna de Vries")


@given(
    st.sampled_from(languages()), st.sampled_from(["Het komt vrijdag.", "It is in Utrecht.", "Ja.", "48213"])
)
def test_an_answer_behind_a_greeting_is_an_answer(language: str, answer: str) -> None:
    line = greeting(language, "Eva", "Anna", ("Hallo",), 14, familiar=False, irritated=False)
    assert not is_greeting(f"{line} {answer}", language, "Anna")


@given(st.text(max_size=320), st.sampled_from([*languages(), "xx", ""]), st.text(max_size=20))
def test_it_never_raises(text: str, language: str, agent: str) -> None:
    assert is_greeting(text, language, agent) in {True, False}
