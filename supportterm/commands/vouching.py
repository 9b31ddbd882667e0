"""``supportterm check --identity``: what one signed identity says, or why it is not believed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from server.identity import NotBelieved, read
from server.platform import RealPlatform
from server.settings import Settings
from supportterm.commands.exits import Stop
from supportterm.protocol.limits import IDENTITY_LEEWAY_MS
from supportterm.text import safe_line


def look(settings: Settings, key: str) -> None:
    """Read a token from stdin, not from the command line, which others on this machine can see."""
    shop = settings.shops.get(key)
    if shop is None:
        raise Stop(f"There is no [shop.{key}] in {settings.path}.")
    if shop.identity is None:
        raise Stop(f"[shop.{key}] has no [shop.{key}.identity]: nobody is known there (docs/identity.md).")
    if sys.stdin.isatty():
        print(f"Paste what stands in data-identity on a page of {key}, and press enter:", file=sys.stderr)
    token = sys.stdin.readline().strip()
    try:
        signed = read(token, shop.identity.key(), key, RealPlatform().wall())
    except NotBelieved as error:
        raise Stop(f"This identity is not believed: {error}.") from None
    who = signed.who
    until = datetime.fromtimestamp((signed.until - IDENTITY_LEEWAY_MS) / 1000, UTC)
    print(f"This identity is good until {until:%Y-%m-%d %H:%M} UTC: customer {safe_line(who.sub)} of {key}.")
    for name, value in (("name", who.name), ("email", who.mail), ("phone", who.phone)):
        print(f"  {name}: {safe_line(value) if value else 'not told, or none that can be used'}")
