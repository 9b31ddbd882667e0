"""What is wrong with words beyond their shape: phrases that match nothing, texts that cannot be filled."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import fields

from supportterm.coach.promising.patterns import complaint

#: Parts whose phrases may have gaps and stand-ins for a time, and their lists that may not.
_WITH_GAPS: Final = ("commitment", "veto", "vague", "holding.clauses", "holding.feeling")
_PLAIN: Final = ("filler", "pointing")
#: Keys that hold plain words or what we write, not what we look for.
_NO_PHRASES: Final = frozenset({"saying", "spellings", "forgiven", "unlike", "elided"})
#: What is filled into what we write.
_FILLED: Final = {
    "in": {"time"},
    "alone": {"time"},
    "clock": {"hour", "minute"},
    "today": {"time"},
    "on": {"day", "time"},
    "date": {"day", "month"},
    "alone_at": {"time"},
    "put": {"time"},
}


def complaints(wording: Struct) -> Iterator[tuple[str, str]]:
    """Every key with what is wrong there."""
    for path, text in _texts(wording, ""):
        key = path.rpartition(".")[2]
        if path.startswith("saying."):
            if wanted := _FILLED.get(key):
                try:
                    given = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
                except ValueError:
                    given = set()
                if given != wanted:
                    yield path, f'"{text}" must have {" and ".join(f"{{{one}}}" for one in sorted(wanted))}'
        elif not _NO_PHRASES & set(path.split(".")):
            wrong = complaint(text, gaps=path.startswith(_WITH_GAPS) and key not in _PLAIN)
            if wrong:
                yield path, f'"{text}" {wrong}'


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text of a file, and the key it stands under."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key in value:
            yield path, key
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, path)
    elif isinstance(value, Struct):
        for field in fields(value):
            inner = f"{path}.{field.encode_name}" if path else field.encode_name
            yield from _texts(getattr(value, field.name), inner)
