"""Opening hours as people write them: ``mon = "9:00-17:30"``, or a list where there is a break."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from supportterm.coach.hours import DAY, Span, Week

#: From Monday, as `datetime.date.weekday` counts.
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN: Final = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)
_SHIFT: Final = re.compile(r"\s*([A-Za-z]+(?:[-,][A-Za-z]+)*)\s+(\S.*)")
_TIME: Final = re.compile(r"\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


class BadHours(ValueError):
    """Not opening hours. The message goes on after "`mon` "."""


def week_of(days: Mapping[str, str | Sequence[str]]) -> Week:
    """Seven days from `WEEKDAYS`; one that is absent is closed. Raises `BadHours`."""
    return tuple(day_of(days.get(day, ())) for day in WEEKDAYS)


def day_of(written: str | Sequence[str]) -> tuple[Span, ...]:
    """The spans of one day, in order; those that touch are one. Raises `BadHours`."""
    texts = [written] if isinstance(written, str) else written
    found = sorted((span_of(text), text) for text in texts)
    spans: list[Span] = []
    for at, (span, text) in enumerate(found):
        if spans and span[0] < spans[-1][1]:
            raise BadHours(f'has "{found[at - 1][1]}" and "{text}", which overlap: write one span for both.')
        touches = spans and span[0] == spans[-1][1]
        spans.append((spans.pop()[0], span[1]) if touches else span)
    return tuple(spans)


def span_of(text: str) -> Span:
    """ "9:00-17:30" as minutes of the day. Raises `BadHours`."""
    found = _SPAN.fullmatch(text)
    if found is None:
        near = _meant(text)
        hint = f'did you mean "{near}"?' if near else 'write a span such as "9:00-17:30".'
        raise BadHours(f'has "{text}": {hint}')
    hours, minutes, until_hours, until_minutes = map(int, found.groups())
    for hour, minute in ((hours, minutes), (until_hours, until_minutes)):
        if minute > 59 or hour * 60 + minute > DAY:
            raise BadHours(f'has "{text}", but {hour}:{minute:02} is no time: a day is 0:00 to 24:00.')
    start, end = hours * 60 + minutes, until_hours * 60 + until_minutes
    if end == start:
        raise BadHours(f'has "{text}", which ends when it begins: all day is "0:00-24:00".')
    if end < start:
        raise BadHours(
            f'has "{text}", which ends before it begins: over midnight, write "{written((start, DAY))}" here'
            f' and "{written((0, end))}" on the next day.'
            if end
            else f'has "{text}": the end of the day is written "24:00".'
        )
    return start, end


def shifts_of(texts: Sequence[str]) -> Week:
    """A week from shifts such as "mon-fri 9:00-17:00" and "sat 10:00-14:00". Raises `BadHours`.

    The message is a sentence of its own.
    """
    days: dict[str, list[str]] = {}
    for text in texts:
        found = _SHIFT.fullmatch(text)
        if found is None:
            raise BadHours(f'The shift "{text}" cannot be read: write one such as "mon-fri 9:00-17:00".')
        for day in _days(found[1].lower(), text):
            days.setdefault(day, []).append(found[2])
    try:
        return week_of(days)
    except BadHours as bad:
        raise BadHours(f"A shift {bad}") from None


def _days(names: str, text: str) -> list[str]:
    """ "mon-wed,sat" day by day; from Friday to Monday goes over the weekend."""
    found: list[str] = []
    for part in names.split(","):
        ends = part.split("-")
        for name in ends:
            if name not in WEEKDAYS:
                known = ", ".join(WEEKDAYS)
                raise BadHours(f'The shift "{text}" has the day "{name}": write one of {known}.')
        if len(ends) > 2:
            raise BadHours(f'The shift "{text}" has the days "{part}": write the first and the last.')
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        found += [WEEKDAYS[(first + n) % 7] for n in range((last - first) % 7 + 1)]
    return found


def time_of(text: str) -> int:
    """ "17:00" as the minute of the day; "24:00" is its end. Raises `BadHours`."""
    found = _TIME.fullmatch(text)
    if found is None:
        near = re.fullmatch(r"\s*(\d{1,2})(?:[.h](\d{2}))?\s*", text, re.ASCII)
        hint = f'did you mean "{near[1]}:{near[2] or "00"}"?' if near else 'write a time such as "17:00".'
        raise BadHours(f'is "{text}": {hint}')
    hour, minute = map(int, found.groups())
    if minute > 59 or hour * 60 + minute > DAY:
        raise BadHours(f'is "{text}", but {hour}:{minute:02} is no time: a day is 0:00 to 24:00.')
    return hour * 60 + minute


def written(span: Span) -> str:
    """A span as `span_of` reads it."""
    return "-".join(f"{minute // 60}:{minute % 60:02}" for minute in span)


def _meant(text: str) -> str:
    """ "9-17" and "9.00-17.30" as they should have been written, or ""."""
    found = re.fullmatch(
        r"\s*(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.h](\d{2}))?\s*", text, re.ASCII
    )
    if found is None:
        return ""
    hour, minute, until, until_minute = found.groups(default="00")
    meant = f"{int(hour)}:{minute}-{int(until)}:{until_minute}"
    try:
        span_of(meant)
    except BadHours:
        return ""
    return meant
