"""Messages and notes; closing and reopening a chat."""

from __future__ import annotations

from typing import Final

from server.desk import blocking, callbacks, doors, promises, routing, understanding
from server.desk.agent import Agent
from server.desk.asking import actor_of, before, digest_of
from server.desk.chat import Chat
from server.desk.commands import Erase, Person
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.events import CUSTOMER, DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.coach.hours import after_open_time
from supportterm.protocol import frames, kinds
from supportterm.protocol.limits import TEXT_CODE_POINTS

_KIND: Final = {frames.Say: "message", frames.Note: "note"}


def bad_text(text: str) -> Decision | None:
    """Why a text cannot be stored; None: it can."""
    if not text or text.isspace():
        return refuse("bad_text")
    return refuse("text_too_long") if len(text) > TEXT_CODE_POINTS else None


def write(
    state: State, who: Person, command: frames.Say | frames.Note, now: Now, masked: int = 0
) -> Decision:
    """A message or a note. Only the owner writes to the customer; who else may read may write notes."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    kind, cid, text = _KIND[type(command)], command.id, command.text
    say = command if isinstance(command, frames.Say) else None
    special = say is not None and bool(say.summary or say.options or say.re or say.answer or say.choice)
    if say is not None and special:
        text = understanding.text_of(say)
        digest = digest_of(understanding.digest_kind(say), text)
    else:
        digest = digest_of(kind, text)
    known = before(chat, who, cid, digest)
    if known is not None:
        return known
    if kind == "note" and who.role != "agent":
        return refuse("not_allowed")
    bad = bad_text(text)
    if bad is not None:
        return bad
    if kind == "message" and who.role == "agent" and who.id != chat.owner:
        return refuse("not_owner", who=chat.owner_name)
    wrong = _wrong(chat, who, say, special, now) if say is not None else None
    if wrong is not None:
        return wrong
    events: list[Event] = []
    unattended = False
    if chat.quiet and who.role == "customer":
        unattended = not _may_wait(state, who, chat, now)
        events = callbacks.customer_writes(state, chat, now)
        events += reopening(state, chat, who, now)
    elif chat.state == "closed" and kind == "message":
        if blocking.until(state, who, now):
            return blocking.refusal(state, who, now)
        if who.role != "customer" or not reopens(state, who, chat, now):
            return refuse("chat_closed")
        unattended = _keeps_out(state, who, chat, now) is not None
        events = reopening(state, chat, who, now)
    reopened = bool(events)
    if kind == "message" and who.role == "customer" and not reopened:
        events += callbacks.customer_writes(state, chat, now)
        if chat.page_gone:
            # Their message ends that they are gone, and not before the promise was looked at.
            events += promises.caught_up(state, chat, now)
    if kind == "message" and who.role == "agent":
        events = promises.caught_up(state, chat, now)
    holding = say is not None and who.role == "agent" and promises.is_holding(state, chat, who.name, say, now)
    data: kinds.Message | kinds.Note | None = None
    if say is not None:
        data = understanding.message(chat, who, say, masked, holding, state.rules)
    elif masked:
        data = kinds.Note(masked)
    actor = actor_of(who)
    events.append(
        state.add(chat, kind, actor, now, name=who.name, cid=cid, digest=digest, data=data, text=text)
    )
    if say is None:
        return Decided(events)
    if who.role == "agent":
        events += promises.answered(state, chat, actor, who.name, say, holding, now)
        callbacks.mail_soon(state, chat, now)
        if state.queue or state.handed:
            events += routing.hand_out(state, now, state.agent(who.id))
    elif chat.state == "open" and not tended(state, chat):
        events += let_go(state, chat, "absent", now)
        events += routing.hand_out(state, now)
    elif reopened:
        if unattended and chat.state == "queued":
            # They came days later, by the link in a mail, or are many: it is a message for when somebody is
            # there.
            events.append(left(state, chat, now))
        events += routing.hand_out(state, now)
    elif chat.state == "left" and _may_wait(state, who, chat, now):
        # They are back, and so is somebody who can talk with them.
        events.append(state.add(chat, "requeued", DESK, now, data=kinds.Requeued("reopened")))
        events += routing.hand_out(state, now)
    return Decided(events)


def _wrong(chat: Chat, who: Person, command: frames.Say, special: bool, now: Now) -> Decision | None:
    """Why what a message does beside saying something cannot be done; None: it can."""
    if command.promise or command.due:
        if who.role != "agent":
            return refuse("not_allowed")
        wrong = promises.wrong(command, now)
        if wrong is not None:
            return wrong
    return understanding.wrong(chat, who, command) if special else None


def _may_wait(state: State, who: Person, chat: Chat, now: Now) -> bool:
    """Whether who left a message may wait for an answer now, as somebody new might."""
    if not (doors.attended(state) and doors.is_open(state, chat.shop, now)):
        return False
    full = doors.is_full(state, chat.shop, now) or doors.is_crowded(state, who, now)
    return not full or routing.somebody_free(state, chat, now)


def _keeps_out(state: State, who: Person, chat: Chat, now: Now) -> Refused | None:
    """Why nobody has time for who takes up a closed chat; None: somebody has, or they may wait.

    Who was here a moment ago comes back whatever the hours say and however many wait. But nobody had it yet,
    and chats that are closed to be taken up again do not let more wait from one address than may.
    """
    if _long_closed(state, chat, now):
        if _may_wait(state, who, chat, now):
            return None
        return refuse("shop_closed", until=doors.changes_at(state, chat.shop, now))
    if chat.owner or not doors.is_crowded(state, who, now) or routing.somebody_free(state, chat, now):
        return None
    return refuse("address_full")


def tended(state: State, chat: Chat) -> bool:
    """Whether the owner is there to see what the customer writes."""
    owner = state.agent(chat.owner)
    return owner.here and owner.status != "offline"


def let_go(state: State, chat: Chat, reason: str, now: Now) -> list[Event]:
    """The owner cannot go on with the chat: it waits, with the waiting time it has."""
    events: list[Event] = []
    if chat.handoff is not None:
        ended = kinds.HandoffEnded("withdrawn")
        events.append(state.add(chat, "handoff_ended", DESK, now, data=ended))
    # A left message that nobody waits for, answered or not, is nothing for the queue.
    left = bool(chat.left_due) and not (chat.answered_at and chat.waiting_since and not chat.callback)
    data = kinds.Unassigned(reason, chat.owner, left)  # type: ignore[arg-type]
    events.append(state.add(chat, "unassigned", DESK, now, data=data))
    return events


def close(state: State, who: Person, command: frames.CloseChat, now: Now) -> Decision:
    """Either side ends the chat."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    digest = digest_of("closed", command.chat)
    known = before(chat, who, command.id, digest)
    if known is not None:
        return known
    if chat.state == "closed":
        return refuse("already")
    if who.role == "agent" and who.id != chat.owner and not who.supervises:
        return refuse("not_owner", who=chat.owner_name)
    missing = understanding.missing(state, chat, who, "close")
    if missing is not None:
        return missing
    if who.role == "agent":
        later = callbacks.close(state, chat, who, command.id, digest, now)
        if later is not None:
            return later if isinstance(later, Refused) else Decided(later)
    reason = "customer" if who.role == "customer" else "agent"
    events = promises.withdrawn(state, chat, now)
    data = kinds.Closed(reason)  # type: ignore[arg-type]
    events.append(
        state.add(chat, "closed", actor_of(who), now, name=who.name, cid=command.id, digest=digest, data=data)
    )
    return Decided(events + routing.hand_out(state, now))


