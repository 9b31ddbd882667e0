"""A promise is a deadline given to the customer: kept by an answer before it, else broken, finally.

Unless the customer left: then it is withdrawn when its time comes, for nobody was there to wait. That is so
if their page has been gone, by the deadline itself, for as long as a chat is closed after; who was away for
less reads that it was not kept. Where the answer reaches them by mail or phone, it does not matter.

Kept: a message of the chat's agent that is more than a greeting or a request for patience and gives no time
was decided by the first deadline. By a later one, given in time: kept after extension, its own class. Who
comes too late makes it good, which mends nothing but is counted.

A time before the one that runs is no extension: whoever says "in two minutes" with eight left hopes for it,
and what was promised stays.

How long something takes is measured on the running clock; a time of day that was named is the wall's.
"""

from __future__ import annotations

from typing import Final

from server.desk import rescuing
from server.desk.chat import Chat
from server.desk.commands import Person, Typed
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.events import DESK, Event
from server.desk.given import owes
from server.desk.rules import Now
from server.desk.state import State
from supportterm.coach import promising
from supportterm.coach.greeted import is_greeting
from supportterm.protocol import frames, kinds
from supportterm.protocol.limits import LONGEST_PROMISE_MS, NAMED_PROMISE_MS, SHORTEST_PROMISE_MS

#: While promises run, the wall clock is compared with the running one this often.
WATCH_MS: Final = 5_000
#: A difference that a person notices; less than that comes and goes with the hardware.
_STEP_MS: Final = 1_000


def wrong(command: frames.Say, now: Now) -> Refused | None:
    """Why this cannot be promised; None: it can, or nothing is."""
    if command.promise and command.due:
        return refuse("bad_time")
    if command.promise and not SHORTEST_PROMISE_MS <= command.promise <= LONGEST_PROMISE_MS:
        return refuse("bad_time")
    if command.due and not SHORTEST_PROMISE_MS <= command.due - now.at <= NAMED_PROMISE_MS:
        return refuse("bad_time")
    return None


def is_holding(state: State, chat: Chat, name: str, command: frames.Say, now: Now) -> bool:
    """Whether a message of the agent called ``name`` is no answer: it only asks for patience or says hello,
    promises to be back within the hour, also at an hour of the day by the shop's clock, or hopes for a time
    before the one that runs.

    Looked at only where somebody waits for more than that, after `caught_up`.
    """
    if not (chat.promise_due or chat.broken_at or chat.lapsed_at):
        return False
    if command.summary or command.options:
        return False
    if command.promise or command.due:
        return not _gives(chat, command, now)
    facts = state.rules.shop(chat.shop).facts
    wall = promising.Wall(now.at, facts.zone, facts.hours) if facts is not None else None
    return promising.keeps_nothing(command.text, chat.lang, wall) or is_greeting(
        command.text, chat.lang, name
    )


def _gives(chat: Chat, command: frames.Say, now: Now) -> bool:
    """Whether a message gives a time: a first one, or a later one than the one that runs."""
    return bool(command.promise or command.due) and _due(command, now) > chat.promise_due


def _due(command: frames.Say, now: Now) -> int:
    return command.due or now.at + command.promise


def answered(
    state: State, chat: Chat, actor: str, name: str, command: frames.Say, holding: bool, now: Now
) -> list[Event]:
    """The owner wrote: they give a time, or keep the one they gave, or make good what they did not keep."""
    events: list[Event] = []
    if _gives(chat, command, now):
        due = _due(command, now)
        shape = kinds.PromiseExtended if chat.promise_due else kinds.Promised
        kind = "promise_extended" if chat.promise_due else "promised"
        data = shape(due, bool(command.due))
        events.append(state.add(chat, kind, actor, now, name=name, data=data))
        state.deadlines.begin(("clock", state.id), now.run + WATCH_MS)
        return events + rescuing.withdraw(state, chat, now)
    if holding:
        return []
    # The answer to who need not be there has to reach them first.
    events += [] if chat.callback else ended(state, chat, actor, name, now)
    return events + rescuing.withdraw(state, chat, now)


