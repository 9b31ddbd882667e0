"""The widget in a shop's theme: a line of JavaScript before the widget's own."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from difflib import get_close_matches

from server.settings import Shop
from supportterm.theme import Theme, load_all, to_css

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
    wanted = {key: shop.theme for key, shop in shops.items() if shop.theme}
    if not wanted:
        return b""
    themes, problems = load_all()
    for problem in problems:
        _log.warning("%s", problem)
    rules: dict[str, str] = {}
    for key, name in wanted.items():
        theme = themes.get(name)
        if theme is not None:
            rules[key] = _rule(theme)
            continue
        near = get_close_matches(name, themes, 1)
        hint = f"; did you mean `{near[0]}`?" if near else f": there are {', '.join(sorted(themes))}."
        _log.warning("[shop.%s] `theme`: there is no theme `%s`%s", key, name, hint)
    return f"window.supporttermThemes={json.dumps(rules, separators=(',', ':'))};\n".encode()


def _rule(theme: Theme) -> str:
    colours = to_css(theme)
    return ".frame{" + "".join(f"{ours}:{colours[theirs]};" for ours, theirs in _PROPERTIES.items()) + "}"
