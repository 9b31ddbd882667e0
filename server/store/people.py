"""Agents, their sessions and invitations, and customers."""

from __future__ import annotations

import sqlite3
from typing import Final

import msgspec

from server.platform import Row
from server.store.database import Database
from server.store.interface import Agent, Customer, Invite, Session

_COLUMNS: Final = (
    'id, name, desk, title, "limit", languages, disabled, password, created, skills, ceiling, trainee, shifts'
)
_AGENTS: Final = f"SELECT {_COLUMNS} FROM agent "
_SAVE_AGENT: Final = f"""INSERT INTO agent ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, desk = excluded.desk, title = excluded.title,
 "limit" = excluded."limit", languages = excluded.languages, disabled = excluded.disabled,
 password = excluded.password, created = excluded.created, skills = excluded.skills,
 ceiling = excluded.ceiling, trainee = excluded.trainee, shifts = excluded.shifts"""


def _agent(row: Row) -> Agent:
    (
        ident,
        name,
        desk,
        title,
        limit,
        languages,
        disabled,
        password,
        created,
        skills,
        ceiling,
        trainee,
        shifts,
    ) = row
    return Agent(
        ident,
        name,
        desk,
        title,
        limit,
        _words(languages),
        bool(disabled),
        password,
        created,
        _words(skills),
        ceiling,
        bool(trainee),
        _words(shifts),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(text, type=list[str]))


class PeopleRecords(Database):
    """`server.store.interface.People` in SQLite. Writing raises `Conflict` for an agent that is unknown."""

    async def agent(self, agent: str) -> Agent | None:
        """The agent with this login name."""
        rows = await self._rows(_AGENTS + "WHERE id = ?", (agent,))
        return _agent(rows[0]) if rows else None

    async def agents(self, desk: str = "") -> list[Agent]:
        """The desk's agents, or all of them, by login name."""
        rows = await self._rows(_AGENTS + "WHERE ? IN ('', desk) ORDER BY id", (desk,))
        return [_agent(row) for row in rows]

    async def save_agent(self, agent: Agent) -> None:
        """Store an agent, or what changed about one."""
        row = (
            agent.id,
            agent.name,
            agent.desk,
            agent.title,
            agent.limit,
            msgspec.json.encode(agent.languages).decode(),
            agent.disabled,
            agent.password,
            agent.created,
            msgspec.json.encode(agent.skills).decode(),
            agent.ceiling,
            agent.trainee,
            msgspec.json.encode(agent.shifts).decode(),
        )

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(_SAVE_AGENT, row)

        await self._write(change)

    async def session(self, token_hash: bytes) -> Session | None:
        """The session with this token."""
        rows = await self._rows(
            "SELECT token_hash, agent, device, created, used FROM session WHERE token_hash = ?", (token_hash,)
        )
        return Session(*rows[0]) if rows else None

    async def save_session(self, session: Session) -> None:
        """Store a session, or when it was used last."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(
                """INSERT INTO session (token_hash, agent, device, created, used) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (token_hash) DO UPDATE SET device = excluded.device, used = excluded.used""",
                (session.token_hash, session.agent, session.device, session.created, session.used),
            )

        await self._write(change)

    async def end_sessions(self, agent: str) -> int:
        """Revoke every session of the agent; how many there were."""

        def change(connection: sqlite3.Connection) -> int:
            return connection.execute("DELETE FROM session WHERE agent = ?", (agent,)).rowcount

        return await self._write(change)

    async def save_invite(self, invite: Invite) -> None:
        """Store an invitation; those that the agent had before are void."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM invite WHERE agent = ?", (invite.agent,))
            connection.execute(
                "INSERT INTO invite (code_hash, agent, expires) VALUES (?, ?, ?)",
                (invite.code_hash, invite.agent, invite.expires),
            )

        await self._write(change)

    async def use_invite(self, code_hash: bytes, now: int) -> str | None:
        """The invited agent's id, once: the invitation is gone afterwards. None: unknown or expired."""

        def change(connection: sqlite3.Connection) -> str | None:
            row = connection.execute(
                "SELECT agent FROM invite WHERE code_hash = ? AND expires > ?", (code_hash, now)
            ).fetchone()
            connection.execute("DELETE FROM invite WHERE code_hash = ? OR expires <= ?", (code_hash, now))
            return row[0] if row is not None else None

        return await self._write(change)

    async def customer(self, token_hash: bytes) -> Customer | None:
        """The customer with this token. They are stored with the chat that they open."""
        rows = await self._rows(
            "SELECT id, token_hash, shop, created FROM customer WHERE token_hash = ?", (token_hash,)
        )
        return Customer(*rows[0]) if rows else None
