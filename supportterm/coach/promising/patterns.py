"""Phrases of a language file as something that finds them: tables of words, or one regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any, Final, Generic, TypeAlias, TypeVar

from supportterm.coach.promising.folding import words_of

T = TypeVar("T")

#: Words that ``...`` may stand for, at most.
_GAP: Final = r"(?: [^ ]+){0,9}?"
_PIECE: Final = re.compile(r"\(|\)\??|\||[^\s()|]+")
_SIGNS: Final = re.compile(r"#[dt]?|\.\.\.|_|[|()?*^$]")

#: What stands for a time or for some words; ``_`` for one, whose it may be ("will Anna call you").
_STANDINS: Final = frozenset({"...", "_", "_?", "#", "#d", "#t"})
#: A word of fewer letters is not looked for with an elided one before it.
_ELIDING: Final = 4
_VOWELS: Final = frozenset("aeiouyh")
_NEVER: Final = re.compile(r"(?!)")


class Phrasing:
    """Finds any of some phrases in words written as ``" one two three "``. Compiled when first asked.

    ``elided``: letters that may stand before a longer word with a vowel, as one word with it: of "appelle",
    with "jt", also "j'appelle" and "t'appelle".
    """

    def __init__(self, phrases: Iterable[str], elided: str = "") -> None:
        self._phrases: Final = tuple(phrases)
        self._elided: Final = elided

    def prepare(self) -> None:
        """Compile it now."""
        self._found.search("")

    @cached_property
    def _found(self) -> re.Pattern[str]:
        alternatives = [_expression(phrase, self._elided) for phrase in self._phrases]
        return re.compile(f"(?:{'|'.join(alternatives)})(?= )") if alternatives else _NEVER

    def within(self, said: str) -> bool:
        """Whether one of the phrases stands anywhere."""
        return self._found.search(said) is not None

    def begins(self, said: str) -> bool:
        """Whether they begin with one of the phrases."""
        return self._found.match(said) is not None

    def cut_from(self, said: str) -> str:
        """The words without the phrases."""
        return self._found.sub("", said)


def complaint(phrase: str, *, gaps: bool) -> str:
    """What is wrong with a phrase, as "has ..."; "": nothing. ``gaps``: whether a `Phrasing` reads it."""
    if phrase.isascii() and phrase.replace(" ", "").isalpha():
        return ""  # plain words, as most are
    depth = 0
    bare = phrase.removeprefix("^").removesuffix("$") if gaps else phrase
    pieces = _pieces(bare)
    if not pieces:
        return "is empty"
    for piece in pieces:
        depth += (piece == "(") - piece.startswith(")")
        if depth < 0:
            return "has a bracket that closes nothing"
        if piece == "|" and not depth:
            return "has `|` outside of brackets"
        if piece.startswith((")", "(", "|")) or (gaps and piece in _STANDINS):
            continue
        word = piece[:-1] if len(piece) > 1 and (piece[-1] == "?" or (gaps and piece[-1] == "*")) else piece
        word = word[1:] if gaps and len(word) > 1 and word[0] == "*" else word
        if _SIGNS.search(word) or not words_of(word):
            return f"has `{piece}`, which is neither a word nor a sign"
    return "has a bracket that is not closed" if depth else ""


def literals(phrase: str) -> list[str]:
    """The words a phrase is made of."""
    return [word for word in words_of(_SIGNS.sub(" ", phrase)) if word.isalnum()]


def _expression(phrase: str, elided: str) -> str:
    begins, ends = phrase.startswith("^"), phrase.endswith("$")
    parsed, _ = _parsed(_pieces(phrase.removeprefix("^").removesuffix("$")), 0)
    return ("^" if begins else "") + _regular(parsed, elided) + ("(?= $)" if ends else "")


# A phrase is parsed into alternatives, each a sequence of (word or alternatives, whether it may be absent).
_Alternatives: TypeAlias = list[list[tuple[Any, bool]]]


def _pieces(phrase: str) -> list[str]:
    return _PIECE.findall(phrase)


def _parsed(pieces: list[str], at: int) -> tuple[_Alternatives, int]:
    """The alternatives up to the bracket that closes them, and the place behind it."""
    found: _Alternatives = [[]]
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece.startswith(")"):
            break
        if piece == "|":
            found.append([])
        elif piece == "(":
            inner, at = _parsed(pieces, at)
            found[-1].append((inner, pieces[at - 1] == ")?"))
        elif len(piece) > 1 and piece.endswith("?"):
            found[-1].append((piece[:-1], True))
        else:
            found[-1].append((piece, False))
    return found, at


def _regular(alternatives: _Alternatives, elided: str) -> str:
    ways = []
    for sequence in alternatives:
        parts = []
        for piece, may in sequence:
            part = _word(piece, elided) if isinstance(piece, str) else _regular(piece, elided)
            parts.append(f"(?:{part})?" if may else part)
        ways.append("".join(parts))
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _word(word: str, elided: str) -> str:
    """What finds a word and the space before it."""
    if word == "...":
        return _GAP
    if word == "_":
        return " [^ #]+"
    if word in {"#d", "#t", "#"}:
        return " #[dt]" if word == "#" else f" {word}"
    if word.startswith("*"):
        return f" [^ ]*{re.escape(''.join(words_of(word.strip('*'))))}" + (
            "[^ ]*" if word.endswith("*") else ""
        )
    begins = word[:-1] if word.endswith("*") else word
    found = "".join(f" {_elision(one, elided)}{re.escape(one)}" for one in words_of(begins))
    return f"{found}[^ ]*" if word.endswith("*") else found


def _elision(word: str, elided: str) -> str:
    """What finds a letter that may stand before a word, as one with it. Short words would become others
    ("a" and "la")."""
    return f"[{elided}]?" if elided and len(word) >= _ELIDING and word[0] in _VOWELS else ""


def spread(phrase: str) -> list[tuple[str, ...]]:
    """Every way to say a phrase without gaps."""
    parsed, _ = _parsed(_pieces(phrase), 0)
    return [words for words in dict.fromkeys(_ways(parsed)) if words]


def _ways(alternatives: _Alternatives) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for sequence in alternatives:
        choices = []
        for piece, may in sequence:
            ways = [tuple(words_of(piece))] if isinstance(piece, str) else _ways(piece)
            choices.append([*ways, ()] if may else ways)
        found += [sum(way, ()) for way in product(*choices)]
    return found


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

    def sizes(self, words: Sequence[str], place: int) -> list[int]:
        """How many words each phrase at ``place`` has."""
        if place >= len(words):
            return []
        phrases = self.by_first.get(words[place], ())
        return [len(one) for one, _ in phrases if tuple(words[place : place + len(one)]) == one]

    def size(self, words: Sequence[str], place: int) -> int:
        """How many words the phrase at ``place`` has; 0: there is none."""
        found = self.at(words, place)
        return found[0] if found else 0


def table(phrases: Iterable[str]) -> Table[bool]:
    """A `Table` that only says whether."""
    return Table(dict.fromkeys(phrases, True))