def close_by_desk(state: State, chat: Chat, reason: str, now: Now) -> list[Event]:
    """The desk ends the chat: for silence, or because the page is gone."""
    events = promises.withdrawn(state, chat, now)
    data = kinds.Closed(reason)  # type: ignore[arg-type]
    events.append(state.add(chat, "closed", DESK, now, data=data))
    return events


def reopen(state: State, who: Person, command: frames.Reopen, now: Now) -> Decision:
    """Either side opens a closed chat again, within the time for it."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    digest = digest_of("reopened", command.chat)
    known = before(chat, who, command.id, digest)
    if known is not None:
        return known
    quiet = chat.quiet and who.role == "customer"
    if chat.state != "closed" and not quiet:
        return refuse("already")
    if blocking.until(state, who, now):
        return blocking.refusal(state, who, now)
    if not quiet and not reopens(state, who, chat, now):
        return refuse("chat_closed")
    barred = _keeps_out(state, who, chat, now)
    if barred is not None:
        return barred
    events = callbacks.customer_writes(state, chat, now) if quiet else []
    events += reopening(state, chat, who, now, command.id, digest)
    return Decided(events + routing.hand_out(state, now))


def reopens(state: State, who: Person, chat: Chat, now: Now) -> bool:
    """Whether a closed chat may go on; one that was ended for abuse only if its agent wants it to."""
    if chat.closed_for == "abuse" and who.role == "customer":
        return False
    newer = state.open_of.get(chat.customer)
    # The link in a mail is there to go on with, as long as it opens the chat.
    return newer is None and (who.only == chat.id or not _long_closed(state, chat, now))


def _long_closed(state: State, chat: Chat, now: Now) -> bool:
    return now.at - chat.closed_at > state.rules.reopen_ms


def left(state: State, chat: Chat, now: Now) -> Event:
    """The chat goes on the list of messages that are answered within the shop's time for those."""
    shop = state.rules.shop(chat.shop)
    due = after_open_time(shop.hours, now.at, shop.answer_left_ms)
    return state.add(chat, "left", CUSTOMER, now, data=kinds.Left(due))


def reopening(
    state: State, chat: Chat, who: Person, now: Now, cid: str = "", digest: bytes = b""
) -> list[Event]:
    """The chat goes on, with its agent if they have room for it."""
    event = state.add(chat, "reopened", actor_of(who), now, name=who.name, cid=cid, digest=digest)
    events = [event]
    if chat.owner and chat.owner != who.id:
        owner = state.agent(chat.owner)
        # It is theirs already: what it weighs now is in their load, and must not be counted twice.
        if not _goes_on(state, owner, now):
            data = kinds.Requeued("reopened")
            events.append(state.add(chat, "requeued", DESK, now, data=data))
    return events


def _goes_on(state: State, owner: Agent, now: Now) -> bool:
    rules = state.rules
    return (
        owner.present
        and not owner.member.disabled
        and owner.status == "online"
        and len(owner.chats) <= owner.cap(rules)
        and state.scales.points(owner, now.run, rules) <= owner.ceiling(rules)
    )


def erase(state: State, command: Erase, now: Now) -> Decision:
    """Every text of the chat is gone from the log."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    chat.cids = {cid: (a, seq, pub, b"") for cid, (a, seq, pub, _) in chat.cids.items()}
    return Decided([state.add(chat, "erased", DESK, now)])
