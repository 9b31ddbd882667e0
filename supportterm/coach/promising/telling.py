"""A named time in words, and a text whose time words say that time: "morgen om 10:00"."""

from __future__ import annotations

from datetime import date

from supportterm.coach.hours import Hours, day_of, moment_of
from supportterm.coach.promising.clocks import EARLIEST
from supportterm.coach.promising.due import resolve
from supportterm.coach.promising.finding import find
from supportterm.coach.promising.found import MINUTE, Found
from supportterm.coach.promising.saying import known, ways_to_say

#: From this many days ahead on, a weekday alone may be misunderstood.
_WEEK = 7


def clock_words(at_ms: int, now_ms: int, zone: str, language: str) -> str:
    """A moment in words, in the shop's zone: "om 16:30", "morgen om 10:00", "Monday at 9:30".

    Seconds are not said. An unknown language is English.
    """
    saying = known(language).wording.saying
    day, today = day_of(zone, at_ms), day_of(zone, now_ms)
    hour, minute = divmod((at_ms - moment_of(zone, day, 0)) // MINUTE, 60)
    for guess in range(hour - 1, hour + 2):  # on the day that daylight saving changes
        if 0 <= guess < 24 and moment_of(zone, day, guess * 60 + minute) // MINUTE == at_ms // MINUTE:
            hour = guess
    # "3:30" may be in the afternoon; "03:30" is not.
    time = saying.clock.format(hour=f"{hour:02}" if hour < EARLIEST else hour, minute=f"{minute:02}")
    if day == today:
        return saying.today.format(time=time)
    wall = date.fromordinal(day)
    name = saying.date.format(day=wall.day, month=saying.months[wall.month - 1])
    if day == today + 1:
        name = saying.tomorrow
    elif day < today + _WEEK:
        name = saying.weekdays[wall.weekday()]
    return saying.on.format(day=name, time=time)


def reword_until(
    text: str,
    found: Found,
    at_ms: int,
    now_ms: int,
    zone: str,
    hours: Hours | None = None,
    language: str = "",
) -> str:
    """The text, saying that it takes until ``at_ms``: its time words replaced, or an honest time put in.

    For ``found = find(text, language)``, what `resolve` makes of the result with the same clock and hours is
    ``at_ms``, if that is a whole minute that words can say: not the second pass through an hour that comes
    twice, and not a year ahead.
    Raises nothing.
    """
    spoken = known(found.language or language)
    phrase = clock_words(at_ms, now_ms, zone, spoken.name)
    said = ""
    for said in ways_to_say(text, found, phrase, spoken.wording.saying.alone_at.format(time=phrase), spoken):
        again = find(said, language)
        if again is not None and again.kind == "clock" and resolve(again, now_ms, zone, hours) == at_ms:
            break
    return said
