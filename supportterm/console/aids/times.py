"""When a time in a text falls due by the shop's clock, what else there is to choose, and how it is said."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from supportterm.coach import giving, promising
from supportterm.coach.giving import Giving
from supportterm.coach.hours import Hours, day_of, moment_of
from supportterm.coach.promising import Found, Outside
from supportterm.console.aids.moment import Moment
from supportterm.protocol.limits import NAMED_PROMISE_MS, SHORTEST_PROMISE_MS
from supportterm.text import SafeText

MINUTE: Final = 60_000
#: Where the shop's "this afternoon" ends, if it says nothing else.
_AFTERNOON: Final = 17 * 60
#: Steps to a time after the one that runs, at most.
_STEPS: Final = 400
#: A named time is moved by so much.
_STEP: Final = 30 * MINUTE


class Time(Struct, frozen=True):
    """A time that can be promised: in ``ms``, or (``ms`` 0) at the named moment ``at``.

    ``at`` is when it falls due in both cases. ``outside``: the shop is closed then, or the agent off.
    """

    at: int
    ms: int = 0
    outside: Outside | None = None


def place(moment: Moment) -> tuple[str, Hours | None]:
    """The shop's zone and hours; UTC and always open before they are known."""
    shop = moment.shop
    return (shop.zone, shop.hours) if shop is not None else ("UTC", None)


def time_of(moment: Moment, found: Found) -> Time | None:
    """When a promise falls due; None: that time is over, or no such time can be promised."""
    zone, hours = place(moment)
    if found.kind == "vague":
        return in_time(moment, _offered(moment, found.ms))
    if found.kind != "clock":
        return None if found.absurd else in_time(moment, found.ms)
    if moment.shop is None:
        # Whose clock it would be is not known yet.
        return None
    at = promising.resolve(found, moment.now_ms, zone, hours)
    if at is None:
        return None
    clock = found.clock
    if clock is not None and clock.part == "afternoon" and clock.minute < 0:
        day = day_of(zone, at)
        ends = moment_of(zone, day, moment.shop.afternoon_ends)
        if at == moment_of(zone, day, _AFTERNOON) and ends > moment.now_ms:
            at = ends
    return at_time(moment, at)


def at_time(moment: Moment, at: int) -> Time | None:
    """A named time, if it can be promised."""
    if not SHORTEST_PROMISE_MS <= at - moment.now_ms <= NAMED_PROMISE_MS:
        return None
    _, hours = place(moment)
    return Time(at, outside=promising.outside(at, moment.now_ms, hours, shift(moment)))


def in_time(moment: Moment, ms: int) -> Time:
    """A while from now. Who answers after hours anyway knows that the shop is closed, or they are off."""
    _, hours = place(moment)
    at, works = moment.now_ms + ms, shift(moment)
    if hours is not None and not hours.is_open(moment.now_ms):
        return Time(at, ms)
    if works is not None and not works.is_open(moment.now_ms):
        works = None
    return Time(at, ms, promising.outside(at, moment.now_ms, hours, works))


def shift(moment: Moment) -> Hours | None:
    """When the agent works; None: not known."""
    mine = moment.session.journal.mine
    return mine.shift if mine is not None else None


def nobody(moment: Moment, time: Time) -> SafeText:
    """That the shop is closed then, or the agent off, in few words."""
    off = time.outside is not None and time.outside.why == "off"
    return moment.words.say("chip.off_brief" if off else "chip.closed_brief")


def nobody_at(moment: Moment, time: Time) -> SafeText:
    """The same with the time."""
    off = time.outside is not None and time.outside.why == "off"
    return moment.words.say("chip.off" if off else "chip.closed", time=clock(moment, time.at))


def usual(moment: Moment) -> int:
    """How long this agent's promised answers usually take, in ms; 0: not known."""
    mine = moment.session.journal.mine
    return mine.usual_ms if mine is not None else 0


def longer(moment: Moment, ms: int) -> int:
    """One step longer than written, or the first step that is what this agent usually needs."""
    found = promising.longer(ms)
    while found < usual(moment) and (after := promising.longer(found)) > found:
        found = after
    return found


def _offered(moment: Moment, ms: int) -> int:
    """What a word without a time asks for, or what this agent usually needs, if that is more."""
    return ms if usual(moment) <= ms else longer(moment, ms)


