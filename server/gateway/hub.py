"""Who is connected to one desk, and what they are shown beside their chats."""

from __future__ import annotations

import asyncio
import logging

import msgspec
from msgspec import Raw

from server.clock import Clock
from server.doorway import Doorway
from server.feeds import Feed
from server.gateway.agent import AgentSession, Consoles
from server.gateway.customer import CustomerSession
from server.gateway.session import Session
from supportterm.protocol import frames, views
from supportterm.protocol.codes import Close

_log = logging.getLogger("supportterm.gateway")
_encode = msgspec.json.Encoder().encode


class Hub:
    """The sessions of one desk's customers and agents."""

    def __init__(self, doorway: Doorway, clock: Clock, practice: bool) -> None:
        self.doorway = doorway
        self.clock = clock
        self.practice = practice
        self.customers: dict[str, list[CustomerSession]] = {}
        self.agents: dict[str, Consoles] = {}
        self._versions: dict[str, int] = {}
        self._door = b""
        self._views_due = False
        doorway.after_batch = self.views_changed
        doorway.feeds.on_moved = self._moved

    # --- coming and going --------------------------------------------------------------------------

    def add_customer(self, session: CustomerSession) -> None:
        """A customer's connection said hello."""
        self.customers.setdefault(session.person.id, []).append(session)

    def drop_customer(self, session: CustomerSession) -> None:
        """A customer's connection is gone."""
        sessions = self.customers.get(session.person.id)
        if sessions is not None and session in sessions:
            sessions.remove(session)
            if not sessions:
                del self.customers[session.person.id]

    def add_agent(self, session: AgentSession) -> None:
        """An agent's console said hello; it writes if it is the newest sign-in or takes over."""
        consoles = self.agents.setdefault(session.person.id, Consoles())
        for replaced in consoles.add(session):
            replaced.replace()
        if session.writing:
            self.doorway.arrive(session.person)
        self.views_changed()

    def drop_agent(self, session: AgentSession) -> None:
        """An agent's console is gone; the agent is, if it was the one that writes."""
        consoles = self.agents.get(session.person.id)
        if consoles is not None and consoles.drop(session):
            self.doorway.leave(session.person)

    async def end_agent(self, agent: str) -> None:
        """End every console of an agent whose sign-ins were revoked."""
        consoles = self.consoles_of(agent)
        for session in consoles:
            # At once: who does not answer the close could go on reading and writing until it times out.
            session.end()
            self.drop_agent(session)
        await asyncio.gather(*(session.close(Close.SIGNED_OUT) for session in consoles))

    def sessions(self) -> list[Session]:
        """Everybody connected."""
        found: list[Session] = []
        for customers in self.customers.values():
            found += customers
        for consoles in self.agents.values():
            found += consoles.sessions
        return found

    # --- between the two sides of a chat -------------------------------------------------------------

    def mark(self, feed: Feed, customer: bool, got: int, seen: int) -> None:
        """One side got or saw more of a chat: the other side's ticks follow."""
        marks = self.doorway.mark(feed, customer, got, seen)
        if marks is None:
            return
        who: frames.Side = "customer" if customer else "agent"
        frame = frames.MarksOf(feed.chat.id, who, marks.got, marks.seen)
        for cursor in feed.cursors:
            cursor.outlet.state((feed.chat.id, who), frame)

    def typing(self, feed: Feed, author: Session, on: bool) -> None:
        """Show the other side that somebody is typing."""
        who: frames.Side = "customer" if author.public else "agent"
        frame = frames.TypingOf(feed.chat.id, who, on, author.person.name)
        for cursor in feed.cursors:
            if cursor.public is not author.public:
                cursor.outlet.passing(frame)

    def _moved(self, feed: Feed, owner: str, _: str) -> None:
        """A chat changed its state or owner: agents and the customer's tabs follow."""
        chat = feed.chat
        if owner and owner != chat.owner:
            for session in self.consoles_of(owner):
                session.lose(chat.id)
        if chat.owner and owner != chat.owner:
            for session in self.consoles_of(chat.owner):
                session.subscribe(feed, 0)
        if chat.state != "closed":
            for tab in self.customers.get(chat.customer, ()):
                if chat.id not in tab.cursors:
                    tab.subscribe(feed, 0)
        self.views_changed()

    def consoles_of(self, agent: str) -> list[AgentSession]:
        """The agent's connected consoles."""
        consoles = self.agents.get(agent)
        return list(consoles.sessions) if consoles else []

    # --- views -----------------------------------------------------------------------------------

    def views_changed(self) -> None:
        """Show everybody what changed, once for all that changes in this turn of the loop."""
        if not self._views_due:
            self._views_due = True
            asyncio.get_running_loop().call_soon(self._show)

    def _show(self) -> None:
        self._views_due = False
        queue = self.queue_view()
        for consoles in self.agents.values():
            for session in consoles.sessions:
                session.view("queue", queue)
                session.view("mine", self.mine_view(session))
        door = self.door_view()
        if door != self._door:
            self._door = door
            for customers in self.customers.values():
                for customer in customers:
                    customer.view("door", door)

    def queue_view(self) -> bytes:
        """How many wait for an owner, and since when the first."""
        queued = self.doorway.feeds.queued
        return _encode(views.Queue(len(queued), min(queued.values(), default=0)))

    def mine_view(self, session: AgentSession) -> bytes:
        """What an agent has and may get."""
        agent = session.person
        chats = sorted(feed.chat.id for feed in session.visible())
        limit = agent.limit or self.doorway.rules.chat_limit
        return _encode(views.Mine(chats, self.doorway.status_of(agent.id), limit, session.writing))

    def door_view(self) -> bytes:
        """Whether anybody is there."""
        return _encode(views.Door(self.doorway.attended))

    def view_frame(self, name: str, value: bytes) -> frames.View:
        """A view with its next version."""
        version = self._versions[name] = self._versions.get(name, 0) + 1
        return frames.View(name, version, Raw(value))
