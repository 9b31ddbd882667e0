"""A stretch of time typed by itself, as after ``/back``."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.coach.promising import NotAllowed, allowed, duration_words, read_stretch

READ = {
    "2m": 2,
    "10": 10,
    " 5 ": 5,
    "anderhalf uur": 90,
    "30s": 0.5,
    "1u30": 90,
    "2,5 uur": 150,
    "une demi-heure": 30,
    "en halv time": 30,
    "2 m 30 s": 2.5,
    "1.5h": 90,
    "7 days": 7 * 24 * 60,
}


@pytest.mark.parametrize(("text", "minutes"), READ.items())
def test_read(text: str, minutes: float) -> None:
    assert read_stretch(text, "nl") == minutes * 60_000


ABSURD = {
    **dict.fromkeys(("-5", "-5 min", "0", "5 s"), "short"),
    **dict.fromkeys(("900h", "900 hours", "999999", "8 days"), "long"),
}


@pytest.mark.parametrize(("text", "why"), ABSURD.items())
def test_what_is_absurd_is_refused_and_says_which_way(text: str, why: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        read_stretch(text, "en")
    assert caught.value.why == why


@pytest.mark.parametrize(
    "text", ["", "NaN", "inf", "1e5", "tomorrow", "half een", "10 minutes later", "\0", "5" * 99]
)
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        read_stretch(text, "en")
    assert caught.value.why == "unread"


@given(st.one_of(st.text(max_size=70), st.from_regex(r"[-+]?[0-9]{1,4}[.,]?[0-9]? ?[a-z]{0,4}")))
@settings(deadline=None)
def test_any_text(text: str) -> None:
    try:
        ms = read_stretch(text)
    except NotAllowed:
        return
    assert allowed(ms)


@pytest.mark.parametrize("lang", ["nl", "da", "en", "de", "fr"])
@given(ms=st.integers(30, 7 * 86_400).map(lambda seconds: seconds * 1000))
@settings(max_examples=60, deadline=None)
def test_what_we_write_is_read(lang: str, ms: int) -> None:
    assert read_stretch(duration_words(ms, lang), lang) == ms
