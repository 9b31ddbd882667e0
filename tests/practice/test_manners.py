"""How practice customers take promises, summaries and options: as people would, and as the server allows."""

from __future__ import annotations

import random
from collections.abc import Iterable

import msgspec
import pytest

from supportterm.coach import promising, understanding
from supportterm.practice.customers import PROMISED, opening
from supportterm.practice.manners import Attention, Reply, manners
from supportterm.practice.replies import replies
from supportterm.practice.scripts import Script, Turn, scripts
from supportterm.protocol import kinds
from supportterm.protocol.frames import By, Event
from supportterm.text.masking import mask

LANGS = ("nl", "da", "en")
SCRIPT = Script("en", "Pat", "Anything", 1.0, [], "Thanks", [Turn(["Hello"])])


class Chat:
    """A chat as a customer is shown it, written by hand."""

    def __init__(self, script: Script = SCRIPT) -> None:
        self.script = script
        self.mind = Attention(script)
        self.events: list[Event] = []

    def shows(self, kind: str, data: msgspec.Struct, text: str = "", by: str = "agent") -> int:
        event = Event(
            "chat-of-the-practice-22",
            len(self.events) + 1,
            0,
            kind,
            By(by),  # type: ignore[arg-type]
            text=text,
            data=msgspec.Raw(msgspec.json.encode(data)),
        )
        self.events.append(event)
        self.mind.takes(event)
        return event.seq

    def says(self, text: str = "Hm.", by: str = "agent", **data: object) -> int:
        return self.shows("message", kinds.Message(**data), text, by)  # type: ignore[arg-type]

    def replies(self) -> list[Reply]:
        found = []
        while (reply := self.mind.reply()) is not None:
            found.append(reply)
        assert not self.mind.wants_to_speak
        return found


def texts(found: Iterable[Reply]) -> list[str]:
    return [reply.text for reply in found]


# --- a given word -----------------------------------------------------------------------------------


def promised() -> Chat:
    chat = Chat()
    chat.says("Back in two minutes.")
    chat.shows("promised", kinds.Promised(120_000))
    return chat


def test_a_promise_is_waited_for_and_is_no_answer() -> None:
    chat = promised()
    assert chat.mind.promised
    assert chat.mind.heard == 0
    assert texts(chat.replies()) == [manners("en").patient[0]]


def test_who_is_promised_again_and_again_says_less() -> None:
    chat = promised()
    said = texts(chat.replies())
    for _ in range(3):
        chat.says("Five more.")
        chat.shows("promise_extended", kinds.PromiseExtended(300_000))
        said += texts(chat.replies())
    assert said == manners("en").patient
    assert chat.mind.heard == 0


@pytest.mark.parametrize(
    ("how", "line"), [("kept", "kept"), ("extended", "kept"), ("broken", "late"), ("withdrawn", "")]
)
def test_how_it_ends_is_noticed(how: str, line: str) -> None:
    chat = promised()
    chat.replies()
    chat.shows("promise_ended", kinds.PromiseEnded(how))  # type: ignore[arg-type]
    assert not chat.mind.promised
    assert texts(chat.replies()) == ([getattr(manners("en"), line)] if line else [])


def test_nobody_says_that_they_wait_to_who_is_back() -> None:
    chat = promised()
    chat.says("Found it.")
    chat.shows("promise_ended", kinds.PromiseEnded("kept"))
    assert chat.mind.heard == 1
    assert texts(chat.replies()) == [manners("en").kept]


def test_a_request_for_patience_is_no_answer() -> None:
    chat = promised()
    chat.says("One more moment.", holding=True)
    assert chat.mind.heard == 0
    assert chat.mind.promised


def test_a_greeting_is_no_answer() -> None:
    chat = Chat()
    chat.says("Hi, this is Robin. I'm looking into it right away.")
    assert chat.mind.heard == 0
    chat.says("It left us yesterday.")
    assert chat.mind.heard == 1


# --- a summary, and options -------------------------------------------------------------------------


def test_a_summary_is_confirmed() -> None:
    chat = Chat()
    chat.says("Found it.")
    summary = chat.says("You want one pump. Is that right?", summary=True)
    (reply,) = chat.replies()
    assert (reply.re, reply.answer, reply.choice) == (summary, "yes", 0)
    assert chat.mind.heard == 1


