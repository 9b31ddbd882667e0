"""``/back 2m``, ``/back 16:30``: a time instead of a sentence. It puts the sentence there, and no more."""

from __future__ import annotations

import re
from typing import Final

from supportterm.coach import giving
from supportterm.coach.promising import NotAllowed
from supportterm.console.aids.aid import NOTHING, Aid, Held
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import (
    Time,
    label,
    line,
    nobody,
    nobody_at,
    sooner,
    standing,
    there,
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
        return "chip.unread" if error.why == "unread" else f"chip.too_{error.why}"
    return time_of(moment, found) or "chip.over"


def offer(moment: Moment, wanted: str) -> Aid:
    """What enter does with the command."""
    words = moment.words
    time = read(moment, wanted) if wanted else "chip.back_help"
    if isinstance(time, str):
        brief = words.say(f"{time}_brief")
        return Aid(words.say(time), tone="warn" if wanted else "", briefs=((brief, NOTHING),))
    if due := sooner(moment, time):
        known = words.when(due, moment.now_ms)
        brief = words.say("give.sooner_brief", due=known)
        return Aid(words.say("give.sooner", due=known), tone="warn", briefs=((brief, NOTHING),))
    key, by = moment.key("write.send"), "" if time.ms else "_by"
    whole, bare = label(moment, time), there(moment, time)
    what = words.say(f"chip.back_{standing(moment)}{by}", key=key, time=whole)
    brief, short = (words.say(f"chip.back_brief{by}", key=key, time=said) for said in (whole, bare))
    least = words.say("chip.back_least", key=key, time=bare)
    if time.outside is None:
        act, few = words.say("chip.back_unsent"), NOTHING
    else:
        act, few = nobody_at(moment, time), nobody(moment, time)
    ways = [(what, few), (brief, few), (short, few), (least, few), (least, NOTHING)]
    return Aid(what, act, "promise", tuple(ways))


def enter(moment: Moment, wanted: str) -> Held:
    """The sentence in place of the command; the customer never gets to read a command."""
    time = read(moment, wanted) if wanted else ""
    if not isinstance(time, Time) or sooner(moment, time):
        return Held()
    return Held(line(moment, time))
