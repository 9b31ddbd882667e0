"""The upper or lower edge of a frame, with what stands in it."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from supportterm.console.widgets.bar import Bar
from supportterm.text import SafeText, trusted

_LINE: Final = trusted("─")
_SPACE: Final = trusted(" ")
_NOTHING: Final = trusted("")
#: Left and right end, above and below.
_CORNERS: Final = ((trusted("╭─"), trusted("─╮")), (trusted("╰─"), trusted("─╯")))
#: A frame's width with its sides and a free column beside each. A narrower terminal is the frame's width, and
#: takes the sides away.
FRAME: Final = 90


class Edge(Bar):
    """A line with a text at its left and one at its right: a frame's title, or its keys, cost no row.

    It has corners where the frame has sides, and runs through where the frame is as wide as the terminal.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"edge--line"}
    APART: ClassVar[int] = 3

    def __init__(self, id: str, left: SafeText = _NOTHING, *, below: bool = False) -> None:
        super().__init__(id=id)
        self.left = left
        self._corners: Final = _CORNERS[below]

    @property
    def _ends(self) -> tuple[SafeText, SafeText]:
        if self.size.width >= self.app.size.width:
            return _LINE, _LINE
        return self._corners

    @property
    def room(self) -> int:
        """Cells for text: a space stands around each."""
        before, after = self._ends
        return max(0, self.size.width - len(before) - len(after) - 2)

    def render_line(self, y: int) -> Strip:
        """The line, and the texts in it."""
        width, (before, after) = self.size.width, self._ends
        if y:
            return Strip.blank(width, self.rich_style)
        line = self.get_component_rich_style("edge--line")
        left, right = self.fitted()
        gap = width - len(before) - len(after)
        segments = [Segment(before, line)]
        if left:
            segments.append(Segment(_SPACE + left + _SPACE, self.get_component_rich_style("bar--left")))
            gap -= cell_len(left) + 2
        if right:
            gap -= cell_len(right) + 2
        segments.append(Segment(_LINE * gap, line))
        if right:
            segments.append(Segment(_SPACE + right + _SPACE, self.get_component_rich_style("bar--right")))
        segments.append(Segment(after, line))
        return Strip(segments).adjust_cell_length(width, line)
