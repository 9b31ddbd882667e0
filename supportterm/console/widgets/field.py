"""A text field for untrusted fingers and pastes: what goes in is safe before it is drawn."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.strip import Strip
from textual.widgets import TextArea

from supportterm.console.widgets.keyed import Keyed
from supportterm.text import SafeText, safe_line, safe_text, trusted


class Field(Keyed, TextArea):
    """Text of some rows, or of one (``one_line``: pasted line breaks become spaces)."""

    #: Otherwise a letter behind "backspace" is written first, and taken away again.
    own = {  # noqa: RUF012
        key: binding.action
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
    }

    def __init__(self, id: str | None = None, *, one_line: bool = False) -> None:
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self.one_line = one_line
        self._hint: SafeText = trusted("")

    def put(self, text: str) -> None:
        """Show this text, cursor at its end; what was there is forgotten, undo included."""
        self.load_text(self._safe(text))
        self.move_cursor(self.document.end)

    def add(self, text: str) -> None:
        """Add this at the cursor, as if written."""
        self.insert(self._safe(text))

    def hint(self, text: SafeText) -> None:
        """What stands in the empty field."""
        if text != self._hint:
            self._hint = text
            self.placeholder = Content(text)

    def _safe(self, text: str) -> SafeText:
        return safe_line(text) if self.one_line else safe_text(text)

    def render_line(self, y: int) -> Strip:
        """One row of the field. While a terminal shrinks there may be no column for the hint at all."""
        if self.content_size.width < 1:
            return Strip.blank(self.size.width)
        return super().render_line(y)

    def on_resize(self) -> None:
        """Draw the text as it is wrapped now: Textual wraps it after it drew it, and leaves it at that."""
        self.refresh()

    async def _on_paste(self, event: events.Paste) -> None:
        """A paste can hold anything a web page had in it."""
        event.prevent_default()
        event.stop()
        self._paste(event.text)

    def action_paste(self) -> None:
        """What was copied may come from a field of more rows."""
        self._paste(self.app.clipboard)

    def _paste(self, text: str) -> None:
        """Put this in the place of what is selected, or at the cursor."""
        if not self.read_only:
            self.replace(self._safe(text), *self.selection, maintain_selection_offset=False)

    def action_new_line(self) -> None:
        """Break the line."""
        if not self.read_only and not self.one_line:
            self.insert(trusted("\n"))
