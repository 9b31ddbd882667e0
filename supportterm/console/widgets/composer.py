"""Where the agent writes: a message, or a note that looks like nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from textual import events
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from supportterm.console.aids.aid import Act
from supportterm.console.widgets.field import Field
from supportterm.text import SafeText, safe_text, trusted


class Hands(Protocol):
    """What the composer does to the rest, at once: see `Keyed` for why not by a message."""

    def send(self, text: str) -> None: ...
    def aid(self, act: Act) -> bool: ...
    def page(self, pages: int) -> None: ...


class Composer(Field):
    """A text field of three to five rows. Enter sends; it grows with what is written."""

    class Written(Message):
        """The text changed; whether by hand says `take_changes`."""

    #: Keys that the line above takes while it says so; else they do what they always do.
    aid_keys: Mapping[str, Act] = {}

    def __init__(self, hands: Hands, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hands: Final = hands
        self._known = ""

    async def on_key(self, event: events.Key) -> None:
        """The aid line comes first; what it does not take goes on to `Keyed`."""
        act = self.aid_keys.get(event.key)
        if act is None or self.screen.focused is not self or self.app.screen is not self.screen:
            return
        if not self.read_only and self._hands.aid(act):
            event.stop()
            event.prevent_default()

    def rewrite(self, text: str) -> None:
        """Show this text as if it were written: undo brings back what was there."""
        self.replace(self._safe(text), self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def insert_here(self, text: str) -> int:
        """Put a text where the cursor is, apart from the words around it; where it begins, in letters."""
        start, end = sorted((self.selection.start, self.selection.end))
        before, after = self.get_text_range((0, 0), start), self.get_text_range(end, self.document.end)
        safe = self._safe(text)
        left, right = _apart(before[-1:]), _apart(after[:1])
        self.replace(left + safe + right, start, end)
        at = len(before) + len(left)
        self.select_text(at + len(safe), at + len(safe))
        return at

    def select_text(self, start: int, end: int) -> None:
        """Select from one letter to another, counted from the beginning of the text."""
        self.selection = Selection(_place(self.text, start), _place(self.text, end))

    def put(self, text: str) -> None:
        """Show this text, cursor at its end; what was there is forgotten, undo included."""
        self._known = safe_text(text)
        super().put(text)

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

    def action_send(self) -> None:
        """Send what is written."""
        if self.text.strip():
            self._hands.send(self.text)

    def action_scroll_page(self, pages: int) -> None:
        """Move the conversation: three rows of text need no paging."""
        self._hands.page(pages)


def _apart(beside: str) -> SafeText:
    """A space, unless there is one or the text ends."""
    return trusted(" ") if beside and not beside.isspace() else trusted("")


def _place(text: str, at: int) -> tuple[int, int]:
    """The row and column of a letter."""
    before = text[:at].split("\n")
    return len(before) - 1, len(before[-1])
