"""The frames that are read and written without the library mean to it what they mean to us."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.connection import Connection as AnyConnection
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from server.gateway.framing import text_at, text_frame
from server.gateway.outlet import Connection
from tests.hostile.raw import BINARY, CONTINUATION, PING, PONG, TEXT, frame

#: Lengths around each border of the header's three shapes.
LENGTHS: Final = (0, 1, 124, 125, 126, 127, 128, 65_535, 65_536)


def library(data: bytes) -> list[Frame]:
    """What the library reads in a client's bytes."""
    protocol = ServerProtocol(max_size=None, state=State.OPEN)
    protocol.receive_data(data)
    assert protocol.parser_exc is None
    return [event for event in protocol.events_received() if isinstance(event, Frame)]


def from_library(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """A client's frame with a random key."""
    return Frame(opcode, payload, fin).serialize(mask=True)


def test_what_is_written() -> None:
    for size in LENGTHS:
        payload = b"x" * size
        assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whole_texts_are_read_one_after_another(one: bytes, other: bytes) -> None:
    first, second = from_library(one), from_library(other)
    assert text_at(first + second, 0) == (one, len(first))
    assert text_at(first + second, len(first)) == (other, len(first + second))
    assert text_at(first + second, len(first + second)) is None


def test_texts_of_any_length_are_read_or_left_to_the_library() -> None:
    for size in LENGTHS:
        data = from_library(b"x" * size)
        assert text_at(data, 0) == ((b"x" * size, len(data)) if size < 65_536 else None)


def test_a_text_that_is_not_all_there() -> None:
    for size in (0, 10, 200):
        data = from_library(b"x" * size)
        for end in range(len(data)):
            assert text_at(data[:end], 0) is None


def test_all_else_is_left_to_the_library() -> None:
    for opcode in (BINARY, CONTINUATION, 0x8, PING, PONG, 0x3, 0xB):
        assert text_at(frame(b"x", opcode), 0) is None
    assert text_at(frame(b"x", final=False), 0) is None
    assert text_at(frame(b"x", masked=False), 0) is None
    for bit in (0x10, 0x20, 0x40):
        assert text_at(frame(b"x", TEXT, reserved=bit), 0) is None


# --- in a connection ----------------------------------------------------------------------------------


class Silent(asyncio.Transport):
    """Nobody is at the other end."""

    def write(self, data: bytes | bytearray | memoryview) -> None: ...

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def a_connection(takes: bytes = b"") -> tuple[Connection, list[bytes]]:
    """One that stands, and the texts that were taken at once: those that begin with ``takes``."""
    connection = Connection(ServerProtocol(state=State.OPEN, logger=logging.getLogger("none")), None)
    # As after the handshake, without the task that would serve it.
    AnyConnection.connection_made(connection, Silent())
    connection.request = connection.response = object()  # type: ignore[assignment]
    taken: list[bytes] = []

    def take(text: bytes) -> bool:
        if text.startswith(takes):
            taken.append(text)
            return True
        return False

    connection.take = take
    return connection, taken


def queued(connection: Connection) -> list[bytes]:
    return [bytes(frame.data) for frame in connection.recv_messages.frames.queue]


async def test_texts_are_taken_in_their_order_however_they_are_cut() -> None:
    texts = [b"%d" % number * size for number, size in enumerate((1, 50, 125, 126, 300))]
    data = b"".join(map(from_library, texts))
    for step in (*range(1, 40), 130, len(data)):
        connection, taken = a_connection()
        for at in range(0, len(data), step):
            connection.data_received(data[at : at + step])
        assert (taken, queued(connection)) == (texts, [])


async def test_what_follows_something_else_stays_behind_it() -> None:
    for other in (
        from_library(b"other"),
        from_library(b"say bytes", Opcode.BINARY),
        from_library(b"say in pie", fin=False) + from_library(b"ces", Opcode.CONT),
    ):
        data = from_library(b"say 1") + other + from_library(b"say 2")
        for step in (1, 7, len(data)):
            connection, taken = a_connection(b"say")
            for at in range(0, len(data), step):
                connection.data_received(data[at : at + step])
            assert taken == [b"say 1"]
            assert queued(connection) == [bytes(one.data) for one in library(other)] + [b"say 2"]
            assert connection.take is None


async def test_a_ping_between_texts_changes_nothing() -> None:
    connection, taken = a_connection()
    connection.data_received(from_library(b"1") + from_library(b"", Opcode.PING) + from_library(b"2"))
    assert (taken, queued(connection)) == ([b"1", b"2"], [])


async def test_nothing_is_taken_once_the_connection_ends() -> None:
    connection, taken = a_connection()
    connection.data_received(from_library(b"1") + from_library(b"", Opcode.CLOSE) + from_library(b"2"))
    connection.data_received(from_library(b"3"))
    assert (taken, queued(connection)) == ([b"1"], [])


async def test_a_text_in_the_middle_of_one_in_pieces_is_an_error() -> None:
    connection, taken = a_connection()
    connection.data_received(from_library(b"begun", fin=False))
    connection.data_received(from_library(b"another"))
    assert (taken, queued(connection)) == ([], [b"begun"])
    assert connection.protocol.close_sent is not None
    assert connection.protocol.close_sent.code == 1002
