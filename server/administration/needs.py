"""What administration stands on: a store, and, if a server runs, what that adds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from server.desk.events import Event
from server.store.interface import ChatRow, People


class Failed(Exception):
    """It was not done; the message is a sentence that says what to do."""


class Live(Protocol):
    """What changes at once in a running server."""

    async def sessions_ended(self, agent: str) -> None:
        """All sign-ins of the agent were revoked: close their consoles and forget what is cached.

        The agent may have been disabled, too; then their chats wait for somebody else.
        """
        ...

    async def agent_moved(self, agent: str, desk: str) -> None:
        """The agent, who was of this desk, is another one's now: their chats wait for somebody else."""
        ...

    async def people_changed(self, desk: str) -> None:
        """Somebody of the desk is new, or may or can do something else than before."""
        ...

    async def person_erased(self, customer: str, chats: list[str]) -> None:
        """The texts of these chats are gone from the log: tell everybody who shows them."""
        ...

    async def reload(self) -> list[str]:
        """Read the settings again and apply them; sentences about what still needs a restart.

        Raises `server.settings.BadSettings`; then everything stays as it was.
        """
        ...

    def status(self) -> dict[str, Any]:
        """Figures of this moment, as JSON values."""
        ...

    async def mail_bounce(self, message: bytes) -> str:
        """Take in a mail that came back: a `server.mail.bounces.Outcome`."""
        ...

    async def mail_retry(self) -> dict[str, Any]:
        """Try all mails that wait: {"waiting", "why"}, of those that still do. Raises `Failed`."""
        ...

    def lowered(self) -> dict[str, int]:
        """Agents whose ceiling is lower for their pace, with that ceiling (points × 100)."""
        ...


class Records(People, Protocol):
    """The part of a store that administration needs."""

    async def row(self, chat: str) -> ChatRow | None: ...

    async def chats_of(self, customer: str, limit: int) -> list[ChatRow]:
        """A customer's chats, newest first."""
        ...

    def chat_ids(self) -> AsyncIterator[list[str]]:
        """All chats, some at a time."""
        ...

    def reachable(self) -> AsyncIterator[list[str]]:
        """Chats that hold an address, a number or an identity, some at a time; one may come again."""
        ...

    async def contacts(self, chat: str) -> list[Event]:
        """What the chat holds of them, oldest first."""
        ...

    async def in_desks(self) -> list[tuple[str, int, int]]:
        """Desks with how many agents who may sign in, and chats that are not closed, they have."""
        ...

    async def backup(self, target: Path) -> None:
        """A checked copy of the database, made while the server goes on."""
        ...

    async def export_person(self, customer: str) -> dict[str, Any]:
        """Everything held about a customer; empty if nothing is."""
        ...

    async def erase_person(self, customer: str) -> list[str]:
        """Remove a customer's texts and contact data; the chats that changed."""
        ...
