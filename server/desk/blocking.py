"""Against abuse: a calm warning, the end of a chat, and nobody from there for a while."""

from __future__ import annotations

from server.desk import promises, records, routing
from server.desk.asking import actor_of, digest_of, owned_chat
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, Refused, refuse
from server.desk.events import DESK, Event
from server.desk.rules import MINUTE, Now
from server.desk.state import State
from supportterm.protocol import frames, kinds


def until(state: State, who: Person, now: Now) -> int:
    """Until when this customer may open no chat; 0: they may. A new tab or token changes nothing, nor does
    signing in."""
    return _until(state, (who.id, *who.browsers), who.address, now)


def until_of(state: State, chat: Chat, now: Now) -> int:
    """The same for the customer of a chat, as far as the chat tells who they are."""
    return _until(state, (chat.customer,), chat.address, now)


def _until(state: State, names: tuple[str, ...], address: str, now: Now) -> int:
    return max(
        (
            block.until
            for block in state.blocks.values()
            if block.until > now.at
            and (block.customer in names or (block.address and block.address == address))
        ),
        default=0,
    )


def refusal(state: State, who: Person, now: Now) -> Refused:
    """Why a blocked customer opens no chat."""
    return refuse("blocked", until=until(state, who, now))


def abuse(state: State, who: Person, command: frames.Abuse, now: Now) -> Decision:
    """Warn, end, or block; by the chat's owner or a supervisor."""
    digest = digest_of("abuse", f"{command.act} {command.minutes}")
    chat = owned_chat(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    actor, cid = actor_of(who), command.id
    if command.act == "warn":
        if chat.state == "closed":
            return refuse("chat_closed")
        return Decided([state.add(chat, "warned", actor, now, name=who.name, cid=cid, digest=digest)])
    events: list[Event] = []
    if chat.state != "closed":
        events += promises.withdrawn(state, chat, now)
        appeal = state.rules.shop(chat.shop).appeal
        data = kinds.Closed("abuse", appeal)
        events.append(state.add(chat, "closed", actor, now, name=who.name, cid=cid, digest=digest, data=data))
    elif command.act == "end" or chat.id in state.blocks:
        return refuse("already")
    if command.act == "block":
        ends = now.at + command.minutes * MINUTE
        blocked = records.Blocked(chat.id, chat.customer, ends, who.name, chat.address)
        events.append(state.add_own("blocked", actor, now, blocked, who.name))
        state.deadlines.set(("block", chat.id), now.run + ends - now.at)
    return Decided(events + routing.hand_out(state, now))


def unblock(state: State, who: Person, command: frames.Unblock, now: Now) -> Decision:
    """A supervisor ends a block."""
    if not who.supervises:
        return refuse("not_allowed")
    if command.block not in state.blocks:
        return refuse("already")
    data = records.Unblocked(command.block)
    return Decided([state.add_own("unblocked", actor_of(who), now, data, who.name)])


def expire(state: State, chat: str, now: Now) -> list[Event]:
    """A block's time may be over."""
    block = state.blocks.get(chat)
    if block is None:
        return []
    if block.until > now.at:
        state.deadlines.set(("block", chat), now.run + block.until - now.at)
        return []
    return [state.add_own("unblocked", DESK, now, records.Unblocked(chat))]
