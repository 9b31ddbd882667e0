"""A language model's reading of a chat beside that of the rules: asked for, awaited, and looked at again.

The desk's server asks the model and answers with places. They count only if each holds the customer's own
words here; so nothing is ever shown that does not stand in the transcript.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, Protocol

from supportterm.coach.understanding import Quote, Reference, Slots
from supportterm.coach.understanding.lines import said_by
from supportterm.coach.understanding.references import kind_of
from supportterm.console.aids.reading import Reading
from supportterm.console.aids.talk import Talk
from supportterm.link.journal import Journal, Question
from supportterm.protocol.drafts import DraftOf, NoDraft, Place
from supportterm.protocol.frames import Draft
from supportterm.protocol.limits import DRAFT_MS

#: What the way there and back may add to the model's own time.
PATIENCE_MS: Final = DRAFT_MS + 1_000

#: "": the model was not asked about the chat as it is now; "nothing": it found nothing in it.
Stand = Literal["", "asking", "there", "nothing"] | NoDraft


class Asker(Protocol):
    """What is needed of a `supportterm.link.Link`."""

    @property
    def journal(self) -> Journal: ...
    def ask(self, question: Question) -> None: ...
    def now_ms(self) -> int: ...


class _Asked(NamedTuple):
    """``newest``: the customer's last message then; ``at``: on the link's clock."""

    newest: int
    at: int


class Modelled:
    """One console's questions to the model. Kept in memory only."""

    def __init__(self, link: Asker) -> None:
        self._link: Final = link
        self._asked: Final[dict[str, _Asked]] = {}
        self._answers: Final[dict[str, DraftOf]] = {}

    def ask(self, reading: Reading) -> None:
        """Ask about the chat as it is now, unless that was answered or is on its way."""
        newest = reading.newest
        if not reading.shop.drafts or newest is None or newest.erased or not self._link.journal.online:
            return
        if self.stand(reading) not in ("asking", "there", "nothing"):
            self._answers.pop(reading.chat, None)
            self._asked[reading.chat] = _Asked(newest.seq, self._link.now_ms())
            self._link.ask(Draft(chat=reading.chat))

    def came(self, draft: DraftOf) -> None:
        """An answer arrived; one that comes too late is none."""
        asked = self._asked.get(draft.chat)
        if asked is None or draft.chat in self._answers or self._is_late(asked):
            return
        # Without a word about how far it read the model was not asked at all.
        if draft.why in ("off", "busy") or draft.upto >= asked.newest:
            self._answers[draft.chat] = draft

    def stand(self, reading: Reading) -> Stand:
        """What became of the question."""
        asked = self._asked.get(reading.chat)
        if asked is None or reading.newest is None or asked.newest != reading.newest.seq:
            return ""
        answer = self._answers.get(reading.chat)
        if answer is None:
            return "slow" if self._is_late(asked) else "asking"
        if answer.why:
            return answer.why
        found = slots_of(answer, reading)
        if found is None:
            return "bad"
        return "there" if any(found.quotes()) else "nothing"

    def slots(self, reading: Reading) -> Slots | None:
        """The model's slots; None unless they are there."""
        return slots_of(self._answers[reading.chat], reading) if self.stand(reading) == "there" else None

    def forget(self, chat: str) -> None:
        """Places in texts that were erased mean nothing."""
        self._asked.pop(chat, None)
        self._answers.pop(chat, None)

    def forget_all(self) -> None:
        """Nor do those of another epoch."""
        self._asked.clear()
        self._answers.clear()

    def _is_late(self, asked: _Asked) -> bool:
        return self._link.now_ms() - asked.at > PATIENCE_MS


def slots_of(draft: DraftOf, reading: Reading) -> Slots | None:
    """The draft's places as slots of this chat; None unless each holds words of the customer."""
    talk, right = reading.talk, reading.slots.right
    try:
        about = _quotes(draft.about, talk)
        if right is not None:
            # Which number was wrong is the desk's own knowledge: the customer put it right.
            about = tuple(quote for quote in about if quote.text != right[0])
        return Slots(
            happened=_quotes(draft.happened, talk),
            about=tuple(Reference(kind_of(quote.text), quote) for quote in about),
            wants=_quotes(draft.wants, talk),
            tried=_quotes(draft.tried, talk),
            by_when=_quotes(draft.by_when, talk),
            right=right,
        )
    except ValueError:
        return None


def _quotes(places: Sequence[Place], talk: Talk) -> tuple[Quote, ...]:
    return tuple(_quote(place, talk) for place in places)


def _quote(place: Place, talk: Talk) -> Quote:
    for number, (seq, line) in enumerate(zip(talk.seqs, talk.lines, strict=True)):
        if seq == place.seq and said_by(line, "customer") and 0 <= place.start < place.end <= len(line.text):
            text = line.text[place.start : place.end]
            if text.strip():
                return Quote(number, place.start, place.end, text)
    raise ValueError("no words of the customer")
