"""What staff may know of a customer's earlier chats: when, about which orders, and why. No text."""

from __future__ import annotations

from msgspec import Struct

from supportterm.protocol.base import ServerFrame


class EarlierChat(Struct, frozen=True, omit_defaults=True):
    """A chat that the customer opened ``at`` and in which they named these order numbers, as written.

    ``reason``: the id of the reason that was told for it last, "" if none was.
    """

    at: int
    orders: list[str]
    reason: str = ""


class Earlier(ServerFrame, frozen=True, tag="earlier"):
    """For staff. The customer's chats before this one that named an order number, the newest first.

    It follows a ``chat`` frame if there are any, which empties what was known; sent again, also empty,
    when texts of the customer were erased. State, not an event: the newest counts.
    """

    chat: str
    chats: list[EarlierChat]
