"""A time by the clock that was meant and cannot be read: "om tien uurZ", "at 25:00", "kl. tyv".

Only a day or a part of one would be left of it, and the end of that day is no deadline that anybody named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from supportterm.coach.promising.language import Language
from supportterm.coach.promising.stretches import number_at

#: What stands before a time by the clock and nothing else, without a number behind it, too.
_CLOCK: Final = frozenset({"kl", "klokken"})
_HOURS_A_DAY: Final = 24


def has_unread(language: Language, words: Sequence[str], read: Iterable[range]) -> bool:
    """Whether the words hold one; ``read``: where the times are that were read."""
    known = frozenset(at for places in read for at in places)
    return any(at not in known and _begins(language, words, at) for at in range(len(words)))


def _begins(language: Language, words: Sequence[str], at: int) -> bool:
    number = number_at(language, words, at)
    behind = at + number[0] if number is not None else at + 1
    if (
        number is not None
        and number[1] <= _HOURS_A_DAY
        and _is_slip(language, words, behind, _hours(language))
    ):
        return True
    word, before = words[at], words[max(0, at - 2) : at]
    if before and (before[-1] in _CLOCK or (before[-1] == "." and before[0] in _CLOCK)):
        return word != "."
    if not any(size in language.bare.sizes(words, at - size) for size in range(1, min(4, at) + 1)):
        return False
    if word[0].isdecimal():
        late = number is not None and number[1] > _HOURS_A_DAY and _told(language, words, behind)
        return late or ":" in word or "." in word
    if language.half_to.size(words, at) or language.half_past.size(words, at):
        return _is_slip(language, words, behind, language.number.by_first)
    ends = behind >= len(words) or not words[behind][0].isalnum()
    return (ends or _told(language, words, behind)) and _is_slip(
        language, words, at, language.number.by_first
    )


def _told(language: Language, words: Sequence[str], at: int) -> bool:
    return bool(language.oclock.size(words, at))


def _hours(language: Language) -> list[str]:
    return [*language.oclock.by_first, *language.am.by_first, *language.pm.by_first]


def _is_slip(language: Language, words: Sequence[str], at: int, meant: Iterable[str]) -> bool:
    """Whether a word we do not know is one letter away from one of those."""
    if at >= len(words) or not words[at][0].isalpha() or words[at] in language.vocabulary:
        return False
    return len(words[at]) > 1 and any(_is_near(words[at], one) for one in meant if len(one) > 1)


def _is_near(word: str, meant: str) -> bool:
    """One letter more, less, other, or two that changed places."""
    if abs(len(word) - len(meant)) > 1:
        return False
    first = next((n for n, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), None)
    if first is None:
        return len(word) != len(meant)
    if len(word) == len(meant):
        swapped = word[:first] + word[first : first + 2][::-1] + word[first + 2 :]
        return word[first + 1 :] == meant[first + 1 :] or swapped == meant
    long, short = (word, meant) if len(word) > len(meant) else (meant, word)
    return long[first + 1 :] == short[first:]
