"""Whether a summary says what a practice customer told, and which of their words put it right. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from supportterm.coach import understanding
from supportterm.coach.understanding import Line
from supportterm.coach.understanding.phrases import fold

#: Words are one by so many letters: "wheel" and "wheels". Shorter ones tell little.
_STEM: Final = 5
_SHORT: Final = 4
#: An order number has so many digits; "two of 12" is none.
_NUMBER: Final = re.compile(r"\w[\w-]*")
_DIGITS: Final = 4
#: Words of a question that only asks whether that is right.
_BARE: Final = 4
_SENTENCE: Final = re.compile(r"[^.!?\n]*[.!?\n]?")


class Ear(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer listens for: ``wishes`` say what they want ("you would like"), and end before ``ands``;
    ``opposites`` are sides ("left|right"); ``empty`` words tell nothing."""

    wishes: list[str]
    ands: list[str]
    opposites: list[str]
    empty: list[str]


def put_right(told: Sequence[Line], summary: str, ear: Ear, lang: str) -> str:
    """The customer's own words for what the summary has wrong; "": it says what they told.

    It is wrong where it names another number, the other side of something, nothing of what happened, or a
    wish of which they said no word.
    """
    found = understanding.slots(told, lang)
    story = " ".join(line.text for line in told)
    said = _without_its_question(summary)
    happened, wants = (" ".join(quote.text for quote in part) for part in (found.happened, found.wants))
    if not happened and not wants:
        return ""
    wishes, rest = _wishes(fold(said), ear)
    known = _stems(story, ear)
    wrong = []
    orders = [one.quote.text for one in found.about if one.kind == "order"]
    if orders and not _numbers(said) <= _numbers(story):
        wrong.append(orders[0])
    side = next(_other_sides(story, said, ear.opposites), "")
    if side:
        wrong.append(next((one for one in (happened, wants) if side in fold(one)), happened))
    elif happened and _stems(rest, ear) and not _stems(rest, ear) & known:
        wrong.append(happened)
    if wants and wishes and not _stems(wishes, ear) & known:
        wrong.append(wants)
    return ". ".join(dict.fromkeys(one[:1].upper() + one[1:] for one in wrong if one))


def _without_its_question(summary: str) -> str:
    sentences = [one for one in _SENTENCE.findall(summary) if one.strip()]
    asks = sentences and sentences[-1].strip().endswith("?")
    # A single question may be the summary itself: "Your light is broken?"
    asks = asks and (len(sentences) > 1 or len(sentences[0].split()) <= _BARE)
    return " ".join(sentences[:-1] if asks else sentences)


def _wishes(said: str, ear: Ear) -> tuple[str, str]:
    """What a summary, folded, says that they want, and the rest of it."""
    begins = "|".join(re.escape(fold(one)) for one in ear.wishes)
    ends = "|".join(re.escape(fold(one)) for one in ear.ands)
    wish = re.compile(rf"\b(?:{begins})\b(.*?)(?=[.!?;,]|\s(?:{ends})\s|\Z)", re.DOTALL)
    return " ".join(wish.findall(said)), wish.sub(" ", said)


def _stems(text: str, ear: Ear) -> set[str]:
    words = re.findall(r"[^\W\d_]+", fold(text))
    empty = set(map(fold, ear.empty))
    return {word[:_STEM] for word in words if len(word) >= _SHORT and word not in empty}


def _numbers(text: str) -> set[str]:
    return {one for one in _NUMBER.findall(fold(text)) if sum(char.isdecimal() for char in one) >= _DIGITS}


def _other_sides(story: str, said: str, opposites: Iterable[str]) -> Iterator[str]:
    """The sides that they told where the summary names the other."""
    story, said = fold(story), fold(said)
    for pair in opposites:
        one, other = pair.split("|")
        for right, wrong in ((one, other), (other, one)):
            told = _begins(right, story) and not _begins(wrong, story)
            if told and _begins(wrong, said) and not _begins(right, said):
                yield right


def _begins(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", text) is not None
