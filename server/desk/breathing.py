"""The time after a chat: the agent may end it early, or extend it once."""

from __future__ import annotations

from server.desk import routing
from server.desk.asking import actor_of, digest_of, owned_chat
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, refuse
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import frames, kinds


def breather(state: State, who: Person, command: frames.Breather, now: Now) -> Decision:
    """End the time after a closed chat, or make it as long again."""
    digest = digest_of("breathed", command.act)
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    pace = state.paces[chat.id]
    if chat.state != "closed" or pace.wrap <= now.run or (chat.breathed and command.act == "extend"):
        return refuse("already")
    event = state.add(
        chat,
        "breathed",
        actor_of(who),
        now,
        name=who.name,
        cid=command.id,
        digest=digest,
        data=kinds.Breathed(command.act),
    )
    if command.act == "extend":
        pace.wrap += state.rules.breather(chat.closed_for)
        state.aim(chat.id)
        return Decided([event])
    over(state, chat)
    return Decided([event, *routing.hand_out(state, now)])


def over(state: State, chat: Chat) -> None:
    """The time after the chat has ended."""
    state.paces[chat.id].wrap = 0
    state.agent(chat.owner).wraps.discard(chat.id)
    state.aim(chat.id)
