"""The numbers of mails: what stands in front of the @ of a Message-ID.

A mail that comes back is known by its number, which only we can make and nobody can guess: whoever has not
seen a mail cannot say that it came back. Nothing of the chat can be read from it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

#: A number: 160 bits in hexadecimal digits.
NUMBER: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{40}(?=@)")
_DIGITS: Final = 40


class Numbers:
    """``key``: secret, and the same as long as mails may come back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        """Without the key."""
        return "Numbers()"

    def of(self, chat: str, decided: int) -> str:
        """The number of the mail that the event ``decided`` of ``chat`` is about; 0: of all its mails."""
        text = f"supportterm mail {chat} {decided}"
        return hmac.digest(self._key, text.encode(), hashlib.sha256).hex()[:_DIGITS]
