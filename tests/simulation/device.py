"""A customer's tab or an agent's console: the real link and journal, with storage that survives a crash."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from websockets.asyncio.client import ClientConnection, connect

from supportterm.link.changes import Change
from supportterm.link.journal import Journal, OutboxFull
from supportterm.link.link import Link
from supportterm.link.state import LinkState, StateChanged
from supportterm.protocol.frames import Command, Side

from .loop import Process, VirtualLoop
from .network import Network
from .trace import Trace
from .witness import Witness

PORT = 8700
ADDRESS = f"ws://127.0.0.1:{PORT}"


class Person(NamedTuple):
    """``place``: a customer's shop, an agent's desk; the rest is of agents."""

    name: str
    role: Side
    place: str
    token: str
    host: str
    title: str = "agent"
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


class Device:
    """One window of one person. It is started, killed and started again; ``storage`` stays."""

    def __init__(
        self,
        name: str,
        person: Person,
        loop: VirtualLoop,
        network: Network,
        witness: Witness,
        trace: Trace,
        tokens: dict[str, str],
    ) -> None:
        self.name = name
        self.person = person
        self.storage = ""
        self.link: Link | None = None
        self.stopped: LinkState | None = None
        self._tokens = tokens
        self._loop = loop
        self._network = network
        self._witness = witness
        self._trace = trace
        self._dice = random.Random(f"{network.seed}/{name}")
        self._process: Process | None = None

    @property
    def running(self) -> bool:
        """Whether somebody has it open."""
        return self._process is not None and self._process.alive

    @property
    def journal(self) -> Journal:
        assert self.link is not None
        return self.link.journal

    def start(self, takeover: bool = False) -> None:
        """Open the window: what was not answered is in the storage."""
        person = self.person
        self._trace(self.name, "starts")
        journal = Journal(person.role)
        if self.storage:
            journal.load(json.loads(self.storage))
        customer = person.role == "customer"
        self._process = self._loop.process(self.name, person.host)
        self.stopped = None
        self.link = Link(
            f"{ADDRESS}/v1/shop/{person.place}" if customer else ADDRESS,
            self._tokens[person.name],
            journal,
            on_change=self._on_change,
            keep=self._keep,
            takeover=takeover,
            origin=f"https://{person.place}.example" if customer else "",
            connect=self._connect,
            rand=self._dice.random,
        )
        self._process.spawn(self.link.run())

    def kill(self) -> None:
        """Close the window the hard way."""
        if self._process is not None and self._process.alive:
            self._trace(self.name, "is killed")
            self._process.kill()
            self._network.died(self._process, told=True)

    def put(self, command: Command) -> None:
        """Write a command down and send it when its turn comes."""
        assert self._process is not None
        self._process.soon(self._put, command)

    def do(self, what: str, *about: str) -> None:
        """What a `Link` can besides `put`: `saw`, `more`, `typed`, `pressed`, `watch` …"""
        assert self._process is not None
        self._process.soon(getattr(self.link, what), *about)

    def _put(self, command: Command) -> None:
        assert self.link is not None
        try:
            self.link.put(command)
        except OutboxFull:
            return
        self._trace(self.name, f"puts {command}"[:200])
        self._witness.put(self.name, self.person.name, command)

    def _keep(self, dump: dict[str, Any]) -> None:
        self.storage = json.dumps(dump)

    def _on_change(self, changes: Sequence[Change | StateChanged]) -> None:
        for change in changes:
            if isinstance(change, StateChanged):
                self._trace(self.name, f"{change.state.kind} {change.state.text}")
                if change.state.kind == "stopped":
                    self.stopped = change.state

    async def _connect(self, url: str, **options: Any) -> ClientConnection:
        device, witness, trace, person = self.name, self._witness, self._trace, self.person

        class Watched(ClientConnection):
            async def recv(self, decode: bool | None = None) -> Any:
                raw = await super().recv(decode=False)
                trace(device, "< " + raw.decode()[:160])
                witness.received(device, person.name, person.role == "agent", raw)
                return raw if decode is False else raw.decode()

            async def send(self, message: Any, text: bool | None = None) -> None:
                trace(device, f"> {message.decode()[:160]}")
                await super().send(message, text=text)

        connection = await connect(url, create_connection=Watched, **options)
        witness.connected(device)
        return connection
