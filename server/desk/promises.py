"""A promise is a deadline given to the customer: kept by an answer before it, else broken, finally.

Kept: a message of the chat's agent that is more than a request for patience and gives no new time was
decided by the first deadline. By a later one, given in time: kept after extension, its own class. Who
comes too late makes it good, which mends nothing but is counted.

How long something takes is measured on the running clock; a time of day that was named is the wall's.
"""

from __future__ import annotations

from typing import Final

from server.desk import routing
from server.desk.chat import Chat
from server.desk.commands import Person, Typed
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.coach import promising
from supportterm.protocol import frames, kinds
from supportterm.protocol.limits import LONGEST_PROMISE_MS, NAMED_PROMISE_MS, SHORTEST_PROMISE_MS

#: While promises run, the wall clock is compared with the running one this often.
WATCH_MS: Final = 5_000
#: A difference that a person notices; less than that comes and goes with the hardware.
_STEP_MS: Final = 1_000
#: The owner learns that a colleague will be asked this long before.
WARNING_MS: Final = 10_000
#: Who typed within this time is about to answer.
_TYPING_MS: Final = 8_000
#: Where nobody could be asked, the desk looks again after this long.
_AGAIN_MS: Final = 30_000


def wrong(command: frames.Say, now: Now) -> Refused | None:
    """Why this cannot be promised; None: it can, or nothing is."""
    if command.promise and command.due:
        return refuse("bad_time")
    if command.promise and not SHORTEST_PROMISE_MS <= command.promise <= LONGEST_PROMISE_MS:
        return refuse("bad_time")
    if command.due and not SHORTEST_PROMISE_MS <= command.due - now.at <= NAMED_PROMISE_MS:
        return refuse("bad_time")
    return None


def is_holding(chat: Chat, command: frames.Say) -> bool:
    """Whether a message only asks for patience; looked at only where somebody waits for more than that."""
    if not (chat.promise_due or chat.broken_at) or command.promise or command.due:
        return False
    plain = not (command.summary or command.options)
    return plain and promising.holding(command.text, chat.lang)


def answered(
    state: State, chat: Chat, actor: str, name: str, command: frames.Say, holding: bool, now: Now
) -> list[Event]:
    """The owner wrote: they give a time, or keep the one they gave, or make good what they did not keep."""
    events: list[Event] = []
    if command.promise or command.due:
        due = command.due or now.at + command.promise
        shape = kinds.PromiseExtended if chat.promise_due else kinds.Promised
        kind = "promise_extended" if chat.promise_due else "promised"
        data = shape(due, bool(command.due))
        events.append(state.add(chat, kind, actor, now, name=name, data=data))
        state.deadlines.begin(("clock", state.id), now.run + WATCH_MS)
        return events + withdraw_rescue(state, chat, now)
    if holding:
        return []
    if chat.promise_due:
        kept = kinds.PromiseEnded("kept" if now.run <= state.paces[chat.id].promise_first else "extended")
        events.append(state.add(chat, "promise_ended", actor, now, name=name, data=kept))
    if chat.late_at:
        good = kinds.MadeGood(max(0, now.at - chat.late_at))
        events.append(state.add(chat, "made_good", actor, now, name=name, data=good))
    return events + withdraw_rescue(state, chat, now)


def overdue(state: State, chat: Chat, now: Now) -> list[Event]:
    """It is broken if its time has passed: an answer at the deadline keeps it, one after it does not."""
    return ended(state, chat, "broken", now) if chat.promise_due and _left(state, chat, now) < 0 else []


def fell_due(state: State, chat: Chat, now: Now) -> list[Event]:
    """The moment it was aimed at has come; a clock that was set meanwhile may have moved it."""
    left = _left(state, chat, now)
    if left > 0:
        state.paces[chat.id].promise = now.run + left
        return []
    return ended(state, chat, "broken", now)


def _left(state: State, chat: Chat, now: Now) -> int:
    return chat.promise_due - now.at if chat.promise_named else state.paces[chat.id].promise - now.run


def ended(state: State, chat: Chat, how: str, now: Now) -> list[Event]:
    """It was not kept ("broken"), or means nothing any more ("withdrawn"); nothing if none runs."""
    if not chat.promise_due:
        return []
    data = kinds.PromiseEnded("broken" if how == "broken" else "withdrawn")
    return [state.add(chat, "promise_ended", DESK, now, data=data)]


# --- a clock that is set ----------------------------------------------------------------------------


def watch_clock(state: State, now: Now) -> list[Event]:
    """When the wall clock is set, what is left of a running promise stays; a named time does not move."""
    running = [chat for chat in state.chats.values() if chat.promise_due]
    events: list[Event] = []
    for chat in running:
        pace = state.paces[chat.id]
        due = now.at + pace.promise - now.run
        if abs(due - chat.promise_due) < _STEP_MS:
            continue
        if chat.promise_named:
            was, pace.promise = pace.promise, now.run + chat.promise_due - now.at
            if pace.promise_first == was:
                pace.promise_first = pace.promise
            state.aim(chat.id)
        else:
            data = kinds.PromiseMoved(due)
            events.append(state.add(chat, "promise_moved", DESK, now, data=data))
    if running:
        state.deadlines.set(("clock", state.id), now.run + WATCH_MS)
    return events


def typed(state: State, who: Person, command: Typed, now: Now) -> Decision:
    """The owner is about to answer."""
    chat = state.chats.get(command.chat)
    if chat is not None and chat.owner == who.id:
        state.paces[chat.id].typed = now.run
    return Decided([])


# --- a colleague is asked ---------------------------------------------------------------------------


def rescue(state: State, chat: Chat, now: Now) -> list[Event]:
    """Nobody made it good for a while: a colleague who is free is asked, not while the owner is typing."""
    pace = state.paces[chat.id]
    pace.rescue = 0
    if chat.state != "open" or not chat.broken_at:
        return []
    typed = pace.typed + _TYPING_MS
    if typed > now.run:
        pace.rescue = typed + WARNING_MS
        return []
    pace.rescue = now.run + max(_AGAIN_MS, state.rules.accept_ms + WARNING_MS)
    if chat.handoff is not None or chat.offered:
        return []
    agent = routing.free_colleague(state, chat, now)
    if agent is None:
        return []
    handoff = kinds.Handoff(agent=agent.id, reason="overdue", overdue=True)
    event = state.add(chat, "handoff", DESK, now, data=handoff)
    pace.handoff = now.run + state.rules.accept_ms
    return [event]


def withdraw_rescue(state: State, chat: Chat, now: Now) -> list[Event]:
    """The owner is there after all: the colleague need not decide any more."""
    if chat.handoff is None or not chat.handoff.overdue:
        return []
    pace = state.paces[chat.id]
    pace.handoff = pace.offer = 0
    return [state.add(chat, "handoff_ended", DESK, now, data=kinds.HandoffEnded("withdrawn"))]
