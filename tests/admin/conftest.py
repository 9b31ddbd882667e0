"""A real store in a temporary directory, and a platform whose clock the test turns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.platform import RealPlatform
from server.settings import Settings, parse
from server.store.sqlite import SqliteStore


class TurnedClock(RealPlatform):
    """The real machine on clocks that stand still, later by ``later`` milliseconds.

    What is counted per minute must not depend on how long a password's hash takes on a busy machine.
    """

    def __init__(self) -> None:
        self._wall, self._boot = super().wall(), super().boot()
        self.later = 0

    def wall(self) -> int:
        return self._wall + self.later

    def boot(self) -> int:
        return self._boot + self.later


@pytest.fixture
async def platform() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
async def store(tmp_path: Path, platform: TurnedClock) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(tmp_path / "data" / "supportterm.db", platform)
    yield opened
    await opened.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    text = (
        '[server]\ndata_dir = "data"\n[desk.main]\nskills = ["returns", "technical"]\n'
        '[shop.acme]\ndesk = "main"\nlanguages = ["nl", "en"]\n'
    )
    return parse(text, tmp_path / "supportterm.toml")
