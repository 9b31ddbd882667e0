"""One end of a connection in memory, as an asyncio transport."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .loop import Process

if TYPE_CHECKING:
    from .network import Wire

#: As in asyncio.transports: pause the protocol above 64 KiB, resume it at a quarter.
HIGH_WATER = 65_536


class End(asyncio.Transport):
    """What it writes waits in ``buffer`` until the other side's window has room, then travels.

    Bytes that the other side has not read yet fill the window, as in TCP: a reader that stalls, or a
    wire gone silent, makes the writer's buffer grow.
    """

    def __init__(
        self,
        wire: Wire,
        process: Process,
        name: tuple[str, Any],
        peer_name: tuple[str, Any],
        base: float,
        dice: random.Random,
    ) -> None:
        super().__init__({"sockname": name, "peername": peer_name, "sslcontext": None, "ssl_object": None})
        self.wire = wire
        self.process = process
        self.peer: End | None = None
        self.protocol: asyncio.Protocol | None = None
        self.lost = False
        self.stalled = False
        self.on_lost: Callable[[], None] = lambda: None
        self._base = base
        self._dice = dice
        self._buffer: deque[bytes] = deque()
        self._size = 0
        self._in_flight = 0
        self._arrives_after = 0.0
        self._high, self._low = HIGH_WATER, HIGH_WATER // 4
        self._writing_paused = False
        self._reading_paused = False
        self._closing = False
        self._eof = False
        self._eof_sent = False
        self._told = False
        #: What has arrived and was not read; None is the end of the stream.
        self._inbox: deque[bytes | None] = deque()

    def begin(self, protocol: asyncio.Protocol) -> None:
        """Give the end its protocol."""
        self.protocol = protocol
        protocol.connection_made(self)
        self._read()

    # --- what asyncio asks of a transport ------------------------------------------------------------

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        if name == "socket":
            from .network import Socket

            return Socket(super().get_extra_info("sockname"))
        return super().get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self.protocol is not None
        return self.protocol

    def is_closing(self) -> bool:
        return self._closing

    def is_reading(self) -> bool:
        return not self._reading_paused and not self._closing

    def pause_reading(self) -> None:
        self._reading_paused = True

    def resume_reading(self) -> None:
        self._reading_paused = False
        self.process.soon(self._read)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if high is None:
            high = HIGH_WATER if low is None else 4 * low
        self._high, self._low = high, high // 4 if low is None else low
        self._maybe_pause()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._low, self._high

    def get_write_buffer_size(self) -> int:
        return self._size

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._closing or not data:
            return
        self.wire.network.written(self, bytes(data))
        self._buffer.append(bytes(data))
        self._size += len(data)
        self._flush()
        self._maybe_pause()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        if not self._closing and not self._eof:
            self._eof = True
            self._flush()

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._flush()

    def abort(self) -> None:
        if not self.lost:
            self._trace("aborts")
            if self.peer is not None and not self.wire.silent:
                self.peer.reset_soon()
            self.drop(None)

    # --- sending ---------------------------------------------------------------------------------------

    def _latency(self) -> float:
        now = self.process.loop.time()
        spike = self.wire.spike if now < self.wire.spike_until else 0.0
        return 0.00001 + self._base * self._dice.uniform(0.8, 1.6) + spike

    def _travel(self, arrive: Callable[..., None], *args: Any) -> None:
        """Bytes and the end of the stream arrive in the order they were sent."""
        if self.wire.silent:
            return
        assert self.peer is not None
        loop = self.process.loop
        # Strictly later than what was sent before: timers of one moment come up in no promised order.
        self._arrives_after = max(loop.time() + self._latency(), self._arrives_after + 1e-6)
        # A dead process reads nothing, but its machine still answers.
        there = self.peer.process
        context = there.context if there.alive else self.wire.network.kernel
        loop.call_at(self._arrives_after, arrive, *args, context=context)

    def _flush(self) -> None:
        assert self.peer is not None
        while self._buffer and self._in_flight < self.wire.window:
            head = self._buffer.popleft()
            room = self.wire.window - self._in_flight
            # Streams have no borders: now and then a write arrives in two pieces.
            take = (
                self._dice.randrange(1, len(head))
                if len(head) > 1 and self._dice.random() < 0.05
                else len(head)
            )
            piece, rest = head[: min(take, room)], head[min(take, room) :]
            if rest:
                self._buffer.appendleft(rest)
            self._size -= len(piece)
            self._in_flight += len(piece)
            self._travel(self.peer.arrive, piece)
        if not self._buffer:
            if (self._eof or self._closing) and not self._eof_sent:
                self._eof_sent = True
                self._travel(self.peer.arrive, None)
            if self._closing:
                self.drop(None)
        if self._writing_paused and self._size <= self._low and not self.lost:
            self._writing_paused = False
            assert self.protocol is not None
            self.protocol.resume_writing()

    def _maybe_pause(self) -> None:
        if self._size > self._high and not self._writing_paused:
            self._writing_paused = True
            self._trace(f"pauses writing at {self._size}")
            assert self.protocol is not None
            self.protocol.pause_writing()

    def _was_read(self, size: int) -> None:
        self._in_flight -= size
        if not self.lost:
            self._flush()

    # --- receiving -------------------------------------------------------------------------------------

    def arrive(self, piece: bytes | None) -> None:
        """Bytes, or None for the end of the stream, reach this side's machine."""
        if self.wire.silent:
            return
        if self.lost:
            if piece is not None and self.peer is not None:
                self.peer.reset_soon()
            return
        if self.wire.torn:
            return
        self._inbox.append(piece)
        self._read()

    def stall(self, stalled: bool) -> None:
        """Stop or go on reading, whatever the protocol wants."""
        self.stalled = stalled
        if not stalled and self.process.alive:
            self.process.soon(self._read)

    def _read(self) -> None:
        while self._inbox and self.protocol is not None and self.peer is not None:
            if self._reading_paused or self.stalled or self._closing:
                return
            piece = self._inbox.popleft()
            if piece is None:
                self._trace("reads the end")
                if not self.protocol.eof_received():
                    self.close()
                return
            self._trace(f"reads {len(piece)}")
            self.peer.process.soon(self.peer._was_read, len(piece))
            self.protocol.data_received(piece)

    # --- ending ----------------------------------------------------------------------------------------

    def reset_soon(self) -> None:
        """A reset travels to this end."""
        if not self.lost:
            self.process.later(self._latency(), self._reset)

    def _reset(self) -> None:
        if not self.lost and not self.wire.silent:
            self._trace("is reset")
            self.drop(ConnectionResetError(104, "Connection reset by peer"))

    def drop(self, error: Exception | None) -> None:
        """Over for this side: forget all, and tell the protocol in the next step."""
        if self.lost:
            return
        self.lost = self._closing = True
        self._buffer.clear()
        self._size = 0
        self._inbox.clear()
        self.process.soon(self._tell, error)

    def end(self) -> None:
        """Tell the protocol, if nobody has."""
        self.lost = self._closing = True
        self.process.soon(self._tell, None)

    def _tell(self, error: Exception | None) -> None:
        if self.protocol is not None and not self._told:
            self._told = True
            self._trace("is over")
            self.protocol.connection_lost(error)
            self.on_lost()

    def _trace(self, what: str) -> None:
        self.wire.network.trace(self.process.name, f"{self.wire.number} {what}")
