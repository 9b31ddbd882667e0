"""The figures of the service, as the desk counts them, with what each of them means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from typing import Any, ClassVar, Final, cast

import msgspec
from rich.cells import cell_len

from supportterm.console.acts import By, Of
from supportterm.console.screens import reasons
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.page import Page
from supportterm.console.screens.stage import Stage
from supportterm.console.screens.wording import Ends
from supportterm.console.session import Session
from supportterm.console.widgets.blocks import TextRow
from supportterm.console.widgets.listing import GUTTER, Cell, Entry, heading, plain, row
from supportterm.console.widgets.wrap import wrap
from supportterm.console.words import Words
from supportterm.link import changes
from supportterm.link.changes import Change
from supportterm.link.state import StateChanged
from supportterm.text import SafeText, fill, join, safe_line, trusted

WHATS: Final[tuple[Of, ...]] = ("service", "promises", "reasons")
TITLES: Final[dict[Of, str]] = {"service": "title", "promises": "promises", "reasons": "reasons"}
BYS: Final[tuple[By, ...]] = ("", "day", "hour", "shop", "language", "agent")
#: Periods: days back at its beginning and at its end.
SPANS: Final = {"today": (0, -1), "yesterday": (1, 0), "week": (6, -1), "month": (29, -1)}
#: Units that stand beside a column's name; the others are what is counted, which the name says.
_UNITS: Final = ("s", "%", "h", "±%")
_NOTHING: Final = trusted("")
#: How meanings begin that a column has in one report only.
_OWN: Final[dict[Of, str]] = {"promises": "promise_", "reasons": "reasons_"}
#: What the server calls the last row, over all others.
_TOTAL: Final = "all"
#: No column is wider, or narrower; the rest of a long value is cut, a long heading is wrapped.
_WIDEST: Final = 24
_NARROWEST: Final = 7
#: Rows of a heading, where its words are not too long for that.
_HEAD_ROWS: Final = 3
#: Cells in which is said how many columns are not to be seen.
_MORE: Final = 11


class Column(msgspec.Struct):
    """One column as the server names it: ``unit`` "s", "%", "h" …, "" for what is no number."""

    id: str
    name: str
    unit: str = ""


class Figures(msgspec.Struct):
    """The value of `report_of`: a table, and what its columns mean by their ids."""

    columns: list[Column]
    rows: list[list[Any]]
    definitions: dict[str, str] = {}


async def change(stage: Stage, page: ReportPage) -> None:
    """Another way to split the figures, or another time."""
    say = stage.words.say
    choices = [Choice(f"what {what}", say(f"report.what_{what}")) for what in WHATS]
    choices += [Choice(f"by {by}", say(f"report.by_{by or 'all'}")) for by in BYS]
    choices += [Choice(f"span {span}", say(f"report.{span}")) for span in SPANS]
    what, _, which = (await stage.pick(say("report.change"), choices)).partition(" ")
    if what == "by":
        page.by = cast("By", which)
    elif what == "span":
        page.span = which
    elif what == "what":
        page.what = cast("Of", which)
        if page.what == "reasons":
            # By day there would be a row for each reason on each of them.
            page.by = ""
    if what:
        page.ask()


class ReportPage(Page):
    """Enter changes what is shown; left and right show columns that do not fit."""

    CHOOSE: ClassVar[str] = "report.choose"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.what: Of = "service"
        self.by: By = "day"
        self.span = "week"
        self._figures: Figures | None = None
        self._refused: SafeText | None = None

    def on_mount(self) -> None:
        self.ask()

    def ask(self) -> None:
        """Ask for what is chosen."""
        self._figures = self._refused = None
        self.columns_from = 0
        first, last = SPANS[self.span]
        now = self.session.now_ms()
        since = self.words.midnight(now, -first)
        until = min(now, self.words.midnight(now, -last))
        welcome = self.session.journal.welcome
        if welcome is not None and welcome.practice:
            self._refused = self.words.say("report.practice")
        elif self.session.team.supervises:
            self.session.acts.report(self.what, since, until, self.by, self.words.language)
        else:
            self._refused = self.words.say("board.only")
        if self.is_mounted:
            self.paint()

    def heard(self, found: Sequence[Change | StateChanged]) -> None:
        for one in found:
            if isinstance(one, changes.Reported) and self.session.journal.report is not None:
                try:
                    self._figures = msgspec.json.decode(self.session.journal.report.value, type=Figures)
                except msgspec.DecodeError:
                    self._refused = self.words.say("report.unreadable")
            elif isinstance(one, changes.Trouble) and not one.chat and self._figures is None:
                self._refused = self.words.refusal(one.code)

    def headline(self) -> Ends:
        say = self.words.say
        what = join(trusted(" · "), [say(f"report.{TITLES[self.what]}"), say(f"report.{self.span}")])
        return Ends(what, say(f"report.by_{self.by or 'all'}"))

    def entries(self, width: int) -> list[Entry]:
        say = self.words.say
        if self._figures is None:
            change_row = row(width, Cell(say("report.change_row"), 0, "text"))
            return [Entry("table", (change_row,)), plain(self._refused or say("page.waiting"), width)]
        return [*self._table(self._figures, width), *self._definitions(self._figures, width)]

    def _table(self, figures: Figures, width: int) -> list[Entry]:
        words = self.words
        keys = reasons.keys([column.id for column in figures.columns])
        texts = [self._shown(figures.columns, values) for values in figures.rows]
        if len(texts) > 1 and figures.rows[-1][:1] == [_TOTAL]:
            texts[-1][:keys] = [words.say("report.total"), _NOTHING][:keys]
        names = [heading_of(words, column) for column in figures.columns]
        wide = [
            min(_WIDEST, max([_narrowest(name), *(cell_len(line[n]) for line in texts if n < len(line))]))
            for n, name in enumerate(names)
        ]
        shown = self._columns(wide, width, keys)
        hidden = len(names) - len(shown)
        more = words.say("report.more", n=hidden) if hidden else _NOTHING
        heads = [(names[n], wide[n], _right(figures.columns[n], n)) for n in shown]
        found = [Entry("table", _heads(heads, more, width))]
        for line in texts:
            cells = [
                Cell(
                    line[n] if n < len(line) else _NOTHING,
                    wide[n],
                    "bold" if not n else "text",
                    right=_right(figures.columns[n], n),
                )
                for n in shown
            ]
            found.append(Entry("", (row(width, *cells, Cell(_NOTHING)),)))
        if not texts:
            found.append(plain(words.say("report.empty"), width))
        return found

    def _shown(self, columns: Sequence[Column], values: Sequence[Any]) -> list[SafeText]:
        """One row's cells; whose figures they are by name, where that is known."""
        cells = [show(self.words, value, c.unit) for value, c in zip(values, columns, strict=False)]
        cells = reasons.told(self.words, [column.id for column in columns], values, cells)
        key, team = columns[0].id if columns else "", self.session.team
        if cells and key == "shop":
            cells[0] = self.session.shops.name(str(values[0]))
        elif cells and key == "agent":
            nobody = values[0] == "nobody" and team.colleague("nobody") is None
            cells[0] = self.words.say("report.nobody") if nobody else team.name(str(values[0]))
        return cells

    def _columns(self, wide: list[int], width: int, keys: int) -> list[int]:
        """The first columns, which name a row, and those that fit beside them, from the chosen one on."""
        if not wide:
            return []
        room = width - GUTTER - _MORE - sum(wide[:keys]) - keys - 1
        # The last ones stay together: no further than to where the rest fits.
        last = _fitting(wide[: keys - 1 : -1], room)
        self.columns_from = min(self.columns_from, max(0, len(wide) - keys - last))
        first = keys + self.columns_from
        return [*range(keys), *range(first, first + _fitting(wide[first:], room))]

    def _definitions(self, figures: Figures, width: int) -> list[Entry]:
        found = [heading(self.words.say("report.definitions"), width)] if figures.definitions else []
        for column in figures.columns:
            if meaning := figures.definitions.get(column.id):
                text = join(
                    trusted(": "),
                    [name_of(self.words, column), about(self.words, column, meaning, self.what)],
                )
                found.append(plain(text, width))
        return found

    def chosen(self, id: str) -> None:
        self.console.begin(partial(change, page=self))


