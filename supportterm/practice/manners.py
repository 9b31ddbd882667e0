"""How a customer takes what an agent sends: a given word, a summary, options. Pure; the words are data."""

from __future__ import annotations

import re
from collections import deque
from functools import cache
from importlib import resources
from typing import Final, Literal, TypeVar

import msgspec
from msgspec import UNSET, Struct

from supportterm.coach.greeted import is_greeting
from supportterm.coach.understanding import Line
from supportterm.practice.restated import Ear, put_right
from supportterm.practice.scripts import Script
from supportterm.protocol import kinds
from supportterm.protocol.frames import Event
from supportterm.protocol.options import read_back

_Shape = TypeVar("_Shape", bound=Struct)

#: Nobody says more often than this that they were misunderstood; then it is good enough.
_OFTEN: Final = 3


class Manners(Struct, frozen=True, forbid_unknown_fields=True):
    """What anybody says: ``patient`` to the first promise, the second …, ``late`` and ``kept`` when one
    was broken or kept, ``yes`` to a summary, ``not_quite`` to one that is wrong, with what is {right}.
    ``ear``: how they notice."""

    patient: list[str]
    late: str
    kept: str
    yes: str
    not_quite: str
    ear: Ear


class Reply(Struct, frozen=True):
    """Something to say after ``pause`` seconds; ``re``, ``answer`` and ``choice`` as in `frames.Say`."""

    text: str
    pause: float
    re: int = 0
    answer: Literal["", "yes", "no"] = ""
    choice: int = 0


@cache
def manners(lang: str) -> Manners:
    """The lines of a language; English where there are none."""
    folder = resources.files("supportterm.practice") / "manners"
    short = re.sub(r"[^a-z]", "", lang.lower().split("-")[0])
    file = folder / f"{short}.toml"
    if not short or not file.is_file():
        file = folder / "en.toml"
    return msgspec.toml.decode(file.read_bytes(), type=Manners)


class Attention:
    """What a customer has understood of their chat so far, and what they want to say to it.

    ``heard`` counts the agent's messages that answer something: no greeting, no promise, no request for
    patience, no summary, no options. ``promised``: they were given a time that is not over. ``understood``:
    the newest summary said what they told.
    """

    def __init__(self, script: Script) -> None:
        self.heard = 0
        self.promised = False
        self.understood = False
        self._told: list[Line] = []
        self._script = script
        self._manners = manners(script.lang)
        self._last = 0
        self._plain_at = 0
        self._promises = 0
        self._corrections = 0
        self._comment: Reply | None = None
        self._asked: deque[Reply] = deque()

    @property
    def wants_to_speak(self) -> bool:
        """Whether there is something to say."""
        return bool(self._comment or self._asked)

    def asked(self) -> Reply | None:
        """The answer to what was asked first: a summary, or options; it counts as said."""
        return self._asked.popleft() if self._asked else None

    def reply(self) -> Reply | None:
        """What to say next; it counts as said."""
        if (asked := self.asked()) is not None:
            return asked
        comment, self._comment = self._comment, None
        return comment

    def takes(self, event: Event) -> None:
        """The next event of the chat; one that was shown before, on an earlier page, changes nothing."""
        if event.seq <= self._last:
            return
        self._last = event.seq
        match event.kind:
            case "message" if event.by.role == "agent":
                self._reads(event)
            case "message" if event.by.role == "customer":
                self._told.append(Line("customer", event.text, event.at))
            case "promised" | "promise_extended":
                if self._plain_at == event.seq - 1:
                    self.heard -= 1  # the words before it only gave the time
                self._is_promised()
            case "promise_ended":
                self._sees_the_end(_data(event, kinds.PromiseEnded).how)
            case "closed":
                self.promised, self._comment = False, None
                self._asked.clear()

    def _reads(self, event: Event) -> None:
        message = kinds.Message() if event.data is UNSET else _data(event, kinds.Message)
        if message.summary:
            self._asked = deque([self._answers(event)])
        elif message.options:
            self._asked.append(self._chooses(event, message.options))
        elif not message.holding and not is_greeting(event.text, self._script.lang, event.by.name):
            self._plain_at = event.seq
            self.heard += 1

    def _answers(self, summary: Event) -> Reply:
        # Only the newest can be answered.
        self.understood = False
        if self._corrections < len(self._script.corrects):
            self._corrections += 1
            text = self._script.corrects[self._corrections - 1]
            return Reply(text, 5.0, summary.seq, "no")
        right = put_right(self._told, summary.text, self._manners.ear, self._script.lang)
        if right and self._corrections < len(self._script.corrects) + _OFTEN:
            self._corrections += 1
            return Reply(self._manners.not_quite.format(right=right), 5.0, summary.seq, "no")
        self.understood = True
        return Reply(self._manners.yes, 3.0, summary.seq, "yes")

    def _chooses(self, event: Event, options: int) -> Reply:
        labels = [label for label, _ in read_back(event.text, options)[1]]
        liked = self._script.prefers.lower()
        fitting = [number for number, label in enumerate(labels) if liked and liked in label.lower()]
        number = fitting[0] if fitting else 0
        return Reply(labels[number], 4.0, event.seq, choice=number + 1)

    def _is_promised(self) -> None:
        self.promised = True
        if self._promises < len(self._manners.patient):
            self._comment = Reply(self._manners.patient[self._promises], 2.0)
        self._promises += 1

    def _sees_the_end(self, how: str) -> None:
        self.promised = False
        texts = {"kept": self._manners.kept, "extended": self._manners.kept, "broken": self._manners.late}
        # Replaces what was not said yet: nobody says "I'll wait" to who is back.
        self._comment = Reply(texts[how], 3.0) if how in texts else None


def _data(event: Event, shape: type[_Shape]) -> _Shape:
    return msgspec.json.decode(event.data, type=shape)  # type: ignore[arg-type]
