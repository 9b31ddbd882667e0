"""The frames of `data/frames.toml`, filled: promises and near-misses with any time, and with any thing."""

from __future__ import annotations

import tomllib
from typing import Any, Final

from .phrases import DATA

FRAMES: Final[dict[str, Any]] = tomllib.loads((DATA / "frames.toml").read_text("utf-8"))


def promises(lang: str) -> list[str]:
    """Promises with any time before them."""
    return [f"{time} {what}" for what in FRAMES[lang]["promises"] for time in FRAMES[lang]["begins"]]


def near_misses(lang: str) -> list[str]:
    """Near-misses with any time in them."""
    frames = FRAMES[lang]
    return [what.replace("{}", time) for what in frames["near_misses"] for time in frames["times"]]


def looking_up(lang: str) -> list[str]:
    """Promises without a time, of anything that agents look up."""
    return _filled(lang, "looking_up", "things")


def telling(lang: str) -> list[str]:
    """Promises to tell by any time."""
    return _filled(lang, "telling", "times")


def asking(lang: str) -> list[str]:
    """Requests for any stretch of time."""
    return _filled(lang, "asking", "stretches")


def _filled(lang: str, frames: str, words: str) -> list[str]:
    """Every frame with every word in it; a capital where it begins."""
    mine = FRAMES[lang]
    every = [frame.replace("{}", word) for frame in mine[frames] for word in mine[words]]
    return [text[:1].upper() + text[1:] for text in every]
