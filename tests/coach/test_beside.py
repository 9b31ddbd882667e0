"""What stands beside a time: who was named before, what was asked, and the sentences around it."""

from __future__ import annotations

import pytest

from supportterm.coach.promising import find
from supportterm.coach.promising.patterns import Phrasing, complaint


@pytest.mark.parametrize(
    "text",
    [
        "Dat weet onze inkoper beter. Hij mailt u voor 5 uur het antwoord.",
        "Ik geef het door aan de werkplaats, die bellen u morgen.",
        "Onze mevrouw van de douane is er maandag weer, ze belt u dan direct.",
        "Vanmiddag belt Joost u daarover op.",
    ],
)
def test_a_colleague_may_be_named_before(text: str) -> None:
    found = find(text, "nl")
    assert found is not None
    assert found.kind == "clock"


def test_who_is_no_colleague_promises_nothing() -> None:
    assert find("De koerier heeft uw nummer. Hij belt u tussen 2 en 4.", "nl") is None
    assert find("Uw buurman heeft het pakje, hij is om 5 uur thuis.", "nl") is None


def test_what_is_not_known_is_no_promise() -> None:
    assert find("Ik kan u helaas niet zeggen of ik morgen al een antwoord voor u heb.", "nl") is None


def test_how_long_it_takes_belongs_to_the_sentence_after_it() -> None:
    found = find("Dat gaat een week duren. Daarna bericht ik u.", "nl")
    assert found is not None
    assert found.ms == 7 * 86_400_000
    assert find("Dat gaat een week duren. Het apparaat moet eerst drogen.", "nl") is None


def test_a_stretch_may_end_in_a_small_question() -> None:
    found = find("vijf minuten, ja?", "nl")
    assert found is not None
    assert found.ms == 300_000
    assert find("vijf minuten, of was het langer?", "nl") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("minuutje of vijf, dan heb ik het", 300), ("Ik heb een uur of anderhalf nodig", 5400)],
)
def test_about_so_many(text: str, seconds: int) -> None:
    found = find(text, "nl")
    assert found is not None
    assert found.ms == seconds * 1000


def test_an_article_is_no_hour() -> None:
    found = find("U krijgt uiterlijk maandag telefoon van ons om een afspraak in te plannen", "nl")
    assert found is not None
    assert found.clock is not None
    assert found.clock.minute < 0


def test_a_sign_for_one_word() -> None:
    phrasing = Phrasing(["calls _ _? you"])
    assert phrasing.within(" then calls anna you ")
    assert phrasing.within(" then calls our anna you ")
    assert not phrasing.within(" then calls you ")
    assert not phrasing.within(" then calls #t you ")
    assert complaint("calls _ you", gaps=True) == ""
    assert complaint("calls _ you", gaps=False)
