"""What a customer's chats before this one were about, read anew from the log whenever staff begin to read.

Nothing of it is kept, so whatever is erased or has lost its texts by age is not known here any more, and no
message pays for it. Only order numbers leave, found by the rules that fill a summary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from server.clock import Clock
from server.desk.chat import Chat
from server.desk.events import CUSTOMER, Event, decode_data, since_theirs
from server.platform import Platform
from server.settings import Shop
from supportterm.coach.spoken import spoken
from supportterm.coach.understanding import From, Line, orders
from supportterm.protocol import kinds
from supportterm.protocol.earlier import EarlierChat

_DAY_MS: Final = 86_400_000
#: What is older makes no sign.
DAYS: Final = From().days
#: Chats, events and letters that are looked at, the newest chats first. Nobody comes so often, and somebody
#: who floods a shop must not keep the server reading.
CHATS: Final = 20
EVENTS: Final = 2_000
LETTERS: Final = 20_000


class Records(Protocol):
    """The part of a store that is asked."""

    async def said_before(
        self, customer: str, shop: str, since: int, before: str, chats: int, events: int
    ) -> list[tuple[int, list[Event]]]: ...


class EarlierChats:
    """``records`` hold the log; ``shops`` say for how long a shop wants to know its customers."""

    def __init__(self, records: Records, platform: Platform, clock: Clock, shops: Mapping[str, Shop]) -> None:
        self._records = records
        self._clock = clock
        self._shops = shops
        self._worker = platform.worker("earlier")

    def apply(self, shops: Mapping[str, Shop]) -> None:
        """Take reloaded shops."""
        self._shops = shops

    async def stop(self) -> None:
        """End the thread."""
        await self._worker.stop()

    async def of(self, chat: Chat) -> list[EarlierChat]:
        """The customer's chats at this shop before this one, of the last `DAYS` days, that named an order;
        the newest first. Raises `server.store.interface.StoreError`."""
        since = self._clock.now().at - self._days(chat.shop) * _DAY_MS
        said = await self._records.said_before(chat.customer, chat.shop, since, chat.id, CHATS, EVENTS)
        # A customer's first chat is the usual one: nothing to hand to the thread.
        return await self._worker.run(partial(read, said)) if said else []

    def _days(self, key: str) -> int:
        """Customers whom a shop forgets, and their texts, are forgotten here as soon."""
        shop = self._shops.get(key)
        kept = (shop.retention_days_texts, shop.retention_days_contacts) if shop is not None else ()
        return min([DAYS, *(days for days in kept if days)])


def read(said: Sequence[tuple[int, Sequence[Event]]]) -> list[EarlierChat]:
    """When each chat was opened and what was said in it, as what it was about. Pure."""
    found: list[EarlierChat] = []
    letters = LETTERS
    for at, all_events in said:
        lang = next((decode_data(e, kinds.Opened).lang for e in all_events if e.kind == "opened"), "")
        events = since_theirs(all_events)
        texts = [event.text for event in events if event.kind == "message"]
        lines = _lines(events, letters)
        letters -= sum(len(line.text) for line in lines)
        named = orders(lines, spoken(texts, lang))
        if named:
            told = [decode_data(event, kinds.Told).reason for event in events if event.kind == "told"]
            found.append(EarlierChat(at, list(named), told[-1] if told else ""))
    return found


def _lines(events: Sequence[Event], most: int) -> list[Line]:
    """The messages that may hold a number, and where the customer put something right."""
    undone = {decode_data(event, kinds.Reread).re for event in events if event.kind == "reread"}
    lines: list[Line] = []
    for event in events:
        if event.kind != "message":
            continue
        about = decode_data(event, kinds.Message)
        if about.answer == "no" and event.pub not in undone:
            lines.append(Line(CUSTOMER, "", event.at, "summary_corrected"))
        if any(map(str.isdecimal, event.text)) and len(event.text) <= most:
            most -= len(event.text)
            lines.append(Line(CUSTOMER, event.text, event.at))
    return lines
