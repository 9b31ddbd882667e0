"""A customer's tab or an agent's console: the real link and journal, with storage that survives a crash."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect

from supportterm.link.changes import Change
from supportterm.link.journal import Journal, OutboxFull
from supportterm.link.link import Link
from supportterm.link.state import LinkState, StateChanged
from supportterm.protocol import frames
from supportterm.protocol.codec import decode_client, encode
from supportterm.protocol.frames import Command, Side

from .loop import Process, VirtualLoop
from .network import Network
from .signers import Signers, Word
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
        signers: Signers,
    ) -> None:
        self.name = name
        self.person = person
        #: Who is signed in on this page, by their number; "": nobody.
        self.account = ""
        #: What each of them has here.
        self.storages: dict[str, str] = {}
        self.link: Link | None = None
        self.stopped: LinkState | None = None
        self._tokens = tokens
        self._signers = signers
        self._word: Word | None = None
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
    def page(self) -> str:
        """Who this is without a shop's word: by the name of a token."""
        return f"{self.person.name}.{self.account}" if self.account else self.person.name

    @property
    def place(self) -> str:
        """Where what is written here is kept until it is answered."""
        return f"{self.name}/{self.account}"

    @property
    def journal(self) -> Journal:
        assert self.link is not None
        return self.link.journal

    def start(self, takeover: bool = False) -> None:
        """Open the window: what was not answered is in the storage."""
        person = self.person
        self._trace(self.name, "starts")
        journal = Journal(person.role)
        if stored := self.storages.get(self.account):
            journal.load(json.loads(stored))
        customer = person.role == "customer"
        self._process = self._loop.process(self.name, person.host)
        self.stopped = None
        self._word = self._vouch() if self.account else None
        self.link = Link(
            f"{ADDRESS}/v1/shop/{person.place}" if customer else ADDRESS,
            self._tokens[self.page],
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

    def sign_in(self, account: str) -> None:
        """Somebody else is signed in at the shop, or nobody: the next page says so."""
        self.kill()
        self._trace(self.name, f"is {account or 'nobody'} from now on")
        self.account = account
        self.start()

    def _vouch(self) -> Word:
        """What the shop's server writes into this page, or somebody else does who would like to be them."""
        made = self._signers.forge if self._dice.random() < 0.1 else self._signers.sign
        return made(self.person.place, self.account)

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
        self._witness.put(self.place, self.person.name, self.person.role == "agent", command)

    def _keep(self, dump: dict[str, Any]) -> None:
        self.storages[self.account] = json.dumps(dump)

    def _on_change(self, changes: Sequence[Change | StateChanged]) -> None:
        for change in changes:
            if isinstance(change, StateChanged):
                self._trace(self.name, f"{change.state.kind} {change.state.text}")
                if change.state.kind == "stopped":
                    self.stopped = change.state

    async def _connect(self, url: str, **options: Any) -> ClientConnection:
        device, witness, trace, person = self.name, self._witness, self._trace, self.person
        page, word, browser = self.page, self._word, self._tokens[self.person.name]

        class Watched(ClientConnection):
            async def recv(self, decode: bool | None = None) -> Any:
                raw = await super().recv(decode=False)
                trace(device, "< " + raw.decode()[:160])
                witness.received(device, person.name, person.role == "agent", raw)
                return raw if decode is False else raw.decode()

            async def send(self, message: Any, text: bool | None = None) -> None:
                if word is not None and b'"t":"hello"' in message:
                    message = _vouched(message, word, browser)
                trace(device, f"> {message.decode()[:160]}")
                await super().send(message, text=text)

        connection = await connect(url, create_connection=Watched, **options)
        witness.connected(device)
        if person.role == "customer":
            witness.whose.connected(device, page, person.name, word)
        return connection


def _vouched(hello: bytes, word: Word, browser: str) -> bytes:
    """What a page says first, with its shop's word, and the token of who is not signed in there."""
    said = decode_client(hello.decode())
    assert isinstance(said, frames.Hello)
    return encode(replace(said, identity=word.token, browser=browser))
