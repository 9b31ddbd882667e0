"""A connection, and what is sent over it without ever waiting for a slow reader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from websockets.asyncio.server import ServerConnection
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event, State

from server.gateway.framing import text_at, text_frame
from supportterm.protocol.codec import encode
from supportterm.protocol.codes import Close
from supportterm.protocol.frames import ServerFrame

#: Before its `hello` a peer is sent next to nothing.
_MOST_BEFORE_HELLO: Final = 65_536
#: Frames that wait for `Outlet.flush` are written at the latest at this size, so that the transport can
#: say that it is full.
_MOST_AT_ONCE: Final = 16_384


class Connection(ServerConnection):
    """A server's WebSocket connection that tells its outlet when the transport's buffer fills and drains.

    Of what the library answers by itself (pongs), at most ``most`` bytes wait for a peer that reads none
    of it; then the peer is cut off. ``verdict``: set by the door on a connection that is to be closed as
    soon as it stands, so that a browser learns the reason; ``shop`` and ``address``: what the door found
    out; ``network``: the address that people are counted and blocked by, "" if it tells nobody apart;
    ``own_page``: it comes from the server's own page, which opens what a link opens and nothing else.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outlet: Outlet | None = None
        self.verdict: Close | None = None
        self.shop = ""
        self.address = ""
        self.network = ""
        self.own_page = False
        self.most = _MOST_BEFORE_HELLO
        #: Whether anything came since `Keepalive` asked, and in which of its parts this connection is.
        self.heard = True
        self.part = 0
        #: Set while a session waits for a frame and none is queued: takes a whole text frame at once, or
        #: declines. Waking the session's task for each would cost as much as deciding a message.
        self.take: Callable[[bytes], bool] | None = None

    def process_event(self, event: Event) -> None:
        """A request or a frame came in."""
        if self.take is not None and isinstance(event, Frame) and event.opcode in DATA_OPCODES:
            if event.opcode is Opcode.TEXT and event.fin and self.take(bytes(event.data)):
                return
            # What comes from here on stays behind this frame.
            self.take = None
        super().process_event(event)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        self.heard = True
        if self.paused and self.transport.get_write_buffer_size() > self.most:
            if self.outlet is not None:
                self.outlet.cut()
            else:
                self.transport.abort()
            return
        taken = self._take_whole(data) if self.take is not None else 0
        if taken == len(data):
            return
        super().data_received(data[taken:] if taken else data)
        if self.request is not None and self.response is None and self.protocol.eof_sent:
            # More came before the handshake's answer and was no WebSocket: the library has given up, and
            # would stumble over itself when it answers all the same.
            self.transport.abort()

    def _take_whole(self, data: bytes) -> int:
        """Take the whole texts that ``data`` begins with, until one is declined; how many bytes that is."""
        protocol, at = self.protocol, 0
        # The library is in the middle of a frame or of a message in pieces, or sees to the end.
        if protocol.reader.buffer or protocol.current_size is not None or protocol.state is not State.OPEN:
            return 0
        while self.take is not None and (found := text_at(data, at)) is not None and self.take(found[0]):
            at = found[1]
        return at

    def pause_writing(self) -> None:
        """The transport's buffer is full."""
        super().pause_writing()
        if self.outlet is not None:
            self.outlet.pause()

    def resume_writing(self) -> None:
        """The transport's buffer has drained."""
        super().resume_writing()
        if self.outlet is not None:
            self.outlet.resume()


class Outlet:
    """Sends frames over one connection.

    Events are sent by cursors, which stop while `paused`. State (marks, views) is kept, newest only,
    until there is room. Answers go at any time, up to ``most`` buffered bytes. A peer that takes
    nothing for ``patience`` seconds is cut off.
    """

    __slots__ = (
        "_at_once",
        "_buffered",
        "_connection",
        "_loop",
        "_most",
        "_on_resume",
        "_on_slow",
        "_patience",
        "_state",
        "_timer",
        "_waiting",
        "paused",
    )

    def __init__(
        self, connection: Connection, patience: float, most: int, on_slow: Callable[[], None]
    ) -> None:
        self.paused = False
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._patience = patience
        self._most = most
        self._on_slow = on_slow
        self._on_resume: Callable[[], None] = lambda: None
        self._state: dict[tuple[str, str], bytes] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._buffered = 0
        self._waiting: list[bytes] = []
        self._at_once = 0
        connection.outlet = self
        connection.most = most

    def on_resume(self, call: Callable[[], None]) -> None:
        """Call this whenever there is room again."""
        self._on_resume = call

    def send(self, frame: bytes) -> None:
        """Send a JSON frame now."""
        self.put(frame)
        self.flush()

    def put(self, frame: bytes) -> None:
        """Send a JSON frame with the next `flush`, which must come before anybody waits for anything."""
        self._waiting.append(text_frame(frame))
        self._at_once += len(frame)
        if self._at_once >= _MOST_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was put, all at once: one write costs as much as deciding a message."""
        waiting = self._waiting
        if not waiting:
            return
        data = waiting[0] if len(waiting) == 1 else b"".join(waiting)
        waiting.clear()
        self._at_once = 0
        connection = self._connection
        # What belongs to a connection that is ending is read from the log by the next one.
        if connection.protocol.state is State.OPEN and not connection.transport.is_closing():
            connection.transport.write(data)

    def answer(self, frame: ServerFrame) -> None:
        """Send a frame that cannot be left out; a peer that lets too many pile up is cut off."""
        if self.paused and self._connection.transport.get_write_buffer_size() > self._most:
            self.cut()
            return
        self.send(encode(frame))

    def state(self, key: tuple[str, str], frame: ServerFrame) -> None:
        """Send a frame whose newest value counts; while there is no room, only that is kept."""
        if self.paused:
            self._state[key] = encode(frame)
        else:
            self.send(encode(frame))

    def passing(self, frame: ServerFrame) -> None:
        """Send a frame that may be lost."""
        if not self.paused:
            self.send(encode(frame))

    def pause(self) -> None:
        """The transport's buffer is full."""
        self.paused = True
        self._buffered = self._connection.transport.get_write_buffer_size()
        self._timer = self._loop.call_later(self._patience, self._impatient)

    def resume(self) -> None:
        """The transport's buffer has drained."""
        self.paused = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        state, self._state = self._state, {}
        for frame in state.values():
            self.send(frame)
        self._on_resume()

    def _impatient(self) -> None:
        buffered = self._connection.transport.get_write_buffer_size()
        if buffered < self._buffered:
            self._buffered = buffered
            self._timer = self._loop.call_later(self._patience, self._impatient)
        else:
            self.cut()

    def cut(self) -> None:
        """Abort the connection: what is buffered is lost, and the peer comes back with its cursor."""
        self._on_slow()
        self._connection.transport.abort()

    def stop(self) -> None:
        """The connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._connection.outlet = None
