"""What the console says, in the person's language. The sentences are data: ``texts/*.toml``.

`Words` gives `SafeText` only, and takes only `SafeText` and numbers into a sentence, so that nothing
foreign comes in by way of a sentence of ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supportterm.protocol.codes import ERRORS
from supportterm.text import SafeText, fill, join, safe_line, trusted

LANGUAGES: Final = ("en", "nl", "da")
#: From so many days ahead on, a weekday alone may be misunderstood.
_WEEK_DAYS: Final = 7


@cache
def sentences(language: str) -> dict[str, str]:
    """Every sentence of one language by its full key, such as "list.none"."""
    raw = (files(__package__) / "texts" / f"{language}.toml").read_text("utf-8")
    return dict(_flat(tomllib.loads(raw)))


def _flat(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value


class Words:
    """The sentences of one language, and times in its words.

    ``zone`` None: the machine's own time zone.
    """

    def __init__(self, language: str, zone: tzinfo | None = None) -> None:
        self.language: Final = language if language in LANGUAGES else "en"
        self._sentences: Final = sentences(self.language)
        self._zone: Final = zone

    def say(self, key: str, /, **values: SafeText | int) -> SafeText:
        """The sentence with its values filled in. Raises KeyError for an unknown key."""
        sentence = self._sentences[key]
        return fill(sentence, **values) if values else trusted(sentence)

    def each(self, key: str) -> list[SafeText]:
        """The parts of a sentence that is a list, between its commas."""
        return [safe_line(part) for part in self._sentences[key].split(",")]

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences

    def takes(self, key: str, place: str) -> bool:
        """Whether the sentence has this place to fill."""
        return f"{{{place}}}" in self._sentences[key]

    def refusal(self, code: str, who: str = "") -> SafeText:
        """Why the server refused, by its code; our own words, so that they are in one language.

        ``who``: whom the code speaks of, by name.
        """
        if who and f"refusal.{code}_by" in self._sentences:
            return self.say(f"refusal.{code}_by", who=safe_line(who))
        return self.say("refusal." + (code if f"refusal.{code}" in self._sentences else "other"))

    def customer(self, tag: SafeText) -> SafeText:
        """A customer who gave no name."""
        return self.say("list.customer", tag=tag)

    def points(self, hundredths: int, *, exact: bool = False) -> SafeText:
        """Points of load: "2.2", "3"; ``exact``: always with a decimal, "2.0"."""
        tenths = (hundredths + 5) // 10
        if not tenths % 10 and not exact:
            return fill("{n}", n=tenths // 10)
        return self.say("load.number", whole=tenths // 10, tenths=tenths % 10)

    def read_points(self, text: str) -> int | None:
        """Points somebody typed, "2.5" or "2,5", in hundredths; None if that is no number."""
        found = re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,2}))?", text.strip(), re.ASCII)
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None

    def decimal(self, value: float) -> SafeText:
        """A figure with at most one decimal."""
        tenths = round(value * 10)
        if tenths < 0:
            return trusted("-") + self.decimal(-value)
        if not tenths % 10:
            return fill("{n}", n=tenths // 10)
        return self.say("load.number", whole=tenths // 10, tenths=tenths % 10)

    def count(self, n: int) -> SafeText:
        """A small number in words: "two"; from ten on in digits."""
        words = self._sentences["load.counts"].split(",")
        return safe_line(words[n]) if n < len(words) else fill("{n}", n=n)

    def countdown(self, ms: int) -> SafeText:
        """Time left, exact below two minutes; what is over is "0s"."""
        return self.seconds(max(0, ms))

    def age(self, ms: int) -> SafeText:
        """A span of time, coarse: "now" below half a minute, then minutes, hours, days."""
        minutes = (ms + 30_000) // 60_000
        if minutes < 1:
            return self.say("time.now")
        if minutes < 60:
            return self.say("time.minutes", n=minutes)
        if minutes < 24 * 60:
            return self.say("time.hours", n=minutes // 60)
        return self.say("time.days", n=minutes // (24 * 60))

    def late(self, ms: int) -> SafeText:
        """How long something is over, the same wherever it is told: seconds, from a minute on coarse."""
        return self.say("time.seconds", n=round(ms / 1000)) if ms < 60_000 else self.age(ms)

    def seconds(self, ms: int) -> SafeText:
        """A short span, exact: "12s", above two minutes coarse."""
        return self.say("time.seconds", n=round(ms / 1000)) if ms < 120_000 else self.age(ms)

    def span(self, ms: int) -> SafeText:
        """A span of time exactly, as it is promised: "90 s", "3 min", "1 h 30 min", "2 d"."""
        seconds = -(-ms // 1000)
        minutes, rest = divmod(seconds, 60)
        if rest and seconds < 600:
            return self.say("time.span_seconds", n=seconds)
        if minutes < 60:
            return self.say("time.span_minutes", n=minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 24 or minutes or hours % 24:
            say = "time.span_hours_minutes" if minutes else "time.span_hours"
            return self.say(say, n=hours, m=minutes) if minutes else self.say(say, n=hours)
        return self.say("time.span_days", n=hours // 24)

    def clock(self, at_ms: int) -> SafeText:
        """The time of day, "14:02"."""
        return trusted(self._at(at_ms).strftime("%H:%M"))

    def when(self, at_ms: int, now_ms: int) -> SafeText:
        """A moment ahead: "16:30" today, "tomorrow 10:00", "Monday 10:00", "Friday 1 January 15:00"."""
        at, time = self._at(at_ms), self.clock(at_ms)
        ahead = at.toordinal() - self._at(now_ms).toordinal()
        if not ahead:
            return time
        if ahead == 1:
            return self.say("time.tomorrow", time=time)
        weekday = self._sentences["time.weekdays"].split(",")[at.weekday()]
        day = trusted(weekday) if 0 < ahead < _WEEK_DAYS else self.day(at_ms, now_ms)
        return self.say("time.on_day", day=day, time=time)

    def in_zone(self, zone: str) -> Words:
        """The same sentences by another clock, such as a shop's; an unknown zone is the person's own."""
        try:
            return Words(self.language, ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self

    def next_clock(self, now_ms: int, hour: int, minute: int) -> int:
        """The next moment at which the wall shows this time of day."""
        at = self._at(now_ms).replace(hour=hour, minute=minute, second=0, microsecond=0)
        if at <= self._at(now_ms):
            at += timedelta(days=1)
        return int(at.timestamp() * 1000)

    def midnight(self, at_ms: int, days: int = 0) -> int:
        """The beginning of that day, or of one so many days later."""
        at = self._at(at_ms).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
        return int(at.timestamp() * 1000)

    def status(self, status: str, reason: str, *, present: bool = True) -> SafeText:
        """Somebody's status: "away: lunch". The reasons everybody uses are translated."""
        if not present:
            return self.say("person.absent")
        text = self.say(f"person.{status}" if f"person.{status}" in self._sentences else "person.offline")
        if not reason:
            return text
        known = f"person.reason_{reason}"
        why = self.say(known) if known in self._sentences else safe_line(reason)
        return join(trusted(": "), [text, why])

    def day_number(self, at_ms: int) -> int:
        """A number that is the same for all times of one day."""
        return self._at(at_ms).toordinal()

    def day(self, at_ms: int, now_ms: int) -> SafeText:
        """The day in words: "Today", "Yesterday", "Sunday 22 November"."""
        at = self._at(at_ms)
        back = self._at(now_ms).toordinal() - at.toordinal()
        if back in (0, 1):
            return self.say("time.today" if back == 0 else "time.yesterday")
        return self.date(at_ms)

    def date(self, at_ms: int) -> SafeText:
        """The day whatever today is: "Sunday 22 November"."""
        at = self._at(at_ms)
        weekday = self._sentences["time.weekdays"].split(",")[at.weekday()]
        month = self._sentences["time.months"].split(",")[at.month - 1]
        return self.say("time.date", weekday=trusted(weekday), day=at.day, month=trusted(month))

    def _at(self, at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms / 1000, self._zone) if self._zone else _local(at_ms)


def _local(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000).astimezone()


#: Codes that mean a command of ours, so that every language has its sentence (tests check it).
REFUSALS: Final = frozenset(
    set(ERRORS)
    - {"bad_frame", "already_open", "bad_login", "bad_invite", "weak_password", "login_wait"}
    - {"shop_closed", "queue_full", "address_full", "blocked"}
)
