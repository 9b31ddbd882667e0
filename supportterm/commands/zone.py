"""Which time zone this machine is in, if somebody has said so."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

#: Clocks that follow no place: what a rented server has, wherever its shop is. `Etc/…` is none either.
_NOWHERE: Final = re.compile(r"Etc/.*|[^/]*")


def machine_zone(environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")) -> str:
    """The name of the zone, such as "Europe/Amsterdam"; "" if the machine keeps none, or UTC only."""
    given = environ.get("TZ", "").removeprefix(":")
    # Who sets the variable means it, also where it is UTC.
    return next((zone for zone in ([given] if given else _of_the_system(etc)) if _is_real(zone)), "")


def _of_the_system(etc: Path) -> list[str]:
    found = []
    try:
        target = str((etc / "localtime").readlink())
    except OSError:
        target = ""
    if "zoneinfo/" in target:
        found.append(target.rpartition("zoneinfo/")[2].removeprefix("posix/").removeprefix("right/"))
    with suppress(OSError, UnicodeDecodeError):
        found.append((etc / "timezone").read_text("utf-8").strip())
    return found


def _is_real(name: str) -> bool:
    if _NOWHERE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
