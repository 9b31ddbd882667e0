"""Where the agent writes: a message, or a note that looks like nothing else."""

from __future__ import annotations

from typing import Final, Protocol

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from supportterm.console.widgets.keyed import Keyed
from supportterm.text import SafeText, safe_text, trusted


class Hands(Protocol):
    """What the composer does to the rest, at once: see `Keyed` for why not by a message."""

    def send(self, text: str) -> None: ...
    def page(self, pages: int) -> None: ...


class Composer(Keyed, TextArea):
    """A text field of three to five rows. Enter sends; it grows with what is written.

    What is pasted or taken back is made safe before it is drawn.
    """

    class Written(Message):
        """The text changed; whether by hand says `take_changes`."""

    def __init__(self, hands: Hands, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self._hands: Final = hands
        self._known = ""
        self._hint: SafeText = trusted("")

    def put(self, text: str) -> None:
        """Show this text, cursor at its end; what was there is forgotten, undo included."""
        self._known = safe_text(text)
        self.load_text(self._known)
        self.move_cursor(self.document.end)

    def hint(self, text: SafeText) -> None:
        """What stands in the empty field."""
        if text != self._hint:
            self._hint = text
            self.placeholder = Content(text)

    def render_line(self, y: int) -> Strip:
        """One row of the field. While a terminal shrinks there may be no column for the hint at all."""
        if self.content_size.width < 1:
            return Strip.blank(self.size.width)
        return super().render_line(y)

    def add(self, text: str) -> None:
        """Add this at the cursor, as if written."""
        self.insert(safe_text(text))

    def clear_text(self) -> None:
        """Empty the field after sending."""
        self.put("")

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell it under our own name."""
        event.stop()
        self.post_message(self.Written())

    def take_changes(self) -> bool:
        """Whether the person changed the text since the last time this was asked."""
        changed, self._known = self.text != self._known, self.text
        return changed

    async def _on_paste(self, event: events.Paste) -> None:
        """A paste can hold anything a web page had in it."""
        event.prevent_default()
        event.stop()
        if not self.read_only:
            self.add(event.text)

    def action_send(self) -> None:
        """Send what is written."""
        if self.text.strip():
            self._hands.send(self.text)

    def action_new_line(self) -> None:
        """Break the line."""
        if not self.read_only:
            self.insert(trusted("\n"))

    def action_scroll_page(self, pages: int) -> None:
        """Move the conversation: three rows of text need no paging."""
        self._hands.page(pages)
