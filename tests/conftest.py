"""What every test finds as it was, whichever ran before it in the same process."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from server.platform import quiet_collector


def pytest_collection_finish() -> None:
    """Keep the collector from the memory of thousands of collected tests: looking through it again and again
    was a fifth of a pilot's test."""
    quiet_collector()


@pytest.fixture(autouse=True)
def quiet_commands_stay_apart() -> Iterator[None]:
    """A command that is run in the tests' own process says less than a server does, and for itself only."""
    logger = logging.getLogger("supportterm")
    before = logger.level
    yield
    logger.setLevel(before)
