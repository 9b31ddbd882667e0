"""When a promise falls due: named times, closing days, daylight saving."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from supportterm.coach.hours import Hours
from supportterm.coach.promising import Clock, Found, Outside, contradicts, find, outside, resolve
from supportterm.coach.timetable import WEEKDAYS, week_of

ZONE = "Europe/Amsterdam"
OFFICE = Hours(
    ZONE,
    week_of({**dict.fromkeys(WEEKDAYS[:5], "9:00-17:30"), "sat": "10:00-14:00"}),
    {"2026-12-25": (), "2026-12-26": ()},
)
#: A Wednesday.
NOW = "2026-11-25 10:00"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


def wall(ms: int | None) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" if ms is not None else "none"


def due(text: str, now: str = NOW, lang: str = "nl", hours: Hours | None = OFFICE) -> str:
    found = find(text, lang)
    assert found is not None, text
    return wall(resolve(found, at(now), ZONE, hours))


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Ik ben over twee minuten bij u terug", "nl", "2026-11-25 10:02"),
        ("I'll get back to you within the hour", "en", "2026-11-25 11:00"),
        ("Ik mail u vanmiddag nog", "nl", "2026-11-25 17:00"),
        ("Ik mail u vandaag nog", "nl", "2026-11-25 17:30"),
        ("Ik mail u vanavond nog", "nl", "2026-11-25 22:00"),
        ("Ik bel u om half vijf terug", "nl", "2026-11-25 16:30"),
        ("Ik kom er voor vijf uur op terug", "nl", "2026-11-25 17:00"),
        ("Jeg vender tilbage inden halv fem", "da", "2026-11-25 16:30"),
        ("I'll call you back at half four", "en", "2026-11-25 16:30"),
        ("Ich rufe Sie um halb elf an", "de", "2026-11-25 10:30"),
        ("Je vous rappelle à 15 h 30", "fr", "2026-11-25 15:30"),
        ("Ik laat het u morgen weten", "nl", "2026-11-26 17:30"),
        ("We will let you know tomorrow before noon", "en", "2026-11-26 12:00"),
        ("Ik bel u maandagochtend", "nl", "2026-11-30 12:00"),
        ("Ik bel u zaterdagmiddag", "nl", "2026-11-28 14:00"),
        ("Ik bel u woensdag", "nl", "2026-12-02 17:30"),
        ("Ik bel u woensdag om 15:00", "nl", "2026-11-25 15:00"),
        ("Ik bel u woensdag om 9:00", "nl", "2026-12-02 09:00"),
        ("Ik bel u vrijdag 3 augustus", "nl", "2027-08-03 17:30"),
        ("Ik laat het u volgende week weten", "nl", "2026-12-05 14:00"),
        ("I'll call you next Monday", "en", "2026-11-30 17:30"),
        ("U krijgt binnen drie werkdagen antwoord van ons", "nl", "2026-11-28 14:00"),
        ("I'll let you know by the end of the day", "en", "2026-11-25 17:30"),
        ("Ik bel u voor middernacht", "nl", "2026-11-26 00:00"),
        ("Ich rufe Sie am 3.12. an", "de", "2026-12-03 17:30"),
        ("Ich rufe Sie am 03.12. an", "de", "2026-12-03 17:30"),
        ("Ich rufe Sie um 11.12 an", "de", "2026-11-25 11:12"),
        ("Jeg ringer til dig den 3.12.", "da", "2026-12-03 17:30"),
        ("Je vous appelle le 3", "fr", "2026-12-03 17:30"),
        ("I'll call you on the 27th", "en", "2026-11-27 17:30"),
        ("I'll call you on the 31st", "en", "2026-12-31 17:30"),
        ("Ik bel u op de 24e", "nl", "2026-12-24 17:30"),
        ("I'll call you at the weekend", "en", "2026-11-29 17:00"),
    ],
)
def test_on_a_working_morning(text: str, lang: str, expected: str) -> None:
    assert due(text, lang=lang) == expected


def test_tomorrow_is_the_next_opening_day() -> None:
    assert due("Ik laat het u morgen weten", "2026-11-28 13:00") == "2026-11-30 17:30"
    assert due("Ik laat het u morgen weten", "2026-12-24 10:00") == "2026-12-28 17:30"
    # Whoever says an hour means that very day; `outside` tells that nobody is there.
    assert due("Ik bel u morgen om 11:00", "2026-12-24 10:00") == "2026-12-25 11:00"


def test_an_hour_that_passed() -> None:
    assert due("Ik bel u om 15:30 terug", "2026-11-25 16:10") == "none"  # a slip
    assert due("Ik bel u om 9 uur terug", "2026-11-25 17:00") == "2026-11-26 09:00"
    assert due("Ik bel u om 10:00 terug", "2026-11-25 17:00") == "2026-11-26 10:00"
    assert due("Ik bel u vandaag om 10:00 terug", "2026-11-25 17:00") == "none"
    assert due("Ik mail u vanochtend nog", "2026-11-25 13:00") == "none"
    assert due("Ik mail u vanmiddag nog", "2026-11-25 17:10") == "2026-11-25 17:30"
    assert due("Ik mail u vandaag nog", "2026-11-25 18:00") == "none"


def test_the_half_of_the_day_is_the_one_the_shop_is_open_in() -> None:
    assert due("Ik bel u om 4 uur terug") == "2026-11-25 16:00"
    assert due("Ik bel u om 11 uur terug") == "2026-11-25 11:00"
    late = Hours(ZONE, week_of(dict.fromkeys(WEEKDAYS, "12:00-23:00")))
    assert due("Ik bel u om 9 uur terug", "2026-11-25 13:00", hours=late) == "2026-11-25 21:00"


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("morgen om half drie bel ik u", "nl", "14:30"),
        ("i morgen klokken halv tre er jeg tilbage", "da", "14:30"),
        ("tomorrow at 3 I'll be back", "en", "15:00"),
        ("I'll be back tomorrow at 3 am", "en", "03:00"),
        ("I'll be back tomorrow at 9", "en", "09:00"),
    ],
)
def test_nobody_means_the_night_where_the_shop_is_always_open(text: str, lang: str, expected: str) -> None:
    assert due(text, lang=lang, hours=None) == f"2026-11-26 {expected}"


def test_without_hours_a_day_has_an_end() -> None:
    assert due("Ik laat het u morgen weten", hours=None) == "2026-11-26 22:00"
    assert due("Ik laat het u vandaag weten", "2026-11-25 22:30", hours=None) == "2026-11-26 00:00"


def test_the_days_that_daylight_saving_changes() -> None:
    always = Hours(ZONE, week_of(dict.fromkeys(WEEKDAYS, "0:00-24:00")))
    # 29 March 2026: 2:00 to 3:00 is skipped. 25 October: it comes twice.
    before = find("Ik bel u om 02:30 terug", "nl")
    assert before is not None
    assert resolve(before, at("2026-03-29 01:00"), ZONE, always) == at("2026-03-29 03:00")
    assert due("Ik ben over 2 uur terug", "2026-03-29 01:30", hours=always) == "2026-03-29 04:30"
    assert due("Ik ben over 2 uur terug", "2026-10-25 01:30", hours=always) == "2026-10-25 02:30"
    assert due("Ik bel u om 12:00 terug", "2026-10-25 01:30", hours=always) == "2026-10-25 12:00"


def test_a_day_that_does_not_exist() -> None:
    assert resolve(Found("clock", 0, 1, "nl", clock=Clock("date", 31, 2)), at(NOW), ZONE, OFFICE) is None
    leap = resolve(Found("clock", 0, 1, "nl", clock=Clock("date", 29, 2)), at(NOW), ZONE, OFFICE)
    assert wall(leap) == "2028-02-29 17:30"


def test_what_is_absurd_never_falls_due() -> None:
    found = find("I'll be back in 900 hours", "en")
    assert found is not None
    assert resolve(found, at(NOW), ZONE, OFFICE) is None


def choices(
    at_: str, now: str = NOW, hours: Hours | None = OFFICE, shift: Hours | None = None
) -> tuple[str, str, str]:
    chosen = outside(at(at_), at(now), hours, shift)
    assert chosen is not None
    before, after = (wall(ms) if ms else "none" for ms in (chosen.before, chosen.after))
    return chosen.why, before, after


def test_closed_then() -> None:
    assert outside(at("2026-11-25 17:30"), at(NOW), OFFICE) is None
    assert outside(at("2026-11-26 09:00"), at(NOW), OFFICE) is None
    assert choices("2026-11-25 20:00") == ("closed", "2026-11-25 17:30", "2026-11-26 10:00")
    assert choices("2026-11-29 12:00", "2026-11-29 11:00") == ("closed", "none", "2026-11-30 10:00")
    assert choices("2026-12-25 11:00", "2026-12-24 18:00") == ("closed", "none", "2026-12-28 10:00")
    assert outside(at(NOW), at(NOW), Hours(ZONE, ((),) * 7)) == Outside("closed", 0, 0)
    short = Hours(ZONE, week_of({"thu": "9:00-9:30"}))
    assert choices("2026-11-25 20:00", hours=short) == ("closed", "none", "2026-11-26 09:30")


def shift(zone: str = ZONE, **days: str | list[str]) -> Hours:
    return Hours(zone, week_of(days))


def test_the_agent_has_gone_home_then() -> None:
    early = shift(wed="8:00-13:00", thu="8:00-13:00")
    assert outside(at("2026-11-25 13:00"), at(NOW), OFFICE, early) is None
    assert outside(at("2026-11-26 11:00"), at(NOW), OFFICE, early) is None
    # A colleague may be there.
    expected = ("off", "2026-11-25 13:00", "2026-11-26 10:00")
    assert choices("2026-11-25 16:00", shift=early) == expected
    # Nobody is.
    expected = ("closed", "2026-11-25 13:00", "2026-11-26 10:00")
    assert choices("2026-11-25 20:00", shift=early) == expected
    # A shift that goes on after closing, or is over already.
    late = shift(wed="9:00-19:00", fri="12:00-19:00")
    assert choices("2026-11-25 20:00", shift=late)[1:] == ("2026-11-25 17:30", "2026-11-27 13:00")
    over = shift(wed="8:00-9:30", thu="8:00-9:30")
    assert choices("2026-11-25 16:00", shift=over) == ("off", "none", "2026-11-26 09:30")


def test_who_is_away_for_lunch_comes_back_the_same_day() -> None:
    broken = shift(wed=["9:00-12:30", "13:30-17:30"])
    expected = ("off", "2026-11-25 12:30", "2026-11-25 14:30")
    assert choices("2026-11-25 13:00", shift=broken) == expected


def test_who_works_on_other_days_is_there_on_the_next_of_them() -> None:
    monday = shift(mon="9:00-17:00")
    assert choices("2026-11-25 16:00", shift=monday) == ("off", "none", "2026-11-30 10:00")
    # Christmas falls on the only day they work: a week later.
    friday = shift(fri="9:00-17:00")
    assert choices("2026-12-23 16:00", "2026-12-23 10:00", shift=friday)[2] == "2027-01-01 10:00"


def test_the_agents_clock_may_be_another() -> None:
    # 9:00 to 17:00 in New York is 15:00 to 23:00 here.
    there = shift("America/New_York", wed="9:00-17:00", thu="9:00-17:00")
    assert outside(at("2026-11-25 16:00"), at(NOW), OFFICE, there) is None
    assert choices("2026-11-25 12:00", shift=there) == ("off", "none", "2026-11-25 16:00")


def test_who_never_works_while_the_shop_is_open_is_offered_no_time() -> None:
    night = shift(wed="0:00-6:00", thu="0:00-6:00")
    assert choices("2026-11-25 16:00", shift=night) == ("off", "none", "none")


def test_a_shop_that_is_open_all_night_is_awake_at_ten() -> None:
    always = Hours(ZONE, week_of(dict.fromkeys(WEEKDAYS, "0:00-24:00")))
    late = shift(wed="9:00-23:00", thu="0:00-24:00")
    expected = ("off", "2026-11-25 23:00", "2026-11-26 10:00")
    assert choices("2026-11-25 23:30", hours=always, shift=late) == expected
    assert choices("2026-11-25 23:30", hours=None, shift=late)[1] == "2026-11-25 23:00"
    assert outside(at("2026-11-25 23:30"), at(NOW), None) is None


@pytest.mark.parametrize(
    ("text", "lang", "wrong"),
    [
        ("Ik bel u vrijdag 4 december", "nl", False),
        ("Ik bel u maandag 4 december", "nl", True),
        ("I'll call you on Thursday 4 December", "en", True),
        ("Jeg ringer til dig fredag den 4. december", "da", False),
        ("Ich rufe Sie am Montag, 4. Dezember an", "de", True),
        ("Ich rufe Sie am Freitag, den 4. Dezember an", "de", False),
        ("Ich rufe Sie am Montag, den 4.12. an", "de", True),
        ("Ik bel u vrijdag", "nl", False),
        ("Ik bel u 4 december", "nl", False),
    ],
)
def test_a_weekday_beside_another_days_date(text: str, lang: str, wrong: bool) -> None:
    found = find(text, lang)
    assert found is not None, text
    due_at = resolve(found, at(NOW), ZONE, OFFICE)
    assert due_at is not None
    assert contradicts(found, due_at, ZONE) is wrong
