"""What a theme colours: each role, what it is for, and which other role it takes its colour from."""

from __future__ import annotations

from typing import Final, NamedTuple


class Role(NamedTuple):
    """A thing that has a colour. ``usual`` is a colour or ``$role``; None where a theme must name one."""

    name: str
    usual: str | None
    about: str


#: The roles of `[colours]`, and those that `[console]` may set differently for the console.
ROLES: Final = (
    Role("background", None, "behind everything"),
    Role("surface", "$background", "lists, the composer, messages from the other side in the widget"),
    Role("panel", "$surface", "bars and headings"),
    Role("line", "$muted", "lines between rooms"),
    Role("text", None, "what is read"),
    Role("muted", "$text", "times, hints, what can wait"),
    Role("primary", None, "what is focused; in the widget the button and the customer's own messages"),
    Role("on_primary", "$background", "text on `primary`"),
    Role("secondary", "$primary", "what stands beside the primary"),
    Role("accent", "$primary", "keys and links"),
    Role("success", "$primary", "done, delivered, connected"),
    Role("warning", "$accent", "look here soon"),
    Role("error", "$warning", "refused, broken, offline"),
    Role("customer", "$accent", "a customer's name and messages in the console"),
    Role("agent", "$primary", "agents' names and messages in the console"),
    Role("note", "$warning", "notes, which customers never see"),
    Role("note_background", "$surface", "behind notes"),
    Role("waiting", "$warning", "a customer who waits"),
    Role("selection", "$primary", "the row or text that is chosen"),
    Role("on_selection", "$on_primary", "text on `selection`"),
)

#: The roles of `[widget]`, for what only the widget has.
WIDGET_ROLES: Final = (
    Role("launcher", "$primary", "the button that opens the chat"),
    Role("on_launcher", "$on_primary", "the sign on it"),
    Role("mine", "$primary", "behind the customer's own messages"),
    Role("on_mine", "$on_primary", "their text"),
    Role("theirs", "$surface", "behind the shop's messages"),
    Role("on_theirs", "$text", "their text"),
)

#: Text and what it stands on: must differ by 4.5 or more (WCAG 2.2, 1.4.3, level AA).
TEXT_PAIRS: Final = (
    *((text, ground) for text in ("text", "muted") for ground in ("background", "surface", "panel")),
    *(
        (text, ground)
        for text in (
            "accent", "success", "warning", "error", "customer", "agent", "waiting", "primary", "secondary",
        )
        for ground in ("background", "surface")
    ),
    ("on_primary", "primary"),
    ("note", "background"),
    ("note", "note_background"),
    ("text", "note_background"),
    ("on_selection", "selection"),
)  # fmt: skip
WIDGET_PAIRS: Final = (("on_launcher", "launcher"), ("on_mine", "mine"), ("on_theirs", "theirs"))
