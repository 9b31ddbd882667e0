"""A server that says what a test tells it to: what a desk does in hours, a customer sees in seconds.

It speaks the frames of the wire and serves the real files; what it decides is the test's business. By
default it grants every wish.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from server.gateway.pages import Pages
from server.gateway.prelude import widget_prelude
from server.settings import Shop
from supportterm.protocol import frames
from supportterm.protocol.codec import decode_client, encode
from supportterm.protocol.frames import By, Event, Head
from supportterm.protocol.limits import SUBPROTOCOL
from supportterm.protocol.views import Door, Wait

F = TypeVar("F", bound=frames.ClientFrame)

CUSTOMER, DESK, METTE = By("customer"), By("desk"), By("agent", "Mette")
MINUTE = 60_000
#: The one chat of a test that begins with one.
CHAT = "chat-aaaaaaaaaaaaaaaa"


def now() -> int:
    """The wall clock, in ms since 1970."""
    return int(time.time() * 1000)


class Scripted:
    """One shop, one customer. ``refuses`` maps a command's tag to the `err` it gets."""

    def __init__(self) -> None:
        self.door = Door(open=True)
        self.wait = Wait(position=0)
        self.refuses: dict[str, frames.Err] = {}
        self.heads: dict[str, Head] = {}
        self.events: dict[str, list[Event]] = {}
        self.heard: list[frames.ClientFrame] = []
        self._news = asyncio.Condition()
        self._sockets: set[ServerConnection] = set()
        self._version = 0
        self._pages = Pages(True, str, bytes)
        self.address = ""

    # --- what a test says ------------------------------------------------------------------------

    def opens(self, shop: Shop) -> None:
        """Pages that are loaded from now on find the shop set like this."""
        self._pages.begin_widget(widget_prelude({"demo": shop}))

    async def shows(self, *, door: Door | None = None, wait: Wait | None = None) -> None:
        """The door or the wait is another now."""
        self.door, self.wait = door or self.door, wait or self.wait
        for socket in list(self._sockets):
            await self._views(socket)

    async def happens(
        self, kind: str, by: By = DESK, text: str = "", chat: str = CHAT, id: str = "", **data: Any
    ) -> None:
        """An event comes; the chat's head follows."""
        log = self.events.setdefault(chat, [])
        event = Event(
            chat, len(log) + 1, now(), kind, by, id=id, text=text, data=msgspec.Raw(msgspec.json.encode(data))
        )
        log.append(event)
        self._fold(chat, event)
        for socket in list(self._sockets):
            await self._send(socket, event)

    async def begins(self, state: str = "queued") -> None:
        """The customer has a chat already, in which they asked something."""
        await self.happens("opened", CUSTOMER)
        await self.happens("message", CUSTOMER, "Where is my order?")
        if state == "open":
            await self.happens("joined", METTE, name="Mette")

    async def hears(self, shape: type[F]) -> F:
        """The first command of this shape, once it is there; each is told once."""
        async with asyncio.timeout(20), self._news:
            while True:
                for frame in self.heard:
                    if isinstance(frame, shape):
                        self.heard.remove(frame)
                        return frame
                await self._news.wait()

    async def hangs_up(self, code: int = 1001) -> None:
        """The connections are gone."""
        for socket in list(self._sockets):
            await socket.close(code)

    # --- what it does ----------------------------------------------------------------------------

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The widget's files and the demo shop; None for a socket."""
        path = request.path.partition("?")[0]
        if path.startswith("/v1/"):
            return None
        page = self._pages.find(path, "")
        return page.response(request.headers) if page else connection.respond(HTTPStatus.NOT_FOUND, "")

    async def serve(self, socket: ServerConnection) -> None:
        """One connection of the widget."""
        try:
            async for raw in socket:
                assert isinstance(raw, str)
                frame = decode_client(raw)
                assert frame is not None, raw
                await self._take(socket, frame)
        except ConnectionClosed:
            pass
        finally:
            self._sockets.discard(socket)

    async def _take(self, socket: ServerConnection, frame: frames.ClientFrame) -> None:
        if isinstance(frame, frames.Hello):
            await self._welcome(socket, frame)
        elif isinstance(frame, frames.Beat):
            await self._send(socket, frames.BeatBack(time=now()))
        elif isinstance(frame, frames.Command):
            await self._decide(socket, frame)
        async with self._news:
            self.heard.append(frame)
            self._news.notify_all()

    async def _welcome(self, socket: ServerConnection, hello: frames.Hello) -> None:
        me = frames.Me("customer", "c1")
        await self._send(
            socket, frames.Welcome("epoch-1", now(), me, frames.Limits(), chats=list(self.heads), shop="demo")
        )
        for chat, head in self.heads.items():
            first = hello.have.get(chat, 0) + 1
            events = self.events[chat]
            await self._send(socket, frames.Chat(chat, first, len(events), head))
            for event in events[first - 1 :]:
                await self._send(socket, event)
        self._sockets.add(socket)
        await self._views(socket)

    async def _decide(self, socket: ServerConnection, command: frames.Command) -> None:
        tag = command.__struct_config__.tag
        err = self.refuses.get(str(tag))
        if err is not None:
            await self._send(socket, replace(err, id=command.id))
            return
        chat, id = getattr(command, "chat", CHAT), command.id
        new = chat not in self.heads
        match command:
            case frames.Open():
                await self._begin(socket, chat, id)
            case frames.Say(text=text, re=re, answer=answer, choice=choice):
                if new:
                    await self._send(socket, frames.Err("no_chat", id=id, chat=chat))
                else:
                    said = {"re": re, "answer": answer, "choice": choice} if re else {}
                    await self.happens("message", CUSTOMER, text, chat, id, **said)
            case frames.LeaveMessage(text=text):
                if new:
                    await self._begin(socket, chat, "")
                await self.happens("message", CUSTOMER, text, chat, id, masked=0)
                await self.happens("left", CUSTOMER, chat=chat, due_at=now() + 24 * 60 * MINUTE)
            case frames.ChooseLanguage(choice=choice):
                await self.happens("language_chosen", CUSTOMER, chat=chat, id=id, choice=choice)
            case frames.NeedTime():
                await self.happens("time_needed", CUSTOMER, chat=chat, id=id, until=now() + 5 * MINUTE)
            case frames.GiveContact():
                await self._send(socket, frames.Ok(id))
            case frames.CloseChat():
                await self.happens("closed", CUSTOMER, chat=chat, id=id, reason="customer", appeal="")
            case frames.Reopen():
                await self.happens("reopened", CUSTOMER, chat=chat, id=id)
            case _:
                raise AssertionError(command)

    async def _begin(self, socket: ServerConnection, chat: str, id: str) -> None:
        self.heads[chat] = Head("queued", "demo", "en", now())
        await self._send(socket, frames.Chat(chat, 1, 0, self.heads[chat]))
        await self.happens("opened", CUSTOMER, chat=chat, id=id, shop="demo", lang="en", topic="")

    def _fold(self, chat: str, event: Event) -> None:
        head = self.heads.get(chat) or Head("queued", "demo", "en", event.at)
        match event.kind:
            case "joined":
                head = replace(head, state="open", agent=event.by.name)
            case "left":
                head = replace(head, state="left")
            case "callback":
                head = replace(head, state="left", agent="")
            case "closed":
                head = replace(head, state="closed")
            case "promised" | "promise_extended" | "promise_moved":
                assert isinstance(event.data, msgspec.Raw)
                head = replace(head, promise_due=msgspec.json.decode(event.data)["due_at"])
            case "promise_ended":
                head = replace(head, promise_due=0)
            case "reopened":
                head = replace(head, state="open" if head.agent else "queued")
            case _:
                pass
        self.heads[chat] = head

    async def _views(self, socket: ServerConnection) -> None:
        self._version += 1
        for name, value in (("door", self.door), ("wait", self.wait)):
            raw = msgspec.Raw(msgspec.json.encode(value))
            await self._send(socket, frames.View(name, self._version, raw))

    async def _send(self, socket: ServerConnection, frame: frames.ServerFrame) -> None:
        try:
            await socket.send(encode(frame).decode())
        except ConnectionClosed:
            self._sockets.discard(socket)


@asynccontextmanager
async def scripted() -> AsyncIterator[Scripted]:
    """The server, listening while open."""
    script = Scripted()
    listening: Server
    async with serve(
        script.serve,
        "127.0.0.1",
        0,
        process_request=script.answer,
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
    ) as listening:
        host, port = next(iter(listening.sockets)).getsockname()[:2]
        script.address = f"{host}:{port}"
        yield script
