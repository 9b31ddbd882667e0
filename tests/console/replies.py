"""A shop with canned replies, and a customer with an order number, in Dutch."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.protocol import views

from .conftest import A
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, say

SHOP = "Hof & Linde"


def reply(id: str, kind: str = "other", reasons: list[str] | None = None, **texts: str) -> views.Reply:
    """One whose labels are its id, and its texts by language."""
    labels = {"en": id.replace("-", " ").capitalize(), "nl": f"{id} (nl)"}
    found = {"id": id, "kind": kind, "labels": labels, "texts": texts, "reasons": reasons or []}
    return msgspec.convert(found, views.Reply)


REPLIES = [
    reply("hours", nl="Wij zijn open van 9 tot 17.", en="We are open from 9 to 5."),
    reply("english-only", en="Please look at our size guide."),
    reply("track", reasons=["late"], nl="Bestelling {order} is onderweg: {?link}"),
    reply("return-label", kind="solution", nl="Hier is het label, groet van {agent} van {shop}."),
    reply("hello", kind="greeting", nl="Dag {customer}, fijn dat je er bent."),
    reply("later", nl="Ik ben over 5 minuten terug."),
]


@pytest.fixture
def lamp(server: HandServer) -> HandServer:
    """A customer with an order number, in Dutch, at a shop with replies."""
    reasons = [views.Reason("late", {"nl": "Te laat"})]
    shop = views.ShopFacts(SHOP, SHOP, "UTC", familiar=["nl"], reasons=reasons)
    server.views["shops"] = views.Shops([shop])
    server.views["replies"] = views.Replies([views.ShopReplies(SHOP, REPLIES)])
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, "Ik heb een lamp besteld (48213), hij is kapot.", pub=3),
        say(A, 5, NOON - 18 * MINUTE, SANNE, "Wat vervelend, ik kijk met je mee.", pub=4),
    )
    return server
