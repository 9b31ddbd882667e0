"""What every command goes through first: was it decided before, and may they ask it about this chat?"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Protocol

from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decision, Refused, Repeated, refuse
from server.desk.events import CUSTOMER, agent_actor
from server.desk.state import State


class AboutChat(Protocol):
    """A command that says something once about one chat."""

    @property
    def id(self) -> str: ...

    @property
    def chat(self) -> str: ...


def actor_of(who: Person) -> str:
    """The actor of events that this person causes."""
    return CUSTOMER if who.role == "customer" else agent_actor(who.id)


def digest_of(kind: str, text: str = "") -> bytes:
    """Tells one command under an id from another under the same id."""
    digest = _begun(kind).copy()
    digest.update(text.encode())
    return digest.digest()


@cache
def _begun(kind: str) -> hashlib.blake2b:
    """The digest before any text: a copy of it takes less time than a new one."""
    return hashlib.blake2b(digest_size=8, person=kind.encode()[:16])


def before(chat: Chat, who: Person, cid: str, digest: bytes) -> Decision | None:
    """The answer to a command that is not to be decided: already decided, or about somebody else's chat.

    An agent whose chat went to somebody else before the answer came still learns that it was stored.
    """
    mine = chat.readable_by(who)
    known = chat.cids.get(cid)
    if known is not None and (mine or (who.role == "agent" and known[0] == actor_of(who))):
        return repeated(known, actor_of(who), digest)
    return None if mine else refuse("no_chat")


def repeated(known: tuple[str, int, int, bytes], actor: str, digest: bytes) -> Repeated | Refused:
    """The first outcome of a command, or that its id was taken by another one."""
    who, seq, pub, first = known
    # An erased text leaves no digest: such a repetition is taken at its word.
    if who != actor or (first and first != digest):
        return refuse("id_conflict")
    return Repeated(seq, pub)


def chat_for(state: State, who: Person, command: AboutChat, digest: bytes) -> Chat | Decision:
    """The chat a command is about, or the answer that it gets without being decided."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    return before(chat, who, command.id, digest) or chat


def staff_chat(state: State, who: Person, command: AboutChat, digest: bytes) -> Chat | Decision:
    """The same for what any agent of the desk may ask about any of its chats, read or not."""
    chat = state.chats.get(command.chat)
    if chat is None:
        return refuse("no_chat")
    if who.role != "agent":
        return refuse("not_allowed" if chat.readable_by(who) else "no_chat")
    known = chat.cids.get(command.id)
    return chat if known is None else repeated(known, actor_of(who), digest)


def owned_chat(state: State, who: Person, command: AboutChat, digest: bytes) -> Chat | Decision:
    """The same for what only the chat's owner may ask, or a supervisor."""
    chat = chat_for(state, who, command, digest)
    if not isinstance(chat, Chat):
        return chat
    if who.role != "agent":
        return refuse("not_allowed")
    if chat.owner != who.id and not who.supervises:
        return refuse("not_owner")
    return chat
