"""Drafts of a summary: in the customer's language and words, in the agent's mouth."""

from __future__ import annotations

import re

import pytest

from supportterm.coach.understanding import Line, Slots, ask, draft, languages, slots
from supportterm.coach.understanding.rules import rules_of
from supportterm.coach.understanding.turning import turned
from tests.coach.understanding import said
from tests.coach.understanding_chats import chats

QUESTIONS = {
    "nl": "Klopt dat?",
    "da": "Er det rigtigt?",
    "en": "Is that right?",
    "de": "Ist das richtig?",
    "fr": "C'est bien cela ?",
}
#: Words of a customer about themselves, which no agent says of them.
OWN = {
    "nl": r"ik|mijn|mij|m'n",
    "da": r"jeg|mig|min|mit|mine",
    "en": r"i|i'm|i've|my|me|mine",
    "de": r"ich|mein\w*|mir|mich|habe",
    "fr": r"je|j'\w+|mon|ma|mes|moi",
}

WHOLE = [
    (
        "nl",
        False,
        ["c: Ik heb mijn lamp kapot ontvangen, bestelling 48213", "c: ik wil graag mijn geld terug"],
        "Als ik u goed begrijp: u heeft uw lamp kapot ontvangen (bestelling 48213). "
        "U wilt graag uw geld terug. Klopt dat?",
    ),
    (
        "nl",
        True,
        ["c: Ik heb mijn lamp kapot ontvangen, bestelling 48213", "c: ik wil graag mijn geld terug"],
        "Als ik je goed begrijp: je hebt je lamp kapot ontvangen (bestelling 48213). "
        "Je wilt graag je geld terug. Klopt dat?",
    ),
    (
        "da",
        True,
        ["c: Min lampe er gået i stykker, ordre 48213", "c: jeg vil gerne have mine penge tilbage"],
        "Bare så jeg er sikker på, at jeg har forstået dig rigtigt: din lampe er gået i stykker "
        "(ordre 48213). Du vil gerne have dine penge tilbage. Er det rigtigt?",
    ),
    (
        "en",
        False,
        ["c: my lamp arrived broken, order 48213", "c: I would like my money back by Friday"],
        "Just to be sure I understand: your lamp arrived broken (order 48213). "
        "You would like your money back by Friday. Is that right?",
    ),
    (
        "de",
        False,
        ["c: Ich habe meine Lampe kaputt bekommen, Bestellung 48213", "c: Ich möchte mein Geld zurück"],
        "Damit ich Sie richtig verstehe: Sie haben Ihre Lampe kaputt bekommen (Bestellung 48213). "
        "Sie möchten Ihr Geld zurück. Ist das richtig?",
    ),
    (
        "de",
        True,
        ["c: Ich habe meine Lampe kaputt bekommen, Bestellung 48213", "c: Ich möchte mein Geld zurück"],
        "Damit ich dich richtig verstehe: du hast deine Lampe kaputt bekommen (Bestellung 48213). "
        "Du möchtest dein Geld zurück. Ist das richtig?",
    ),
    (
        "fr",
        False,
        ["c: J'ai reçu ma lampe cassée, commande 48213", "c: pouvez-vous m'envoyer une nouvelle ?"],
        "Si je comprends bien : vous avez reçu votre lampe cassée (commande 48213). "
        "Vous souhaitez que nous puissions vous envoyer une nouvelle. C'est bien cela ?",
    ),
    (
        "fr",
        True,
        ["c: J'ai reçu ma lampe cassée, commande 48213", "c: pouvez-vous m'envoyer une nouvelle ?"],
        "Si je comprends bien : tu as reçu ta lampe cassée (commande 48213). "
        "Tu souhaites que nous puissions t'envoyer une nouvelle. C'est bien cela ?",
    ),
]


