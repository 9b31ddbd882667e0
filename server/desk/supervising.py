"""What a supervisor steers: who has which chat, agents' statuses and ceilings, what holds today.

Every act is an event with its actor; what is set for today ends by itself.
"""

from __future__ import annotations

from typing import Final

from server.desk import presence, records, routing
from server.desk.asking import actor_of, digest_of, staff_chat
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, refuse
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from supportterm.coach.hours import day_ends_at
from supportterm.protocol import frames, kinds

_LONGEST_MS: Final = 7 * 24 * 3_600_000


def assign(state: State, who: Person, command: frames.Assign, now: Now) -> Decision:
    """A supervisor gives a chat to an agent who is there, whatever they carry."""
    digest = digest_of("assign", command.agent)
    chat = staff_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if not who.supervises:
        return refuse("not_allowed")
    if chat.state == "closed":
        return refuse("chat_closed")
    agent = state.agents.get(command.agent)
    known = command.agent in state.members if state.members else agent is not None
    if agent is None or not known or agent.member.disabled:
        return refuse("no_agent")
    if chat.owner == agent.id:
        return refuse("already")
    if not agent.here or agent.status == "offline":
        return refuse("agent_offline", who=agent.name)
    rules = state.rules
    sure = state.scales.points(agent, now.run, rules) + rules.weights.waiting > agent.ceiling(rules)
    events: list[Event] = []
    if chat.offered and chat.handoff is None:
        data = kinds.OfferEnded(chat.offered, "withdrawn")
        events.append(state.add(chat, "offer_ended", DESK, now, data=data))
    if chat.handoff is not None:
        ended = kinds.HandoffEnded("withdrawn", who.id)
        events.append(state.add(chat, "handoff_ended", actor_of(who), now, name=who.name, data=ended))
    given = routing.give(
        state,
        chat,
        agent,
        now,
        "assign",
        by=who.id,
        name=who.name,
        sure=sure,
        cid=command.id,
        digest=digest,
    )
    return Decided(events + given + routing.hand_out(state, now))


def set_agent(state: State, who: Person, command: frames.SetAgent, now: Now) -> Decision:
    """A supervisor sets an agent's status, or their ceiling until the end of the day."""
    if not who.supervises:
        return refuse("not_allowed")
    agent = state.agents.get(command.agent)
    if agent is None or (state.members and agent.id not in state.members):
        return refuse("no_agent")
    events: list[Event] = []
    if command.ceiling is not None and command.ceiling != agent.ceiling_today:
        until = day_ends_at(_zone(state), now.at) if command.ceiling else 0
        data = records.Ceiling(agent.id, command.ceiling, until)
        events.append(state.add_own("ceiling", actor_of(who), now, data, who.name))
        agent.full = False
        if until:
            state.deadlines.set(("ceiling", agent.id), now.run + until - now.at)
    if command.status is not None and command.status != agent.status:
        events += presence.change_status(state, agent, actor_of(who), who.name, command.status, "", now)
    elif events:
        events += routing.hand_out(state, now)
    return Decided(events)


def _zone(state: State) -> str:
    """The day of the desk is that of its first shop with hours."""
    zones = (shop.hours.zone for shop in state.rules.shops.values() if shop.hours is not None)
    return next(zones, "UTC")


def ceiling_over(state: State, name: str, now: Now) -> list[Event]:
    """A ceiling set for today may have ended."""
    agent = state.agent(name)
    if not agent.ceiling_until:
        return []
    if agent.ceiling_until > now.at:
        state.deadlines.set(("ceiling", name), now.run + agent.ceiling_until - now.at)
        return []
    return [state.add_own("ceiling", DESK, now, records.Ceiling(name, 0, 0))]


# --- live controls ----------------------------------------------------------------------------------


def control(state: State, who: Person, command: frames.Control, now: Now) -> Decision:
    """A supervisor changes for a while what holds for a shop, or ends that."""
    if not who.supervises:
        return refuse("not_allowed")
    if command.shop and command.shop not in state.rules.shops:
        return refuse("no_shop")
    key = (command.what, command.shop)
    if not command.until:
        if key not in state.controls:
            return refuse("already")
        ended = records.ControlEnded(*key)
        return Decided([state.add_own("control_ended", actor_of(who), now, ended, who.name)])
    if not now.at < command.until <= now.at + _LONGEST_MS:
        return refuse("bad_time")
    if command.what in ("banner", "languages") and not command.text.strip():
        return refuse("bad_text")
    data = records.Control(
        command.what, command.shop, command.until, who.name, command.value, command.text.strip()
    )
    if state.controls.get(key) == data:
        return Decided([])
    events: list[Event] = []
    other = {"open": "closed", "closed": "open"}.get(command.what, "")
    if (other, command.shop) in state.controls:
        ended = records.ControlEnded(other, command.shop)
        events.append(state.add_own("control_ended", actor_of(who), now, ended, who.name))
    events.append(state.add_own("control", actor_of(who), now, data, who.name))
    state.deadlines.set(("control", " ".join(key)), now.run + command.until - now.at)
    return Decided(events)


def control_over(state: State, name: str, now: Now) -> list[Event]:
    """What was set for a while may have ended."""
    what, _, shop = name.partition(" ")
    held = state.controls.get((what, shop))
    if held is None:
        return []
    if held.until > now.at:
        state.deadlines.set(("control", name), now.run + held.until - now.at)
        return []
    return [state.add_own("control_ended", DESK, now, records.ControlEnded(what, shop))]
