"""The widget in a shop's theme: a line of JavaScript before the widget's own."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

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
    """Sets ``window.supporttermThemes``: shop key → style rules. Empty if no shop has a theme.

    A theme that is not there leaves the shop its usual colours, and the log says so.
    """
    if not any(shop.theme for shop in shops.values()):
        return b""
    themes, problems = used(shops)
    for problem in problems:
        _log.warning("%s", problem)
    rules = {key: _rule(theme) for key, theme in themes.items()}
    return f"window.supporttermThemes={json.dumps(rules, separators=(',', ':'))};\n".encode()


def _rule(theme: Theme) -> str:
    colours = to_css(theme)
    return ".frame{" + "".join(f"{ours}:{colours[theirs]};" for ours, theirs in _PROPERTIES.items()) + "}"
