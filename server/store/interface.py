"""What the rest of the server may ask of a store; every store passes `tests/store/contract.py`.

Two doors, because they are used differently: the `Log` is on every message's way and has one writer;
`People` is asked at a handshake or by an administrator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from server.desk.events import Event


class StoreError(Exception):
    """The store could not do it. The message is a sentence for an operator."""


class Unavailable(StoreError):
    """Nothing was written and nothing is broken: disk full, read-only or locked. Trying later may succeed.

    ``state`` is one of "disk full", "read-only", "locked", "disk error".
    """

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state


class Conflict(StoreError):
    """A stream is not at the expected number, or another writer holds the desk. Nothing was written."""


class Corrupt(StoreError):
    """The database is damaged. Do not write; restore from a backup. ``detail``: what is wrong with it."""

    def __init__(self, message: str, detail: object = "") -> None:
        super().__init__(message)
        self.detail = detail


class Newer(StoreError):
    """The database was written by a newer supportterm."""


class Origin(Struct, frozen=True):
    """Whose a new chat is. The customer is stored with it (`People.customer` finds them by the hash)."""

    desk: str
    shop: str
    customer: str
    token_hash: bytes


class Append(Struct, frozen=True):
    """Events of one stream, consecutive, that follow number ``expected``; ``origin`` for a new chat."""

    stream: str
    expected: int
    events: Sequence[Event]
    origin: Origin | None = None


class Marks(Struct, frozen=True):
    """How far one side of a chat got and saw it (public numbers). ``who``: "customer" or "agent"."""

    chat: str
    who: str
    got: int
    seen: int


class ChatRow(Struct, frozen=True):
    """The projected row of a chat: where it stands after its newest event."""

    chat: str
    desk: str
    shop: str
    customer: str
    owner: str
    state: str
    opened_at: int
    closed_at: int
    seq: int
    pub: int


class Snapshot(Struct, frozen=True):
    """A desk's state at number ``seq`` of its own stream; ``data`` is the desk's own JSON."""

    seq: int
    data: bytes


class Log(Protocol):
    """Streams of events, chat rows projected in the same transaction, marks, snapshots."""

    epoch: str

    async def claim(self, desk: str) -> int:
        """Become the desk's writer; the fence to append with. Older fences conflict from now on."""
        ...

    async def append(self, desk: str, fence: int, writes: Sequence[Append]) -> None:
        """Write all of it or nothing, in one durable transaction, with the chats' rows.

        Raises `Conflict`, `Unavailable` or `Corrupt`; then nothing was written.
        """
        ...

    async def stream(self, stream: str, after: int = 0, limit: int = 0) -> list[Event]:
        """Events past ``after``, oldest first; ``limit`` 0 means all."""
        ...

    async def public(self, chat: str, after: int, limit: int) -> list[Event]:
        """A chat's public events with public numbers past ``after``, oldest first."""
        ...

    async def before(self, chat: str, seq: int, limit: int, public: bool) -> list[Event]:
        """The ``limit`` events before ``seq`` (a public number if ``public``), oldest first."""
        ...

    async def row(self, chat: str) -> ChatRow | None:
        """The chat's row, or None."""
        ...

    async def rows(self, desk: str, closed_since: int) -> list[ChatRow]:
        """All chats of the desk that are not closed, and those closed at or after ``closed_since`` (ms)."""
        ...

    async def chats_of(self, customer: str, limit: int) -> list[ChatRow]:
        """A customer's chats, newest first."""
        ...

    async def said_before(
        self, customer: str, shop: str, since: int, before: str, chats: int, events: int
    ) -> list[tuple[int, list[Event]]]:
        """Of the customer's newest ``chats`` at the shop that came before the chat ``before``, were opened
        from ``since`` (ms) on and still hold texts: when each was opened, and its customer's messages with
        the events ``opened``, ``told``, ``reread`` and ``identified``; the newest chat first, ``events``
        together at most."""
        ...

    async def marks(self, chat: str) -> list[Marks]:
        """Stored marks of a chat; at most one per side."""
        ...

    async def save_marks(self, marks: Sequence[Marks]) -> None:
        """Store marks; they only ever grow."""
        ...

    async def snapshot(self, desk: str) -> Snapshot | None:
        """The newest snapshot of a desk."""
        ...

    async def save_snapshot(self, desk: str, snapshot: Snapshot) -> None:
        """Replace the desk's snapshot."""
        ...


class Agent(Struct, frozen=True):
    """A person at a console. ``id`` is the login name; ``name`` is what customers read.

    ``title``: "agent", "supervisor" or "admin". ``limit``: chats at once, and ``ceiling``: points of
    load in hundredths; 0 in either for the desk's own. ``trainee``: the desk's own are those for trainees.
    ``shifts``: when they work, as `supportterm.coach.timetable.shifts_of` reads it; empty: not known.
    """

    id: str
    name: str
    desk: str
    title: str = "agent"
    limit: int = 0
    languages: tuple[str, ...] = ()
    disabled: bool = False
    password: str = ""
    created: int = 0
    skills: tuple[str, ...] = ()
    ceiling: int = 0
    trainee: bool = False
    shifts: tuple[str, ...] = ()


class Session(Struct, frozen=True):
    """A signed-in console; the token itself is never stored, only its SHA-256 ``token_hash``."""

    token_hash: bytes
    agent: str
    device: str
    created: int
    used: int = 0


class Invite(Struct, frozen=True):
    """A one-time code, stored as its SHA-256, that lets ``agent`` set a password until ``expires`` (ms)."""

    code_hash: bytes
    agent: str
    expires: int


class Customer(Struct, frozen=True):
    """A browser's customer; ``token_hash`` is the SHA-256 of its token. Stored when a chat is opened."""

    id: str
    token_hash: bytes
    shop: str
    created: int


class People(Protocol):
    """Agents, their sessions and invitations, and customers."""

    async def agent(self, agent: str) -> Agent | None: ...

    async def agents(self, desk: str = "") -> list[Agent]: ...

    async def save_agent(self, agent: Agent) -> None: ...

    async def session(self, token_hash: bytes) -> Session | None: ...

    async def save_session(self, session: Session) -> None: ...

    async def end_sessions(self, agent: str) -> int:
        """Revoke every session of the agent; how many there were."""
        ...

    async def save_invite(self, invite: Invite) -> None:
        """Store an invitation; those that the agent had before are void."""
        ...

    async def use_invite(self, code_hash: bytes, now: int) -> str | None:
        """The invited agent's id, once: the invitation is gone afterwards. None: unknown or expired."""
        ...

    async def customer(self, token_hash: bytes) -> Customer | None:
        """The customer with this token. They are stored with the chat that they open."""
        ...
