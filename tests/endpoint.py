"""An endpoint for a language model on loopback, which answers as a test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

#: The slots as a model fills them that found nothing.
NOTHING: dict[str, Any] = {"happened": [], "about": [], "wants": [], "tried": [], "by_when": []}

#: What a request is answered with: who asks, who listens, the whole request.
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bytes], Any]


@asynccontextmanager
async def model(answer: Answer) -> AsyncIterator[str]:
    """A server that hands each request's body to ``answer``; gives its address."""

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split()[0])
            await answer(reader, writer, head + await reader.readexactly(length))
        except ConnectionError:
            pass  # it was hung up on
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/chat/completions"
    finally:
        server.close()
        await server.wait_closed()


def completion(filled: object) -> bytes:
    content = filled if isinstance(filled, str) else json.dumps(filled)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def saying(raw: bytes) -> Answer:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: bytes) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return answer


def ok(body: bytes, head: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(body), head, body)


def chunked(body: bytes, *, size: int = 7) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def finding(heard: list[bytes], **slots: str) -> Answer:
    """Quotes these words, slot by slot, where they stand in what it is sent; ``heard`` gets each request."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        heard.append(request)
        body = json.loads(request.partition(b"\r\n\r\n")[2])
        said = json.loads(body["messages"][1]["content"])
        filled = {
            slot: [{"line": one["n"], "quote": quote} for one in said if quote in one["text"]]
            for slot, quote in slots.items()
        }
        writer.write(ok(completion({**NOTHING, **filled})))
        await writer.drain()

    return answer


def failing(status: str) -> Answer:
    """Refuses with this status and reason."""
    return saying(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
    """Begins an answer and says nothing more until it is hung up on."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    await reader.read()


async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: bytes) -> None:
    """Says a byte now and then until it is hung up on."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    gone = asyncio.ensure_future(reader.read())
    while not gone.done():
        writer.write(b" ")
        await asyncio.wait({gone}, timeout=0.005)
