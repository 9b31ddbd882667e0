"""What is found does not depend on how it is asked: for a time only, or again while a text is typed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.coach.promising.finding import Memory, find, find_time
from supportterm.coach.promising.found import Found

DATA = Path(__file__).parent / "data"
LANGUAGES = ("nl", "da", "en", "de", "fr")


def texts_of(table: Path) -> list[str]:
    """The sentences of a table: of each row what is longest."""
    rows = csv.reader(table.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [max(row, key=len) for row in rows if row and not row[0].startswith("#")]


EVERY = {table.stem: texts_of(table) for table in sorted(DATA.glob("*.tsv"))}
TEXTS = [text for texts in EVERY.values() for text in texts]
languages = st.sampled_from([*LANGUAGES, "", "xx"])
#: Messages of some sentences, the last of which may be cut off.
messages = st.tuples(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4), st.integers(0, 40)).map(
    lambda drawn: (" ".join(drawn[0]))[: -drawn[1] or None]
)


def with_words(found: Found | None) -> Found | None:
    """Nothing in place of a promise whose time stands nowhere."""
    return found if found is not None and found.start < found.end else None


@pytest.mark.parametrize("table", EVERY)
def test_a_time_is_found_in_every_line_as_all_is(table: str) -> None:
    # Every other: each is read twice, and the rest comes by chance.
    for n, text in enumerate(EVERY[table][::2]):
        language = LANGUAGES[n % len(LANGUAGES)]
        assert find_time(text, language) == with_words(find(text, language)), text


@given(messages, languages)
@settings(max_examples=200, deadline=None)
def test_a_time_is_found_in_any_message_as_all_is(text: str, language: str) -> None:
    assert find_time(text, language) == with_words(find(text, language))


@given(messages, languages, st.lists(st.integers(0, 300), min_size=2, max_size=12))
@settings(max_examples=100, deadline=None)
def test_what_is_remembered_of_a_text_changes_nothing(text: str, language: str, ends: list[int]) -> None:
    memory = Memory()
    for end in [*sorted(ends), *ends]:
        assert find(text[:end], language, memory) == find(text[:end], language)


def test_only_the_newest_text_is_remembered() -> None:
    memory = Memory()
    find("Your parcel is in Utrecht. I'll call you in five minutes.", "en", memory)
    assert "utrecht" in repr(vars(memory))
    find("I'll be right back.", "en", memory)
    find("I'll be right back.", "en", memory)
    assert "utrecht" not in repr(vars(memory))
