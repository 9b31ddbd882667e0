"""When a summary is due, and when it is better to keep quiet."""

from __future__ import annotations

import pytest

from supportterm.coach.understanding import Due, Enough, Line, Moment, asks_still, summary_due
from tests.coach.understanding import said

LONG = [
    "c: Hallo, ik heb vorige week een koffiemachine bij jullie besteld en die is gisteren bezorgd",
    "a: Hallo, wat kan ik voor u doen?",
    "c: Hij is helaas kapot aangekomen, het glas van het waterreservoir is gebroken en hij lekt overal",
    "c: Ik heb hem al twee keer schoongemaakt en opnieuw aangezet, maar dat helpt niet",
]


def test_enough_messages_and_enough_characters() -> None:
    due = summary_due(said(*LONG), "nl")
    assert due is not None
    assert (due.why, due.messages) == ("said_enough", 3)
    assert due.chars == sum(len(line) - 3 for line in LONG if line.startswith("c: "))


@pytest.mark.parametrize("enough", [Enough(messages=4), Enough(chars=1000)])
def test_both_must_be_reached(enough: Enough) -> None:
    assert summary_due(said(*LONG), "nl", enough=enough) is None


def test_greetings_and_thanks_do_not_count() -> None:
    assert summary_due(said("c: hoi", "c: hallo??", "c: dank je wel"), "nl", enough=Enough(1, 1)) is None


@pytest.mark.parametrize(
    ("moment", "why"),
    [("solution", "before_solution"), ("handoff", "before_handoff"), ("close", "before_close")],
)
def test_before_something_is_decided_one_message_is_enough(moment: Moment, why: str) -> None:
    lines = said("c: Mijn lamp is kapot aangekomen")
    due = summary_due(lines, "nl", moment)
    assert due is not None
    assert due.why == why
    assert summary_due(lines, "nl") is None


@pytest.mark.parametrize("moment", ["talk", "solution", "handoff", "close"])
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("nl", ["c: waar is 48213?"]),
        ("nl", ["c: hoi", "c: Waar is 48213", "a: Die is onderweg", "c: dank je!"]),
        ("da", ["c: Hej", "c: hvornår kommer ordre 90211?"]),
        ("en", ["c: hello, do you ship to Norway?"]),
        ("de", ["c: Wann kommt meine Bestellung 48213?"]),
        ("fr", ["c: où est ma commande 48213 ?"]),
        ("nl", ["c: Goedemorgen!", "c: is de groene fietstas niet in het blauw leverbaar?"]),
        ("en", ["c: don't you have the boots in size 40?"]),
        ("da", ["c: fås den grønne cykeltaske ikke i blå?"]),
    ],
)
def test_never_for_one_short_question_of_fact(language: str, lines: list[str], moment: Moment) -> None:
    assert summary_due(said(*lines), language, moment, Enough(1, 1)) is None


def test_trouble_in_a_short_question_is_no_fact_to_look_up() -> None:
    assert summary_due(said("c: waarom is mijn lamp kapot?"), "nl", "close") is not None


def test_put_away_it_is_silent_until_something_new_is_said() -> None:
    lines = said(*LONG, "dismissed")
    assert summary_due(lines, "nl") is None
    assert summary_due(lines, "nl", "close") is None
    assert summary_due([*lines, *said("c: ok, dank je")], "nl") is None
    assert summary_due([*lines, *said("c: en de kabel ontbreekt ook")], "nl") is not None


def test_a_summary_makes_it_quiet_until_enough_is_new() -> None:
    lines = said(*LONG, "summary_sent: …", "c: ja klopt")
    assert summary_due(lines, "nl") is None
    assert summary_due(lines, "nl", "close") is None
    assert summary_due([*lines, *said("c: en de kabel ontbreekt ook")], "nl") is None
    more = [*lines, *said("c: en de kabel ontbreekt ook")]
    assert summary_due(more, "nl", "close") == Due("before_close", 1, 25, again=True)
    assert summary_due([*lines, *said(*LONG)], "nl") is not None


