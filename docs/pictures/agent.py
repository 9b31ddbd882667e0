"""The agent of the pictures: the real console, without a terminal, pressed key by key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from supportterm.commands.stage import Stage
from supportterm.console.app import Console
from supportterm.console.looks import load_looks
from supportterm.console.session import Session
from supportterm.console.settings import ConsoleSettings
from supportterm.console.state import State
from supportterm.link import Journal, Link, StateChanged
from supportterm.link.changes import Change

#: Columns and rows: few enough to be read in a picture half as wide.
TERMINAL: Final = (100, 33)
#: People type. So the customers in the list do not all wait since the same moment.
KEY_SECONDS: Final = 0.11
_SECONDS: Final = 30


class Robin:
    """The agent: the real console, without a terminal, pressed key by key."""

    def __init__(self, stage: Stage) -> None:
        self.journal = Journal("agent")
        self._changed = asyncio.Event()
        folder = stage.directory / "console"
        settings = ConsoleSettings(config_dir=folder, state_dir=folder, theme="dusk", language="en")
        link = Link(stage.url, stage.token, self.journal, on_change=self._take, client="picture")
        state = State(folder / "state.json", 0)
        self.app = Console(Session(link, settings, state), load_looks(), run_link=link.run)

    def _take(self, found: Sequence[Change | StateChanged]) -> None:
        self.app.take(found)
        self._changed.set()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Robin]:
        """The console is open and signed in."""
        async with self.app.run_test(size=TERMINAL) as self._pilot:
            await self.until(lambda: self.journal.online)
            yield self

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until what the console was told fulfils ``holds``, and is on the screen."""
        async with asyncio.timeout(_SECONDS):
            while not holds():
                self._changed.clear()
                await self._changed.wait()
        await self._pilot.pause()
        await self._pilot.pause()

    async def hears(self, text: str) -> None:
        """Wait until a text is in some chat."""
        await self.until(lambda: self.said(text))

    def said(self, text: str) -> bool:
        """Whether a text stands in some chat, with the server's number."""
        return any(event.text == text for log in self.journal.chats.values() for event in log.events)

    async def press(self, *keys: str) -> None:
        """Press keys and let the screen follow."""
        await self._pilot.press(*keys)
        await self._pilot.pause()

    async def write(self, text: str) -> None:
        """Type, as fast as people do."""
        for letter in text:
            await self._pilot.press(letter)
            await asyncio.sleep(KEY_SECONDS)

    async def send(self, text: str) -> None:
        """Type and press enter."""
        await self.write(text)
        await self.press("enter")
        await self.hears(text)

    async def shows(self, text: str) -> None:
        """Wait until the screen shows a text: a countdown comes with the console's own clock."""
        async with asyncio.timeout(_SECONDS):
            while text not in self._screen():
                await asyncio.sleep(KEY_SECONDS)
                await self._pilot.pause()

    def _screen(self) -> str:
        rows = self.app.screen._compositor.render_strips()
        return "\n".join(row.text for row in rows)

    def photograph(self) -> str:
        """The screen as SVG, with fonts of this machine and without the grey window Textual draws."""
        return without_frame(self.app.export_screenshot(title="supportterm"))


def without_frame(svg: str) -> str:
    """The console's screenshot with fonts of this machine and without the grey window Textual draws.

    Its clipping goes, too: it would cut the last row's descenders.
    """
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.S)
    svg = svg.replace("font-family: Fira Code", 'font-family: "JetBrains Mono", "DejaVu Sans Mono"')
    svg = svg.replace("font-variant-east-asian: full-width;", "font-variant-ligatures: none;")
    svg = re.sub(r' clip-path="[^"]*"', "", svg)
    return re.sub(r'<rect fill="#292929" stroke="[^"]*"[^>]*?rx="8"/>', "", svg)
