"""Rows to choose from: every page and every dialog of the desk is one of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import ClassVar, Final, NamedTuple, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportterm.console.widgets.blocks import Span, TextRow
from supportterm.console.widgets.keyed import Keyed
from supportterm.console.widgets.wrap import fit, wrap
from supportterm.text import SafeText, trusted

_STYLES: Final = ("text", "bold", "detail", "head", "off", "warn", "bad", "good", "load", "selected")
_SPACE: Final = trusted(" ")
_NOTHING: Final = trusted("")
#: Filled where the keys go to this listing.
_CHOSEN, _CHOSEN_APART, _NOT_CHOSEN = trusted("▸ "), trusted("▹ "), trusted("  ")
#: Cells left of every row, where the choice is marked.
GUTTER: Final = 2


class Entry(NamedTuple):
    """One choice of one or more rows; ``id`` "" stands for itself and cannot be chosen."""

    id: str
    rows: tuple[TextRow, ...]


class Cell(NamedTuple):
    """A piece of a row: ``width`` cells of it, or what is left over where it is 0."""

    text: SafeText
    width: int = 0
    style: str = "text"
    right: bool = False


def row(width: int, *cells: Cell) -> TextRow:
    """A row of ``width`` cells less the gutter; one space between its cells."""
    room = width - GUTTER - 1 - sum(cell.width for cell in cells) - max(0, len(cells) - 1)
    spans: list[Span] = []
    for number, cell in enumerate(cells):
        wide = max(0, cell.width or room)
        text = fit(cell.text, wide)
        pad = _SPACE * (wide - cell_len(text))
        if number:
            spans.append(Span(_SPACE, "text"))
        spans.append(Span(pad + text if cell.right else text + pad, cell.style))
    return TextRow(tuple(spans))


def heading(text: SafeText, width: int, right: SafeText = _NOTHING) -> Entry:
    """A title between entries, with an empty row above."""
    return Entry("", (TextRow(()), row(width, Cell(text, 0, "head"), Cell(right, cell_len(right), "detail"))))


def plain(text: SafeText, width: int, style: str = "detail") -> Entry:
    """Text that is only read, wrapped."""
    rows = wrap(text, max(4, width - GUTTER - 1))
    return Entry("", tuple(TextRow((Span(line, style),)) for line in rows))


class Hands(Protocol):
    """What a listing does to its screen, at once."""

    def chosen(self, id: str) -> None: ...
    def moved(self, id: str) -> None: ...
    def typed(self, character: str) -> bool: ...
    def shift(self, columns: int) -> None: ...
    def laid(self) -> None: ...


class Listing(Keyed, ScrollView, can_focus=True):
    """Entries, one of them chosen; only rows that changed are drawn again."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"listing--{style}" for style in _STYLES}
    ALLOW_SELECT = False

    def __init__(self, hands: Hands, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hands: Final = hands
        self.entries: list[Entry] = []
        self.selected = ""
        #: Nothing needs to be chosen at first: a key moves there, or a search.
        self.open = False
        self._rows: list[tuple[str, TextRow, bool]] = []

    def show(self, entries: Sequence[Entry], selected: str | None = None) -> None:
        """Show these; the choice stays with its entry, or goes to the first one.

        ``selected``: choose this one.
        """
        before = self._rows
        ids = [entry.id for entry in entries if entry.id]
        wanted = self.selected if selected is None else selected
        if wanted not in ids and not (self.open and not wanted):
            wanted = self._neighbour(ids)
        changed = wanted != self.selected
        self.entries, self.selected = list(entries), wanted
        self._rows = [
            (entry.id, text, number == 0) for entry in entries for number, text in enumerate(entry.rows)
        ]
        if len(before) != len(self._rows):
            self.virtual_size = Size(self.size.width, len(self._rows))
        for y, (old, new) in enumerate(zip_longest(before, self._rows)):
            if old != new:
                self.refresh_lines(y)
        if changed:
            self._moved()

    def _neighbour(self, ids: list[str]) -> str:
        """Where the choice goes when its entry went away: what stands in its place now."""
        if not ids:
            return ""
        old = [entry.id for entry in self.entries if entry.id]
        at = old.index(self.selected) if self.selected in old else 0
        return ids[min(at, len(ids) - 1)]

    def choose(self, id: str) -> None:
        """Choose this one."""
        if id == self.selected:
            return
        for y, (of, *_) in enumerate(self._rows):
            if of and of in (id, self.selected):
                self.refresh_lines(y)
        self.selected = id
        self._moved()

    def _moved(self) -> None:
        rows = [y for y, (of, *_) in enumerate(self._rows) if of and of == self.selected]
        if rows:
            # With the title above it, where there is one.
            top = 0 if not any(of for of, *_ in self._rows[: rows[0]]) else rows[0]
            if top < self.scroll_y:
                self.scroll_to(y=top, animate=False, immediate=True)
            elif rows[-1] >= self.scroll_y + self.size.height:
                self.scroll_to(y=rows[-1] + 1 - self.size.height, animate=False, immediate=True)
        self._hands.moved(self.selected)

    def render_line(self, y: int) -> Strip:
        """One row of the terminal."""
        y += self.scroll_offset.y
        width = self.size.width
        if y >= len(self._rows):
            return Strip.blank(width, self._style("text", chosen=False))
        of, text, first = self._rows[y]
        chosen = bool(of) and of == self.selected
        mark = _NOT_CHOSEN
        if chosen and first:
            mark = _CHOSEN if self.has_focus else _CHOSEN_APART
        segments = [Segment(mark, self._style("bold", chosen))]
        segments += [Segment(span.text, self._style(span.style, chosen)) for span in text.spans]
        return Strip(segments).adjust_cell_length(width, self._style("text", chosen))

    def _style(self, name: str, chosen: bool) -> Style:
        style = self.get_component_rich_style(f"listing--{name}")
        if chosen:
            selected = self.get_component_rich_style("listing--selected")
            style += selected if self.has_focus else Style(bgcolor=selected.bgcolor)
        return style

    def on_resize(self) -> None:
        """The rows fill the new width."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._hands.laid()
        self.refresh()

    def typed(self, character: str) -> bool:
        """A letter: some dialogs search by it."""
        return self._hands.typed(character)

    def action_step(self, step: int) -> None:
        """Some choices up or down; where nothing can be chosen the rows move."""
        ids = list(dict.fromkeys(of for of, *_ in self._rows if of))
        if not ids:
            self.scroll_to(y=self.scroll_y + step, animate=False, immediate=True)
            return
        if self.selected not in ids:
            self.choose(ids[0] if step > 0 else ids[-1])
            return
        at = ids.index(self.selected)
        to = min(max(at + step, 0), len(ids) - 1)
        if to == at:
            # Beyond the last choice there may be more to read.
            self.scroll_to(y=self.scroll_y + step, animate=False, immediate=True)
            return
        self.choose(ids[to])

    def action_choose(self) -> None:
        """Take the chosen one; where none needs to be, it may be none."""
        if self.selected or self.open:
            self._hands.chosen(self.selected)

    def action_shift(self, columns: int) -> None:
        """Look at other columns."""
        self._hands.shift(columns)

    def on_click(self, event: events.Click) -> None:
        """Choose under the mouse; a second click takes it."""
        y = event.y + self.scroll_offset.y
        if not 0 <= y < len(self._rows) or not self._rows[y][0]:
            return
        if self._rows[y][0] == self.selected:
            self.action_choose()
        else:
            self.choose(self._rows[y][0])

    def text(self) -> Iterable[SafeText]:
        """Every row as plain text."""
        return (text.plain for _, text, _ in self._rows)
