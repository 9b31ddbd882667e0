"""Persons and verbs in the agent's mouth, reasons with the word that says so, and nothing half said."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from msgspec.structs import replace

from supportterm.coach.understanding import Line, Slots, draft, languages, slots
from supportterm.coach.understanding.rules import rules_of
from supportterm.coach.understanding.turning import turned
from tests.coach.understanding import said
from tests.coach.understanding_chats import chats

#: What happened and what they want, as the story says it and as the draft does, polite and familiar.
STORY = {
    "nl": (
        "Mijn wiel is kapot. Ik wil graag een nieuw wiel voor zaterdag",
        "U wilt graag een nieuw wiel voor zaterdag|Je wilt graag een nieuw wiel voor zaterdag",
    ),
    "da": (
        "Mit hjul er i stykker. Jeg vil gerne have et nyt hjul inden lørdag",
        "Du vil gerne have et nyt hjul inden lørdag",
    ),
    "en": (
        "My wheel is broken. I would like a new wheel before Saturday",
        "You would like a new wheel before Saturday",
    ),
    "de": (
        "Mein Rad ist kaputt. Ich möchte ein neues Rad vor Samstag",
        "Sie möchten ein neues Rad vor Samstag|Du möchtest ein neues Rad vor Samstag",
    ),
    "fr": (
        "Ma roue est cassée. Je voudrais une nouvelle roue avant samedi",
        "Vous souhaitez une nouvelle roue avant samedi|Tu souhaites une nouvelle roue avant samedi",
    ),
}
#: What comes behind the wish, and how the draft goes on with it; "": it is left out whole.
REASONS = [
    ("nl", "want dan gaan we op vakantie", "want dan gaat u op vakantie|want dan gaan jullie op vakantie"),
    (
        "nl",
        "omdat we dan weg zijn op vakantie",
        "omdat u dan weg bent op vakantie|omdat jullie dan weg zijn op vakantie",
    ),
    (
        "nl",
        "want morgen vertrekken wij naar Spanje",
        "want morgen vertrekt u naar Spanje|want morgen vertrekken jullie naar Spanje",
    ),
    (
        "nl",
        "zodat we zondag kunnen vertrekken",
        "zodat u zondag kunt vertrekken|zodat jullie zondag kunnen vertrekken",
    ),
    ("nl", "omdat ik morgen vertrek", "omdat u morgen vertrekt|omdat je morgen vertrekt"),
    ("nl", "want morgen vertrek ik", "want morgen vertrekt u|want morgen vertrek je"),
    ("nl", "want zondag ben ik jarig", "want zondag bent u jarig|want zondag ben je jarig"),
    (
        "nl",
        "want wij trouwen zondag en hebben hem dan nodig",
        "want u trouwt zondag en heeft hem dan nodig|want jullie trouwen zondag en hebben hem dan nodig",
    ),
    ("nl", "omdat mijn zoon dan jarig is", "omdat uw zoon dan jarig is|omdat je zoon dan jarig is"),
    # A verb that nobody has written down: rather nothing than "u knutselen".
    ("nl", "want zondag op vakantie knutselen we", "|want zondag op vakantie knutselen jullie"),
    ("da", "fordi min søn har fødselsdag på søndag", "fordi din søn har fødselsdag på søndag"),
    ("da", "da jeg rejser på søndag", "da du rejser på søndag"),
    ("en", "since my son has his birthday then", "since your son has his birthday then"),
    (
        "en",
        "so that we can leave on Sunday for our wedding",
        "so that you can leave on Sunday for your wedding",
    ),
    ("en", "because I am getting married on Sunday", "because you are getting married on Sunday"),
    ("de", "weil wir am Sonntag verreisen", "weil Sie am Sonntag verreisen|weil ihr am Sonntag verreist"),
    ("de", "denn dann fahren wir in Urlaub", "denn dann fahren Sie in Urlaub|denn dann fahrt ihr in Urlaub"),
    (
        "de",
        "damit wir in Urlaub fahren können",
        "damit Sie in Urlaub fahren können|damit ihr in Urlaub fahren könnt",
    ),
    (
        "de",
        "denn am Sonntag habe ich Geburtstag",
        "denn am Sonntag haben Sie Geburtstag|denn am Sonntag hast du Geburtstag",
    ),
    ("fr", "parce que nous partons en vacances dimanche", "parce que vous partez en vacances dimanche"),
    (
        "fr",
        "car mon fils a son anniversaire dimanche",
        "car votre fils a son anniversaire dimanche|car ton fils a son anniversaire dimanche",
    ),
]


def form(text: str, familiar: bool) -> str:
    polite, bar, other = text.partition("|")
    return other if bar and familiar else polite


@pytest.mark.parametrize("familiar", [False, True])
@pytest.mark.parametrize(("language", "reason", "says"), REASONS)
def test_a_reason_keeps_the_word_that_says_so_and_its_verb_goes_with_its_person(
    language: str, reason: str, says: str, familiar: bool
) -> None:
    story, wish = STORY[language]
    found = slots(said(f"c: {story}, {reason}."), language)
    assert found.by_when
    says = form(says, familiar)
    whole = f"{form(wish, familiar)}, {says}. " if says else f"{form(wish, familiar)}. "
    assert whole in draft(found, language, familiar=familiar)


@pytest.mark.parametrize(("language", "reason", "says"), REASONS)
def test_what_it_goes_on_from_left_out_there_is_no_half_sentence(
    language: str, reason: str, says: str
) -> None:
    story, _ = STORY[language]
    found = slots(said(f"c: {story}, {reason}."), language)
    for familiar in (False, True):
        text = draft(replace(found, wants=()), language, familiar=familiar)
        first = draft(replace(found, wants=(), by_when=()), language, familiar=familiar)
        # A time of its own may stay: "before Saturday".
        assert all(part not in text for part in says.split("|") if part), text
        assert "," not in text.removeprefix(first[: first.index(".")]).removeprefix(","), text


TURNED = [
    ("nl", "wij gaan zondag weg", "u gaat zondag weg", "jullie gaan zondag weg"),
    ("nl", "dan gaan wij weg", "dan gaat u weg", "dan gaan jullie weg"),
    ("nl", "we zijn met z'n vieren", "u bent met z'n vieren", "jullie zijn met z'n vieren"),
    ("nl", "toen we hem openden", "toen u hem opende", "toen jullie hem openden"),
    ("nl", "zijn we te laat", "bent u te laat", "zijn jullie te laat"),
    ("nl", "we waren niet thuis", "u was niet thuis", "jullie waren niet thuis"),
    ("nl", "toen waren we niet thuis", "toen was u niet thuis", "toen waren jullie niet thuis"),
    ("nl", "die we vorige week bestelden", "die u vorige week bestelde", "die jullie vorige week bestelden"),
    ("nl", "we willen hem graag ruilen", "u wilt hem graag ruilen", "jullie willen hem graag ruilen"),
    (
        "nl",
        "om met ons te gaan moet ik wachten",
        "om met u te gaan moet u wachten",
        "om met jullie te gaan moet je wachten",
    ),
    ("nl", "de lamp die ik gisteren kocht", "de lamp die u gisteren kocht", "de lamp die je gisteren kocht"),
    (
        "nl",
        "als ik hem aanzet krijg ik een schok",
        "als u hem aanzet krijgt u een schok",
        "als je hem aanzet krijg je een schok",
    ),
    (
        "nl",
        "het stond in jullie nieuwsbrief",
        "het stond in onze nieuwsbrief",
        "het stond in onze nieuwsbrief",
    ),
    (
        "en",
        "I called on Monday and was told to wait",
        "you called on Monday and were told to wait",
        "you called on Monday and were told to wait",
    ),
    (
        "en",
        "my son was told that I am too late",
        "your son was told that you are too late",
        "your son was told that you are too late",
    ),
    ("da", "derfor rejser vi til Spanien", "derfor rejser I til Spanien", "derfor rejser I til Spanien"),
    ("de", "wir sind nicht zu Hause", "Sie sind nicht zu Hause", "ihr seid nicht zu Hause"),
    ("de", "weil ich das nicht kann", "weil Sie das nicht können", "weil du das nicht kannst"),
    ("de", "dann fahre ich weg", "dann fahren Sie weg", "dann fährst du weg"),
    ("fr", "nous sommes déçus", "vous êtes déçus", "vous êtes déçus"),
    ("fr", "nous n'avons rien reçu", "vous n'avez rien reçu", "vous n'avez rien reçu"),
    ("fr", "nous partons demain", "vous partez demain", "vous partez demain"),
]


@pytest.mark.parametrize(("language", "text", "polite", "familiar"), TURNED)
def test_a_verb_goes_with_its_person_in_both_orders(
    language: str, text: str, polite: str, familiar: str
) -> None:
    rules = rules_of(language)
    assert rules is not None
    assert (turned(text, rules, familiar=False), turned(text, rules, familiar=True)) == (polite, familiar)


#: What no draft says, by language and form: written without a look at the rules' own lists.
NEVER = {
    "nl": r"u (zijn|gaan|hebben|kunnen|willen|moeten|waren|hadden|komen|vertrekken|ben|heb|ga)"
    r"|(zijn|gaan|hebben|kunnen|willen|moeten|waren|hadden|komen|vertrekken) u"
    r"|je (ben|heb|ga|moeten|kunnen)|jullie (bent|heeft|gaat|kunt)|(in|uit|op) wij",
    "da": r"du (vi|jeg)|mig|jer jer",
    "en": r"you (am|was)|(am|was) you|we (am|was|is)|i am",
    "de": r"du (sind|haben|habe|bin|fahren|können|müssen)|ihr (sind|haben|fahren|können|müssen)"
    r"|sie (bin|habe|bist|hast|fahre|muss|kann)",
    "fr": r"vous (sommes|avons|allons|partons|suis|ai)|tu (suis|ai)|nous (êtes|allez)",
}


@cache
def stories() -> tuple[tuple[str, Slots], ...]:
    """Everything that our tables and practice customers say, as a customer would have said it."""
    found: list[tuple[str, Slots]] = []
    for file in sorted((Path(__file__).parent / "data").glob("*.tsv")):
        for row in file.read_text("utf-8").splitlines():
            language, _, rest = row.partition("\t")
            if language in NEVER:
                found.append((language, slots(said(f"c: {rest.partition(chr(9))[0]}"), language)))
    for script in (files("supportterm.practice") / "scripts").iterdir():
        if script.name.endswith(".toml"):
            told = tomllib.loads(script.read_text("utf-8"))
            lines = [Line("customer", line) for turn in told["turn"] for line in turn["lines"]]
            found += [(told["lang"], slots(lines[:n], told["lang"])) for n in range(1, len(lines) + 1)]
    for language in languages():
        for folder in (".", "heard", "apart"):
            found += [(language, slots(one.conversation(), language)) for one in chats(language, folder)]
    return tuple(found)


@pytest.mark.parametrize("familiar", [False, True])
@pytest.mark.parametrize("language", sorted(NEVER))
def test_no_draft_of_anything_we_have_is_broken(language: str, familiar: bool) -> None:
    never = re.compile(rf"(?<![\w'])(?:{NEVER[language]})(?![\w'])")
    drafts = [draft(found, spoken, familiar=familiar) for spoken, found in stories() if spoken == language]
    assert len([text for text in drafts if text]) > 60
    assert [text for text in drafts if never.search(text.lower())] == []


def test_what_was_tried_is_found_whenever_the_agent_came() -> None:
    told = said(
        "c: Hoi, ik heb vorige week een fietskar bij jullie gekocht, bestelling F-70118.",
        "c: Het rechterwiel werkt niet goed: het loopt aan tegen het frame.",
        "c: Ik heb het wiel er al twee keer uitgehaald en opnieuw vastgezet, maar dat helpt niets.",
        "c: Ik wil graag een nieuw wiel voor zaterdag, want dan gaan we met de kinderen op vakantie.",
    )
    joined = said("joined")
    texts = {
        draft(slots(lines, "nl"), "nl", familiar=False)
        for lines in (told, [*joined, *told], [*told, *joined], [*told[:2], *joined, *told[2:]])
    }
    assert texts == {
        "Als ik u goed begrijp: het rechterwiel werkt niet goed: het loopt aan tegen het frame "
        "(bestelling F-70118), en u heeft het wiel er al twee keer uitgehaald en opnieuw vastgezet. "
        "U wilt graag een nieuw wiel voor zaterdag, want dan gaat u met de kinderen op vakantie. Klopt dat?"
    }


@pytest.mark.parametrize(
    ("language", "line", "tried"),
    [
        (
            "nl",
            "Ik heb de ketting eraf gehad en weer opgelegd, maar dat hielp niet.",
            "Ik heb de ketting eraf",
        ),
        ("da", "Jeg har taget kæden af og lagt den på igen, men det hjælper ikke.", "Jeg har taget kæden af"),
        ("en", "I took the chain off and put it back on, but that didn't help.", "I took the chain off"),
        ("de", "Ich nahm die Kette ab und legte sie wieder auf, aber das half nicht.", "Ich nahm die Kette"),
        ("fr", "J'ai enlevé et remis la chaîne, mais ça n'a rien changé.", "la chaîne"),
    ],
)
def test_what_did_not_help_was_tried(language: str, line: str, tried: str) -> None:
    found = slots(said(f"c: {line}"), language).tried
    assert any(tried in quote.text for quote in found), found
