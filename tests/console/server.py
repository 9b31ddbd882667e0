"""A server's side of one wire, held in the hand: frames in, frames out, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from websockets.exceptions import ConnectionClosedError

from supportterm.link.chatlog import data_of
from supportterm.protocol import kinds, views
from supportterm.protocol.codec import decode_client, encode
from supportterm.protocol.frames import (
    By,
    Chat,
    ClientFrame,
    Event,
    FromClient,
    Head,
    Hello,
    Limits,
    Mark,
    Marks,
    Me,
    Note,
    Say,
    ServerFrame,
    View,
    Welcome,
)

#: Sunday 22 November 2026, 14:00 UTC.
NOON = 1_795_356_000_000
MINUTE = 60_000
CUSTOMER = By("customer")
SANNE = By("agent", "Sanne", "a1")
BO = By("agent", "Bo", "a2")
DESK = By("desk")


class Transport:
    """What the link asks of a transport."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    def abort(self) -> None:
        self._socket.cut()


class Socket:
    """One connection's client end, as `websockets` would give it to a link."""

    def __init__(self, server: HandServer) -> None:
        self._server = server
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.transport = Transport(self)
        self.open = True

    async def send(self, raw: bytes, *, text: bool) -> None:
        assert text
        if not self.open:
            raise ConnectionClosedError(None, None)
        self._server.hear(self, decode_client(raw.decode()))

    async def recv(self, *, decode: bool) -> bytes:
        assert not decode
        raw = await self._inbox.get()
        if raw is None:
            raise ConnectionClosedError(None, None)
        return raw

    async def close(self, code: int = 1000, reason: str = "") -> None:
        self.cut()

    def cut(self) -> None:
        if self.open:
            self.open = False
            self._inbox.put_nowait(None)

    def give(self, frame: ServerFrame) -> None:
        self._inbox.put_nowait(encode(frame))


