"""Opening hours: midnight, weeks, exceptions, and what daylight saving does to them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportterm.coach.hours import ALL_DAY, ALWAYS, DAY, Hours, Span, Week, after_open_time, day_ends_at
from supportterm.coach.timetable import WEEKDAYS, BadHours, day_of, shifts_of, span_of, week_of, written

AMSTERDAM = "Europe/Amsterdam"
COPENHAGEN = "Europe/Copenhagen"
MINUTE = 60_000
HOUR = 60 * MINUTE
OFFICE = week_of(dict.fromkeys(WEEKDAYS[:5], "9:00-17:00"))
NEVER: Week = ((),) * 7


def at(text: str, zone: str = AMSTERDAM, fold: int = 0) -> int:
    """ "2026-03-02 9:00" on the wall, as a moment."""
    day, time = text.split()
    hour, minute = map(int, time.split(":"))
    wall = datetime.fromisoformat(day).replace(hour=hour, minute=minute, fold=fold, tzinfo=ZoneInfo(zone))
    return int(wall.timestamp() * 1000)


def test_a_week() -> None:
    hours = Hours(AMSTERDAM, OFFICE)
    monday = at("2026-03-02 9:00")
    assert not hours.is_open(monday - 1)
    assert hours.is_open(monday)
    assert hours.opens_at(monday - 1) == monday
    assert hours.opens_at(monday) == monday
    assert hours.closes_at(monday) == at("2026-03-02 17:00")
    assert not hours.is_open(at("2026-03-02 17:00"))
    assert hours.closes_at(at("2026-03-02 17:00")) == 0
    assert hours.changes_at(at("2026-03-02 17:00")) == at("2026-03-03 9:00")
    assert hours.opens_at(at("2026-03-06 18:00")) == at("2026-03-09 9:00")


def test_once_a_week_is_found_a_week_later() -> None:
    hours = Hours(AMSTERDAM, week_of({"mon": "9:00-10:00"}))
    assert hours.opens_at(at("2026-03-02 12:00")) == at("2026-03-09 9:00")


def test_always_and_never_do_not_change() -> None:
    always, never = Hours(AMSTERDAM, ALWAYS), Hours(AMSTERDAM, NEVER)
    now = at("2026-03-02 12:00")
    assert always.is_open(now)
    assert (always.changes_at(now), always.closes_at(now), always.opens_at(now)) == (0, 0, now)
    assert not never.is_open(now)
    assert (never.changes_at(now), never.closes_at(now), never.opens_at(now)) == (0, 0, 0)


def test_always_in_two_halves_is_always() -> None:
    hours = Hours(AMSTERDAM, (((0, 720), (720, DAY)),) * 7)
    assert hours.changes_at(at("2026-03-02 12:00")) == 0


def test_spans_that_touch_over_midnight_are_one() -> None:
    hours = Hours(AMSTERDAM, week_of({"fri": "18:00-24:00", "sat": ["0:00-2:00", "18:00-24:00"]}))
    assert hours.closes_at(at("2026-03-06 20:00")) == at("2026-03-07 2:00")
    assert hours.closes_at(at("2026-03-07 1:00")) == at("2026-03-07 2:00")
    assert hours.closes_at(at("2026-03-07 20:00")) == at("2026-03-08 0:00")


def test_a_closed_day() -> None:
    hours = Hours(AMSTERDAM, OFFICE, {"2026-12-25": ()})
    assert not hours.is_open(at("2026-12-25 12:00"))
    assert hours.opens_at(at("2026-12-24 17:00")) == at("2026-12-28 9:00")


def test_another_days_hours() -> None:
    hours = Hours(
        AMSTERDAM, OFFICE, {"2026-12-24": day_of("9:00-13:00"), "2026-12-26": day_of("10:00-12:00")}
    )
    assert hours.closes_at(at("2026-12-24 9:00")) == at("2026-12-24 13:00")
    assert hours.opens_at(at("2026-12-25 17:00")) == at("2026-12-26 10:00")


def test_always_but_for_one_day_far_away() -> None:
    hours = Hours(AMSTERDAM, ALWAYS, {"2027-12-25": ()})
    now = at("2026-03-02 12:00")
    assert hours.closes_at(now) == at("2027-12-25 0:00")
    assert hours.opens_at(at("2027-12-25 3:00")) == at("2027-12-26 0:00")
    assert hours.changes_at(at("2027-12-26 3:00")) == 0


def test_closed_for_a_season() -> None:
    day, closed = date(2026, 10, 1), {}
    while day < date(2027, 3, 1):
        closed[day.isoformat()] = ()
        day += timedelta(days=1)
    hours = Hours(COPENHAGEN, OFFICE, closed)
    assert hours.opens_at(at("2026-10-01 0:00", COPENHAGEN)) == at("2027-03-01 9:00", COPENHAGEN)


def test_open_on_one_day_only() -> None:
    hours = Hours(AMSTERDAM, NEVER, {"2027-05-01": ALL_DAY})
    assert hours.opens_at(at("2026-03-02 12:00")) == at("2027-05-01 0:00")
    assert hours.closes_at(at("2027-05-01 0:00")) == at("2027-05-02 0:00")
    assert hours.changes_at(at("2027-05-02 0:00")) == 0


@pytest.mark.parametrize("zone", [AMSTERDAM, COPENHAGEN])
class TestDaylightSaving:
    """29 March 2026: 2:00 becomes 3:00. 25 October 2026: 3:00 becomes 2:00."""

    def test_opening_follows_the_wall(self, zone: str) -> None:
        hours = Hours(zone, week_of(dict.fromkeys(WEEKDAYS, "9:00-17:00")))
        for day, before, length in (("2026-03-29", "2026-03-28", 15), ("2026-10-25", "2026-10-24", 17)):
            closed, opens = at(f"{before} 17:00", zone), at(f"{day} 9:00", zone)
            assert hours.opens_at(closed) == opens
            assert opens - closed == length * HOUR

    def test_a_night_is_shorter_or_longer(self, zone: str) -> None:
        hours = Hours(zone, week_of(dict.fromkeys(WEEKDAYS, "1:00-4:00")))
        for day, length in (("2026-03-29", 2), ("2026-10-25", 4), ("2026-10-26", 3)):
            opens = at(f"{day} 1:00", zone)
            assert hours.closes_at(opens) - opens == length * HOUR

    def test_a_time_that_is_skipped_is_the_skip(self, zone: str) -> None:
        skip = at("2026-03-29 3:00", zone)
        assert Hours(zone, week_of({"sun": "2:30-5:00"})).opens_at(skip - 1) == skip
        closing = Hours(zone, week_of({"sun": "1:00-2:30"}))
        assert closing.closes_at(skip - 1) == skip
        inside = Hours(zone, week_of({"sun": "2:15-2:45"}))
        assert not inside.is_open(skip)
        assert inside.opens_at(skip) == at("2026-04-05 2:15", zone)

    def test_of_a_time_that_comes_twice_the_first_counts(self, zone: str) -> None:
        first, second = at("2026-10-25 2:30", zone), at("2026-10-25 2:30", zone, fold=1)
        assert second - first == HOUR
        assert Hours(zone, week_of({"sun": "2:30-5:00"})).opens_at(first - 1) == first
        ends = Hours(zone, week_of({"sun": "1:00-2:30"}))
        assert ends.closes_at(first - 1) == first
        assert not ends.is_open(second - 1)

    def test_all_day_is_all_of_it(self, zone: str) -> None:
        for day, length in (("2026-03-29", 23), ("2026-10-25", 25)):
            hours = Hours(zone, NEVER, {day: ALL_DAY})
            opens = at(f"{day} 0:00", zone)
            assert hours.closes_at(opens) - opens == length * HOUR

    def test_always_open_does_not_notice(self, zone: str) -> None:
        assert Hours(zone, ALWAYS).changes_at(at("2026-03-29 1:30", zone)) == 0


def test_a_day_that_a_zone_left_out() -> None:
    """Samoa went from Thursday 29 to Saturday 31 December 2011."""
    hours = Hours("Pacific/Apia", week_of(dict.fromkeys(WEEKDAYS, "9:00-17:00")))
    thursday = at("2011-12-29 17:00", "Pacific/Apia")
    assert hours.opens_at(thursday) == at("2011-12-31 9:00", "Pacific/Apia") == thursday + 16 * HOUR


def test_open_time_passes_while_it_is_open() -> None:
    hours = Hours(AMSTERDAM, OFFICE, {"2026-03-10": ()})
    assert after_open_time(hours, at("2026-03-09 10:00"), 4 * HOUR) == at("2026-03-09 14:00")
    assert after_open_time(hours, at("2026-03-09 15:00"), 4 * HOUR) == at("2026-03-11 11:00")
    assert after_open_time(hours, at("2026-03-09 15:00"), 2 * HOUR) == at("2026-03-09 17:00")
    assert after_open_time(hours, at("2026-03-07 3:00"), 9 * HOUR) == at("2026-03-11 10:00")
    now = at("2026-03-09 15:00")
    assert after_open_time(Hours(AMSTERDAM, ALWAYS), now, 4 * HOUR) == now + 4 * HOUR
    assert after_open_time(Hours(AMSTERDAM, NEVER), now, 4 * HOUR) == now + 4 * HOUR

    assert after_open_time(None, now, 4 * HOUR) == now + 4 * HOUR


def test_a_day_ends_at_midnight() -> None:
    assert day_ends_at(AMSTERDAM, at("2026-03-28 23:59")) == at("2026-03-29 0:00")
    midnight = at("2026-10-25 0:00")
    assert day_ends_at(AMSTERDAM, midnight) == midnight + 25 * HOUR


def test_a_skills_hours_lie_within_the_shops() -> None:
    hours = Hours(AMSTERDAM, OFFICE, {"2026-03-03": (), "2026-03-04": day_of("8:00-20:00")})
    skill = hours.within(week_of({"mon": "12:00-20:00", "tue": "9:00-12:00", "wed": "7:00-9:00"}))
    assert skill.week[0] == ((720, 1020),)
    assert skill.week[3] == ()
    assert not skill.is_open(at("2026-03-03 10:00"))
    assert skill.opens_at(at("2026-03-03 10:00")) == at("2026-03-04 8:00")


# --- against walking through every minute ---------------------------------------------------------

spans = st.lists(st.integers(0, DAY), min_size=0, max_size=4, unique=True).map(
    lambda ends: tuple(pair for at, pair in enumerate(pairwise(sorted(ends))) if at % 2 == 0)
)
days = st.one_of(spans, st.just(ALL_DAY), st.just(()))
zones = st.sampled_from([AMSTERDAM, COPENHAGEN, "UTC", "Australia/Lord_Howe", "America/Havana"])
#: Around the changes of clocks in spring and autumn, and in between.
starts = st.sampled_from([date(2026, 3, 6), date(2026, 3, 27), date(2026, 10, 23), date(2026, 10, 30)])


@st.composite
def some_hours(draw: st.DrawFn) -> tuple[Hours, int]:
    """Hours, and a moment within three days of a day that may be an exception."""
    start = draw(starts)
    week = draw(
        st.one_of(st.lists(days, min_size=7, max_size=7).map(tuple), days.map(lambda day: (day,) * 7))
    )
    exceptions = draw(
        st.dictionaries(
            st.integers(0, 9).map(lambda n: (start + timedelta(days=n)).isoformat()), days, max_size=3
        )
    )
    zone = draw(zones)
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    return Hours(zone, week, exceptions), int(midnight.timestamp()) * 1000 + draw(
        st.integers(0, 3 * DAY)
    ) * MINUTE


def walked(hours: Hours, moment: int) -> bool:
    """What the wall says: while it shows an hour for the second time, what held at that hour's end holds."""
    wall = datetime.fromtimestamp(moment / 1000, ZoneInfo(hours.zone))
    while wall.fold:
        moment += MINUTE
        later = datetime.fromtimestamp(moment / 1000, ZoneInfo(hours.zone))
        if not later.fold:
            wall = wall.replace(fold=0)
            break
        wall = later
    day = hours.exceptions.get(wall.date().isoformat(), hours.week[wall.weekday()])
    minute = wall.hour * 60 + wall.minute
    return any(start <= minute < end for start, end in day)


