"""What a desk's agents carried over time: when each was online, and how long at their ceiling.

Time is swept once, in the order of the log: between two events only deadlines change a load, and they
are taken in their order. Where the sweep stands can be kept and taken up again at any event.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from server.desk.events import Event, decode_data
from server.desk.rules import Rules
from server.reports.facts import ChatFacts, weight

#: Every zone's hours and days begin at a quarter of an hour UTC.
QUARTER: Final = 15 * 60_000


class AgentFacts(Struct):
    """Absent until a console came. ``ceiling``: of the last routing to them, 0: the desk's usual one;
    ``today``: the one a supervisor set for a while, 0: none.

    ``online_since``, ``full_since``: since when they are online, and at their ceiling while online.
    """

    desk: str
    agent: str
    status: str = "online"
    absent: bool = True
    ceiling: int = 0
    today: int = 0
    online_since: int = 0
    full_since: int = 0

    @property
    def online(self) -> bool:
        """Online, and a console is connected."""
        return self.status == "online" and not self.absent


class Online(Struct, frozen=True):
    """The agent was online from ``since`` to before ``until``."""

    desk: str
    until: int
    agent: str
    since: int


class _Told(Struct):
    agent: str = ""
    status: str = ""
    ceiling: int = 0


class Carrying:
    """A desk's agents at the moment ``at``. ``agents`` and ``chats`` are those it goes on from.

    ``online`` and ``full`` (ms by (quarter of an hour, agent)) grow until they are taken; ``changed``
    names the agents whose facts did.
    """

    def __init__(
        self,
        desk: str,
        rules: Rules,
        first_at: int = 0,
        at: int = 0,
        agents: Iterable[AgentFacts] = (),
        chats: Iterable[ChatFacts] = (),
    ) -> None:
        self.desk, self.rules, self.first_at, self.at = desk, rules, first_at, at
        self.agents = {agent.agent: agent for agent in agents}
        self.online: list[Online] = []
        self.full: dict[tuple[int, str], int] = {}
        self.changed: set[str] = set()
        self._points: dict[str, int] = {}
        #: Of each chat that weighs something: whose it is, and how much.
        self._held: dict[int, tuple[str, int]] = {}
        self._chats: dict[int, ChatFacts] = {}
        self._dues: list[tuple[int, int]] = []
        for chat in chats:
            owner, points = self._hold(chat)
            self._points[owner] = self._points.get(owner, 0) + points
        # Only what was decided by other rules than these differs now.
        for agent in self.agents.values():
            self._settle(agent)

    def advance(self, at: int) -> None:
        """Let time pass up to ``at``; one that lies before changes nothing."""
        while self._dues and self._dues[0][0] <= at:
            due, stream = heapq.heappop(self._dues)
            self.at = max(self.at, due)
            chat = self._chats.get(stream)
            if chat is not None:
                self.weigh(chat)
        self.at = max(self.at, at)
        self.first_at = self.first_at or at

    def weigh(self, chat: ChatFacts) -> None:
        """The chat changed, or its time came."""
        owner, before = self._held.get(chat.stream, ("", 0))
        now, points = self._hold(chat)
        if (owner, before) != (now, points):
            self._add(owner, -before)
            self._add(now, points)

    def desk_event(self, event: Event) -> None:
        """An event of the desk's own stream: a status, a ceiling, or a console that came or went."""
        if event.kind not in ("status", "absent", "present", "ceiling"):
            return
        told = decode_data(event, _Told)
        if not told.agent:
            return
        agent = self._agent(told.agent)
        if event.kind == "status":
            agent.status = told.status
        elif event.kind == "ceiling":
            agent.today = told.ceiling
        else:
            agent.absent = event.kind == "absent"
        self._settle(agent)

    def routed(self, event: Event) -> None:
        """A chat was given to an agent, whose ceiling it names."""
        told = decode_data(event, _Told)
        if told.ceiling and told.agent:
            agent = self._agent(told.agent)
            if not agent.today:
                agent.ceiling = told.ceiling
                self._settle(agent)

    def points(self, agent: str) -> int:
        """What the agent carries now."""
        return self._points.get(agent, 0)

    def until(self, at: int) -> None:
        """Count what is running up to ``at``, as if everybody left then."""
        self.advance(at)
        for agent in self.agents.values():
            agent.status = "offline"
            self._settle(agent)

    def _agent(self, agent: str) -> AgentFacts:
        found = self.agents.get(agent)
        if found is None:
            found = self.agents[agent] = AgentFacts(self.desk, agent)
        self.changed.add(agent)
        return found

    def _hold(self, chat: ChatFacts) -> tuple[str, int]:
        """Whose the chat is now and what it weighs, until its time comes."""
        points, due = weight(chat, self.at, self.rules)
        if due:
            heapq.heappush(self._dues, (due, chat.stream))
            self._chats[chat.stream] = chat
        else:
            self._chats.pop(chat.stream, None)
        if points:
            self._held[chat.stream] = (chat.owner, points)
            return chat.owner, points
        self._held.pop(chat.stream, None)
        return "", 0

    def _add(self, agent: str, points: int) -> None:
        if agent:
            self._points[agent] = self._points.get(agent, 0) + points
            if agent in self.agents:
                self._settle(self.agents[agent])

    def _settle(self, agent: AgentFacts) -> None:
        """Begin or end what the agent is now."""
        now = self.at
        if agent.online != (agent.online_since > 0):
            if agent.online_since and now > agent.online_since:
                self.online.append(Online(self.desk, now, agent.agent, agent.online_since))
            agent.online_since = now if agent.online else 0
            self.changed.add(agent.agent)
        ceiling = agent.today or agent.ceiling or self.rules.ceiling
        full = agent.online and self.points(agent.agent) >= ceiling
        if full != (agent.full_since > 0):
            if agent.full_since:
                self._was_full(agent.agent, agent.full_since, now)
            agent.full_since = now if full else 0
            self.changed.add(agent.agent)

    def _was_full(self, agent: str, since: int, until: int) -> None:
        while since < until:
            quarter = since // QUARTER
            end = min(until, (quarter + 1) * QUARTER)
            key = (quarter, agent)
            self.full[key] = self.full.get(key, 0) + end - since
            since = end
