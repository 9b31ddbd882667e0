"""Who is connected to one desk, what passes between the two sides of a chat, and who reads which."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from server.clock import Clock
from server.desk.commands import CLOCK, PageLeft, PageShown, Seen, Typed
from server.desk.reach import Trying
from server.doorway import Doorway
from server.drafts import Drafts
from server.feeds import Feed
from server.gateway.agent import AgentSession, Consoles
from server.gateway.customer import CustomerSession
from server.gateway.past import Finder, Past, nothing_before
from server.gateway.session import Session
from server.gateway.showcase import Showcase
from supportterm.protocol import frames
from supportterm.protocol.codes import Close

_log = logging.getLogger("supportterm.gateway")

#: Answers a supervisor's question for figures.
Reporter = Callable[[frames.Report], Awaitable[frames.ServerFrame]]


_NONE_TRIED: Final[Mapping[str, Trying]] = {}


async def _no_figures(_: frames.Report) -> frames.ServerFrame:
    return frames.Err("not_allowed", text="This server makes no reports.")


class Hub:
    """The sessions of one desk's customers and agents."""

    def __init__(
        self,
        doorway: Doorway,
        clock: Clock,
        practice: bool,
        report: Reporter = _no_figures,
        drafts: Drafts | None = None,
        earlier: Finder = nothing_before,
        trying: Mapping[str, Trying] = _NONE_TRIED,
    ) -> None:
        self.doorway = doorway
        self.clock = clock
        self.practice = practice
        self.report = report
        self.drafts = drafts or Drafts()
        self.past = Past(earlier)
        self.customers: dict[str, list[CustomerSession]] = {}
        self.agents: dict[str, Consoles] = {}
        self.showcase = Showcase(doorway, clock, self.customers, self.agents, trying)
        doorway.after_batch = self.showcase.changed
        doorway.feeds.on_moved = self._moved

    def stop(self) -> None:
        """Show nothing more."""
        self.past.stop()
        self.showcase.stop()

    # --- coming and going --------------------------------------------------------------------------

    def add_customer(self, session: CustomerSession) -> None:
        """A customer's connection said hello."""
        sessions = self.customers.setdefault(session.person.id, [])
        first = not any(map(self._shows_open, sessions))
        sessions.append(session)
        self.showcase.greet(session)
        if first and self._shows_open(session):
            self.doorway.submit(session.person, PageShown(), _unheard)

    def drop_customer(self, session: CustomerSession) -> None:
        """A customer's connection is gone."""
        sessions = self.customers.get(session.person.id)
        if sessions is not None and session in sessions:
            sessions.remove(session)
            if not sessions:
                del self.customers[session.person.id]
            if self._shows_open(session) and not any(map(self._shows_open, sessions)):
                self.doorway.submit(session.person, PageLeft(), _unheard)

    def _shows_open(self, session: CustomerSession) -> bool:
        """Whether the page shows the customer's open chat; a link may have opened another one."""
        chat = self.doorway.desk.open_of.get(session.person.id)
        return chat is not None and session.person.only in ("", chat)

    def add_agent(self, session: AgentSession) -> None:
        """An agent's console said hello; it writes if it is the newest sign-in or takes over."""
        consoles = self.agents.setdefault(session.person.id, Consoles())
        for replaced in consoles.add(session):
            replaced.replace()
        if session.writing:
            self.doorway.arrive(session.person)
        self.showcase.changed()

    def drop_agent(self, session: AgentSession) -> None:
        """An agent's console is gone; the agent is, if it was the one that writes."""
        consoles = self.agents.get(session.person.id)
        if consoles is not None and consoles.drop(session):
            self.doorway.leave(session.person)

    async def end_agent(self, agent: str, why: Close = Close.SIGNED_OUT) -> None:
        """End every console of an agent whose sign-ins were revoked, or who belongs to another desk now."""
        consoles = self.consoles_of(agent)
        for session in consoles:
            # At once: who does not answer the close could go on reading and writing until it times out.
            session.end()
            self.drop_agent(session)
        await asyncio.gather(*(session.close(why) for session in consoles))

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
        """One side got or saw more of a chat: the other side's ticks follow, and a callback is answered."""
        if customer and feed.chat.is_told_by(seen):
            self.doorway.submit(CLOCK, Seen(feed.chat.id, min(seen, feed.chat.pub)), _unheard)
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
        if feed.chat.broken_at and on and not author.public:
            self.doorway.submit(author.person, Typed(feed.chat.id), _unheard)
        frame = frames.TypingOf(feed.chat.id, who, on, author.person.name)
        for cursor in feed.cursors:
            if cursor.public is not author.public:
                cursor.outlet.passing(frame)

    def _moved(self, feed: Feed, before: frozenset[str]) -> None:
        """A chat changed its state or who may read it: agents and the customer's tabs follow."""
        chat = feed.chat
        now = chat.readers
        for agent in before - now:
            for session in self.consoles_of(agent):
                session.lose(chat.id)
        for agent in now - before:
            for session in self.consoles_of(agent):
                if chat.id not in session.cursors:
                    session.subscribe(feed, 0)
        # Whoever uses the browser without being signed in reads no more of what belongs to somebody now.
        for tab in self.customers.get(chat.was, ()):
            if not chat.readable_by(tab.person):
                tab.lose(chat.id)
        if chat.reach.moved_at == chat.at:
            # Also to who looks on: what they were told is somebody else's.
            for session in (one for consoles in self.agents.values() for one in consoles.sessions):
                if chat.id in session.cursors:
                    self.past.tell(session, feed, even_nothing=True)
        if chat.state != "closed":
            for tab in self.customers.get(chat.customer, ()):
                if chat.id not in tab.cursors and chat.readable_by(tab.person):
                    tab.subscribe(feed, 0)

    def consoles_of(self, agent: str) -> list[AgentSession]:
        """The agent's connected consoles."""
        consoles = self.agents.get(agent)
        return list(consoles.sessions) if consoles else []


def _unheard(_: object) -> None:
    """Nobody waits for this answer."""
