"""The first words an agent is offered when they join a chat: in the customer's language, taking up what
they wrote while waiting.

``greetings/*.toml`` hold the sentences; a further language is a further file. Whoever is irritated gets
a calm line and nothing cheerful. That only chooses the line: it is shown to nobody, and capitals alone
mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from msgspec import Struct

from supportterm.coach.phrases import Phrases, tokens
from supportterm.coach.wordfiles import read_all

_FALLBACK: Final = "en"
#: Longer than any name that one would say aloud.
_LONGEST_NAME: Final = 40

_PLACE: Final = re.compile(r"\{(hello|name|agent|number)\}")
#: A number that may be an order's. Not part of a longer word, an amount, a date or a masked card number.
_NUMBER: Final = re.compile(r"(?<![\w.,:/+-])(?:#\s?)?([A-Z]{0,4}-?\d{4,12})(?!\w|[.,:/-]\d)")

#: What makes a number an amount of money, or the rest of a masked card number.
_AMOUNT_BEFORE: Final = re.compile(r"[€£$*•]\s*$")
_AMOUNT_AFTER: Final = re.compile(r"\s*(?:[€£$%]|euros?\b|eur\b|kr\b|kroner\b|pounds?\b)", re.IGNORECASE)


class Greetings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language: its file, as it stands there.

    ``polite``, ``familiar``, ``polite_irritated``, ``familiar_irritated``: the sentences ``named`` or
    ``unnamed``, then ``number``, ``read`` or ``ask``. ``order``: phrases that stand before an order's number.
    ``irritated``: phrases of a customer who has had enough; ``calm``: those in which they mean nothing.
    ``hellos``, ``alone``: what a greeting alone may be made of; see `supportterm.coach.greeted`.
    """

    morning: str
    day: str
    evening: str
    morning_ends: int = 12
    evening_begins: int = 18
    polite: Sentences
    familiar: Sentences
    polite_irritated: Sentences
    familiar_irritated: Sentences
    hellos: list[str]
    alone: list[str]
    order: list[str]
    irritated: list[str]
    calm: list[str] = []

    def hello(self, hour: int) -> str:
        """What one says at an hour of the day, 0 to 23."""
        if 5 <= hour < self.morning_ends:
            return self.morning
        return self.evening if hour >= self.evening_begins or hour < 5 else self.day


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """What a greeting is made of; ``{hello}``, ``{name}``, ``{agent}`` and ``{number}`` are filled in."""

    named: str
    unnamed: str
    number: str
    read: str
    ask: str


def languages() -> list[str]:
    """The languages that have greetings."""
    return sorted(_read()[0])


def troubles() -> tuple[str, ...]:
    """What is wrong with files of greetings that are not used, a sentence each."""
    return _read()[1]


@cache
def _read() -> tuple[dict[str, Greetings], tuple[str, ...]]:
    return read_all(files(__package__) / "greetings", Greetings)


@cache
def greetings(language: str) -> Greetings:
    """Those of a language or of the one that it is a kind of, else the English ones."""
    code = language if language in languages() else language.partition("-")[0]
    code = code if code in languages() else _FALLBACK
    return _read()[0][code]


def greeting(
    language: str,
    name: str,
    agent: str,
    wrote: Sequence[str],
    hour: int,
    familiar: bool,
    irritated: bool,
) -> str:
    """The line to offer.

    ``name``: the customer's, "" if unknown; ``wrote``: what they wrote while waiting, oldest first; ``hour``:
    on the shop's clock, 0 to 23; ``familiar``: "je" instead of "u".
    """
    found = greetings(language)
    if irritated:
        sentences = found.familiar_irritated if familiar else found.polite_irritated
    else:
        sentences = found.familiar if familiar else found.polite
    number = order_number(wrote, language)
    named = _name(name)
    lines = [sentences.named if named else sentences.unnamed]
    if number:
        lines.append(sentences.number)
    else:
        lines.append(sentences.read if any(text.strip() for text in wrote) else sentences.ask)
    values = {"hello": found.hello(hour), "name": named, "agent": _line(agent), "number": number}
    return _filled(" ".join(lines), values)


def irritated(texts: Iterable[str], language: str) -> bool:
    """Whether a customer has had enough, by phrases such as "third time"; only to choose the greeting."""
    ready = _ready(language)
    for text in texts:
        words = tokens(text)
        calm = [(one.first, one.last) for one in ready.calm.find(words)]
        for one in ready.irritated.find(words):
            if not any(first <= one.first and one.last <= last for first, last in calm):
                return True
    return False


def order_number(wrote: Sequence[str], language: str) -> str:
    """The order that a customer wrote about, if that is clear; else "".

    A number right after a word such as "order" is one; without such a word, only one of five digits or more
    of which there is no other, and that is no phone number.
    """
    ready = _ready(language)
    told: list[str] = []
    alone: list[str] = []
    for text in wrote:
        words = tokens(text)
        said = [words[one.last - 1].end for one in ready.order.find(words)]
        for match in _NUMBER.finditer(text):
            if _AMOUNT_BEFORE.search(text, 0, match.start()) or _AMOUNT_AFTER.match(text, match.end()):
                continue
            if any(re.fullmatch(r"\W*", text[end : match.start()]) for end in said if end <= match.start()):
                told.append(match[1])
            elif sum(one.isdigit() for one in match[1]) >= 5 and not match[1].startswith("0"):
                alone.append(match[1])
    if told:
        return told[-1]
    return alone[0] if len(set(alone)) == 1 else ""


class _Ready:
    """A language's phrases, ready to search by."""

    def __init__(self, found: Greetings) -> None:
        self.irritated: Final = _phrases(found.irritated)
        self.calm: Final = _phrases(found.calm)
        self.order: Final = _phrases(found.order)


@cache
def _ready(language: str) -> _Ready:
    return _Ready(greetings(language))


def _phrases(written: Iterable[str]) -> Phrases[bool]:
    made: Phrases[bool] = Phrases()
    for phrase in written:
        made.add(phrase, True)
    return made


def _line(text: str) -> str:
    return " ".join(text.split())


def _name(text: str) -> str:
    """A name to greet by; "" for what is none, such as an address or a number."""
    name = _line(text)
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return ""
    wrong = any(one.isdigit() or one in "@<>{}[]/\\|#*_=:;!?" for one in name)
    return "" if wrong or not any(one.isalpha() for one in name) else name


def _filled(sentence: str, values: Mapping[str, Any]) -> str:
    """In one pass, so that a name which looks like a place stays a name."""
    return _PLACE.sub(lambda place: str(values[place[1]]), sentence)
