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
        self.mind = Attention(script)
        self.events: list[Event] = []

    def shows(self, kind: str, data: msgspec.Struct, text: str = "") -> int:
        event = Event(
            "chat-of-the-practice-22",
            len(self.events) + 1,
            0,
            kind,
            By("agent"),
            text=text,
            data=msgspec.Raw(msgspec.json.encode(data)),
        )
        self.events.append(event)
        self.mind.takes(event)
        return event.seq

    def says(self, text: str = "Hm.", **data: object) -> int:
        return self.shows("message", kinds.Message(**data), text)  # type: ignore[arg-type]

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


# --- a summary, and options -------------------------------------------------------------------------


def test_a_summary_is_confirmed() -> None:
    chat = Chat()
    chat.says("Hello")
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
