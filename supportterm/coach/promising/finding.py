"""The promise in a text: what is seen while an agent types."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Final, TypeVar

from supportterm.coach.promising import language as languages
from supportterm.coach.promising.folding import Token, tokens
from supportterm.coach.promising.found import Found
from supportterm.coach.promising.judging import (
    Sentence,
    is_time,
    listed,
    listed_vague,
    said_at,
    timed,
    weighed,
    while_of,
)
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.sentences import joined, sentences
from supportterm.coach.promising.times import Time, times
from supportterm.coach.promising.weighing import Said, sounds_promised, sounds_vague

#: No message is longer; what stands behind it is not looked at.
_LENGTH: Final = 8_000
Kept = TypeVar("Kept")


class Memory:
    """What was made of the sentences of a text, for when most of them are asked of again: while it is typed.

    It holds those of the newest text only.
    """

    def __init__(self) -> None:
        self._before: dict[Hashable, Any] = {}
        self._now: dict[Hashable, Any] = {}

    def next(self) -> None:
        """Another text begins."""
        self._before, self._now = self._now, {}

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What stands under a key, or is made."""
        found: Kept
        if key in self._now:
            found = self._now[key]
        else:
            found = self._before[key] if key in self._before else make()
            self._now[key] = found
        return found


def find(text: str, language: str = "", memory: Memory | None = None) -> Found | None:
    """The promise in a text; None: there is none.

    ``language`` ("nl") is tried first; "" or an unknown one: the language most of the words belong to. Other
    languages follow, sentence by sentence, where at least as many words are theirs. A promise with a time
    goes before a vague one, and an earlier one before a later. ``memory`` changes nothing but what it costs.
    Never raises.
    """
    vague: Found | None = None
    for reading in _readings(text, language, memory or Memory()):
        if (promise := reading.timed()) is not None:
            return promise
        vague = vague or reading.vague()
    return vague


def find_time(text: str, language: str = "") -> Found | None:
    """What `find` finds, if its time is said in words; None: it finds nothing, or a promise without a time.

    Much cheaper where there is none: of sentences without a time nothing is asked. Never raises.
    """
    brief = False
    for reading in _readings(text, language, Memory()):
        if (promise := reading.timed()) is not None:
            return promise
        brief = brief or reading.brief
    if not brief:
        return None
    # "Give me a sec": it counts if no promise without any time comes before it.
    found = find(text, language)
    return found if found is not None and found.start < found.end else None


def _readings(text: str, language: str, memory: Memory) -> Iterator[_Reading]:
    """The text in each language it may be in, the most likely first."""
    memory.next()
    found = tokens(text[:_LENGTH])
    words = {token.word for token in found}
    digits = any(word[0].isdecimal() for word in words)
    order = _in_order(languages.language(language), words)
    known = order[0] if order else None
    for one in order:
        if not digits and one is not known and one.triggers.isdisjoint(words):
            continue
        reading = _Reading(one, text, found, known, memory)
        if digits or one is known or not one.triggers.isdisjoint(reading.words):
            yield reading


def _in_order(known: Language | None, words: set[str]) -> list[Language]:
    every = languages.every_language()
    ordered = sorted(every, key=lambda one: -len(words & one.vocabulary))
    return [known, *(one for one in ordered if one is not known)] if known else ordered