def ended(state: State, chat: Chat, actor: str, name: str, now: Now) -> list[Event]:
    """The answer is with the customer, as ``actor`` brought it about; after `caught_up`. One that waited here
    counts from when it stood here."""
    events: list[Event] = []
    pace = state.paces[chat.id]
    if chat.promise_due:
        # `caught_up` brought the first deadline up to date, on whichever clock it is.
        in_time = chat.answered_at <= chat.promise_first if chat.waits_here else now.run <= pace.promise_first
        kept = kinds.PromiseEnded("kept" if in_time else "extended")
        events.append(state.add(chat, "promise_ended", actor, now, name=name, data=kept))
    if chat.late_at:
        late = chat.answered_at - chat.late_at if chat.waits_here else now.run - pace.late
        good = kinds.MadeGood(max(0, late))
        events.append(state.add(chat, "made_good", actor, now, name=name, data=good))
        pace.rescue_at(0)
    return events


def caught_up(state: State, chat: Chat, now: Now) -> list[Event]:
    """What is to be known of a promise before something is decided about it: whether a clock that was set
    moved it, and whether it is over. An answer at the deadline keeps it, one after it does not.
    """
    if not chat.promise_due:
        return []
    events = _follow(state, chat, now)
    late = _left(state, chat, now) < 0 and not chat.waits_here
    return events + _over(state, chat, now) if late else events


def fell_due(state: State, chat: Chat, now: Now) -> list[Event]:
    """The moment it was aimed at has come; a clock that was set meanwhile may have moved it."""
    events = _follow(state, chat, now)
    if chat.waits_here:
        # It was answered in time, and it is the customer who has not come.
        state.paces[chat.id].promise = 0
        return events
    return events if _left(state, chat, now) > 0 else events + _over(state, chat, now)


def withdrawn(state: State, chat: Chat, now: Now) -> list[Event]:
    """The chat closes: a promise that runs means nothing any more; one whose time has passed is over."""
    events = caught_up(state, chat, now)
    if chat.promise_due:
        data = kinds.PromiseEnded("withdrawn")
        events.append(state.add(chat, "promise_ended", DESK, now, data=data))
    return events


def _over(state: State, chat: Chat, now: Now) -> list[Event]:
    """Its time has passed without the answer: broken, unless nobody was there to wait for it."""
    pace = state.paces[chat.id]
    if _had_left(state, chat, now):
        data = kinds.PromiseEnded("withdrawn", gone=True)
        return [state.add(chat, "promise_ended", DESK, now, data=data)]
    if not chat.late_at:
        # On the clock that counts steadily; of several, the first is what they wait for.
        pace.late = now.run + _left(state, chat, now)
    return [state.add(chat, "promise_ended", DESK, now, data=kinds.PromiseEnded("broken"))]


def _had_left(state: State, chat: Chat, now: Now) -> bool:
    """Whether the customer's page was gone for good by the deadline, and nothing else reaches them."""
    enough = state.rules.gone_close_ms
    if not (enough and chat.page_gone) or chat.callback:
        return False
    return now.run + _left(state, chat, now) - state.paces[chat.id].away >= enough


def _left(state: State, chat: Chat, now: Now) -> int:
    return chat.promise_due - now.at if chat.promise_named else state.paces[chat.id].promise - now.run


# --- a clock that is set ----------------------------------------------------------------------------


def watch_clock(state: State, now: Now) -> list[Event]:
    """When the wall clock is set, what is left of a running promise stays; a named time does not move."""
    running = [chat for chat in state.chats.values() if owes(chat)]
    if running:
        state.deadlines.set(("clock", state.id), now.run + WATCH_MS)
    return [event for chat in running for event in _follow(state, chat, now)]


def _follow(state: State, chat: Chat, now: Now) -> list[Event]:
    """Each deadline keeps to its clock: a while to the running one, a time of day to the wall's.

    An extension may have changed which: the first deadline and the one that counts now are two.
    """
    pace = state.paces[chat.id]
    due, first = chat.promise_due, chat.promise_first
    if chat.promise_named:
        pace.promise = now.run + due - now.at
        if pace.up:
            pace.await_callback(chat, state.rules, now)
        state.aim(chat.id)
    else:
        due = now.at + pace.promise - now.run
    if chat.promise_first_named:
        pace.promise_first = now.run + first - now.at
    else:
        first = now.at + pace.promise_first - now.run
    by, first_by = due - chat.promise_due, first - chat.promise_first
    if max(abs(by), abs(first_by)) < _STEP_MS:
        return []
    data = kinds.PromiseMoved(due, 0 if first_by == by else first)
    return [state.add(chat, "promise_moved", DESK, now, data=data)]


def typed(state: State, who: Person, command: Typed, now: Now) -> Decision:
    """The owner is about to answer."""
    chat = state.chats.get(command.chat)
    if chat is not None and chat.owner == who.id:
        state.paces[chat.id].typed = now.run
    return Decided([])
