"""What an agent may give without asking: put into the text by a key, counted once the desk has it. Pure."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Container, Mapping, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

from supportterm.coach.replying import OPEN, opened
from supportterm.console.aids.reading import Reading
from supportterm.console.state import Leaving, Promised, State
from supportterm.protocol.views import Gift, Reason, ShopFacts
from supportterm.text import SafeText, safe_line

#: A gift whose words are mostly gone from the message was taken out again.
_SHARE: Final = 0.5
#: Shorter words are everywhere.
_LONG: Final = 4
#: Before a topic's id among what a shop calls things; no id of a reason has a space.
TOPIC: Final = "topic "


class Given(NamedTuple):
    """A gift for a reason."""

    reason: Reason
    gift: Gift


def of_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, or in the one that it is a kind of, else in the shop's first."""
    short = language.partition("-")[0]
    return texts.get(language) or texts.get(short) or next(iter(texts.values()), "")


def words_for(gift: Gift, language: str) -> str:
    """What is put into the answer for a gift; where something is to be filled in, it has gaps."""
    return opened(of_language(gift.texts, language))


def called(shop: ShopFacts, language: str) -> dict[str, SafeText]:
    """What the shop calls its reasons by their ids, its gifts by "reason/gift", its topics after `TOPIC`."""
    found = {TOPIC + one.id: safe_line(of_language(one.labels, language)) for one in shop.topics}
    found |= {one.id: safe_line(of_language(one.labels, language)) for one in shop.reasons}
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
    """Gifts in texts that are not sent yet, and in messages that are on their way.

    A gift counts once the desk has its message: who was refused and lets it be has given nothing. Both are
    part of ``state``, so that a console that is closed in between counts them on its next visit.
    """

    def __init__(self, state: State) -> None:
        self._state: Final = state

    def put(self, chat: str, given: Given, text: str) -> None:
        """``text`` was put into the composer for this gift."""
        self._put(chat, Promised(given.reason.id, given.gift.id, text))

    def has(self, chat: str, given: Given) -> bool:
        """Whether it stands in the text already, or is on its way."""
        return _among(self._state.draft(chat).gifts, given) or self.leaves(chat, given)

    def pending(self, chat: str) -> bool:
        """Whether any gift stands in the text, or is on its way: its reason comes with it."""
        leaving = self._state.leaving.values()
        return bool(self._state.draft(chat).gifts) or any(one.chat == chat for one in leaving)

    def leaves(self, chat: str, given: Given) -> bool:
        """Whether it is in a message that the desk did not answer yet, or refused."""
        leaving = self._state.leaving.values()
        return any(one.chat == chat and _among(one.gifts, given) for one in leaving)

    def left(self, message: str, chat: str, text: str) -> None:
        """The message with this id went into the outbox: the gifts that are in its ``text`` go with it. What
        is neither there nor in what is still being written was taken out again, and is forgotten; so is one
        that left with a place that nobody filled in: nothing was given by that."""
        draft, said = self._state.draft(chat), words_of(text)
        found = [one for one in draft.gifts if is_said(words_of(one.text), said)]
        unfilled = [one for one in found if OPEN in one.text and OPEN in text]
        draft.gifts = [one for one in draft.gifts if one not in unfilled]
        found = [one for one in found if one not in unfilled]
        written = words_of(draft.message)
        rest = [one for one in draft.gifts if one not in found]
        draft.gifts = [one for one in rest if is_said(words_of(one.text), written)]
        if found:
            self._state.leaving[message] = Leaving(chat, found)

    def again(self, message: str, anew: str) -> None:
        """A refused message leaves once more, under another id."""
        found = self._state.leaving.pop(message, None)
        if found is not None:
            self._state.leaving[anew] = Leaving(found.chat, found.gifts)

    def back(self, message: str) -> None:
        """A message became a text again, with its gifts."""
        found = self._state.leaving.pop(message, None)
        if found is not None:
            for one in found.gifts:
                self._put(found.chat, one)

    def refused(self, message: str) -> None:
        """The desk would not take it: it waits for somebody to send it again or to take it back."""
        if message in self._state.leaving:
            self._state.leaving[message].refused = True

    def erased(self, chat: str) -> None:
        """What was refused is gone with the chat's texts."""
        for message in [id_ for id_, one in self._state.leaving.items() if one.chat == chat and one.refused]:
            del self._state.leaving[message]

    def arrived(self, waiting: Container[str]) -> dict[str, Leaving]:
        """Messages with gifts that the desk has, by id: those that it did not refuse and that are not
        ``waiting`` (ids) for its answer. They come again until they are `counted`."""
        leaving = self._state.leaving.items()
        return {id_: one for id_, one in leaving if not one.refused and id_ not in waiting}

    def counted(self, message: str) -> None:
        """The desk is told of all gifts of this message."""
        del self._state.leaving[message]

    def _put(self, chat: str, gift: Promised) -> None:
        draft = self._state.draft(chat)
        draft.gifts = [*(one for one in draft.gifts if _key(one) != _key(gift)), gift]


def told_as(message: str, gift: Promised) -> str:
    """The id of the command that tells of a gift: told twice it is the same, and counts once."""
    name = "\0".join((message, gift.reason, gift.mandate)).encode()
    return urlsafe_b64encode(blake2b(name, digest_size=16).digest()).rstrip(b"=").decode()


def _key(gift: Promised) -> tuple[str, str]:
    return gift.reason, gift.mandate


def _among(gifts: Sequence[Promised], given: Given) -> bool:
    return any(_key(one) == (given.reason.id, given.gift.id) for one in gifts)


def is_said(wanted: frozenset[str], said: frozenset[str]) -> bool:
    """Whether most of the wanted words were said."""
    return bool(wanted) and len(wanted & said) >= _SHARE * len(wanted)


def words_of(text: str) -> frozenset[str]:
    """The words of a text that tell it from others."""
    words = "".join(char if char.isalnum() else " " for char in text.lower()).split()
    long = frozenset(word for word in words if len(word) >= _LONG)
    return long or frozenset(words)
