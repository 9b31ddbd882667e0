"""Whether the customer has a page open: who has none may be coming back, or gone."""

from __future__ import annotations

from server.desk import promises, rescuing, routing
from server.desk.chat import Chat
from server.desk.commands import PageLeft, PageShown, Person
from server.desk.decision import Decided, Decision
from server.desk.events import CUSTOMER, DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from server.desk.writing import let_go, tended
from supportterm.protocol import kinds


def shown(state: State, who: Person, _: PageShown, now: Now) -> Decision:
    """The customer has a page open: whatever was about to happen because they had none does not."""
    state.deadlines.drop(("page", who.id))
    chat = state.chats.get(state.open_of.get(who.id, ""))
    return Decided(back(state, chat, now) if chat is not None else [])


def back(state: State, chat: Chat, now: Now) -> list[Event]:
    """Its customer has a page open, if they had none."""
    if not chat.page_gone:
        return []
    events = promises.caught_up(state, chat, now)
    # What they were promised was put aside while they were gone, and they were told nothing since.
    waits = bool(chat.lapsed_at) and not chat.waiting_since
    events.append(state.add(chat, "page_back", CUSTOMER, now, data=kinds.PageBack(waits)))
    if waits and chat.state == "open" and not tended(state, chat):
        events += let_go(state, chat, "absent", now)
        events += routing.hand_out(state, now)
    return events


def left(state: State, who: Person, _: PageLeft, now: Now) -> Decision:
    """The last page is gone; pages that load anew are gone for a moment, too."""
    chat = state.chats.get(state.open_of.get(who.id, ""))
    if chat is not None and not chat.page_gone and not chat.left_due:
        state.deadlines.set(("page", who.id), now.run + state.rules.page_grace_ms)
    return Decided([])


def stayed_away(state: State, customer: str, now: Now) -> list[Event]:
    """The page did not come back."""
    chat = state.chats.get(state.open_of.get(customer, ""))
    if chat is None or chat.page_gone or chat.left_due:
        return []
    events = [state.add(chat, "page_gone", DESK, now)]
    return events + rescuing.withdraw(state, chat, now)