#: A customer's words, and what the draft says of them. Which one is meant stands behind a comma.
MEANT = [
    (
        "da",
        "Hej, hvilke bremseklodser passer til den damecykel, jeg købte hos jer for fire år siden?",
        "dit spørgsmål er: hvilke bremseklodser passer til den damecykel, du købte hos os for fire år siden?",
    ),
    ("da", "Hvad koster en jakke, jeg så i går?", "dit spørgsmål er: hvad koster en jakke, du så i går?"),
    (
        "da",
        "Har I den lampe, jeg købte i maj, på lager?",
        "dit spørgsmål er: har vi den lampe, du købte i maj, på lager?",
    ),
    (
        "da",
        "De bukser, jeg modtog i går, passer ikke. Jeg vil gerne bytte dem.",
        "de bukser, du modtog i går, passer ikke. Du vil gerne bytte dem.",
    ),
    # What comes behind it is a wish, or a trouble of its own.
    (
        "da",
        "Jeg har modtaget den forkerte, jeg vil gerne bytte den.",
        "du har modtaget den forkerte. Du vil gerne bytte den.",
    ),
    ("da", "Jeg så den lampe, jeg kan ikke betale", "du kan ikke betale."),
    (
        "nl",
        "Welke remblokken passen op de fiets, die ik vier jaar geleden bij jullie kocht?",
        "je vraag is: welke remblokken passen op de fiets, die je vier jaar geleden bij ons kocht?",
    ),
    (
        "nl",
        "Wat kost de jas, waarvan jullie gisteren een foto plaatsten?",
        "je vraag is: wat kost de jas, waarvan wij gisteren een foto plaatsten?",
    ),
    (
        "nl",
        "Welke remblokken passen op mijn fiets, ik heb hem in mei gekocht?",
        "je vraag is: welke remblokken passen op je fiets, je hebt hem in mei gekocht?",
    ),
    (
        "en",
        "Which brake blocks fit the bike, the one I bought four years ago?",
        "your question is: which brake blocks fit the bike, the one you bought four years ago?",
    ),
    (
        "en",
        "Which brake blocks fit my bike, I bought it four years ago?",
        "your question is: which brake blocks fit your bike, you bought it four years ago?",
    ),
    (
        "en",
        "The bike, the one I bought in May, is broken. What now?",
        "the bike, the one you bought in May, is broken. Your question is: what now?",
    ),
    (
        "de",
        "Welche Bremsbeläge passen an das Rad, auf dem ich sitze?",
        "deine Frage ist: Welche Bremsbeläge passen an das Rad, auf dem du sitzt?",
    ),
    (
        "fr",
        "Quels patins vont sur le vélo, celui que j'ai acheté chez vous ?",
        "ta question est : quels patins vont sur le vélo, celui que tu as acheté chez nous ?",
    ),
]


@pytest.mark.parametrize(("language", "line", "part"), MEANT)
def test_what_says_which_one_is_meant_stays_with_its_question_or_trouble(
    language: str, line: str, part: str
) -> None:
    text = draft(slots(said(f"c: {line}"), language), language, familiar=True)
    assert re.split(r": ", text, maxsplit=1)[1] == f"{part} {QUESTIONS[language]}"


@pytest.mark.parametrize(("language", "familiar", "lines", "text"), WHOLE)
def test_a_whole_draft(language: str, familiar: bool, lines: list[str], text: str) -> None:
    assert draft(slots(said(*lines), language), language, familiar=familiar) == text


CHATS = [(language, number) for language in languages() for number in range(len(chats(language)))]


@pytest.mark.parametrize("familiar", [False, True])
@pytest.mark.parametrize(("language", "number"), CHATS)
def test_every_draft_speaks_of_you_and_ends_with_the_question(
    language: str, number: int, familiar: bool
) -> None:
    text = draft(slots(chats(language)[number].conversation(), language), language, familiar=familiar)
    assert text.endswith(QUESTIONS[language])
    _, opened, rest = text.partition(":")
    assert opened
    own = re.search(rf"(?<![\w'])(?:{OWN[language]})(?![\w'])", rest.lower())
    assert own is None, text
    assert "{" not in text
    assert "  " not in text


@pytest.mark.parametrize(("language", "number"), CHATS)
def test_every_quote_stands_where_it_says_in_a_line_of_the_customer(language: str, number: int) -> None:
    lines = chats(language)[number].conversation()
    quotes = list(slots(lines, language).quotes())
    assert quotes
    for quote in quotes:
        assert lines[quote.line].who == "customer"
        assert lines[quote.line].text[quote.start : quote.end] == quote.text != ""


def test_nothing_said_is_no_draft() -> None:
    for language in languages():
        assert draft(Slots(), language, familiar=False) == ""
    assert draft(slots(said("c: my lamp broke"), "en"), "xx", familiar=False) == ""


def test_an_empty_slot_offers_its_question_in_both_forms() -> None:
    found = slots(said("c: mijn lamp is kapot"), "nl")
    assert found.empty() == ("wants", "tried", "by_when")
    assert ask("wants", "nl", familiar=False) == "Wat zou voor u een goede oplossing zijn?"
    assert ask("wants", "nl", familiar=True) == "Wat zou voor jou een goede oplossing zijn?"
    for language in languages():
        for slot in Slots().empty():
            assert ask(slot, language, familiar=True).endswith("?")
    assert ask("wants", "xx", familiar=True) == ""


