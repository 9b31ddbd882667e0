"""An address or a number in the customer's own words: offered where an answer is promised for later, so that
nobody types it off. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from supportterm.console.callbacks import CONTACT_CHARS
from supportterm.link.chatlog import ChatLog
from supportterm.protocol import contact

Kind = Literal["mail", "phone"]

#: What stands around an address and is none of it.
_AROUND: Final = ".,;:!?()[]<>{}\"'“”‘’„«»*_"
#: A number with its country or its area in front, or four pairs, as Danes write theirs. Orders and parcels
#: have numbers too: what begins with no nought is one of those.
_NUMBER: Final = re.compile(
    r"(?<![\w+@.-])(?:(?:\+|00?)[1-9(][0-9 ()./-]{6,}[0-9]|[1-9][0-9](?: [0-9]{2}){3})(?![\w@-])"
)
_DIGITS: Final = range(8, 16)
#: A day looks like a number from somewhere.
_DAY: Final = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2,4}(?![0-9])")


class Said(NamedTuple):
    """Where they may be reached, as they wrote it, and when (``at``, ms since 1970)."""

    kind: Kind
    where: str
    at: int


def reached_by_words(log: ChatLog) -> list[Said]:
    """The one address and the one number that the customer wrote; of two nobody knows which is meant.

    What was written before somebody noted an address, or before the shop said who they are, is old: it may
    have been another's.
    """
    found: dict[Kind, dict[str, Said]] = {"mail": {}, "phone": {}}
    for event in reversed(log.events):
        if event.kind in ("contact", "identified"):
            break
        if event.kind == "message" and event.by.role == "customer" and not event.erased:
            for kind, where in _in(event.text):
                found[kind][_same(kind, where)] = Said(kind, where, event.at)
    return [one for each in found.values() if len(each) == 1 for one in each.values()]


def _in(text: str) -> Iterator[tuple[Kind, str]]:
    for word in text.split():
        where = word.removeprefix("mailto:").strip(_AROUND)
        if len(where) <= CONTACT_CHARS and contact.kind_of(where) == "mail":
            yield "mail", where
    for number in _NUMBER.findall(text):
        where = " ".join(number.split())
        digits = sum(map(str.isdigit, where))
        if contact.kind_of(where) == "phone" and digits in _DIGITS and not _DAY.match(where):
            yield "phone", where


def _same(kind: Kind, where: str) -> str:
    """What two ways of writing the same have in common."""
    return where.lower() if kind == "mail" else "".join(filter(str.isdigit, where))
