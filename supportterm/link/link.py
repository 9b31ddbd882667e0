"""A client's connection: it comes back by itself, and nothing put is forgotten on the way."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from msgspec import Struct
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as websockets_connect
from websockets.exceptions import ConnectionClosed

from supportterm.link import address
from supportterm.link.backoff import Backoff
from supportterm.link.changes import Change
from supportterm.link.journal import Journal, Question
from supportterm.link.options import CLOSE_SECONDS, options
from supportterm.link.state import LinkState, StateChanged
from supportterm.protocol import frames
from supportterm.protocol.codec import BadFrame, decode_server, encode
from supportterm.protocol.codes import CLOSE_TEXT, Close, reconnects
from supportterm.protocol.frames import Command, FromServer

OnChange = Callable[[Sequence[Change | StateChanged]], None]
Keep = Callable[[dict[str, Any]], None]

#: Until `welcome` a server is expected to be quick.
WELCOME_MS: Final = 10_000

_log = logging.getLogger(__name__)


class _End(Struct, frozen=True):
    """How a connection ended. ``code``: the close code, 1006 if none came."""

    code: int = 1006
    text: str = ""


class Link:
    """Keeps a `Journal` connected to ``url`` until it is told to stop.

    An agent's ``url`` may be the server's alone ("wss://host"); a customer's is complete
    (`address.shop_url`). ``on_change`` gets all changes of one turn of the loop at once, in order; it
    is called in the loop and must neither block nor raise. ``keep`` stores a `Journal.dump` durably
    (an `Outbox`'s ``save``) before a command leaves. ``connect`` is
    `websockets.asyncio.client.connect` or its like; ``rand`` gives numbers in [0, 1) for the jitter.
    Raises `LinkError` at once for an address that cannot work: plain ``ws`` to another machine is
    one, unless ``plain`` allows it.
    """

    def __init__(
        self,
        url: str,
        token: str,
        journal: Journal,
        *,
        on_change: OnChange,
        keep: Keep | None = None,
        lang: str = "",
        client: str = "",
        takeover: bool = False,
        origin: str = "",
        plain: bool = False,
        ssl_context: ssl.SSLContext | None = None,
        connect: Callable[..., Awaitable[ClientConnection]] | None = None,
        rand: Callable[[], float] = random.random,
    ) -> None:
        self.url: Final = address.agent_url(url) if journal.role == "agent" else url
        address.check(self.url, plain=plain)
        self.journal: Final = journal
        self.state = LinkState("connecting")
        self._token = token
        self._on_change = on_change
        self._keep = keep
        self._kept = journal.stored
        self._lang = lang
        self._client = client
        self._takeover = takeover
        self._options = options(self.url, origin, ssl_context)
        self._connect = connect or websockets_connect
        self._backoff = Backoff(rand)
        # Tells this window from others of the same sign-in; 106 bits are never drawn twice.
        self._instance = f"{int(rand() * 2**53):x}{int(rand() * 2**53):x}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._attempt: asyncio.Task[_End] | None = None
        self._socket: ClientConnection | None = None
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._stopping = False
        self._at_once = False
        self._come_back_ms: int | None = None
        self._refusal = ""
        self._arrived: list[FromServer] = []
        self._found: list[Change | StateChanged] = []
        self._turn: asyncio.Handle | None = None
        self._watchdog: asyncio.TimerHandle | None = None
        self._heard = 0
        self._drained: list[asyncio.Future[None]] = []

    # --- what the person does --------------------------------------------------------------------

    def put(self, command: Command) -> None:
        """Write a command down, then send it as soon as its turn comes, across reconnects.

        Raises `OutboxFull`, and what ``keep`` raises: then nothing was put.
        """
        found = self.journal.put(command)
        try:
            self._save()
        except Exception:
            if found:
                self.journal.take_back(command.id)
            raise
        self._changed(found)
        self._wake.set()

    def saw(self, chat: str) -> None:
        """A person had the newest event of the chat before their eyes."""
        self.journal.saw(chat)
        self._wake.set()

    def more(self, chat: str) -> None:
        """Ask for older events of the chat."""
        self.journal.more(chat)
        self._wake.set()

    def typed(self, chat: str) -> None:
        """A key was pressed in the chat's text."""
        self.journal.typed(chat, self.now_ms())
        self._wake.set()

    def stopped_typing(self, chat: str) -> None:
        """The chat's text was emptied."""
        self.journal.stopped_typing(chat)
        self._wake.set()

    def pressed(self) -> None:
        """A key was pressed anywhere at the console."""
        self.journal.pressed(self.now_ms())
        self._wake.set()

    def ask(self, question: Question) -> None:
        """Ask something; the answer comes among the changes."""
        self.journal.ask(question)
        self._wake.set()

    def watch(self, chat: str) -> None:
        """Read along in this chat."""
        self.journal.watch(chat)
        self._wake.set()

    def unwatch(self, chat: str) -> None:
        """Read along no more."""
        self._changed(self.journal.unwatch(chat))
        self._wake.set()

    def take_over(self) -> None:
        """Reconnect at once as the console that writes."""
        self._takeover = True
        self._at_once = True
        self.hurry()
        if self._socket is not None:
            self._socket.transport.abort()

    def hurry(self) -> None:
        """Try now, not at the end of the wait: the network or the screen came back."""
        self._hurry.set()

    def stop(self) -> None:
        """End `run` soon; what is unanswered stays in the journal."""
        self._stopping = True
        self._hurry.set()
        if self._attempt is not None:
            self._attempt.cancel()

    async def drained(self) -> None:
        """Wait until every command is answered; it may take for ever while the server is away."""
        while any(log.outbox for log in self.journal.chats.values()) or self.journal.own:
            answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._drained.append(answered)
            await answered

    def now_ms(self) -> int:
        """The clock of ``until`` and of the journal's times: steady, local, in milliseconds."""
        return int((self._loop or asyncio.get_running_loop()).time() * 1_000)

    # --- coming and going ------------------------------------------------------------------------

    async def run(self) -> LinkState:
        """Connect and stay connected; returns the state it stopped in. May be run again afterwards."""
        self._loop = asyncio.get_running_loop()
        self._changed([])
        while not self._stopping:
            self._stands(LinkState("connecting"))
            self._hurry.clear()
            end = await self._try()
            if self._told_to_stop():
                break
            if not reconnects(end.code):
                return self._stands(LinkState("stopped", end.text, code=end.code))
            wait = self._wait_ms()
            self._stands(LinkState("waiting", end.text, self.now_ms() + wait, end.code))
            with suppress(TimeoutError):
                async with asyncio.timeout(wait / 1_000):
                    await self._hurry.wait()
        # Only now: `stop` may have come before this began.
        self._stopping = False
        return self._stands(LinkState("stopped"))

    def _told_to_stop(self) -> bool:
        return self._stopping

    async def _try(self) -> _End:
        """One connection from its beginning to its end."""
        self._attempt = asyncio.ensure_future(self._once())
        try:
            await asyncio.wait({self._attempt})
        finally:
            if not self._attempt.done():
                self._attempt.cancel()
                await asyncio.wait({self._attempt})
        if self._attempt.cancelled():
            return _End()
        return self._attempt.result()

    async def _once(self) -> _End:
        try:
            socket = await self._connect(self.url, **self._options)
        except Exception as error:
            # The library may raise anything here, AttributeError after an abort included.
            return _End(text=address.why(error, self.url))
        begun = self.now_ms()
        writer: asyncio.Task[None] | None = None
        try:
            self._socket = socket
            self._heard = begun
            self._refusal = ""
            self._watch(socket)
            takeover, self._takeover = self._takeover, False
            hello = self.journal.hello(
                self._token,
                lang=self._lang,
                client=self._client,
                instance=self._instance,
                takeover=takeover,
            )
            await socket.send(encode(hello), text=True)
            writer = asyncio.ensure_future(self._write(socket))
            return await self._read(socket)
        except ConnectionClosed as closed:
            return self._ended(closed)
        finally:
            self._socket = None
            if writer is not None:
                writer.cancel()
            if self._watchdog is not None:
                self._watchdog.cancel()
            self._apply()
            if self.journal.online:
                self._backoff.stood(self.now_ms() - begun)
            self._changed(self.journal.lost())
            if self._stopping:
                with suppress(Exception):
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await socket.close()
            socket.transport.abort()

    def _ended(self, closed: ConnectionClosed) -> _End:
        if closed.rcvd is None:
            return _End(text="The connection was lost.")
        code = closed.rcvd.code
        return _End(code, self._refusal or CLOSE_TEXT.get(code, "") or "The server closed the connection.")

    def _wait_ms(self) -> int:
        wait = self._backoff.next_ms()
        if self._come_back_ms is not None:
            # The server chose it, different for each client: it knows how many will come.
            wait, self._come_back_ms = self._come_back_ms, None
        if self._at_once:
            self._at_once = False
            wait = 0
        return wait

    # --- reading ---------------------------------------------------------------------------------

    async def _read(self, socket: ClientConnection) -> _End:
        while True:
            raw = await socket.recv(decode=False)
            self._heard = self.now_ms()
            try:
                frame = decode_server(raw)
            except BadFrame as bad:
                _log.warning("The server sent a frame that cannot be read: %s", bad)
                await socket.close(Close.PROTOCOL)
                return _End(text="The server sent something this version cannot read.")
            if frame is not None:
                self._arrived.append(frame)
                self._schedule()

    def _schedule(self) -> None:
        """Frames that arrive in one turn of the loop are applied and told together."""
        if self._turn is None and self._loop is not None:
            self._turn = self._loop.call_soon(self._apply)

    def _apply(self) -> None:
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        arrived, self._arrived = self._arrived, []
        now = self.now_ms()
        for frame in arrived:
            self._found += self.journal.take(frame, now)
            match frame:
                case frames.Welcome():
                    self.state = LinkState("online")
                    self._found.append(StateChanged(self.state))
                    self._rewatch()
                case frames.Bye():
                    self._come_back_ms = frame.after_ms
                case frames.Err(id=""):
                    self._refusal = frame.text
                case _:
                    pass
        if arrived:
            self._wake.set()
        self._tell()

    def _tell(self) -> None:
        found, self._found = self._found, []
        for waiting in self._drained:
            if not waiting.done():
                waiting.set_result(None)
        self._drained.clear()
        if found:
            self._on_change(found)

    def _changed(self, found: Sequence[Change | StateChanged]) -> None:
        self._found += found
        if self._found:
            self._schedule()

    def _stands(self, state: LinkState) -> LinkState:
        self.state = state
        self._changed([StateChanged(state)])
        return state

    # --- writing ---------------------------------------------------------------------------------

    async def _write(self, socket: ClientConnection) -> None:
        try:
            await self._pump(socket)
        except ConnectionClosed:
            pass
        except Exception:
            # Nobody reads on from a connection that cannot be written to.
            _log.exception("Writing to the server failed")
            socket.transport.abort()

    async def _pump(self, socket: ClientConnection) -> None:
        spoke = self.now_ms()
        while True:
            self._wake.clear()
            self._changed(self.journal.fade(self.now_ms()))
            self._save_quietly()
            for frame in self.journal.to_send(self.now_ms()):
                await socket.send(encode(frame), text=True)
                spoke = self.now_ms()
            beat_at = spoke + self.journal.limits.beat_ms
            if beat_at <= self.now_ms():
                await socket.send(encode(frames.Beat()), text=True)
                spoke = self.now_ms()
                continue
            at = self.journal.next_at()
            until = beat_at if at is None else min(at, beat_at)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0, until - self.now_ms()) / 1_000):
                    await self._wake.wait()

    def _watch(self, socket: ClientConnection) -> None:
        """Cut a connection that has been silent for too long; the library's own pings are off."""
        limit = self.journal.limits.dead_ms if self.journal.online else WELCOME_MS
        left = limit - (self.now_ms() - self._heard)
        if left <= 0:
            socket.transport.abort()
        elif self._loop is not None:
            self._watchdog = self._loop.call_later(left / 1_000, self._watch, socket)

    def _rewatch(self) -> None:
        if self._watchdog is not None and self._socket is not None:
            self._watchdog.cancel()
            self._watch(self._socket)

    def _save(self) -> None:
        if self._keep is not None and self._kept != self.journal.stored:
            stored = self.journal.stored
            self._keep(self.journal.dump())
            self._kept = stored

    def _save_quietly(self) -> None:
        # What is not saved here are answers; without them the next start repeats a command, harmlessly.
        try:
            self._save()
        except Exception as error:
            _log.warning("The outbox could not be written: %s", error)
