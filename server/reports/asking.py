"""What is asked of a report, checked: every mistake is a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from server.desk.rules import Rules
from server.reports.columns import BY, TARGET_SECONDS, WHAT, By, What
from server.rules_of import rules_of
from server.settings import Settings
from server.settings.reasons import Reason

#: Days that a report shows if nobody says otherwise, today among them.
USUAL_DAYS: Final = 7
_MOST_DAYS: Final = 3_660
#: The year 9999: calendars know no later moment.
_FIRST_YEAR: Final = 1970
_END_OF_TIME: Final = 253_370_764_800_000


class BadQuestion(Exception):
    """The message is a sentence for who asked."""


class Scope(Struct, frozen=True):
    """What the settings say: rules by desk; desk, time zone, reasons and languages by shop; practice desks
    are in no figure."""

    rules: Mapping[str, Rules]
    practice: frozenset[str]
    shops: Mapping[str, str]
    zones: Mapping[str, str]
    reasons: Mapping[str, Sequence[Reason]] = {}
    languages: Mapping[str, Sequence[str]] = {}

    def of(self, desk: str) -> list[str]:
        """A desk's shops."""
        return [shop for shop, at in self.shops.items() if at == desk]


class Question(Struct, frozen=True):
    """``since`` to before ``until`` in ms; ``desk`` and ``shop`` "": all; ``target`` in seconds.

    ``lang``: in which the shops' own words are wanted, "": in each shop's first one.
    """

    since: int
    until: int
    by: By
    desks: tuple[str, ...]
    shop: str
    zone: str
    target: int = TARGET_SECONDS
    what: What = "service"
    lang: str = ""


def scope_of(settings: Settings) -> Scope:
    """The settings' part of a report."""
    rules = {desk: rules_of(settings, desk) for desk in settings.desks}
    zones: dict[str, str] = {}
    for key, shop in settings.shops.items():
        hours = rules[shop.desk].shop(key).hours
        zones[key] = getattr(shop, "time_zone", "") or (hours.zone if hours is not None else "UTC")
    return Scope(
        rules,
        frozenset(name for name, desk in settings.desks.items() if desk.practice),
        {key: shop.desk for key, shop in settings.shops.items()},
        zones,
        {key: shop.reason for key, shop in settings.shops.items()},
        {key: shop.languages for key, shop in settings.shops.items()},
    )


def question(
    scope: Scope,
    now: int,
    *,
    since: str | int = "",
    until: str | int = "",
    by: str = "",
    desk: str = "",
    shop: str = "",
    target: int = TARGET_SECONDS,
    zone: str = "",
    what: str = "service",
    lang: str = "",
) -> Question:
    """Check what is asked: days as "2026-03-01", the last one included, or moments in ms since 1970.

    Without days: the last seven. ``zone`` "": the shops' own, or the first one's. Raises `BadQuestion`.
    """
    desks = _desks(scope, desk, shop)
    there = _zone(scope, desks, shop, zone)
    today = datetime.fromtimestamp(now / 1000, there).date()
    last = _end(until, there, today)
    if since == "":
        day = datetime.fromtimestamp((last - 1) / 1000, there).date()
        first = _begin(day - timedelta(days=USUAL_DAYS - 1), there)
    else:
        first = min(since, _END_OF_TIME) if isinstance(since, int) else _begin(_day("since", since), there)
    if first >= last:
        raise BadQuestion(
            f"The report would end before it begins ({_shown(first, there)} to {_shown(last - 1, there)}):"
            " let --until be the same day as --since, or a later one."
        )
    if isinstance(since, str) and last - first > _MOST_DAYS * 86_400_000:
        raise BadQuestion("That are more than ten years: ask for a shorter time.")
    if by not in ("", *BY):
        raise BadQuestion(f"A report cannot be by `{by}`: use one of {', '.join(BY)}.")
    if not 1 <= target <= 86_400:
        raise BadQuestion(f"The target is {target}: it must be from 1 to 86400 seconds.")
    if what not in WHAT:
        raise BadQuestion(f"There is no report `{what}`: there are {', '.join(WHAT)}.")
    return Question(first, last, by, desks, shop, there.key, target, what, lang)


def _desks(scope: Scope, desk: str, shop: str) -> tuple[str, ...]:
    real = [name for name in scope.rules if name not in scope.practice]
    have = ", ".join(real)
    if shop and shop not in scope.shops:
        raise BadQuestion(f"There is no shop `{shop}`: there are {', '.join(scope.shops)}.")
    if desk and desk not in scope.rules:
        raise BadQuestion(f"There is no desk `{desk}`: there are {', '.join(scope.rules)}.")
    if shop and desk and scope.shops[shop] != desk:
        raise BadQuestion(
            f"The shop `{shop}` belongs to the desk `{scope.shops[shop]}`, not to `{desk}`: leave one out."
        )
    desk = desk or (scope.shops[shop] if shop else "")
    if desk in scope.practice:
        rest = f": there {'is' if len(real) == 1 else 'are'} {have}." if have else "."
        raise BadQuestion(f"`{desk}` is a practice desk, and practice stays out of all figures{rest}")
    if not real:
        raise BadQuestion("There are only practice desks, and practice stays out of all figures.")
    return (desk,) if desk else tuple(real)


def _zone(scope: Scope, desks: tuple[str, ...], shop: str, zone: str) -> ZoneInfo:
    usual = [shop] if shop else [key for desk in desks for key in scope.of(desk)]
    name = zone or next((scope.zones[key] for key in usual), "UTC")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BadQuestion(
            f"There is no time zone `{name}`: write one such as `Europe/Amsterdam` or `UTC`."
        ) from None


def _day(option: Literal["since", "until"], text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(f"`--{option} {text}` is no day: write it as 2026-03-31.") from None
    if day.year < _FIRST_YEAR:
        raise BadQuestion(f"`--{option} {text}` is long before the first chat: name a later day.")
    return day


def _begin(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).astimezone(UTC).timestamp() * 1000)


def _end(until: str | int, zone: ZoneInfo, today: date) -> int:
    if isinstance(until, int):
        return min(until, _END_OF_TIME)
    day = _day("until", until) if until else today
    return _begin(day + timedelta(days=1), zone) if day < date.max else _begin(day, zone)


def _shown(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at / 1000, zone):%Y-%m-%d}"
