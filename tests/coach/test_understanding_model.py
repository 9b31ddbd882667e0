"""A language model's slots: what is asked of it, and that nothing invented comes through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.coach.understanding import Line, RulesDrafter, Slots, checked, request, slots
from tests.coach.understanding import said

LINES = said(
    "joined",
    "c: my code SPRING20 does not work",
    "a: What does it say?",
    "c: expired. I want the discount on 48213",
)
EMPTY: dict[str, Any] = {"happened": [], "about": [], "wants": [], "tried": [], "by_when": []}


def completion(content: object) -> bytes:
    text = content if isinstance(content, str) else json.dumps(content)
    return json.dumps(
        {"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}
    ).encode()


def quote(line: int, text: str) -> dict[str, object]:
    return {"line": line, "quote": text}


def test_a_request_holds_what_was_said_and_nothing_else() -> None:
    body = request(LINES, "en", "small")
    assert body["model"] == "small"
    system, user = body["messages"]
    assert json.loads(user["content"]) == [
        {"n": 1, "who": "customer", "text": "my code SPRING20 does not work"},
        {"n": 2, "who": "agent", "text": "What does it say?"},
        {"n": 3, "who": "customer", "text": "expired. I want the discount on 48213"},
    ]
    assert all(slot in system["content"] for slot in EMPTY)
    assert "model" not in request(LINES, "en")
    assert json.dumps(body)


def test_only_the_newest_lines_are_sent() -> None:
    sent = json.loads(request(said(*["c: more"] * 200), "en")["messages"][1]["content"])
    assert [one["n"] for one in sent] == list(range(140, 200))


def test_a_long_chat_is_sent_from_where_it_fits() -> None:
    lines = [Line("customer", "x" * 4_000) for _ in range(20)]
    sent = json.loads(request(lines, "en")["messages"][1]["content"])
    assert [one["n"] for one in sent] == list(range(14, 20))
    assert sum(len(one["text"]) for one in sent) == 24_000


def test_verbatim_quotes_become_slots_with_their_places() -> None:
    filled = {
        **EMPTY,
        "happened": [quote(1, "my code SPRING20 does not work")],
        "about": [quote(1, "SPRING20"), quote(3, "48213")],
        "wants": [quote(3, "I want the discount")],
    }
    found = checked(completion(filled), LINES)
    assert found is not None
    assert [(one.kind, one.quote.text, one.quote.start) for one in found.about] == [
        ("code", "SPRING20", 8),
        ("order", "48213", 32),
    ]
    assert found.empty() == ("tried", "by_when")
    for one in found.quotes():
        assert LINES[one.line].text[one.start : one.end] == one.text


def test_empty_slots_are_an_answer() -> None:
    assert checked(completion(EMPTY), LINES) == Slots()


@pytest.mark.parametrize(
    "content",
    [
        {**EMPTY, "happened": [quote(1, "my code never worked")]},  # invented
        {**EMPTY, "about": [quote(1, "ING20")]},  # out of the middle of a word
        {**EMPTY, "about": [quote(3, "SPRING20")]},  # another line
        {**EMPTY, "happened": [quote(2, "What does it say?")]},  # the agent's words
        {**EMPTY, "happened": [quote(0, "")]},  # an event
        {**EMPTY, "happened": [quote(1, " ")]},
        {**EMPTY, "happened": [quote(-1, "48213")]},
        {**EMPTY, "happened": [quote(99, "48213")]},
        {**EMPTY, "happened": [quote(1, "SPRING20")] * 5},
        {**EMPTY, "happened": ["my code SPRING20 does not work"]},
        {**EMPTY, "happened": [{"line": "1", "quote": "SPRING20"}]},
        {**EMPTY, "mood": []},
        {**EMPTY, "happened": [{"line": 1, "quote": "SPRING20", "sure": True}]},
        {key: value for key, value in EMPTY.items() if key != "tried"},
        {},
        [],
        "I cannot do that.",
        "```json\n{}\n```",
        "",
    ],
)
def test_anything_else_is_refused_whole(content: object) -> None:
    assert checked(completion(content), LINES) is None


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{}]}',
        b'{"choices": [{"message": {}}]}', b'{"choices": [{"message": {"content": null}}]}',
        b"<html>502</html>", b"\xff\xfe", b"[" * 30_000,
        b" " * 70_000, completion("[" * 20_000), completion(EMPTY)[:-3],
    ],
)  # fmt: skip
def test_no_completion_at_all(body: bytes) -> None:
    assert checked(body, LINES) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(body: bytes) -> None:
    assert checked(body, LINES) is None
    assert checked(completion(body.decode("latin-1")), LINES) is None


async def test_the_rules_are_a_drafter() -> None:
    assert await RulesDrafter().slots(LINES, "en") == slots(LINES, "en")
