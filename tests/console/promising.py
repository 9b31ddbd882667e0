"""A desk whose chats carry promises, held in the hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from supportterm.coach.hours import Hours
from supportterm.protocol import kinds, views
from supportterm.protocol.frames import Event, Say

from .conftest import A, B, Desk
from .server import CUSTOMER, DESK, MINUTE, NOON, SANNE, HandServer, beginning, event, say, sent

SECOND, HOUR = 1_000, 3_600_000
#: Enough for a line to have been read.
READ = 250
#: Enough for a second enter not to be the same one.
AGAIN = 600


def facts(**more: Any) -> views.ShopFacts:
    """The facts of the shop: open from 9 to 17:30 on every day, in UTC, unless told otherwise."""
    week = tuple(((9 * 60, 17 * 60 + 30),) for _ in range(7))
    return views.ShopFacts("hof", "Hof & Linde", **{"zone": "UTC", "hours": Hours("UTC", week), **more})


def shop(server: HandServer, **more: Any) -> None:
    """Tell the console of the shop, whatever a test's chats call it."""
    known = facts(**more)
    server.views["shops"] = views.Shops([known, msgspec.structs.replace(known, shop=known.name)])


def two_dutch(server: HandServer) -> HandServer:
    """A server with two customers who write Dutch."""
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, "Waar is mijn pakket?", pub=3),
        say(A, 5, NOON - 18 * MINUTE, SANNE, "Ik kijk het na.", pub=4),
        say(A, 6, NOON - 3 * MINUTE, CUSTOMER, "En?", pub=5),
    )
    server.add(
        B,
        *beginning(B, NOON - 9 * MINUTE),
        say(B, 4, NOON - 9 * MINUTE, CUSTOMER, "Heeft u deze ook in het groen?", pub=3),
    )
    shop(server)
    return server


@dataclass
class Gone:
    """What left for the server."""

    text: str
    promise: int
    due: int


def gone(server: HandServer) -> list[Gone]:
    """Every message that did."""
    return [Gone(one.text, one.promise, one.due) for one in sent(server.heard, Say)]


def promised(chat: str, seq: int, at: int, due: int, *, pub: int, kind: str = "promised") -> Event:
    """The owner gave a time, or a new one."""
    shape = kinds.Promised(due) if kind == "promised" else kinds.PromiseExtended(due)
    return event(chat, seq, at, SANNE, kind, pub=pub, data=shape)


def broken(chat: str, seq: int, at: int, *, pub: int) -> Event:
    """Its time passed."""
    return event(chat, seq, at, DESK, "promise_ended", pub=pub, data=kinds.PromiseEnded("broken"))


def running(server: HandServer, *, given: int, due: int, over: bool = False) -> None:
    """Chat A with a promise that runs, or ran out."""
    events = [
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, "Waar is mijn pakket?", pub=3),
        promised(A, 5, given, due, pub=4),
    ]
    head = {"promise_due": due, "promise_at": given}
    if over:
        events.append(broken(A, 6, due, pub=5))
        head = {"overdue_at": due}
    server.add(A, *events, **head)


async def write(desk: Desk, text: str) -> None:
    """Type a text and look at what the line says of it."""
    await desk.type(text)
    await desk.later(READ)


def aid(desk: Desk) -> str:
    """Both ends of the aid line, "" when it is not there."""
    return desk.bar("aid") if desk.main.aid_bar.display else ""


def chip(desk: Desk) -> str:
    """The same, "" where it only says which step comes next."""
    found = aid(desk)
    return "" if found.startswith("next: ") else found
