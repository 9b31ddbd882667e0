"""Theme files as Textual themes; a bad one never stops the console."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from textual.theme import Theme

from supportterm import theme

#: Our roles in colours of the app's own theme, for when there is no theme file at all.
FALLBACK: Final = {
    "border": "#555555",
    "muted": "#a0a0a0",
    "selection": "#0178d4",
    "on-selection": "#ffffff",
    "customer": "#6fb3d2",
    "agent": "#8fbf7f",
    "note": "#e5c07b",
    "note-background": "#2b2618",
    "waiting": "#e5a35c",
}
_BUILT_IN: Final = "textual-dark"


class Looks(NamedTuple):
    """The themes there are; ``first`` is the name to fall back to; ``problems`` are sentences."""

    themes: list[Theme]
    first: str
    problems: list[str]

    @property
    def names(self) -> list[str]:
        """What there is to choose from."""
        return [theme.name for theme in self.themes]

    def missing(self, name: str) -> list[str]:
        """What is wrong with that choice of a theme; "" is none."""
        if not name or name in self.names:
            return []
        near = get_close_matches(name, self.names, 1)
        there = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(self.names)}."
        return [f"`theme` is `{name}`, and there is no such theme: {there}"]


def load_looks(folders: Iterable[Path] | None = None) -> Looks:
    """Every theme that can be used; by default from where `theme.directories` looks."""
    found, problems = theme.load_all(folders)
    themes = [Theme(**theme.to_textual(each)) for each in found.values()]
    names = [each.name for each in themes]
    first = theme.DEFAULT if theme.DEFAULT in names else names[0] if names else _BUILT_IN
    return Looks(themes, first, problems)
