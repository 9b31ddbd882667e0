"""WebKitGTK's small browser, by WebDriver over HTTP: of what is free, the nearest to Safari."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.engines.engine import clicking, process, typing

NAMES: Final = ("WebKitWebDriver",)
PACKAGES: Final = "webkit2gtk-driver xvfb"
_BROWSER: Final = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"


class WebKit:
    """One window."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/session"

    def _ask(self, method: str, path: str, body: object) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from None

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        return await asyncio.to_thread(self._ask, method, path, body)

    async def begin(self) -> None:
        """A session, and its window. The driver may need a moment before it listens."""
        browser = next(Path("/").glob(_BROWSER[1:]))
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        async with asyncio.timeout(20):
            while True:
                try:
                    session = await self._call("POST", "", wanted)
                    break
                except (ConnectionError, urllib.error.URLError):
                    await asyncio.sleep(0.05)
        self._base += "/" + session["sessionId"]
        await self._call("POST", "/window/rect", {"width": 1000, "height": 800})

    async def end(self) -> None:
        """Close the window."""
        await self._call("DELETE", "")

    async def go(self, address: str) -> None:
        """See `Engine.go`."""
        await self._call("POST", "/url", {"url": address})

    async def run(self, body: str) -> Any:
        """See `Engine.run`."""
        return await self._call("POST", "/execute/sync", {"script": body, "args": []})

    async def click(self, x: float, y: float) -> None:
        """See `Engine.click`."""
        await self._call("POST", "/actions", {"actions": [clicking(x, y)]})

    async def keys(self, text: str) -> None:
        """See `Engine.keys`."""
        await self._call("POST", "/actions", {"actions": [typing(text)]})

    async def picture(self) -> bytes:
        """See `Engine.picture`."""
        return base64.b64decode(await self._call("GET", "/screenshot"))


@asynccontextmanager
async def opened(program: str, folder: Path) -> AsyncIterator[WebKit]:
    """A window on a screen of its own; its files are in ``folder``."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with process("Xvfb", "-displayfd", "2", "-screen", "0", "1100x900x24") as screen:
        assert screen.stderr is not None
        number = ""
        while not number.isdecimal():
            number = (await screen.stderr.readline()).decode().strip()
        # Its sandbox needs rights that root in a container lacks; the only page it sees is ours.
        own = {"HOME": str(folder), "DISPLAY": f":{number}", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        async with process(program, f"--port={port}", **own):
            webkit = WebKit(port)
            await webkit.begin()
            yield webkit
            await webkit.end()
