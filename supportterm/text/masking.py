"""Card numbers and IBANs are masked before a text is stored: all but their last four characters.

Known misses, because more would damage ordinary texts: numbers split over lines, over messages or by
dots; digits spelled as words or glued to more digits; numbers inside addresses of pages; a card behind
a plus sign; security codes and expiry dates; national account numbers; numbers in pictures.
"""

from __future__ import annotations

from typing import Final

from supportterm.text.cards import cards
from supportterm.text.iban import ibans

#: All bytes of UTF-8 that cannot be or begin a digit: those of scripts other than Latin, Greek,
#: Cyrillic and Hebrew begin with 0xD8 or more, and have digits of their own.
_OTHERS: Final = bytes(code for code in range(0xD8) if not 0x30 <= code <= 0x39)
#: No IBAN has fewer digits (a Maltese one may have as few), and no card number.
_IBAN_DIGITS: Final = 7
_CARD_DIGITS: Final = 12
_HIDDEN: Final = "•"
_KEPT: Final = 4


def mask(text: str) -> tuple[str, int]:
    """``text`` with card numbers and IBANs as ``•••• •••• •••• 1111``, and how many there were.

    As long as before; separators stay, and an IBAN's country. Masked text is not masked again.
    """
    # Every message passes here, and counting digits in bytes takes half a microsecond.
    digits = len(text.encode("utf-8", "surrogatepass").translate(None, _OTHERS))
    if digits < _IBAN_DIGITS:
        return text, 0
    # IBANs first: the digits of one may look like a card.
    text, count = _hide(text, list(ibans(text)), shown=2)
    if digits >= _CARD_DIGITS:
        text, numbers = _hide(text, list(cards(text)), shown=0)
        count += numbers
    return text, count


def _hide(text: str, spans: list[tuple[int, int]], shown: int) -> tuple[str, int]:
    for start, end in spans:
        places = [at for at in range(start, end) if text[at].isalnum()]
        chars = list(text[start:end])
        for at in places[shown:-_KEPT]:
            chars[at - start] = _HIDDEN
        text = text[:start] + "".join(chars) + text[end:]
    return text, len(spans)