@pytest.mark.parametrize(("step", "quiet"), [("solve", True), ("close", True), ("understand", False)])
def test_past_understanding_by_hand_is_quiet_until_enough_is_new(step: str, quiet: bool) -> None:
    lines = said(*LONG, f"step: {step}", "c: en de kabel ontbreekt ook")
    assert (summary_due(lines, "nl") is None) is quiet
    assert summary_due([*lines, *said(*LONG)], "nl") is not None
    # A colleague who gets the chat has not understood anything yet.
    assert summary_due(lines, "nl", "handoff") is not None
    # Set back, the agent wants to understand.
    assert summary_due([*lines, *said("step: analyse")], "nl") is not None


def test_a_summary_put_away_later_counts_from_the_summary() -> None:
    lines = said(*LONG, "dismissed", "summary_sent: …", "c: ja", *LONG)
    assert summary_due(lines, "nl") is not None


@pytest.mark.parametrize("how", ["summary_corrected: de blauwe", "c: nee, de blauwe", "c: ja maar de blauwe"])
def test_a_correction_is_due_at_once(how: str) -> None:
    due = summary_due(said(*LONG, "summary_sent: …", how), "nl")
    assert due is not None
    assert due.why == "corrected"


@pytest.mark.parametrize("moment", ["talk", "solution"])
@pytest.mark.parametrize("how", ["summary_corrected: de blauwe", "c: nee, de blauwe"])
@pytest.mark.parametrize(
    "on", ["step: solve", "step: close", "options_sent: …", "option_chosen: …", "closed"]
)
def test_who_went_on_to_a_solution_has_left_the_correction_behind(on: str, how: str, moment: Moment) -> None:
    lines = said(*LONG, "summary_sent: …", how)
    assert summary_due([*lines, *said(on)], "nl", moment) is None
    assert summary_due([*lines, *said(on, *LONG)], "nl") is not None
    # A colleague begins where the customer was understood last.
    due = summary_due([*lines, *said(on)], "nl", "handoff")
    assert due is not None
    assert due.why == "corrected"
    # Set back, the agent wants to understand; a step set before it says nothing about the correction.
    for back in ([*lines, *said(on, "step: understand")], said(*LONG, "summary_sent: …", on, how)):
        due = summary_due(back, "nl", moment)
        assert due is not None
        assert due.why == "corrected"


def test_only_the_next_message_answers_a_summary() -> None:
    lines = said(*LONG, "summary_sent: …", "c: ja", "a: Wilt u een nieuwe?", "c: nee hoor")
    assert summary_due(lines, "nl") is None


def test_nothing_said_or_no_words_for_it() -> None:
    assert summary_due([], "nl", "close") is None
    assert summary_due(said(*LONG), "cs", "close") is None
    assert summary_due([Line("agent", "x" * 400)] * 5, "nl") is None


@pytest.mark.parametrize(
    ("language", "asked", "patience"),
    [
        ("nl", "Waar is 48213?", ["Prima, ik wacht even.", "Bent u er nog?", "Is er al nieuws?"]),
        (
            "da",
            "Hvor er 48213?",
            ["Det er i orden, jeg venter.", "Okay, jeg bliver her.", "Er du der stadig?"],
        ),
        ("en", "Where is 48213?", ["That's fine, I'll wait.", "You said you'd be back by now. Any news?"]),
        ("de", "Wo ist 48213?", ["Kein Problem, ich warte.", "Sind Sie noch da?"]),
        ("fr", "Où est 48213 ?", ["Pas de souci, j'attends.", "Vous êtes toujours là ?"]),
    ],
)
def test_patience_is_nothing_to_be_restated(language: str, asked: str, patience: list[str]) -> None:
    lines = said(*(f"c: {text}" for text in [asked, *patience * 4]))
    for moment in ("talk", "solution", "close"):
        assert summary_due(lines, language, moment) is None


@pytest.mark.parametrize(
    ("answer", "open_"),
    [
        (
            "Goedemiddag, u spreekt met Robin. Ik zie uw vraag over bestelling F-71305 en kijk met u mee.",
            True,
        ),
        ("Momentje, ik vraag het even na bij het magazijn", True),
        ("Ik ben er nog mee bezig", True),
        ("Ja, hij past op het slot van uw fiets.", False),
    ],
)
def test_a_question_stays_open_until_it_is_answered(answer: str, open_: bool) -> None:
    asked = said("c: Past dit slot op bestelling F-71305?", f"a: {answer}", "c: Prima, ik wacht even.")
    assert asks_still(asked, "nl") is open_


