"""What no model outside the house may read: cards, IBANs, e-mail addresses, telephone numbers."""

from __future__ import annotations

import re
from typing import Final

from supportterm.text.masking import mask

_HIDDEN: Final = "•"
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
#: With a country's code, or a zero in front: order numbers begin with neither.
_PHONE: Final = re.compile(r"(?<![\w+])(?:\+|00?)[1-9](?:[\s()./-]{0,2}\d){7,12}(?!\w)")


def hidden(text: str) -> str:
    """``text`` with each letter and digit of those as •, as long as before, so that places stay."""
    text = mask(text)[0]
    for private in (_EMAIL, _PHONE):
        text = private.sub(lambda found: re.sub(r"\w", _HIDDEN, found[0]), text)
    return text
