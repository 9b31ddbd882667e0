"""A server from its first moment on."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from server.node import Node, serve
from supportterm.coach.promising import language
from tests.support import settings_in


async def test_who_comes_first_does_not_wait_until_all_words_are_read(tmp_path: Path) -> None:
    read = language._read
    read.cache_clear()
    then: list[int] = []

    def first_turn() -> None:
        then.append(read.cache_info().currsize)
        os.kill(os.getpid(), signal.SIGTERM)

    def ready(_: Node) -> None:
        asyncio.get_running_loop().call_soon(first_turn)

    assert await serve(settings_in(tmp_path), ready=ready) == 0
    # They had not been read when somebody could be let in, and were all the same.
    assert then == [0]
    assert read.cache_info().currsize == 1
