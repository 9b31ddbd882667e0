"""IBANs in running text: found by their country's length and the remainder 97 (ISO 13616, ISO 7064)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: Characters of an IBAN by country, from the SWIFT IBAN registry.
_REGISTRY: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 "
    "DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 "
    "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 "
    "MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 "
    "SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
_LENGTHS: Final = {entry[:2]: int(entry[2:]) for entry in _REGISTRY.split()}
#: Two letters before the two check digits; looked for from the digits, which are rare in a text.
_CHECK: Final = re.compile(r"[0-9]{2,}")
_COUNTRY: Final = re.compile(r"(?<![^\W_])[A-Za-z]{2}[ -]?\Z")
#: Characters to look at from a start: the longest IBAN with a separator before each character.
_REACH: Final = 66


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand in ``text``: ``(start, end)``, not overlapping, in order."""
    free = 0
    for digits in _CHECK.finditer(text):
        country = _COUNTRY.search(text, max(0, digits.start() - 3), digits.start())
        if country is None or country.start() < free:
            continue
        start = country.start()
        end = _end(text, start)
        if end:
            free = end
            yield start, end


def _end(text: str, start: int) -> int:
    length = _LENGTHS.get(text[start : start + 2].upper())
    if length is None:
        return 0
    kept: list[str] = []
    separated = 0
    for at in range(start, min(start + _REACH, len(text))):
        char = text[at]
        if char in " -\u00a0":
            separated += 1
            if separated > 1:
                return 0
            continue
        if not (char.isascii() and char.isalnum()):
            return 0
        separated = 0
        kept.append(char)
        if len(kept) == length:
            if text[at + 1 : at + 2].isalnum() or not _holds("".join(kept)):
                return 0
            return at + 1
    return 0


def _holds(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
