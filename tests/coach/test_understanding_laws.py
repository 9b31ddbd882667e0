"""What holds for whatever anybody types."""

from __future__ import annotations

import json
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach import promising
from supportterm.coach.understanding import (
    STEPS,
    Contact,
    Line,
    Moment,
    answer,
    draft,
    languages,
    missing_at_close,
    progress,
    request,
    signs,
    slots,
    summary_due,
)
from supportterm.coach.understanding.hiding import hidden
from tests.coach.understanding_chats import chats

promising.prepare()

#: Pieces of real conversations meet whatever else Unicode has.
PIECES = [
    word
    for language in languages()
    for chat in chats(language)
    for line in chat.lines
    for word in line[3:].split()
]
TEXT = st.one_of(
    st.text(max_size=120),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=25).map(" ".join),
)
KIND = st.sampled_from(
    ["message"] * 8
    + ["joined", "summary_sent", "summary_confirmed", "summary_corrected"]
    + ["options_sent", "option_chosen", "dismissed", "step", "closed"]
)
LINE = st.builds(
    Line, st.sampled_from(["customer", "agent"]), TEXT, st.integers(0, 2**41), KIND
)  # as a log has them, in any order
LINES = st.lists(LINE, max_size=8)
LANGUAGE = st.sampled_from([*languages(), "nl-BE", "xx", ""])
CARD = "4111 1111 1111 1111"


@given(LINES, LANGUAGE, st.booleans(), st.lists(TEXT, max_size=3))
def test_places_are_places_and_the_same_gives_the_same(
    lines: list[Line], language: str, familiar: bool, known: list[str]
) -> None:
    found = slots(lines, language, known)
    assert found == slots(list(lines), language, list(known))
    for quote in found.quotes():
        assert lines[quote.line].who == "customer"
        assert lines[quote.line].kind == "message"
        assert quote.text.strip()
        assert lines[quote.line].text[quote.start : quote.end] == quote.text
    text = draft(found, language, familiar=familiar)
    assert text == draft(found, language, familiar=familiar)
    if text:
        assert any(found.quotes())


@given(LINES, LANGUAGE)
def test_whatever_is_typed_has_an_answer(lines: list[Line], language: str) -> None:
    assert progress(lines, language).step in STEPS
    for moment in get_args(Moment):
        due = summary_due(lines, language, moment)
        assert due is None or due.messages >= 0
    assert len({gap.what for gap in missing_at_close(lines, language)}) <= 3
    for line in lines:
        assert answer(line.text, language) in ("yes", "correction", None)
    earlier = [Contact("48213", 1), Contact("", 2**41)]
    for fact in signs(lines, language, 2**41, earlier):
        assert fact.times >= 2
        assert all(0 <= number < len(lines) for number in fact.why)


@given(
    LINES,
    LANGUAGE,
    st.sampled_from([CARD, "NL91 ABNA 0417 1643 00", "jan.smit@example.org", "+31 6 12345678"]),
)
def test_nothing_private_reaches_a_model(lines: list[Line], language: str, private: str) -> None:
    told = [*lines, Line("customer", f"it is {private} !"), Line("agent", private)]
    body = json.dumps(request(told, language), ensure_ascii=False)
    assert private not in body
    assert json.loads(body)["messages"][1]["content"].count(hidden(private)) >= 2


@given(TEXT)
def test_hiding_keeps_every_place(text: str) -> None:
    out = hidden(text)
    assert len(out) == len(text)
    assert all(now in (before, "•") for now, before in zip(out, text, strict=True))
    assert hidden(out) == out