class HandServer:
    """Answers `hello` with ``chats`` and the views; all else the test says by `give`.

    ``heard`` are the frames that came, marks and typing apart in ``signs``.
    """

    def __init__(self) -> None:
        self.socket: Socket | None = None
        self.reachable = True
        self.heard: list[FromClient] = []
        self.signs: list[FromClient] = []
        self.hellos: list[Hello] = []
        self.chats: dict[str, list[Event]] = {}
        self.heads: dict[str, Head] = {}
        self.firsts: dict[str, int] = {}
        self.writing = True
        self.status = "online"
        self.queue = views.Queue(size=0, oldest_at=0)
        #: Fields of the view `mine` beside chats, status and writing; other views by name.
        self.mine: dict[str, Any] = {}
        self.views: dict[str, msgspec.Struct] = {}
        self.title = "agent"
        self.epoch = "e1"
        self.practice = False
        self._version = 0

    async def connect(self, url: str, **options: Any) -> Socket:
        if not self.reachable:
            raise OSError("nobody listens there")
        self.socket = Socket(self)
        return self.socket

    def hear(self, socket: Socket, frame: FromClient) -> None:
        if isinstance(frame, Hello):
            self.hellos.append(frame)
            self.writing = self.writing or frame.takeover
            self._welcome(socket, frame)
        elif isinstance(frame, Mark) or type(frame).__name__ in ("Typing", "Beat", "Active"):
            self.signs.append(frame)
        else:
            self.heard.append(frame)

    def _welcome(self, socket: Socket, hello: Hello) -> None:
        me = Me("agent", "a1", "Sanne", desk="main", title=self.title)
        socket.give(Welcome(self.epoch, NOON, me, Limits(), list(self.chats), practice=self.practice))
        for chat, events in self.chats.items():
            have = hello.have.get(chat, 0) if hello.epoch == self.epoch else 0
            first = max(have + 1, self.firsts.get(chat, 1))
            socket.give(Chat(chat, first, events[-1].seq, self.head(chat)))
            for event in events:
                if event.seq >= first:
                    socket.give(event)
        self.tell_views()

    def tell_views(self) -> None:
        """Send the views as they are now."""
        fields = {"chats": list(self.chats), "load": load(), **self.mine}
        self.view("mine", views.Mine(status=self.status, writing=self.writing, **fields))
        self.view("queue", self.queue)
        for name, value in self.views.items():
            self.view(name, value)

    def view(self, name: str, value: msgspec.Struct) -> None:
        self._version += 1
        self.give(View(name, self._version, msgspec.Raw(msgspec.json.encode(value))))

    def give(self, *frames: ServerFrame) -> None:
        """Send these to the console."""
        assert self.socket is not None
        for frame in frames:
            self.socket.give(frame)

    def add(self, chat: str, *events: Event, **head: Any) -> None:
        """A chat that is there before the console comes."""
        self.chats[chat] = list(events)
        waiting = 0
        for event in events:
            if event.kind == "message":
                waiting = (waiting or event.at) if event.by.role == "customer" else 0
        self.heads[chat] = Head(
            **{
                "state": "open",
                "shop": "Hof & Linde",
                "lang": "nl",
                "opened_at": events[0].at,
                "agent": "Sanne",
                "owner": "a1",
                "waiting_since": waiting,
                "agent_marks": Marks(),
                **head,
            }
        )

    def head(self, chat: str) -> Head:
        """The chat as it stands: who is known, by its events and as it was added, whatever is sent of it."""
        known = self.heads[chat].known
        for event in self.chats[chat]:
            told = data_of(event, kinds.Identified) if event.kind == "identified" else None
            known = known.after(event.kind, event.text, moved=told is not None and bool(told.was))
        return msgspec.structs.replace(self.heads[chat], known=known)

    def come(self, chat: str, *events: Event, **head: Any) -> None:
        """A chat that comes while the console is open."""
        self.add(chat, *events, **head)
        self.give(Chat(chat, 1, events[-1].seq, self.head(chat)), *events)
        self.tell_views()

    def accept(self) -> list[Event]:
        """Answer every text heard and not answered with its event, as the desk would."""
        found = []
        for frame in [f for f in self.heard if isinstance(f, Say | Note)]:
            self.heard.remove(frame)
            events = self.chats[frame.chat]
            kind = "message" if isinstance(frame, Say) else "note"
            event = say(frame.chat, len(events) + 1, NOON + MINUTE, SANNE, frame.text, kind=kind, id=frame.id)
            pub = max((e.pub for e in events), default=0) + 1 if kind == "message" else 0
            event = msgspec.structs.replace(event, pub=pub)
            if isinstance(frame, Say) and (frame.summary or frame.options):
                about = kinds.Message(summary=frame.summary, options=len(frame.options))
                rows = [f"{one.label}\t{one.why}" if one.why else one.label for one in frame.options]
                raw = msgspec.Raw(msgspec.json.encode(about))
                event = msgspec.structs.replace(event, text="\n".join([frame.text, *rows]), data=raw)
            events.append(event)
            found.append(event)
            self.give(event)
        return found


def load(points: int = 100, *parts: views.Part, ceiling: int = 250) -> views.Load:
    """A load made of ``parts``; by default of one waiting customer."""
    held = list(parts) or [views.Part("waiting", 1, points)]
    return views.Load(points, ceiling, sum(part.n for part in held), 5, held)


def sent(frames: Sequence[FromClient], kind: type[ClientFrame]) -> list[Any]:
    """The frames of one kind."""
    return [frame for frame in frames if isinstance(frame, kind)]


def event(
    chat: str,
    seq: int,
    at: int,
    by: By,
    kind: str,
    *,
    pub: int = 0,
    text: str = "",
    data: Any = None,
    id: str = "",
) -> Event:
    raw = msgspec.Raw(msgspec.json.encode(data)) if data is not None else msgspec.UNSET
    return Event(chat, seq, at, kind, by, pub=pub, text=text, data=raw, id=id)


def say(
    chat: str, seq: int, at: int, by: By, text: str, *, kind: str = "message", id: str = "", pub: int = -1
) -> Event:
    shape = kinds.Message() if kind == "message" else kinds.Note()
    if pub < 0:
        pub = seq if kind == "message" else 0
    return event(chat, seq, at, by, kind, pub=pub, text=text, data=shape, id=id)


def beginning(chat: str, at: int, page: str = "https://hof-linde.example/jas?maat=m") -> list[Event]:
    """Opened, seen on a page, joined: events 1 to 3."""
    return [
        event(chat, 1, at, CUSTOMER, "opened", pub=1, data=kinds.Opened("Hof & Linde", "nl")),
        event(chat, 2, at, CUSTOMER, "context", text=page, data=kinds.Context()),
        event(chat, 3, at, SANNE, "joined", pub=2, data=kinds.Joined("Sanne")),
    ]
