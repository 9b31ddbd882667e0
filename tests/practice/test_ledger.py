"""The bookkeeping finds what must not happen."""

from __future__ import annotations

from typing import Any

import pytest

from supportterm.link.changes import Began, Grew, Refused
from supportterm.link.journal import Journal
from supportterm.practice.ledger import Ledger
from supportterm.practice.report import answer_times, compare
from supportterm.protocol import frames
from supportterm.protocol.frames import By, Event, Side

CHAT = "chat-aaaaaaaaaaaaaaaa"
ONE, TWO = "id01-cccccccccccccccc", "id02-cccccccccccccccc"


def event(seq: int, text: str = "Hallo", id: str = "", kind: str = "message", **more: Any) -> Event:
    by = By(role=more.pop("role", "customer"))
    return Event(chat=more.pop("chat", CHAT), seq=seq, at=seq * 1_000, kind=kind, by=by, id=id, text=text)


def ledger(*events: Event) -> Ledger:
    found = Ledger("customer")
    found.puts(frames.Open(id="open-cccccccccccc", chat=CHAT))
    found.put[CHAT].clear()
    found.puts(frames.Say(id=ONE, chat=CHAT, text="een"))
    found.puts(frames.Say(id=TWO, chat=CHAT, text="twee"))
    found.hears([Began(CHAT, True)])
    for one in events:
        found.hears([Grew(one.chat, [one])])
    found.close(Journal("customer"))
    return found


def test_what_should_happen_is_no_violation() -> None:
    found = ledger(event(1, "een", ONE), event(2, role="agent"), event(3, "twee", TWO))
    assert found.violations == []
    assert found.counts(Journal("customer")) == {"sent": 2, "answered": 2, "refused": 0, "received": 1}


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([event(1, "een", ONE)], "answered and is not shown"),
        ([event(1, "een", ONE), event(3, "twee", TWO)], "number 3 was shown where 2 follows"),
        ([event(1, "twee", TWO), event(2, "een", ONE)], "another order"),
        ([event(1, "een", ONE), event(2, "een", ONE), event(3, "twee", TWO)], "shown twice"),
        ([event(1, "drie", ONE), event(2, "twee", TWO)], "with another text"),
        ([event(1, "een", ONE), event(2, "twee", TWO), event(3, kind="note")], "a note was shown"),
        ([event(1, "een", ONE), event(2, "twee", TWO), event(1, chat="b" * 16)], "somebody else's"),
        ([event(1, "een", ONE), event(1, "twee", TWO)], "two different events"),
    ],
)
def test_what_must_not_happen_is_found(events: list[Event], sentence: str) -> None:
    assert any(sentence in violation for violation in ledger(*events).violations)


def test_both_sides_are_compared() -> None:
    left = {CHAT: [[1, "message", "customer", "a"], [2, "message", "agent", "b"]], "queued": [[1, "opened"]]}
    assert compare(left, left) == []
    assert compare(left, {CHAT: left[CHAT]}) == []
    assert "customer only" in compare(left, {CHAT: left[CHAT][:1]})[0]
    assert "agent only" in compare({CHAT: left[CHAT][:1]}, left)[0]
    assert "differs" in compare(left, {CHAT: [left[CHAT][0], [2, "message", "agent", "c"]]})[0]


def test_answer_times() -> None:
    story = [
        event(1, kind="opened"),
        event(3),
        event(5, role="agent"),
        event(6, role="agent"),
        event(10),
        event(11),
        event(14, role="agent"),
        event(20),
        event(21, kind="closed"),
        event(25, role="agent"),
    ]
    assert answer_times(story) == [4_000, 4_000]


@pytest.mark.parametrize(
    ("role", "wronged"),
    [("agent", ["limit"]), ("customer", ["chat_closed", "limit"])],
)
def test_only_an_agent_may_write_while_the_other_closes(role: Side, wronged: list[str]) -> None:
    found = Ledger(role)
    for code in ("already", "chat_closed", "limit"):
        say = frames.Say(id=f"{code}-cccccccccccc", chat=CHAT, text="een")
        found.hears([Refused(CHAT, say, code)])
    assert [code for _, code in found.wronged()] == wronged
