"""What sentences about mistakes in the file are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")

#: Ids of desks and keys of shops stand in addresses and in the log's stream names.
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
ID_RULE: Final = "use up to 32 of a-z, 0-9 and `-`, beginning with a letter or digit."
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
#: A label of so many characters has room in a list.
LABEL: Final = 60
#: What customers and agents can read on any page and in any console: the languages of the widget.
SPOKEN: Final = ("en", "nl", "da", "de", "fr")
#: Countries that are written for the language spoken there.
_COUNTRIES: Final = {"dk": "da", "gb": "en", "uk": "en", "us": "en", "at": "de"}
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def nearest(word: str, known: Iterable[str], what: str) -> str:
    """Which one may have been meant, or all that are known."""
    known = list(known)
    if not known:
        return f"there are no {what} yet."
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known {what}: " + ", ".join(f"`{one}`" for one in known) + "."


def language_problem(language: str, languages: Iterable[str]) -> str:
    """Why nobody would read a text in this language, as the rest of a sentence that names it; "" if somebody
    may. ``languages``: those of the shop."""
    known = dict.fromkeys([*languages, *SPOKEN])
    if language in known:
        return ""
    if not LANGUAGE.fullmatch(language):
        return ": write a code such as `nl` or `en`."
    short = language.partition("-")[0]
    meant = _COUNTRIES.get(short, short)
    near = f"did you mean `{meant}`?" if meant in known else nearest(language, known, "languages")
    return f", which nobody reads here; {near}"


def shown(value: Any) -> str:
    """A value as it may have stood in the file, short."""
    text = msgspec.json.encode(value, enc_hook=str).decode()
    return text if len(text) <= 60 else text[:57] + "..."


def numbered(tables: Iterable[T | None]) -> Iterator[tuple[int, T]]:
    """The tables of a list as people count them, without those that could not be read."""
    return ((number, table) for number, table in enumerate(tables, 1) if table is not None)


def twice(values: Iterable[str]) -> list[str]:
    """Those that are there more than once."""
    values = list(values)
    return sorted({one for one in values if values.count(one) > 1})


def is_date(text: str) -> bool:
    """Whether it is a day of the calendar, written as 2026-12-25."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def text_problems(name: str, texts: Mapping[str, str], languages: Sequence[str], most: int) -> Iterator[str]:
    """What is wrong in texts by language; the shop's first must be there, which stands in for others."""
    for language, text in texts.items():
        if problem := language_problem(language, languages):
            yield f"`{name}` has the language {shown(language)}{problem}"
        if not 1 <= len(text.strip()) <= most:
            yield f"`{name}` is {shown(text)} in `{language}`, but must be a text of 1 to {most} characters."
    if languages and languages[0] not in texts:
        yield f"`{name}` has no text in `{languages[0]}`, the shop's first language: add it."
