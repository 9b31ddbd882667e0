"""The conversation, drawn row by row: what is not on the screen costs nothing."""

from __future__ import annotations

from typing import ClassVar, Final, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from supportterm.console.widgets.blocks import Blocks, Setting, Span, TextRow
from supportterm.console.widgets.keyed import Keyed
from supportterm.link.chatlog import ChatLog
from supportterm.text import SafeText, safe_text, trusted

_STYLES: Final = (
    "text",
    "system",
    "day",
    "day-rule",
    "new",
    "new-rule",
    "time",
    "name-customer",
    "name-agent",
    "bar-customer",
    "bar-agent",
    "bar-note",
    "bar-refused",
    "note",
    "note-label",
    "note-time",
    "erased",
    "pending",
    "refused",
    "tick",
    "tick-read",
)
#: Within this many rows of the end the view follows new messages.
NEAR_END: Final = 3


class Hands(Protocol):
    """What the conversation does to the rest, at once."""

    def type(self, character: str) -> None: ...


class Transcript(Keyed, ScrollView, can_focus=True):
    """One chat's rows. Give it a chat with `show`, and `update_rows` when something in it changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"transcript--{style}" for style in _STYLES}

    class ReachedTop(Message):
        """The person scrolled to the first row."""

    class Scrolled(Message):
        """The view moved; ``at_end``: the newest row is in sight."""

        def __init__(self, at_end: bool) -> None:
            super().__init__()
            self.at_end = at_end

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Transcript.Scrolled)

    def __init__(self, hands: Hands, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hands: Final = hands
        self._blocks: Final = Blocks()
        self._rows: list[TextRow] = []
        self._log: ChatLog | None = None
        self._setting: Setting | None = None
        self._hint: list[SafeText] = []
        self._styles_by_name: dict[str, Style] = {}
        #: Whether the end was in sight before the view became smaller: only scrolling changes that.
        self._followed = True

    @property
    def at_end(self) -> bool:
        """Whether the view follows the conversation."""
        return self.max_scroll_y - self.scroll_y <= NEAR_END

    def show(self, log: ChatLog | None, setting: Setting) -> None:
        """Show another chat, from its end."""
        self._log = log
        self._setting = setting
        self._lay()
        self.scroll_newest()
        # Two chats may be equally long: then neither size nor scroll would have this drawn again.
        self.refresh()

    def typed(self, character: str) -> bool:
        """Whoever types wants to write."""
        self._hands.type(character)
        return True

    def show_nothing(self, hint: list[SafeText]) -> None:
        """No chat is open: show a hint in the middle."""
        if self._log is None and hint == self._hint:
            return
        self._log, self._setting, self._hint = None, None, hint
        self._lay()
        self.refresh()

    def scroll_by(self, rows: int) -> None:
        """Move by this many rows; at the top this asks for older events."""
        if rows < 0 and self.scroll_y <= 0:
            self.post_message(self.ReachedTop())
        self.scroll_to(y=self.scroll_y + rows, animate=False, immediate=True)

    def update_rows(self, setting: Setting, *, prepended: bool = False) -> None:
        """Something changed in this chat. ``prepended``: older events came, the view stays where it is."""
        follow, height = self.at_end and not prepended, len(self._rows)
        self._setting = setting
        before = self._visible()
        self._lay()
        if follow:
            self.scroll_newest()
        elif prepended:
            self.scroll_to(y=self.scroll_y + len(self._rows) - height, animate=False, immediate=True)
        for y, (old, new) in enumerate(zip(before, self._visible(), strict=False)):
            if old is not new and old != new:
                self.refresh_lines(y + self.scroll_offset.y)

    def forget(self) -> None:
        """Texts were erased: keep no copy of them."""
        self._blocks.forget()

    def scroll_newest(self) -> None:
        """Go to the end, and follow it again."""
        self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)

    def _lay(self) -> None:
        if self._log is None or self._setting is None:
            self._rows = []
            for text in self._hint:
                pad = trusted(" ") * max(0, (self.size.width - cell_len(text)) // 2)
                self._rows.append(TextRow((Span(pad, "text"), Span(text, "system"))))
        else:
            self._rows = self._blocks.rows(self._log, self._setting)
        self.virtual_size = Size(self.size.width, len(self._rows))

    def _visible(self) -> list[TextRow | None]:
        return [self._row(y + self.scroll_offset.y) for y in range(self.size.height)]

    def _row(self, y: int) -> TextRow | None:
        """The row at ``y``; a short conversation stands at the bottom, beside the composer."""
        room = max(0, self.size.height - len(self._rows))
        y -= room if self._log is not None else room // 2
        return self._rows[y] if 0 <= y < len(self._rows) else None

    def render_line(self, y: int) -> Strip:
        """One row of the terminal."""
        y += self.scroll_offset.y
        row = self._row(y)
        width = self.size.width
        if row is None:
            return Strip.blank(width, self._style("text"))
        segments = [Segment(span.text, self._style(span.style)) for span in self._selected(row, y)]
        strip = Strip(segments).adjust_cell_length(width, self._style(row.fill))
        return strip.apply_offsets(0, y)

    def _selected(self, row: TextRow, y: int) -> list[Span]:
        """The row's spans, cut where the selection begins and ends."""
        selection = self.text_selection
        chosen = selection.get_span(y) if selection is not None else None
        if chosen is None:
            return list(row.spans)
        start, end = chosen
        found: list[Span] = []
        at = 0
        for text, style in row.spans:
            low = min(max(start - at, 0), len(text))
            high = len(text) if end == -1 else min(max(end - at, low), len(text))
            found += [
                Span(safe_text(part), name)
                for part, name in ((text[:low], style), (text[low:high], "selected"), (text[high:], style))
                if part
            ]
            at += len(text)
        return found

    def _style(self, name: str) -> Style:
        found = self._styles_by_name.get(name)
        if found is None:
            if name == "selected":
                found = self.screen.get_component_rich_style("screen--selection")
            else:
                found = self.get_component_rich_style(f"transcript--{name}")
            self._styles_by_name[name] = found
        return found

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text without bars and ticks' padding: what a person means to copy."""
        pad = max(0, self.size.height - len(self._rows))
        lines: list[SafeText] = [trusted("")] * pad + [row.plain for row in self._rows]
        found = selection.extract("\n".join(line or " " for line in lines))
        return "\n".join(line.strip("▎ ") for line in found.split("\n")), "\n"

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._styles_by_name.clear()
        super().notify_style_update()

    def on_resize(self) -> None:
        """Only the open chat is wrapped anew, at its new width."""
        if self._setting is None:
            self._lay()
            return
        follow = self._followed
        if self._setting.width == self.size.width:
            if follow:
                self.scroll_newest()
            return
        fields = {name: getattr(self._setting, name) for name in self._setting.__struct_fields__}
        self._setting = Setting(**{**fields, "width": self.size.width})
        self._lay()
        if follow:
            self.scroll_newest()
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell where the view is: the top asks for older events, the end counts as read."""
        super().watch_scroll_y(old_value, new_value)
        self._followed = self.at_end
        if round(old_value) == round(new_value):
            return
        if new_value <= 0 and old_value > 0:
            self.post_message(self.ReachedTop())
        self.post_message(self.Scrolled(self.at_end))

    def widest(self) -> int:
        """Cells of the widest row; never more than the view's width."""
        return max((cell_len(row.plain) for row in self._rows), default=0)
