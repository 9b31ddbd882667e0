"""A desk with callbacks, held in the hand."""

from __future__ import annotations

from typing import Any

import msgspec

from supportterm.protocol import contact, kinds, views
from supportterm.protocol.frames import Event

from .promising import HOUR, shop
from .server import BO, CUSTOMER, DESK, MINUTE, NOON, SANNE, HandServer, beginning, event, load, say

MAIL, PHONE = "eva@example.nl", "06 1234 5678"
#: Tomorrow at ten: NOON is 14:00.
TEN = NOON + 20 * HOUR


def asks(server: HandServer, chat: str, *known: str, name: str = "Eva", **facts: Any) -> None:
    """A customer who writes Dutch and asked for something; ``known``: the addresses and numbers they left."""
    shop(server, **{"mail": True, "callbacks_per_hour": 4, **facts})
    events = beginning(chat, NOON - 20 * MINUTE)
    for number, where in enumerate(known):
        told = contact.written(contact.Reach(name, where))
        events.append(event(chat, 4 + number, NOON - 19 * MINUTE, CUSTOMER, "contact", text=told))
    last = len(events)
    server.add(
        chat,
        *events,
        say(chat, last + 1, NOON - 18 * MINUTE, CUSTOMER, "Waar is mijn pakket?", pub=3),
        say(chat, last + 2, NOON - 17 * MINUTE, SANNE, "Ik kijk het na.", pub=4),
    )


def next_of(server: HandServer, chat: str) -> tuple[int, int]:
    """The numbers of the chat's next event: of all, and of the public ones."""
    events = server.chats[chat]
    return len(events) + 1, max(one.pub for one in events) + 1


def happens(
    server: HandServer, chat: str, kind: str, *, by: Any = DESK, hidden: bool = False, **more: Any
) -> Event:
    """One more event, which the console is told if it is there."""
    seq, pub = next_of(server, chat)
    found = event(chat, seq, more.pop("at", NOON), by, kind, pub=0 if hidden else pub, **more)
    server.chats[chat].append(found)
    if server.socket is not None:
        server.give(found)
    return found


def comes_up(server: HandServer, chat: str, how: Any, due: int) -> None:
    """What was promised an hour ago comes up for Sanne: she is the owner again."""
    then = NOON - HOUR
    happens(server, chat, "promised", by=SANNE, at=then, data=kinds.Promised(due, True))
    happens(server, chat, "callback", by=SANNE, at=then, data=kinds.Callback(due, how))
    left = kinds.Unassigned("callback", "a1", True)
    happens(server, chat, "unassigned", by=SANNE, at=then, hidden=True, data=left)
    now = kinds.Routed("a1", "callback", 0, 250, 0, 5, load().parts)
    happens(server, chat, "routed", hidden=True, data=now)
    happens(server, chat, "joined", by=SANNE, data=kinds.Joined("Sanne"))
    server.heads[chat] = msgspec.structs.replace(
        server.heads[chat], callback=how, promise_due=due, promise_at=then, state="open", owner="a1"
    )


def listed(server: HandServer) -> None:
    """The list with a left message, callbacks of Sanne and Bo, a mail on its way and one that was refused."""
    server.views["left"] = views.Left(
        [
            views.LeftRow(
                "c" * 22,
                "hof",
                NOON - HOUR,
                TEN,
                "nl",
                "a1",
                how="phone",
                owner_name="Sanne",
                name="Eva Mulder",
                contact=PHONE,
            ),
            views.LeftRow("d" * 22, "hof", NOON - HOUR, NOON + 2 * HOUR, "da"),
            views.LeftRow(
                "e" * 22,
                "hof",
                NOON - HOUR,
                NOON - 4 * MINUTE,
                "nl",
                "a2",
                how="mail",
                owner_name="Bo",
                contact="jan@example.org",
            ),
            views.LeftRow(
                "f" * 22,
                "hof",
                NOON - HOUR,
                NOON + HOUR,
                "en",
                "a2",
                NOON,
                how="mail",
                owner_name="Bo",
                mail="refused",
            ),
            views.LeftRow(
                "g" * 22,
                "hof",
                NOON - HOUR,
                NOON + HOUR,
                "en",
                "a1",
                NOON,
                how="mail",
                owner_name="Sanne",
                mail="waiting",
            ),
        ],
        [views.Hour(TEN, 4), views.Hour(NOON + 3 * HOUR, 2)],
    )


__all__ = ["BO", "MAIL", "PHONE", "TEN", "asks", "comes_up", "happens", "listed"]
