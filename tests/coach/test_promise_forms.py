"""Forms of a promise that the code reads, whatever the words of a language are."""

from __future__ import annotations

import pytest

from supportterm.coach.promising import find
from supportterm.coach.promising.language import language

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
        # What leads to a day of the month leads to an hour where one follows, and where nothing says day.
        ("de", "Ich melde mich bis 17 Uhr", "at 17:00"),
        ("de", "Ich melde mich bis spätestens 17 Uhr", "at 17:00"),
        ("de", "Ich melde mich bis 5", "at 17:00"),
        ("de", "Ich melde mich bis zum 5.", "at 5/0"),
        ("en", "I'll be back by the 5th", "at 5/0"),
        # Talked and written short.
        ("de", "ich meld mich heut abend nochmal", "at today evening"),
        ("de", "ich frag nach, dauert ne viertel stunde", "duration 900"),
        ("fr", "je reviens dans une 15aine de minutes", "duration 900"),
        ("nl", "voor den noen laat ik het u weten", "at 12:00"),
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


@pytest.mark.parametrize(
    ("lang", "promise", "hours"),
    [
        ("nl", "Ik laat het u {} weten", ("17 uur", "17u", "17:00", "17.00 uur")),
        ("da", "Jeg vender tilbage {}", ("kl. 17", "17:00", "17.00")),
        ("en", "I'll be back {}", ("5 pm", "5pm", "17:00", "5 o'clock")),
        ("de", "Ich melde mich {}", ("17 Uhr", "17:00", "17.00 Uhr")),
        ("fr", "Je reviens vers vous {}", ("17h00", "17:00")),
    ],
)
def test_whatever_leads_to_an_hour_leads_to_it(lang: str, promise: str, hours: tuple[str, ...]) -> None:
    known = language(lang)
    assert known is not None
    clocks = known.wording.clocks
    for lead in set(clocks.bare or ("à", "avant", "vers", "au plus tard à")) - set(clocks.until):
        for hour in hours:
            text = promise.format(f"{lead} {hour}")
            assert "at 17:00" in said(find(text, lang)), text