def test_who_mistyped_corrects_the_first_summary_and_confirms_the_next() -> None:
    chat = Chat(msgspec.structs.replace(SCRIPT, corrects=["No, it is F-2"]))
    first = chat.says("F-1?", summary=True)
    (reply,) = chat.replies()
    assert (reply.text, reply.re, reply.answer) == ("No, it is F-2", first, "no")
    second = chat.says("F-2?", summary=True)
    (reply,) = chat.replies()
    assert (reply.re, reply.answer) == (second, "yes")


def test_only_the_newest_summary_is_answered() -> None:
    chat = Chat()
    chat.says("F-1?", summary=True)
    newest = chat.says("F-1, and today?", summary=True)
    assert [reply.re for reply in chat.replies()] == [newest]


def telling(name: str) -> Chat:
    """One who has told their story."""
    chat = Chat(next(script for script in scripts() if script.name == name))
    for turn in chat.script.turn:
        for line in turn.lines if turn.when == "always" else []:
            chat.says(line, by="customer")
    return chat


#: By language: summaries of the story in other words than the draft's; wrong ones, with what puts them right.
SUMMARIES: dict[str, tuple[list[str], list[tuple[str, list[str]]]]] = {
    "nl": (
        [
            "Dus het rechterwiel schuurt tegen het frame en je wilt voor zaterdag een ander wiel. Klopt dat?",
            "Je fietskar loopt aan. Zie ik dat goed?",
            "Bestelling F-70118: je zoekt vóór zaterdag een wiel, want dan gaan jullie weg. Klopt dat?",
        ],
        [
            ("Dus uw linkerwiel is kapot en u wilt uw geld terug. Klopt dat?", ["rechterwiel", "nieuw wiel"]),
            ("Je linkerwiel loopt aan en je wilt een nieuw wiel. Klopt dat?", ["rechterwiel"]),
            ("Het rechterwiel loopt aan en je wilt je geld terug. Klopt dat?", ["nieuw wiel"]),
            ("Je jas is te groot. Klopt dat?", ["rechterwiel"]),
            ("Bestelling F-70181: het rechterwiel loopt aan. Klopt dat?", ["F-70118"]),
        ],
    ),
    "en": (
        [
            "So the light goes off over cobbles and you would like a new one before Friday. Is that right?",
            "Your light fails on bumps, even with a new battery. Did I get that?",
        ],
        [
            ("So your brakes squeak and you would like a refund. Is that right?", ["light", "replacement"]),
            ("The light goes off and you want a voucher. Is that right?", ["replacement"]),
        ],
    ),
    "da": (
        [
            "Din lås virker ikke i kulde, og du vil gerne have en ny inden fredag. Er det rigtigt?",
            "Du har en lås, der driller, når det er koldt. Er det rigtigt forstået?",
        ],
        [
            (
                "Din hjelm er revnet, og du vil gerne have pengene tilbage. Er det rigtigt?",
                ["låsen", "ny lås"],
            ),
            ("Låsen virker ikke, og du ønsker et gavekort. Er det rigtigt?", ["ny lås"]),
        ],
    ),
}


@pytest.mark.parametrize("name", [one.name for one in scripts() if one.scene == "tells"])
def test_a_summary_in_other_words_is_confirmed_and_a_wrong_one_is_not(name: str) -> None:
    script = next(one for one in scripts() if one.name == name)
    good, bad = SUMMARIES[script.lang]
    for summary in good:
        chat = telling(name)
        chat.says(summary, summary=True)
        (reply,) = chat.replies()
        assert (reply.answer, reply.text) == ("yes", manners(script.lang).yes), summary
        assert chat.mind.understood
    for summary, parts in bad:
        chat = telling(name)
        chat.says(summary, summary=True)
        (reply,) = chat.replies()
        assert reply.answer == "no", summary
        assert not chat.mind.understood
        assert all(part.lower() in reply.text.lower() for part in parts), reply.text
        assert understanding.answer(reply.text, script.lang) == "correction"


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.name)
def test_what_the_rules_draft_is_confirmed(script: Script) -> None:
    chat = Chat(msgspec.structs.replace(script, corrects=[]))
    lines: list[understanding.Line] = []
    for line in (line for turn in script.turn for line in turn.lines):
        chat.says(line, by="customer")
        lines.append(understanding.Line("customer", line))
        found = understanding.slots(lines, script.lang)
        for familiar in (False, True):
            if draft := understanding.draft(found, script.lang, familiar=familiar):
                chat.says(draft, summary=True)
                assert [reply.answer for reply in chat.replies()] == ["yes"], draft