#: Something told, the yes to its summary, and what is nothing new after that; then something that is.
CONFIRMED = [
    (
        "nl",
        ["Ja, dat klopt.", "Heb je het allemaal kunnen lezen?", "Prima, ik wacht even.", "Precies, dank je"],
        "En de bel ontbreekt ook nog",
    ),
    ("nl", ["ja klopt", "heeft u mijn berichten gelezen?", "Bent u er nog?"], "de kabel is ook gescheurd"),
    ("da", ["Ja, det er rigtigt.", "Fik du det hele med?", "Er du der stadig?"], "Ringeklokken mangler også"),
    ("da", ["ja præcis", "har du læst det hele?", "Jeg venter bare"], "pedalen er også gået i stykker"),
    (
        "en",
        ["Yes, that's right.", "Did you get all of that?", "Any news?"],
        "And the bell is missing as well",
    ),
    ("en", ["yes exactly", "were you able to read everything?"], "the left pedal is broken, too"),
    ("de", ["Ja, genau.", "Haben Sie alles gelesen?", "Sind Sie noch da?"], "Die Klingel fehlt auch"),
    (
        "fr",
        ["Oui, c'est ça.", "Vous avez tout lu ?", "Vous êtes toujours là ?"],
        "La sonnette est cassée aussi",
    ),
]
TOLD = {
    "nl": "Het rechterwiel van mijn fietskar werkt niet goed, ik wil graag een nieuw wiel",
    "da": "Højre hjul på min cykelanhænger virker ikke, jeg vil gerne have et nyt hjul",
    "en": "The right wheel of my trailer does not work, I would like a new wheel",
    "de": "Das rechte Rad von meinem Anhänger funktioniert nicht, ich möchte ein neues Rad",
    "fr": "La roue droite de ma remorque ne marche pas, je voudrais une nouvelle roue",
}


@pytest.mark.parametrize("moment", ["talk", "solution", "handoff", "close"])
@pytest.mark.parametrize(("language", "nothing", "new"), CONFIRMED)
def test_a_confirmed_summary_holds_until_something_new_is_told(
    language: str, nothing: list[str], new: str, moment: Moment
) -> None:
    lines = said(f"c: {TOLD[language]}", "summary_sent: …", *(f"c: {text}" for text in nothing))
    assert summary_due(lines, language, moment) is None
    # Asked for what is their own by the desk, it is no more either.
    assert summary_due(lines, language, moment, required=True) is None
    # The same again is nothing new; another trouble is, before something is decided.
    assert summary_due([*lines, *said(f"c: {TOLD[language]}")], language, moment) is None
    due = summary_due([*lines, *said(f"c: {new}")], language, moment)
    assert (due is not None) is (moment != "talk")
    assert due is None or due.again


@pytest.mark.parametrize("moment", ["solution", "handoff", "close"])
def test_a_summary_that_nobody_confirmed_does_not_hold(moment: Moment) -> None:
    lines = said(*LONG, "summary_sent: …", "c: Hoe lang duurt dat?")
    due = summary_due(lines, "nl", moment)
    assert due is not None
    assert due.again
    first = summary_due(said(*LONG), "nl", moment)
    assert first is not None
    assert not first.again


@pytest.mark.parametrize("moment", ["handoff", "close"])
def test_where_the_desk_requires_it_its_measure_holds(moment: Moment) -> None:
    little = said("c: Mijn lamp is kapot aangekomen")
    assert summary_due(little, "nl", moment) is not None
    assert summary_due(little, "nl", moment, required=True) is None
    assert summary_due(said(*LONG), "nl", moment, required=True) is not None
    # Put away, a handoff would be refused all the same.
    away = summary_due(said(*LONG, "dismissed"), "nl", moment, required=True)
    assert (away is not None) is (moment == "handoff")
