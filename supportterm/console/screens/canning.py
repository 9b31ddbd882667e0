"""Pick a canned reply by a few letters, and read what it says before it is put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult

from supportterm.coach.replying import gaps
from supportterm.coach.understanding import Due
from supportterm.console.aids.canned import Canned, matching
from supportterm.console.screens.dialog import Choice, Pick
from supportterm.console.session import Session
from supportterm.console.widgets.blocks import Span, TextRow
from supportterm.console.widgets.listing import GUTTER, Cell, Entry, Listing, row
from supportterm.console.widgets.styled import styled_rows
from supportterm.text import SafeText, join, safe_line, safe_text, trusted

_DOT: Final = trusted(" · ")
_EMPTY: Final = TextRow(())
#: Rows of the text that are shown, from a low terminal to a high one.
_ROWS: Final = (4, 12)
_HIGH: Final = 32


class Canning(Pick):
    """The list above, the chosen text below. ``query``: the letters that were typed already.

    ``due``: why, before a solution, the customer should be told how they were understood; None: they were.
    """

    CHOOSE = "reply.choose"

    def __init__(
        self, session: Session, title: SafeText, canned: Sequence[Canned], query: str, *, due: Due | None
    ) -> None:
        super().__init__(session, title, [Choice(one.key, one.label) for one in canned])
        self._canned: Final = {one.key: one for one in canned}
        self._due: Final = due
        self.query_text = safe_line(query)

    def body(self) -> ComposeResult:
        yield from super().body()
        self.preview = Listing(self, id="preview")
        self.preview.can_focus = False
        yield self.preview

    def _found(self) -> list[Choice]:
        found = matching(self._canned.values(), self.query_text)
        return [Choice(one.key, one.label) for one in found]

    def _entry(self, choice: Choice, width: int) -> Entry:
        one = self._canned[choice.id]
        right = join(_DOT, self._beside(one))
        wide = min(cell_len(right), width // 2)
        return Entry(choice.id, (row(width, Cell(one.label), Cell(right, wide, "detail", right=True)),))

    def _beside(self, one: Canned) -> Iterator[SafeText]:
        say = self.session.words.say
        if one.reply.kind == "solution" and self._due is not None:
            yield self._lacking(self._due)
        elif one.reply.kind != "other":
            yield say(f"reply.{one.reply.kind}")
        if one.foreign:
            yield safe_line(one.foreign)
        yield safe_line(f"/{one.reply.id}")

    def _lacking(self, due: Due) -> SafeText:
        say = self.session.words.say
        if due.why == "corrected":
            return say("reply.corrected")
        return say("reply.new_since") if due.again else say("reply.no_summary")

    def typed(self, character: str) -> bool:
        """With each letter the best one is chosen anew."""
        self.listing.selected = ""
        return super().typed(character)

    def action_erase(self) -> None:
        """With one letter less, too."""
        self.listing.selected = ""
        super().action_erase()

    def _lay(self) -> None:
        super()._lay()
        self.moved(self.listing.selected)

    def moved(self, id: str) -> None:
        """Show what it says."""
        width = self.preview.size.width
        one = self._canned.get(id)
        if not width or one is None:
            self.preview.show([])
            return
        most = _ROWS[self.app.size.height >= _HIGH]
        rows = [TextRow(spans) for spans in _rows(one.text, width - GUTTER - 1)]
        if len(rows) > most:
            rows = [*rows[: most - 1], TextRow((Span(trusted("…"), "detail"),))]
        self.preview.show([Entry("", (_EMPTY, *rows))])


def _rows(text: str, width: int) -> Iterator[tuple[Span, ...]]:
    """The text as it will stand there, its gaps marked."""
    for line in text.split("\n"):
        at, spans = 0, []
        for start, end in gaps(line):
            spans += [Span(safe_text(line[at:start]), "text"), Span(safe_text(line[start:end]), "warn")]
            at = end
        spans.append(Span(safe_text(line[at:]), "text"))
        yield from styled_rows(spans, width) or [()]
