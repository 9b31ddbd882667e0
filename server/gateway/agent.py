"""An agent's consoles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from server.desk.commands import Masked, Person
from server.feeds import Feed
from server.gateway.outlet import Connection, Outlet
from server.gateway.rates import Bucket
from server.gateway.session import Session
from supportterm.protocol import frames
from supportterm.protocol.codes import ERRORS

if TYPE_CHECKING:
    from server.gateway.hub import Hub


class SignedInAs(Struct, frozen=True):
    """Which sign-in and which running console a connection belongs to; ``since`` in milliseconds."""

    token_hash: bytes
    since: int
    instance: str


class AgentSession(Session):
    """What an agent may do: chats they own, hidden events too; writing from one console at a time."""

    public = False

    def __init__(
        self,
        hub: Hub,
        connection: Connection,
        person: Person,
        outlet: Outlet,
        bucket: Bucket,
        signed_in: SignedInAs,
        takeover: bool,
    ) -> None:
        super().__init__(hub, connection, person, outlet, bucket)
        self.signed_in = signed_in
        self.takeover = takeover
        self.writing = False

    def visible(self) -> list[Feed]:
        """The chats this agent has: open ones, and those closed within the time to reopen them."""
        doorway = self.hub.doorway
        horizon = self.hub.clock.now().at - doorway.rules.reopen_ms
        return [
            feed
            for feed in doorway.feeds.owned(self.person.id)
            if feed.chat.state != "closed" or feed.chat.closed_at >= horizon
        ]

    def lose(self, chat: str) -> None:
        """The chat is no longer this agent's."""
        if chat in self.cursors:
            self.unsubscribe(chat)
            self.outlet.answer(frames.Gone(chat))

    def command(self, command: frames.Command | Masked) -> None:
        """Only the console that writes may change anything."""
        if self.writing:
            super().command(command)
            return
        plain = command.command if isinstance(command, Masked) else command
        error = ERRORS["read_only"]
        chat = getattr(plain, "chat", "")
        self.outlet.answer(frames.Err(error.code, False, 0, error.text, plain.id, chat))


class Consoles:
    """The connected consoles of one agent, and which of them writes.

    The newest sign-in writes, or the one that takes over explicitly; never merely the newest
    connection, so that a forgotten console that reconnects takes nothing away.
    """

    def __init__(self) -> None:
        self.sessions: list[AgentSession] = []
        self._writer: SignedInAs | None = None

    def add(self, session: AgentSession) -> list[AgentSession]:
        """A console connected; sets which one writes. Its own older connections, which it left behind."""
        mine = session.signed_in
        replaced = [other for other in self.sessions if other.signed_in == mine]
        for other in replaced:
            other.writing = False
        writer = self._writer
        connected = any(other.signed_in == writer for other in self.sessions)
        session.writing = (
            writer is None
            or session.takeover
            or mine == writer
            or mine.since > writer.since
            or (mine.token_hash == writer.token_hash and not connected)
        )
        if session.writing:
            self._writer = mine
            for other in self.sessions:
                other.writing = False
        self.sessions.append(session)
        return replaced

    def drop(self, session: AgentSession) -> bool:
        """A console is gone; whether the agent can no longer write anywhere because of it."""
        if session in self.sessions:
            self.sessions.remove(session)
        was_writing, session.writing = session.writing, False
        return was_writing
