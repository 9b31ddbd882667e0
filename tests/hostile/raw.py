"""A socket spoken byte by byte, as no library would."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from msgspec import Struct

from supportterm.protocol import frames
from supportterm.protocol.codec import encode
from supportterm.protocol.limits import SUBPROTOCOL
from tests.support import new_token

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FINAL: Final = 0x80
#: The connection ended without a close frame.
ABNORMAL: Final = 1006
#: Longer than every deadline of the server; what is waited for comes much sooner.
SECONDS: Final = 30


def frame(
    payload: bytes = b"", opcode: int = TEXT, *, final: bool = True, masked: bool = True, reserved: int = 0,
    length: int | None = None,
) -> bytes:  # fmt: skip
    """A client's frame; ``length`` is what its header claims."""
    size = len(payload) if length is None else length
    mask = 0x80 if masked else 0
    head = bytes((opcode | reserved | (FINAL if final else 0),))
    if size < 126:
        head += bytes((mask | size,))
    elif size < 65_536:
        head += bytes((mask | 126,)) + size.to_bytes(2)
    else:
        head += bytes((mask | 127,)) + size.to_bytes(8)
    # The key zero is as good as any (RFC 6455 §5.3) and leaves the payload as it is.
    return head + (b"\0\0\0\0" if masked else b"") + payload


def request(
    path: str = "/v1/shop/demo",
    *more: str,
    method: str = "GET",
    subprotocol: str = SUBPROTOCOL,
    upgrade: bool = True,
) -> bytes:
    """A handshake; ``more`` are header lines."""
    lines = [f"{method} {path} HTTP/1.1", "Host: desk.example"]
    if upgrade:
        key = base64.b64encode(os.urandom(16)).decode()
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        lines += [f"Sec-WebSocket-Key: {key}"]
        if subprotocol:
            lines += [f"Sec-WebSocket-Protocol: {subprotocol}"]
    return "\r\n".join([*lines, *more, "", ""]).encode()


class End(Struct):
    """How a connection ended: the close code and what text frames came before it."""

    code: int
    texts: list[bytes]


class Raw:
    """One TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def push(self, data: bytes) -> None:
        """Write and wait until it is out of our hands, or until nobody takes it any more."""
        with suppress(OSError):
            self.writer.write(data)
            await self.writer.drain()

    async def response(self) -> tuple[int, bytes]:
        """Status and headers of an HTTP response; status 0 if there was none."""
        async with asyncio.timeout(SECONDS):
            try:
                head = await self.reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return 0, b""
        return int(head.split()[1]), head

    async def upgraded(self, path: str = "/v1/shop/demo", *more: str) -> None:
        """Become a WebSocket."""
        self.write(request(path, *more))
        status, head = await self.response()
        assert status == 101, head

    async def customer(self, *more: str) -> None:
        """Become a customer after ``welcome``."""
        await self.upgraded("/v1/shop/demo", *more)
        self.write(frame(encode(frames.Hello(1, new_token()))))
        while not (await self.text()).startswith(b'{"t":"welcome"'):
            pass

    async def text(self) -> bytes:
        """The next text frame's payload."""
        while True:
            opcode, payload = await self._frame()
            if opcode == TEXT:
                return payload

    async def end(self) -> End:
        """Read until the connection ends."""
        texts: list[bytes] = []
        code = ABNORMAL
        async with asyncio.timeout(SECONDS):
            try:
                while True:
                    opcode, payload = await self._frame()
                    if opcode == TEXT:
                        texts.append(payload)
                    elif opcode == CLOSE:
                        code = int.from_bytes(payload[:2]) if payload else 1005
                        self.writer.close()
            except (asyncio.IncompleteReadError, OSError):
                return End(code, texts)

    async def stays(self) -> None:
        """Be there, and say so whenever the server asks, until the connection ends."""
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                if (await self._frame())[0] == PING:
                    self.write(frame(b"", PONG))

    async def closed(self) -> bytes:
        """Everything until the other side ends the connection."""
        async with asyncio.timeout(SECONDS):
            try:
                return await self.reader.read()
            except OSError:
                return b""

    async def _frame(self) -> tuple[int, bytes]:
        async with asyncio.timeout(SECONDS):
            head, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2))
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8))
            return head & 0xF, await self.reader.readexactly(size)

    def reset(self) -> None:
        """RST instead of FIN."""
        found: socket.socket = self.writer.get_extra_info("socket")
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@asynccontextmanager
async def raw(port: int, receive_buffer: int = 0) -> AsyncIterator[Raw]:
    """A connection to this machine; ``receive_buffer`` bytes fit in before the other side must wait."""
    with socket.socket() as near:
        near.setblocking(False)
        if receive_buffer:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(near, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=near, limit=1 << 16)
        try:
            yield Raw(reader, writer)
        finally:
            writer.transport.abort()
