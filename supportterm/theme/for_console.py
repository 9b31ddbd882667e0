"""A theme as the console's app takes it."""

from __future__ import annotations

from typing import Any, Final

from supportterm.theme.theme import Theme

#: Roles that have a place of their own in a theme of the app.
_SAME: Final = ("primary", "secondary", "warning", "error", "success", "accent", "background")


def to_textual(theme: Theme) -> dict[str, Any]:
    """The arguments for ``textual.theme.Theme``.

    Every role is a variable of the same name for the app's style sheets, with dashes:
    ``$customer``, ``$agent``, ``$note``, ``$note-background``, ``$waiting``, ``$muted``, ``$line``,
    ``$selection`` … Only ``text`` is ``$foreground`` there: the app's ``$text`` suits itself to its ground.
    """
    c = theme.console
    return {
        "name": theme.name,
        **{role: c[role] for role in _SAME},
        "foreground": c["text"],
        "surface": c["surface"],
        "panel": c["panel"],
        "dark": theme.dark,
        "ansi": theme.ansi,
        "variables": {
            **{role.replace("_", "-"): colour for role, colour in c.items() if role != "text"},
            **_of_the_app(theme),
        },
    }


def _of_the_app(theme: Theme) -> dict[str, str]:
    # Without these, an app with terminal colours dies of variables nobody set, and any other app
    # mixes shades that a theme's author never saw.
    c = theme.console
    own = {
        "text-muted": c["muted"],
        "foreground-muted": c["muted"],
        "foreground-disabled": c["muted"],
        "border": c["primary"],
        "border-blurred": c["line"],
        "surface-active": c["panel"],
        "block-cursor-foreground": c["on_selection"],
        "block-cursor-background": c["selection"],
        "block-cursor-blurred-foreground": c["text"],
        "block-cursor-blurred-background": c["panel"],
        "block-hover-background": c["panel"],
        "input-cursor-background": c["primary"],
        "input-cursor-foreground": c["on_primary"],
        "input-cursor-text-style": "none",
        "input-selection-background": c["selection"],
        "input-selection-foreground": c["on_selection"],
        "screen-selection-background": c["selection"],
        "screen-selection-foreground": c["on_selection"],
        "footer-background": c["panel"],
        "footer-foreground": c["text"],
        "footer-key-foreground": c["accent"],
        "footer-description-foreground": c["muted"],
        "scrollbar": c["line"],
        "scrollbar-hover": c["muted"],
        "scrollbar-active": c["primary"],
        "scrollbar-background": c["background"],
        "scrollbar-background-hover": c["background"],
        "scrollbar-background-active": c["background"],
        "scrollbar-corner-color": c["background"],
        "link-color": c["accent"],
    }
    if theme.ansi:
        # The app wants to know what stands behind "default"; only these two cannot be default themselves.
        own["ansi-background"] = "ansi_black" if theme.dark else "ansi_white"
        own["ansi-foreground"] = "ansi_white" if theme.dark else "ansi_black"
        own |= {"text": c["text"], "text-disabled": c["muted"]}
    return own
