"""Phrases as data: how the words of a language file are written, and how they are found in a text.

A phrase is written as it is said, without accents or capitals being important. Beside words it knows
`…` (up to six words between), `*` (any ending, or as a word of its own any word), `(a|b)` (either),
`[a] ` (perhaps), `#` (a number) and `^` (only at the beginning of what is looked at).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

#: Accents that people leave out; å, ä, ö, ü are letters of their own to those who type them, but
#: umlauts are left out often enough. Length stays the same, so that places in the text do.
_PLAIN: Final = str.maketrans(
    "áàâãéèêëíìîïóòôõúùûçñäöü’‘`´“”„\u00a0\t", "aaaaeeeeiiiioooouuucnaou''''\"\"\"  "
)
_GAP: Final = r"(?:\s+[^\s]+){0,6}?\s+"


def fold(text: str) -> str:
    """``text`` in small letters without accents, each character still in its place."""
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals (İ) are two characters when small
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lower.translate(_PLAIN)


def pattern(phrase: str) -> str:
    """The regular expression of one phrase, for folded text. ``{rest}`` is a group up to the end.

    Raises ValueError if the phrase is empty or its brackets do not match.
    """
    phrase = " ".join(fold(phrase).split())
    if not phrase.strip("^… "):
        raise ValueError("the phrase is empty")
    if phrase.startswith("…") or phrase.endswith("…"):
        raise ValueError(f"{phrase!r} needs words on both sides of …")
    out: list[str] = []
    if phrase.startswith("^"):
        out.append(r"\A\s*")
        phrase = phrase[1:].strip()
    out.append(_body(phrase))
    return "".join(out)


def _body(phrase: str) -> str:
    # A file has thousands of phrases, and to compile each of them alone would take as long as all the rest:
    # what can be wrong with one is counted here.
    parts = _PART.findall(phrase)
    open_brackets = optional = 0
    for part in parts:
        open_brackets += (part in "([") - (part in (")", "] "))
        optional += (part == "[") - (part == "] ")
        if open_brackets < 0:
            break
    if optional:
        raise ValueError(f"{phrase!r} has a [ without a ] and a space behind it")
    if open_brackets:
        raise ValueError(f"{phrase!r} cannot be read: a bracket closes nothing or is not closed")
    if parts.count("{rest}") > 1:
        raise ValueError(f"{phrase!r} cannot be read: it has {{rest}} twice")
    return "".join([_SPECIAL.get(part) or re.escape(part) for part in parts])


_SPECIAL: Final = {
    "(": "(?:",
    ")": ")",
    "|": "|",
    "*": r"\w*",
    " ": r"[\s,]+",
    "[": "(?:",
    "] ": r"[\s,]+)?",
    "…": _GAP,
    " … ": _GAP,
    "#": r"\d+",
    "{rest}": "(?P<rest>.+)",
}
_PART: Final = re.compile(r" … |\{rest\}|\] |[()|*\[ …#]|[^()|*\[\] …#{]+|[\]{]")


class Finder:
    """Finds what a regular expression does. Compiled when first asked: all of them, for five languages, are a
    third of what a start costs, and no conversation needs them all."""

    def __init__(self, expression: str) -> None:
        self._expression: Final = expression

    @cached_property
    def _found(self) -> re.Pattern[str]:
        return re.compile(self._expression)

    def search(self, text: str, at: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self._found.search(text, at, end)

    def match(self, text: str, at: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self._found.match(text, at, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self._found.fullmatch(text)

    def finditer(self, text: str, at: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self._found.finditer(text, at, end)

    def sub(self, becomes: str, text: str) -> str:
        """As `re.Pattern.sub`."""
        return self._found.sub(becomes, text)


def any_of(phrases: Iterable[str]) -> Finder:
    """Finds any of the phrases as whole words; of none at all, never anything."""
    return whole([pattern(phrase) for phrase in phrases])


def whole(patterns: Sequence[str]) -> Finder:
    """Finds what any of these regular expressions does, as whole words."""
    return Finder(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)" if patterns else r"(?!)")