@settings(max_examples=60, deadline=None)
@given(some_hours())
def test_as_a_walk_through_every_minute_says(case: tuple[Hours, int]) -> None:
    hours, now = case
    changes = hours.changes_at(now)
    before = hours.is_open(now)
    for minute in range(11 * DAY):
        moment = now + minute * MINUTE
        is_open = walked(hours, moment)
        assert hours.is_open(moment) == is_open, datetime.fromtimestamp(moment / 1000, ZoneInfo(hours.zone))
        if is_open != before:
            assert changes == moment
            return
    assert not changes or changes > now + 11 * DAY * MINUTE


@given(some_hours())
def test_nothing_changes_before_the_change(case: tuple[Hours, int]) -> None:
    hours, now = case
    before, changes = hours.is_open(now), hours.changes_at(now)
    if not changes:
        assert all(hours.is_open(now + n * 7 * HOUR) == before for n in range(60))
        return
    assert changes > now
    assert hours.is_open(changes) != before
    assert hours.is_open(changes - 1) == before
    steps = (changes - now) // 50 or 1
    assert all(hours.is_open(moment) == before for moment in range(now, changes, steps))


# --- as people write them ------------------------------------------------------------------------


def test_written_hours() -> None:
    assert span_of("9:00-17:30") == (540, 1050)
    assert span_of(" 09:00 – 24:00 ") == (540, DAY)
    assert day_of(["13:00-17:30", "9:00-12:30"]) == ((540, 750), (780, 1050))
    assert day_of(["9:00-12:00", "12:00-17:00"]) == ((540, 1020),)
    assert day_of([]) == ()
    assert week_of({"sun": "0:00-24:00"}) == ((),) * 6 + (ALL_DAY,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9-17", 'has "9-17": did you mean "9:00-17:00"?'),
        ("9.00-17.30", 'has "9.00-17.30": did you mean "9:00-17:30"?'),
        ("closed", 'has "closed": write a span such as "9:00-17:30".'),
        ("17-9", 'has "17-9": write a span such as "9:00-17:30".'),
        ("9:00-24:30", 'has "9:00-24:30", but 24:30 is no time: a day is 0:00 to 24:00.'),
        ("9:60-12:00", 'has "9:60-12:00", but 9:60 is no time: a day is 0:00 to 24:00.'),
        ("9:00-9:00", 'has "9:00-9:00", which ends when it begins: all day is "0:00-24:00".'),
        (
            "22:00-2:00",
            'has "22:00-2:00", which ends before it begins: over midnight, write "22:00-24:00" here'
            ' and "0:00-2:00" on the next day.',
        ),
        ("9:00-0:00", 'has "9:00-0:00": the end of the day is written "24:00".'),
        ("٩:00-17:00", 'has "٩:00-17:00": write a span such as "9:00-17:30".'),
    ],
)
def test_what_is_no_span_is_told(text: str, said: str) -> None:
    with pytest.raises(BadHours) as bad:
        day_of(text)
    assert str(bad.value) == said


