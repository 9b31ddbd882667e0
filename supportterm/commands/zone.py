"""Which time zone this machine is in, if somebody has said so; else a person at the terminal is asked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from supportterm.commands.asking import line

#: Clocks that follow no place: what a rented server has, wherever its shop is. `Etc/…` is none either.
_NOWHERE: Final = re.compile(r"Etc/.*|[^/]*")


def machine_zone(environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")) -> str:
    """The name of the zone, such as "Europe/Amsterdam"; "" if the machine keeps none, or UTC only."""
    given = environ.get("TZ", "").removeprefix(":")
    # Who sets the variable means it, also where it is UTC.
    return next((zone for zone in ([given] if given else _of_the_system(etc)) if _is_real(zone)), "")


def ask_zone() -> str:
    """The zone that a person names; "" if they leave it for later."""
    meant = ""
    while True:
        usual = meant or "UTC"
        typed = line(f"In which time zone is the shop, such as Europe/Amsterdam? [{usual}] ") or usual
        if typed.upper() == "UTC":
            return ""
        if _is_real(typed):
            return typed
        meant = nearest_zone(typed)
        print(f"There is no time zone {typed!a}" + (f": enter takes {meant}." if meant else "."))


def nearest_zone(typed: str) -> str:
    """The zone that was probably meant by its name or its city; "" if none comes near."""
    known = {zone.lower(): zone for zone in sorted(available_timezones()) if not _NOWHERE.fullmatch(zone)}
    cities = {name.rpartition("/")[2]: zone for name, zone in known.items()}
    word = typed.strip().lower().replace(" ", "_")
    for names in (known, cities):
        if near := get_close_matches(word, names, n=1, cutoff=0.8):
            return names[near[0]]
    return ""


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
