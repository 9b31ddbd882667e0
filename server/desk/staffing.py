"""Whether anybody can take a chat as things are, and if not, why: what a wait may honestly say.

A place in a line and a range are true only while somebody is there for it. Whoever is online, speaks the
language and has the skill counts, busy or not: they will be free. In grace time nobody has gone yet.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from server.desk import doors, routing
from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.rules import Now
from server.desk.state import State

Why = Literal["", "off", "away", "closed", "other"]


class Staffing(NamedTuple):
    """``why`` "": somebody can. ``since`` when nobody is there, ``until`` when it changes by itself.

    Both are on the wall clock, in ms; 0: that is not known.
    """

    why: Why = ""
    since: int = 0
    until: int = 0


def of(state: State, chat: Chat, now: Now) -> Staffing:
    """Who is there for a chat that waits, the first that holds:

    - somebody who can take it;
    - somebody else, who may as soon as one of its fallbacks opens ("other", until then). It goes before
      those who are away: it will happen, and when they come back nobody knows;
    - nobody, and the shop is closed ("closed", until it opens);
    - somebody who could, and is away for a while ("away");
    - somebody, but nobody with the language and the skill ("other");
    - nobody ("off").
    """
    here = [agent for agent in state.agents.values() if agent.here and not agent.member.disabled]
    online = [agent for agent in here if agent.status == "online"]
    if any(_fits(state, agent, chat) for agent in online):
        return Staffing()
    opens = _opens(state, chat, online)
    if opens:
        return Staffing("other", until=opens)
    if not doors.is_open(state, chat.shop, now):
        return Staffing("closed", until=doors.changes_at(state, chat.shop, now))
    away = [agent for agent in here if agent.status == "away" and _fits(state, agent, chat)]
    if away:
        return Staffing("away", since=_newest([agent.status_at for agent in away], now))
    if online:
        return Staffing("other")
    return Staffing("off", since=_newest([_went(agent) for agent in state.agents.values()], now))


def _fits(state: State, agent: Agent, chat: Chat) -> bool:
    return routing.speaks(state, agent, chat) and _knows(agent, chat.skill)


def _knows(agent: Agent, skill: str) -> bool:
    return not skill or skill in agent.member.skills


def _opens(state: State, chat: Chat, online: list[Agent]) -> int:
    """When the first fallback opens by which one of these may take it, or is asked for; 0: none does."""
    skill = chat.skill
    for step in chat.steps[chat.steps_done :]:
        if step.any_skill:
            skill = ""
        # A customer is asked once.
        others = frozenset[str]() if chat.asked else routing.primaries(tuple(step.langs))
        for agent in online:
            asked = others & routing.primaries(agent.member.languages)
            if (asked or routing.speaks(state, agent, chat)) and _knows(agent, skill):
                return chat.queued_at + step.after_ms
    return 0


def _newest(times: list[int], now: Now) -> int:
    # A clock that was set back has left times ahead.
    return min(max(times, default=0), now.at)


def _went(agent: Agent) -> int:
    return agent.gone_at if agent.status == "online" else agent.status_at
