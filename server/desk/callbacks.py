"""A callback: a promise whose answer reaches a customer by mail or by phone, so that they need not stay.

For who is known by their shop it may also wait here, until they are signed in there again: it is kept once
they have seen it, by when it stood here, since nobody can promise when somebody comes.

It leaves the live desk and comes up for its owner shortly before it is due. An answer to it ends nothing as
long as it is on its way: the promise ends when the customer has seen it in the widget, the mail server has
accepted the mail, or somebody has spoken to them. Answers to left messages are mailed as well, where there is
an address; nothing was promised there, so only the mail is followed.
"""

from __future__ import annotations

from server.desk import promises, rescuing, routing
from server.desk.asking import actor_of, digest_of, owned_chat, staff_chat
from server.desk.chat import Chat
from server.desk.commands import Mailed, Person, Seen
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.events import DESK, Event
from server.desk.pace import MAIL_AFTER
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import frames, kinds
from supportterm.protocol.contact import Reach, kind_of, written
from supportterm.protocol.limits import NAMED_PROMISE_MS, SHORTEST_PROMISE_MS

# --- what people do -----------------------------------------------------------------------------------


def call_back(state: State, who: Person, command: frames.CallBack, now: Now) -> Decision:
    """The owner promises an answer by mail, phone or here, and the chat leaves the live desk."""
    asked = f"{command.due}\0{command.how}\0{command.contact}\0{command.name}"
    digest = digest_of("call_back", asked)
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.state == "closed":
        return refuse("chat_closed")
    if chat.owner != who.id or chat.state != "open":
        return refuse("not_owner", who=chat.owner_name)
    wrong = _wrong(state, chat, command, now)
    if wrong is not None:
        return wrong
    actor, name, cid = actor_of(who), who.name, command.id
    events = promises.caught_up(state, chat, now)
    reach = Reach(command.name.strip(), command.contact.strip())
    if reach != Reach():
        text = written(reach)
        events.append(
            state.add(chat, "contact", actor, now, name=name, cid=cid, digest=digest, text=text),
        )
        cid, digest = "", b""
    kind = "promise_extended" if chat.promise_due else "promised"
    shape = kinds.PromiseExtended if chat.promise_due else kinds.Promised
    events += [
        state.add(chat, kind, actor, now, name=name, cid=cid, digest=digest, data=shape(command.due, True)),
        state.add(chat, "callback", actor, now, name=name, data=kinds.Callback(command.due, command.how)),
    ]
    state.deadlines.begin(("clock", state.id), now.run + promises.WATCH_MS)
    events += rescuing.withdraw(state, chat, now)
    if chat.reach.corrected and command.how == "mail":
        # What was refused is the answer, and goes to the new address.
        events += mail(state, chat, now)
    data = kinds.Unassigned("callback", chat.owner, True)
    events.append(state.add(chat, "unassigned", actor, now, name=name, data=data))
    return Decided(events + routing.hand_out(state, now))


def _wrong(state: State, chat: Chat, command: frames.CallBack, now: Now) -> Refused | None:
    if chat.handoff is not None and not chat.handoff.overdue:
        return refuse("handing")
    if not SHORTEST_PROMISE_MS <= command.due - now.at <= NAMED_PROMISE_MS:
        return refuse("bad_time")
    if command.how == "mail" and not state.rules.shop(chat.shop).mail:
        return refuse("no_mail")
    contact = command.contact.strip()
    if command.how == "here":
        return (
            refuse("no_contact")
            if contact
            else None
            if chat.reach.known.identity.sub
            else refuse("no_identity")
        )
    known = chat.reach.known.mail if command.how == "mail" else chat.reach.known.phone
    if kind_of(contact) != command.how if contact else not known:
        return refuse("no_contact")
    return None


def phoned(state: State, who: Person, command: frames.Phoned, now: Now) -> Decision:
    """The customer was called by who has the chat, or by anybody if nobody has it."""
    digest = digest_of("phoned", str(command.reached))
    chat = staff_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.state == "closed":
        return refuse("chat_closed")
    if chat.state == "open" and chat.owner != who.id:
        return refuse("not_owner", who=chat.owner_name)
    if not chat.callback:
        return refuse("not_asked")
    actor, data = actor_of(who), kinds.Phoned(command.reached)
    events = promises.caught_up(state, chat, now)
    events.append(
        state.add(chat, "phoned", actor, now, name=who.name, cid=command.id, digest=digest, data=data)
    )
    if not command.reached:
        return Decided(events)
    events += promises.ended(state, chat, actor, who.name, now)
    events += rescuing.withdraw(state, chat, now)
    if chat.state == "left":
        events += _close(state, chat, actor, who.name, now)
    return Decided(events + routing.hand_out(state, now))


