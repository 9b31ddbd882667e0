"""A desk with colleagues, as its views tell it."""

from __future__ import annotations

from typing import Any

from supportterm.protocol import kinds, views
from supportterm.protocol.frames import By
from supportterm.protocol.views import Part

from .server import BO, CUSTOMER, DESK, MINUTE, NOON, SANNE, HandServer, beginning, event, load, say

A, B, C = "chatAAAAAAAAAAAAAAAAAA", "chatBBBBBBBBBBBBBBBBBB", "chatCCCCCCCCCCCCCCCCCC"
Q1, Q2, L1 = "chatQQQQQQQQQQQQQQQQQQ", "chatRRRRRRRRRRRRRRRRRR", "chatLLLLLLLLLLLLLLLLLL"

FULL = load(320, Part("waiting", 3, 300), Part("quiet", 1, 20))
BUSY = load(220, Part("waiting", 2, 200), Part("quiet", 1, 20))
LIGHT = load(50, Part("answered", 1, 50))
NOTHING = views.Load(0, 250, 0, 5, [])


def colleagues() -> list[views.Colleague]:
    """Sanne (the agent at this console), Bo with room, Iben who is full, Tom who is not there."""
    return [
        views.Colleague("a1", "Sanne", "agent", "online", True, BUSY, languages=("nl", "en"), chats=[A, B]),
        views.Colleague(
            "a2",
            "Bo",
            "agent",
            "online",
            True,
            LIGHT,
            since=NOON - 50 * MINUTE,
            languages=("nl", "da"),
            skills=("refunds", "bikes"),
            chats=[C],
        ),
        views.Colleague(
            "a3",
            "Iben",
            "agent",
            "away",
            True,
            FULL,
            reason="lunch",
            since=NOON - 12 * MINUTE,
            languages=("da",),
            skills=("refunds",),
            oldest_at=NOON - 7 * MINUTE,
            promises=2,
            overdue=1,
            today=True,
        ),
        views.Colleague("a4", "Tom", "trainee", "offline", False, NOTHING, languages=("en",)),
    ]


def desk_of(server: HandServer, **mine: Any) -> HandServer:
    """Two chats of Sanne's, colleagues, a queue, left messages, a day."""
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, "Where is my parcel?", pub=3),
        say(A, 5, NOON - 18 * MINUTE, SANNE, "I will look.", pub=4),
        say(A, 6, NOON - 3 * MINUTE, CUSTOMER, "And?", pub=5),
    )
    server.add(
        B,
        *beginning(B, NOON - 9 * MINUTE),
        say(B, 4, NOON - 9 * MINUTE, CUSTOMER, "Do you have this in green?", pub=3),
    )
    server.mine = {"load": BUSY, **mine}
    server.views["team"] = views.Team(colleagues(), ["bikes", "refunds"])
    server.queue = views.Queue(
        2,
        NOON - 4 * MINUTE,
        [
            views.Waiting(Q1, "Fjord & Fell", NOON - 4 * MINUTE, "da", "refunds", returned=True),
            views.Waiting(Q2, "Hof & Linde", NOON - MINUTE, "nl", priority=1, offered="a2"),
        ],
        lines=[
            views.QueueLine("da", "refunds", 1, NOON - 4 * MINUTE),
            views.QueueLine("nl", "", 1, NOON - MINUTE),
        ],
    )
    server.views["left"] = views.Left(
        [
            views.LeftRow(L1, "Hof & Linde", NOON - 90 * MINUTE, NOON - 5 * MINUTE, "nl"),
            views.LeftRow(
                C, "Fjord & Fell", NOON - 60 * MINUTE, NOON + 120 * MINUTE, "da", "a2", NOON - 1, True
            ),
        ]
    )
    server.views["shops"] = views.Shops(
        [
            views.ShopFacts("hof", "Hof & Linde", "UTC"),
            views.ShopFacts("fjord", "Fjord & Fell", "UTC"),
        ]
    )
    server.views["today"] = views.Today(
        [views.Held("banner", "", NOON + 480 * MINUTE, "Iben", text="Delivery strike until 22:00")],
        [
            views.ShopToday("hof", "Hof & Linde", True, NOON + 180 * MINUTE),
            views.ShopToday("fjord", "Fjord & Fell", False, NOON + 20 * 60 * MINUTE),
        ],
        [A],
    )
    return server


def supervisor(server: HandServer, **mine: Any) -> HandServer:
    """The same desk, and Sanne leads it."""
    desk_of(server, **mine)
    server.title = "supervisor"
    server.views["alerts"] = views.Alerts(
        [
            views.Alert(
                "over:a3",
                "over_ceiling",
                NOON - 2 * MINUTE,
                "a3",
                "Iben",
                moves=[views.Move(C, "a2", "Bo", 320, 220, 50, 150)],
            )
        ]
    )
    server.views["blocks"] = views.Blocks([views.Block("b1", L1, NOON + 600 * MINUTE, "Iben")])
    return server


def offer(chat: str = C, kind: Any = "handoff", seconds: int = 90) -> views.Offer:
    """Bo hands a chat over."""
    return views.Offer(chat, NOON + seconds * 1000, kind, "Bo", "second level")


def other(server: HandServer, chat: str = C, **head: Any) -> None:
    """A chat of Bo's with a history, readable for Sanne."""
    server.add(
        chat,
        event(chat, 1, NOON - 30 * MINUTE, CUSTOMER, "opened", pub=1, data=kinds.Opened("hof", "nl")),
        event(
            chat,
            2,
            NOON - 29 * MINUTE,
            DESK,
            "routed",
            data=kinds.Routed("a2", "load", 50, 250, 1, 5, [Part("answered", 1, 50)]),
        ),
        event(chat, 3, NOON - 29 * MINUTE, BO, "joined", pub=2, data=kinds.Joined("Bo")),
        say(chat, 4, NOON - 28 * MINUTE, CUSTOMER, "I was charged twice.", pub=3),
        event(
            chat,
            5,
            NOON - MINUTE,
            BO,
            "handoff",
            text="Charged twice; receipt 4711 checked.",
            data=kinds.Handoff("a1", "", "second level"),
        ),
        owner="a2",
        agent="Bo",
        **head,
    )


def by(name: str, id: str) -> By:
    return By("agent", name, id)
