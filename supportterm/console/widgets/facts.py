"""The side panel of a wide terminal: facts of the open chat, label above value."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportterm.console.widgets.wrap import wrap
from supportterm.text import SafeText

Fact = tuple[SafeText, SafeText]


class Facts(ScrollView, can_focus=False):
    """Pairs of label and value; repainted only when one changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facts--label", "facts--value"}

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.facts: list[Fact] = []
        self._rows: list[tuple[SafeText, str]] = []

    def show(self, facts: list[Fact]) -> None:
        """Show these facts."""
        if facts != self.facts:
            self.facts = facts
            self._lay()

    def _lay(self) -> None:
        width = max(4, self.size.width)
        self._rows = []
        for label, value in self.facts:
            if self._rows:
                self._rows.append((label * 0, "value"))
            self._rows += [(row, "label") for row in wrap(label, width)]
            self._rows += [(row, "value") for row in wrap(value, width)]
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()

    def on_resize(self) -> None:
        """Wrap at the new width."""
        self._lay()

    def render_line(self, y: int) -> Strip:
        """One row."""
        y += self.scroll_offset.y
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        text, tone = self._rows[y]
        style = self.get_component_rich_style(f"facts--{tone}")
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)