def test_nobody_corrects_for_ever() -> None:
    chat = telling(next(one.name for one in scripts() if one.scene == "tells" and one.lang == "nl"))
    answers = []
    for _ in range(5):
        chat.says("Je jas is te groot. Klopt dat?", summary=True)
        answers += [reply.answer for reply in chat.replies()]
    assert answers == ["no", "no", "no", "yes", "yes"]


def test_whether_it_was_read_is_asked_by_those_who_tell_much_only() -> None:
    assert [bool(one.whether_read) for one in scripts()] == [one.scene == "tells" for one in scripts()]


@pytest.mark.parametrize(("prefers", "choice"), [("", 1), ("voucher", 2), ("a car", 1)])
def test_an_option_is_chosen(prefers: str, choice: int) -> None:
    chat = Chat(msgspec.structs.replace(SCRIPT, prefers=prefers))
    asked = chat.says("Which?\nA new one\tin two days\nA voucher", options=2)
    (reply,) = chat.replies()
    assert (reply.re, reply.choice, reply.answer) == (asked, choice, "")
    assert reply.text == ["A new one", "A voucher"][choice - 1]


# --- a page, and the end ----------------------------------------------------------------------------


def test_what_was_shown_before_changes_nothing() -> None:
    chat = promised()
    chat.says("Right?", summary=True)
    chat.replies()
    for event in chat.events:
        chat.mind.takes(event)
    assert chat.mind.heard == 0
    assert chat.replies() == []


def test_a_closed_chat_is_not_answered() -> None:
    chat = promised()
    chat.says("Right?", summary=True)
    chat.shows("closed", kinds.Closed("agent"))
    assert chat.replies() == []
    assert not chat.mind.promised


# --- the words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_what_anybody_says_is_understood(lang: str) -> None:
    own = manners(lang)
    assert understanding.answer(own.yes, lang) == "yes"
    for line in [*own.patient, own.late, own.kept, own.yes]:
        assert mask(line) == (line, 0)
        assert not replies(lang).is_thanks(line)
    # Neither answers a summary that was sent meanwhile.
    assert all(understanding.answer(line, lang) is None for line in [own.late, own.kept])


@pytest.mark.parametrize(
    ("lang", "own"), [("", "en"), ("fr", "en"), ("nl-BE", "nl"), ("../da", "da"), ("EN", "en")]
)
def test_every_language_has_manners(lang: str, own: str) -> None:
    assert manners(lang) == manners(own)


@pytest.mark.parametrize("lang", LANGS)
def test_a_colleague_promises_what_the_words_say(lang: str) -> None:
    given = [promising.find(line.promise, lang) for line in replies(lang).handover]
    assert [found.ms if found else 0 for found in given] == [60_000, 180_000]


def test_the_scenes_are_played_in_every_language() -> None:
    for scene in ("promised", "tells"):
        assert {script.lang for script in scripts() if script.scene == scene} == set(LANGS)
    assert any(script.corrects for script in scripts())


@pytest.mark.parametrize(
    "script",
    [script for script in scripts() if script.scene == "tells" or script.corrects],
    ids=lambda script: script.name,
)
def test_who_tells_much_is_summed_up(script: Script) -> None:
    said = [understanding.Line("customer", line) for line in script.turn[0].lines]
    due = understanding.summary_due(said, script.lang)
    assert due is not None
    assert due.why == "said_enough"
    found = understanding.slots(said, script.lang)
    assert understanding.draft(found, script.lang, familiar=True)
    assert all(understanding.answer(line, script.lang) == "correction" for line in script.corrects)


@pytest.mark.parametrize("seed", range(20))
def test_a_demo_begins_with_its_scenes(seed: int) -> None:
    deck = opening(random.Random(seed))
    assert sorted(deck, key=lambda script: script.name) == sorted(scripts(), key=lambda script: script.name)
    first = deck[: -PROMISED - 2 : -1]
    assert [script.scene for script in first] == ["promised", "promised", "tells"]
    assert {script.lang for script in first} == set(LANGS)
