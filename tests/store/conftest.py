"""SQLite stores in a temporary directory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from server.store.files import DATABASE
from server.store.sqlite import SqliteStore

from .platforms import Watched

Opening = Callable[[], Awaitable[SqliteStore]]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def platform() -> Watched:
    return Watched()


@pytest.fixture
async def opening(directory: Path, platform: Watched) -> AsyncIterator[Opening]:
    made: list[SqliteStore] = []

    async def open_one() -> SqliteStore:
        made.append(await SqliteStore.open(directory / DATABASE, platform))
        return made[-1]

    yield open_one
    for store in made:
        await store.close()


@pytest.fixture
async def store(opening: Opening) -> SqliteStore:
    return await opening()
