"""`SafeText`: the only text the console shows, and the only place where it is made.

No terminal library removes escape sequences or bidi controls from what it is told to draw, so a
customer could clear an agent's screen or fill the clipboard. Everything foreign (messages, names,
addresses of pages, texts of errors) becomes `SafeText` before a widget, a title or a file for people
gets it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, SupportsIndex, final, overload

from supportterm.text.codepoints import ZWJ, ZWNJ, Table, stacks

#: Code points shown of one text. A message on the wire has at most 4,000; tabs become four spaces.
TEXT_CAP: Final = 20_000
#: Code points shown of one line: names, page addresses, titles.
LINE_CAP: Final = 300
#: Lines shown of one text: more would push a whole conversation out of sight.
LINES: Final = 400
#: Marks shown on one character. Hebrew with points and cantillation needs four; a hundred draw over
#: the lines above and have broken terminals (CVE-2021-27135).
MARKS: Final = 4

_table: Final = Table()

#: Text that is shown as it is: Latin letters, everyday punctuation and emoji. Each of these code
#: points is assigned, takes a column, and is the same in NFC.
_PLAIN: Final = re.compile(
    "[\n -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u21ff\u2713\u2714"
    "\U0001f300-\U0001f64f]*"
)
_SPACES: Final = re.compile(r"[\t\n]")


@final
class SafeText(str):
    """Text without anything a terminal would act on. Made by `safe_text`, `safe_line`, `trusted`, `fill`.

    Adding and joining safe texts stays safe; anything else that `str` offers gives a plain `str`,
    which has to be made safe again. It is still not markup: show it where markup is off.
    """

    __slots__ = ()

    def __new__(cls, *_: object) -> SafeText:
        """Always raises `TypeError`."""
        raise TypeError("make safe text with safe_text(), safe_line() or trusted()")

    @overload
    def __add__(self, other: SafeText, /) -> SafeText: ...
    @overload
    def __add__(self, other: str, /) -> str: ...
    def __add__(self, other: str, /) -> str:
        both = str.__add__(self, other)
        return _made(both) if isinstance(other, SafeText) else both

    def __mul__(self, times: SupportsIndex, /) -> SafeText:
        return _made(str.__mul__(self, times))

    def lines(self) -> list[SafeText]:
        """Its lines, without their newlines; one empty line for an empty text."""
        return [_made(line) for line in self.split("\n")]

    def clip(self, most: int) -> SafeText:
        """At most ``most`` code points of it, the last one "…" if anything was cut."""
        return self if len(self) <= most else _made(_clipped(self, most))


def safe_text(text: str, cap: int = TEXT_CAP) -> SafeText:
    """``text`` as it may be shown: NFC, at most ``cap`` code points, `LINES` lines, `MARKS` marks each.

    A cut is shown as "…". Safe text stays as it is (``safe_text(safe_text(t)) == safe_text(t)``), and
    a mark never reaches what stands before the text: without a base of its own it sits on "◌".
    """
    # A subclass of str may lie about itself; this is its real content.
    text = str.__str__(text) if type(text) is not str else text
    if len(text) <= cap and _PLAIN.fullmatch(text) and text.count("\n") < LINES:
        return _made(text)
    return _made(_cleaned(text, cap))


def safe_line(text: str, cap: int = LINE_CAP) -> SafeText:
    """Like `safe_text`, on one line: newlines and tabs become a space each."""
    text = str.__str__(text) if type(text) is not str else text
    # One more than fits, so that the cut is seen; a CRLF pair counts as one.
    head = text[: 2 * cap + 2].replace("\r\n", "\n").replace("\r", "\n")
    return safe_text(_SPACES.sub(" ", head), cap)


@lru_cache(maxsize=1_024)
def trusted(literal: str) -> SafeText:
    """A constant of ours as safe text. Raises `ValueError` if it is not safe as it stands.

    For literals in the source only; text from anywhere else goes through `safe_text`.
    """
    if _cleaned(literal, max(TEXT_CAP, len(literal))) != literal:
        raise ValueError(f"this constant is not safe to show: {literal!r}")
    return _made(literal)


def fill(template: str, **parts: SafeText | int | float) -> SafeText:
    """A constant of ours with ``{name}`` places filled, e.g. ``fill("{n} new", n=3)``.

    Raises `TypeError` for a part that is neither safe text nor a number, `KeyError` for a missing one.
    """
    for name, part in parts.items():
        if not isinstance(part, SafeText | int | float):
            raise TypeError(f"{name} is {type(part).__name__}: make it safe first")
    return _made(trusted(template).format(**parts))


def join(separator: SafeText, parts: Iterable[SafeText]) -> SafeText:
    """The safe ``parts`` with ``separator`` between. Raises `TypeError` if one of them is not safe."""
    kept = list(parts)
    if not all(isinstance(part, SafeText) for part in (separator, *kept)):
        raise TypeError("only safe texts can be joined to one")
    return _made(str.join(separator, kept))


def _made(text: str) -> SafeText:
    return str.__new__(SafeText, text)


def _cleaned(text: str, cap: int) -> str:
    # First the cap, so that no later step ever works on more than this.
    cut = len(text) > cap
    text = text[:cap].replace("\r\n", "\n").replace("\r", "\n").translate(_table)
    if not text.isascii():
        # Before normalising as well: sorting thousands of marks on one letter takes seconds. And
        # after dropping code points, because that can bring a letter and its accent together.
        text = _with_few_marks(unicodedata.normalize("NFC", _with_few_marks(text)))
    if text.count("\n") >= LINES:
        text = "\n".join([*text.split("\n")[: LINES - 1], "…"])
    if cut or len(text) > cap:
        return _clipped(text, cap, cut=True)
    return text


def _clipped(text: str, most: int, *, cut: bool = False) -> str:
    if not cut and len(text) <= most:
        return text
    return text[: max(most - 1, 0)] + "…" if most > 0 else ""


def _with_few_marks(text: str) -> str:
    if not any(map(_stacks, set(text))):
        return text
    out: list[str] = []
    room = 0
    based = False
    for char in text:
        if not _stacks(char):
            # A newline is no base: what follows it would sit on whatever is drawn at its left.
            based = char != "\n"
            room = MARKS
        elif not based:
            if char in {ZWJ, ZWNJ}:
                continue
            out.append("◌")
            based = True
            room = MARKS - 1
        elif room == 0:
            continue
        else:
            room -= 1
        out.append(char)
    return "".join(out)


_stacks: Final = lru_cache(maxsize=8_192)(stacks)
