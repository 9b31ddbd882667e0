"""Customers who want to be understood, in Dutch, at a shop that may know why they write."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.protocol import kinds, views
from supportterm.protocol.frames import By, Event

from .conftest import A, Desk
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, event, say

REASONS = [
    views.Reason(
        "parcel-late",
        {"nl": "Pakket is te laat", "en": "Parcel is late"},
        mandate=[
            views.Gift(
                "free-shipping",
                {"nl": "Verzendkosten terug", "en": "Shipping refunded"},
                {"nl": "Ik betaal je de verzendkosten terug.", "en": "I'm refunding the shipping costs."},
            )
        ],
    ),
    views.Reason(
        "does-not-fit",
        {"nl": "Past niet", "en": "Does not fit"},
        {"nl": "Je geld staat binnen vijf werkdagen na ontvangst op je rekening."},
    ),
]
MUCH = [
    "Ik heb vorige week een zwarte lamp besteld met nummer 48213 voor in de woonkamer van mijn ouders.",
    "Gisteren kwam het pakket aan maar er zit een witte lamp in en de doos was al een keer geopend.",
    "Ik heb al gebeld en gemaild maar niemand reageert, en vrijdag is het feest waarvoor hij bedoeld is.",
]
STORY = "Ik heb vorige week een zwarte lamp besteld (48213) maar ik heb een witte gekregen."


def facts(**more: object) -> views.Shops:
    usual = {"shop": "Hof & Linde", "name": "Hof & Linde", "zone": "UTC", "familiar": ["nl"]}
    return views.Shops([msgspec.convert({**usual, **more}, views.ShopFacts)])


@pytest.fixture
def lamp(server: HandServer) -> HandServer:
    """A customer with a story, in Dutch."""
    server.views["shops"] = facts()
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, STORY, pub=3),
        say(A, 5, NOON - 18 * MINUTE, SANNE, "Wat vervelend, ik kijk met je mee.", pub=4),
        say(A, 6, NOON - 3 * MINUTE, CUSTOMER, "Ik wil graag de zwarte, voor vrijdag.", pub=5),
    )
    return server


@pytest.fixture
def reasoned(lamp: HandServer) -> HandServer:
    """The same, at a shop with reasons, one of which allows a gift."""
    lamp.views["shops"] = facts(reasons=REASONS)
    return lamp


@pytest.fixture
def fresh(server: HandServer) -> HandServer:
    """A chat that was just joined: the customer wrote while waiting."""
    server.views["shops"] = facts()
    opened, context, joined = beginning(A, NOON - 3 * MINUTE)
    wrote = say(A, 3, NOON - 2 * MINUTE, CUSTOMER, "Waar blijft bestelling 48213?", pub=2)
    joined = msgspec.structs.replace(joined, seq=4, pub=3)
    server.add(A, opened, context, wrote, joined, waiting_since=NOON - 2 * MINUTE)
    return server


@pytest.fixture
def talkative(server: HandServer) -> HandServer:
    """A customer who has said enough to be restated."""
    server.views["shops"] = facts()
    messages = [
        say(A, 5 + n, NOON - (9 - n) * MINUTE, CUSTOMER, text, pub=4 + n) for n, text in enumerate(MUCH)
    ]
    hello = say(A, 4, NOON - 10 * MINUTE, SANNE, "Hoi, wat kan ik voor je doen?", pub=3)
    server.add(A, *beginning(A, NOON - 20 * MINUTE), hello, *messages)
    return server


def said(text: str, pub: int, by: By = CUSTOMER, **about: object) -> Event:
    """The next message of the chat, with what is known beside its words."""
    data = msgspec.convert(about, kinds.Message)
    return event(A, pub + 1, NOON + MINUTE, by, "message", pub=pub, text=text, data=data)


def give(desk: Desk, one: Event) -> None:
    desk.server.chats[A].append(one)
    desk.server.give(one)
