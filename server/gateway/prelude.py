"""What a shop has set for its widget: a line of JavaScript before the widget's own."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from server.settings import Shop
from server.settings.themes import used
from supportterm.theme import Theme, to_css

_log = logging.getLogger("supportterm.gateway")

#: The widget's own custom properties, and the theme's behind each.
_PROPERTIES = {
    "--accent": "--st-mine",
    "--on-accent": "--st-on-mine",
    "--bg": "--st-background",
    "--fg": "--st-text",
    "--soft": "--st-muted",
    "--bubble": "--st-theirs",
    "--blue": "--st-primary",
    "--red": "--st-error",
    "color-scheme": "--st-scheme",
}


def widget_prelude(shops: Mapping[str, Shop]) -> bytes:
    """Sets ``window.supporttermShops``: shop key → its ``style`` rules, if it has a theme, and the languages
    in which it is ``familiar``, if it is in any. Empty if no shop has set anything.

    A theme that is not there leaves the shop its usual colours, and the log says so.
    """
    themes, problems = used(shops)
    for problem in problems:
        _log.warning("%s", problem)
    found: dict[str, dict[str, Any]] = {}
    for key, shop in shops.items():
        said: dict[str, Any] = {}
        if key in themes:
            said["style"] = _rule(themes[key])
        if familiar := [one for one in two_toned() if shop.tone_in(one) == "familiar"]:
            said["familiar"] = familiar
        if said:
            found[key] = said
    if not found:
        return b""
    return f"window.supporttermShops={json.dumps(found, separators=(',', ':'))};\n".encode()


@cache
def two_toned() -> list[str]:
    """The languages in which the widget says "u" or "je", "Sie" or "du"; a page may be in any of them."""
    names = (file.name for file in (files("server") / "widget" / "dist").iterdir())
    return sorted(one[1] for name in names if (one := re.fullmatch(r"texts-(\w+)-familiar\.js", name)))


def _rule(theme: Theme) -> str:
    colours = to_css(theme)
    return ".frame{" + "".join(f"{ours}:{colours[theirs]};" for ours, theirs in _PROPERTIES.items()) + "}"
