"""A chat as its events tell it, read a second time and independently of the desk's own folding."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from server.desk.events import CUSTOMER, Event


class Case:
    """Who has a chat, or where it waits and since when; who was asked; who may read it.

    ``had``: by event number, the agents who could read the chat up to and including that event.
    ``passed``: agents who once did not take it; ``promiser``: who promised last to call the customer back.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.state = "queued"
        self.owner = self.offered = self.promiser = ""
        self.since = self.waiting = self.promised = self.given = self.due = self.broken = self.opened = 0
        self.returned = False
        #: A broken promise is not made good; one was withdrawn as they had left, with no answer since.
        self.late = self.lapsed = False
        self.handed = False
        self.priority = 0
        self.skill = ""
        self.langs: set[str] = set()
        self.asked = ""
        self.shop = ""
        self.guests: set[str] = set()
        self.passed: set[str] = set()
        self.had: list[frozenset[str]] = []
        self.seq = 0
        for event in events:
            self.take(event)

    @property
    def readers(self) -> frozenset[str]:
        """Agents who may read it now, besides supervisors."""
        return frozenset(one for one in (*self.guests, self.owner, self.offered) if one)

    def place(self, chat: str) -> tuple[int, bool, int, str]:
        """Where it stands in the queue: lower goes first."""
        return (-self.priority, not self.returned, self.since, chat)

    def take(self, event: Event) -> None:
        """One more event."""
        before = self.readers
        data: dict[str, Any] = json.loads(event.data or b"{}")
        self._waits(event, data)
        self._belongs(event, data)
        self.seq = event.seq
        self.had.append(before | self.readers)

    def _waits(self, event: Event, data: dict[str, Any]) -> None:
        """For whom who waits: the customer's side."""
        at = event.at
        match event.kind:
            case "opened":
                self.shop, self.opened = data["shop"], at
                self.since = self.waiting = at
                self.langs = {data["lang"]} - {""}
            case "message":
                if event.actor == CUSTOMER:
                    self.waiting = self.waiting or at
                elif not data.get("holding"):
                    self.waiting = self.broken = 0
                    self.given = 0 if self.lapsed and not self.late else self.given
                    self.lapsed = False
            case "page_back" if data.get("waits"):
                self.waiting = at
            case "promised":
                self.promised = self.given = at
                self.due, self.lapsed = data["due_at"], False
            case "promise_extended":
                self.due = data["due_at"]
            case "promise_moved":
                self.promised += data["due_at"] - self.due
                # The log's times go on from a clock that is set back.
                self.given += max(0, data["due_at"] - self.due)
                self.due = data["due_at"]
            case "promise_ended":
                self.lapsed = bool(data.get("gone"))
                if data["how"] == "broken":
                    self.late = True
                    self.broken = min(self.due, at)
                    self.waiting = self.waiting or self.broken
                if data["how"] in ("kept", "extended"):
                    self.given = 0
                self.promised = self.due = 0
            case "bounced":
                self.promised, self.due = (
                    (at, data["due_at"]) if data.get("due_at") else (self.promised, self.due)
                )
                if data.get("late_at"):
                    self.late = True
                    self.broken, self.waiting = data["late_at"], self.waiting or data["late_at"]
            case "made_good":
                # Of a callback the answer was written before, and has arrived now.
                self.waiting = 0 if self.waiting == self.broken else self.waiting
                self.broken = self.given = 0
                self.late = False
            case "callback":
                self.waiting = self.broken = 0
                self.promiser = event.actor.removeprefix("agent:")
            case "phoned" if data["reached"]:
                self.waiting = self.broken = 0
            case "entered":
                self.priority, self.skill = data.get("priority", 0), data.get("skill", "")
                self.langs = {data.get("lang", "")} - {""}
            case "widened":
                self.skill = self.skill if data["skill"] else ""
                self.langs = set(data["langs"])
            case "language_asked":
                self.asked = data["lang"]
            case "language_chosen":
                self.langs |= {self.asked} if data["choice"] == "now" else set()
            case _:
                pass

    def _belongs(self, event: Event, data: dict[str, Any]) -> None:
        """To whom it belongs, or where it waits."""
        at = event.at
        match event.kind:
            case "joined":
                self.state, self.owner = "open", event.actor.removeprefix("agent:")
                self.promiser = self.promiser and self.owner
                self.offered, self.since, self.returned = "", 0, False
                self.guests.discard(self.owner)
            case "unassigned":
                self.passed.add(self.owner)
                self.owner = self.offered = ""
                if data["left"]:
                    self.state = "left"
                else:
                    # The time at which the customer began to wait is what the queue goes by.
                    self.state, self.returned = "queued", True
                    self.since = self.waiting or self.given or at
            case "requeued":
                self.state, self.owner, self.offered = "queued", "", ""
                self.since = self.waiting or at
            case "left":
                self.state, self.offered, self.since = "left", "", 0
                self.lapsed = False
            case "closed":
                self.state, self.offered, self.handed = "closed", "", False
                self.since = self.waiting = self.promised = self.given = self.due = self.broken = 0
                self.late = self.lapsed = False
                self.guests = set()
            case "reopened":
                self.state = "open" if self.owner else "queued"
                self.since = 0 if self.owner else at
                self.waiting = at if event.actor == CUSTOMER else self.waiting
            case "offered":
                self.offered = data["agent"]
            case "offer_ended":
                self.passed.add(data["agent"])
                self.offered = ""
            case "handoff":
                self.handed, self.offered = True, data["agent"]
            case "handoff_ended":
                self.handed, self.offered = False, ""
            case "invited":
                self.guests.add(data["agent"])
            case "uninvited":
                self.guests.discard(data["agent"])
            case _:
                pass
