"""The server as its operator runs it: started, stopped, killed, started again on the same disk."""

from __future__ import annotations

import random
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.administration import Failed
from server.gateway.admin import NoServer, call, socket_path
from server.node import Node, serve
from server.settings import load
from server.signin import token_hash
from server.store.files import DATABASE
from server.store.interface import Agent, Append, Session, StoreError
from server.store.sqlite import SqliteStore

from .device import PORT, Person
from .inspection import believed, inspect
from .loop import Process, VirtualLoop
from .machine import Machine
from .network import Network
from .platform import SimPlatform
from .post import HOST, SENDER
from .post import PORT as MAIL_PORT
from .signers import SECRET_FILE, TOYS_SECRET
from .trace import Trace
from .witness import Witness

ADDRESS = "10.0.0.1"

#: The desks and their shops.
DESKS = {"main": {"acme", "bikes"}, "other": {"toys"}}
#: Chats at once, on both desks.
HARD_CAP = 3
#: A customer whose page is gone for so long has left, by desk.
GONE_MS = {"main": 60_000, "other": 600_000}

SETTINGS = f"""
[server]
port = {PORT}
data_dir = "data"

[mail]
host = "{HOST}"
port = {MAIL_PORT}
starttls = false
sender = "{SENDER}"
timeout_seconds = 3
retry_seconds = 1
retry_most_minutes = 1

[desk.main]
skills = ["returns"]
reopen_minutes = 2
presence_grace_seconds = 20
hard_cap = {HARD_CAP}
silence_seconds = 25
ramp_seconds = 2
breather_seconds = 3
abuse_breather_seconds = 6
handoff_seconds = 15
reserve_minutes = 1
page_grace_seconds = 5
gone_close_minutes = {GONE_MS["main"] // 60_000}
nudge_minutes = 1
nudged_close_minutes = 1
need_time_minutes = 1
overdue_offer_seconds = 15

[desk.other]
accept = "ask"
accept_seconds = 8
hard_cap = {HARD_CAP}
ramp_seconds = 0
handoff_seconds = 12
overdue_offer_seconds = 12

[shop.acme]
desk = "main"
origins = ["https://acme.example"]
languages = ["en", "nl"]
max_queue = 3

[shop.acme.identity]
secret_file = "{SECRET_FILE}"

[[shop.acme.topic]]
id = "returns"
label = {{ en = "Returns" }}

[[shop.acme.entry]]
topic = "returns"
skill = "returns"
priority = 1

[[shop.acme.entry.fallback]]
after_seconds = 15
any_skill = true

[[shop.acme.fallback]]
after_seconds = 10
languages = ["en"]

[shop.bikes]
desk = "main"
languages = ["en", "nl"]
origins = ["https://bikes.example"]

[shop.toys]
desk = "other"
origins = ["https://toys.example"]

[shop.toys.identity]
secret = "{TOYS_SECRET}"
"""


