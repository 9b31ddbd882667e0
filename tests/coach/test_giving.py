"""Lines that give a time say exactly that time, in every language; a time typed by itself is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach import giving, promising
from supportterm.coach.giving import Giving
from supportterm.coach.hours import Hours
from supportterm.coach.promising import Clock, NotAllowed

#: Sunday 22 November 2026, 14:00 UTC.
NOW = 1_795_356_000_000
MINUTE, HOUR = 60_000, 3_600_000
KINDS: list[Giving] = ["give", "more", "late"]
HOURS = Hours("Europe/Copenhagen", (*tuple(((9 * 60, 17 * 60 + 30),) for _ in range(6)), ()))


def test_the_customers_languages_have_lines() -> None:
    assert giving.languages() == ("da", "de", "en", "fr", "nl")


@given(
    st.sampled_from(KINDS),
    st.sampled_from(giving.languages()),
    st.booleans(),
    st.integers(promising.SHORTEST // 1000, promising.LONGEST // 1000),
)
def test_a_line_says_the_time_it_is_for(kind: Giving, language: str, familiar: bool, seconds: int) -> None:
    line = giving.line_for(kind, seconds * 1000, language, familiar=familiar)
    found = promising.find(line, language)
    assert found is not None
    assert (found.kind, found.ms) == ("duration", seconds * 1000)
    # Sent without the promise it answers nothing either; a time that far off may be the answer.
    assert promising.holding(line, language) is (seconds * 1000 <= HOUR)


@given(
    st.sampled_from(KINDS), st.sampled_from(giving.languages()), st.integers(1, 80 * 24 * 60), st.booleans()
)
def test_a_line_says_the_moment_it_is_for(kind: Giving, language: str, minutes: int, familiar: bool) -> None:
    at = NOW + minutes * MINUTE
    line = giving.line_until(kind, at, NOW, HOURS.zone, HOURS, language, familiar=familiar)
    found = promising.find(line, language)
    assert found is not None
    assert promising.resolve(found, NOW, HOURS.zone, HOURS) == at


def test_polite_and_familiar_differ_where_the_language_does() -> None:
    for language in ("nl", "de", "fr"):
        polite, familiar = (giving.line_for("give", HOUR, language, familiar=f) for f in (False, True))
        assert polite != familiar
    assert giving.line_for("give", 5 * MINUTE, "sv") == giving.line_for("give", 5 * MINUTE, "en")


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2m", 2 * MINUTE),
        ("2", 2 * MINUTE),
        ("90s", 90000),
        ("1h30", 90 * MINUTE),
        ("1u30", 90 * MINUTE),
        ("een kwartier", 15 * MINUTE),
        ("halvanden time", 90 * MINUTE),
        (" half an hour ", 30 * MINUTE),
    ],
)
def test_a_while_typed_by_itself(text: str, ms: int) -> None:
    assert giving.read(text, "en").ms == ms


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("16:30", Clock(minute=16 * 60 + 30)),
        ("16.30", Clock(minute=16 * 60 + 30)),
        ("half vijf", Clock(minute=4 * 60 + 30, twelve=True)),
        ("tomorrow 10:00", Clock("later", 1, minute=600)),
        ("morgen 10:00", Clock("later", 1, minute=600)),
        ("i morgen kl. 10", Clock("later", 1, minute=600, twelve=True)),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl", "da", ""])
def test_a_named_time_typed_by_itself_whatever_the_agents_language(
    text: str, clock: Clock, language: str
) -> None:
    assert giving.read(text, language).clock == clock


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("900h", "long"),
        ("0", "short"),
        ("-5", "short"),
        ("10s", "short"),
        ("nan", "unread"),
        ("", "unread"),
        ("soonish", "unread"),
        ("x" * 5000, "unread"),
    ],
)
def test_what_is_no_time_is_said(text: str, why: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        giving.read(text, "en")
    assert refused.value.why == why
