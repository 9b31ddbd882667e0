"""What a customer does besides writing: opening a chat, leaving a message, answering the desk, going."""

from __future__ import annotations

from msgspec.structs import replace

from server.desk import blocking, callbacks, doors, identifying, promises, routing
from server.desk.asking import actor_of, before, chat_for, digest_of, repeated
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, refuse
from server.desk.events import CUSTOMER, DESK, Event
from server.desk.pace import Pace
from server.desk.rules import Now
from server.desk.state import State
from server.desk.writing import bad_text, left
from supportterm.protocol import frames, kinds
from supportterm.protocol.contact import Reach, kind_of, written


def open_chat(state: State, who: Person, command: frames.Open, now: Now) -> Decision:
    """A customer opens a chat; it goes to an agent, or waits for one."""
    if who.role != "customer" or who.only:
        return refuse("not_allowed")
    digest = digest_of("opened", command.chat)
    known = _known(state, who, command, digest)
    if known is not None:
        return known
    if blocking.until(state, who, now):
        return blocking.refusal(state, who, now)
    if not doors.is_open(state, who.shop, now):
        return refuse("shop_closed", until=doors.changes_at(state, who.shop, now))
    full = doors.is_full(state, who.shop, now)
    if (full or doors.is_crowded(state, who, now)) and not _served_at_once(state, who, command, now):
        return refuse("queue_full" if full else "address_full")
    chat, events = _opening(state, who, command, now, digest)
    events += routing.hand_out(state, now)
    _expect(state, chat, now)
    return Decided(events)


def _served_at_once(state: State, who: Person, command: frames.Open, now: Now) -> bool:
    """Whether the chat would not have to wait: then no full queue keeps the customer out."""
    topic = _topic(state, who, command)
    wanted = doors.entered(state, who.shop, command.page, topic, command.lang, now)
    chat = Chat("", who.id)
    chat.skill, chat.langs = wanted.skill, (wanted.lang,) if wanted.lang else ()
    return routing.somebody_free(state, chat, now)


def _topic(state: State, who: Person, command: frames.Open | frames.LeaveMessage) -> str:
    """What they chose, if the shop has it."""
    return command.topic if any(t.id == command.topic for t in state.rules.shop(who.shop).topics) else ""


def _known(
    state: State, who: Person, command: frames.Open | frames.LeaveMessage, digest: bytes
) -> Decision | None:
    """The answer to a repeated opening, or to one while another chat of theirs is open."""
    chat = state.chats.get(command.chat)
    if chat is not None:
        known = chat.cids.get(command.id) if chat.readable_by(who) else None
        return refuse("id_conflict") if known is None else repeated(known, CUSTOMER, digest)
    other = state.open_of.get(who.id)
    return None if other is None else refuse("already_open", other)


def _opening(
    state: State, who: Person, command: frames.Open | frames.LeaveMessage, now: Now, digest: bytes
) -> tuple[Chat, list[Event]]:
    chat = state.chats[command.chat] = Chat(command.chat, who.id)
    pace = state.paces[chat.id] = Pace()
    topic = _topic(state, who, command)
    opened = kinds.Opened(who.shop, command.lang, topic)
    events = [state.add(chat, "opened", CUSTOMER, now, cid=command.id, digest=digest, data=opened)]
    if command.page or who.address:
        context = kinds.Context(who.address)
        events.append(state.add(chat, "context", CUSTOMER, now, data=context, text=command.page))
    if who.identity.sub:
        events.append(identifying.identified(state, chat, who, now))
    entered = doors.entered(state, who.shop, command.page, topic, command.lang, now)
    if entered != kinds.Entered(lang=command.lang):
        events.append(state.add(chat, "entered", DESK, now, data=entered))
    if who.last_agent and now.at - who.last_at <= state.rules.affinity_ms:
        pace.last = who.last_agent
    pace.await_step(chat, now.run, now.run)
    state.aim(chat.id)
    return chat, events


def _expect(state: State, chat: Chat, now: Now) -> None:
    """Remember what the desk thought when the chat began to wait: that is how it learns."""
    if chat.state == "queued":
        ahead = now.at - state.queue.head_at(chat)
        found = state.book(chat).estimate(state.queue.position(chat), ahead, now.at)
        state.paces[chat.id].expected_ms = found[0] if found else 0


