"""A text as the plain words a grammar compares: no capitals, no diacritics, no quotes, one word one token.

Every token knows where it stands in the text, so that its words can be replaced there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from msgspec import Struct

#: Letters that Unicode does not take apart, and how they are written where a keyboard lacks them.
SPELLED: Final = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe"}
_SPELLED: Final = str.maketrans(SPELLED)
_PLAIN: Final = {"æ": "a", "ø": "o", "ß": "s", "œ": "o", "đ": "d", "ł": "l", "ı": "i"}

_TOKEN: Final = re.compile(
    r"""
      (?P<opaque> (?:https?://|www\.)\S+ | [\w.+-]{1,64}@[\w.-]+ )
    | (?P<half> ½ | (?<!\d)1/2(?!\d) )
    | (?P<number> \d{19,} | \d{1,18}(?:[.,:]\d{1,2}(?!\d))? )
    | (?P<letters> (?:[^\W\d_]\.){2,} )
    | (?P<word> [^\W\d_]+(?:['’`´][^\W\d_]+)* )
    | (?P<mark> [.,;:?!…\n/()&#%€$£–—-] )
    """,
    re.VERBOSE,
)
#: More digits than these count nothing that anybody waits for; that they are too many, they say still.
_DIGITS: Final = 18
_QUOTES: Final = re.compile(r"['’`´.]")
_MARKS: Final = re.compile(r"[\u0300-\u036f]")
#: Marks after which a new sentence begins, and those after which only a new clause does.
ENDS: Final = frozenset(".;?!\n…")
BREAKS: Final = frozenset(",:()–—")


class Token(Struct, frozen=True):
    """``word``: as it is compared; ``start``, ``end``: where it stands in the text."""

    word: str
    start: int
    end: int


class _Letters(dict[int, str]):
    """A table for ``str.translate`` that fills itself; one letter stays one letter, so that places stay."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        lower = char.lower()
        base = _PLAIN.get(lower) or unicodedata.normalize("NFD", lower)[:1]
        self[code] = result = base if len(base) == 1 else char
        return result


_LETTERS: Final = _Letters()


def fold(text: str) -> str:
    """The text in small letters without diacritics, as long as it was."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)


def tokens(text: str) -> list[Token]:
    """The words, numbers and marks of a text in order.

    Numbers keep their separator ("1,5", "15:30"). A hyphen is a mark only beside a digit or alone: "-";
    between letters it is a space. Addresses of pages and mail are one token "@".
    """
    if _MARKS.search(text):
        return _composed(text)
    folded = fold(text)
    found = []
    for match in _TOKEN.finditer(folded):
        word, kind, start, end = match.group(), match.lastgroup, match.start(), match.end()
        if kind in {"word", "letters"}:
            word = _QUOTES.sub("", word)
        elif kind == "opaque":
            word = "@"
        elif kind == "half":
            word = "½"
        elif kind == "number" and end - start > _DIGITS and word.isdecimal():
            word = word[:_DIGITS]
        elif word == "-":
            before, after = folded[start - 1 : start], folded[end : end + 1]
            if before.isalpha() and after.isalnum():
                continue
            word = "-" if after.isdecimal() else "–"
        found.append(Token(word, start, end))
    return found


def words_of(phrase: str) -> list[str]:
    """The words of a phrase of ours, as `tokens` gives them."""
    letters = phrase.replace(" ", "")
    if letters.isascii() and letters.isalpha():  # nearly all are, and there is nothing else to find in them
        return phrase.lower().split()
    return [token.word for token in tokens(phrase)]


def _composed(text: str) -> list[Token]:
    """The tokens of a text that has letters and marks as characters of their own."""
    places: list[int] = []
    kept: list[str] = []
    for at, char in enumerate(text):
        if not _MARKS.match(char):
            places.append(at)
            kept.append(char)
    places.append(len(text))
    found = []
    for one in tokens("".join(kept)):
        end = places[one.end - 1] + 1
        while _MARKS.match(text[end : end + 1]):
            end += 1
        found.append(Token(one.word, places[one.start], end))
    return found


def spelled_out(word: str) -> str:
    """How a word is written without the letters a foreign keyboard lacks: "øjeblik" is "oejeblik"."""
    return word.lower() if word.isascii() else fold(word.lower().translate(_SPELLED))
