"""A running server and raw clients, for tests that need the real thing over real sockets."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from server.node import Node
from server.platform import Platform, RealPlatform
from server.settings import Desk, Limits, Server, Settings, Shop
from server.signin import token_hash
from server.store.interface import Agent, Session
from supportterm.protocol import frames
from supportterm.protocol.codec import decode_server, encode
from supportterm.protocol.limits import SUBPROTOCOL

F = TypeVar("F", bound=frames.ServerFrame)

#: Tests knock more often than people do.
PATIENT = Limits(
    handshakes_per_minute=100_000,
    connections_per_address=10_000,
    messages_per_second=1_000,
    messages_burst=1_000,
    messages_per_minute=100_000,
    agent_messages_per_second=1_000,
    agent_messages_burst=1_000,
)
SECONDS = 10


def new_id() -> str:
    """An id as clients make it."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """A token as a browser makes it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


@dataclass
class Wire:
    """One WebSocket, spoken frame by frame; what was not asked for yet is kept in ``kept``."""

    socket: ClientConnection
    kept: list[frames.ServerFrame] = field(default_factory=list)

    async def send(self, *frames_: frames.ClientFrame) -> None:
        for frame in frames_:
            await self.socket.send(encode(frame).decode())

    async def receive(self) -> frames.ServerFrame:
        """The next frame, whatever it is."""
        async with asyncio.timeout(SECONDS):
            frame = decode_server(await self.socket.recv())
        assert frame is not None
        return frame

    async def next(self, shape: type[F], fits: Callable[[F], object] = lambda _: True) -> F:
        """The next frame of this shape that fits; others are kept for later."""
        for at, kept in enumerate(self.kept):
            if isinstance(kept, shape) and fits(kept):
                del self.kept[at]
                return kept
        while True:
            frame = await self.receive()
            if isinstance(frame, shape) and fits(frame):
                return frame
            self.kept.append(frame)

    async def ask(self, command: Any) -> frames.Event | frames.Ok | frames.Err:
        """Send a command and take its answer: its own event, ``ok`` or ``err``."""
        await self.send(command)
        return await self.answer(command.id)

    async def answer(self, cid: str) -> frames.Event | frames.Ok | frames.Err:
        """The answer to the command with this id."""
        shapes = (frames.Event, frames.Ok, frames.Err)
        found = await self.next(frames.ServerFrame, lambda f: isinstance(f, shapes) and f.id == cid)
        assert isinstance(found, shapes)
        return found

    async def silence(self) -> list[frames.ServerFrame]:
        """Everything that came before the server's answer to a beat, which comes after it all."""
        await self.send(frames.Beat())
        await self.next(frames.BeatBack)
        kept, self.kept = self.kept, []
        return kept

    async def closed(self) -> int:
        """The close code, once the server has closed."""
        async with asyncio.timeout(SECONDS):
            await self.socket.wait_closed()
        assert self.socket.close_code is not None
        return self.socket.close_code


@dataclass
class Running:
    """A started node and ways to reach it."""

    node: Node
    settings: Settings

    @property
    def url(self) -> str:
        host, port = self.node.address
        return f"ws://{host}:{port}"

    @property
    def http(self) -> str:
        return "http" + self.url.removeprefix("ws")

    @asynccontextmanager
    async def connection(self, path: str, **options: Any) -> AsyncIterator[Wire]:
        """A bare connection, nothing said yet."""
        async with connect(
            self.url + path, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, proxy=None, **options
        ) as socket:
            yield Wire(socket)

    @asynccontextmanager
    async def customer(
        self, token: str = "", shop: str = "demo", *, have: dict[str, int] | None = None, **options: Any
    ) -> AsyncIterator[Wire]:
        """A customer after ``welcome``, which is kept."""
        async with self.connection("/v1/shop/" + shop, **options) as wire:
            hello = frames.Hello(1, token or new_token(), epoch=self.node.store.epoch, have=have or {})
            await wire.send(hello)
            wire.kept.append(await wire.next(frames.Welcome))
            yield wire

    async def add_agent(
        self,
        agent: str,
        *,
        desk: str = "main",
        limit: int = 0,
        title: Literal["agent", "supervisor", "admin"] = "agent",
        since: int = 0,
    ) -> str:
        """A stored agent, signed in: their token."""
        token = new_token()
        await self.node.store.save_agent(Agent(agent, agent.capitalize(), desk, title, limit))
        await self.node.store.save_session(Session(token_hash(token), agent, "a test", created=since))
        await self.node.people_changed(desk)
        return token

    @asynccontextmanager
    async def agent(
        self,
        token: str,
        *,
        have: dict[str, int] | None = None,
        instance: str = "one",
        takeover: bool = False,
    ) -> AsyncIterator[Wire]:
        """An agent's console after ``welcome``, which is kept."""
        async with self.connection("/v1/agent") as wire:
            await wire.send(
                frames.Hello(
                    1,
                    token,
                    epoch=self.node.store.epoch,
                    have=have or {},
                    instance=instance,
                    takeover=takeover,
                )
            )
            wire.kept.append(await wire.next(frames.Welcome))
            yield wire


def settings_in(directory: Path, **changed: Any) -> Settings:
    """Settings of a server on a free port of loopback: desk "main", shop "demo" open to any page."""
    parts: dict[str, Any] = {
        "server": Server(port=0),
        "limits": PATIENT,
        "desks": {"main": Desk()},
        "shops": {"demo": Shop(desk="main", name="Demo", origins=["*"])},
    }
    return Settings(path=directory / "supportterm.toml", data_dir=directory, **(parts | changed))


@asynccontextmanager
async def running_node(
    directory: Path, *, platform: Platform | None = None, demo: bool = False, **changed: Any
) -> AsyncIterator[Running]:
    """A server with its data in ``directory``; ``changed``: ``server``, ``limits``, ``desks``, ``shops``."""
    settings = settings_in(directory, **changed)
    node = Node(settings, platform or RealPlatform(), demo=demo)
    await node.start()
    try:
        yield Running(node, settings)
    finally:
        await node.stop()
