"""What holds for any text: nothing raises, places are places, and what is said is what counts down."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from supportterm.coach.hours import Hours
from supportterm.coach.promising import (
    LONGEST,
    SHORTEST,
    STEPS_MIN,
    Found,
    allowed,
    duration_words,
    find,
    holding,
    keeps_nothing,
    longer,
    outside,
    resolve,
    reword,
    reword_until,
    shorter,
)
from supportterm.coach.timetable import WEEKDAYS, week_of

from .phrases import TABLES, lines

LANGUAGES = ("nl", "da", "en", "de", "fr")
ZONE = "Europe/Copenhagen"
OFFICE = Hours(ZONE, week_of({day: ["9:00-12:30", "13:00-17:00"] for day in WEEKDAYS[:5]}))
EVERY = [line for table in TABLES for line in lines(table)]
WORDS = sorted({word for line in EVERY for word in line.text.split()})

languages = st.sampled_from(["", "xx", *LANGUAGES])
#: Sentences that were cut up, glued together and mixed with anything.
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from([line.text for line in EVERY]), max_size=3).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=20).map(" ".join),
)
spans = st.integers(SHORTEST // 1000, LONGEST // 1000).map(lambda seconds: seconds * 1000)
days = st.sampled_from([[], ["9:00-13:00"], ["13:00-17:30"], ["0:00-24:00"], ["8:00-11:00", "14:00-20:00"]])
shifts = st.builds(
    lambda zone, week: Hours(zone, week_of(dict(zip(WEEKDAYS, week, strict=True)))),
    st.sampled_from([ZONE, "UTC", "America/New_York"]),
    st.lists(days, min_size=7, max_size=7),
)
moments = st.integers(1_600_000_000_000, 2_000_000_000_000)


@given(texts, languages)
@settings(max_examples=300, deadline=None)
def test_any_text(text: str, lang: str) -> None:
    found = find(text, lang)
    assert holding(text, lang) in {True, False}
    assert keeps_nothing(text, lang) or not holding(text, lang)
    if found is not None:
        _is_in_its_place(found, text)


ODD = (
    "\0",
    "🙂👩‍👩‍👧 ",
    "\u202eשלום עולם ",
    "\ud800",
    "e\u0301\u0302" * 50,
    "5 " * 5_000,
    "ja " * 3_300,
    "(" * 10_000,
    "5." * 5_000,
    "over binnen om " * 600,
)


@pytest.mark.parametrize("lang", ["", *LANGUAGES])
@pytest.mark.parametrize("around", ODD, ids=range(len(ODD)))
def test_odd_and_long_texts(lang: str, around: str) -> None:
    for text in (around, f"{around} Ik ben over 5 minuten terug", f"I'll be back in 5 minutes {around}"):
        found = find(text, lang)
        if found is not None:
            _is_in_its_place(found, text)
        assert holding(text, lang) in {True, False}
        assert keeps_nothing(text, lang) in {True, False}


def _is_in_its_place(found: Found, text: str) -> None:
    assert 0 <= found.start <= found.end <= len(text)
    assert (found.start == found.end) <= (found.kind == "vague")
    assert (found.kind == "clock") == (found.clock is not None)
    for start, end in found.more:
        assert found.end <= start < end <= len(text)
    if found.kind == "vague":
        assert allowed(found.ms)


@given(texts, languages, moments, st.booleans(), st.none() | shifts)
@settings(max_examples=200, deadline=None)
def test_what_is_due_lies_ahead(text: str, lang: str, now: int, always: bool, shift: Hours | None) -> None:
    found = find(text, lang)
    if found is None:
        return
    due = resolve(found, now, ZONE, None if always else OFFICE)
    if due is None:
        return
    assert due > now
    choice = outside(due, now, OFFICE, shift)
    if choice is not None:
        assert choice.before == 0 or now < choice.before <= due
        assert not choice.before or outside(choice.before, now, OFFICE, shift) is None
        assert choice.after > due or not choice.after
        assert not choice.after or outside(choice.after, now, OFFICE, shift) is None


@given(st.sampled_from(EVERY), spans)
@settings(max_examples=400, deadline=None)
def test_a_phrase_reworded_says_exactly_that(line: object, ms: int) -> None:
    text, lang = line.text, line.lang  # type: ignore[attr-defined]
    found = find(text, lang)
    if found is not None:
        said = reword(text, found, ms, lang)
        _says(said, ms, lang)
        # The words are replaced where they stand; only a promise without any gets a sentence of its own.
        assert found.kind == "vague" or len(said) < len(text) + len(duration_words(ms, lang)) + 10


@given(texts, languages, spans)
@settings(max_examples=300, deadline=None)
@example("", "nl", SHORTEST)
def test_any_text_reworded_says_exactly_that(text: str, lang: str, ms: int) -> None:
    found = find(text, lang)
    if found is not None:
        _says(reword(text, found, ms, lang), ms, lang)


def _says(text: str, ms: int, lang: str) -> None:
    again = find(text, lang)
    assert again is not None, text
    assert (again.kind, again.ms) == ("duration", ms), text


#: A Wednesday; and a minute of the ten weeks after it.
NOW = 1_795_596_300_000
minutes = st.integers(1, 70 * 24 * 60).map(lambda ahead: NOW // 60_000 * 60_000 + ahead * 60_000)


@given(st.sampled_from(EVERY), minutes, st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_phrase_reworded_to_a_named_time_falls_due_then(line: object, at: int, always: bool) -> None:
    text, lang = line.text, line.lang  # type: ignore[attr-defined]
    _falls_due(text, lang, at, None if always else OFFICE)


@given(texts, languages, minutes)
@settings(max_examples=300, deadline=None)
def test_any_text_reworded_to_a_named_time_falls_due_then(text: str, lang: str, at: int) -> None:
    _falls_due(text, lang, at, OFFICE)


#: 20:00 on the evenings before the hour from 2:00 is skipped, and before it comes twice.
BEFORE_SUMMER, BEFORE_WINTER = 1_774_724_400_000, 1_792_864_800_000
AGAIN = range(BEFORE_WINTER + 7 * 3_600_000, BEFORE_WINTER + 8 * 3_600_000)


@given(st.sampled_from(LANGUAGES), st.sampled_from([BEFORE_SUMMER, BEFORE_WINTER]), st.integers(1, 48 * 60))
@settings(max_examples=400, deadline=None)
def test_named_times_on_the_days_that_daylight_saving_changes(lang: str, now: int, ahead: int) -> None:
    at = now + ahead * 60_000
    if at not in AGAIN:  # no words tell the second 2:30 from the first
        text = next(line.text for line in EVERY if line.lang == lang and "min" in line.text)
        _falls_due(text, lang, at, None, now)


def _falls_due(text: str, lang: str, at: int, hours: Hours | None, now: int = NOW) -> None:
    found = find(text, lang)
    if found is None:
        return
    said = reword_until(text, found, at, now, ZONE, hours, lang)
    again = find(said, lang)
    assert again is not None, said
    assert resolve(again, now, ZONE, hours) == at, said


@pytest.mark.parametrize("lang", LANGUAGES)
@given(ms=spans)
@settings(max_examples=60, deadline=None)
def test_a_stretch_in_words_is_read_as_the_same(lang: str, ms: int) -> None:
    leads = {"nl": "Ik ben over {}", "da": "Jeg er tilbage om {}", "en": "I'll be back in {}"}
    leads |= {"de": "Ich bin wieder da in {}", "fr": "Je reviens dans {}"}
    after = {"nl": " terug"}.get(lang, "")
    _says(leads[lang].format(duration_words(ms, lang)) + after, ms, lang)


@given(spans)
def test_steps_go_up_and_down(ms: int) -> None:
    assert allowed(longer(ms))
    assert allowed(shorter(ms))
    assert longer(ms) > ms or ms == LONGEST
    assert shorter(ms) < ms or (shorter(ms) == ms and ms <= STEPS_MIN[0] * 60_000)


def test_steps() -> None:
    minutes = [longer(minute * 60_000) // 60_000 for minute in (0, 1, 2, 4, 5, 10, 15, 30, 60, 75)]
    assert minutes == [1, 2, 3, 5, 10, 15, 30, 60, 90, 120]
    assert [shorter(minute * 60_000) // 60_000 for minute in (90, 60, 30, 4, 2, 1)] == [60, 30, 15, 3, 1, 1]
    assert shorter(SHORTEST) == SHORTEST, "nothing shorter is never something longer"
    assert longer(LONGEST) == LONGEST
