"""The least of a simulation: a loop, a network, a server's process and a client's."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from .loop import VirtualLoop
from .network import Network
from .trace import Trace


class Ground:
    """A loop, a network, and two processes."""

    def __init__(self, seed: str = "0") -> None:
        self.loop = VirtualLoop()
        self.trace = Trace(self.loop.time)
        self.network = Network(self.loop, seed, self.trace)
        self.server = self.loop.process("server", "10.0.0.1")
        self.client = self.loop.process("client", "10.0.1.1")

    def run(self, work: Coroutine[Any, Any, Any], seconds: float = 3_600) -> Any:
        async def bounded() -> Any:
            return await asyncio.wait_for(self.client.spawn(work), seconds)

        return self.loop.run_until_complete(bounded())

    def end(self) -> None:
        self.loop.bury()
        assert self.loop.errors == []
