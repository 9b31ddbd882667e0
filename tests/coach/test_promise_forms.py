"""Forms of a promise that the code reads, whatever the words of a language are."""

from __future__ import annotations

import pytest

from supportterm.coach.promising import find

from .phrases import said


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        # A letter that is elided before a word stands before it, with an apostrophe or without.
        ("fr", "Dans 10 minutes je t'appelle", "duration 600"),
        ("fr", "dans 10 minutes je tappelle", "duration 600"),
        ("fr", "Notre équipe l'étudie et l'entrepôt vous recontacte mardi", "at tue"),
        # The noon of a day in one word.
        ("de", "Ich melde mich Dienstagmittag", "at tue 12:00"),
        # The point of a title ends no sentence, that of a sentence does.
        ("fr", "M. Delvaux vous rappelle vendredi", "at fri"),
        ("de", "Unser Herr Dr. Kern ruft Sie am Freitag an", "at fri"),
        ("fr", "C'est la taille M. Vendredi le colis arrive.", "none"),
        # Of two numbers with a comma between them the higher counts, if it is the second.
        ("de", "Geben Sie mir zwei, drei Minuten", "duration 180"),
        ("de", "Ich rufe in fünf, höchstens sechs Minuten an", "duration 360"),
        # What is denied is not promised with what hangs on it.
        ("de", "Ich kann nicht versprechen, dass ich mich heute noch melde", "none"),
        ("en", "I can't promise that I will be back today", "none"),
        ("de", "Ich verspreche, dass ich mich heute noch melde", "at today"),
        # A vague promise may be followed by what it is about.
        ("fr", "Je demande à Sandrine, elle connaît bien ces machines", "vague 120"),
        # What the customer is told to wait for asks them for nothing.
        ("fr", "Appliquez la colle, attendez un moment, deux minutes, puis pressez", "none"),
    ],
)
def test_a_form(lang: str, text: str, expected: str) -> None:
    assert expected in said(find(text, lang))
