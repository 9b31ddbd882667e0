"""Where to connect, whether that is safe, and what a failed attempt means in words."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from websockets.exceptions import InvalidStatus, NegotiationError

from supportterm.link.state import LinkError

AGENT_PATH: Final = "/v1/agent"
_SCHEMES: Final = {"https": "wss", "http": "ws", "wss": "wss", "ws": "ws"}


def agent_url(address: str) -> str:
    """The agents' door of a server given as "wss://host", "https://host" or complete already.

    Raises `LinkError`.
    """
    parts = _split(address)
    path = parts.path if parts.path not in {"", "/"} else AGENT_PATH
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path, "", ""))


def shop_url(address: str, shop: str) -> str:
    """The customers' door of a shop. Raises `LinkError`."""
    parts = _split(address)
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, f"/v1/shop/{quote(shop, safe='')}", "", ""))


def check(url: str, *, plain: bool = False) -> None:
    """Raises `LinkError` for an address that cannot work, or would send secrets readable to others."""
    parts = _split(url)
    if _SCHEMES[parts.scheme] == "ws" and not plain and not is_loopback(url):
        raise LinkError(
            f"ws://{parts.hostname} is not encrypted: everybody on the way could read passwords and "
            f"messages. Use wss://{parts.netloc}."
        )


def is_loopback(url: str) -> bool:
    """Whether the address stays on this machine."""
    host = _split(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def why(error: BaseException, url: str) -> str:
    """A failed attempt to connect, as a sentence."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    match error:
        case ssl.SSLCertVerificationError():
            reason = error.verify_message or "not trusted"
            return f"The certificate of {host} could not be verified ({reason}): check the address."
        case ssl.SSLError():
            return f"{host} does not speak TLS as expected: check the address and its port."
        case socket.gaierror():
            return f"No machine is known as {parts.hostname}: check the address and your network."
        case ConnectionRefusedError():
            return f"Nothing answers at {host}: is the server running?"
        case ConnectionResetError() if parts.scheme == "wss":
            return f"{host} ended the connection: if that server has no TLS, its address begins with ws://."
        case TimeoutError():
            return f"{host} did not answer in time."
        case InvalidStatus():
            return _status(error.response.status_code, host)
        case NegotiationError():
            return f"{host} is not a supportterm server of this version."
        case _:
            return f"The connection to {host} failed ({type(error).__name__})."


def _status(code: int, host: str) -> str:
    match code:
        case 403:
            return f"{host} refuses connections from here (403)."
        case 404:
            return f"{host} answers, but has no supportterm there (404): check the address."
        case 429 | 503:
            return f"{host} has too many connections just now ({code})."
        case _:
            return f"{host} answered {code} instead of opening a connection."


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  a port that is no number is found out only on asking
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise LinkError(f"{address!r} is not a server's address: write it as wss://support.example.com.")
    return parts
