"""An agent's consoles."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from server.desk import routing
from server.desk.commands import Masked, Noticed, Person
from server.desk.events import agent_actor
from server.feeds import Cursor, Feed
from server.gateway.outlet import Connection, Outlet
from server.gateway.rates import Bucket
from server.gateway.session import Session
from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from supportterm.protocol.codes import ERRORS
from supportterm.text.wire import wire_text

if TYPE_CHECKING:
    from server.gateway.hub import Hub


class SignedInAs(Struct, frozen=True):
    """Which sign-in and which running console a connection belongs to; ``since`` in milliseconds."""

    token_hash: bytes
    since: int
    instance: str


class AgentSession(Session):
    """What an agent may do: chats that are theirs to read, hidden events too; writing from one console
    at a time. A supervisor may read along in any chat."""

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
        self._watched: set[str] = set()
        self._reporting: asyncio.Task[None] | None = None
        self._drafting: asyncio.Task[None] | None = None

    def visible(self) -> list[Feed]:
        """The chats this agent may read: open ones, and those closed within the time to reopen them."""
        doorway = self.hub.doorway
        horizon = self.hub.clock.now().at - doorway.rules.reopen_ms
        return [
            feed
            for feed in doorway.feeds.read_by(self.person.id)
            if feed.chat.state != "closed" or feed.chat.closed_at >= horizon
        ]

    def subscribe(self, feed: Feed, have: int) -> None:
        """Begin to send the chat; what its customer's chats before were about follows."""
        super().subscribe(feed, have)
        if feed.chat.id in self.cursors:
            self.hub.past.tell(self, feed)

    def lose(self, chat: str) -> None:
        """The chat is no longer this agent's."""
        if chat in self.cursors and chat not in self._watched:
            self._answer_unsent(self.cursors[chat])
            self.unsubscribe(chat)
            self.outlet.answer(frames.Gone(chat))

    def _answer_unsent(self, cursor: Cursor) -> None:
        """What the console did in a chat that it will read no further: its events were to be the answers."""
        held = self.hub.doorway.desk.chats.get(cursor.feed.chat.id)
        if held is None or not cursor.behind:
            return
        me = agent_actor(self.person.id)
        for cid, (actor, seq, _, _) in held.cids.items():
            if actor == me and cursor.at < seq <= cursor.feed.chat.seq:
                self.outlet.answer(frames.Ok(cid))

    def command(self, command: frames.Command | Masked) -> None:
        """Only the console that writes may change anything; what it did while it wrote is done."""
        plain = command.command if isinstance(command, Masked) else command
        chat = getattr(plain, "chat", "")
        if self.writing or self._did(chat, plain.id):
            super().command(_sendable(command) if type(command) in _WORDED else command)
            return
        error = ERRORS["read_only"]
        self.outlet.answer(frames.Err(error.code, False, 0, error.text, plain.id, chat))

    def _did(self, chat: str, cid: str) -> bool:
        """Whether this agent's command was decided before its connection was lost."""
        held = self.hub.doorway.desk.chats.get(chat)
        known = held.cids.get(cid) if held is not None else None
        return known is not None and known[0] == agent_actor(self.person.id)

    def decided(self, command: frames.Command) -> None:
        """What was decided about a chat that this agent does not read is told without its event."""
        feed = None if isinstance(command, frames.Deskwide) else self.hub.doorway.feeds.get(command.chat)
        if isinstance(command, frames.GiveContact):
            # The same again is no news, and no event.
            self.outlet.answer(frames.Ok(command.id))
        elif feed is None or (command.chat not in self.cursors and self.person.id not in feed.chat.readers):  # type: ignore[union-attr]
            self.outlet.answer(frames.Ok(command.id))
        else:
            super().decided(command)

    def speaks_in(self, feed: Feed) -> bool:
        """A customer is shown what the owner does, not who else looks on."""
        return feed.chat.owner == self.person.id

    async def ask(self, frame: frames.Asked) -> None:
        """Why a chat is whose it is; reading along; figures; drafts; and that somebody is at the keys."""
        match frame:
            case frames.Active():
                self.hub.doorway.submit(self.person, Noticed(), lambda _: None)
            case frames.Why():
                self._why(frame.chat)
            case frames.Draft():
                await self._draft(frame.chat)
            case frames.Watch() if self.person.supervises:
                await self._watch(frame)
            case frames.Report() if self.person.supervises:
                # Beside what they do meanwhile: figures of a year take a while.
                if self._reporting is None or self._reporting.done():
                    self._reporting = asyncio.ensure_future(self._report(frame))
            case _:
                await super().ask(frame)

    async def _draft(self, chat: str) -> None:
        feed = await self.readable(chat)
        if feed is None:
            self._no_chat(chat)
            return
        if self._drafting is not None:
            # Who asks again has left what was asked before.
            self._drafting.cancel()
        self._drafting = asyncio.ensure_future(self._drafted(feed))

    async def _drafted(self, feed: Feed) -> None:
        answer = await self.hub.drafts.of(self.person.id, self.hub.doorway, feed)
        if feed.chat.readable_by(self.person):
            self.outlet.answer(answer)
        else:
            self._no_chat(feed.chat.id)  # it went to somebody else while the model was asked

    def end(self) -> None:
        """The connection is gone, and nobody waits for a draft any more."""
        if self._drafting is not None:
            self._drafting.cancel()
        super().end()

    async def _report(self, asked: frames.Report) -> None:
        self.outlet.answer(await self.hub.report(asked))

    def _why(self, name: str) -> None:
        desk = self.hub.doorway.desk
        chat = desk.chats.get(name)
        if chat is None or chat.state == "closed":
            self._no_chat(name)
        else:
            weighed = routing.verdicts(desk, chat, self.hub.clock.now())
            self.outlet.send(encode(frames.Because(name, weighed)))

    async def _watch(self, frame: frames.Watch) -> None:
        feed = await self.readable(frame.chat)
        if feed is None:
            self._no_chat(frame.chat)
        elif frame.on:
            self._watched.add(frame.chat)
            if frame.chat not in self.cursors:
                self.subscribe(feed, 0)
        else:
            self._watched.discard(frame.chat)
            if self.person.id not in feed.chat.readers:
                self.lose(frame.chat)


#: Commands with words of a person that are no message.
_WORDED = frozenset({frames.SetStatus, frames.HandOff, frames.Control, frames.CallBack, frames.GiveContact})


def _sendable(command: frames.Command | Masked) -> frames.Command | Masked:
    """What a person typed beside messages, without what no text may hold."""
    match command:
        case frames.SetStatus(reason=reason) if reason:
            return replace(command, reason=wire_text(reason))
        case frames.HandOff(reason=reason) if reason:
            return replace(command, reason=wire_text(reason))
        case frames.CallBack(contact=contact, name=name) | frames.GiveContact(contact=contact, name=name):
            return replace(command, contact=wire_text(contact).strip(), name=wire_text(name).strip())
        case frames.Control(text=text) if text:
            return replace(command, text=wire_text(text))
        case _:
            return command


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
