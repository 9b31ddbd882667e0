"""What may be asked, and every mistake as a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from server.reports.asking import BadQuestion, question, scope_of
from server.settings import Settings, parse

from .desk import DAY, NINE, scope

DAY_MS = 86_400_000
MIDNIGHT = NINE - 9 * 3_600_000


def ask(practice: frozenset[str] = frozenset(), **asked: Any) -> Any:
    return question(scope(practice=practice), NINE, **asked)


def test_the_last_seven_days_if_nobody_says_otherwise() -> None:
    asked = ask()
    assert (asked.since, asked.until) == (MIDNIGHT - 6 * DAY_MS, MIDNIGHT + DAY_MS)
    assert (asked.desks, asked.zone, asked.by, asked.target) == (("main", "other"), "UTC", "", 60)
    # Six days before the last one, whichever that is.
    assert ask(until="2026-02-20").since == MIDNIGHT - 16 * DAY_MS


def test_days_begin_in_the_shops_zone_and_the_last_one_counts() -> None:
    asked = ask(since=DAY, until=DAY, desk="other")
    assert asked.zone == "Europe/Oslo"
    assert (asked.since, asked.until) == (MIDNIGHT - 3_600_000, MIDNIGHT - 3_600_000 + DAY_MS)
    # The clocks go forward on 29 March: that day has 23 hours.
    spring = ask(since="2026-03-29", until="2026-03-29", zone="Europe/Amsterdam")
    assert spring.until - spring.since == 23 * 3_600_000


def test_moments_are_taken_as_they_are() -> None:
    asked = ask(since=0, until=2**53 - 1)
    assert asked.since == 0
    assert asked.until < 2**53
    assert (ask(since=5, until=6).since, ask(since=5, until=6).until) == (5, 6)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"since": "2026-03-02", "until": "2026-03-01"},
            "would end before it begins (2026-03-02 to 2026-03-01)",
        ),
        ({"since": 7, "until": 7}, "would end before it begins"),
        ({"since": 2**53 - 1, "until": 2**53 - 1}, "would end before it begins"),
        ({"since": "yesterday"}, "`--since yesterday` is no day: write it as 2026-03-31."),
        ({"until": "2026-02-30"}, "`--until 2026-02-30` is no day"),
        ({"since": "1999-01-01"}, "more than ten years"),
        ({"since": "0001-01-01"}, "`--since 0001-01-01` is long before"),
        ({"until": "0001-01-01"}, "`--until 0001-01-01` is long before"),
        ({"until": "9999-12-31", "since": "9999-12-31"}, "would end before it begins"),
        ({"by": "moon"}, "A report cannot be by `moon`: use one of day, hour, shop, language, agent."),
        ({"desk": "mian"}, "There is no desk `mian`: there are main, other."),
        ({"shop": "acne"}, "There is no shop `acne`: there are acme, nord, oslo."),
        ({"shop": "oslo", "desk": "main"}, "belongs to the desk `other`, not to `main`"),
        ({"zone": "Mars/Base"}, "There is no time zone `Mars/Base`"),
        ({"zone": "../../etc/passwd"}, "There is no time zone"),
        ({"target": 0}, "The target is 0: it must be from 1 to 86400 seconds."),
    ],
)
def test_mistakes_are_sentences(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(BadQuestion) as raised:
        ask(**asked)
    assert said in str(raised.value)


def test_practice_is_told_apart() -> None:
    assert ask(frozenset({"other"})).desks == ("main",)
    for asked in ({"desk": "other"}, {"shop": "oslo"}):
        with pytest.raises(BadQuestion, match="practice stays out of all figures: there is main"):
            ask(frozenset({"other"}), **asked)
    with pytest.raises(BadQuestion, match="only practice desks"):
        ask(frozenset({"main", "other"}))


def settings_of(text: str, tmp_path: Any) -> Settings:
    return parse(text, tmp_path / "supportterm.toml")


def test_what_the_settings_say(tmp_path: Any) -> None:
    found = scope_of(
        settings_of(
            '[desk.main]\n[desk.play]\npractice = true\n[shop.acme]\ndesk = "main"\n'
            'time_zone = "Europe/Amsterdam"\n[shop.demo]\ndesk = "play"\n',
            tmp_path,
        )
    )
    assert found.practice == {"play"}
    assert found.shops == {"acme": "main", "demo": "play"}
    assert found.zones["acme"] == "Europe/Amsterdam"
    assert found.of("main") == ["acme"]
