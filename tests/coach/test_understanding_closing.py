"""What a good ending still lacks, and the line that adds it."""

from __future__ import annotations

import pytest

from supportterm.coach.understanding import Gap, Reason, languages, missing_at_close
from tests.coach.understanding import said

# A problem, then one message of the agent, and what it says: s a solution, n a next step, o an open door.
SAYS = [
    ("nl", "Ik heb een nieuwe lamp voor u besteld.", "s"),
    ("nl", "Ik heb het bedrag teruggestort, u ziet het binnen 3 werkdagen op uw rekening.", "sn"),
    ("nl", "We sturen vandaag nog een nieuwe, u krijgt een mail met de track en trace code.", "sn"),
    ("nl", "Je kunt hem gratis terugsturen.", "s"),
    ("nl", "Mocht er nog iets zijn, laat het me gerust weten!", "o"),
    ("nl", "Kan ik verder nog ergens mee helpen?", "o"),
    ("nl", "Wat vervelend om te horen!", ""),
    ("nl", "Heeft u een foto van de schade?", ""),
    ("nl", "Een moment, ik zoek het even voor u uit.", ""),
    ("nl", "Zal ik een nieuwe voor u bestellen?", ""),
    ("da", "Jeg har sendt en ny lampe til dig.", "s"),
    ("da", "Jeg har refunderet beløbet, du har det på kontoen inden for 3 hverdage.", "sn"),
    ("da", "Vi sender en ny i dag, og du får en mail med track and trace.", "sn"),
    ("da", "Du kan returnere den gratis.", "s"),
    ("da", "Er der andet, jeg kan hjælpe med?", "o"),
    ("da", "Skriv endelig, hvis der er mere.", "o"),
    ("da", "Det er jeg ked af at høre!", ""),
    ("da", "Har du et billede af skaden?", ""),
    ("da", "Et øjeblik, jeg undersøger det lige.", ""),
    ("da", "Skal jeg sende en ny?", ""),
    ("en", "I've ordered a new lamp for you.", "s"),
    ("en", "I have refunded the amount, you'll see it within 3 working days.", "sn"),
    ("en", "We're sending a new one today and you will get an email with the tracking link.", "sn"),
    ("en", "You can return it for free.", "s"),
    ("en", "Is there anything else I can do for you?", "o"),
    ("en", "Just let me know if something comes up.", "o"),
    ("en", "I'm so sorry to hear that!", ""),
    ("en", "Do you have a picture of the damage?", ""),
    ("en", "One moment, I'll check that for you.", ""),
    ("en", "Shall I send you a new one?", ""),
    ("de", "Ich habe Ihnen eine neue Lampe geschickt, sie kommt spätestens Freitag.", "sn"),
    ("de", "Kann ich sonst noch etwas für Sie tun?", "o"),
    ("de", "Das tut mir leid!", ""),
    ("fr", "Je vous envoie une nouvelle lampe, vous la recevrez sous 3 jours.", "sn"),
    ("fr", "N'hésitez pas à revenir vers nous !", "o"),
    ("fr", "Je suis désolé de l'apprendre !", ""),
]
PARTS = {"solution": "s", "next_step": "n", "open_door": "o"}


@pytest.mark.parametrize(("language", "text", "parts"), SAYS)
def test_what_an_agents_message_says(language: str, text: str, parts: str) -> None:
    gaps = missing_at_close(said("c: lamp!", f"a: {text}"), language)
    assert "".join(PARTS[gap.what] for gap in gaps) == "".join(part for part in "sno" if part not in parts)


def test_each_gap_but_the_solution_has_a_line_to_add_in_both_forms() -> None:
    for language in languages():
        gaps = missing_at_close(said("c: lamp!"), language)
        assert [gap.what for gap in gaps] == ["solution", "next_step", "open_door"]
        assert gaps[0].add == ""
        assert all(gap.add for gap in gaps[1:])
    assert missing_at_close(said("c: lamp!"), "nl")[2].add == "Kan ik verder nog iets voor u doen?"
    assert (
        missing_at_close(said("c: lamp!"), "nl", familiar=True)[2].add
        == "Kan ik verder nog iets voor je doen?"
    )


def test_what_it_adds_is_said_then() -> None:
    for language in languages():
        lines = said("c: lamp!")
        added = [f"a: {gap.add}" for gap in missing_at_close(lines, language) if gap.add]
        left = {gap.what for gap in missing_at_close([*lines, *said(*added)], language)}
        assert left <= {"solution"}


RETURN = Reason("return", {"nl": "Het geld staat binnen vijf dagen na ontvangst op uw rekening.", "en": ""})


def test_the_shop_says_what_comes_next_for_its_reason() -> None:
    lines = said("c: ik stuur de lamp terug", "a: Prima, u kunt het label in uw account vinden.")
    gaps = missing_at_close(lines, "nl", RETURN)
    assert gaps[0] == Gap("next_issue", RETURN.next_issue["nl"])
    assert [gap.what for gap in gaps] == ["next_issue", "open_door"]
    told = [*lines, *said("a: Na ontvangst staat het geld binnen vijf dagen op de rekening.")]
    assert [gap.what for gap in missing_at_close(told, "nl", RETURN)] == ["open_door"]


def test_a_reason_without_a_text_in_this_language_asks_for_a_next_step() -> None:
    lines = said("c: I am returning the lamp")
    assert [gap.what for gap in missing_at_close(lines, "en", RETURN)] == [
        "solution",
        "next_step",
        "open_door",
    ]
    assert missing_at_close(said("c: lamp"), "nl-BE", RETURN)[1].what == "next_issue"


def test_an_option_the_customer_chose_is_a_solution() -> None:
    lines = said("c: it broke", "options_sent: new | money", "option_chosen: new")
    assert [gap.what for gap in missing_at_close(lines, "en")] == ["next_step", "open_door"]


def test_what_was_said_before_the_problem_does_not_count() -> None:
    lines = said("a: You can return anything here. Anything else?", "c: it broke")
    assert [gap.what for gap in missing_at_close(lines, "en")] == ["solution", "next_step", "open_door"]


def test_nothing_is_missing_where_nothing_was_asked_or_no_words_are_known() -> None:
    assert missing_at_close([], "en") == []
    assert missing_at_close(said("a: Hello?"), "en") == []
    assert missing_at_close(said("c: lamp"), "cs") == []
