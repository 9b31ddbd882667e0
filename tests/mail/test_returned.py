"""What mail servers write when a mail comes back, and what others write that looks like it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.mail.returned import MOST, may_be_report, read

REPORTS: Final = Path(__file__).with_name("reports")
NUMBER: Final = "c0ffee" * 6 + "c0ff"
OURS: Final = (NUMBER, "1" * 40)


def report(name: str, number: str = NUMBER) -> bytes:
    """A message as it arrives, about the mail with this number."""
    text = (REPORTS / f"{name}.eml").read_text("utf-8").replace("NUMBER", number)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "postfix",
            "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        ("exim", "552 5.2.2 Mailbox is full"),
        ("exim_plain", "host mx.example.org [192.0.2.7]: 550 No such user here"),
        ("exchange", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient anna@example.org not found by"),
        ("gmail", "550-5.1.1 The account that you tried to reach does not exist. Please 550-5.1.1 look at"),
        ("qmail", "Remote host said: 550 sorry, no mailbox here by that name (#5.1.1)"),
        ("gave_up", "connect to mx.example.org[192.0.2.7]:25: Connection timed out"),
    ],
)
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_a_failure_for_good(name: str, why: str, ends: bytes) -> None:
    found = read(report(name).replace(b"\r\n", ends))
    assert found is not None
    assert (found.kind, found.numbers[0]) == ("failed", NUMBER)
    assert found.why.startswith(why), found.why
    assert len(found.why) <= 200
    assert may_be_report(report(name).partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize(
    ("name", "kind"), [("delayed", "delayed"), ("delayed_plain", "delayed"), ("delivered", "arrived")]
)
def test_what_is_late_or_arrived_is_no_failure(name: str, kind: str) -> None:
    found = read(report(name))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("name", ["holiday", "reply", "read_receipt"])
def test_what_people_and_their_programs_write_is_no_report(name: str) -> None:
    assert read(report(name)) is None
    assert not may_be_report(report(name))


def test_of_several_recipients_one_that_failed_counts() -> None:
    both = report("delivered").replace(
        b"Diagnostic-Code: smtp; 250 2.1.5 Ok\r\n",
        b"\r\nFinal-Recipient: rfc822; a@b.example\r\nStatus: 5.0.0\r\n",
    )
    found = read(both)
    assert found is not None
    assert (found.kind, found.why) == ("failed", "5.0.0")


def test_a_report_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = report("postfix")
    cut = whole[: whole.index(b'MIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"')]
    found = read(cut)
    assert found is not None
    assert (found.kind, found.numbers) == ("failed", OURS)


def test_a_number_hidden_by_an_encoding_is_found() -> None:
    import base64

    plain = report("exim_plain")
    head, _, body = plain.partition(b"\r\n\r\n")
    coded = head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body)
    found = read(coded)
    assert found is not None
    assert (found.kind, found.numbers) == ("failed", (NUMBER,))


def test_words_are_made_safe() -> None:
    evil = report("postfix").replace(b"User unknown", b"\x1b]0;owned\x07\x1b[31m\xe2\x80\xaeUser")
    found = read(evil)
    assert found is not None
    assert found.why.isprintable()
    assert "\x1b" not in found.why
    assert type(found.why) is str, "it goes on the wire"


# --- hostile --------------------------------------------------------------------------------------------


def test_deep_and_huge_ones_are_put_aside_at_once() -> None:
    deep = b"From: MAILER-DAEMON@x.example\r\n"
    for n in range(2_000):
        deep += (
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b%d\r\n\r\n--b%d\r\n"
            % (
                n,
                n,
            )
        )
    assert read(deep) is None
    letters = b"From: MAILER-DAEMON@x.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 2_000
    assert read(letters) is None
    huge = report("qmail") + b"<" + b"a" * 20 * MOST
    found = read(huge)
    assert found is not None
    assert found.numbers == (NUMBER,)


def test_thousands_of_numbers_are_not_looked_up() -> None:
    lying = report("qmail") + b"".join(b"<%040x@acme.example>\r\n" % n for n in range(3_000))
    found = read(lying)
    assert found is not None
    assert len(found.numbers) == 8


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"\x00\xff" * 1_000,
        b"From: =?utf-8?b?//8=?= <mailer-daemon@\xff>\r\n"
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n550 5.0.0 no\r\n",
        b"From: postmaster\r\n"
        b"Content-Type: multipart/report; report-type*=utf-8''delivery-status; boundary=\r\n\r\n",
        b"From: postmaster@x\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n550 5.1.1\r\n",
        b"From: (((((\r\nX-Failed-Recipients: x\r\nContent-Transfer-Encoding: base64\r\n\r\n\xf0\x28\r\n",
    ],
)
def test_nonsense_is_no_report_of_ours(raw: bytes) -> None:
    found = read(raw)
    assert found is None or found.numbers == ()


@given(st.binary(max_size=400), st.sampled_from(["postfix", "gmail", "qmail", "exchange"]), st.data())
def test_whatever_stands_in_it_nothing_breaks(noise: bytes, name: str, data: st.DataObject) -> None:
    whole = report(name)
    at = data.draw(st.integers(0, len(whole)))
    found = read(whole[:at] + noise + whole[at + len(noise) :])
    assert found is None or found.why.isprintable()
    may_be_report(noise)
