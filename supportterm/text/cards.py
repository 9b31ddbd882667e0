"""Payment card numbers in running text: known beginnings and lengths, and the Luhn sum (ISO/IEC 7812-1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SEPARATORS: Final = " \\-\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013\u2014\u2212"
_RUN: Final = re.compile(rf"\d(?:[{_SEPARATORS}]{{0,3}}\d){{11,}}")
#: The same for ASCII, twice as fast.
_ASCII_RUN: Final = re.compile(r"[0-9](?:[ -]{0,3}[0-9]){11,}")
_GROUP: Final = re.compile(r"\d+")
_ADDRESS: Final = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)\S+", re.IGNORECASE)
_PLUS: Final = re.compile(r"\+[ (\-]{0,2}\Z")

#: Digits of a telephone number with its country code (ITU-T E.164), at most.
_PHONE: Final = 15
_SIXTEEN_UP: Final = frozenset(range(16, 20))
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
#: Tried in this order: a 16-digit card followed by its security code must not pass for one of 19.
_LENGTHS: Final = (16, 15, 14, 19, 18, 17, 13, 12)


def cards(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand in ``text``: ``(start, end)``, not overlapping, in order.

    A card begins and ends where a group of digits does. Numbers behind a plus sign and inside
    addresses of pages are left alone.
    """
    addresses: list[tuple[int, int]] | None = None
    for run in (_ASCII_RUN if text.isascii() else _RUN).finditer(text):
        if addresses is None:
            addresses = [match.span() for match in _ADDRESS.finditer(text)]
        yield from _in_run(text, run.start(), run.end(), addresses)


def _in_run(text: str, start: int, end: int, addresses: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for inside in addresses:
        if inside[0] <= start < inside[1]:
            start = inside[1]
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    digits = [int(char) for group in groups for char in text[group[0] : group[1]]]
    first = 0
    if _PLUS.search(text, max(0, start - 3), start):
        if len(digits) <= _PHONE:
            return
        first = 1
    sums = _luhn_sums(digits)
    # Number of digits before each group; the last entry is their total.
    before = [0]
    for group_start, group_end in groups:
        before.append(before[-1] + group_end - group_start)
    begins = {count: index for index, count in enumerate(before)}
    while first < len(groups):
        at = before[first]
        for length in _LENGTHS:
            after = begins.get(at + length)
            if after is not None and _is_card(digits, at, length, sums):
                yield groups[first][0], groups[after - 1][1]
                first = after
                break
        else:
            first += 1


def _luhn_sums(digits: list[int]) -> tuple[list[int], list[int]]:
    # Two running sums, one that doubles the even places and one the odd: any stretch's Luhn sum is
    # then one subtraction, so that a long text of digits stays cheap.
    even, odd = [0], [0]
    for index, digit in enumerate(digits):
        even.append(even[-1] + (_DOUBLED[digit] if index % 2 == 0 else digit))
        odd.append(odd[-1] + (_DOUBLED[digit] if index % 2 else digit))
    return even, odd


def _is_card(digits: list[int], at: int, length: int, sums: tuple[list[int], list[int]]) -> bool:
    end = at + length
    doubled = sums[end % 2]
    if (doubled[end] - doubled[at]) % 10:
        return False
    six = 0
    for digit in digits[at : at + 6]:
        six = six * 10 + digit
    return length in _issued(six) and not (length == 13 and _is_article(digits[at:end]))


def _issued(six: int) -> frozenset[int]:
    """The lengths in which cards beginning with these six digits are issued."""
    two, three, four = six // 10_000, six // 1_000, six // 100
    if two // 10 == 4:
        return frozenset({13, 16, 19})  # Visa
    if two in {34, 37}:
        return frozenset({15})  # American Express
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return frozenset({16})  # Mastercard
    if 2200 <= four <= 2204 or 3528 <= four <= 3589:
        return _SIXTEEN_UP  # Mir, JCB
    if 300 <= three <= 305 or four == 3095 or two in {36, 38, 39}:
        return frozenset({14}) | _SIXTEEN_UP  # Diners Club
    if two in {81, 82} or four == 9792:
        return _SIXTEEN_UP  # UnionPay, RuPay, Troy
    if two == 50 or 56 <= two <= 69:
        return frozenset(range(12, 20))  # Maestro, Dankort, Discover, UnionPay
    return frozenset()


def _is_article(digits: list[int]) -> bool:
    # Article numbers (GS1, EAN-13) of Germany, Britain, Denmark, Poland or China begin like cards and
    # are what customers of shops write; cards of 13 digits have hardly been issued since the nineties.
    return sum(digit * (3 if index % 2 else 1) for index, digit in enumerate(digits)) % 10 == 0
