"""A chat is handed on, never into a void; and a colleague is asked in to help."""

from __future__ import annotations

from server.desk import rescuing, routing, understanding
from server.desk.agent import Agent
from server.desk.asking import actor_of, chat_for, digest_of, owned_chat
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.rules import Now
from server.desk.state import State
from server.desk.writing import bad_text
from supportterm.protocol import frames, kinds


def colleague(state: State, who: Person, name: str) -> Agent | Refused:
    """Somebody else of the desk who is there, or why there is none by that name."""
    if name == who.id:
        return refuse("to_self")
    agent = state.agents.get(name)
    known = name in state.members if state.members else agent is not None
    if agent is None or not known or agent.member.disabled:
        return refuse("no_agent")
    if not agent.here or agent.status not in ("online", "finishing"):
        return refuse("agent_offline", who=agent.name)
    return agent


def hand_off(state: State, who: Person, command: frames.HandOff, now: Now) -> Decision:
    """The owner hands the chat to a colleague or a skill; it stays theirs until somebody accepts."""
    digest = digest_of("handoff", f"{command.agent}\0{command.skill}\0{command.text}")
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.state != "open":
        return refuse("chat_closed" if chat.state == "closed" else "not_owner")
    if chat.handoff is not None and not chat.handoff.overdue:
        return refuse("handing")
    name = ""
    if command.agent:
        found = colleague(state, who, command.agent)
        if isinstance(found, Refused):
            return found
        if found.id == chat.owner:
            return refuse("already")
        name = found.name
    elif not any(
        command.skill in member.skills and not member.disabled and member.id != chat.owner
        for member in state.members.values()
    ):
        return refuse("no_skill")
    bad = bad_text(command.text)
    if bad is not None:
        return bad
    if chat.handoffs and not command.sure:
        return refuse("second_handoff")
    missing = understanding.missing(state, chat, who, "handoff")
    if missing is not None:
        return missing
    actor = actor_of(who)
    skill = "" if command.agent else command.skill
    handoff = kinds.Handoff(command.agent, skill, command.reason)
    handing = kinds.Handing(name, skill)
    events = [
        *rescuing.withdraw(state, chat, now),
        state.add(
            chat,
            "handoff",
            actor,
            now,
            name=who.name,
            cid=command.id,
            digest=digest,
            data=handoff,
            text=command.text,
        ),
        state.add(chat, "handing", actor, now, name=who.name, data=handing),
    ]
    state.paces[chat.id].handoff = now.run + state.rules.handoff_ms
    state.aim(chat.id)
    return Decided(events + routing.hand_out(state, now))


def recall(state: State, who: Person, command: frames.Recall, now: Now) -> Decision:
    """The owner takes back a handoff that nobody accepted yet."""
    digest = digest_of("recall")
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.handoff is None:
        return refuse("already")
    ended = kinds.HandoffEnded("recalled", who.id)
    overdue = chat.handoff.overdue
    events = [
        state.add(
            chat,
            "handoff_ended",
            actor_of(who),
            now,
            name=who.name,
            cid=command.id,
            digest=digest,
            data=ended,
        ),
    ]
    if not overdue:
        stays = kinds.Stays(chat.owner_name)
        events.append(state.add(chat, "stays", actor_of(who), now, name=who.name, data=stays))
    state.paces[chat.id].handoff = state.paces[chat.id].offer = 0
    return Decided(events + routing.hand_out(state, now))


# --- consulting -------------------------------------------------------------------------------------


def invite(state: State, who: Person, command: frames.Invite, now: Now) -> Decision:
    """A colleague may read the chat and write notes in it."""
    digest = digest_of("invited", command.agent)
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if chat.state == "closed":
        return refuse("chat_closed")
    found = colleague(state, who, command.agent)
    if isinstance(found, Refused):
        return found
    if found.id in chat.readers:
        return refuse("already")
    data = kinds.Invited(found.id, found.name)
    return Decided(
        [
            state.add(
                chat, "invited", actor_of(who), now, name=who.name, cid=command.id, digest=digest, data=data
            )
        ]
    )


def uninvite(state: State, who: Person, command: frames.Uninvite, now: Now) -> Decision:
    """A colleague is done here; the owner says so, or they themselves."""
    digest = digest_of("uninvited", command.agent)
    found = chat_for if command.agent == who.id else owned_chat
    chat = found(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if command.agent not in chat.guests:
        return refuse("already")
    data = kinds.Uninvited(command.agent, state.agent(command.agent).name)
    return Decided(
        [
            state.add(
                chat, "uninvited", actor_of(who), now, name=who.name, cid=command.id, digest=digest, data=data
            )
        ]
    )
