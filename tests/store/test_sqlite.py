"""SQLite keeps the contract, with the machine's threads and with none at all."""

from __future__ import annotations

import pytest

from .contract import LogContract, PeopleContract
from .platforms import Inline, Watched


class TestSqlite(LogContract, PeopleContract):
    """On the machine."""


class TestSqliteInline(LogContract, PeopleContract):
    """Where a simulation decides what runs when."""

    @pytest.fixture
    def platform(self) -> Watched:
        return Inline()
