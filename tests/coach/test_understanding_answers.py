"""A customer's answer to a summary: a yes, a correction, or about something else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from supportterm.coach.understanding import answer, languages

EXPECTED = {"yes": "yes", "correction": "correction", "neither": None}
LINES = [
    (language, text, EXPECTED[kind])
    for language, kinds in tomllib.loads(
        Path(__file__).with_name("understanding_answers.toml").read_text("utf-8")
    ).items()
    for kind, texts in kinds.items()
    for text in texts
]


@pytest.mark.parametrize(("language", "text", "expected"), LINES)
def test_an_answer_is_read(language: str, text: str, expected: str | None) -> None:
    assert answer(text, language) == expected


def test_there_are_enough_lines_of_each_language() -> None:
    counted = {language: sum(line[0] == language for line in LINES) for language in languages()}
    assert all(counted[language] >= 40 for language in ("nl", "da", "en"))
    assert all(count >= 15 for count in counted.values())


def test_a_language_without_words_answers_nothing() -> None:
    assert answer("yes", "xx") is None
