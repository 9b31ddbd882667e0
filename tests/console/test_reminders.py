"""When an agent is reminded of a promise: rarely, once, and not again after a restart."""

from __future__ import annotations

from datetime import UTC

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from supportterm.console.promised import left
from supportterm.console.reminders import KEPT_MS, SHORT_MS, Turn, given_at, reminders, turn
from supportterm.console.words import Words
from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import Journal

from .promising import promised
from .server import MINUTE, NOON, beginning
from .test_inbox import hold

SECOND = 1_000


def log_with(given: int, due: int, *, extended: int = 0) -> ChatLog:
    """A chat whose promise was given at one moment for another, and extended later on."""
    journal = Journal("agent")
    events = [*beginning("c", given - MINUTE), promised("c", 4, given, due, pub=3)]
    if extended:
        events.append(promised("c", 5, extended, due, pub=4, kind="promise_extended"))
    hold(journal, "c", events, promise_due=due, promise_at=extended or given)
    return journal.chats["c"]


def through(log: ChatLog, since: int, until: int, told: dict[str, int], step: int = SECOND) -> list[Turn]:
    """What every second brings."""
    found = []
    for now in range(since, until, step):
        this = turn([log], told, now)
        told.clear()
        told.update(this.told)
        if this.due:
            found.append(this)
    return found


def test_a_short_promise_reminds_once_with_a_quarter_left() -> None:
    log = log_with(NOON, NOON + 2 * MINUTE)
    (one,) = through(log, NOON, NOON + 3 * MINUTE, {})
    assert [(each.kind, each.at) for each in one.due] == [("last", NOON + 90 * SECOND)]


def test_a_long_one_says_half_on_its_row_and_rings_a_minute_before() -> None:
    log = log_with(NOON, NOON + 10 * MINUTE)
    found = [
        (each.kind, each.at - NOON) for one in through(log, NOON, NOON + 11 * MINUTE, {}) for each in one.due
    ]
    assert found == [("half", 5 * MINUTE), ("last", 9 * MINUTE)]


def test_a_clock_that_is_set_moves_the_reminders_with_the_promise() -> None:
    for by in (-2 * 60 * MINUTE, -8 * MINUTE, 60 * MINUTE):
        log = log_with(NOON, NOON + 10 * MINUTE)
        assert log.head is not None
        log.head = msgspec.structs.replace(
            log.head, promise_due=log.head.promise_due + by, promise_at=log.head.promise_at + by
        )
        found = [(one.kind, one.due - one.at) for one in reminders(log)]
        assert found == [("half", 5 * MINUTE), ("last", MINUTE)]


def test_five_minutes_are_a_long_one() -> None:
    assert [one.kind for one in reminders(log_with(NOON, NOON + SHORT_MS))] == ["half", "last"]
    assert [one.kind for one in reminders(log_with(NOON, NOON + SHORT_MS - 1))] == ["last"]


def test_more_time_is_a_new_promise_to_be_reminded_of() -> None:
    told: dict[str, int] = {}
    assert len(through(log_with(NOON, NOON + 2 * MINUTE), NOON, NOON + 100 * SECOND, told)) == 1
    more = log_with(NOON, NOON + 4 * MINUTE, extended=NOON + 100 * SECOND)
    assert given_at(more) == NOON + 100 * SECOND
    (one,) = through(more, NOON + 100 * SECOND, NOON + 5 * MINUTE, told)
    assert one.due[0].at == NOON + 4 * MINUTE - 35 * SECOND


@given(
    st.integers(30, 8 * 3600),
    st.lists(st.integers(0, 9 * 3600), max_size=6).map(sorted),
    st.integers(-3600, 3600),
)
def test_each_comes_once_however_often_the_console_looks_and_whatever_the_clock_does(
    span: int, looks: list[int], step: int
) -> None:
    log = log_with(NOON, NOON + span * SECOND)
    told: dict[str, int] = {}
    keys: list[str] = []
    for n, look in enumerate(looks):
        # Half way through the server's clock is set, and all deadlines with it.
        moved = step * SECOND if n > len(looks) // 2 else 0
        if moved and log.head is not None:
            log = log_with(NOON, NOON + span * SECOND + moved)
        now = NOON + look * SECOND + moved
        this = turn([log], told, now)
        told = dict(this.told)
        keys += [one.key for one in this.due]
        for one in this.due:
            assert one.at <= now < one.due
        assert not this.next_at or this.next_at > now
    assert len(keys) == len(set(keys))


def test_what_was_missed_comes_late_but_never_after_the_deadline() -> None:
    log = log_with(NOON, NOON + 10 * MINUTE)
    (one,) = turn([log], {}, NOON + 9 * MINUTE + 20 * SECOND).due
    assert one.kind == "last"
    assert turn([log], {}, NOON + 10 * MINUTE).due == []


def test_what_was_told_is_forgotten_a_day_later() -> None:
    told = turn([log_with(NOON, NOON + 2 * MINUTE)], {}, NOON + 100 * SECOND).told
    assert len(told) == 1
    assert turn([], told, NOON + KEPT_MS).told == told
    assert turn([], told, NOON + 2 * MINUTE + KEPT_MS).told == {}


def test_what_is_left_is_said_as_exactly_as_it_matters() -> None:
    words = Words("en", UTC)
    at = (1, 1_000, 59_001, 60_000, 61_000, 120_000, 3_541_000, 3_601_000, 20 * 60 * MINUTE, 50 * 60 * MINUTE)
    said = ["1s", "1s", "60s", "60s", "2m", "2m", "60m", "15:00", "20h", "2d"]
    assert [left(words, NOON + ms, NOON) for ms in at] == said
    # What was just given is what was said, though it came to the server a moment later.
    assert [left(words, NOON + n * MINUTE + 999, NOON) for n in (1, 3, 60)] == ["1m", "3m", "60m"]
    assert left(words, NOON, NOON + 5) == "0s"
