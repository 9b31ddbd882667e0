"""A promise that was not kept for a while: a colleague who is free is asked to take the chat, and its owner
is told before, where there is one."""

from __future__ import annotations

from typing import Final

from server.desk import routing
from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.events import DESK, Event
from server.desk.pace import WARNING_MS
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import kinds

#: Who typed within this time is about to answer.
_TYPING_MS: Final = 8_000
#: Where nobody could be asked, the desk looks again after this long.
_AGAIN_MS: Final = 30_000


def ask(state: State, chat: Chat, now: Now) -> list[Event]:
    """Nobody made it good for a while: a colleague who is free is asked, not while the owner is typing, nor
    while there is no customer to answer."""
    pace = state.paces[chat.id]
    untold = pace.nobody
    pace.rescue_at(0)
    if chat.state != "open" or not chat.broken_at or chat.reach.answer or chat.page_gone:
        return []
    typed = pace.typed + _TYPING_MS
    if typed > now.run:
        pace.rescue_at(typed + WARNING_MS)
        return []
    agent = _rescuer(state, chat, now)
    if agent is not None and untold:
        # They came a moment ago: the owner learns it before they are asked, and not after.
        pace.rescue_at(now.run + WARNING_MS)
        pace.look = 0
        return []
    pace.rescue_at(now.run + max(_AGAIN_MS, state.rules.accept_ms + WARNING_MS))
    if agent is None:
        return []
    handoff = kinds.Handoff(agent=agent.id, reason="overdue", overdue=True)
    event = state.add(chat, "handoff", DESK, now, data=handoff)
    pace.handoff = now.run + state.rules.accept_ms
    return [event]


def _rescuer(state: State, chat: Chat, now: Now) -> Agent | None:
    """Who would be asked as things are; None: nobody can take it, or somebody is asked already."""
    if chat.handoff is not None or chat.offered:
        return None
    return routing.free_colleague(state, chat, now)


def look(state: State, chat: Chat, now: Now) -> None:
    """Whether there is somebody whom the owner can be told of."""
    pace = state.paces[chat.id]
    pace.look = 0
    pace.nobody = bool(pace.rescue) and _rescuer(state, chat, now) is None


def told_at(state: State, chat: Chat, now: Now) -> int:
    """When a colleague is asked, on the running clock, as its owner is told; 0: nobody is, as things are."""
    pace = state.paces[chat.id]
    if not pace.rescue or chat.page_gone or _rescuer(state, chat, now) is None:
        return 0
    return pace.rescue + WARNING_MS if pace.nobody else pace.rescue


def withdraw(state: State, chat: Chat, now: Now) -> list[Event]:
    """The owner is there after all, or the customer is not: the colleague need not decide any more."""
    if chat.handoff is None or not chat.handoff.overdue:
        return []
    pace = state.paces[chat.id]
    pace.handoff = pace.offer = 0
    return [state.add(chat, "handoff_ended", DESK, now, data=kinds.HandoffEnded("withdrawn"))]
