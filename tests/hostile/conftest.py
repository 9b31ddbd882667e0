from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.crash.house import House
from tests.hostile.house import TOML, Besieged


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Besieged]:
    """One server for all attacks of a module."""
    house = House(tmp_path_factory.mktemp("hostile"), toml=TOML)
    await house.start()
    try:
        besieged = Besieged(house)
        await besieged.serves()
        await besieged.calm()
        yield besieged
        log = house.log.read_text()
        assert "Traceback" not in log, log
        assert await house.stop() == 0
    finally:
        await house.end()


@pytest_asyncio.fixture(loop_scope="module")
async def besieged(server: Besieged) -> AsyncIterator[Besieged]:
    """After each attack the server serves others, and nothing of the attacker is left."""
    yield server
    await server.serves()
    await server.calm()
