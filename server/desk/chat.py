"""One chat as its events made it."""

from __future__ import annotations

import copy
from typing import Literal

from server.desk.commands import Person
from server.desk.events import CUSTOMER, Event, decode_data
from supportterm.protocol import kinds


class Chat:
    """The state of a chat after its event number ``seq``; changed by `apply` only.

    ``owner`` is the agent's id; it stays after closing, so that the agent can still read the chat.
    ``waiting_since``: the oldest unanswered message of the customer, or the opening; 0: not waiting.
    ``queued_at``: its place in the queue, while it has no owner. ``cids`` maps each client id to
    (actor, seq, pub, digest), which is how a repeated command is known.
    """

    __slots__ = (
        "at",
        "cids",
        "closed_at",
        "customer",
        "id",
        "lang",
        "opened_at",
        "owner",
        "owner_name",
        "pub",
        "queued_at",
        "seq",
        "shop",
        "state",
        "waiting_since",
    )

    def __init__(self, chat: str, customer: str) -> None:
        self.id = chat
        self.customer = customer
        self.shop = ""
        self.lang = ""
        self.state: Literal["queued", "open", "closed"] = "queued"
        self.owner = ""
        self.owner_name = ""
        self.seq = 0
        self.pub = 0
        self.at = 0
        self.opened_at = 0
        self.closed_at = 0
        self.queued_at = 0
        self.waiting_since = 0
        self.cids: dict[str, tuple[str, int, int, bytes]] = {}

    def copy(self) -> Chat:
        """The same state without the client ids."""
        other = copy.copy(self)
        other.cids = {}
        return other

    def readable_by(self, who: Person) -> bool:
        """The one rule of who may read and write this chat."""
        if who.role == "customer":
            return self.customer == who.id
        return who.role == "agent" and self.owner == who.id

    def apply(self, event: Event) -> None:
        """Fold one event; it must be the next."""
        if event.seq != self.seq + 1:
            raise ValueError(f"chat {self.id} stands at {self.seq}, not before {event.seq}")
        self.seq = event.seq
        self.pub = event.pub or self.pub
        self.at = event.at
        kind = event.kind
        if kind == "message":
            if event.actor != CUSTOMER:
                self.waiting_since = 0
            elif not self.waiting_since:
                self.waiting_since = event.at
        elif kind == "opened":
            opened = decode_data(event, kinds.Opened)
            self.shop, self.lang = opened.shop, opened.lang
            self.opened_at = self.queued_at = self.waiting_since = event.at
        elif kind == "joined":
            self.state = "open"
            self.owner, self.owner_name = event.actor.removeprefix("agent:"), event.name
            self.queued_at = 0
        elif kind == "closed":
            self.state = "closed"
            self.closed_at = event.at
            self.queued_at = self.waiting_since = 0
        elif kind == "reopened":
            self.state = "open" if self.owner else "queued"
            self.closed_at = 0
            if event.actor == CUSTOMER:
                self.waiting_since = event.at
            if not self.owner:
                self.queued_at = event.at
        elif kind == "requeued":
            self.state = "queued"
            self.owner = self.owner_name = ""
            # Who was already waiting keeps that time, and so a place further ahead.
            self.queued_at = self.waiting_since or event.at

    def remember(self, event: Event) -> None:
        """Keep the event's client id, so that repeating its command is harmless."""
        if event.cid:
            self.cids[event.cid] = (event.actor, event.seq, event.pub, event.digest)
