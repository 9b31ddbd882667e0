"""Requests for patience, which keep no promise, and answers that only look like one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from supportterm.coach.promising import holding

TABLE = Path(__file__).parent / "data" / "holding.tsv"
ROWS = [tuple(row) for row in csv.reader(TABLE.read_text("utf-8").splitlines()[1:], delimiter="\t")]


@pytest.mark.parametrize(("what", "lang", "text"), ROWS)
def test_each_line(what: str, lang: str, text: str) -> None:
    assert holding(text, lang) is (what == "holds")


@pytest.mark.parametrize(("what", "lang", "text"), ROWS)
def test_whatever_language_the_browser_speaks(what: str, lang: str, text: str) -> None:
    assert holding(text, "en" if lang != "en" else "nl") is (what == "holds")
    assert holding(text) is (what == "holds")
