"""Phrases of a language file as something that finds them: tables of words, or one regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Final, Generic, TypeVar

from supportterm.coach.promising.folding import words_of

T = TypeVar("T")

#: Words that ``...`` may stand for, at most.
_GAP: Final = r"(?: [^ ]+){0,9}?"
_PIECE: Final = re.compile(r"\((?P<either>[^()]*)\)(?P<may>\?)?|(?P<word>[^\s()]+)")

NEVER: Final = re.compile(r"(?!)")


def compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    """What finds any of the phrases in words written as ``" one two three "``."""
    alternatives = [_expression(phrase) for phrase in phrases]
    return re.compile(f"(?:{'|'.join(alternatives)})(?= )") if alternatives else NEVER


def literals(phrase: str) -> list[str]:
    """The words a phrase is made of."""
    return [word for word in words_of(re.sub(r"#[dt]?|\.\.\.|[|()?*^$]", " ", phrase)) if word.isalnum()]


def _expression(phrase: str) -> str:
    parts = ["^"] if phrase.startswith("^") else []
    ends = phrase.endswith("$")
    phrase = phrase.removeprefix("^").removesuffix("$")
    for piece in _PIECE.finditer(phrase):
        if piece["either"] is not None:
            either = "|".join(_words(one) for one in piece["either"].split("|"))
            parts.append(f"(?:{either}){piece['may'] or ''}")
        elif piece["word"] == "...":
            parts.append(_GAP)
        elif piece["word"].endswith("?") and len(piece["word"]) > 1:
            parts.append(f"(?:{_words(piece['word'][:-1])})?")
        else:
            parts.append(_words(piece["word"]))
    return "".join(parts) + ("(?= $)" if ends else "")


def _words(text: str) -> str:
    """The words of a piece, each with the space before it."""
    found = []
    for word in text.split():
        if word in {"#d", "#t", "#"}:
            found.append(" #[dt]" if word == "#" else f" {word}")
        elif word.endswith("*"):
            found.append("".join(f" {one}" for one in words_of(word[:-1])) + "[^ ]*")
        else:
            found.append("".join(f" {re.escape(one)}" for one in words_of(word)))
    return "".join(found)


class Table(Generic[T]):
    """Finds the longest phrase that begins at a word, and what it stands for.

    Phrases may have ``(a|b)`` and ``?``, but no gaps.
    """

    def __init__(self, phrases: Mapping[str, T]) -> None:
        by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, value in phrases.items():
            for words in spread(phrase):
                by_first.setdefault(words[0], []).append((words, value))
        for entries in by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self.by_first: Final = by_first

    def at(self, words: Sequence[str], place: int) -> tuple[int, T] | None:
        """How many words the phrase at ``place`` has, and its value."""
        if place >= len(words) or (entries := self.by_first.get(words[place])) is None:
            return None
        for phrase, value in entries:
            size = len(phrase)
            if size == 1 or tuple(words[place : place + size]) == phrase:
                return size, value
        return None

    def size(self, words: Sequence[str], place: int) -> int:
        """How many words the phrase at ``place`` has; 0: there is none."""
        found = self.at(words, place)
        return found[0] if found else 0


def table(phrases: Iterable[str]) -> Table[bool]:
    """A `Table` that only says whether."""
    return Table(dict.fromkeys(phrases, True))


def spread(phrase: str) -> list[tuple[str, ...]]:
    """Every way to say a phrase without gaps."""
    choices: list[list[str]] = []
    for piece in _PIECE.finditer(phrase):
        if piece["either"] is not None:
            choices.append([*piece["either"].split("|"), *([""] if piece["may"] else [])])
        elif piece["word"].endswith("?"):
            choices.append([piece["word"][:-1], ""])
        else:
            choices.append([piece["word"]])
    ways = (tuple(words_of(" ".join(way))) for way in product(*choices))
    return [words for words in dict.fromkeys(ways) if words]
