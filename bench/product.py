"""The product for a benchmark: a real server process in a directory of its own, with signed-in agents."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
from pathlib import Path

import uvloop

from server.node import Node
from server.platform import RealPlatform, quiet_collector
from server.settings import parse
from server.signin import token_hash
from server.store.interface import Agent, Session

_SETTINGS = """
[server]
port = 0
data_dir = "{directory}"
log_level = "error"
[limits]
connections = 100000
connections_per_address = 100000
handshakes_per_minute = 1000000
messages_per_second = 10000
messages_burst = 10000
messages_per_minute = 100000
agent_messages_per_second = 10000
agent_messages_burst = 10000
[desk.bench]
practice = true
hard_cap = 50
ceiling = 50.0
ramp_seconds = 0
silence_seconds = 0
nudge_minutes = 0
gone_close_minutes = 0
breather_seconds = 0
[shop.bench]
desk = "bench"
origins = ["*"]
"""


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--agents", type=int, default=4)
    parser.add_argument("--limit", type=int, default=100_000, help="chats per agent")
    args = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    settings = parse(_SETTINGS.format(directory=args.directory), args.directory / "supportterm.toml")
    node = Node(settings, RealPlatform())
    await node.start()
    quiet_collector()
    tokens = []
    for number in range(args.agents):
        agent = f"agent{number}"
        ceiling = 2 * args.limit * 100
        person = Agent(agent, f"Agent {number}", "bench", limit=args.limit, ceiling=ceiling)
        await node.store.save_agent(person)
        tokens.append(f"{number}".ljust(43, "t"))
        await node.store.save_session(Session(token_hash(tokens[-1]), agent, "bench", created=1))
    await node.people_changed("bench")
    print(json.dumps({"port": node.address[1], "tokens": tokens}), flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await node.stop()


if __name__ == "__main__":
    uvloop.run(main())
