"""Where the agent writes: a message, or a note that looks like nothing else."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from supportterm.console.keymap import bindings
from supportterm.text import SafeText, safe_text, trusted


class Composer(TextArea):
    """A text field of three to five rows. Enter sends; it grows with what is written.

    What is pasted or taken back is made safe before it is drawn.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("composer")]

    class Sent(Message):
        """Enter was pressed on ``text``."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Written(Message):
        """The person changed the text; not sent when `put` did."""

    class Paged(Message):
        """Page up or page down: the conversation shall move by ``pages``."""

        def __init__(self, pages: int) -> None:
            super().__init__()
            self.pages = pages

    def __init__(self, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self._put = ""

    def put(self, text: str) -> None:
        """Show this text, cursor at its end; what was there is forgotten, undo included."""
        self._put = safe_text(text)
        self.load_text(self._put)
        self.move_cursor(self.document.end)

    def hint(self, text: SafeText) -> None:
        """What stands in the empty field."""
        self.placeholder = Content(text)

    def add(self, text: str) -> None:
        """Add this at the cursor, as if written."""
        self.insert(safe_text(text))

    def clear_text(self) -> None:
        """Empty the field after sending."""
        self.put("")

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell only what a person wrote."""
        event.stop()
        if self.text != self._put:
            self._put = self.text
            self.post_message(self.Written())

    async def _on_paste(self, event: events.Paste) -> None:
        """A paste can hold anything a web page had in it."""
        event.prevent_default()
        event.stop()
        if not self.read_only:
            self.add(event.text)

    def action_send(self) -> None:
        """Send what is written."""
        if self.text.strip():
            self.post_message(self.Sent(self.text))

    def action_new_line(self) -> None:
        """Break the line."""
        if not self.read_only:
            self.insert(trusted("\n"))

    def action_scroll_page(self, pages: int) -> None:
        """Move the conversation: three rows of text need no paging."""
        self.post_message(self.Paged(pages))
