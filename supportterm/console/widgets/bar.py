"""One row with something at its left and something at its right end."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from supportterm.console.widgets.wrap import fit
from supportterm.text import SafeText, trusted

_NOTHING = trusted("")


class Bar(Widget):
    """A row of text, repainted only when it changed. When both ends do not fit, the right one wins,

    or the left one if told so: what a person must read comes before what is always there.
    """

    DEFAULT_CSS = "Bar { height: 1; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--left", "bar--right"}
    #: Cells that lie between the two at least.
    APART: ClassVar[int] = 1

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.left: SafeText = _NOTHING
        self.right: SafeText = _NOTHING
        self._left_wins = False

    def show(self, left: SafeText, right: SafeText = _NOTHING, *, left_wins: bool = False) -> None:
        """Show these two texts."""
        if (left, right, left_wins) != (self.left, self.right, self._left_wins):
            self.left, self.right, self._left_wins = left, right, left_wins
            self.refresh()

    @property
    def room(self) -> int:
        """Cells for text."""
        return max(0, self.size.width - 1)

    def fitted(self) -> tuple[SafeText, SafeText]:
        """Both texts, as much of them as fits."""
        room, right = self.room, self.right
        if self._left_wins and cell_len(self.left) + cell_len(right) + self.APART > room:
            right = _NOTHING
        right = fit(right, room)
        return fit(self.left, max(0, room - (cell_len(right) + self.APART if right else 0))), right

    def render_line(self, y: int) -> Strip:
        """The row; the space between its ends takes the left one's style."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        left_style = self.get_component_rich_style("bar--left")
        right_style = self.get_component_rich_style("bar--right")
        left, right = self.fitted()
        gap = max(1, width - cell_len(left) - cell_len(right) - (1 if right else 0))
        segments = [Segment(left + " " * gap, left_style)]
        if right:
            segments.append(Segment(right, right_style))
        return Strip(segments).adjust_cell_length(width, left_style)
