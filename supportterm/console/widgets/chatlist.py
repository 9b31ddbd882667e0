"""The list of chats, two rows each; only rows that changed are drawn again."""

from __future__ import annotations

from itertools import zip_longest
from typing import ClassVar, Final, NamedTuple, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportterm.console.widgets.keyed import Keyed
from supportterm.console.widgets.wrap import fit
from supportterm.text import SafeText, trusted

#: Rows of the terminal that one chat takes.
TALL: Final = 2
_STYLES: Final = ("name", "wait", "detail", "unread", "selected", "empty", "closing", "closed")


class Line(NamedTuple):
    """What one chat shows: name and wait above, detail and ``right`` (unread, draft, …) below.

    ``mark`` stands before the name, so that who waits is seen without colour; ``tone`` is "wait",
    "closed" or "name".
    """

    chat: str
    mark: SafeText
    name: SafeText
    wait: SafeText
    detail: SafeText
    right: SafeText
    tone: str


class Hands(Protocol):
    """What the list does to the rest, at once: see `Keyed` for why not by a message."""

    def choose(self, chat: str, *, write: bool) -> None: ...
    def type(self, character: str) -> None: ...


class ChatList(Keyed, ScrollView, can_focus=True):
    """The agent's chats. Letters typed here go to the composer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"chats--{style}" for style in _STYLES}
    ALLOW_SELECT = False

    def __init__(self, hands: Hands, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hands: Final = hands
        self.lines: list[Line] = []
        self.selected = ""
        self._hint: list[SafeText] = []

    def show(self, lines: list[Line], selected: str, hint: list[SafeText]) -> None:
        """Show these chats; ``hint`` are the rows of an empty list."""
        before, before_selected = self.lines, self.selected
        self.lines, self.selected = lines, selected
        if not (before and lines):
            if before or lines or hint != self._hint:
                self._hint = hint
                self.refresh()
        else:
            for row, (old, new) in enumerate(zip_longest(before, lines)):
                chosen = (
                    old is not None and old.chat == before_selected,
                    new is not None and new.chat == selected,
                )
                if old != new or chosen[0] != chosen[1]:
                    self.refresh_lines(row * TALL, TALL)
        if len(before) != len(lines):
            self.virtual_size = Size(self.size.width, len(lines) * TALL)
        if selected != before_selected:
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        row = next((n for n, line in enumerate(self.lines) if line.chat == self.selected), None)
        if row is None:
            return
        top, bottom = row * TALL, (row + 1) * TALL
        if top < self.scroll_y:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif bottom > self.scroll_y + self.size.height:
            self.scroll_to(y=bottom - self.size.height, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One row of the terminal."""
        y += self.scroll_offset.y
        width = self.size.width
        number, second = divmod(y, TALL)
        if number >= len(self.lines):
            empty = self.get_component_rich_style("chats--empty")
            text = self._hint[y] if not self.lines and y < len(self._hint) else trusted("")
            return Strip([Segment(fit(text, width), empty)]).adjust_cell_length(width, self.rich_style)
        line = self.lines[number]
        chosen = line.chat == self.selected
        if second:
            return self._row(trusted("   ") + line.detail, line.right, "detail", "unread", chosen)
        name = trusted("▸") if chosen else trusted(" ")
        name += line.mark + trusted(" ") + line.name
        wait = "closed" if line.tone == "closed" else "wait"
        return self._row(name, line.wait, line.tone, wait, chosen)

    def _row(self, left: SafeText, right: SafeText, left_tone: str, right_tone: str, chosen: bool) -> Strip:
        width = self.size.width
        left = fit(left, width - cell_len(right) - 2 if right else width - 1)
        gap = " " * max(0, width - cell_len(left) - cell_len(right) - 1)
        style, other = self._style(left_tone, chosen), self._style(right_tone, chosen)
        segments = [Segment(left + gap, style)]
        if right:
            segments.append(Segment(right, other))
        return Strip(segments).adjust_cell_length(width, style)

    def _style(self, tone: str, chosen: bool) -> Style:
        style = self.get_component_rich_style(f"chats--{tone}")
        if chosen:
            selected = self.get_component_rich_style("chats--selected")
            style += selected if self.has_focus else Style(bgcolor=selected.bgcolor)
        return style

    def on_click(self, event: events.Click) -> None:
        """Open the chat under the mouse."""
        number = (event.y + self.scroll_offset.y) // TALL
        if 0 <= number < len(self.lines):
            self._hands.choose(self.lines[number].chat, write=True)

    def on_resize(self) -> None:
        """The rows fill the new width."""
        self.virtual_size = Size(self.size.width, len(self.lines) * TALL)
        self.refresh()

    def action_open(self) -> None:
        """Write in the chosen chat."""
        if self.selected or self.lines:
            self._hands.choose(self.selected or self.lines[0].chat, write=True)

    def typed(self, character: str) -> bool:
        """Whoever types wants to write."""
        self._hands.type(character)
        return True

    def action_step(self, step: int) -> None:
        """The chat above or below."""
        ids = [line.chat for line in self.lines]
        if not ids:
            return
        at = ids.index(self.selected) + step if self.selected in ids else 0
        self._hands.choose(ids[min(max(at, 0), len(ids) - 1)], write=False)
