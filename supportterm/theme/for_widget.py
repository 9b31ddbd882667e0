"""A theme as the widget takes it."""

from __future__ import annotations

from typing import Final

from supportterm.theme.theme import Theme

#: Roles of the console alone.
_NOT_SHOWN: Final = frozenset({"customer", "agent", "note", "note_background", "waiting"})


def to_css(theme: Theme) -> dict[str, str]:
    """CSS custom properties: ``--st-background``, ``--st-text``, ``--st-on-primary``, ``--st-mine`` …

    Values are ``#rrggbb``, and ``dark`` or ``light`` for ``--st-scheme`` (the CSS ``color-scheme``).
    """
    colours = {name: colour for name, colour in theme.colours.items() if name not in _NOT_SHOWN}
    return {
        "--st-scheme": "dark" if theme.dark else "light",
        **{f"--st-{name.replace('_', '-')}": colour for name, colour in {**colours, **theme.widget}.items()},
    }
