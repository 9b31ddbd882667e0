"""The three small questions of the console: pick from a list with search, ask once, write one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple, TypeVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType

from supportterm.console.keymap import actions
from supportterm.console.screens.framed import Framed
from supportterm.console.searching import stands_in
from supportterm.console.session import Session
from supportterm.console.widgets.blocks import Span, TextRow
from supportterm.console.widgets.field import Field
from supportterm.console.widgets.listing import GUTTER, Cell, Entry, Listing, plain, row
from supportterm.console.widgets.wrap import wrap
from supportterm.text import SafeText, safe_line, trusted

_NOTHING: Final = trusted("")
_INDENT: Final = trusted("  ")
#: Before the id of a choice that was typed instead of picked.
TYPED: Final = "="
NO: Final = "no"
#: Screens there are when a dialog lies right over the conversation.
_OVER_CONVERSATION: Final = 3
Result = TypeVar("Result")


class Choice(NamedTuple):
    """One line to pick: ``label`` at the left, ``detail`` at the right, ``about`` below.

    ``off``: why it cannot be picked now; it is shown all the same, so that nobody searches for it. ``alone``:
    it was typed and can mean nothing else, so what merely holds the same letters is not shown beside it.
    ``also``: other words it is found by.
    """

    id: str
    label: SafeText
    detail: SafeText = _NOTHING
    about: SafeText = _NOTHING
    off: SafeText = _NOTHING
    alone: bool = False
    also: SafeText = _NOTHING


#: A choice made of what was typed; its id begins with `TYPED`. None: that text is no choice.
Free = Callable[[SafeText], Choice | None]
#: What is wrong with a text, "" if nothing is.
Check = Callable[[str], SafeText]


class Dialog(Framed[Result]):
    """Something is asked.

    Over a conversation it lies at the top, because the newest words are at the bottom; over a page at the
    bottom, because its rows begin at the top.
    """

    BINDINGS: ClassVar[list[BindingType]] = []

    def heard(self) -> None:
        """Something changed below the dialog."""

    def on_mount(self) -> None:
        # Below lie the conversation, perhaps a page, and the stage.
        self.set_class(len(self.app.screen_stack) > _OVER_CONVERSATION, "-over-page")

    def action_other(self) -> None:
        """The other draft, where there are two."""

    def action_close(self) -> None:
        """Close, choose nothing."""
        self.dismiss(None)


class Pick(Dialog[str]):
    """Pick one of several; letters search. ``nobody``: what is true when there is nothing to pick from.

    ``unchosen``: without one ``selected`` none is chosen at first, so that enter alone picks nothing.
    """

    #: What the key that chooses does, as a sentence's id.
    CHOOSE: ClassVar[str] = "dialog.choose"

    def __init__(
        self,
        session: Session,
        title: SafeText,
        choices: Sequence[Choice],
        *,
        about: SafeText = _NOTHING,
        free: Free | None = None,
        selected: str = "",
        nobody: SafeText = _NOTHING,
        unchosen: bool = False,
    ) -> None:
        super().__init__(session, title)
        self._unchosen: Final = unchosen and not selected
        self._nobody: Final = nobody
        self._choices: Final = choices
        self._about: Final = about
        self._free: Final = free
        #: What is chosen when it is first laid out; None: it was.
        self._first: str | None = selected
        self.query_text: SafeText = _NOTHING

    def body(self) -> ComposeResult:
        yield Listing(self, id="choices")

    def on_mount(self) -> None:
        self.listing = self.query_one("#choices", Listing)
        self.listing.keys = {
            **actions(self.session.settings.keymap.keys, "page"),
            "backspace": "screen.erase",
        }
        self.hint(("page.choose", self.CHOOSE), ("page.close", "dialog.close"))
        self.listing.open = self._unchosen
        self.listing.focus()

    def laid(self) -> None:
        """There is a width to fill."""
        self._lay()

    def _lay(self) -> None:
        width = self.listing.size.width
        if not width:
            return
        found = self._found()
        entries = [plain(self._about, width)] if self._about and not self.query_text else []
        entries += [self._entry(choice, width) for choice in found]
        words = self.session.words
        if not found:
            none = self._nobody or words.say("dialog.nothing")
            entries.append(plain(words.say("dialog.none") if self.query_text else none, width))
        first, self._first = self._first, None
        self.listing.show(entries, first or None)
        able = [choice.id for choice in found if not choice.off]
        if (
            able
            and self.listing.selected not in able
            and (self.query_text or (first == "" and not self._unchosen))
        ):
            # Enter at first, or after a search, must not fall on what cannot be chosen.
            self.listing.choose(able[0])
        right = words.say("dialog.searching", text=self.query_text) if self.query_text else _NOTHING
        if not self.query_text and (len(self._choices) > 7 or self._free):
            right = words.say("dialog.search")
        self.remark(right)

    def _found(self) -> list[Choice]:
        found = [
            one
            for one in self._choices
            if stands_in(self.query_text, f"{one.label} {one.detail} {one.about} {one.also}")
        ]
        if self._free is not None and self.query_text.strip():
            typed = self._free(self.query_text)
            if typed is not None and typed.alone:
                return [typed]
            found += [typed] if typed else []
        return found

    def _entry(self, choice: Choice, width: int) -> Entry:
        style = "off" if choice.off else "text"
        right = choice.off or choice.detail
        wide = min(cell_len(right), width // 2)
        cells = [Cell(choice.label, 0, style)]
        if right:
            cells.append(Cell(right, wide, "off" if choice.off else "detail"))
        rows = [row(width, *cells)]
        if choice.about:
            lines = wrap(choice.about, max(4, width - 2 * GUTTER - 1))
            rows += [TextRow((Span(_INDENT + line, "detail"),)) for line in lines]
        return Entry(choice.id, tuple(rows))

    def typed(self, character: str) -> bool:
        """One more letter to search by."""
        self.query_text += safe_line(character)
        self._lay()
        return True

    def action_erase(self) -> None:
        """One letter less."""
        self.query_text = safe_line(self.query_text[:-1])
        self._lay()

    def chosen(self, id: str) -> None:
        """Take it, if it can be taken."""
        choice = next((one for one in self._found() if one.id == id), None)
        if choice is not None and choice.off:
            self.remark(self.session.words.say("dialog.off", what=choice.label, why=choice.off))
        elif choice is not None:
            self.dismiss(id)
        elif self._choices and not self.query_text:
            self.remark(self.session.words.say("dialog.unchosen"))

    def moved(self, id: str) -> None:
        """Nothing depends on it."""

    def shift(self, columns: int) -> None:
        """There are no other columns."""


class Ask(Pick):
    """Ask once. "No" is what enter means at first: a key pressed too early changes nothing."""

    def __init__(self, session: Session, question: SafeText, yes: SafeText, *, about: SafeText) -> None:
        no = session.words.say("dialog.no")
        super().__init__(session, question, [Choice(NO, no), Choice("yes", yes)], about=about)

    def chosen(self, id: str) -> None:
        """Yes is a text, no is none."""
        self.dismiss(None if id == NO else id)


class Line(Dialog[str]):
    """One line of text. While ``wrong`` has something to say of it, it stays open and says so."""

    def __init__(
        self,
        session: Session,
        title: SafeText,
        hint: SafeText,
        text: str = "",
        wrong: Check | None = None,
    ) -> None:
        super().__init__(session, title)
        self._wrong: Final = wrong
        self._hint_text: Final = hint
        self._text: Final = text

    def body(self) -> ComposeResult:
        yield Field(id="field", one_line=True)

    def on_mount(self) -> None:
        field = self.query_one(Field)
        field.keys = actions(self.session.settings.keymap.keys, "form")
        field.hint(self._hint_text)
        field.put(self._text)
        field.focus()
        self.hint(("form.send", "dialog.done"), ("form.close", "dialog.close"))

    def action_send(self) -> None:
        """Done."""
        text = self.query_one(Field).text.strip()
        if text and self._wrong is not None and (why := self._wrong(text)):
            self.remark(why)
        else:
            self.dismiss(text)
