"""Connections in memory, with what networks do to them: latency, spikes, cuts, silence, stalled readers.

They stand under unmodified `websockets` servers and clients, as asyncio transports do: flow control,
half-closing, aborting and the order of callbacks follow `asyncio.selector_events`.
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from contextvars import Context
from typing import Any

from .loop import Process, VirtualLoop, current
from .trace import Trace
from .transport import End

Address = int | str
Factory = Callable[[], asyncio.Protocol]

#: How long a kernel tries to connect to a machine that does not answer, in seconds.
CONNECT_TIMEOUT = 127.0


class Wire:
    """One connection: two ends and what befalls them."""

    def __init__(
        self, network: Network, number: int, client: Process, server: Process, port: Address
    ) -> None:
        self.number = number
        self.network = network
        self.port = port
        self.silent = False
        #: Bytes vanished: whatever comes after them is of no use to a stream.
        self.torn = False
        self.spike_until = 0.0
        self.spike = 0.0
        near = (client.host, 40_000 + number)
        far = (server.host, port)
        dice = random.Random(f"{network.seed}/wire/{number}")
        self.window = dice.choice((4_096, 16_384, 65_536))
        base = 0.0 if isinstance(port, str) else dice.choice((0.0005, 0.005, 0.03, 0.12))
        self.client = End(self, client, near, far, base, random.Random(dice.random()))
        self.server = End(self, server, far, near, base, random.Random(dice.random()))
        self.client.peer, self.server.peer = self.server, self.client

    @property
    def over(self) -> bool:
        """Both ends know that it has ended."""
        return self.client.lost and self.server.lost

    def cut(self) -> None:
        """Both ends are told by a reset; what was under way is lost."""
        for end in (self.client, self.server):
            end.reset_soon()

    def half_open(self) -> None:
        """From now on every byte vanishes and nobody is told."""
        self.silent = self.torn = True

    def delay(self, seconds: float, until: float) -> None:
        """Everything sent before ``until`` takes ``seconds`` longer."""
        self.spike, self.spike_until = seconds, until


class Network:
    """Who listens where, who is connected to whom, and who is offline."""

    def __init__(self, loop: VirtualLoop, seed: str, trace: Trace) -> None:
        self.loop = loop
        self.seed = seed
        self.trace = trace
        self.wires: list[Wire] = []
        self._dead: list[End] = []
        self.offline: set[str] = set()
        #: Where what no process does happens.
        self.kernel = Context()
        self._listening: dict[Address, Listener] = {}
        self._count = 0
        self._dice = random.Random(f"{seed}/network")
        #: Hears of everything that is written, by whom.
        self.written: Callable[[End, bytes], None] = lambda end, data: None
        loop.network = self

    def listen(self, factory: Factory, port: Address, bound: socket.socket | None = None) -> Listener:
        """What `loop.create_server` does. Raises OSError when somebody listens there.

        A ``bound`` Unix socket lends its name; nothing travels through it.
        """
        found = self._listening.get(port)
        if found is not None and found.process.alive:
            raise OSError(98, "Address already in use")
        listener = self._listening[port] = Listener(self, factory, port, current())
        listener.bound = bound
        return listener

    def unlisten(self, listener: Listener) -> None:
        if self._listening.get(listener.port) is listener:
            del self._listening[listener.port]

    async def connect(self, factory: Factory, port: Address) -> tuple[End, asyncio.Protocol]:
        """What `loop.create_connection` does."""
        client = current()
        await asyncio.sleep(self._dice.uniform(0.0002, 0.02))
        listener = self._listening.get(port)
        if client.host in self.offline or (listener is not None and listener.process.host in self.offline):
            await asyncio.sleep(CONNECT_TIMEOUT)
            raise TimeoutError(110, "Connection timed out")
        if listener is None or not listener.process.alive:
            self.trace(client.name, "refused")
            raise ConnectionRefusedError(111, "Connection refused")
        self._count += 1
        wire = Wire(self, self._count, client, listener.process, port)
        self.wires = [other for other in self.wires if not other.over]
        self.wires.append(wire)
        self.trace(client.name, f"connects {wire.number}")
        listener.process.soon(listener.accept, wire.server)
        protocol = factory()
        wire.client.begin(protocol)
        return wire.client, protocol

    def of(self, process: Process) -> list[Wire]:
        """The process's wires that are not over, oldest first."""
        return [wire for wire in self.wires if process in (wire.client.process, wire.server.process)]

    def died(self, process: Process, told: bool) -> None:
        """A process is gone. ``told``: its machine still runs and resets its connections."""
        for wire in self.of(process):
            end = wire.client if wire.client.process is process else wire.server
            end.lost = True
            self._dead.append(end)
            # A Unix socket's other end is on the same machine: it cannot fall silent.
            if end.peer is not None and (told or isinstance(wire.port, str)):
                end.peer.reset_soon()
            else:
                wire.half_open()
        for listener in [on for on in self._listening.values() if on.process is process]:
            self.unlisten(listener)
            listener.release()

    def back(self, process: Process) -> None:
        """The machine of a dead process answers again: it resets what it does not know any more."""
        for wire in self.of(process):
            wire.silent = False

    def end(self) -> None:
        """Tell every end that it is over."""
        for end in [*self._dead, *(end for wire in self.wires for end in (wire.client, wire.server))]:
            end.end()
        for listener in list(self._listening.values()):
            listener.close()


class Listener(asyncio.AbstractServer):
    """What `create_server` returns; like asyncio's, `wait_closed` waits for its connections."""

    def __init__(self, network: Network, factory: Factory, port: Address, process: Process) -> None:
        self.network = network
        self.factory = factory
        self.port = port
        self.process = process
        self.active = 0
        self.bound: socket.socket | None = None
        self._serving = True
        self._waiters: list[asyncio.Future[None]] = []

    @property
    def sockets(self) -> tuple[Socket, ...]:
        return (Socket((self.process.host, self.port)),) if self._serving else ()

    def accept(self, end: End) -> None:
        """A client's connection arrives in the server's process."""
        if not self._serving:
            end.abort()
            return
        self.active += 1
        end.on_lost = self._detach
        end.begin(self.factory())

    def _detach(self) -> None:
        self.active -= 1
        self._wake()

    def _wake(self) -> None:
        if not self._serving and not self.active:
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def close(self) -> None:
        self._serving = False
        self.network.unlisten(self)
        self.release()
        self._wake()

    def release(self) -> None:
        """Close the socket that lent its name."""
        if self.bound is not None:
            self.bound.close()

    async def wait_closed(self) -> None:
        if self.active or self._serving:
            waiter = self.network.loop.create_future()
            self._waiters.append(waiter)
            await waiter

    def get_loop(self) -> VirtualLoop:
        return self.network.loop

    def is_serving(self) -> bool:
        return self._serving

    async def start_serving(self) -> None:
        self._serving = True

    async def serve_forever(self) -> None:
        await self.wait_closed()


class Socket:
    """As much of a socket as is asked of one that nobody reads from."""

    def __init__(self, name: tuple[str, Any]) -> None:
        self._name = name
        self.family = socket.AF_UNIX if isinstance(name[1], str) else socket.AF_INET

    def getsockname(self) -> Any:
        return self._name[1] if self.family == socket.AF_UNIX else self._name

    def setsockopt(self, *_: Any) -> None:
        """There is no kernel below."""
