"""Addresses as browsers send them, and which machine they mean."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a server on ``host`` is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_origin(text: str) -> bool:
    """Whether ``text`` is an origin exactly as browsers serialise it (RFC 6454 §6.2)."""
    return bool(text) and _origin_of(text) == text


def _origin_of(text: str) -> str:
    """The origin in ``text`` as a browser would write it, or "" if there is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or c == "*" for c in text):
        return ""
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""
    usual = {"http": 80, "https": 443}[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, usual) else "")


def origin_help(text: str) -> str:
    # A shop that is tried on its maker's machine has no certificate.
    scheme = "http" if is_loopback(text.partition(":")[0]) else "https"
    meant = _origin_of(text if "://" in text else f"{scheme}://{text}")
    if meant:
        return f"browsers send exactly scheme://host[:port]; did you mean `{meant}`?"
    return "write scheme://host[:port], such as `https://www.acme.example`."
