"""A mail that was accepted and came back: what ended because it was accepted holds no more.

The promise it kept runs again, or is broken if its time has passed, and its chat stands on the list again.
Whatever shows that the customer has the answer all the same is stronger: that they saw it in the widget, or
wrote below it.
"""

from __future__ import annotations

from server.desk import callbacks, promises, routing
from server.desk.chat import Chat
from server.desk.commands import Bounced, Mailed, Person
from server.desk.decision import Decided, Decision, refuse
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import kinds


def bounced(state: State, who: Person, command: Bounced, now: Now) -> Decision:
    """The other side cannot deliver a mail. The same news twice is news once."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    reach = chat.reach
    if command.mail in reach.taken:
        return Decided(_came_back(state, chat, command, now))
    if command.mail == reach.letter and reach.waits and command.upto == reach.mailing:
        # It was handed over, and the mail server's yes was lost.
        return callbacks.mailed(state, who, Mailed(chat.id, command.upto, "refused", command.why), now)
    return Decided([])


def _came_back(state: State, chat: Chat, command: Bounced, now: Now) -> list[Event]:
    was = chat.reach.taken[command.mail]
    closed = chat.state == "closed"
    # Who has begun another chat is there to be asked in it.
    again = not closed or (chat.customer not in state.open_of and chat.closed_for != "abuse")
    events = promises.caught_up(state, chat, now)
    runs = again and was.kept and bool(was.promise_due) and not chat.promise_due
    data = kinds.Bounced(
        command.mail,
        was.upto,
        again,
        was.callback if again and (closed or not chat.left_due) else "",
        was.at if was.kept else 0,
        was.promise if runs else 0,
        was.promise_due if runs else 0,
        was.late_at if again and was.kept else 0,
    )
    if chat.owner:
        state.agent(chat.owner).wraps.discard(chat.id)
    events.append(state.add(chat, "bounced", DESK, now, data=data, text=command.why))
    if not again:
        return events
    if closed:
        away = kinds.Unassigned("bounced", chat.owner, True)
        events.append(state.add(chat, "unassigned", DESK, now, data=away))
    if runs:
        state.deadlines.begin(("clock", state.id), now.run + promises.WATCH_MS)
    events += promises.caught_up(state, chat, now)
    if chat.calls_back:
        # At once, and not shortly before it is due: somebody has to look for another way.
        state.up.add(chat.id)
    state.aim(chat.id)
    return events + routing.hand_out(state, now)
