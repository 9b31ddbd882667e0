"""The palette, in the frame of the dialogs."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.command import CommandInput, CommandList, CommandPalette
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, LoadingIndicator

from supportterm.console.commands import Commands
from supportterm.console.keymap import bindings
from supportterm.console.screens.framed import BREAKPOINTS
from supportterm.console.widgets.edge import Edge
from supportterm.console.words import Words
from supportterm.text import join, safe_line, trusted


class Search(CommandInput):
    """What is searched for. Textual draws a paste as it comes; here it is safe, and on one line."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._paste(event.text)

    def action_paste(self) -> None:
        """What was copied may come from a field of more rows."""
        self._paste(self.app.clipboard)

    def _paste(self, text: str) -> None:
        self.replace(safe_line(text), *sorted(self.selection))


class Palette(CommandPalette):
    """Textual's palette; the console can be left from it as from everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app", namespace="app.")]
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, words: Words) -> None:
        super().__init__([Commands], id="--command-palette")
        self._words: Final = words

    def compose(self) -> ComposeResult:
        """What Textual's has, by the names it is looked for."""
        with Vertical(id="--container"):
            yield Edge("box-title")
            with Vertical(id="box-body"):
                with Horizontal(id="--input"):
                    yield Search(placeholder=self._words.say("palette.search"), select_on_focus=False)
                with Vertical(id="--results"):
                    yield CommandList()
                    yield LoadingIndicator()
            yield Edge("box-hint", below=True)

    def on_mount(self) -> None:
        """No blinking: over a thin line it costs more than reading does."""
        self.query_one(Input).cursor_blink = False
        say = self._words.say
        keys = say("dialog.choose", key=trusted("enter")), say("dialog.close", key=trusted("esc"))
        self.query_one("#box-title", Edge).show(say("palette.title"))
        self.query_one("#box-hint", Edge).show(join(trusted(" · "), keys))
