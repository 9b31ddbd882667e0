"""Phrases as data: how the words of a language file are written, and how they are found in a text.

A phrase is written as it is said, without accents or capitals being important. Beside words it knows
`…` (up to six words between), `*` (any ending, or as a word of its own any word), `(a|b)` (either),
`[a] ` (perhaps), `#` (a number) and `^` (only at the beginning of what is looked at).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    found = "".join(out)
    try:
        re.compile(found)
    except re.error as why:
        raise ValueError(f"{phrase!r} cannot be read: {why}") from None
    return found


def _body(phrase: str) -> str:
    out: list[str] = []
    optional = 0
    at = 0
    while at < len(phrase):
        if phrase.startswith(" … ", at):
            out.append(_GAP)
            at += 3
        elif phrase.startswith("{rest}", at):
            out.append("(?P<rest>.+)")
            at += 6
        elif phrase.startswith("] ", at):
            out.append(r"[\s,]+)?")
            optional -= 1
            at += 2
        else:
            char = phrase[at]
            if char == "[":
                optional += 1
            out.append(_SPECIAL.get(char) or re.escape(char))
            at += 1
    if optional:
        raise ValueError(f"{phrase!r} has a [ without a ] and a space behind it")
    return "".join(out)


_SPECIAL: Final = {
    "(": "(?:",
    ")": ")",
    "|": "|",
    "*": r"\w*",
    " ": r"[\s,]+",
    "[": "(?:",
    "…": _GAP,
    "#": r"\d+",
}


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases as whole words; of none at all, never anything."""
    found = [pattern(phrase) for phrase in phrases]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)" if found else r"(?!)")
