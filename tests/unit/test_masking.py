"""Card numbers and IBANs are hidden; what only looks like them is not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportterm.text import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111", "•••• •••• •••• 1111"),
        ("my card is 5500000000000004.", "my card is ••••••••••••0004."),
        ("4111-1111-1111-1111, ok?", "••••-••••-••••-1111, ok?"),
        ("378282246310005", "•••••••••••0005"),
        ("3782 822463 10005", "•••• •••••• •0005"),
        ("6011 1111 1111 1117", "•••• •••• •••• 1117"),
        ("3530111333300000", "••••••••••••0000"),
        ("30569309025904", "••••••••••5904"),
        ("6759649826438453", "••••••••••••8453"),
        ("2223003122003222", "••••••••••••3222"),
        ("5019717010103742", "••••••••••••3742"),
        ("4111 - 1111 - 1111 - 1111", "•••• - •••• - •••• - 1111"),
        ("4111\u00a01111\u00a01111\u00a01111", "••••\u00a0••••\u00a0••••\u00a01111"),
        ("4111–1111–1111–1111", "••••–••••–••••–1111"),
        ("4111 1111 1111 1111 12 27 123", "•••• •••• •••• 1111 12 27 123"),
        ("order 48213 4111 1111 1111 1111", "order 48213 •••• •••• •••• 1111"),
        ("48213 4111 1111 1111 1111", "48213 •••• •••• •••• 1111"),
        ("+45 12 34 56 78 4111 1111 1111 1111", "+45 12 34 56 78 •••• •••• •••• 1111"),
        ("visa4111111111111111", "visa••••••••••••1111"),
        ("4111111111111111", "••••••••••••1111"),
        ("https://shop.example/track 4111111111111111", "https://shop.example/track ••••••••••••1111"),
        ("NL91 ABNA 0417 1643 00", "NL•• •••• •••• ••43 00"),
        ("nl91abna0417164300 please", "nl••••••••••••4300 please"),
        ("DK50 0040 0440 1162 43", "DK•• •••• •••• ••62 43"),
        ("iban:GB29NWBK60161331926819!", "iban:GB••••••••••••••••6819!"),
        ("DE89 3704 0044 0532 0130 00 is mine", "DE•• •••• •••• •••• ••30 00 is mine"),
        ("BE68-5390-0754-7034", "BE••-••••-••••-7034"),
        ("NO93 8601 1117 947", "NO•• •••• •••7 947"),
    ],
)
def test_hidden_but_for_the_last_four(text: str, masked: str) -> None:
    assert mask(text) == (masked, 1)
    assert mask(masked) == (masked, 0)


def test_several_are_counted() -> None:
    text = "4111 1111 1111 1111 or 5500 0000 0000 0004, IBAN NL91ABNA0417164300"
    assert mask(text) == ("•••• •••• •••• 1111 or •••• •••• •••• 0004, IBAN NL••••••••••••4300", 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my parcel?",
        "order 4821390, please call +45 4111 1111 1111",
        "4111 1111 1111 1112",  # not a Luhn sum
        "9111111111111111",  # nobody issues cards like this
        "1234567890123456",
        "3SABCD123456789",
        "+31 (0)20 123 4567 or 0031201234567",
        "https://shop.example/pay?card=4111111111111111",
        "see www.shop.example/4111111111111111",
        "41111111111111111111111111111111",  # one group, too long
        "NL91 ABNA 0417 1643 01",  # not a remainder of 97
        "NL91ABNA0417164300X",
        "XX91ABNA0417164300",
        "XNL91ABNA0417164300",
        "XNL 91 ABNA 0417 1643 00",
        "5701234567899",  # a Danish article number
        "2026-11-22 05:44:13 2026-11-22",
    ],
)
def test_left_alone(text: str) -> None:
    assert mask(text) == (text, 0)


def luhn(digits: str) -> str:
    total = sum(
        (int(d) * 2 - 9 if int(d) > 4 else int(d) * 2) if i % 2 == 0 else int(d)
        for i, d in enumerate(reversed(digits))
    )
    return str(-total % 10)


@given(
    st.sampled_from([("4", 16), ("51", 16), ("2720", 16), ("37", 15), ("6011", 16), ("36", 14), ("62", 19)]),
    st.integers(min_value=0),
    st.sampled_from(["", " ", "-"]),
)
def test_every_card_of_a_known_issuer_is_found(issuer: tuple[str, int], seed: int, separator: str) -> None:
    start, length = issuer
    number = start + "".join(random.Random(seed).choices("0123456789", k=length - len(start) - 1))
    number += luhn(number)
    written = separator.join(number[at : at + 4] for at in range(0, length, 4))
    masked, count = mask(f"here: {written}.")
    assert count == 1
    # The first 16 digits of a longer card may make a card as well: then its last seven stay.
    left = "".join(c for c in masked if c.isdigit())
    assert left in {number[-4:], number[12:]}


@given(st.text(st.sampled_from("0123456789 -+/.NLDKab•\n"), max_size=200))
def test_length_stays_and_nothing_is_found_twice(text: str) -> None:
    masked, count = mask(text)
    assert len(masked) == len(text)
    assert (count == 0) == (masked == text)
    assert all(a in {b, "•"} for a, b in zip(masked, text, strict=True))
