"""A name and a password, or an invitation, for a token."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as websockets_connect
from websockets.exceptions import ConnectionClosed

from supportterm.link import address
from supportterm.link.options import options
from supportterm.link.state import LinkError, SignInRefused
from supportterm.protocol.codec import BadFrame, decode_server, encode
from supportterm.protocol.codes import CLOSE_TEXT, ERRORS
from supportterm.protocol.frames import Err, Login, SignedIn


async def login(
    url: str,
    name: str,
    password: str,
    invite: str = "",
    device: str = "",
    *,
    plain: bool = False,
    ssl_context: ssl.SSLContext | None = None,
    connect: Callable[..., Awaitable[ClientConnection]] | None = None,
) -> SignedIn:
    """Sign in at ``url`` ("wss://host" is enough). With ``invite``, ``password`` is the one to set.

    Raises `SignInRefused`, or `LinkError` if the server cannot be reached; both carry a sentence.
    """
    url = address.agent_url(url)
    address.check(url, plain=plain)
    try:
        socket = await (connect or websockets_connect)(url, **options(url, ssl_context=ssl_context))
    except Exception as error:
        raise LinkError(address.why(error, url)) from None
    try:
        async with asyncio.timeout(30):
            await socket.send(
                encode(Login(name=name, password=password, invite=invite, device=device)), text=True
            )
            while True:
                match decode_server(await socket.recv(decode=False)):
                    case SignedIn() as signed_in:
                        return signed_in
                    case Err() as refused:
                        known = ERRORS.get(refused.code)
                        text = refused.text or (known.text if known else "The server refused it.")
                        raise SignInRefused(refused.code, text, refused.after_ms)
                    case _:
                        pass
    except TimeoutError:
        raise LinkError("The server did not answer the sign-in in time: try again.") from None
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 1006
        raise LinkError(CLOSE_TEXT.get(code, "The server closed the connection: try again.")) from None
    except BadFrame:
        raise LinkError("The server sent something this version cannot read: update it.") from None
    finally:
        with suppress(Exception):
            await socket.close()
        socket.transport.abort()
