"""A shop's page on another origin than the server.

It comes from a socket of its own: Chromium lets only pages from this machine speak to this machine,
and a page that the test invents in the browser counts as coming from nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def one_page(html: str, csp: str = "") -> AsyncIterator[str]:
    """Serve ``html`` for every path while open; its address."""
    body = html.encode()
    head = [
        "HTTP/1.1 200 OK",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if csp:
        head.append(f"Content-Security-Policy: {csp}")
    answer = "\r\n".join([*head, "", ""]).encode() + body

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser opened a connection ahead of need and closed it
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
