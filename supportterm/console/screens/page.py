"""A page over everything: a title, rows, and a row that says which keys do what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from supportterm.console.keymap import actions, binding, bindings, show_key
from supportterm.console.screens.below import Below
from supportterm.console.screens.status import offline
from supportterm.console.screens.wording import Ends
from supportterm.console.session import Session
from supportterm.console.widgets.bar import Bar
from supportterm.console.widgets.listing import Entry, Listing
from supportterm.console.words import Words
from supportterm.link.changes import Change
from supportterm.link.state import StateChanged
from supportterm.text import SafeText, join, safe_line, trusted

if TYPE_CHECKING:
    from supportterm.console.app import Console

_DOT: Final = trusted(" · ")
_NEXT_PROMISE: Final = "promise.next"
#: Ages are shown in minutes, the last two of them in seconds.
AGES_SECONDS: Final = 5.0
NOTICE_SECONDS: Final = 6.0


class Page(ModalScreen[None]):
    """One page. A kind of page says its `headline`, its `entries`, and what `chosen` does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("app", namespace="app."),
        binding(_NEXT_PROMISE, "next_promise"),
    ]
    #: What enter does here, as a sentence's id; "" if nothing can be chosen.
    CHOOSE: ClassVar[str] = ""
    AUTO_FOCUS = "#rows"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session: Final = session
        self.columns_from = 0
        self._below = Below(self, self.paint)

    @property
    def console(self) -> Console:
        """The app."""
        return cast("Console", self.app)

    @property
    def words(self) -> Words:
        """Sentences in the person's language."""
        return self.session.words

    def compose(self) -> ComposeResult:
        yield Bar(id="page-title")
        self.listing = Listing(self, id="rows")
        self.listing.keys = actions(self.session.settings.keymap.keys, "page")
        yield self.listing
        yield Bar(id="page-hint")

    def on_mount(self) -> None:
        self.set_interval(AGES_SECONDS, self.paint)
        self.paint()

    # --- what a kind of page says ------------------------------------------------------------------

    def headline(self) -> Ends:
        """Above the rows."""
        raise NotImplementedError

    def entries(self, width: int) -> list[Entry]:
        """The rows."""
        raise NotImplementedError

    def heard(self, found: Sequence[Change | StateChanged]) -> None:
        """What the link changed, before it is painted."""

    def chooses(self, id: str) -> str:
        """What enter does on this row, as a sentence's id."""
        return self.CHOOSE

    def chosen(self, id: str) -> None:
        """Enter on a row."""

    def moved(self, id: str) -> None:
        """Another row is chosen."""

    # --- painting ----------------------------------------------------------------------------------

    def paint(self) -> None:
        """Bring everything up to date; only what differs is drawn again."""
        if not self.is_mounted or not self.listing.size.width:
            return
        self.count()
        self.listing.show(self.entries(self.listing.size.width))
        bar = self.query_one("#page-hint", Bar)
        bar.set_class(bool(self._below.text), "-notice")
        bar.show(self._below.text or self._hint())

    def count(self) -> None:
        """The title, with what must be seen everywhere: a lost connection, a promise's last minute."""
        if not self.is_mounted:
            return
        title, bar = self.headline(), self.query_one("#page-title", Bar)
        urgent = [one for one in (offline(self.session), self._owed()) if one]
        right = join(_DOT, [one for one in (title.right, *urgent) if one])
        if urgent and cell_len(title.left) + cell_len(right) + bar.APART > bar.room:
            right = join(_DOT, urgent)
        bar.set_class(bool(urgent), "-urgent")
        bar.show(title.left, right)

    def _owed(self) -> SafeText:
        owed, keys = self.console.main.wording.owed(open_chat=False), self.session.settings.keymap.keys
        # A key of one's own may mean something else to the rows.
        if not owed or any(key in self.listing.keys for key in keys[_NEXT_PROMISE].split(",")):
            return owed
        return join(_DOT, [owed, safe_line(show_key(keys[_NEXT_PROMISE]))])

    def action_next_promise(self) -> None:
        """Leave for the promise that is due next."""
        self.console.main.reminding.next()

    def laid(self) -> None:
        """There is a width to fill."""
        self.paint()

    def _hint(self) -> SafeText:
        say, keys = self.words.say, self.session.settings.keymap.keys
        parts = []
        if self.listing.selected and (does := self.chooses(self.listing.selected)):
            parts.append(say(does, key=safe_line(show_key(keys["page.choose"]))))
        parts.append(say("page.close", key=safe_line(show_key(keys["page.close"]))))
        return join(_DOT, parts)

    def notice(self, text: SafeText) -> None:
        """Say this at the bottom for a moment."""
        self._below.say(text, NOTICE_SECONDS)
        self.paint()

    def typed(self, character: str) -> bool:
        """Letters do nothing on a page."""
        return True

    def shift(self, columns: int) -> None:
        """Look at other columns, where there are more than fit."""
        self.columns_from = max(0, self.columns_from + columns)
        self.paint()

    def action_close(self) -> None:
        """Back to what lies below."""
        self.dismiss()
