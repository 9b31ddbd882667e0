"""A shop's word for who a customer is: what is believed, and that nothing else is."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.identity import Identities, NotBelieved, read
from server.settings import Shop
from server.settings.identity import Identity as Table
from supportterm.protocol.contact import Identity
from supportterm.protocol.limits import IDENTITY_LEEWAY_MS
from tests.signing import SECRET, known, part, token

NOW = 1_700_000_000_000
SECONDS = NOW // 1000
GOOD = {"sub": "48213", "aud": "acme", "iat": SECONDS, "exp": SECONDS + 600}

LOOK_ALIKES = [
    "\uff14\uff18",
    "48\u0301",
    "48\u20dd",
    "48\u200d",
    "48\ufe0f",
    "48\u2800",
    "48\u115f",
    "48\U0001d159",
    "48\u3164",
    "⁴8",
    "ﬁ",
    "e\u0301",
]


def believed(text: str, *, at: int = NOW, secret: str = SECRET, shop: str = "acme") -> Identity:
    return read(text, secret.encode(), shop, at).who


def refused(text: str, **how: Any) -> str:
    with pytest.raises(NotBelieved) as error:
        believed(text, **how)
    return str(error.value)


def test_a_good_one_says_who_it_is() -> None:
    said = GOOD | {"name": "Eva Jansen", "email": "eva@example.org", "phone": "+31 20 123 45 67"}
    assert believed(token(said)) == Identity("48213", "Eva Jansen", "eva@example.org", "+31 20 123 45 67")
    assert believed(token(GOOD | {"aud": ["other", "acme"]})) == Identity("48213")
    assert read(token(GOOD), SECRET.encode(), "acme", NOW).until == NOW + 600_000 + IDENTITY_LEEWAY_MS


def test_what_it_says_besides_is_made_safe_or_left_out() -> None:
    odd = {"name": " Eva\u202e\x00 ", "email": "no address", "phone": "4111 1111 1111 1111", "more": {"x": 1}}
    found = believed(token(GOOD | odd))
    assert (found.sub, found.mail, found.phone) == ("48213", "", "")
    assert "\x00" not in found.name
    assert believed(token(GOOD | {"name": 7, "email": None, "phone": []})) == Identity("48213")
    assert len(believed(token(GOOD | {"name": "E" * 500})).name) == 80


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "other"}, "`aud`"),
        ({"aud": None}, "`aud`"),
        ({"aud": ["other"]}, "`aud`"),
        ({"exp": SECONDS - 61}, "expired"),
        ({"exp": None}, "`exp`"),
        ({"exp": True}, "`exp`"),
        ({"exp": "1700000600"}, "`exp`"),
        ({"exp": SECONDS + 25 * 3600}, "24 hours"),
        ({"exp": NOW + 600_000}, "`exp`"),
        ({"exp": float("inf")}, "`exp`"),
        ({"exp": -1}, "`exp`"),
        ({"iat": SECONDS + 120}, "to come"),
        ({"nbf": SECONDS + 120}, "to come"),
        ({"iat": "now"}, "`iat`"),
        ({"sub": ""}, "`sub`"),
        ({"sub": 48213}, "`sub`"),
        ({"sub": None}, "`sub`"),
        ({"sub": " 48213"}, "`sub`"),
        ({"sub": "4\n8"}, "`sub`"),
        ({"sub": "4\x1b[2J8"}, "`sub`"),
        ({"sub": "4\u202e8"}, "`sub`"),
        ({"sub": "4" * 65}, "`sub`"),
        # What looks like somebody else's number, or like nothing.
        *(({"sub": sub}, "look different") for sub in LOOK_ALIKES),
    ],
)
def test_a_claim_that_is_wrong(changed: dict[str, Any], why: str) -> None:
    assert why in refused(token(GOOD | changed))


def test_a_claim_that_is_missing() -> None:
    for name in ("sub", "aud", "exp"):
        assert f"`{name}`" in refused(token({key: value for key, value in GOOD.items() if key != name}))
    assert believed(token({key: value for key, value in GOOD.items() if key != "iat"})).sub == "48213"


def test_clocks_may_differ_by_a_minute() -> None:
    assert believed(token(GOOD | {"exp": SECONDS - 59})).sub
    assert believed(token(GOOD | {"iat": SECONDS + 59})).sub


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS512"},
        {"alg": "RS256"},
        {"alg": ["HS256"]},
        {"typ": "JWT"},
        {"alg": "HS256", "crit": ["exp"]},
        [],
        "HS256",
    ],
)
def test_the_token_does_not_choose_how_it_is_checked(header: Any) -> None:
    for digest in (hashlib.sha256, hashlib.sha512):
        refused(token(GOOD, header=header, digest=digest))


def test_without_a_signature_or_with_anothers() -> None:
    good = token(GOOD)
    body = good.rpartition(".")[0]
    assert "signed" in refused(body + ".")
    assert "signed" in refused(token(GOOD, "x" * 32))
    assert "signed" in refused(token(GOOD, ""))
    for other in (body, "", "..", "...", good + ".x", "é.é.é", good.replace(".", ""), " " + good):
        refused(other)
    assert "longer" in refused(token(GOOD | {"name": "E" * 3000}))
    refused(f"{part(b'[' * 1400)}.{part(b'{}')}.x")


def test_what_was_signed_is_what_is_read() -> None:
    head, body, signature = token(GOOD).split(".")
    other = part(json.dumps(GOOD | {"sub": "1"}).encode())
    assert "signed" in refused(f"{head}.{other}.{signature}")
    # The same bytes written otherwise are another token.
    assert "signed" in refused(f"{head}.{body}=.{signature}")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    assert json.loads(raw)["sub"] == "48213"


def test_names_for_a_number_may_be_in_any_script() -> None:
    for sub in ("Søren", "Ева-7", "é", "客户48213", "eva@example.org", "a/b:c 1"):
        assert believed(token(GOOD | {"sub": sub})).sub == sub


@given(st.text(max_size=300))
def test_whatever_it_is_it_is_read_or_refused(text: str) -> None:
    refused(text)


@given(st.integers(0, 200), st.integers(0, 255))
def test_one_byte_changed_is_another_token(at: int, byte: int) -> None:
    good = token(GOOD)
    at %= len(good)
    changed = good[:at] + chr(byte) + good[at + 1 :]
    if changed == good:
        return
    try:
        found = believed(changed)
    except NotBelieved:
        return
    # The last character of a part has bits that mean nothing.
    assert found == believed(good)


def shops(**secrets: str) -> dict[str, Shop]:
    return {key: Shop(desk="main", identity=Table(secret=secret)) for key, secret in secrets.items()}


def test_a_number_means_somebody_in_its_shop_only() -> None:
    ours = Identities(b"key", shops(acme=SECRET, books=SECRET))
    assert ours.of("acme", known("7", NOW, "acme"), NOW, 0.0) is not None
    assert ours.of("books", known("7", NOW, "acme"), NOW, 0.0) is None
    ids = {ours.customer("acme", "7"), ours.customer("books", "7"), ours.customer("acme", "8")}
    ids.add(Identities(b"other", {}).customer("acme", "7"))
    assert len(ids) == 4
    assert all(one.startswith("c") and len(one) == 23 for one in ids)


def test_a_shop_without_a_secret_knows_nobody() -> None:
    ours = Identities(b"key", {"acme": Shop(desk="main"), "books": Shop(desk="main", identity=Table())})
    for shop in ("acme", "books", "nowhere"):
        assert ours.of(shop, known("7", NOW, shop, ""), NOW, 0.0) is None
    ours.reload(shops(acme=SECRET))
    assert ours.of("acme", known("7", NOW, "acme"), NOW, 0.0) is not None


def test_the_log_says_why_now_and_then_and_nothing_of_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "supportterm.gateway")
    ours = Identities(b"key", shops(acme=SECRET))
    bad = known("48213", NOW, "acme", "x" * 32)
    for second in range(100):
        assert ours.of("acme", bad, NOW, float(second)) is None
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "it is not signed with this shop's secret"
    ] * 2
    assert getattr(caplog.records[1], "more") == 59  # noqa: B009
    for record in caplog.records:
        line = f"{record.getMessage()} {vars(record)}"
        assert not any(part in line for part in [*bad.split("."), "48213", SECRET])
    assert SECRET not in f"{ours} {shops(acme=SECRET)}"