def test_a_wish_inside_the_trouble_is_said_once() -> None:
    lines = said("c: I want to cancel my subscription but the button doesn't respond")
    assert draft(slots(lines, "en"), "en", familiar=False).count("cancel") == 1


def test_a_question_is_asked_back_and_an_answer_is_not() -> None:
    asked = draft(slots(said("c: Is mijn lamp nog leverbaar in het blauw?"), "nl"), "nl", familiar=False)
    assert "uw vraag is: is uw lamp nog leverbaar in het blauw? " in asked
    lines = said("c: my lamp broke", "a: What would be a good solution?", "c: A new lamp or a voucher")
    assert "What you would like is: a new lamp or a voucher." in draft(
        slots(lines, "en"), "en", familiar=False
    )


def test_the_customers_number_is_never_cut() -> None:
    lines = said("c: my code SPRING20 does not work on order AB-48213-7")
    assert [one.quote.text for one in slots(lines, "en").about] == ["AB-48213-7", "SPRING20"]


def test_a_number_that_was_put_right_is_said_no_more() -> None:
    lines = [
        *said("c: Mijn bestelling 48213 is niet aangekomen"),
        Line("agent", "uw bestelling 48213 is niet aangekomen. Klopt dat?", 2, "summary_sent"),
        Line("customer", "", 3, "summary_corrected"),
        Line("customer", "Nee, het is bestelling 48214", 3),
    ]
    found = slots(lines, "nl")
    assert [one.quote.text for one in found.about] == ["48214"]
    text = draft(found, "nl", familiar=False)
    assert "48213" not in text
    assert text.count("48214") == 1
    # One more order is no correction of the first.
    both = slots(said("c: Mijn bestelling 48213 is niet aangekomen", "c: bestelling 48214 ook niet"), "nl")
    assert [one.quote.text for one in both.about] == ["48213", "48214"]


@pytest.mark.parametrize(
    ("language", "text", "polite", "familiar"),
    [
        ("nl", "ik verhuis vrijdag", "u verhuist vrijdag", "je verhuist vrijdag"),
        ("nl", "ik verhuisde vrijdag", "u verhuisde vrijdag", "je verhuisde vrijdag"),
        ("nl", "ik ook niet", "u ook niet", "je ook niet"),
        ("de", "ich erwarte das Geld", "Sie erwarten das Geld", "du erwartest das Geld"),
        ("de", "ich reise morgen ab", "Sie reisen morgen ab", "du reist morgen ab"),
        ("de", "ich bestellte zwei", "Sie bestellten zwei", "du bestelltest zwei"),
        ("de", "ich habe bestellt", "Sie haben bestellt", "du hast bestellt"),
        ("fr", "je déménage jeudi", "vous déménagez jeudi", "tu déménages jeudi"),
        (
            "fr",
            "je ne retrouve pas mon code",
            "vous ne retrouvez pas votre code",
            "tu ne retrouves pas ton code",
        ),
        ("fr", "je me demande", "vous vous demandez", "tu te demandes"),
    ],
)
def test_verbs_that_no_list_has_are_turned_by_their_ending(
    language: str, text: str, polite: str, familiar: str
) -> None:
    rules = rules_of(language)
    assert rules is not None
    assert turned(text, rules, familiar=False) == polite
    assert turned(text, rules, familiar=True) == familiar


@pytest.mark.parametrize(
    ("lang", "lines", "draft_"),
    [
        (
            "en",
            ["c: hey quick question", "c: does the Bobo child seat fit on a rack thats 14cm wide"],
            "Just to be sure I understand: your question is: does the Bobo child seat fit on a rack thats"
            " 14cm wide? Is that right?",
        ),
        (
            "nl",
            ["c: fietslamp kapot aangekomen 😕", "c: glas is gebroken"],
            "Als ik u goed begrijp: fietslamp kapot aangekomen. Klopt dat?",
        ),
        (
            "nl",
            ["c: Mijn pakket staat al drie dagen op 'onderweg'"],
            "Als ik u goed begrijp: uw pakket staat al drie dagen op onderweg. Klopt dat?",
        ),
        (
            "nl",
            [
                "c: Goedemorgen, mijn verzekeraar wil een slot met keurmerk. Geldt dat voor het beugelslot"
                " dat ik gisteren kocht? Bestelling F-71305."
            ],
            "Als ik u goed begrijp: het gaat om bestelling F-71305. Uw vraag is: geldt dat voor het"
            " beugelslot dat u gisteren kocht? Klopt dat?",
        ),
        (
            "nl",
            ["c: Ik wil een slot met keurmerk. Geldt dat voor het beugelslot dat ik gisteren kocht?"],
            "Als ik u goed begrijp: uw vraag is: geldt dat voor het beugelslot dat u gisteren kocht? U wilt"
            " een slot met keurmerk. Klopt dat?",
        ),
    ],
    ids=[
        "a question without its sign",
        "a trouble is no wish",
        "a quotation cut short",
        "whose wish it is",
        "a question stays one",
    ],
)
def test_what_is_said_stays_what_it_was(lang: str, lines: list[str], draft_: str) -> None:
    assert draft(slots(said(*lines), lang), lang, familiar=False) == draft_


