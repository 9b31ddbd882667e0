"""One chat as it is understood so far, worked out once for everything that was said. Pure.

`Readings` keeps one `Reading` per chat until something is said or put away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from supportterm.coach import understanding
from supportterm.coach.greeting import irritated
from supportterm.coach.spoken import spoken
from supportterm.coach.understanding import (
    Contact,
    Due,
    Enough,
    Fact,
    Gap,
    Moment,
    Progress,
    Slots,
    Step,
)
from supportterm.console.aids.talk import Mark, Reply, Talk, message_of, replies, talk_of
from supportterm.console.shops import Shops
from supportterm.console.state import State
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import kinds
from supportterm.protocol.frames import Event, Tell
from supportterm.protocol.views import Reason, ShopFacts

#: Only time makes new signs, and slowly.
_SIGNS_MS: Final = 5_000


class Reading:
    """What the rules say of a chat as it stands. Every part is worked out when it is first asked for."""

    def __init__(self, log: ChatLog, shop: ShopFacts, marks: tuple[Mark, ...]) -> None:
        self.chat: Final = log.chat
        self.shop: Final = shop
        self.talk: Final[Talk] = talk_of(log, marks)
        said = (line.text for line in self.talk.lines if line.who == "customer")
        #: What the customer writes, which need not be what their browser speaks.
        self.language: Final = spoken(said, log.head.lang if log.head is not None else "")
        self.familiar: Final = self.language.partition("-")[0] in shop.familiar
        self.replies: Final[dict[int, Reply]] = replies(log.events)
        self.reason: Final[Reason | None] = _reason(log, shop)
        self.given: Final = _given(log)
        self._earlier: Final = [
            Contact(order, one.at, one.reason) for one in log.earlier for order in one.orders
        ]
        self._signs: tuple[int, list[Fact]] | None = None
        #: The public number of the newest summary, 0 without one.
        self.summary: Final = log.head.summary if log.head is not None else 0
        #: The last words of the customer.
        self.newest: Final = next((e for e in reversed(log.events) if _from_customer(e)), None)

    @cached_property
    def progress(self) -> Progress:
        """The step, and what it lacks."""
        return understanding.progress(self.talk.lines, self.language, self._enough, self._wanted)

    @cached_property
    def slots(self) -> Slots:
        """What the customer said, slot by slot."""
        return understanding.slots(self.talk.lines, self.language)

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is missing before closing."""
        return understanding.missing_at_close(
            self.talk.lines, self.language, self._wanted, familiar=self.familiar
        )

    @cached_property
    def asks_still(self) -> bool:
        """Whether the customer waits for the answer to a question."""
        return understanding.asks_still(self.talk.lines, self.language)

    @cached_property
    def is_irritated(self) -> bool:
        """Whether nothing cheerful is called for."""
        said = (line.text for line in self.talk.lines if line.who == "customer")
        return irritated(said, self.language)

    @cached_property
    def guess(self) -> Reason | None:
        """The shop's reason that the customer's words name, while nobody said one: for the agent to see."""
        if self.reason is not None:
            return None
        found = understanding.guess_reason(
            self.talk.lines, self.language, _labels(self.shop.reasons, self.language)
        )
        return next((one for one in self.shop.reasons if one.id == found), None)

    def due(self, moment: Moment = "talk") -> Due | None:
        """Whether a summary is due."""
        return understanding.summary_due(
            self.talk.lines, self.language, moment, self._enough, required=self.requires(moment)
        )

    def requires(self, moment: Moment) -> bool:
        """Whether the desk refuses this without a summary where one is due."""
        return self.shop.summary_required in (moment, "both") and moment in ("handoff", "close")

    def signs(self, now_ms: int) -> list[Fact]:
        """Facts about the customer's way so far; looked for anew every few seconds."""
        at = now_ms // _SIGNS_MS
        if self._signs is None or self._signs[0] != at:
            self._signs = (at, understanding.signs(self.talk.lines, self.language, now_ms, self._earlier))
        return self._signs[1]

    def draft(self, slots: Slots) -> str:
        """The summary in a sentence or two."""
        return understanding.draft(slots, self.language, familiar=self.familiar)

    @property
    def _enough(self) -> Enough:
        return Enough(self.shop.summary_messages, self.shop.summary_chars)

    @property
    def _wanted(self) -> understanding.Reason | None:
        reason = self.reason
        return understanding.Reason(reason.id, dict(reason.next_issue)) if reason is not None else None


