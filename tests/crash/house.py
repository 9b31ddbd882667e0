"""A real server process on its own directory and port, killed and started again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Final

from server.platform import RealPlatform
from server.signin import token_hash
from server.store.files import DATABASE
from server.store.interface import Agent, Session
from server.store.sqlite import SqliteStore
from tests.ports import HeldPort
from tests.support import new_token

ROOT: Final = Path(__file__).resolve().parents[2]
#: A start takes about a second; this is for a machine that is busy with everything else too.
_START_SECONDS: Final = 60

_TOML: Final = """
[server]
port = {port}
data_dir = "data"
log_level = "warning"

[limits]
connections_per_address = 10000
handshakes_per_minute = 1000000
messages_per_second = 10000
messages_burst = 10000
messages_per_minute = 100000
agent_messages_per_second = 10000
agent_messages_burst = 10000

[desk.main]
hard_cap = 50
ceiling = 50.0
ramp_seconds = 0
presence_grace_seconds = 3600

[shop.demo]
desk = "main"
origins = ["*"]
"""


class NotStarted(Exception):
    """The server ended before it listened; the message is what it said."""


class House:
    """``supportterm serve`` in a process of its own; it keeps its port over every restart.

    ``toml``: its settings, with ``{port}`` where the port goes. ``ahead``: milliseconds by which the wall
    clock is ahead from its next start on.
    """

    def __init__(self, directory: Path, port: int = 0, toml: str = _TOML) -> None:
        self.directory = directory
        self._toml = toml
        self.port = port
        self._held = HeldPort()
        self.ahead = 0
        self.process: asyncio.subprocess.Process | None = None
        self.log = directory / "server.log"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def add_agents(self, count: int) -> list[str]:
        """Agents that are signed in, written into the store before the first start; their tokens."""
        tokens = [new_token() for _ in range(count)]
        store = await SqliteStore.open(self.data / DATABASE, RealPlatform())
        for number, token in enumerate(tokens):
            agent = f"agent{number}"
            await store.save_agent(Agent(agent, agent.capitalize(), "main"))
            await store.save_session(Session(token_hash(token), agent, "a test", created=1))
        await store.close()
        return tokens

    async def spawn(self) -> asyncio.subprocess.Process:
        """Begin to start it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = self.port or self._held.hold()
        (self.directory / "supportterm.toml").write_text(self._toml.format(port=self.port))
        later = ("tests.crash.later", str(self.ahead))
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *(later if self.ahead else ("supportterm.cli", "serve"))),
                cwd=self.directory,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        return self.process

    async def start(self) -> None:
        """Start it and wait until it listens. Raises `NotStarted`."""
        await self.listening(await self.spawn())

    async def listening(self, process: asyncio.subprocess.Process) -> None:
        """Wait until a spawned process listens. Raises `NotStarted`."""
        assert process.stdout is not None
        async with asyncio.timeout(_START_SECONDS):
            line = (await process.stdout.readline()).decode()
        found = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        if found is None:
            await process.wait()
            raise NotStarted(line + self.log.read_text())
        self.port = int(found[1])

    async def kill(self) -> None:
        """``kill -9``."""
        assert self.process is not None
        self.process.kill()
        assert await self.process.wait() == -signal.SIGKILL

    async def stop(self) -> int:
        """End it politely; its exit code."""
        assert self.process is not None
        self.process.terminate()
        return await self.process.wait()

    async def end(self) -> None:
        """Leave no process behind, whatever happened."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self._held.let_go()
