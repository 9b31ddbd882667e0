"""The values that ``view`` frames carry, by name."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Queue(Struct, frozen=True):
    """For staff. ``oldest_at``: since when the first in the queue waits; 0 when it is empty."""

    size: int
    oldest_at: int


class Mine(Struct, frozen=True):
    """For an agent. The chats that are theirs, their status, and how many chats they may get."""

    chats: list[str]
    status: str
    limit: int
    writing: bool


class Door(Struct, frozen=True):
    """For a customer. Whether anybody is online at the desk to answer."""

    open: bool


VIEWS: Final[dict[str, type[Struct]]] = {"queue": Queue, "mine": Mine, "door": Door}
