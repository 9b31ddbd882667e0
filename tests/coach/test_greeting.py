"""The first words an agent is offered: language, name, what was written, and who has had enough."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.greeting import greeting, greetings, irritated, languages, order_number
from supportterm.coach.tone import Tone

TONE = Tone()


def offered(language: str = "nl", name: str = "", wrote: tuple[str, ...] = (), **how: bool) -> str:
    return greeting(
        language,
        name,
        "Anna",
        wrote,
        14,
        how.get("familiar", False),
        how.get("irritated", False),
    )


def test_every_language_of_the_customers_has_greetings() -> None:
    assert set(languages()) >= {"nl", "da", "en", "de", "fr"}
    for language in languages():
        assert greetings(language).irritated


@pytest.mark.parametrize(
    ("language", "hello", "taken_up"),
    [
        ("nl", "Goedemiddag Eva, u spreekt met Anna.", "Ik zie uw vraag over bestelling 48213"),
        ("nl-BE", "Goedemiddag Eva, u spreekt met Anna.", "Ik zie uw vraag over bestelling 48213"),
        ("da", "Hej Eva, du taler med Anna.", "Jeg kan se dit spørgsmål om ordre 48213"),
        ("en", "Good afternoon Eva, this is Anna.", "I see your question about order 48213"),
        ("de", "Guten Tag Eva, hier ist Anna.", "Ich sehe Ihre Frage zur Bestellung 48213"),
        ("fr", "Bonjour Eva, ici Anna.", "Je vois votre question sur la commande 48213"),
    ],
)  # fmt: skip
def test_a_name_and_what_was_written_are_taken_up(language: str, hello: str, taken_up: str) -> None:
    assert offered(language, "Eva", ("48213",)).startswith(f"{hello} {taken_up}")


def test_what_is_not_known_is_not_made_up() -> None:
    assert offered() == "Goedemiddag, u spreekt met Anna. Waarmee kan ik u helpen?"
    assert offered(wrote=("hallo?",)).endswith("Ik heb gelezen wat u schreef en kijk met u mee.")
    assert offered(wrote=(" ",)).endswith("Waarmee kan ik u helpen?")
    assert offered("xx", "Eva") == "Good afternoon Eva, this is Anna. What can I help you with?"


@pytest.mark.parametrize(
    ("hour", "hello"),
    [(0, "Goedenavond"), (4, "Goedenavond"), (5, "Goedemorgen"), (11, "Goedemorgen"), (12, "Goedemiddag"),
     (17, "Goedemiddag"), (18, "Goedenavond"), (23, "Goedenavond")],
)  # fmt: skip
def test_the_time_of_the_day(hour: int, hello: str) -> None:
    assert greeting("nl", "", "Anna", (), hour, False, False).startswith(f"{hello},")


@pytest.mark.parametrize("language", ["nl", "da", "en", "de", "fr"])
def test_no_greeting_shouts_or_sells_and_none_gets_a_hint(language: str) -> None:
    for familiar, cross, name, wrote in product(
        (False, True), (False, True), ("", "Eva"), ((), ("Hallo",), ("Bestelling 48213",))
    ):
        line = offered(language, name, wrote, familiar=familiar, irritated=cross)
        assert "!" not in line
        assert line.isascii() or all(one.isalpha() or one in "’«» " for one in line if not one.isascii())
        assert "{" not in line
        assert TONE.hint(line, language) is None


@pytest.mark.parametrize("language", ["nl", "da", "en", "de", "fr"])
def test_who_is_irritated_gets_a_calm_line(language: str) -> None:
    for familiar in (False, True):
        line = offered(language, "Eva", ("48213",), familiar=familiar, irritated=True)
        usual = offered(language, "Eva", ("48213",), familiar=familiar)
        assert line != usual
        assert not line.startswith(("Hoi", "Hej", "Hi ", "Hallo"))
        assert "48213" in line


def test_familiar() -> None:
    assert offered("nl", "Eva", familiar=True) == "Hoi Eva, je spreekt met Anna. Waarmee kan ik je helpen?"
    assert "deine Frage" in offered("de", "Eva", ("Bestellung 48213",), familiar=True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Eva", "Eva"),
        ("  Eva \n van   Dijk ", "Eva van Dijk"),
        ("Anne-Marie O’Neil", "Anne-Marie O’Neil"),
        ("Søren", "Søren"),
        ("{agent}", ""),
        ("eva@x.example", ""),
        ("klant 12", ""),
        ("Eva\x1b[2J", ""),
        ("...", ""),
        ("x" * 41, ""),
        ("FREE MONEY!!! http://x", ""),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert offered("nl", name).startswith(f"Goedemiddag {shown}, " if shown else "Goedemiddag, ")


@pytest.mark.parametrize(
    ("wrote", "number"),
    [
        (("Waar is 48213?",), "48213"),
        (("bestelling 4821",), "4821"),
        (("Bestelnummer: AB-48213.",), "AB-48213"),
        (("ordernummer is #48213",), "48213"),
        (("hallo", "het gaat om 48213", "48213 dus"), "48213"),
        (("eerst 48213 en dan 48999",), ""),
        (("48999 en bestelling 48213",), "48213"),
        (("mijn bestelling van 2026",), ""),
        (("in 2026 gekocht",), ""),
        (("bel 0612345678",), ""),
        (("bel +31612345678",), ""),
        (("het was € 12345",), ""),
        (("€12345",), ""),
        (("kaart •••• 12345",), ""),
        (("ik betaalde 12345 euro of 12345kr",), ""),
        (("kaart ••••12345",), ""),
        (("1012 AB",), ""),
        (("12-05-2026 12:30 12345.67",), ""),
        ((), ""),
    ],
)
def test_order_numbers(wrote: tuple[str, ...], number: str) -> None:
    assert order_number(wrote, "nl") == number


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Dit is de derde keer dat ik dit vraag"),
        ("nl", "belachelijk dit"),
        ("nl", "Ik ben het echt zat"),
        ("nl", "Ik heb al vier keer gebeld"),
        ("nl", "wat een slechte service zeg"),
        ("nl", "Ik heb nog steeds niets gehoord"),
        ("nl", "Ik ben heel boos"),
        ("da", "Det er tredje gang jeg skriver"),
        ("da", "Helt til grin"),
        ("da", "Jeg har skrevet fire gange nu"),
        ("da", "Elendig kundeservice"),
        ("da", "jeg har stadig ikke fået svar"),
        ("da", "Jeg er virkelig skuffet"),
        ("en", "This is the third time I'm asking"),
        ("en", "ridiculous"),
        ("en", "I'm so fed up with this"),
        ("en", "I have called four times"),
        ("en", "worst service ever"),
        ("en", "I still haven't received a reply"),
        ("en", "I want to file a complaint"),
        ("de", "Das ist eine Frechheit"),
        ("de", "Ich warte seit drei Wochen"),
        ("fr", "C'est la troisième fois que je vous écris"),
        ("fr", "Je suis très déçue"),
    ],
)
def test_who_has_had_enough(language: str, text: str) -> None:
    assert irritated(["Hallo", text], language)
    assert irritated([text.upper()], language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "WAAR IS MIJN PAKKET???"),
        ("nl", "Ik ben niet boos hoor, maar waar is mijn pakket?"),
        ("nl", "Mijn band is drie keer lek geraakt"),
        ("nl", "Hallo, kan ik deze in het zwart krijgen?"),
        ("nl", "Ik heb een probleem met mijn bestelling, hij is kapot"),
        ("da", "HVOR ER MIN PAKKE!!!"),
        ("da", "Jeg er ikke sur, men hvor er den?"),
        ("da", "Kan I hjælpe mig med en retur?"),
        ("en", "WHERE IS MY ORDER!!!"),
        ("en", "I'm not angry, just wondering"),
        ("en", "Something is broken and I'd like my money back please"),
        ("en", "I called once and it was fine"),
        ("de", "WO IST MEIN PAKET"),
        ("fr", "OÙ EST MON COLIS"),
        ("xx", "zzz"),
    ],
)
def test_who_only_asks(language: str, text: str) -> None:
    assert not irritated([text], language)
    assert not irritated([], language)


@given(st.text(max_size=60), st.text(max_size=30), st.sampled_from([*languages(), "xx"]), st.integers(0, 23))
def test_nothing_a_customer_writes_breaks_it(wrote: str, name: str, language: str, hour: int) -> None:
    line = greeting(language, name, "Anna", [wrote], hour, False, irritated([wrote], language))
    assert line.isprintable()
    assert "Anna" in line
