"""Language files: a broken one is named with rule and reason, the others go on, all have the same parts."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from supportterm.coach.understanding import WordFileError, languages, load_all
from supportterm.coach.understanding.rules import read

WORDS = {
    file.name.removesuffix(".toml"): file.read_text("utf-8")
    for file in (files("supportterm.coach.understanding") / "words").iterdir()
    if file.name.endswith(".toml")
}
#: Parts that a grammar may do without: no prefixes to cut, no pronoun left out, verbs alike in all persons.
_MAY_LACK = {
    "turn_start", "regular", "agree", "references.compounds", "references.postal", "sentences.small_first",
}  # fmt: skip


def keys(table: dict[str, Any], before: str = "") -> set[str]:
    """The parts of a file; what stands inside a list or a table of words is its own matter."""
    found: set[str] = set()
    for key, value in table.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and name not in ("turn", "turn_start", "regular", "spelled"):
            found |= keys(value, f"{name}.")
        else:
            found.add(name)
    return found


def test_ours_are_all_right() -> None:
    found, problems = load_all()
    assert problems == []
    assert tuple(found) == languages() == ("da", "de", "en", "fr", "nl")


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_has_the_same_parts(language: str) -> None:
    ours, english = keys(tomllib.loads(WORDS[language])), keys(tomllib.loads(WORDS["en"]))
    assert (ours ^ english) <= _MAY_LACK


BROKEN = [
    (b"\xff", "xx.toml: not in UTF-8 from byte 0 on"),
    (b"= 3", "xx.toml: no TOML: "),
    (b"", "xx.toml: the file: Object missing required field"),
]


@pytest.mark.parametrize(("raw", "message"), BROKEN)
def test_no_language_file_at_all(raw: bytes, message: str) -> None:
    with pytest.raises(WordFileError) as told:
        read("xx.toml", raw)
    assert str(told.value).startswith(message)


def changed(before: str, after: str) -> bytes:
    assert WORDS["en"].count(before) == 1
    return WORDS["en"].replace(before, after).encode()


CHANGES = [
    ('question = "Is that right?"', "question = 3", "xx.toml: sentences.question: Expected `str`"),
    ('question = "Is that right?"', 'qustion = "?"', "xx.toml: sentences: Object "),
    ('denied = ["not"', 'denied = ["(not"', "xx.toml: happened.denied 1: '(not' cannot be read"),
    ('denied = ["not"', 'denied = [""', "xx.toml: happened.denied 1: the phrase is empty"),
    ('denied = ["not"', 'denied = ["not …"', "xx.toml: happened.denied 1: 'not …' needs words on both sides"),
    ('denied = ["not"', 'denied = ["not [at"', "xx.toml: happened.denied 1: 'not [at' has a [ without"),
    ('denied = ["not"', 'denied = ["not {rest}"', "xx.toml: happened.denied 1: {rest} belongs in wants only"),
    ('order = "order {rest}"', 'order = "order"', "xx.toml: sentences.order: needs {rest} once"),
    ('also = ", and {rest}"', 'also = ", and {who}"', "xx.toml: sentences.also: needs {rest} once"),
    (
        'match = ["^(where is|where\'s|wheres|where are) {rest}"]',
        'match = ["{rest}"]',
        "xx.toml: wants 3: '{rest}' needs words before {rest}",
    ),
    (
        'match = ["^(where is|where\'s|wheres|where are) {rest}"]',
        'match = ["where is it"]',
        "xx.toml: wants 3: 'where is it' finds no {rest} to say",
    ),
    (
        'say = "you would like to know where {rest} is"',
        'say = "{it}"',
        "xx.toml: wants 3: say knows {rest} and {all} only, once",
    ),
    (
        '"am i" = "are you"',
        '" " = "are you"',
        "xx.toml: turn: empty words cannot be turned",
    ),
]


@pytest.mark.parametrize(("before", "after", "message"), CHANGES)
def test_a_broken_rule_is_named(before: str, after: str, message: str) -> None:
    with pytest.raises(WordFileError) as told:
        read("xx.toml", changed(before, after))
    assert str(told.value).startswith(message)


def test_one_broken_file_leaves_the_others_working(tmp_path: Path) -> None:
    for language, text in WORDS.items():
        (tmp_path / f"{language}.toml").write_text(text, "utf-8")
    (tmp_path / "nl.toml").write_bytes(changed('denied = ["not"', 'denied = ["(not"'))
    (tmp_path / "notes.txt").write_text("no language", "utf-8")
    found, problems = load_all(tmp_path)
    assert sorted(found) == ["da", "de", "en", "fr"]
    assert len(problems) == 1
    assert problems[0].startswith("nl.toml: happened.denied 1: ")
