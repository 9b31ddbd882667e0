"""A server with small limits in a process of its own, and what must hold whatever was done to it."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any, Final

import psutil
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from server.gateway.admin import call, socket_path
from supportterm.protocol import frames
from supportterm.protocol.limits import SUBPROTOCOL
from tests.crash.house import House
from tests.support import Wire, new_id, new_token

TOML: Final = """
[server]
port = {port}
data_dir = "data"
log_level = "warning"
trusted_proxies = ["127.0.0.1/32"]

[limits]
connections = 2000
connections_per_address = 40
handshakes_per_minute = 100000
messages_per_second = 10000
messages_burst = 10000
messages_per_minute = 100000
agent_messages_per_second = 1000
agent_messages_burst = 1000
buffered_bytes = 16384
slow_seconds = 1

[desk.main]
hard_cap = 50
ceiling = 50.0
ramp_seconds = 0

[shop.demo]
desk = "main"
origins = ["*"]

[shop.bikes]
desk = "main"
origins = ["https://bikes.example"]
"""
#: Longest that the server may take to notice what ended.
_SECONDS: Final = 30


class Besieged:
    """The server under attack; ``process`` is it as the system sees it."""

    def __init__(self, house: House) -> None:
        self.house = house
        assert house.process is not None
        self.process = psutil.Process(house.process.pid)
        self._files = 0
        self._addresses = (f"192.0.2.{n}" for n in itertools.count(1))

    @property
    def port(self) -> int:
        return self.house.port

    async def connections(self) -> int:
        """How many the server counts, from its admin socket."""
        status: dict[str, Any] = await call(socket_path(self.house.data), "status")
        found: int = status["connections"]
        return found

    async def serves(self) -> None:
        """A customer from elsewhere is served as if nothing were the matter."""
        headers = {"X-Forwarded-For": next(self._addresses)}
        async with connect(
            self.house.url + "/v1/shop/demo", subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None,
            proxy=None, additional_headers=headers,
        ) as socket:  # fmt: skip
            wire = Wire(socket)
            await wire.send(frames.Hello(1, new_token()))
            await wire.next(frames.Welcome)
            chat = new_id()
            opened = await wire.ask(frames.Open(id=new_id(), chat=chat))
            assert isinstance(opened, frames.Event)
            said = await wire.ask(frames.Say(id=new_id(), chat=chat, text="is all well?"))
            assert isinstance(said, frames.Event)
            assert said.text == "is all well?"
            await wire.ask(frames.CloseChat(id=new_id(), chat=chat))

    async def calm(self) -> None:
        """Wait until nobody is connected any more and everything that was opened for them is closed.

        The first time it notes what is open when nothing happens.
        """
        async with asyncio.timeout(_SECONDS):
            while await self.connections():
                pass
            while self._files and self.process.num_fds() > self._files:
                await self.connections()
        self._files = self._files or self.process.num_fds()

    @property
    def memory(self) -> int:
        """Bytes in use."""
        found: int = self.process.memory_info().rss
        return found
