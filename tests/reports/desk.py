"""A desk's log written event by event, at seconds after a Monday morning."""

from __future__ import annotations

from typing import Any

import msgspec

from server.desk.events import CUSTOMER, DESK, Event, agent_actor, chat_stream, desk_stream
from server.desk.rules import Rules, Shop
from server.desk.versions import newest
from server.platform import RealPlatform
from server.reports.asking import Scope
from server.store.following import Entry
from server.store.interface import Append, Origin
from server.store.sqlite import SqliteStore
from supportterm.coach.hours import Hours
from supportterm.protocol import kinds

#: Monday, 2 March 2026, 09:00 in UTC.
NINE = 1_772_442_000_000
#: The same day in the report's words.
DAY = "2026-03-02"


def at(seconds: float) -> int:
    """That many seconds after nine."""
    return NINE + int(seconds * 1000)


class Room:
    """The log of one desk in the order of its commits."""

    def __init__(self, desk: str = "main") -> None:
        self.desk = desk
        self.events: list[Event] = []
        self.origins: dict[str, Origin] = {}
        self._seqs: dict[str, int] = {}
        self._pubs: dict[str, int] = {}

    def chat(self, name: str, seconds: float = 0, shop: str = "acme", lang: str = "en") -> Chat:
        """A customer opens a chat."""
        chat = Chat(self, name)
        self.origins[chat.stream] = Origin(self.desk, shop, "customer of " + name, name.encode())
        chat.add(seconds, "opened", CUSTOMER, shop=shop, lang=lang)
        return chat

    def own(self, seconds: float, kind: str, agent: str, **data: Any) -> None:
        """An event of the desk's own stream."""
        self.add(desk_stream(self.desk), seconds, kind, agent_actor(agent), {"agent": agent, **data})

    def online(self, agent: str, seconds: float) -> None:
        """The agent's console comes; their status is what it was, online at first."""
        self.own(seconds, "present", agent)

    def gone(self, agent: str, seconds: float) -> None:
        """The agent's console stayed away."""
        self.own(seconds, "absent", agent)

    def status(self, agent: str, seconds: float, status: str) -> None:
        """The agent says how they are."""
        self.own(seconds, "status", agent, status=status)

    def add(
        self, stream: str, seconds: float, kind: str, actor: str, data: dict[str, Any], text: str = ""
    ) -> None:
        """Any event."""
        seq = self._seqs[stream] = self._seqs.get(stream, 0) + 1
        hidden = kind in kinds.HIDDEN or stream.startswith("desk:")
        pub = 0 if hidden else self._pubs.get(stream, 0) + 1
        if pub:
            self._pubs[stream] = pub
        encoded = msgspec.json.encode(data) if data else b""
        self.events.append(
            Event(stream, seq, pub, at(seconds), kind, actor, data=encoded, text=text, v=newest(kind))
        )

    def entries(self) -> list[Entry]:
        """As the store gives them."""
        streams = sorted({event.stream for event in self.events})
        return [
            Entry(pos, streams.index(event.stream) + 1, self.desk, event.stream.startswith("chat:"), event)
            for pos, event in enumerate(self.events, 1)
        ]

    async def store(self, store: SqliteStore, first: int = 0) -> None:
        """Commit the events from number ``first`` on, all in one transaction."""
        writes = [
            Append(
                event.stream,
                event.seq - 1,
                [event],
                self.origins.get(event.stream) if event.seq == 1 else None,
            )
            for event in self.events[first:]
        ]
        await store.append(self.desk, await store.claim(self.desk), writes)


class Chat:
    """One chat of a `Room`."""

    def __init__(self, room: Room, name: str) -> None:
        self._room = room
        self.stream = chat_stream(name)

    def add(self, seconds: float, kind: str, actor: str = DESK, **data: Any) -> Chat:
        """Any event."""
        text = "words" if kind == "message" else ""
        self._room.add(self.stream, seconds, kind, actor, data, text)
        return self

    def asks(self, seconds: float) -> Chat:
        """The customer writes."""
        return self.add(seconds, "message", CUSTOMER)

    def joined(self, seconds: float, agent: str = "anna", ceiling: int = 300) -> Chat:
        """The desk gives it to an agent."""
        load: dict[str, Any] = {"points": 0, "ceiling": ceiling, "chats": 0, "cap": 5, "parts": []}
        self.add(seconds, "routed", agent=agent, how="load", **load)
        return self.add(seconds, "joined", agent_actor(agent), name=agent.capitalize())

    def says(self, seconds: float, agent: str = "anna") -> Chat:
        """An agent writes."""
        return self.add(seconds, "message", agent_actor(agent))

    def closed(self, seconds: float, reason: str = "agent", agent: str = "anna") -> Chat:
        """Whoever the reason says closes it."""
        actor = {"customer": CUSTOMER, "agent": agent_actor(agent), "abuse": agent_actor(agent)}
        return self.add(seconds, "closed", actor.get(reason, DESK), reason=reason)


class Still(RealPlatform):
    """The real machine at a wall clock that stands, by default an hour after nine."""

    def __init__(self, seconds: float = 3_600) -> None:
        self.seconds = seconds

    def wall(self) -> int:
        return at(self.seconds)


def scope(
    hours: Hours | None = None, *, practice: frozenset[str] = frozenset(), rules: Rules | None = None
) -> Scope:
    """A desk `main` with the shops acme (in UTC, with ``hours``) and nord, and a desk `other` with oslo."""
    shops = {"acme": Shop(hours=hours), "nord": Shop()}
    main = msgspec.structs.replace(rules or Rules(), shops=shops)
    other = Rules(shops={"oslo": Shop()})
    return Scope(
        {"main": main, "other": other},
        practice,
        {"acme": "main", "nord": "main", "oslo": "other"},
        {"acme": "UTC", "nord": "UTC", "oslo": "Europe/Oslo"},
    )