class _Reading:
    """A text in one language; ``known`` is the one that is expected.

    First its times are gone through: most sentences have none, and all else takes ten times as long.
    """

    def __init__(
        self, language: Language, text: str, found: Sequence[Token], known: Language | None, memory: Memory
    ) -> None:
        if any(token.word == "." for token in found):
            found = joined(language, text, found)
        self._language: Final = language
        self._expected: Final = language is known
        self._memory: Final = memory
        self._found: Final = found
        self.words: Final = language.words(found)
        self._parts: Final = list(sentences(found))
        self._inside: Final = [tuple(self.words[first:last]) for first, last, _ in self._parts]
        #: The sentences that are this language's, by their places.
        self._own: Final = [at for at in range(len(self._parts)) if self._is_own(at, known)]
        #: By sentence: what is promised there in less time than can be counted down.
        self._brief: Final[dict[int, Found]] = {}

    @property
    def brief(self) -> bool:
        """Whether words promise so short a time; to be asked after `timed`."""
        return bool(self._brief)

    def _is_own(self, at: int, known: Language | None) -> bool:
        language, inside = self._language, self._inside[at]
        if language.vocabulary.isdisjoint(inside):
            return False  # nothing but figures
        return known is None or self._expected or _fits(language, known, inside)

    def _key(self, at: int) -> Hashable:
        """All that tells a sentence from another: its words and those beside it."""
        around = [
            (self._inside[one], self._parts[one][2]) if 0 <= one < len(self._parts) else None
            for one in (at - 1, at, at + 1)
        ]
        return (self._language.name, self._expected, *around)

    def _said(self, at: int) -> Said:
        return self._memory.get(
            ("said", self._key(at)), lambda: said_at(self._language, self.words, self._parts, at)
        )

    def _sentence(self, at: int) -> Sentence:
        first, last, _ = self._parts[at]
        said = self._said(at)
        return self._found[first:last], said.words, said.clauses

    def timed(self) -> Found | None:
        """The first promise with a time that can be counted down."""
        before = -1
        for at in self._own:
            first, last, _ = self._parts[at]
            beside, before = before, at
            key = ("timed", self._key(at), self._key(beside) if beside >= 0 else None)
            promises = self._memory.get(key, lambda at=at, beside=beside: self._promises(at, beside))  # type: ignore[misc]
            if promises:
                promise = timed(self._language, self._found[first:last], self._said(at).times, promises)
                if promise.kind != "vague":
                    return promise
                self._brief[at] = promise
        return None

    def _promises(self, at: int, before: int) -> list[Time]:
        """The times that a sentence promises; ``before``: the place of the one before it, -1: none."""
        language, inside = self._language, self._inside[at]
        if not any(is_time(one) for one in times(language, inside)):
            return []
        said = self._said(at)
        by_lists = listed(
            language, self.words, self._parts, at, said, self._sentence(before) if before >= 0 else None
        )
        # Weights know any word, so what they alone would start must be a sentence of the language.
        candidates = by_lists or (weighed(said) if self._expected else [])
        promises = [one for one in candidates if sounds_promised(language, said, one, bool(by_lists))]
        return [] if promises and not by_lists and language.is_foreign(inside) else promises

    def vague(self) -> Found | None:
        """The first promise without such a time; to be asked after `timed`."""
        for at in self._own:
            if at in self._brief:
                return self._brief[at]
            last = at == len(self._parts) - 1
            found = self._memory.get(
                ("vague", self._key(at), last),
                lambda at=at, last=last: self._vague(at, last),  # type: ignore[misc]
            )
            if found is not None:
                word, ms = found
                start = self._found[self._parts[at][0] + word].start
                return Found("vague", start, start, self._language.name, ms)
        return None

    def _vague(self, at: int, last: bool) -> tuple[int, int] | None:
        """At which of its words a sentence begins to promise something, and how long to suggest."""
        language, (found, words, split) = self._language, self._sentence(at)
        vague = listed_vague(language, found, words, split, last)
        if not sounds_vague(language, self._said(at), vague is not None):
            return None
        if vague is not None:
            return next(n for n, token in enumerate(found) if token.start == vague.start), vague.ms
        if self._expected and not language.is_foreign(words):
            return 0, while_of(language, words)
        return None


def _fits(language: Language, known: Language, words: Sequence[str]) -> bool:
    """Whether at least as many words of a sentence are this language's as the expected one's."""
    ours = sum(word in language.vocabulary for word in words)
    return ours > 0 and ours >= sum(word in known.vocabulary for word in words)