def close(
    state: State, chat: Chat, who: Person, cid: str, digest: bytes, now: Now
) -> list[Event] | Refused | None:
    """The agent closes a chat whose answer is on its way, or waits: it closes by itself once that arrived.

    None: nothing is on its way, and it is closed as any chat. The promise stays what it is meanwhile.
    """
    if not chat.answered_at or not (chat.reach.waits or chat.waits_here or _mails(state, chat)):
        return None
    if chat.reach.closing:
        return refuse("already")
    events = promises.caught_up(state, chat, now)
    if _mails(state, chat):
        events += mail(state, chat, now)
    if chat.handoff is not None:
        ended = kinds.HandoffEnded("withdrawn")
        events.append(state.add(chat, "handoff_ended", DESK, now, data=ended))
    data = kinds.Unassigned("callback", chat.owner, True)
    events.append(
        state.add(chat, "unassigned", actor_of(who), now, name=who.name, cid=cid, digest=digest, data=data)
    )
    return events + routing.hand_out(state, now)


def customer_writes(state: State, chat: Chat, now: Now) -> list[Event]:
    """Before their message is taken: who writes below an answer has it in front of them."""
    if not chat.callback:
        return []
    state.paces[chat.id].last = chat.callback_owner
    events = promises.caught_up(state, chat, now)
    return events + promises.ended(state, chat, DESK, "", now) if chat.reach.answer else events


# --- what happens to an answer ------------------------------------------------------------------------


def mail_soon(state: State, chat: Chat, now: Now) -> None:
    """After an agent's message, or when an address came after it: it is mailed soon, if the customer does
    not see it before."""
    # Also while another mail is on its way: what comes of that must not send this one sooner.
    if chat.left_due and chat.reach.known.mail and state.rules.shop(chat.shop).mail:
        state.paces[chat.id].mail = now.run + MAIL_AFTER
        state.aim(chat.id)


def mail(state: State, chat: Chat, now: Now) -> list[Event]:
    """One mail with all that was not mailed yet; nothing if the customer has come meanwhile."""
    state.paces[chat.id].mail = 0
    if not _mails(state, chat):
        return []
    data = kinds.Mailing(chat.reach.newest, chat.reach.mail_from)
    return [state.add(chat, "mailing", DESK, now, data=data)]


def _mails(state: State, chat: Chat) -> bool:
    return chat.wants_mail and state.rules.shop(chat.shop).mail


def mailed(state: State, _: Person, command: Mailed, now: Now) -> Decision:
    """The mail server took a mail, or will never. The same news twice is news once."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    accepted = command.outcome == "accepted"
    # What was refused comes again as another mail, with another number or after another decision.
    if command.upto <= max(chat.reach.mailed, chat.reach.refused):
        return Decided([])
    events = [] if chat.state == "closed" else promises.caught_up(state, chat, now)
    data = kinds.Mailed(command.upto, command.outcome)
    events.append(state.add(chat, "mailed", DESK, now, data=data, text=command.why))
    if chat.state == "closed":
        return Decided(events)
    if accepted and chat.reach.mailed >= command.upto:
        events += _arrived(state, chat, command.upto, now)
    elif chat.reach.failed:
        state.paces[chat.id].await_callback(chat, state.rules, now)
        state.aim(chat.id)
    if not state.paces[chat.id].mail:
        # What was written while this mail was on its way, or all of it to an address that came meanwhile.
        events += mail(state, chat, now)
    return Decided(events + routing.hand_out(state, now))


def seen(state: State, _: Person, command: Seen, now: Now) -> Decision:
    """The customer has seen messages in the widget, up to this public number."""
    chat = state.chats.get(command.chat)
    if chat is None or not chat.is_told_by(command.upto):
        return Decided([])
    events = promises.caught_up(state, chat, now)
    upto = min(command.upto, chat.pub)
    events.append(state.add(chat, "seen", DESK, now, data=kinds.Seen(upto)))
    events += _arrived(state, chat, upto, now)
    return Decided(events + routing.hand_out(state, now))


def _arrived(state: State, chat: Chat, upto: int, now: Now) -> list[Event]:
    """The customer has what was written up to there."""
    events: list[Event] = []
    if 0 < chat.reach.answer <= upto:
        events += promises.ended(state, chat, DESK, "", now)
        events += rescuing.withdraw(state, chat, now)
    if chat.reach.closing and upto >= chat.reach.newest:
        events += _close(state, chat, DESK, "", now)
    return events


def _close(state: State, chat: Chat, actor: str, name: str, now: Now) -> list[Event]:
    events = promises.withdrawn(state, chat, now)
    events.append(state.add(chat, "closed", actor, now, name=name, data=kinds.Closed("agent")))
    return events


# --- when it comes up ---------------------------------------------------------------------------------


def comes_up(state: State, chat: Chat, now: Now) -> None:
    """It is due soon: handing out, which follows, gives it to its owner, as soon as they can take it."""
    pace = state.paces[chat.id]
    pace.await_callback(chat, state.rules, now)
    if pace.up <= now.run:
        # The clock that it is due by may have been set back meanwhile.
        pace.up = 0
        if chat.calls_back:
            state.up.add(chat.id)
