"""What is asked of an engine, in the least words that every driver protocol has."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

#: In every page: the widget's shadow root, and the first visible element of a selector whose name fits.
_TOOLS = """
const root = document.querySelector("supportterm-widget")?.shadowRoot;
const named = (selector, name) => [...(root?.querySelectorAll(selector) ?? [])].find((one) =>
  one.checkVisibility() && (one.ariaLabel || one.textContent).includes(name));
"""
_SECONDS = 20


class Engine(Protocol):
    """One window of a browser."""

    async def go(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""

    async def run(self, body: str) -> Any:
        """Run the body of a function in the page; what it returns, through JSON."""

    async def click(self, x: float, y: float) -> None:
        """Press the mouse there, in CSS pixels of the window."""

    async def keys(self, text: str) -> None:
        """Press keys one after the other; U+E007 is Enter, U+E00C Escape, U+E004 Tab."""

    async def picture(self) -> bytes:
        """The window as PNG."""


def clicking(x: float, y: float) -> dict[str, Any]:
    """What a mouse does, as both driver protocols say it."""
    move = {"type": "pointerMove", "x": round(x), "y": round(y)}
    press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
    return {"type": "pointer", "id": "mouse", "actions": [move, *press]}


def typing(text: str) -> dict[str, Any]:
    """The same for a keyboard."""
    actions = [{"type": what, "value": key} for key in text for what in ("keyDown", "keyUp")]
    return {"type": "key", "id": "keyboard", "actions": actions}


class Page:
    """The widget in a page, in whichever engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression; `root` is the widget's shadow root."""
        return await self.engine.run(f"{_TOOLS} return JSON.stringify(({expression}) ?? null);")

    async def until(self, expression: str) -> Any:
        """Wait until an expression is true; its value. Raises `TimeoutError` with the expression."""
        try:
            async with asyncio.timeout(_SECONDS):
                while not (found := json.loads(await self.ask(expression))):
                    await asyncio.sleep(0.05)  # no driver protocol can wait for a condition in a shadow root
        except TimeoutError:
            text = json.loads(await self.ask("root?.querySelector('.panel')?.innerText"))
            raise TimeoutError(f"never so: {expression}\nthe panel says: {text}") from None
        return found

    async def press(self, selector: str, name: str = "") -> None:
        """Click in the middle of an element, as somebody with a mouse does."""
        place = await self.until(
            f"(() => {{ const one = named({selector!r}, {name!r}); if (!one) return null;"
            " const { x, y, width, height } = one.getBoundingClientRect();"
            " const at = root.elementFromPoint(x + width / 2, y + height / 2);"
            " return one.contains(at) && [x + width / 2, y + height / 2]; })()"
        )
        await self.engine.click(*place)

    async def write(self, text: str) -> None:
        """Type into what has the focus, and press Enter."""
        await self.engine.keys(text + "\ue007")

    async def reads(self, text: str) -> None:
        """Wait until the panel shows a text."""
        await self.until(f"root?.querySelector('.panel')?.innerText.includes({json.dumps(text)})")


@asynccontextmanager
async def process(*words: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program of a browser, with its complaints to read; ended afterwards."""
    running = await asyncio.create_subprocess_exec(
        *words,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
            await running.wait()
