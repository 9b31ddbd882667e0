"""Addresses and numbers in the customer's own words."""

from __future__ import annotations

import pytest

from supportterm.console.said import reached_by_words
from supportterm.link.journal import Journal
from supportterm.protocol import contact

from .server import CUSTOMER, MINUTE, NOON, SANNE, beginning, event, say
from .test_inbox import hold

C = "chat" + "C" * 18


def said(*texts: str, noted: str = "") -> list[tuple[str, str]]:
    events = beginning(C, NOON - 9 * MINUTE)
    for text in texts:
        events.append(say(C, len(events) + 1, NOON, CUSTOMER, text))
    if noted:
        told = contact.written(contact.Reach("", noted))
        events.append(event(C, len(events) + 1, NOON, SANNE, "contact", text=told))
    journal = Journal("agent")
    hold(journal, C, events, owner="a1")
    return [(one.kind, one.where) for one in reached_by_words(journal.chats[C])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mijn adres is piet@example.org", [("mail", "piet@example.org")]),
        ("Mail me at <piet.b@mail.example.org>.", [("mail", "piet.b@mail.example.org")]),
        ("Bel 06 1234 5678 maar", [("phone", "06 1234 5678")]),
        ("+31 (0)20 123 4567, na zessen", [("phone", "+31 (0)20 123 4567")]),
        ("ring på 20 12 34 56", [("phone", "20 12 34 56")]),
        ("my order is 48213882 of 01-12-2026", []),
        ("op 01-12-2026 10:00, of 2.12.2026", []),
        ("parcel 3SABCD0123456789, order F-701180012", []),
        ("jan@ of piet", []),
        ("a@example.org or b@example.org", []),
        ("a@example.org, A@Example.org!", [("mail", "a@example.org")]),
        ("a@example.org or 0612345678", [("mail", "a@example.org"), ("phone", "0612345678")]),
    ],
)
def test_one_of_a_kind_is_read_and_of_two_none(text: str, found: list[tuple[str, str]]) -> None:
    assert [(kind, where.lower()) for kind, where in said(text)] == [
        (kind, where.lower()) for kind, where in found
    ]


def test_what_was_written_before_an_address_was_noted_is_old() -> None:
    assert said("piet@example.org", noted="eva@example.org") == []
    assert said("piet@example.org", "of bel 0612345678") != []
