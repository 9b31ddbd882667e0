"""What a browser test meets: a server that can be killed and started again, and an agent."""

from __future__ import annotations

import asyncio
import multiprocessing
import secrets
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType

from server.links import Links
from server.platform import RealPlatform
from supportterm.link.changes import Change
from supportterm.link.journal import Journal
from supportterm.link.link import Link
from supportterm.link.state import StateChanged
from supportterm.protocol.frames import CloseChat, Event, Option, Say, Take
from tests.browser.running import main
from tests.ports import HeldPort

#: To import everything and to read the words would be half of what a test of the widget costs.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.browser.warmed"])

_TOML = """
[server]
port = {port}
data_dir = "data"
log_level = "error"

[limits]
messages_per_second = 50
messages_burst = 200
messages_per_minute = 1000
handshakes_per_minute = 10000

[desk.main]
hard_cap = 50
ceiling = 50.0
ramp_seconds = 0

[shop.demo]
desk = "main"
name = "Kade 7 Coffee"
origins = {origins}
"""


class RunningServer:
    """A server process on its own directory; it keeps its port over every restart.

    ``shop``: more lines of the shop's settings, from the next start on; ``origins``: its pages.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.shop = ""
        self.token = secrets.token_urlsafe(32)
        self.origins = '["*"]'
        self.port = 0
        self._held = HeldPort()
        self._process: ForkServerProcess | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self.port = self.port or self._held.hold()
        (self.directory / "supportterm.toml").write_text(
            _TOML.format(port=self.port, origins=self.origins) + self.shop
        )
        heard, told = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=main, args=(self.directory, self.token, told), daemon=True)
        self._process.start()
        told.close()
        # Nobody holds the other end any more if the server did not start: that ends it.
        _, self.port = await asyncio.to_thread(heard.recv)
        heard.close()

    def link(self, chat: str, days: float = 0) -> str:
        """The token that a mail had in its link, sent so many days ago."""
        links = Links.beside(self.directory / "data", RealPlatform())
        return links.token(chat, RealPlatform().wall() - int(days * 86_400_000))

    async def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        await asyncio.to_thread(self._process.join)

    async def stop(self) -> None:
        """End it politely."""
        if self._process is not None:
            self._process.terminate()
            await asyncio.to_thread(self._process.join)
        self._held.let_go()


class Agent:
    """Mette, at a console without a screen."""

    def __init__(self, server: RunningServer) -> None:
        self.journal = Journal("agent")
        self._server = server
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Agent:
        url = f"ws://{self._server.address}"
        self.link = Link(url, self._server.token, self.journal, on_change=self._note)
        self._running = asyncio.create_task(self.link.run())
        await self.until(lambda: self.journal.online)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.link.stop()
        await self._running

    def _note(self, _: Sequence[Change | StateChanged]) -> None:
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what the agent sees fulfils ``condition``."""
        async with asyncio.timeout(20):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    @property
    def chats(self) -> list[str]:
        """The agent's chats."""
        return [chat for chat, log in self.journal.chats.items() if not log.gone and log.events]

    def messages(self, chat: str) -> list[Event]:
        """What was said in a chat."""
        return [event for event in self.journal.chats[chat].events if event.kind == "message"]

    def texts(self, chat: str) -> list[str]:
        """The texts of what was said."""
        return [event.text for event in self.messages(chat)]

    async def hears(self, text: str) -> str:
        """Wait until somebody wrote ``text``; the chat."""

        def found() -> list[str]:
            return [chat for chat in self.chats if text in self.texts(chat)]

        await self.until(lambda: bool(found()))
        return found()[0]

    def says(self, chat: str, text: str) -> None:
        """Answer."""
        self.link.put(Say(id=secrets.token_urlsafe(16), chat=chat, text=text))

    def sums_up(self, chat: str, text: str) -> None:
        """Say how the customer was understood."""
        self.link.put(Say(id=secrets.token_urlsafe(16), chat=chat, text=text, summary=True))

    def offers(self, chat: str, text: str, *options: Option) -> None:
        """Let the customer choose."""
        self.link.put(Say(id=secrets.token_urlsafe(16), chat=chat, text=text, options=options))

    def promises(self, chat: str, text: str, ms: int) -> None:
        """Say something, to be back in so long."""
        self.link.put(Say(id=secrets.token_urlsafe(16), chat=chat, text=text, promise=ms))

    async def takes_left(self) -> str:
        """Take the first left message once there is one; the chat."""
        await self.until(lambda: bool(self.journal.left and self.journal.left.rows))
        assert self.journal.left is not None
        chat = self.journal.left.rows[0].chat
        self.link.put(Take(id=secrets.token_urlsafe(16), chat=chat))
        await self.until(lambda: chat in self.chats)
        return chat

    def closes(self, chat: str) -> None:
        """End the chat."""
        self.link.put(CloseChat(id=secrets.token_urlsafe(16), chat=chat))

    def sees(self, chat: str) -> None:
        """Look at the chat."""
        self.link.saw(chat)

    def types(self, chat: str) -> None:
        """Press a key."""
        self.link.typed(chat)
