"""Lines that give a customer a time, in their language: a first one, a new one in time, a new one too late.

They are data: one file ``givings/<language>.toml`` each. What a line says is read by the promise grammar,
so that the time in it and the time that counts down are the same.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach import promising
from supportterm.coach.hours import Hours
from supportterm.coach.promising import Found
from supportterm.coach.wordfiles import read_all

#: A first time; a new one before the old one is over; one after it was over.
Giving = Literal["give", "more", "late"]

#: The language of a customer whose own we do not speak.
_OTHERWISE: Final = "en"
#: Nobody types a longer time.
_LONGEST: Final = 60
#: "16.30" is an hour, too.
_POINT: Final = re.compile(r"\b(\d{1,2})\.(\d{2})\b", re.ASCII)


class _Lines(Struct, frozen=True, forbid_unknown_fields=True):
    give: str
    more: str
    late: str


class _Language(Struct, frozen=True, forbid_unknown_fields=True):
    typed: str
    polite: _Lines
    familiar: _Lines


def languages() -> tuple[str, ...]:
    """The languages there are lines in, by name."""
    return tuple(sorted(_all()[0]))


def troubles() -> tuple[str, ...]:
    """What is wrong with files of such lines that are not used, a sentence each."""
    return _all()[1]


@cache
def _all() -> tuple[dict[str, _Language], tuple[str, ...]]:
    return read_all(files(__package__) / "givings", _Language)


def read(text: str, language: str) -> Found:
    """The time somebody typed by itself: "2m", "10" (minutes), "16:30", "morgen 10:00".

    ``language`` is tried first, then every other. Raises `promising.NotAllowed`.
    """
    text = text.strip()
    try:
        return Found("duration", 0, len(text), language, promising.read_stretch(text, language))
    except promising.NotAllowed as error:
        if error.why != "unread" or len(text) > _LONGEST:
            raise
    text = _POINT.sub(r"\1:\2", text)
    best: Found | None = None
    for one in (language, *languages()):
        if one not in languages():
            continue
        found = promising.find(_all()[0][one].typed.format(time=text), one)
        # "Tomorrow 10:00" is only 10:00 to who knows no English: who reads more of it is right.
        if found is not None and found.kind == "clock" and _size(found) > _size(best):
            best = found
    if best is not None:
        return best
    raise promising.NotAllowed("unread")


def _size(found: Found | None) -> int:
    return sum(end - start for start, end in ((found.start, found.end), *found.more)) if found else 0


def line_for(kind: Giving, ms: int, language: str, *, familiar: bool = False) -> str:
    """A line that promises to be back in ``ms``, an `promising.allowed` number of whole seconds.

    An unknown language is English.
    """
    line, known = _line(kind, language, familiar)
    found = promising.find(line, known)
    return promising.reword(line, found, ms, known) if found is not None else line


def line_until(
    kind: Giving,
    at_ms: int,
    now_ms: int,
    zone: str,
    hours: Hours | None,
    language: str,
    *,
    familiar: bool = False,
) -> str:
    """A line that promises to be back at ``at_ms``, a whole minute by the shop's clock."""
    line, known = _line(kind, language, familiar)
    found = promising.find(line, known)
    if found is None:
        return line
    return promising.reword_until(line, found, at_ms, now_ms, zone, hours, known)


def _line(kind: Giving, language: str, familiar: bool) -> tuple[str, str]:
    known = language if language in languages() else _OTHERWISE
    lines = _all()[0][known]
    line: str = getattr(lines.familiar if familiar else lines.polite, kind)
    return line, known
