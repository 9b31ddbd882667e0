"""Whether a shop's opening hours can be kept: its clock, its week, its exceptions, its skills' hours."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from server.settings.sentences import nearest, numbered, shown
from server.settings.shops import Exceptional, OpenDays, Shop
from supportterm.coach.timetable import BadHours, day_of

#: What is longer than this is no exception, but the week.
_LONGEST_DAYS: Final = 366


def opening_problems(key: str, shop: Shop, skills: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """(table, what is wrong in it). ``skills``: those of the shop's desk; None if that is not known."""
    if not _is_zone(shop.time_zone):
        yield (
            f"[shop.{key}]",
            f"`time_zone` is {shown(shop.time_zone)}, which is not known; {_zone_help(shop)}",
        )
    if shop.hours is not None:
        yield from _week_problems(f"[shop.{key}.hours]", shop.hours)
    taken: dict[str, int] = {}
    for number, exception in numbered(shop.exception):
        where = f"[[shop.{key}.exception]] {number}"
        problem = _range_problem(exception)
        if problem:
            yield where, problem
        else:
            for day in days_of(exception):
                if day in taken:
                    yield (
                        where,
                        f"is about {day}, and so is number {taken[day]}: keep one of them for each day.",
                    )
                    break
            taken = dict.fromkeys(days_of(exception), number) | taken
        try:
            day_of(exception.hours)
        except BadHours as bad:
            yield where, f"`hours` {bad}"
    for skill, week in shop.skill_hours.items():
        where = f"[shop.{key}.skill_hours.{skill}]"
        if skills is not None and skill not in skills:
            yield (
                where,
                f"`{skill}` is a skill that no `skills` in [desk.{shop.desk}] has;"
                f" {nearest(skill, skills, 'skills')}",
            )
        yield from _week_problems(where, week)


def days_of(exception: Exceptional) -> list[str]:
    """The days that an exception without mistakes is about, such as "2026-12-25"."""
    first = date.fromisoformat(exception.date or exception.since)
    last = date.fromisoformat(exception.date or exception.until)
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _week_problems(where: str, week: OpenDays) -> Iterator[tuple[str, str]]:
    for day, written in week.by_day().items():
        try:
            day_of(written)
        except BadHours as bad:
            yield where, f"`{day}` {bad}"


def _range_problem(exception: Exceptional) -> str:
    if exception.date and (exception.since or exception.until):
        return "has `date` and a range: keep `date` for one day, or `from` and `until` for several."
    if exception.date:
        return ""
    if not exception.since and not exception.until:
        return "names no day: set `date`, or `from` and `until`."
    if not exception.since or not exception.until:
        have, lack = ("from", "until") if exception.since else ("until", "from")
        return f"has `{have}` but no `{lack}`: set both, or `date` for one day."
    length = (date.fromisoformat(exception.until) - date.fromisoformat(exception.since)).days
    if length < 0:
        return f"ends on {exception.until}, before it begins on {exception.since}."
    if length >= _LONGEST_DAYS:
        return (
            f"lasts {length + 1} days: an exception may last {_LONGEST_DAYS}; change the hours of the week."
        )
    return ""


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _zone_help(shop: Shop) -> str:
    zones = sorted(zoneinfo.available_timezones())
    # People know their city: "Amsterdam", "Europe/amsterdam" and "CET/Copenhagen" all mean one.
    city = shop.time_zone.rpartition("/")[2].replace(" ", "_").lower()
    cities = {zone.rpartition("/")[2].lower(): zone for zone in reversed(zones) if "/" in zone}
    near = get_close_matches(shop.time_zone, zones, n=1, cutoff=0.75)
    near_city = get_close_matches(city, cities, n=1, cutoff=0.75)
    if city in cities:
        return f"did you mean `{cities[city]}`?"
    if near or near_city:
        return f"did you mean `{near[0] if near else cities[near_city[0]]}`?"
    return "write a continent and a city, such as `Europe/Amsterdam`."
