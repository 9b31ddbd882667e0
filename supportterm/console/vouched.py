"""What the shop vouches for, told apart from what a customer says of themselves. Pure.

The check mark belongs to the shop: it is taken out of whatever a customer may have written where it would be
read as the shop's.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from supportterm.console.words import Words
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import contact, kinds
from supportterm.protocol.contact import Identity
from supportterm.protocol.frames import Event
from supportterm.text import SafeText, join, safe_line, trusted

#: Characters of a customer's number in a title; all of them stand at the side and in the chat.
_BRIEF: Final = 16
#: What looks like the mark in some font, and has another name.
_LOOKS_LIKE: Final = frozenset("√⎷\uaa9c")
_DOT: Final = trusted(" · ")


def identity(log: ChatLog) -> Identity:
    """Who the customer is by their shop's word; of one who was erased, or is not known, nothing."""
    return log.head.known.identity if log.head is not None else Identity()


def claimed(text: str) -> SafeText:
    """What a customer calls themselves, also in their account, which must not look as if their shop had said
    it."""
    words = "".join(" " if _marks(char) else char for char in text).split()
    # Where a dot stands alone, it parts what we say.
    return safe_line(" ".join(word for word in words if word != "·"))


@lru_cache(4096)
def _marks(char: str) -> bool:
    return char in _LOOKS_LIKE or "CHECK" in unicodedata.name(char, "").split()


def mark(words: Words, log: ChatLog, *, brief: bool = False) -> SafeText:
    """ "✓ customer 48213", where the shop vouches for it; else ""."""
    sub = identity(log).sub
    if not sub:
        return trusted("")
    number = safe_line(sub)
    return words.say("known.mark", number=number.clip(_BRIEF) if brief else number)


def told(words: Words, log: ChatLog) -> SafeText:
    """The mark, and below it what else the shop has said of them."""
    who = identity(log)
    parts = [claimed(part) for part in (who.name, who.mail, who.phone) if part]
    return join(trusted("\n"), [mark(words, log), *parts])


def sentence(event: Event, words: Words) -> SafeText | None:
    """For the transcript: who they are from there on; None where that was erased."""
    who = contact.read_identity(event.text)
    if not who.sub:
        return None
    number = words.say("known.mark", number=safe_line(who.sub))
    parts = [claimed(part) for part in (who.name, who.mail, who.phone) if part]
    data = data_of(event, kinds.Identified)
    key = "event.identified_since" if data is not None and data.was else "event.identified"
    return words.say(key, who=join(_DOT, [number, *parts]))