# --- a message for later ----------------------------------------------------------------------------


def leave_message(
    state: State, who: Person, command: frames.LeaveMessage, now: Now, masked: int = 0
) -> Decision:
    """A question for later: a new chat, or one that waits, goes on the list of left messages."""
    if who.role != "customer":
        return refuse("not_allowed")
    chat = state.chats.get(command.chat)
    digest = digest_of("left", command.text)
    if chat is None:
        if who.only:
            return refuse("no_chat")
        known = _known(state, who, command, digest)
        if known is not None:
            return known
    else:
        known = before(chat, who, command.id, digest)
        if known is not None:
            return known
        if chat.state == "closed":
            return refuse("chat_closed")
        if chat.state != "queued" or chat.silently_waiting:
            return refuse("already")
    bad = bad_text(command.text)
    if bad is not None:
        return bad
    if who.only:
        # Whoever holds a mail may go on with its chat, and not have the answers sent to themselves.
        command = replace(command, name="", contact="")
    if command.contact and kind_of(command.contact) != "mail":
        return refuse("no_contact")
    if blocking.until(state, who, now):
        return blocking.refusal(state, who, now)
    events: list[Event] = []
    cid = command.id
    if chat is None:
        chat, events = _opening(state, who, command, now, digest)
        cid, digest = "", b""
    shown = kinds.Message(masked) if masked else None
    events.append(
        state.add(chat, "message", CUSTOMER, now, cid=cid, digest=digest, data=shown, text=command.text)
    )
    if command.name or command.contact:
        contact = written(Reach(command.name, command.contact))
        events.append(state.add(chat, "contact", CUSTOMER, now, text=contact))
    events += promises.withdrawn(state, chat, now)
    events.append(left(state, chat, now))
    # Who was asked to take it has room for another.
    return Decided(events + routing.hand_out(state, now))


# --- answers to the desk ----------------------------------------------------------------------------


def choose_language(state: State, who: Person, command: frames.ChooseLanguage, now: Now) -> Decision:
    """Another language now, or wait for one's own."""
    digest = digest_of("language_chosen", command.choice)
    chat = _own(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if not chat.asked or chat.state != "queued":
        return refuse("already")
    data = kinds.LanguageChosen(command.choice)
    event = state.add(chat, "language_chosen", CUSTOMER, now, cid=command.id, digest=digest, data=data)
    state.paces[chat.id].await_step(chat, now.run - (now.at - chat.queued_at), now.run)
    state.aim(chat.id)
    return Decided([event, *routing.hand_out(state, now)])


def need_time(state: State, who: Person, command: frames.NeedTime, now: Now) -> Decision:
    """The customer, asked whether they are there, needs a little time."""
    digest = digest_of("time_needed")
    chat = _own(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if not chat.closes_at or chat.state != "open":
        return refuse("already")
    until = now.at + state.rules.need_time_ms + state.rules.nudged_close_ms
    data = kinds.TimeNeeded(until)
    return Decided([state.add(chat, "time_needed", CUSTOMER, now, cid=command.id, digest=digest, data=data)])


def give_contact(state: State, who: Person, command: frames.GiveContact, now: Now) -> Decision:
    """Where the customer can be answered if they do not stay; told by themselves, or by who has the chat."""
    digest = digest_of("contact", f"{command.contact}\0{command.name}")
    chat = chat_for(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.state == "closed":
        return refuse("chat_closed")
    if who.role == "agent" and who.id != chat.owner:
        return refuse("not_owner", who=chat.owner_name)
    if who.only:
        return refuse("not_allowed")
    if not kind_of(command.contact):
        return refuse("no_contact")
    if chat.reach.knows(command.name, command.contact):
        return Decided([])
    text = written(Reach(command.name, command.contact))
    actor, name = actor_of(who), who.name if who.role == "agent" else ""
    event = state.add(chat, "contact", actor, now, name=name, cid=command.id, digest=digest, text=text)
    callbacks.mail_soon(state, chat, now)
    return Decided([event])


def _own(
    state: State,
    who: Person,
    command: frames.ChooseLanguage | frames.NeedTime,
    digest: bytes,
) -> Chat | Decision:
    chat = chat_for(state, who, command, digest)
    if isinstance(chat, Chat) and who.role != "customer":
        return refuse("not_allowed")
    return chat
