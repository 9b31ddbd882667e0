"""A chat is taken by hand, accepted or declined."""

from __future__ import annotations

from server.desk import presence, routing
from server.desk.asking import actor_of, digest_of, staff_chat
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, refuse
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import frames, kinds


def take(state: State, who: Person, command: frames.Take, now: Now) -> Decision:
    """A waiting chat or a left message by hand: never over the cap, over the ceiling only knowingly."""
    digest = digest_of("take")
    chat = staff_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    agent = state.agent(who.id)
    if chat.state == "open":
        return refuse("already" if chat.owner == who.id else "taken", chat.id, chat.owner_name)
    if chat.state == "closed":
        return refuse("chat_closed", chat.id)
    if len(agent.chats) >= agent.cap(state.rules):
        return refuse("cap", chat.id)
    rules = state.rules
    over = state.scales.points(agent, now.run, rules) + rules.weights.waiting > agent.ceiling(rules)
    if over and not command.sure:
        return refuse("over_ceiling", chat.id)
    return Decided(claim(state, chat, who, command.id, digest, now, "hand", sure=over))


def claim(
    state: State,
    chat: Chat,
    who: Person,
    cid: str,
    digest: bytes,
    now: Now,
    how: kinds.Way,
    *,
    by: str = "",
    sure: bool = False,
) -> list[Event]:
    """The chat becomes the asking agent's; the joining answers their command."""
    agent = state.agent(who.id)
    events: list[Event] = []
    if chat.offered and chat.offered != who.id:
        data = kinds.OfferEnded(chat.offered, "withdrawn")
        events.append(state.add(chat, "offer_ended", DESK, now, data=data))
    if chat.handoff is not None:
        ended = kinds.HandoffEnded("accepted", who.id)
        events.append(state.add(chat, "handoff_ended", actor_of(who), now, name=who.name, data=ended))
    given = routing.give(state, chat, agent, now, how, by=by, sure=sure, cid=cid, digest=digest)
    return events + given + routing.hand_out(state, now)


def accept(state: State, who: Person, command: frames.Accept, now: Now) -> Decision:
    """Who is asked takes the chat."""
    digest = digest_of("accept")
    chat = staff_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.offered != who.id:
        return refuse("not_offered", chat.id, chat.owner_name)
    agent = state.agent(who.id)
    if len(agent.chats) >= agent.cap(state.rules):
        return refuse("cap", chat.id)
    how: kinds.Way = "last" if state.paces[chat.id].last == who.id else "load"
    by = ""
    if chat.handoff is not None:
        how, by = "handoff", chat.owner
    return Decided(claim(state, chat, who, command.id, digest, now, how, by=by))


def decline(state: State, who: Person, command: frames.Decline, now: Now) -> Decision:
    """Who is asked does not take the chat."""
    digest = digest_of("decline")
    chat = staff_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.offered != who.id:
        return refuse("not_offered", chat.id, chat.owner_name)
    data = kinds.OfferEnded(who.id, "declined")
    event = state.add(
        chat, "offer_ended", actor_of(who), now, name=who.name, cid=command.id, digest=digest, data=data
    )
    let_pass(state, chat, who.id, now)
    return Decided([event, *ask_others(state, chat, "declined", now, who)])


def expired(state: State, chat: Chat, now: Now) -> list[Event]:
    """Who is asked did not answer in time; without a key pressed meanwhile they are not there."""
    agent = state.agent(chat.offered)
    since = state.paces[chat.id].offer - state.rules.accept_ms
    data = kinds.OfferEnded(agent.id, "expired")
    events = [state.add(chat, "offer_ended", DESK, now, data=data)]
    let_pass(state, chat, agent.id, now)
    if agent.present and agent.active <= since:
        # Away first: or the next chat would be offered to who did not see this one.
        events += presence.fell_silent(state, agent, chat, now)
    return events + ask_others(state, chat, "expired", now)


def let_pass(state: State, chat: Chat, agent: str, now: Now) -> None:
    """Not this agent, for a while."""
    pace = state.paces[chat.id]
    pace.offer = 0
    pace.passed[agent] = now.run + routing.PASS_MS
    state.aim(chat.id)
    if chat.state == "queued":
        state.wait_apart(chat)


def ask_others(state: State, chat: Chat, how: str, now: Now, by: Person | None = None) -> list[Event]:
    """Somebody let it pass: ask the next one, or give a handed chat back."""
    events: list[Event] = []
    if chat.handoff is not None and chat.handoff.agent:
        events = presence.stays(state, chat, how, now, by)
    return events + routing.hand_out(state, now)
