"""Theme files read and checked: one file colours console and widget alike."""

from supportterm.theme.for_console import to_textual
from supportterm.theme.for_widget import to_css
from supportterm.theme.reading import DEFAULT, BadTheme, directories, load, load_all
from supportterm.theme.theme import Theme, weak_pairs

__all__ = [
    "DEFAULT",
    "BadTheme",
    "Theme",
    "directories",
    "load",
    "load_all",
    "to_css",
    "to_textual",
    "weak_pairs",
]
