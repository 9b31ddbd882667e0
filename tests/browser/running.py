"""A server of its own for the browser tests: ``python -m tests.browser.running <directory>``.

Prints one line, its address, once it listens; the agent `mette` is there from the first start.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from server.node import Node, serve
from server.settings import load

AGENT = "mette"
PASSWORD = "a long enough password"


def main(directory: Path) -> int:
    """Serve from ``directory`` until told to stop."""
    settings = load(directory / "supportterm.toml")
    tasks: set[asyncio.Task[None]] = set()

    async def settle(node: Node) -> None:
        known = [row["agent"] for row in await node.administration.agent_list()]
        if AGENT not in known:
            await node.administration.agent_add(AGENT, name="Mette", password=PASSWORD)
        print("{}:{}".format(*node.address), flush=True)

    def ready(node: Node) -> None:
        tasks.add(asyncio.ensure_future(settle(node)))

    return asyncio.run(serve(settings, ready=ready, demo=True))


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
