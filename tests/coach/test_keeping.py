"""Messages that say something and then give a time, which keep no promise, and answers with a time."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from supportterm.coach.promising import keeps_nothing

TABLE = Path(__file__).parent / "data" / "keeping.tsv"
ROWS = [tuple(row) for row in csv.reader(TABLE.read_text("utf-8").splitlines()[1:], delimiter="\t")]


@pytest.mark.parametrize(("what", "lang", "text"), ROWS)
def test_each_line(what: str, lang: str, text: str) -> None:
    keeps = what == "answers"
    assert keeps_nothing(text, lang) is not keeps
    # Agents write what their customer writes, whatever the browser speaks.
    assert keeps_nothing(text, "en" if lang != "en" else "nl") is not keeps
    assert keeps_nothing(text) is not keeps


@pytest.mark.parametrize(
    "answer", ["It is in Utrecht. ", "I'll refund you within five days. ", "It is in Utrecht, "]
)
@pytest.mark.parametrize("often", [1, 60])
def test_the_end_of_a_text_counts_however_long_it_is(answer: str, often: int) -> None:
    assert keeps_nothing(answer * often + "I'll be back in five minutes.", "en")
    assert not keeps_nothing(answer * often + "You see it in five minutes.", "en")
