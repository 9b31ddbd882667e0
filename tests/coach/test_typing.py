"""Promises typed letter by letter: they stay on the line while a word is half typed, and start no other."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from supportterm.coach import promising
from supportterm.coach.promising import Found, Typing

from .phrases import APART, FRESH, TABLES, TALK, Line, lines

#: Plain ones, of which 84 promise a time.
PLAIN = ("ninth", "eleventh")


def timed(found: Found | None) -> bool:
    return found is not None and found.kind != "vague"


def table(name: str, *, promises: bool) -> list[Line]:
    return [line for line in lines(name) if line.expected.startswith(("duration", "at")) is promises]


@cache
def shown(line: Line) -> list[bool]:
    """Whether a promise of a time stands there after each letter."""
    typing = Typing()
    return [timed(typing.find(line.text[:end], line.lang)) for end in range(1, len(line.text) + 1)]


def test_a_promise_seldom_comes_and_goes_while_it_is_typed() -> None:
    rows = [line for name in PLAIN for line in table(name, promises=True)]
    comes = [sum(b and not a for a, b in pairwise([False, *shown(line)])) for line in rows]
    assert len(comes) == 84
    # The grammar alone: 63 of them.
    assert sum(times > 1 for times in comes) <= 23


#: Seconds that are too few ask for a moment, others are promised.
WHILES = {
    "nl": ("ben over {} seconden terug", "ik ben terug over {} seconden", "geef me {} seconden"),
    "da": ("jeg er tilbage om {} sekunder", "giv mig {} sekunder", "vender tilbage om {} sek"),
    "en": ("be back in {} seconds", "I'll be back in {} seconds", "give me {} secs"),
    "de": ("ich melde mich in {} Sekunden", "bin in {} Sekunden zurück", "geben Sie mir {} Sekunden"),
    "fr": ("je reviens dans {} secondes", "donnez-moi {} secondes", "je vous réponds dans {} sec"),
}


def typed(text: str, lang: str, letters: int = 99) -> Found | None:
    """What stands there after the last letter; only so many are typed one by one."""
    typing, found = Typing(), None
    for end in range(max(1, len(text) - letters), len(text) + 1):
        found = typing.find(text[:end], lang)
    return found


def test_what_is_finished_is_read_as_the_grammar_reads_it_however_it_was_typed() -> None:
    # With vague promises, whiles too short and near-misses. What a letter may leave behind is the promise
    # before it, and that only within a word: the last letters are enough.
    rows = [line for name in (*TABLES, "plain") for line in lines(name)]
    rows += [line for name in (*TALK, *FRESH, *APART) for line in lines(name)[::4]]
    assert {line.lang for line in rows} == set(WHILES)
    differ = [one for one in rows if typed(one.text, one.lang, 14) != promising.find(one.text, one.lang)]
    assert differ == []


@pytest.mark.parametrize("lang", WHILES)
def test_seconds_are_never_promised_as_minutes(lang: str) -> None:
    for phrase in WHILES[lang]:
        for seconds in (5, 10, 20, 25, 30, 45):
            text = phrase.format(seconds)
            found = typed(text, lang)
            assert found == promising.find(text, lang), text
            assert not timed(found) or found is None or found.ms == seconds * 1000, text


def test_a_half_typed_second_keeps_no_minutes() -> None:
    for text in ("I'll be back in 20 se", "I'll be back in 20 secon", "Back in 10 seco"):
        assert not timed(typed(text, "en")), text
    found = typed("I'll be back in 45 seco", "en")
    assert found is not None
    assert (found.kind, found.ms) == ("duration", 45_000)


def test_a_half_typed_unit_keeps_the_time_before_it() -> None:
    typing, text = Typing(), "Ik ben over 5 minuten terug"
    for end in range(text.index("5") + 1, len(text) + 1):
        found = typing.find(text[:end], "nl")
        assert found is not None, text[:end]
        assert (found.kind, found.ms) == ("duration", 300_000), text[:end]


def test_where_another_time_is_chosen_no_half_of_a_word_is_left() -> None:
    typing, found = Typing(), None
    for end in range(1, len(text := "I'll be back in 5 minu") + 1):
        found = typing.find(text[:end], "en")
    assert found is not None
    assert promising.reword(text, found, 600_000, "en") == "I'll be back in 10 minutes"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("I'll be back in 5 m", "I'll be back in 5 me"),
        ("I'll be back in 5 minu", "I'll be back in 5 minu "),
        ("I'll be back in 5 minu", "I'll be back in 5 minu."),
        ("I'll be back in 5 minu", "I'll be back in minu"),
        ("I'll be back in 5 minutes", "Not back in 5 minu"),
    ],
)
def test_nothing_is_kept_of_words_that_are_finished_changed_or_of_no_time(before: str, after: str) -> None:
    typing = Typing()
    for end in range(1, len(before) + 1):
        typing.find(before[:end], "en")
    assert typing.find(after, "en") == promising.find(after, "en")


def test_another_language_begins_anew() -> None:
    typing = Typing()
    typing.find("I'll be back in 5 m", "en")
    assert typing.find("I'll be back in 5 mi", "nl") == promising.find("I'll be back in 5 mi", "nl")
