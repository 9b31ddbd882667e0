"""A console on a real pty; frames come as JSON lines over the pipe named by CONSOLE_FRAMES."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC
from pathlib import Path

from supportterm.console.settings import ConsoleSettings
from supportterm.protocol.contact import Identity, Known
from supportterm.protocol.frames import By
from supportterm.text import wire_text

from .conftest import build
from .server import MINUTE, NOON, HandServer, beginning, say

CHAT = "chatAAAAAAAAAAAAAAAAAA"


def main() -> int:
    folder = Path(sys.argv[1])
    settings = ConsoleSettings(
        config_dir=folder,
        state_dir=folder,
        theme="dusk",
        language="en",
        zone=UTC,
        problems=tuple(sys.argv[3:]),
    )
    server = HandServer()
    evil = By("customer", sys.argv[2])
    first = [*beginning(CHAT, NOON - 30 * MINUTE, page=sys.argv[2]), say(CHAT, 4, NOON, evil, "first", pub=3)]
    said = sys.argv[2]
    known = Known(said, said, said, said, Identity(said, said, said, said))
    server.add(CHAT, *first, shop=sys.argv[2], lang="nl", known=known)
    app = build(server, settings, banner=sys.argv[2])
    pipe = os.fdopen(int(os.environ["CONSOLE_FRAMES"]), "rb", buffering=0)
    rest = b""

    def read() -> None:
        nonlocal rest
        chunk = pipe.read(65536)
        if not chunk:
            asyncio.get_running_loop().remove_reader(pipe)
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            text = wire_text(json.loads(line))
            events = server.chats[CHAT]
            event = say(CHAT, len(events) + 1, NOON, evil, text, pub=len(events))
            events.append(event)
            server.give(event)

    async def listen() -> None:
        asyncio.get_running_loop().add_reader(pipe, read)

    async def begin() -> None:
        app.call_later(listen)
        await app.run_async()

    asyncio.run(begin())
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
