"""A customer's answer to a summary: a yes, a correction, or about something else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from supportterm.coach.understanding import answer, languages

EXPECTED = {"yes": "yes", "correction": "correction", "neither": None}


def lines(file: str) -> list[tuple[str, str, str | None]]:
    tables = tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))
    return [
        (language, text, EXPECTED[kind])
        for language, kinds in tables.items()
        for kind, texts in kinds.items()
        for text in texts
    ]


LINES = lines("understanding_answers.toml")
NEAR = lines("understanding_answers_near.toml")


@pytest.mark.parametrize(("language", "text", "expected"), [*LINES, *NEAR])
def test_an_answer_is_read(language: str, text: str, expected: str | None) -> None:
    assert answer(text, language) == expected


def test_there_are_enough_lines_of_each_language() -> None:
    counted = {language: sum(line[0] == language for line in LINES) for language in languages()}
    assert all(counted[language] >= 40 for language in ("nl", "da", "en"))
    assert all(count >= 15 for count in counted.values())


def test_there_are_enough_lines_that_nearly_are_another_answer() -> None:
    counted = {language: sum(line[0] == language for line in NEAR) for language in languages()}
    assert all(counted[language] >= 20 for language in ("nl", "da", "en"))
    assert all(count >= 10 for count in counted.values())


@pytest.mark.parametrize(("language", "text", "expected"), LINES)
def test_letters_and_commas_make_no_other_answer(language: str, text: str, expected: str | None) -> None:
    without = text.replace(",", "")
    assert answer(without.upper(), language) == answer(f"  {without} ", language) == expected


def test_a_language_without_words_answers_nothing() -> None:
    assert answer("yes", "xx") is None
