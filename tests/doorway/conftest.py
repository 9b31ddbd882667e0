"""Rooms with short times between looks at the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import server.doorway
from tests.desk.story import MINUTE
from tests.desk.story import RULES as STORY_RULES

from .room import Room, a_room

RULES = replace(STORY_RULES, idle_close_ms=60 * MINUTE)


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr(server.doorway, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(server.doorway, "MARKS_SECONDS", 0.005)
    monkeypatch.setattr(server.doorway, "SWEEP_SECONDS", 0.01)
    async with a_room(tmp_path, RULES) as room:
        yield room
