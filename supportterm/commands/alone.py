"""What a running server would do at once, done in the database while none runs."""

from __future__ import annotations

import asyncio
from typing import Any

from server.clock import Clock
from server.desk.commands import CLOCK, Erase, Retire
from server.desk.decision import Decision
from server.doorway import Doorway
from server.metrics import Metrics
from server.platform import Platform
from server.rules_of import member_of, rules_of
from server.settings import Settings
from server.store.sqlite import SqliteStore
from supportterm.commands.exits import Exit, Stop


class Alone:
    """Decides what must stand in the log, so that the next start folds it like everything else."""

    def __init__(self, settings: Settings, store: SqliteStore, platform: Platform) -> None:
        self._settings = settings
        self._store = store
        self._platform = platform

    async def sessions_ended(self, agent: str) -> None:
        """Give the chats of a disabled agent back to the queue."""
        found = await self._store.agent(agent)
        if found is not None and found.disabled:
            await self._decide(found.desk, [Retire(agent)])

    async def agent_moved(self, agent: str, desk: str) -> None:
        """Give their chats back to the queue of the desk they were of, if the settings still have it."""
        await self._decide(desk, [Retire(agent, moved=True)])

    async def people_changed(self, desk: str) -> None:
        """The next start reads them anyway."""

    async def person_erased(self, customer: str, chats: list[str]) -> None:
        """Write into each chat that its texts are gone, so that clients forget them when they come back."""
        by_desk: dict[str, list[Erase | Retire]] = {}
        for chat in chats:
            row = await self._store.row(chat)
            if row is not None:
                by_desk.setdefault(row.desk, []).append(Erase(chat))
        for desk, commands in by_desk.items():
            await self._decide(desk, commands)

    async def reload(self) -> list[str]:
        """There is nothing to reload."""
        raise self._no_server()

    def _no_server(self) -> Stop:
        return Stop(
            f"no server runs with {self._settings.path}: start one with `supportterm serve`.",
            Exit.UNREACHABLE,
        )

    async def mail_bounce(self, message: bytes) -> str:
        """Its desk has to hear of it."""
        raise self._no_server()

    async def mail_retry(self) -> dict[str, Any]:
        """Nobody mails."""
        raise self._no_server()

    def status(self) -> dict[str, Any]:
        """The database's line."""
        return {"database": self._store.version_line()}

    def lowered(self) -> dict[str, int]:
        """Which ceilings hold is for a running desk to say."""
        return {}

    async def _decide(self, desk: str, commands: list[Erase | Retire]) -> None:
        if desk not in self._settings.desks:
            return
        doorway = Doorway(desk, rules_of(self._settings, desk), self._store, Clock(self._platform), Metrics())
        doorway.know([member_of(agent) for agent in await self._store.agents(desk)])
        await doorway.open()
        try:
            for command in commands:
                done: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
                doorway.submit(CLOCK, command, done.set_result)
                await done
        finally:
            await doorway.close()
