"""Three languages say the same things, and every sentence is said somewhere."""

from __future__ import annotations

import re
import string
from datetime import UTC
from pathlib import Path

import pytest

import supportterm.console
from server.reports.columns import COLUMNS, PROMISES
from server.reports.columns import KEYS as KEYS_OF_REPORTS
from supportterm.coach.tone import KINDS
from supportterm.console.keymap import KEYS
from supportterm.console.words import LANGUAGES, REFUSALS, Words, sentences
from supportterm.text import safe_text, trusted

from .server import MINUTE, NOON

SOURCE = Path(supportterm.console.__file__).parent


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_same_places(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    assert set(other) == set(english)
    for key, sentence in english.items():
        assert places(other[key]) == places(sentence), key
        assert trusted(other[key])


def test_every_key_and_refusal_has_its_sentence() -> None:
    said = sentences("en")
    assert {f"key.{key.id}" for key in KEYS} == {key for key in said if key.startswith("key.")}
    assert {f"refusal.{code}" for code in REFUSALS} <= set(said)
    assert {f"tone.{kind}" for kind in KINDS} == {key for key in said if key.startswith("tone.")}


def test_every_sentence_is_used() -> None:
    source = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    made = [re.sub(r"\{[^}]*\}", "[a-z_.]+", found) for found in re.findall(r'f"([a-z_]+\.[^" ]+)"', source)]
    made += [
        r"notice\.bell_.+",
        r"report\.by_.+",
        r"why\..+",
        r"palette\..+",
        r"find\..+",
        r"tone\..+",
    ]
    made += [r"report\.about\.promise_(day|agent)", r"report\.(promises|title)"]
    made += [
        f"report\\.(column|about)\\.{column.id}"
        for column in (*KEYS_OF_REPORTS.values(), *COLUMNS, *PROMISES)
    ]
    unused = [
        key
        for key in sentences("en")
        if f'"{key}"' not in source and not any(re.fullmatch(pattern, key) for pattern in made)
    ]
    assert unused == []


def test_ages_are_coarse_and_days_have_names() -> None:
    words = Words("nl", UTC)
    ages = [words.age(minutes * MINUTE) for minutes in (0, 2, 59, 60, 60 * 23, 60 * 24 * 3)]
    assert ages == ["nu", "2m", "59m", "1u", "23u", "3d"]
    assert words.day(NOON, NOON) == "Vandaag"
    assert words.day(NOON - 24 * 60 * MINUTE, NOON) == "Gisteren"
    assert words.day(NOON - 9 * 24 * 60 * MINUTE, NOON) == "vrijdag 13 november"
    assert words.clock(NOON) == "14:00"


def test_only_safe_text_comes_into_a_sentence() -> None:
    words = Words("en")
    with pytest.raises(TypeError):
        words.say("event.joined", name="Eve\x1b[2J")  # type: ignore[arg-type]
    assert words.say("event.joined", name=safe_text("Eve\x1b[2J")) == "Eve␛[2J joined"


def test_an_unknown_language_is_english() -> None:
    assert Words("fr").say("chat.new") == "new"
