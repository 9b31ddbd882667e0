"""A promise is a deadline given to the customer: kept by an answer before it, else broken, finally."""

from __future__ import annotations

from typing import Final

from server.desk.chat import Chat
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import kinds

#: Nobody can be asked to count down less; what takes longer than a week is no promise of a chat.
SHORTEST_MS: Final = 30_000
LONGEST_MS: Final = 7 * 24 * 3_600_000


def answered(state: State, chat: Chat, actor: str, name: str, promise_ms: int, now: Now) -> list[Event]:
    """The owner wrote: what was promised is kept, unless they only promise anew."""
    events: list[Event] = []
    if promise_ms:
        due = now.at + promise_ms
        return [state.add(chat, "promised", actor, now, name=name, data=kinds.Promised(due))]
    if chat.promise_due:
        kept = kinds.PromiseEnded("kept")
        events.append(state.add(chat, "promise_ended", actor, now, name=name, data=kept))
    return events


def overdue(state: State, chat: Chat, now: Now) -> list[Event]:
    """It is broken if its time has passed: an answer at the deadline keeps it, one after it does not."""
    late = chat.promise_due and state.paces[chat.id].promise < now.run
    return ended(state, chat, "broken", now) if late else []


def ended(state: State, chat: Chat, how: str, now: Now) -> list[Event]:
    """It was not kept ("broken"), or means nothing any more ("withdrawn"); nothing if none runs."""
    if not chat.promise_due:
        return []
    data = kinds.PromiseEnded("broken" if how == "broken" else "withdrawn")
    return [state.add(chat, "promise_ended", DESK, now, data=data)]
