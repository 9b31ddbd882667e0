"""Whatever a peer did: once it is gone, no task of the server is left that worked for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.hostile.raw import PING, Raw, frame, raw, request
from tests.hostile.test_frames import BROKEN
from tests.support import running_node


async def test_no_task_is_left(tmp_path: Path) -> None:
    async with running_node(tmp_path) as running:
        port = running.node.address[1]

        async def breaks(data: bytes, *, greets: bool) -> None:
            async with raw(port) as socket:
                await (socket.customer() if greets else socket.upgraded())
                await socket.push(data)
                await socket.end()

        async def goes(data: bytes, *, greets: bool) -> None:
            async with raw(port) as socket:
                await (Raw.customer if greets else Raw.upgraded)(socket)
                await socket.push(data)
                socket.reset()

        async with running.customer():
            pass
        await _until_nobody_is_left(running.node.status)
        before = asyncio.all_tasks()
        async with asyncio.TaskGroup() as group:
            for greets in (False, True):
                for data, _ in BROKEN.values():
                    group.create_task(breaks(data, greets=greets))
                for data in (b"", frame(b"x" * 100)[:50], frame(b"x", PING) * 1_000):
                    group.create_task(goes(data, greets=greets))
            for cut in range(0, 200, 20):
                async with raw(port) as socket:
                    await socket.push(request()[:cut])
                    socket.reset()
        await _until_nobody_is_left(running.node.status)
        async with asyncio.timeout(30):
            while asyncio.all_tasks() - before:
                await asyncio.sleep(0)


async def _until_nobody_is_left(status: object) -> None:
    assert callable(status)
    async with asyncio.timeout(30):
        while status()["connections"]:
            await asyncio.sleep(0)
