"""The palette, in the frame of the dialogs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, Self

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.command import Command, CommandInput, CommandList, CommandPalette, DiscoveryHit, Hit
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Input, LoadingIndicator
from textual.widgets.option_list import Option

from supportterm.console.commands import Commands, Found
from supportterm.console.keymap import bindings
from supportterm.console.screens.framed import BREAKPOINTS
from supportterm.console.widgets.edge import Edge
from supportterm.console.words import Words
from supportterm.text import SafeText, join, safe_line, trusted

#: Cells beside a row: two before it, one behind it, and the scrollbar's where there is one.
_AROUND_ROW: Final = 4


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


class Rows(CommandList):
    """What was found: each command with its key at the right end, as wide as the rows are now."""

    def __init__(self, none: SafeText) -> None:
        super().__init__()
        self._none: Final = none

    def add_options(self, new_options: Iterable[Option | VisualType | None]) -> Self:
        """Lay them out; what can never be chosen is Textual's own sentence that nothing was found."""
        return super().add_options([self._ours(one) for one in new_options])

    def _ours(self, one: Option | VisualType | None) -> Option | VisualType | None:
        if isinstance(one, Command):
            return Command(self._row(one.hit), one.hit, one.id)
        if isinstance(one, Option) and one.disabled:
            return Option(Content(self._none), one.id, disabled=True)
        return one

    def on_resize(self) -> None:
        """The keys stand at the right end again."""
        for number, one in enumerate(self.options):
            if isinstance(one, Command):
                self.replace_option_prompt_at_index(number, self._row(one.hit))

    def _row(self, hit: Hit | DiscoveryHit) -> VisualType:
        if not isinstance(hit, Found) or not isinstance(hit.prompt, Content) or not hit.key:
            return hit.prompt
        gap = self.size.width - _AROUND_ROW - hit.prompt.cell_length - cell_len(hit.key)
        return Content.assemble(hit.prompt, " " * max(1, gap), (hit.key, "$text-muted"))


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
            yield Edge("box-title", self._words.say("palette.title"))
            with Vertical(id="box-body"):
                with Horizontal(id="--input"):
                    yield Search(placeholder=self._words.say("palette.search"), select_on_focus=False)
                with Vertical(id="--results"):
                    yield Rows(self._words.say("dialog.none"))
                    yield LoadingIndicator()
            yield Edge("box-hint", below=True)

    def on_mount(self) -> None:
        """No blinking: over a thin line it costs more than reading does."""
        self.query_one(Input).cursor_blink = False
        say = self._words.say
        keys = say("dialog.choose", key=trusted("enter")), say("dialog.close", key=trusted("esc"))
        self.query_one("#box-hint", Edge).show(join(trusted(" · "), keys))

    def owed(self, text: SafeText) -> None:
        """Say beside the title that a promise is about to fall due; "": none is."""
        if self.is_mounted:
            self.query_one("#box-title", Edge).show(self._words.say("palette.title"), text)
