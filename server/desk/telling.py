"""What a customer has told since the newest summary of their chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from supportterm.coach import understanding

#: Brief messages that are kept, so that one costs the same after ten thousand. Who wrote more has told enough
#: in the newest, or nothing in all of them.
_KEPT: Final = 50


class Telling(Struct, frozen=True):
    """``said``: all messages. ``long`` ones always tell something, in ``chars`` characters; ``brief`` ones
    may tell nothing, which is asked when it matters: reading a log stays quick."""

    said: int = 0
    long: int = 0
    chars: int = 0
    brief: tuple[str, ...] = ()

    def after(self, text: str) -> Telling:
        """One message later."""
        if len(text) > understanding.BRIEF:
            return Telling(self.said + 1, self.long + 1, self.chars + len(text.strip()), self.brief)
        return Telling(self.said + 1, self.long, self.chars, (*self.brief[1 - _KEPT :], text))

    def without_words(self) -> Telling:
        """Of a chat that is over: nobody asks any more, and no words are kept beside the log."""
        return Telling(self.said, self.long, self.chars)

    def is_enough(self, messages: int, chars: int, languages: Sequence[str], *, restated: bool) -> bool:
        """Whether that is so much that they should be told how they were understood.

        What tells something is the coach's to say, so that no console asks for what the desk allows.
        """
        brief = [text for text in self.brief if understanding.is_news(text, languages, restated=restated)]
        length = self.chars + sum(len(text.strip()) for text in brief)
        if self.long + len(brief) < messages or length < chars:
            return False
        return restated or self.long > 0 or not understanding.is_fact_asked(brief, languages)
