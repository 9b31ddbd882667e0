"""A loop, a network and two processes to try the simulation's ground with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .ground import Ground


@pytest.fixture
def ground() -> Iterator[Ground]:
    """Ended after the test."""
    ground = Ground()
    yield ground
    ground.end()
