"""A server of its own for the browser tests; the agent `mette` is there from the first start."""

from __future__ import annotations

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path

from server.node import Node, serve
from server.settings import load

AGENT = "mette"
PASSWORD = "a long enough password"


def main(directory: Path, told: Connection) -> None:
    """Serve from ``directory`` until told to stop. ``told``: gets host and port once it listens."""
    settings = load(directory / "supportterm.toml")
    tasks: set[asyncio.Task[None]] = set()

    async def settle(node: Node) -> None:
        known = [row["agent"] for row in await node.administration.agent_list()]
        if AGENT not in known:
            await node.administration.agent_add(AGENT, name="Mette", password=PASSWORD)
        told.send(node.address)

    def ready(node: Node) -> None:
        tasks.add(asyncio.ensure_future(settle(node)))

    asyncio.run(serve(settings, ready=ready, demo=True))