def _right(column: Column, n: int) -> bool:
    """Figures end below each other, words begin so."""
    return n > 0 and column.id not in reasons.WORDED


def _fitting(wide: Sequence[int], room: int) -> int:
    """How many of these columns have room, each with the space before it."""
    return sum(used <= room for used in accumulate(width + 1 for width in wide))


def _narrowest(name: SafeText) -> int:
    """The least width of a heading, in so few rows of whole words that the figures keep theirs."""
    width = max(_NARROWEST, *(cell_len(word) for word in name.split(" ")))
    while width < _WIDEST and len(wrap(name, width)) > _HEAD_ROWS:
        width += 1
    return width


def _heads(names: Sequence[tuple[SafeText, int, bool]], more: SafeText, width: int) -> tuple[TextRow, ...]:
    """Headings over several rows, which end together just above the figures; each with its width, and
    whether it stands to the right."""
    wrapped = [wrap(name, wide) for name, wide, _ in names]
    height = max(len(lines) for lines in wrapped)
    rows = []
    for y in range(height):
        last = y == height - 1
        cells = [
            Cell(
                lines[y - height + len(lines)] if y >= height - len(lines) else _NOTHING, wide, "head", right
            )
            for lines, (_, wide, right) in zip(wrapped, names, strict=True)
        ]
        rows.append(row(width, *cells, Cell(more if last else _NOTHING, 0, "detail", right=True)))
    return tuple(rows)


def name_of(words: Words, column: Column) -> SafeText:
    """What a column is called here; one this version does not know keeps the server's name."""
    key = f"report.column.{column.id}"
    return words.say(key) if words.has(key) else safe_line(column.name)


def heading_of(words: Words, column: Column) -> SafeText:
    """The name with its unit, where the name is not that already."""
    if column.unit not in _UNITS:
        return name_of(words, column)
    return join(trusted(" "), [name_of(words, column), safe_line(column.unit)])


def about(words: Words, column: Column, meaning: str, what: Of = "service") -> SafeText:
    """What a column means; the number in it, such as the target, is the server's."""
    key = f"report.about.{column.id}"
    own = f"report.about.{_OWN[what]}{column.id}" if what in _OWN else key
    key = own if words.has(own) else key
    if not words.has(key):
        return safe_line(meaning, 1_000)
    number = re.search(r"\d+", meaning)
    return words.say(key, n=int(number[0]) if number else 0) if words.takes(key, "n") else words.say(key)


def show(words: Words, value: object, unit: str = "") -> SafeText:
    """One figure: numbers as the person's language writes them, nothing as a dash."""
    if unit == "±%" and isinstance(value, int | float) and value > 0:
        return join(_NOTHING, [trusted("+"), show(words, value)])
    match value:
        case None:
            return trusted("–")
        case bool():
            return words.say("report.yes" if value else "report.no")
        case int():
            return fill("{n}", n=value)
        case float():
            return words.decimal(value)
        case _:
            return safe_line(str(value))
