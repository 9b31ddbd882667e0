"""The kinds of events in a chat's stream and the shape of their ``data``.

A public kind's ``data`` holds nothing a customer may not read: staff-only detail is an event of its
own. Clients skip kinds they do not know, but count them.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct


class Opened(Struct, frozen=True):
    """The customer opened the chat."""

    shop: str
    lang: str


class Context(Struct, frozen=True):
    """Hidden. Where the customer was; the page's address is the event's ``text``."""


class Routed(Struct, frozen=True):
    """Hidden. The desk chose an agent; ``open`` and ``limit`` are the chosen agent's chats before it."""

    agent: str
    open: int
    limit: int


class Joined(Struct, frozen=True):
    """An agent became the chat's owner; ``name`` is what the customer reads."""

    name: str


class Message(Struct, frozen=True):
    """Something was said; it is the event's ``text``. ``masked`` counts card numbers and IBANs removed."""

    masked: int = 0


class Note(Struct, frozen=True):
    """Hidden. A note of an agent; it is the event's ``text``."""

    masked: int = 0


class Closed(Struct, frozen=True):
    """The chat ended: a person closed it, or it lay idle for the desk's time."""

    reason: Literal["customer", "agent", "idle"]


class Reopened(Struct, frozen=True):
    """A closed chat goes on."""


class Requeued(Struct, frozen=True):
    """The chat waits for an owner again."""

    reason: Literal["agent_gone", "reopened"]


class Erased(Struct, frozen=True):
    """Every text before this event was removed for privacy: forget it, with drafts and search hits."""


PUBLIC: Final[dict[str, type[Struct]]] = {
    "opened": Opened,
    "joined": Joined,
    "message": Message,
    "closed": Closed,
    "reopened": Reopened,
    "requeued": Requeued,
    "erased": Erased,
}
HIDDEN: Final[dict[str, type[Struct]]] = {"context": Context, "routed": Routed, "note": Note}