def test_spans_that_overlap_are_told() -> None:
    with pytest.raises(BadHours, match='has "9:00-13:00" and "12:00-17:00", which overlap'):
        day_of(["12:00-17:00", "9:00-13:00"])


@given(st.integers(0, DAY), st.integers(0, DAY))
def test_what_is_written_is_read(one: int, other: int) -> None:
    span: Span = (min(one, other), max(one, other))
    if one != other:
        assert span_of(written(span)) == span


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading(text: str) -> None:
    with suppress(BadHours):
        start, end = span_of(text)
        assert 0 <= start < end <= DAY


def test_shifts() -> None:
    assert shifts_of([]) == ((),) * 7
    day, short = ((9 * 60, 17 * 60),), ((10 * 60, 14 * 60),)
    assert shifts_of(["mon-wed 9:00-17:00", "sat,sun 10:00-14:00"]) == (day, day, day, (), (), short, short)
    assert shifts_of(["Sat-Mon 10:00 - 14:00"]) == (short, (), (), (), (), short, short)
    broken = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
    assert shifts_of(["tue 13:00-17:00", "tue 9:00-12:00"])[1] == broken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9:00-17:00", 'The shift "9:00-17:00" cannot be read'),
        ("monday", 'The shift "monday" cannot be read'),
        ("monday 9:00-17:00", 'has the day "monday": write one of mon, tue, wed, thu, fri, sat, sun.'),
        ("mon-fri-sun 9:00-17:00", 'The shift "mon-fri-sun 9:00-17:00" has the days "mon-fri-sun"'),
        ("mon 9-17", 'A shift has "9-17": did you mean "9:00-17:00"?'),
        ("mon 22:00-6:00", "ends before it begins: over midnight"),
    ],
)
def test_shifts_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(BadHours) as bad:
        shifts_of([text])
    assert said in str(bad.value)
