"""Firefox, by WebDriver BiDi over its own websocket: no driver program is needed."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from tests.engines.engine import clicking, process, typing

NAMES: Final = ("firefox-esr", "firefox")
PACKAGES: Final = "firefox-esr"


class Firefox:
    """One window."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._context = ""

    async def _call(self, method: str, **parameters: Any) -> Any:
        number = next(self._ids)
        await self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        async for frame in self._socket:
            answer = json.loads(frame)
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]
        raise ConnectionError("Firefox is gone")

    async def begin(self) -> None:
        """A session, and its first window."""
        await self._call("session.new", capabilities={})
        tree = await self._call("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]
        await self._call(
            "browsingContext.setViewport", context=self._context, viewport={"width": 1000, "height": 740}
        )

    async def go(self, address: str) -> None:
        """See `Engine.go`."""
        await self._call("browsingContext.navigate", context=self._context, url=address, wait="complete")

    async def run(self, body: str) -> Any:
        """See `Engine.run`."""
        result = await self._call(
            "script.evaluate",
            expression=f"(() => {{ {body} }})()",
            target={"context": self._context},
            awaitPromise=True,
        )
        assert result["type"] == "success", result
        return result["result"].get("value")

    async def click(self, x: float, y: float) -> None:
        """See `Engine.click`."""
        await self._call("input.performActions", context=self._context, actions=[clicking(x, y)])

    async def keys(self, text: str) -> None:
        """See `Engine.keys`."""
        await self._call("input.performActions", context=self._context, actions=[typing(text)])

    async def picture(self) -> bytes:
        """See `Engine.picture`."""
        shot = await self._call("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(shot["data"])


@asynccontextmanager
async def opened(program: str, folder: Path) -> AsyncIterator[Firefox]:
    """A Firefox with a profile of its own in ``folder``."""
    words = (program, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0")
    async with process(*words, MOZ_CRASHREPORTER_DISABLE="1", LANG="en_GB.UTF-8") as running:
        assert running.stderr is not None
        async for line in running.stderr:
            _, listens, address = line.decode(errors="replace").partition("WebDriver BiDi listening on ")
            if listens:
                break
        else:
            raise ConnectionError("Firefox ended before it listened")
        async with connect(address.strip() + "/session", max_size=None) as socket:
            firefox = Firefox(socket)
            await firefox.begin()
            yield firefox
