"""Agents come and go, and say how they are. Presence is a lease: who drops has a while to come back."""

from __future__ import annotations

from typing import Final

from server.desk import records, routing
from server.desk.agent import Agent
from server.desk.asking import actor_of
from server.desk.chat import Chat
from server.desk.commands import Arrive, Leave, Noticed, Person, Retire
from server.desk.decision import Decided, Decision, refuse
from server.desk.events import DESK, Event
from server.desk.given import owes
from server.desk.rules import Now
from server.desk.state import State
from server.desk.writing import let_go
from supportterm.protocol import frames, kinds

#: The reason of being away that no agent gives: the desk noticed it.
SILENCE_REASON: Final = "silence"


def arrive(state: State, who: Person, _: Arrive, now: Now) -> Decision:
    """A console of the agent is connected."""
    state.attend(who)
    agent = state.agent(who.id)
    events: list[Event] = []
    if agent.absent:
        events.append(state.add_own("present", actor_of(who), now, records.Present(who.id), who.name))
        begin_ramp(state, agent, now)
    if agent.status != "offline":
        keep_reserved(state, agent)
    return Decided(events + routing.hand_out(state, now))


def keep_reserved(state: State, agent: Agent) -> None:
    """They are back in time: the quiet chats that were kept for them are theirs as before."""
    for chat in agent.chats:
        state.paces[chat].reserved = 0


def leave(state: State, who: Person, _: Leave, now: Now) -> Decision:
    """The agent's last console is gone; for the grace time nothing moves."""
    agent = state.agent(who.id)
    if agent.present:
        agent.present = False
        state.deadlines.set(("gone", agent.id), now.run + state.rules.presence_grace_ms)
    return Decided([])


def noticed(state: State, who: Person, _: Noticed, now: Now) -> Decision:
    """The agent pressed a key: they have seen what came."""
    acted(state, who.id, now)
    return Decided([])


def acted(state: State, name: str, now: Now) -> None:
    """The agent is there: they pressed a key, or did something."""
    agent = state.agent(name)
    agent.active = now.run
    for name_of_chat in list(agent.unseen):
        chat, pace = state.chats.get(name_of_chat), state.paces.get(name_of_chat)
        if chat is None or pace is None or chat.owner != name or not pace.silence:
            agent.unseen.discard(name_of_chat)
        # A chat that comes at this very moment was not seen yet.
        elif pace.silence < now.run + state.rules.silence_ms:
            agent.unseen.discard(name_of_chat)
            pace.silence = 0
            state.aim(name_of_chat)


def stayed_away(state: State, name: str, now: Now) -> list[Event]:
    """The grace time is over."""
    agent = state.agent(name)
    events: list[Event] = []
    if not agent.absent:
        events.append(state.add_own("absent", DESK, now, records.Absent(name), agent.name))
    return events + scatter(state, agent, "absent", now)


def scatter(state: State, agent: Agent, reason: str, now: Now, *, for_good: bool = False) -> list[Event]:
    """The agent is gone: who waits for them waits for anybody; quiet chats stay theirs for a while, unless
    they are gone ``for_good``."""
    events: list[Event] = []
    for name in sorted(agent.chats):
        chat, pace = state.chats[name], state.paces[name]
        if chat.waiting_since or owes(chat) or for_good:
            events += let_go(state, chat, reason, now)
        elif not chat.left_due:
            pace.reserved = now.run + state.rules.reserve_ms
            state.aim(name)
    for name in sorted(agent.offers):
        events += withdraw(state, state.chats[name], now)
    return events


def withdraw(state: State, chat: Chat, now: Now) -> list[Event]:
    """Who was asked to take the chat cannot any more; handing out asks the next, if anybody may."""
    data = kinds.OfferEnded(chat.offered, "withdrawn")
    events = [state.add(chat, "offer_ended", DESK, now, data=data)]
    state.paces[chat.id].offer = 0
    if chat.handoff is not None and chat.handoff.agent:
        events += stays(state, chat, "withdrawn", now)
    return events


def stays(state: State, chat: Chat, how: str, now: Now, by: Person | None = None) -> list[Event]:
    """A handoff came to nothing: the chat is its owner's, as it was."""
    ended = kinds.HandoffEnded(how, by.id if by else "")  # type: ignore[arg-type]
    actor = actor_of(by) if by else DESK
    state.paces[chat.id].handoff = state.paces[chat.id].offer = 0
    told = chat.handoff is not None and not chat.handoff.overdue
    events = [state.add(chat, "handoff_ended", actor, now, name=by.name if by else "", data=ended)]
    if told:
        events.append(state.add(chat, "stays", DESK, now, data=kinds.Stays(chat.owner_name)))
    return events


def retire(state: State, _: Person, command: Retire, now: Now) -> Decision:
    """The agent was disabled, or moved to another desk: nothing stays with them."""
    agent = state.agent(command.agent)
    agent.present = False
    state.deadlines.drop(("gone", agent.id))
    events: list[Event] = []
    if not agent.absent:
        events.append(state.add_own("absent", DESK, now, records.Absent(agent.id), agent.name))
    events += scatter(state, agent, "offline" if command.moved else "disabled", now, for_good=True)
    for chat in list(state.chats.values()):
        if agent.id in chat.guests:
            gone = kinds.Uninvited(agent.id, agent.name)
            events.append(state.add(chat, "uninvited", DESK, now, data=gone))
    return Decided(events + routing.hand_out(state, now))


# --- statuses ---------------------------------------------------------------------------------------


def set_status(state: State, who: Person, command: frames.SetStatus, now: Now) -> Decision:
    """An agent says how they are."""
    if who.role != "agent":
        return refuse("not_allowed")
    agent = state.agent(who.id)
    if (agent.status, agent.reason, agent.silent) == (command.status, command.reason, ""):
        return Decided([])
    return Decided(change_status(state, agent, actor_of(who), who.name, command.status, command.reason, now))


def change_status(
    state: State,
    agent: Agent,
    actor: str,
    name: str,
    status: str,
    reason: str,
    now: Now,
    silent: str = "",
) -> list[Event]:
    """The agent's status from now on, whoever says so, and what follows from it."""
    was = agent.status
    data = records.Status(agent.id, status, reason, silent)
    events = [state.add_own("status", actor, now, data, name)]
    if was == "offline" and agent.present:
        keep_reserved(state, agent)
    if status == "online" and was != "online":
        begin_ramp(state, agent, now)
        for chat in [state.chats[one] for one in state.queue]:
            if state.paces[chat.id].passed.pop(agent.id, 0):
                state.wait_apart(chat)
    if status != "online":
        for one in sorted(agent.offers):
            if state.chats[one].state == "queued":
                events += withdraw(state, state.chats[one], now)
    if status == "offline":
        events += scatter(state, agent, "offline", now)
    return events + routing.hand_out(state, now)


def begin_ramp(state: State, agent: Agent, now: Now) -> None:
    """Who comes online gets their chats one after another, not the whole night's queue at once."""
    if state.rules.ramp_ms:
        agent.ramp_left = max(1, agent.ceiling(state.rules) // max(1, state.rules.weights.waiting))
        agent.ramp_at = now.run
    agent.full = False


def fell_silent(state: State, agent: Agent, chat: Chat, now: Now) -> list[Event]:
    """The agent did not react to the chat: nothing more comes to them until they say that they are back."""
    if agent.status != "online":
        return []
    return change_status(state, agent, DESK, agent.name, "away", SILENCE_REASON, now, silent=chat.id)
