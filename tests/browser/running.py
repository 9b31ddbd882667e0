"""A server of its own for the browser tests; the agent `mette` is there from the first start."""

from __future__ import annotations

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path

from server.node import Node, serve
from server.settings import load
from server.signin import token_hash
from server.store.interface import Agent, Session

AGENT = "mette"


def main(directory: Path, token: str, told: Connection) -> None:
    """Serve from ``directory`` until told to stop. ``told``: gets host and port once it listens.

    The agent is signed in with ``token`` from the start: hashing a password costs as much as such a test.
    """
    settings = load(directory / "supportterm.toml")
    tasks: set[asyncio.Task[None]] = set()

    async def settle(node: Node) -> None:
        known = [row["agent"] for row in await node.administration.agent_list()]
        if AGENT not in known:
            await node.store.save_agent(Agent(AGENT, "Mette", "main"))
            await node.store.save_session(Session(token_hash(token), AGENT, "a test", created=0))
            await node.people_changed("main")
        told.send(node.address)

    def ready(node: Node) -> None:
        tasks.add(asyncio.ensure_future(settle(node)))

    asyncio.run(serve(settings, ready=ready, demo=True))
