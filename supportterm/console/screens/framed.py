"""A frame over what lies below: the title in its upper edge, the keys in its lower one."""

from __future__ import annotations

from typing import Final, Self, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import ModalScreen

from supportterm.console.keymap import show_key
from supportterm.console.session import Session
from supportterm.console.widgets.edge import FRAME, Edge
from supportterm.text import SafeText, join, safe_line, trusted

_NOTHING: Final = trusted("")
_DOT: Final = trusted(" · ")
BREAKPOINTS: Final = [(0, "-edges"), (FRAME, "-sides")]
Result = TypeVar("Result")


class Framed(ModalScreen[Result]):
    """A box with a title, a body, and a row that says which keys do what."""

    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, session: Session, title: SafeText) -> None:
        super().__init__()
        self.session: Final = session
        self.heading: Final = title
        self._remark = self._owed = _NOTHING

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Edge("box-title", self.heading)
            with Vertical(id="box-body"):
                yield from self.body()
            yield Edge("box-hint", below=True)

    def body(self) -> ComposeResult:
        """What stands between title and keys."""
        yield from ()

    def remark(self, text: SafeText = _NOTHING) -> None:
        """Say this at the right of the title; by default nothing."""
        self._remark = text
        self._show_title()

    def owed(self, text: SafeText) -> None:
        """Say there, too, that a promise is about to fall due; "": none is."""
        if text != self._owed and self.is_mounted:
            self._owed = text
            self._show_title()

    def _show_title(self) -> None:
        right = join(_DOT, [one for one in (self._remark, self._owed) if one])
        self.query_one("#box-title", Edge).show(self.heading, right)

    def refresh(self, *regions: Region, **more: bool) -> Self:
        """Whatever lies below was drawn anew there, and is seen beside the box."""
        if self.is_attached:
            for between in self.app.screen_stack[1:-1]:
                if isinstance(between, ModalScreen):
                    # Textual tells only the screen on top; those between keep what they have drawn.
                    between._set_dirty(*regions)
        return super().refresh(*regions, **more)

    def hint(self, *keys: tuple[str, str]) -> None:
        """What the keys do: pairs of a key's id and the id of what it does."""
        say, keymap = self.session.words.say, self.session.settings.keymap.keys
        parts = [say(what, key=safe_line(show_key(keymap[id_]))) for id_, what in keys]
        self.query_one("#box-hint", Edge).show(join(_DOT, parts))
