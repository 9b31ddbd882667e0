"""What a shop's server does to say who is logged in there: the JWT that our guide shows how to make."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

SECRET = "5f1b0c9a7d3e48f2a6c4e8b0d2f41735"


def part(value: bytes) -> str:
    """One part of a token."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def token(claims: Any, secret: str = SECRET, *, header: Any = None, digest: Any = hashlib.sha256) -> str:
    """A signed token."""
    head = {"alg": "HS256", "typ": "JWT"} if header is None else header
    body = f"{part(json.dumps(head).encode())}.{part(json.dumps(claims).encode())}"
    return f"{body}.{part(hmac.digest(secret.encode(), body.encode(), digest))}"


def known(sub: str, now_ms: int, shop: str = "demo", secret: str = SECRET, **more: Any) -> str:
    """Who is logged in at the shop for an hour from ``now_ms`` on."""
    now = now_ms // 1000
    return token({"sub": sub, "aud": shop, "iat": now, "exp": now + 3600} | more, secret)
