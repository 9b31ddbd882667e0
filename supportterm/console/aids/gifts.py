"""What an agent may give without asking: put into the text by a key, counted when it is really sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from supportterm.console.aids.reading import Reading
from supportterm.protocol.views import Gift, Reason, ShopFacts
from supportterm.text import SafeText, safe_line

#: A gift whose words are mostly gone from the message was taken out again.
_SHARE: Final = 0.5
#: Shorter words are everywhere.
_LONG: Final = 4


class Given(NamedTuple):
    """A gift for a reason."""

    reason: Reason
    gift: Gift


def of_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, or in the one that it is a kind of, else in the shop's first."""
    short = language.partition("-")[0]
    return texts.get(language) or texts.get(short) or next(iter(texts.values()), "")


def reasons_of(shop: ShopFacts, language: str) -> dict[str, SafeText]:
    """What the shop calls its reasons, and its gifts by "reason/gift"."""
    found = {one.id: safe_line(of_language(one.labels, language)) for one in shop.reasons}
    for one in shop.reasons:
        for gift in one.mandate:
            found[f"{one.id}/{gift.id}"] = safe_line(of_language(gift.labels, language))
    return found


def may_give(reading: Reading) -> list[Given]:
    """What may be given in this chat, without what was given already: for its reason, or for any."""
    reasons = [reading.reason] if reading.reason is not None else reading.shop.reasons
    return [
        Given(reason, gift)
        for reason in reasons
        for gift in reason.mandate
        if (reason.id, gift.id) not in reading.given
    ]


class Gifts:
    """Gifts put into a text and not sent yet, by chat."""

    def __init__(self) -> None:
        self._put: Final[dict[str, dict[tuple[str, str], tuple[Given, str]]]] = {}

    def put(self, chat: str, given: Given, text: str) -> None:
        """``text`` was put into the composer for this gift."""
        self._put.setdefault(chat, {})[given.reason.id, given.gift.id] = (given, text)

    def has(self, chat: str, given: Given) -> bool:
        """Whether it stands in the text already."""
        return (given.reason.id, given.gift.id) in self._put.get(chat, {})

    def sent(self, chat: str, message: str) -> list[Given]:
        """A message left: the gifts that are in it. What was taken out again is forgotten."""
        said = words_of(message)
        put = self._put.pop(chat, {}).values()
        return [given for given, text in put if is_said(words_of(text), said)]


def is_said(wanted: frozenset[str], said: frozenset[str]) -> bool:
    """Whether most of the wanted words were said."""
    return bool(wanted) and len(wanted & said) >= _SHARE * len(wanted)


def words_of(text: str) -> frozenset[str]:
    """The words of a text that tell it from others."""
    words = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    long = frozenset(word for word in words if len(word) >= _LONG)
    return long or frozenset(words)
