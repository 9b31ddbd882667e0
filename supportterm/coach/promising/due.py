"""When a promise falls due by the shop's calendar, and what to do where the shop is closed then."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.hours import ALWAYS, DAY, Hours, day_of, moment_of
from supportterm.coach.promising.found import DAY as DAY_MS
from supportterm.coach.promising.found import HOUR, Clock, Found

#: When a part of the day begins and ends, in minutes.
_PARTS: Final = {"morning": (0, 12 * 60), "afternoon": (12 * 60, 17 * 60), "evening": (18 * 60, 22 * 60)}
#: When a day ends on which the shop is closed, and one on which it is open past midnight.
_CLOSED_END, _LATE_END = 17 * 60, 22 * 60
#: A time of day that has just passed is a slip; one that passed longer ago means the next day.
_SLIP: Final = 3 * HOUR
#: When a shop that is open all night is asked to be awake.
_MORNING: Final = 10 * 60
#: An hour people are awake at.
_WAKING: Final = (7 * 60, 22 * 60)
#: How often the hours of the shop and those of the agent are gone through by turns: some weeks of them.
_TURNS: Final = 16
#: How many days ahead an opening day is looked for.
_AHEAD: Final = 31


class Outside(Struct, frozen=True):
    """A deadline at which nobody of the shop, or not this agent, is there, and what to choose from.

    - ``why`` "closed": the shop is closed then; "off": the agent has gone home by then.
    - Stay: the deadline as it was said, always.
    - Hand over: the same deadline for whoever takes the chat.
    - ``before``: the last moment ahead of now and before the deadline at which both are there, 0: none.
    - ``after``: an hour after both are there next: "tomorrow 10:00". 0: never.
    """

    why: Literal["closed", "off"]
    before: int
    after: int


def resolve(found: Found, now_ms: int, zone: str, hours: Hours | None = None) -> int | None:
    """When a promise falls due, after ``now_ms``; None: that time is over, or `Found.absurd`.

    - Without a day, a time of day means today while it lies ahead. One that passed less than three hours ago
      is a slip (None); longer ago it means tomorrow: at 16:10 nobody promises 15:30 of the next day without
      saying so, but at 18:00 "at 9" is the next morning.
    - Of an hour that may be in the morning or the afternoon, the next at which the shop is open counts.
    - "Tomorrow" is the end of the next day with opening hours; "today", "Friday", "3 August" the end of that
      day's opening hours; "the week" the end of its last day with opening hours.
    - Parts of a day end at 12:00, 17:00 and 22:00, or when the shop closes in them.
    - A weekday is the next of its name; today's name means today only with a time that lies ahead.

    ``zone``: the shop's, for the wall clock. ``hours`` None: always open. The deadline may fall outside the
    hours: see `outside`.
    """
    if found.absurd:
        return None
    if found.clock is None:
        return now_ms + found.ms
    calendar = _Calendar(now_ms, zone, hours or Hours(zone, ALWAYS))
    at = calendar.resolve(found.clock)
    return at if at is not None and at > now_ms else None


def contradicts(found: Found, at_ms: int, zone: str) -> bool:
    """Whether the weekday said beside a date is another than the date's, for what `resolve` made of it:
    "Friday 3 August" on which 3 August is a Monday."""
    clock = found.clock
    return clock is not None and clock.weekday >= 0 and (day_of(zone, at_ms) - 1) % 7 != clock.weekday


def outside(at_ms: int, now_ms: int, hours: Hours | None, shift: Hours | None = None) -> Outside | None:
    """What to choose from when the shop is closed at a deadline or the agent gone; None: both are there.

    ``shift``: when the agent works, None: not known.

    The moments the shop opens and closes and the agent comes and goes are inside. ``hours`` None: always
    open, in UTC.
    """
    hours = hours or Hours("UTC", ALWAYS)
    is_open, here = _is_open(hours, at_ms), shift is None or _is_open(shift, at_ms)
    if is_open and here:
        return None
    both = _Both(hours, shift or Hours("UTC", ALWAYS))
    before, moment = 0, max(now_ms, at_ms - 8 * DAY_MS)
    while (closes := both.closes_at(both.opens_at(moment) or moment)) and closes <= at_ms:
        before = moment = closes
    return Outside("off" if is_open else "closed", before, _morning(both, hours.zone, at_ms))


class _Both:
    """When the shop is open and the agent is there; each may follow a clock of its own."""

    def __init__(self, hours: Hours, shift: Hours) -> None:
        self._two: Final = (hours, shift)

    def is_open(self, at_ms: int) -> bool:
        """Whether both are there at this moment."""
        return all(one.is_open(at_ms) for one in self._two)

    def opens_at(self, at_ms: int) -> int:
        """When both are there next: ``at_ms`` itself while they are; 0: not in the weeks looked at."""
        for _ in range(_TURNS):
            first = at_ms
            for one in self._two:
                at_ms = one.opens_at(at_ms)
                if not at_ms:
                    return 0
            if at_ms == first:
                return at_ms
        return 0

    def closes_at(self, at_ms: int) -> int:
        """When the first of them goes, 0 if one is not there or both always are."""
        if not self.is_open(at_ms):
            return 0
        return min((closes for one in self._two if (closes := one.closes_at(at_ms))), default=0)


def _morning(both: _Both, zone: str, since_ms: int) -> int:
    """An hour after both are there from a moment on, at the latest when one goes; 0: never.

    10:00 if it is open all night.
    """
    opens = both.opens_at(since_ms)
    if not opens:
        return 0
    day = day_of(zone, opens)
    ten = moment_of(zone, day, _MORNING)
    if opens < moment_of(zone, day, _WAKING[0]) and both.is_open(ten):
        return ten
    closes = both.closes_at(opens)
    return min(opens + HOUR, closes) if closes else opens + HOUR


def _is_open(hours: Hours, at_ms: int) -> bool:
    return hours.is_open(at_ms) or hours.is_open(at_ms - 1)


class _Calendar:
    """Days and times as seen from one moment."""

    def __init__(self, now: int, zone: str, hours: Hours) -> None:
        self._now, self._zone, self._hours = now, zone, hours
        self._today: Final = day_of(zone, now)

    def resolve(self, clock: Clock) -> int | None:
        day = self._day(clock)
        if day is None:
            return None
        if clock.minute >= 0:
            return self._hour(clock, day)
        if clock.part in _PARTS:
            return self._part(clock, day)
        if clock.day == "later":
            day = self._open_from(day)
        return self._end(day)

    def _day(self, clock: Clock) -> int | None:
        """The day meant; of a week or a count of opening days, the one found."""
        today = self._today
        if clock.day == "later":
            return today + clock.number
        if clock.day == "weekday":
            return self._weekday(clock)
        if clock.day == "date":
            return self._date(clock)
        if clock.day == "week":
            monday = today - (today - 1) % 7 + 7 * clock.number
            open_days = [day for day in range(max(monday, today), monday + 7) if self._hours.on_day(day)]
            return open_days[-1] if open_days else self._open_from(monday + 7)
        if clock.day == "workday":
            day = today
            for _ in range(clock.number):
                day = self._open_from(day + 1)
            return day
        return today

    def _weekday(self, clock: Clock) -> int | None:
        ahead = (clock.number - (self._today - 1)) % 7
        if clock.next:
            monday = self._today - (self._today - 1) % 7
            return monday + 7 + clock.number
        if ahead:
            return self._today + ahead
        if clock.minute >= 0 or clock.part:
            plain = Clock("today", minute=clock.minute, twelve=clock.twelve, part=clock.part)
            at = self.resolve(plain)
            if at is not None and at > self._now and (not clock.twelve or _is_open(self._hours, at)):
                return self._today
        return self._today + 7

    def _date(self, clock: Clock) -> int | None:
        now = date.fromordinal(self._today)
        # 29 February comes in four years at the latest, and the 31st of some month in two months.
        for month in range(now.month - 1, now.month + 60):
            if clock.month not in {0, month % 12 + 1}:
                continue
            try:
                day = date(now.year + month // 12, month % 12 + 1, clock.number).toordinal()
            except ValueError:
                continue
            if day >= self._today:
                return day
        return None

    def _open_from(self, day: int) -> int:
        """The first day with opening hours from this one on; this one itself if there is none."""
        return next((one for one in range(day, day + _AHEAD) if self._hours.on_day(one)), day)

    def _end(self, day: int) -> int:
        spans = self._hours.on_day(day)
        if not spans:
            return self._moment(day, _CLOSED_END)
        end = spans[-1][1]
        if end < DAY:
            return self._moment(day, end)
        late = self._moment(day, _LATE_END)
        return late if late > self._now else self._moment(day, DAY)

    def _part(self, clock: Clock, day: int) -> int:
        begin, end = _PARTS[clock.part]
        closing = max((last for first, last in self._hours.on_day(day) if last > begin), default=end)
        at = self._moment(day, min(end, closing))
        # "This afternoon" said at ten past five: while the shop is open, until it closes.
        return self._moment(day, closing) if at <= self._now and begin and closing < DAY else at

    def _hour(self, clock: Clock, day: int) -> int | None:
        minutes = [clock.minute, clock.minute + 12 * 60] if clock.twelve else [clock.minute]
        if day != self._today or clock.day not in {"", "today"}:
            return self._best(day, minutes)
        ahead = [minute for minute in minutes if self._moment(day, minute) > self._now]
        open_ahead = [minute for minute in ahead if self._open_at(day, minute)]
        if open_ahead:
            return self._moment(day, open_ahead[0])
        if clock.day == "today" or not clock.twelve:
            if ahead:
                return self._best(day, ahead)
            if clock.day == "today":
                return None
        if any(0 <= self._now - self._moment(day, minute) < _SLIP for minute in minutes):
            return None
        if ahead and not any(self._open_at(day + 1, minute) for minute in minutes):
            return self._best(day, ahead)
        return self._best(day + 1, minutes)

    def _best(self, day: int, minutes: list[int]) -> int:
        """The first at which the shop is open, and people are awake; else it is open; else they are."""
        awake = [minute for minute in minutes if _WAKING[0] <= minute < _WAKING[1]]
        open_ = [minute for minute in minutes if self._open_at(day, minute)]
        best = [minute for minute in open_ if minute in awake] or open_ or awake or minutes
        return self._moment(day, best[0])

    def _open_at(self, day: int, minute: int) -> bool:
        return _is_open(self._hours, self._moment(day, minute))

    def _moment(self, day: int, minute: int) -> int:
        return moment_of(self._zone, day, minute)