class Readings:
    """The readings of one console."""

    def __init__(self, shops: Shops, state: State, now_ms: Callable[[], int]) -> None:
        self._shops: Final = shops
        self._state: Final = state
        self._now_ms: Final = now_ms
        self._kept: Final[dict[str, tuple[object, Reading]]] = {}

    def of(self, log: ChatLog) -> Reading:
        """What is understood of this chat; the same object until something changes."""
        shop, marks = self._shops.of(log), self._state.away(log.chat).marks
        # `erased` takes words away without a new event in the middle; its own event is a number more.
        state = (
            log.first,
            log.last,
            tuple(entry.id for entry in log.outbox),
            marks,
            shop,
            log.earlier,
            (log.head.lang, log.head.summary) if log.head is not None else None,
        )
        kept = self._kept.get(log.chat)
        if kept is None or kept[0] != state:
            kept = self._kept[log.chat] = (state, Reading(log, shop, marks))
        return kept[1]

    def put_away(self, log: ChatLog) -> None:
        """The summary prompt was dismissed: silent until something new is said."""
        self._mark(log, Mark(log.last, "dismissed"))

    def set_step(self, log: ChatLog, step: Step) -> None:
        """The agent says where the conversation is."""
        self._mark(log, Mark(log.last, "step", step))

    def _mark(self, log: ChatLog, mark: Mark) -> None:
        away = self._state.put_away(log.chat, self._now_ms())
        away.marks = (*(one for one in away.marks if one.kind != mark.kind), mark)

    def forget(self) -> None:
        """What was understood of another history means nothing."""
        self._kept.clear()


def _from_customer(event: Event) -> bool:
    return event.kind == "message" and event.by.role == "customer"


def _tells(log: ChatLog) -> list[kinds.Told]:
    """Every reason and gift told so far, those on their way at the end."""
    told = [data_of(event, kinds.Told) for event in log.events if event.kind == "told"]
    waiting = [entry.command for entry in log.outbox if isinstance(entry.command, Tell)]
    return [one for one in told if one is not None] + [kinds.Told(one.reason, one.mandate) for one in waiting]


def _reason(log: ChatLog, shop: ShopFacts) -> Reason | None:
    for told in reversed(_tells(log)):
        return next((one for one in shop.reasons if one.id == told.reason), None)
    return None


def _labels(reasons: Iterable[Reason], language: str) -> dict[str, str]:
    """What reasons are called in a language, by id; not those that have no name in it."""
    short = language.partition("-")[0]
    found = {one.id: one.labels.get(language) or one.labels.get(short) or "" for one in reasons}
    return {id_: label for id_, label in found.items() if label}


def _given(log: ChatLog) -> frozenset[tuple[str, str]]:
    """Reason and mandate of everything given in this chat."""
    return frozenset((told.reason, told.mandate) for told in _tells(log) if told.mandate)


def read_from_words(reading: Reading, log: ChatLog) -> Reply | None:
    """The reply to the newest summary, if it was read out of plain words and nothing was said since."""
    head = log.head
    if head is None or not head.summary:
        return None
    reply = reading.replies.get(head.summary)
    if reply is None or not reply.words or reply.undone or reading.newest is None:
        return None
    said_since = any(
        event.kind == "message" and event.seq > reply.event.seq and not message_of(event).holding
        for event in log.events
    )
    return None if said_since else reply
