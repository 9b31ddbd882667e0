"""Whether a text is a greeting and nothing more: "Hi Eva, this is Sanne. I have read what you wrote."

It is no answer: who takes a chat over says it, and the customer has what they had before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from supportterm.coach.greeting import Greetings, Sentences, greetings, languages
from supportterm.coach.phrases import Token, expanded, folded, tokens
from supportterm.coach.promising import holding

#: Whoever writes more than this says something.
_LONGEST: Final = 300
#: Words of a name, at most.
_NAME_WORDS: Final = 3
#: A number may be written in so many parts, and begin with so many letters.
_NUMBER_PARTS: Final = 3
_PREFIX: Final = 4


def is_greeting(text: str, language: str, agent: str) -> bool:
    """Whether a text only greets, says who writes, that they have read along, or to wait, and greets at all.

    ``agent``: who writes, by name; "": not known, and any name may be theirs. The chat's ``language`` comes
    first, but not alone: agents write what their customer writes. Every word must belong to it, so in doubt
    it is none: an answer must never be taken for one, and neither a question. Never raises.
    """
    if len(text) > _LONGEST or "?" in text:
        return False
    known = language if language in languages() else language.partition("-")[0]
    parts = list(_sentences(text))
    own = frozenset(folded(word.word) for word in tokens(agent) if word.word)
    for one in sorted(languages(), key=lambda name: name != known):
        made = [_is_made_of(_phrases(one), text, part, own) for part in parts]
        if any(made) and all(
            is_made or holding(text[part[0].start : part[-1].end], one)
            for is_made, part in zip(made, parts, strict=True)
        ):
            return True
    return False


def _sentences(text: str) -> Iterator[list[Token]]:
    found: list[Token] = []
    for token in tokens(text):
        if token.word:
            found.append(token)
        elif found:
            yield found
            found = []
    if found:
        yield found


def _is_made_of(
    phrases: Mapping[str, Sequence[tuple[str, ...]]], text: str, words: Sequence[Token], own: frozenset[str]
) -> bool:
    """Whether the words are phrases one after another."""
    reached = {0}
    for at, word in enumerate(words):
        if at in reached:
            for phrase in (*phrases.get(word.word, ()), *phrases.get("AGENT", ())):
                reached |= _ends(phrase, text, words, at, own)
    return len(words) in reached


def _ends(
    phrase: Sequence[str], text: str, words: Sequence[Token], at: int, own: frozenset[str]
) -> frozenset[int]:
    """Where the phrase may end that begins at a word."""
    places = frozenset({at})
    for part in phrase:
        places = frozenset(end for place in places for end in _after(part, text, words, place, own))
        if not places:
            break
    return places


def _after(part: str, text: str, words: Sequence[Token], at: int, own: frozenset[str]) -> Iterator[int]:
    if part == "NUMBER":
        yield from _number(words, at)
        return
    if part not in ("NAME", "AGENT"):
        if at < len(words) and words[at].word == part:
            yield at + 1
        return
    for end in range(at + 1, min(at + _NAME_WORDS, len(words)) + 1):
        word = words[end - 1]
        if not (word.word in own if own and part == "AGENT" else text[word.start].isupper()):
            return
        yield end


def _number(words: Sequence[Token], at: int) -> Iterator[int]:
    """Where a number may end: "48213", "F-40922", "B2B/2026-117"."""
    for end in range(at + 1, min(at + _NUMBER_PARTS, len(words)) + 1):
        word = words[end - 1].word
        if any(letter.isdecimal() for letter in word):
            yield end
        elif end > at + 1 or len(word) > _PREFIX:
            return


@cache
def _phrases(language: str) -> dict[str, list[tuple[str, ...]]]:
    """All that a greeting alone is made of, by its first word."""
    found = greetings(language)
    hellos = "|".join(dict.fromkeys([*found.hellos, found.morning, found.day, found.evening]))
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in dict.fromkeys((*found.alone, *_offered(found))):
        for one in expanded(phrase.replace("HELLO", f"({hellos})")):
            by_first.setdefault(one[0], []).append(one)
    return by_first


def _offered(found: Greetings) -> Iterator[str]:
    """The sentences that the console offers as a greeting. What they ask is more than one."""
    kinds: tuple[Sentences, ...] = (
        found.polite,
        found.familiar,
        found.polite_irritated,
        found.familiar_irritated,
    )
    for one in kinds:
        for sentence in (one.named, one.unnamed, one.number, one.read):
            bare = "".join(letter for letter in sentence if letter not in ".,")
            for place in ("hello", "name", "agent", "number"):
                bare = bare.replace(f"{{{place}}}", place.upper())
            yield bare