class Host:
    """``up``: the process lives, though it may still be starting (``node`` is None until it listens)."""

    def __init__(
        self, loop: VirtualLoop, network: Network, directory: Path, witness: Witness, trace: Trace
    ) -> None:
        self.machine = Machine(loop, directory / "data", network.seed)
        self.node: Node | None = None
        self.process: Process | None = None
        self.restart_at = 0.0
        self.starts = 0
        #: In which transaction each event was stored, in the order of time; a life's first is not known.
        self.batch_of: dict[tuple[str, int], int] = {}
        self.batches = 0
        self._loop = loop
        self._network = network
        self._witness = witness
        self._trace = trace
        self._settings = directory / "supportterm.toml"
        self._settings.write_text(SETTINGS)

    @property
    def up(self) -> bool:
        return self.process is not None and self.process.alive

    def platform(self, process: Process) -> SimPlatform:
        """The world of one life of the server, or of somebody who works on its disk."""
        dice = random.Random(f"{self._network.seed}/life/{self.starts}")
        return SimPlatform(process, self.machine, dice, self._trace)

    def start(self) -> None:
        """Start the server; what is left of an earlier life is only its disk."""
        assert not self.up
        self.starts += 1
        self.node = None
        old = self.process
        self.process = process = self._loop.process("server", ADDRESS)
        if old is not None:
            self._network.back(old)
        self._trace("server", f"starts for the {self.starts}. time")
        process.spawn(self._serve(process))

    async def _serve(self, process: Process) -> None:
        try:
            code = await serve(load(self._settings), platform=self.platform(process), ready=self._ready)
            outcome = f"ends with {code}"
        except (StoreError, OSError) as error:
            outcome = self._said(f"cannot start: {error}")
        except Exception as error:
            self._witness.fail(f"the server died of {error!r}")
            raise
        self._trace("server", outcome)
        self.restart_at = self._loop.time() + 2.0
        self._loop.call_soon(self._ended, process)

    def _ready(self, node: Node) -> None:
        self._trace("server", "is ready")
        self.node = node
        store, real = node.store, node.store.append

        async def append(desk: str, fence: int, writes: Sequence[Append]) -> None:
            self.batches += 1
            for write in writes:
                for event in write.events:
                    self.batch_of[write.stream, event.seq] = self.batches
            await real(desk, fence, writes)
            for write in writes:
                for event in write.events:
                    self._witness.whose.stored(event)

        store.append = append  # type: ignore[method-assign]
        self.inspect()

    def inspect(self) -> None:
        """Look whether the desks hold what their log says."""
        if self.node is not None and self.process is not None and self.up:
            self.process.spawn(inspect(self.node, self._witness))

    def look_who_is_believed(self) -> None:
        """Look whether everybody may still read what they read."""
        if self.node is not None and self.up:
            believed(self.node, self._witness)

    def _ended(self, process: Process) -> None:
        process.kill()
        self._network.died(process, told=True)

    def crash(self, steps: int, power: bool, away: float) -> None:
        """Kill the process ``steps`` from now, or the whole machine; it starts again ``away`` s later."""
        process = self.process
        assert process is not None

        def gone() -> None:
            self._trace("server", "loses power" if power else "is killed")
            self._network.died(process, told=not power)
            self.machine.wreck()
            if power:
                self.machine.reboot()
            self.restart_at = self._loop.time() + away

        process.kill_after(steps, gone)

    def stop(self) -> None:
        """Ask it to stop, as a service manager does."""
        if self.process is not None and self.up:
            stop = self.process.signals.get(signal.SIGTERM)
            if stop is not None:
                self._trace("server", "is told to stop")
                self.process.context.run(stop)

    async def ask(self, op: str, **arguments: Any) -> Any:
        """An operator's command; None if there was no answer."""
        try:
            found = await call(socket_path(self.machine.disk), op, **arguments)
        except (NoServer, Failed) as error:
            self._trace("operator", self._said(f"{op}: {error!r}"))
            return None
        self._trace("operator", self._said(f"{op}: {found}"))
        return found

    def _said(self, text: str) -> str:
        """The directory's name is drawn by the real machine, and must not tell two runs apart."""
        return text.replace(str(self.machine.disk.parent), "~")

    async def prepare(self, process: Process, agents: list[Person]) -> None:
        """Agents, signed in."""
        store = await self.open(process)
        for person in agents:
            agent = Agent(
                person.name,
                person.name.capitalize(),
                person.place,
                title=person.title,
                languages=person.languages,
                skills=person.skills,
                created=1,
            )
            await store.save_agent(agent)
            await store.save_session(Session(token_hash(person.token), person.name, "desktop", created=1))
        await store.close()

    async def open(self, process: Process) -> SqliteStore:
        """The database, while no server runs."""
        return await SqliteStore.open(self.machine.disk / DATABASE, self.platform(process))
