"""``/back 2m``, ``/back 16:30``: a time instead of a sentence. It puts the sentence there, and no more."""

from __future__ import annotations

import re
from typing import Final

from supportterm.coach import giving
from supportterm.coach.promising import NotAllowed
from supportterm.console.aids.aid import Aid, Held
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import (
    Time,
    label,
    line,
    nobody_at,
    sooner,
    standing,
    time_of,
)

_BACK: Final = re.compile(r"\s*/back(?:\s+(.*))?\s*", re.DOTALL)


def asked(text: str) -> str | None:
    """What stands behind ``/back``; None: it is no such command."""
    found = _BACK.fullmatch(text)
    return (found[1] or "").strip() if found is not None else None


def read(moment: Moment, text: str) -> Time | str:
    """The time that was typed, or the id of the sentence that says what is wrong with it."""
    try:
        found = giving.read(text, moment.words.language)
    except NotAllowed as error:
        return "chip.absurd" if error.why == "range" else "chip.unread"
    return time_of(moment, found) or "chip.over"


def offer(moment: Moment, wanted: str) -> Aid:
    """What enter does with the command."""
    words = moment.words
    time = read(moment, wanted) if wanted else "chip.back_help"
    if isinstance(time, str):
        return Aid(words.say(time), tone="warn" if wanted else "")
    if due := sooner(moment, time):
        return Aid(words.say("give.sooner", due=words.when(due, moment.now_ms)), tone="warn")
    says = "chip.back" if standing(moment) == "give" else "chip.back_more"
    what = words.say(says, key=moment.key("write.send"), time=label(moment, time))
    if time.outside is not None:
        return Aid(what, nobody_at(moment, time), "promise")
    return Aid(what, tone="promise")


def enter(moment: Moment, wanted: str) -> Held:
    """The sentence in place of the command; the customer never gets to read a command."""
    time = read(moment, wanted) if wanted else ""
    if not isinstance(time, Time) or sooner(moment, time):
        return Held()
    return Held(line(moment, time))
