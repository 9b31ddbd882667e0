"""Phrases as data, found in a text: the small language that rule files write them in, and a search.

A phrase is words with spaces between them. Beside words it may have

- ``(a|b c)``: one of these; ``(a|)`` and ``[a]``: or nothing
- ``*``: up to three words, whichever
- ``^`` before, ``$`` after: only where a sentence begins or ends
- ``<…>``: the part that is meant; what stands outside must be there, too, but is only what it stands in

Case and accents do not count, but a word written in CAPITALS is only found in capitals ("POD" is no pod).
Nothing is found across the end of a sentence. Commas do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)

#: Words that a ``*`` stands for at most.
_GAP: Final = 3
#: What one phrase may stand for; more is a mistake, and would be slow to read.
_MOST: Final = 2_000

_TOKEN: Final = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:['’][^\W_]+)*|[.!?…;:\n]|%")
_ENDS: Final = frozenset(".!?…;:\n")
_SIGNS: Final = "*^$<>"
_PART: Final = re.compile(r"[()\[\]|*^$<>]|[^\s()\[\]|*^$<>]+")
_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "o", "œ": "oe", "’": "'"})


class BadPhrase(ValueError):
    """Not a phrase; the message says why, as the rest of a sentence that begins with the phrase."""


class Token(NamedTuple):
    """A word of a text, or the end of a sentence, and where it stands."""

    #: Without case and accents; "" for the end of a sentence.
    word: str
    start: int
    end: int
    #: As it was written, if in capitals; else "".
    capitals: str


class Found(NamedTuple, Generic[T]):
    """A phrase in a text: tokens ``[first, last)`` are the part that is meant; ``width`` with what it
    stands in."""

    value: T
    first: int
    last: int
    width: int


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """A word without case and accents."""
    low = word.casefold()
    if low.isascii():
        return low
    apart = unicodedata.normalize("NFKD", low.translate(_LETTERS))
    return "".join(one for one in apart if not unicodedata.combining(one))


def tokens(text: str) -> list[Token]:
    """The words of a text and the ends of its sentences."""
    found = []
    for match in _TOKEN.finditer(text):
        written = match[0]
        if written in _ENDS:
            found.append(Token("", match.start(), match.end(), ""))
        else:
            capitals = written if len(written) > 1 and written.isupper() else ""
            found.append(Token(folded(written), match.start(), match.end(), capitals))
    return found


def plain(text: str) -> str:
    """A term as a phrase that stands for exactly its words; "" if it has none."""
    return " ".join(match[0] for match in _TOKEN.finditer(text) if match[0] not in _ENDS)


def expanded(phrase: str) -> list[tuple[str, ...]]:
    """Every sequence of words and signs that a phrase stands for. Raises `BadPhrase`."""
    parts = _PART.findall(phrase)
    found, rest = _several(parts, 0)
    if rest < len(parts):
        raise BadPhrase(f"has a {parts[rest]} that closes nothing")
    for sequence in found:
        _check(sequence)
    return found


def _several(parts: list[str], at: int) -> tuple[list[tuple[str, ...]], int]:
    """What stands up to the end of a group, each once, and where that is."""
    found: list[tuple[str, ...]] = []
    here: list[tuple[str, ...]] = [()]
    while at < len(parts) and parts[at] not in (")", "]"):
        part = parts[at]
        at += 1
        if part == "|":
            found, here = found + here, [()]
            continue
        if part in ("(", "["):
            choices, at = _several(parts, at)
            if at == len(parts) or parts[at] != (")" if part == "(" else "]"):
                raise BadPhrase(f"has a {part} that is not closed")
            at += 1
            choices = [*choices, ()] if part == "[" else choices
        else:
            choices = [(part,)] if part in _SIGNS else [_words(part)]
        if len(here) * len(choices) + len(found) > _MOST:
            raise BadPhrase(f"stands for more than {_MOST} sequences of words: write it as several")
        here = [one + other for one in here for other in choices]
    return list(dict.fromkeys(found + here)), at


def _words(text: str) -> tuple[str, ...]:
    found = _TOKEN.findall(text)
    if not found or any(one in _ENDS for one in found) or _TOKEN.sub("", text).strip("-"):
        raise BadPhrase(f"has “{text}”, which is no word")
    return tuple(one if one.isupper() and len(one) > 1 else folded(one) for one in found)


def _check(sequence: tuple[str, ...]) -> None:
    if not any(one not in _SIGNS for one in sequence):
        raise BadPhrase("may stand for no words at all")
    if sequence.count("<") != sequence.count(">") or sequence.count("<") > 1:
        raise BadPhrase("needs one < and one >, or neither")
    if "<" in sequence:
        first, last = sequence.index("<"), sequence.index(">")
        if last <= first + 1:
            raise BadPhrase("has nothing between < and >")
        if "*" in sequence[:first] or "*" in sequence[last:]:
            raise BadPhrase("has * outside < and >")
    if "^" in sequence[1:] or "$" in sequence[:-1]:
        raise BadPhrase("may have ^ only first and $ only last")
    inner = [one for one in sequence if one not in "^$<>"]
    if inner[0] == "*" or inner[-1] == "*":
        raise BadPhrase("must begin and end with a word")


class _Node:
    """A place in the tree of all phrases: which words lead on, and which phrases end here."""

    __slots__ = ("ends", "gap", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.gap: _Node | None = None
        self.ends: list[tuple[object, int, int, bool, bool]] = []


class Phrases(Generic[T]):
    """Many phrases, each with a value; found in one walk over a text, however many there are."""

    def __init__(self) -> None:
        self._root: Final = _Node()

    def add(self, phrase: str, value: T) -> None:
        """Look for this phrase, too. Raises `BadPhrase`."""
        for sequence in expanded(phrase):
            self.add_sequence(sequence, value)

    def add_sequence(self, sequence: Sequence[str], value: T) -> None:
        """Look for one of the sequences that `expanded` gives, too."""
        node, before, after, marked = self._root, 0, 0, False
        for one in sequence:
            if one in ("^", "$"):
                continue
            if one == "<":
                marked = True
            elif one == ">":
                marked, after = False, -1
            elif one == "*":
                node.gap = node.gap or _Node()
                node = node.gap
            else:
                # `before` counts up to <, `after` from > on.
                if "<" in sequence and not marked:
                    if after < 0:
                        after -= 1
                    else:
                        before += 1
                node = node.words.setdefault(one, _Node())
        end = (value, before, max(0, -after - 1), sequence[0] == "^", sequence[-1] == "$")
        if end not in node.ends:
            node.ends.append(end)

    def find(self, text: Sequence[Token]) -> Iterator[Found[T]]:
        """All that is in these tokens, by where it begins."""
        words = self._root.words
        for at, token in enumerate(text):
            if token.word and (token.word in words or token.capitals in words):
                yield from self._from(self._root, text, at, at)

    def _from(self, node: _Node, text: Sequence[Token], begun: int, at: int) -> Iterator[Found[T]]:
        for value, before, after, first, last in node.ends:
            opens = not first or begun == 0 or not text[begun - 1].word
            closes = not last or at == len(text) or not text[at].word
            if opens and closes:
                yield Found(value, begun + before, at - after, at - begun)  # type: ignore[arg-type]
        if at == len(text) or not text[at].word:
            return
        token = text[at]
        for word in (token.word, token.capitals) if token.capitals else (token.word,):
            following = node.words.get(word)
            if following is not None:
                yield from self._from(following, text, begun, at + 1)
        if node.gap is not None:
            for skipped in range(_GAP + 1):
                if at + skipped >= len(text) or not text[at + skipped].word:
                    break
                yield from self._onward(node.gap, text, begun, at + skipped)

    def _onward(self, node: _Node, text: Sequence[Token], begun: int, at: int) -> Iterator[Found[T]]:
        """After a gap a word must follow, and then as usual."""
        token = text[at]
        for word in (token.word, token.capitals) if token.capitals else (token.word,):
            following = node.words.get(word)
            if following is not None:
                yield from self._from(following, text, begun, at + 1)
