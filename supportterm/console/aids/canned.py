"""A shop's canned replies as one chat can use them: filled, in a useful order, found by letters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from supportterm.coach.phrases import folded
from supportterm.coach.replying import VARIABLES, filled
from supportterm.console import callbacks
from supportterm.console.aids.gifts import is_said, of_language, words_of
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.views import Reply
from supportterm.text import SafeText, safe_line

if TYPE_CHECKING:
    from supportterm.console.aids.reading import Reading
    from supportterm.console.session import Session

#: Of more than these nobody remembers that they used them lately.
KEPT: Final = 20
#: No letter or digit stands before it.
_BEGINS: Final = r"(?<![^\W_])"


class Canned(Struct, frozen=True):
    """One reply for one chat. ``text`` may have gaps; ``foreign``: its language, if it is not the chat's.

    ``names`` and ``said`` are what letters are looked for in: id and labels, and the text.
    """

    reply: Reply
    key: str
    label: SafeText
    text: str
    foreign: str
    names: str
    said: str


class CannedReplies:
    """The replies of one console. ``recent``: those used lately, newest first, kept between visits."""

    def __init__(self, session: Session, recent: list[str]) -> None:
        self._session: Final = session
        self._recent: Final = recent
        #: The words of solutions that were put in and not sent yet, by chat.
        self._solving: Final[dict[str, frozenset[str]]] = {}
        self._made: tuple[tuple[object, ...], list[Canned]] | None = None

    def any_for(self, log: ChatLog) -> bool:
        """Whether the chat's shop has any."""
        return bool(self._of_shop(log))

    def of(self, log: ChatLog) -> list[Canned]:
        """Those of the chat's shop: its language first, then its reason's, then those used lately."""
        session = self._session
        reading = session.readings.of(log)
        replies = self._of_shop(log)
        state = (reading, replies, session.words.language, tuple(self._recent))
        if self._made is None or any(
            a is not b and a != b for a, b in zip(self._made[0], state, strict=True)
        ):
            self._made = (state, self._sorted(log, reading, replies))
        return self._made[1]

    def _of_shop(self, log: ChatLog) -> Sequence[Reply]:
        known, shop = self._session.journal.replies, log.head.shop if log.head is not None else ""
        return next((one.replies for one in known.shops if one.shop == shop), ()) if known is not None else ()

    def _sorted(self, log: ChatLog, reading: Reading, replies: Sequence[Reply]) -> list[Canned]:
        words = self._session.words
        values = self._values(log, reading)
        names = {one: str(words.say(f"reply.gap_{one}")) for one in VARIABLES}
        found = []
        for reply in replies:
            foreign = _foreign(reply.texts, reading.language)
            text = filled(of_language(reply.texts, reading.language), values, names)
            label = safe_line(of_language(reply.labels, words.language))
            said = folded(" ".join([reply.id, *reply.labels.values()]))
            key = f"{reading.shop.shop}/{reply.id}"
            found.append(Canned(reply, key, label, text, foreign, said, folded(text)))
        lately = {key: place for place, key in enumerate(self._recent)}
        reason = reading.reason.id if reading.reason is not None else ""
        # Sorting keeps the shop's order where nothing else speaks.
        return sorted(
            found,
            key=lambda one: (
                bool(one.foreign),
                reason not in one.reply.reasons,
                lately.get(one.key, len(lately)),
            ),
        )

    def _values(self, log: ChatLog, reading: Reading) -> dict[str, str]:
        """What is known, by variable. Of two order numbers nobody knows which one is meant."""
        welcome = self._session.journal.welcome
        orders = {one.quote.text for one in reading.slots.about if one.kind == "order"}
        return {
            "customer": callbacks.reach(log).name,
            "agent": welcome.me.name if welcome is not None else "",
            "shop": reading.shop.name,
            "order": orders.pop() if len(orders) == 1 else "",
        }

    def used(self, chat: str, one: Canned) -> None:
        """It was put into the chat's text."""
        if one.key in self._recent:
            self._recent.remove(one.key)
        self._recent.insert(0, one.key)
        del self._recent[KEPT:]
        if one.reply.kind == "solution":
            self._solving[chat] = words_of(one.text)

    def solves(self, chat: str, text: str) -> bool:
        """Whether a solution that was put in still stands in the text."""
        solution = self._solving.get(chat)
        if solution is None:
            return False
        if not is_said(solution, words_of(text)):
            del self._solving[chat]
            return False
        return True

    def sent(self, chat: str) -> None:
        """The text left."""
        self._solving.pop(chat, None)


def matching(canned: Iterable[Canned], query: str) -> list[Canned]:
    """Those in which every word of ``query`` is found; its beginning in id or label before all else."""
    wanted = [(word, re.compile(_BEGINS + re.escape(word))) for word in folded(query).split()]
    found = [(rank, one) for one in canned if (rank := _rank(one, wanted)) is not None]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _rank(one: Canned, wanted: Sequence[tuple[str, re.Pattern[str]]]) -> int | None:
    """How well it is meant by these words; None: one of them is nowhere in it."""
    if [word for word, _ in wanted] == [one.reply.id]:
        return -1
    worst = 0
    for word, begins in wanted:
        if word in one.names:
            rank = 0 if begins.search(one.names) else 1
        elif word in one.said:
            rank = 2 if begins.search(one.said) else 3
        else:
            return None
        worst = max(worst, rank)
    return worst


def _foreign(texts: Iterable[str], language: str) -> str:
    """The language of the text that stands in for one in the chat's; "" if there is one."""
    languages = list(texts)
    if not language or language in languages or language.partition("-")[0] in languages:
        return ""
    return languages[0] if languages else ""
