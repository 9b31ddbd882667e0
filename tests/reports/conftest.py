"""A store, and what a report of it says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.reports.asking import Scope
from server.reports.service import Reports
from server.store.files import DATABASE
from server.store.sqlite import SqliteStore

from .desk import DAY, Room, Still, scope


@pytest.fixture
def platform() -> Still:
    return Still()


@pytest.fixture
async def store(tmp_path: Path, platform: Still) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(tmp_path / "data" / DATABASE, platform)
    yield opened
    await opened.close()


class Asking:
    """Asks for the report of a room's log, each time from nothing stored but that log."""

    def __init__(self, store: SqliteStore, platform: Still) -> None:
        self.store = store
        self.platform = platform

    async def __call__(
        self, *rooms: Room, settings: Scope | None = None, running: bool = True, **asked: Any
    ) -> dict[str, dict[str, Any]]:
        """Each row's figures by their ids, by the row's key; by nothing the key is "all"."""
        for room in rooms:
            await room.store(self.store)
        report = await self.json(settings=settings, running=running, **asked)
        ids = [column["id"] for column in report["columns"]]
        rows = [dict(zip(ids, row, strict=True)) for row in report["rows"]]
        return {"all" if ids[0] == "period" else row[ids[0]]: row for row in rows}

    async def json(self, settings: Scope | None = None, running: bool = True, **asked: Any) -> dict[str, Any]:
        reports = Reports(self.store, self.platform, settings or scope(), running=running)
        try:
            found = await reports.encoded(**{"since": DAY, "until": DAY, **asked})
        finally:
            await reports.stop()
        decoded: dict[str, Any] = msgspec.json.decode(found)
        return decoded


@pytest.fixture
def asking(store: SqliteStore, platform: Still) -> Asking:
    return Asking(store, platform)
