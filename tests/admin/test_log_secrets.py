"""What the most talkative log keeps to itself."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.logs import configure
from supportterm.protocol import frames
from tests.support import new_id, new_token, running_node

TALKATIVE = ("", "websockets", "supportterm.sockets", "aiosqlite")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything logged at debug level."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    before = {name: logging.getLogger(name).level for name in TALKATIVE}
    try:
        configure("debug", "text")
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        written = io.StringIO()
        handler.setStream(written)
        yield written
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


async def test_no_text_token_or_password_at_debug_level(logged: io.StringIO, tmp_path: Path) -> None:
    token, chat = new_token(), new_id()
    async with running_node(tmp_path) as running:
        async with running.customer(token) as anna:
            await anna.ask(frames.Open(new_id(), chat, page="https://shop.example/zonnebloem"))
            await anna.ask(frames.Say(new_id(), chat, "kolibrie"))
        async with running.connection("/v1/agent") as console:
            await console.send(frames.Login("mia", "pinksterbloem"))
            assert isinstance(await console.receive(), frames.Err)
    assert "sign-in refused" in logged.getvalue()
    for secret in (token, "zonnebloem", "kolibrie", "pinksterbloem"):
        assert secret not in logged.getvalue()
