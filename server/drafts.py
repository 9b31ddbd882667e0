"""What agents ask the language model: for whom, how often, and a chat's events as the lines it reads.

Nothing is stored or logged, and no words are answered: only the places in the chat where they stand.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

import msgspec

from server.desk.events import CUSTOMER, Event
from server.doorway import Doorway
from server.drafter import ModelDrafter, Undrafted
from server.feeds import Feed
from server.gateway.rates import Buckets
from server.settings.drafter import Drafter
from server.store.interface import StoreError
from supportterm.coach.spoken import spoken
from supportterm.coach.understanding import Line, Quote, Slots
from supportterm.coach.understanding.lines import Who
from supportterm.protocol import frames, kinds
from supportterm.protocol.drafts import NoDraft, Place

_log: Final = logging.getLogger("supportterm.drafts")

#: Questions on their way at the same time: an endpoint that hangs holds no more than these sockets.
MOST: Final = 16
#: Drafts an agent may ask for at once: several chats come back to life after lunch.
_BURST: Final = 5


class Drafts:
    """One server's questions to its model; without one until `apply` names it."""

    def __init__(self) -> None:
        self._settings = Drafter()
        self._model: ModelDrafter | None = None
        self._buckets = Buckets(1, 1)
        self._asking = 0

    def apply(self, settings: Drafter) -> None:
        """Ask this endpoint from now on, or none. What is on its way goes on."""
        self._settings = settings
        self._buckets = Buckets(settings.per_minute / 60, min(_BURST, settings.per_minute))
        self._model = None
        if not settings.url:
            return
        try:
            key = settings.secret()
            limit_s = settings.timeout_ms / 1_000
            self._model = ModelDrafter(settings.url, key, settings.model, limit_s)
        except (OSError, ValueError) as error:
            # Checked as the file was read; the key's file may have changed since.
            _log.error("no model is asked for drafts: %s", error)

    async def of(self, agent: str, doorway: Doorway, feed: Feed) -> frames.DraftOf:
        """What the model finds in a chat, for an agent who may read it. Never raises."""
        chat, upto = feed.chat.id, feed.chat.seq
        model = self._model
        if model is None or not self._settings.serves(feed.chat.shop):
            return frames.DraftOf(chat, why="off")
        now = asyncio.get_running_loop().time()
        if self._asking >= MOST or not self._buckets.of(agent, now).take(now):
            return frames.DraftOf(chat, why="busy")
        self._asking += 1
        try:
            events, _ = await doorway.page(feed, upto + 1, public=False)
            lines = [_line(event) for event in events]
            said = [line.text for line in lines if line.who == "customer" and line.text]
            if not said:
                return frames.DraftOf(chat, upto)
            found = await model.ask(lines, spoken(said, feed.chat.lang))
        except Undrafted as nothing:
            return _none(chat, upto, nothing.why)
        except StoreError as error:
            _log.error("a chat cannot be read for its draft: %s", error)
            return _none(chat, upto, "down")
        finally:
            self._asking -= 1
        return _answer(chat, upto, found, [event.seq for event in events])


def _none(chat: str, upto: int, why: NoDraft) -> frames.DraftOf:
    return frames.DraftOf(chat, upto, why)


def _line(event: Event) -> Line:
    """What a model may read of an event: a plain message, else nothing.

    Summaries and options are the agent's retelling, a "yes" or a button pressed no story.
    """
    who: Who = "customer" if event.actor == CUSTOMER else "agent"
    if event.kind != "message" or event.erased:
        return Line(who, kind="joined")
    about = msgspec.json.decode(event.data or b"{}", type=kinds.Message)
    if about.summary or about.options or about.choice or about.answer == "yes":
        return Line(who, kind="joined")
    return Line(who, event.text)


def _answer(chat: str, upto: int, found: Slots, seqs: Sequence[int]) -> frames.DraftOf:
    def places(quotes: Sequence[Quote]) -> tuple[Place, ...]:
        return tuple(Place(seqs[quote.line], quote.start, quote.end) for quote in quotes)

    return frames.DraftOf(
        chat,
        upto,
        happened=places(found.happened),
        about=places([one.quote for one in found.about]),
        wants=places(found.wants),
        tried=places(found.tried),
        by_when=places(found.by_when),
    )