NAMED_BEFORE = [
    (
        "nl",
        "ik heb vorige week een jas besteld en die is gescheurd",
        "je hebt vorige week een jas besteld en die",
    ),
    ("nl", "het gaat om een gordijn en dat is gescheurd", "het gaat om een gordijn en dat is gescheurd"),
    ("da", "jeg har købt en jakke og den er gået i stykker", "du har købt en jakke og den er gået i stykker"),
    ("en", "the jacket came yesterday and it's torn at the seam", "the jacket came yesterday and it's torn"),
    (
        "de",
        "ich habe eine Lampe bestellt und die ist kaputt",
        "du hast eine Lampe bestellt und die ist kaputt",
    ),
    ("fr", "j'ai acheté une lampe et elle est cassée", "tu as acheté une lampe et elle est cassée"),
    # In a sentence of its own the thing is named in brackets.
    ("nl", "ik heb een lamp gekocht. die is kapot", "die is kapot (lamp)"),
    ("en", "I bought a lamp in May. It is broken. order 48213", "it is broken (lamp, order 48213)"),
]


@pytest.mark.parametrize(("language", "text", "says"), NAMED_BEFORE)
def test_what_a_pronoun_stands_for_is_said_with_it(language: str, text: str, says: str) -> None:
    assert says in draft(slots(said(f"c: {text}"), language), language, familiar=True)


@pytest.mark.parametrize(
    ("language", "lines", "wish"),
    [
        (
            "da",
            ["c: jeg har bestilt en cykel", "a: Hvad kan jeg hjælpe med?"],
            "den er til min søns fødselsdag",
        ),
        ("da", ["c: jeg venter på en cykel", "a: Hvad vil du helst have?"], "den er til min søns fødselsdag"),
        (
            "nl",
            ["c: mijn fiets is er niet", "a: Wat zou u het liefst willen?"],
            "hij is voor de verjaardag van mijn zoon",
        ),
        ("en", ["c: I ordered a bike", "a: What would be a good solution?"], "it is for my son's birthday"),
        (
            "de",
            ["c: ich habe ein Fahrrad bestellt", "a: Was wünschen Sie sich?"],
            "es ist für den Geburtstag meines Sohnes",
        ),
        (
            "fr",
            ["c: mon colis n'est pas arrivé", "a: Que souhaitez-vous ?"],
            "c'est pour l'anniversaire de mon fils",
        ),
    ],
)
def test_what_a_thing_is_for_is_no_wish(language: str, lines: list[str], wish: str) -> None:
    found = slots(said(*lines, f"c: {wish}"), language)
    assert wish not in [one.text for one in found.wants]
    assert [one.text for one in found.by_when] == [wish]


def test_a_wish_that_says_what_it_is_for_stays_one() -> None:
    chat = said(
        "c: I ordered a bike", "a: What would be a good solution?", "c: I need it for my son's birthday"
    )
    assert [one.text for one in slots(chat, "en").wants] == ["I need it for my son's birthday"]


@pytest.mark.parametrize(
    ("language", "text", "says"),
    [
        ("en", "you sent me 11 speed, I need 10 speed", "we sent you 11 speed. You need 10 speed."),
        ("en", "hi, order 48213. you've sent me 11 speed", "we've sent you 11 speed (order 48213)"),
        ("nl", "jullie hebben mij 11 speed gestuurd", "wij hebben jou 11 speed gestuurd"),
        ("da", "I har sendt mig 11 speed", "vi har sendt dig 11 speed"),
        ("de", "ihr habt mir 11-fach geschickt", "wir haben dir 11-fach geschickt"),
        ("fr", "tu m'as envoyé du 11 vitesses", "nous t'avons envoyé du 11 vitesses"),
    ],
)
def test_what_we_sent_is_what_happened(language: str, text: str, says: str) -> None:
    assert says in draft(slots(said(f"c: {text}"), language), language, familiar=True)