def moved(moment: Moment, at: int, steps: int) -> int:
    """A named time some half hours later or earlier, on the half hour; never earlier than can be promised."""
    half = at // _STEP * _STEP
    to = half + steps * _STEP if steps > 0 or half == at else half
    return to if to - moment.now_ms >= SHORTEST_PROMISE_MS else at


def there(moment: Moment, time: Time) -> SafeText:
    """The same in few words: of a moment by another clock than the agent's only that it is the shop's."""
    said = label(moment, time, here=False)
    return said if said == label(moment, time) else moment.words.say("chip.there", there=said)


def label(moment: Moment, time: Time, *, here: bool = True) -> SafeText:
    """ "3 min", or "tomorrow 10:00" as `clock` says it."""
    return moment.words.span(time.ms) if time.ms else clock(moment, time.at, here=here)


def clock(moment: Moment, at: int, *, here: bool = True) -> SafeText:
    """A moment by the shop's clock; beside it, if ``here``, the agent's own where that shows another."""
    words, own = moment.words.in_zone(place(moment)[0]), moment.words
    said = words.when(at, moment.now_ms)
    if not here or words.clock(at) == own.clock(at):
        return said
    return own.say("chip.zones", there=said, here=own.clock(at))


# --- words that say it ------------------------------------------------------------------------------


def standing(moment: Moment) -> Giving:
    """What kind of time would be given now: a first one, more, or a new one too late."""
    head = moment.log.head
    if head is None:
        return "give"
    if head.promise_due:
        return "more"
    return "late" if head.overdue_at else "give"


def sooner(moment: Moment, time: Time) -> int:
    """The deadline that runs, if this time does not lie after it: saying it extends nothing. Else 0."""
    head = moment.log.head
    due = head.promise_due if head is not None else 0
    return due if time.at <= due else 0


def extending(moment: Moment, time: Time) -> Time:
    """The first step from a time that lies after the deadline that runs, where there is one."""
    for _ in range(_STEPS):
        if not sooner(moment, time):
            break
        time = step(moment, time, 1)
    return time


def step(moment: Moment, time: Time, steps: int) -> Time:
    """A time one step longer (1) or shorter (-1)."""
    if not time.ms:
        return at_time(moment, moved(moment, time.at, steps)) or time
    return in_time(moment, longer(moment, time.ms) if steps > 0 else promising.shorter(time.ms))


def reworded(moment: Moment, found: Found, time: Time) -> str:
    """The text, saying this time."""
    if time.ms:
        return promising.reword(moment.text, found, time.ms, moment.lang)
    zone, hours = place(moment)
    return promising.reword_until(moment.text, found, time.at, moment.now_ms, zone, hours, moment.lang)


def said(moment: Moment, text: str) -> Time | None:
    """The time that a text promises; None: none, or a vague one."""
    found = promising.find(text, moment.lang)
    return time_of(moment, found) if found is not None and found.kind != "vague" else None


def says(moment: Moment, text: str, time: Time) -> bool:
    """Whether a text promises this time and no other: the same while, or the same minute by the clock."""
    own = said(moment, text)
    if own is None or own.ms != time.ms:
        return False
    return bool(time.ms) or own.at // MINUTE == time.at // MINUTE


def due_at(moment: Moment, time: Time) -> int:
    """When a time falls due that is promised now: a while counts from here on."""
    return moment.now_ms + time.ms if time.ms else time.at


def line(moment: Moment, time: Time) -> str:
    """An honest line in the customer's language that says this time."""
    kind = standing(moment)
    familiar = moment.session.readings.of(moment.log).familiar
    if time.ms:
        return giving.line_for(kind, time.ms, moment.lang, familiar=familiar)
    zone, hours = place(moment)
    return giving.line_until(kind, time.at, moment.now_ms, zone, hours, moment.lang, familiar=familiar)


def with_time(moment: Moment, time: Time) -> str:
    """What the composer shows when a time is chosen: its words changed, or a line added to them."""
    text = moment.text.strip()
    if not text or text.startswith("/"):
        return line(moment, time)
    found = promising.find(moment.text, moment.lang)
    if found is not None:
        return reworded(moment, found, time)
    return f"{text}{'' if text[-1] in '.!?…' else '.'} {line(moment, time)}"
