"""``supportterm.toml``, typed and checked.

``load(path)`` gives `Settings` or raises `BadSettings` with a sentence for each mistake;
``needs_restart`` tells which changes a reload cannot apply.
"""

from __future__ import annotations

import msgspec

from server.settings.describing import default_toml, describe
from server.settings.desks import Desk
from server.settings.keys import Limits, Server, Settings
from server.settings.origins import is_loopback
from server.settings.reading import BadSettings, default_data_dir, load, parse
from server.settings.shops import Shop

__all__ = [
    "BadSettings",
    "Desk",
    "Limits",
    "Server",
    "Settings",
    "Shop",
    "default_data_dir",
    "default_toml",
    "describe",
    "is_loopback",
    "load",
    "needs_restart",
    "parse",
]


def needs_restart(old: Settings, new: Settings) -> list[str]:
    """A sentence for each changed key that only a restart applies."""
    return [
        f"[server] `{item.name}` changed: it applies after a restart."
        for item in msgspec.structs.fields(Server)
        if getattr(old.server, item.name) != getattr(new.server, item.name)
    ]
