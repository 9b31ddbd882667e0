"""Buckets, and by what addresses are counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.gateway.rates import Bucket, Buckets, network_of


def test_a_burst_then_the_rate() -> None:
    bucket = Bucket(rate=2, burst=3, now=0)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait() == 0.5
    assert not bucket.take(0.25)
    assert bucket.take(0.5)
    assert not bucket.take(0.75)
    assert [bucket.take(100) for _ in range(4)] == [True, True, True, False]


@given(
    rate=st.integers(1, 50),
    burst=st.integers(1, 50),
    steps=st.lists(st.floats(0, 2, allow_subnormal=False), max_size=60),
)
def test_never_more_than_burst_and_rate(rate: int, burst: int, steps: list[float]) -> None:
    bucket = Bucket(rate, burst, 0)
    now = 0.0
    passed = 0
    for step in steps:
        now += step
        passed += bucket.take(now)
        assert passed <= burst + now * rate + 1e-6
        assert bucket.wait() <= 1 / rate


@given(rate=st.integers(1, 50), burst=st.integers(1, 50), tries=st.integers(1, 60))
def test_who_waits_as_told_may_pass(rate: int, burst: int, tries: int) -> None:
    bucket = Bucket(rate, burst, 0)
    now = 0.0
    for _ in range(tries):
        if not bucket.take(now):
            now += bucket.wait() + 1e-9
            assert bucket.take(now)


def test_each_key_has_its_own_bucket() -> None:
    buckets = Buckets(rate=1, burst=1)
    assert buckets.of("a", 0).take(0)
    assert not buckets.of("a", 0).take(0)
    assert buckets.of("b", 0).take(0)


def test_the_least_recently_used_are_forgotten() -> None:
    buckets = Buckets(rate=1, burst=1, most=2)
    for key in "ab":
        assert buckets.of(key, 0).take(0)
    assert not buckets.of("a", 0).take(0)
    assert buckets.of("c", 0).take(0)  # "b" is forgotten
    assert not buckets.of("a", 0).take(0)
    assert buckets.of("b", 0).take(0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unix", "unix"),
        ("no address", "no address"),
    ],
)
def test_the_network_counted_by(address: str, network: str) -> None:
    assert network_of(address) == network
