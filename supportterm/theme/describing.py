"""The page about theme files, written from the roles themselves."""

from __future__ import annotations

from collections.abc import Sequence

from supportterm.theme.colour import ANSI
from supportterm.theme.roles import ROLES, WIDGET_ROLES, Role


def describe() -> str:
    """docs/themes.md: every key of a theme file and what it is for."""
    return f"""# Themes

One file colours console and widget alike. Three come with supportterm (`dusk`, `dawn`, `clear`); yours go
into `themes/` in your configuration directory (on Linux `~/.config/supportterm/themes/`), each named like
its theme: `mine.toml`. One with the name of a shipped theme replaces it. A file with something wrong is
left out, and the console says what to mend.

```toml
title = "Mine"            # shown where themes are chosen
about = "Plum on cream."  # one line about it
dark = false              # light text on a dark ground?

[palette]                 # names of your own, for use as "$plum"
plum = "#6b2d5c"

[colours]
background = "#fffaf0"
surface = "#f3e6d8"       # the shop's messages in the widget stand on it
text = "#2b2130"
primary = "$plum"
```

A colour is `"#rgb"`, `"#rrggbb"`, or `"$"` and the name of a role or of an entry in `[palette]`.

## `[colours]`

{_rows(ROLES)}

## `[widget]`

What only the widget has; it may use everything in `[palette]` and `[colours]`.

{_rows(WIDGET_ROLES)}

## `[console]`

The roles of `[colours]` again, where the console shall show them differently.

With `ansi = true` the console uses the terminal's own sixteen colours. Then `[console]` has all its
colours, and they are names: {", ".join(f"`{name}`" for name in ANSI)}.

## For style sheets

The console's app knows each role as a variable with dashes (`$note-background`), the widget as a CSS
custom property (`--st-on-primary`).
"""


def _rows(roles: Sequence[Role]) -> str:
    rows = ["| key | for | without it |", "|---|---|---|"]
    for role in roles:
        usual = "must be there" if role.usual is None else f"like `{role.usual[1:]}`"
        rows.append(f"| `{role.name}` | {role.about} | {usual} |")
    return "\n".join(rows)
