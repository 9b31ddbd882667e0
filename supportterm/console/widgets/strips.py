"""Rows above the status that are there only while they have something to say: offers, time after closing."""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from supportterm.console.widgets.wrap import fit
from supportterm.text import SafeText, trusted

_STYLES: Final = ("offer", "warn", "quiet")
_GAP: Final = trusted(" ")


class Notice(NamedTuple):
    """``what`` happened and ``act``: which keys do what about it; ``tone`` "offer", "warn" or "quiet"."""

    what: SafeText
    act: SafeText
    tone: str = "quiet"


class Strips(Widget):
    """One row for each notice; the keys win when there is no room for both."""

    DEFAULT_CSS = "Strips { height: auto; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"strips--{style}" for style in _STYLES}

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.notices: list[Notice] = []

    def show(self, notices: list[Notice]) -> None:
        """Show these, from top to bottom."""
        if notices == self.notices:
            return
        taller = len(notices) != len(self.notices)
        self.notices = notices
        if taller:
            self.display = bool(notices)
            self.styles.height = len(notices)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One notice."""
        width = self.size.width
        if y >= len(self.notices):
            return Strip.blank(width, self.rich_style)
        what, act, tone = self.notices[y]
        style = self.get_component_rich_style(f"strips--{tone}")
        act = fit(act, max(0, width - 2))
        what = fit(what, max(0, width - cell_len(act) - (4 if act else 2)))
        pad = _GAP * max(1, width - cell_len(what) - cell_len(act) - 2)
        return Strip([Segment(_GAP + what + pad + act, style)]).adjust_cell_length(width, style)
