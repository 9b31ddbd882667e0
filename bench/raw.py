"""A WebSocket client that costs next to nothing, so that a benchmark measures the server.

It masks with the key zero (allowed by RFC 6455 §5.3, and free) and reads frame headers only.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

from supportterm.protocol.limits import SUBPROTOCOL


def masked(payload: bytes) -> bytes:
    """A client's text frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, 0x80 | size)) + b"\0\0\0\0" + payload
    if size < 65_536:
        return b"\x81\xfe" + size.to_bytes(2) + b"\0\0\0\0" + payload
    return b"\x81\xff" + size.to_bytes(8) + b"\0\0\0\0" + payload


class RawClient(asyncio.Protocol):
    """One connection; ``on_frame`` gets each text frame's payload, ``on_lost`` the end."""

    def __init__(self, host: str, path: str) -> None:
        self.on_frame: Callable[[bytes], None] = lambda payload: None
        self.on_lost: Callable[[], None] = lambda: None
        self.transport: asyncio.Transport
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
        ).encode()
        self._buffer = b""
        self._open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("refused"))
        self.on_lost()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if not self._open:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = buffer
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(buffer[:200].decode()))
                self.transport.close()
                return
            self._open = True
            self.opened.set_result(None)
            buffer = buffer[end + 4 :]
        at, size = 0, len(buffer)
        while size - at >= 2:
            head, length, start = buffer[at], buffer[at + 1], at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = int.from_bytes(buffer[at + 2 : at + 4]), at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = int.from_bytes(buffer[at + 2 : at + 10]), at + 10
            end = start + length
            if end > size:
                break
            if head == 0x81:
                self.on_frame(buffer[start:end])
            elif head == 0x89:
                # A pong that does not repeat its ping's payload is no answer to a keepalive.
                self.transport.write(bytes((0x8A, 0x80 | length)) + b"\0\0\0\0" + buffer[start:end])
            at = end
        self._buffer = buffer[at:]

    def send(self, payload: bytes) -> None:
        """Send a text frame."""
        self.transport.write(masked(payload))


async def connect(host: str, port: int, path: str) -> RawClient:
    """A connection after its handshake. Raises `ConnectionError` if it was refused."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: RawClient(f"{host}:{port}", path), host, port)
    await client.opened
    return client
