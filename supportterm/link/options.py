"""How a client asks `websockets` for a connection."""

from __future__ import annotations

import ssl
from typing import Any, Final

from supportterm.link.address import is_loopback
from supportterm.protocol.limits import FRAME_BYTES, PAGE_EVENTS, SUBPROTOCOL

CLOSE_SECONDS: Final = 2.0


def options(url: str, origin: str = "", ssl_context: ssl.SSLContext | None = None) -> dict[str, Any]:
    """Keyword arguments of `websockets.asyncio.client.connect` for ``url``.

    Beats replace the library's pings, so that a silent server is noticed by one rule only. The biggest
    frame a server sends is a page full of longest messages.
    """
    found: dict[str, Any] = {
        "subprotocols": [SUBPROTOCOL],
        "compression": None,
        "max_size": FRAME_BYTES * PAGE_EVENTS * 2,
        "open_timeout": 10,
        "ping_interval": None,
        "close_timeout": CLOSE_SECONDS,
    }
    if origin:
        found["origin"] = origin
    if ssl_context is not None:
        found["ssl"] = ssl_context
    if is_loopback(url):
        found["proxy"] = None
    return found
