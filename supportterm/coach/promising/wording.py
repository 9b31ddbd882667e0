"""The words of a language, as data: one file ``words/<language>.toml`` each (see docs/promises.md)."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from supportterm.coach.promising.checking import complaints

Phrases = tuple[str, ...]
#: One phrase list for each weekday from Monday, or for each month from January.
Seven = Annotated[tuple[Phrases, ...], Meta(min_length=7, max_length=7)]
Twelve = Annotated[tuple[Phrases, ...], Meta(min_length=12, max_length=12)]
Minutes = Annotated[int, Meta(ge=-59, le=59)]
Milliseconds = Annotated[int, Meta(ge=30_000, le=7 * 86_400_000)]


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file's part; an unknown key in it is refused."""


class Units(Part, frozen=True, kw_only=True):
    """What time is counted in; ``quarter``: of an hour; ``workday``: a day on which the shop is open."""

    second: Phrases
    minute: Phrases
    quarter: Phrases
    hour: Phrases
    day: Phrases
    week: Phrases
    workday: Phrases


class Spans(Part, frozen=True, kw_only=True):
    """How long. ``half`` before a unit, ``one_half`` is 1.5 of it, ``and_half`` adds a half before the unit,
    ``unit_and_half`` after it. ``future`` leads a time to come; ``about`` may stand before a number."""

    half: Phrases
    one_half: Phrases
    and_half: Phrases
    unit_and_half: Phrases
    article: Phrases
    about: Phrases
    range: Phrases
    unit_or: Phrases
    plus: Phrases
    future: Phrases
    fixed: dict[str, Milliseconds] = {}


class Clocks(Part, frozen=True, kw_only=True):
    """By when. ``lead`` stands before an hour or a part of a day, ``bare`` before a number that alone is an
    hour ("by 5"); what stands after ``not_before`` is no deadline,
    and after ``until`` only of who is ``away``; ``then`` is
    the time said before it; ``half_to`` 5 is 4:30, ``half_past``
    5 is 5:30; ``after``: minutes said after an hour."""

    lead: Phrases
    bare: Phrases
    not_before: Phrases
    until: Phrases
    then: Phrases = ()
    between: Phrases
    between_and: Phrases
    oclock: Phrases
    am: Phrases
    pm: Phrases
    half_to: Phrases
    half_past: Phrases
    past: Phrases
    to: Phrases
    quarter: Phrases
    noon: Phrases
    midnight: Phrases
    after: dict[str, Minutes] = {}


class Days(Part, frozen=True, kw_only=True):
    """Which day. ``next``: before a weekday, the one after this week's. ``same``: the day
    that was named before; if none was, today. ``dated`` leads to a day of the month ("on the 5th").
    ``wishes`` only look like a time: "good morning", "have a nice weekend"."""

    today: Phrases
    same: Phrases
    tomorrow: Phrases
    after_tomorrow: Phrases
    this_week: Phrases
    next_week: Phrases
    on: Phrases
    next: Phrases
    weekdays: Seven
    months: Twelve
    ordinal: Phrases = ()
    dated: Phrases = ()
    wishes: Phrases = ()


class DayParts(Part, frozen=True, kw_only=True):
    """A part of a day: alone (``morning``), or one that says the day, too (``today_morning``)."""

    morning: Phrases
    afternoon: Phrases
    evening: Phrases
    end: Phrases
    today_morning: Phrases
    today_afternoon: Phrases
    today_evening: Phrases
    today_end: Phrases


class Commitment(Part, frozen=True, kw_only=True):
    """What makes a time somebody's word.

    - A sentence of ``who`` with a verb: ``strong`` to be back or to tell, ``weak`` to look something up.
      ``plainly``: so plainly that nothing said of the shop in general beside it counts ("I'll call you after
      the meeting"). ``colleague``: who else it may be, and ``pointing`` says so again ("they'll call you").
      ``me``: who promises with any verb what is soon.
    - ``says``: phrases that need no ``who``. ``asks``: for a stretch of time ("give me #d"); ``waits``: that
      the customer waits, unless they are told to do something meanwhile.
    - Beside another clause: ``takes`` how long it takes ("it takes #d, I'll mail you"); ``vouches`` makes it
      somebody's word ("I'll see to that myself"); ``gets``, what the customer gets of what somebody does.
    - ``away``: who is not there, until when. ``filler``: words beside which a bare time is a request for it
      ("5 minutes please").
    """

    who: Phrases
    plainly: Phrases = ()
    strong: Phrases
    weak: Phrases
    says: Phrases
    asks: Phrases
    waits: Phrases
    me: Phrases
    colleague: Phrases
    pointing: Phrases
    vouches: Phrases
    away: Phrases
    gets: Phrases
    takes: Phrases
    filler: Phrases


class Veto(Part, frozen=True, kw_only=True):
    """What makes a time no promise, whoever speaks (``past``, ``question``, ``condition``, ``general``,
    ``negation``), or unless somebody will tell (``goods``). ``yours``: what the customer does, can do or is
    told to. ``allowed``: phrases that only look like it."""

    past: Phrases
    question: Phrases
    condition: Phrases
    general: Phrases
    negation: Phrases
    goods: Phrases
    yours: Phrases
    allowed: Phrases


class Clauses(Part, frozen=True, kw_only=True):
    """Where a sentence parts: before a word of ``joining`` that one of ``subjects`` follows (at once, if it
    is ``direct``), and always before one of ``opening``. After one of ``adding`` the subject may be that of
    the clause before; one of ``asking`` begins what somebody will find out ("I'll check whether").
    ``abbreviations`` end with a point that ends no sentence; so do ``titles``, also before a capital ("Dr.
    Kern")."""

    joining: Phrases
    subjects: Phrases
    direct: Phrases
    opening: Phrases
    adding: Phrases
    asking: Phrases
    abbreviations: Phrases
    titles: Phrases = ()


class Vague(Part, frozen=True, kw_only=True):
    """Promises without a time. ``words`` promise wherever they stand; ``sure`` do so even in a question;
    ``with_word`` only beside a commitment; ``last`` only where nothing follows them."""

    ms: Milliseconds
    sure: Phrases = ()
    words: Phrases = ()
    with_word: Phrases = ()
    last: Phrases = ()


class Holding(Part, frozen=True, kw_only=True):
    """What says nothing new: ``lines``, and words that may stand ``beside`` them; ``clauses`` of which each
    says only that somebody is still at it, or sorry; ``feeling``: clauses that only say how the customer must
    feel, which ask for nothing by themselves."""

    lines: Phrases
    beside: Phrases
    clauses: Phrases = ()
    feeling: Phrases = ()


class Replacing(Part, frozen=True, kw_only=True):
    """In a vague promise ``find`` becomes ``put``, whose ``{time}`` is e.g. "in 2 minutes"."""

    find: str
    put: str


class Saying(Part, frozen=True, kw_only=True):
    """How we write a time: one and many of each unit, ``in`` before it, ``alone`` as a whole sentence."""

    decimal: str
    hour_and_half: str

    second: tuple[str, str]
    minute: tuple[str, str]
    hour: tuple[str, str]
    day: tuple[str, str]
    #: Many days after `Spans.future`, where a language has another form for it.
    days_after: str = ""
    and_: str = msgspec.field(name="and")
    in_: str = msgspec.field(name="in")
    #: A named time: ``{hour}`` and ``{minute}``; ``today`` that ``{time}``, or ``on`` a ``{day}``:
    #: ``tomorrow``, one of ``weekdays``, or a ``date`` of ``{day}`` and ``{month}``.
    clock: str
    today: str
    tomorrow: str
    on: str
    weekdays: Annotated[tuple[str, ...], Meta(min_length=7, max_length=7)]
    months: Annotated[tuple[str, ...], Meta(min_length=12, max_length=12)]
    date: str
    #: As ``alone``, of a named time.
    alone_at: str
    alone: str
    replacing: tuple[Replacing, ...] = ()


class Wording(Part, frozen=True, kw_only=True):
    """A whole file. In phrases ``a|b`` in brackets is either, ``?`` after a word or bracket means it may be
    absent, ``...`` some words between, ``_`` one, ``*`` the rest of a word or how it begins, ``#d`` a stretch
    and ``#t`` a time."""

    numbers: dict[str, Annotated[float, Meta(ge=0, le=1000)]]
    units: Units
    spans: Spans
    clocks: Clocks
    days: Days
    parts: DayParts
    commitment: Commitment
    veto: Veto
    clauses: Clauses
    vague: tuple[Vague, ...]
    holding: Holding
    saying: Saying
    #: Common words by which the language is known.
    common: Phrases
    #: Letters that are written before a vowel with an apostrophe, or without it: "j'appelle", "t'envoie".
    elided: str = ""
    #: Words that are read even with one letter wrong; others that are then not meant.
    forgiven: Phrases = ()
    unlike: Phrases = ()
    #: Misspellings one letter does not explain, and short forms: what is written, and what is meant.
    spellings: dict[str, str] = {}


class BadWords(ValueError):
    """A file that cannot be used. The message names the file, the key, and where it can the right one."""


def read(name: str, raw: bytes) -> Wording:
    """The words in a file called ``name``. Raises `BadWords`."""
    try:
        wording = msgspec.convert(tomllib.loads(raw.decode()), Wording, strict=False)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadWords(f"{name} is no TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise BadWords(f"{name}: {_explained(str(error))}") from error
    for path, wrong in complaints(wording):
        raise BadWords(f"{name}: `{path}`: {wrong}.")
    return wording


def folder() -> Traversable:
    """Where the files of our languages lie."""
    return files(__package__) / "words"


def languages(where: Traversable) -> tuple[str, ...]:
    """The languages there is a file for, in order of their names."""
    names = (file.name for file in where.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+?)`(?: - at `\$\.?(.*)`)?")
_MISSING: Final = re.compile(r"Object missing required field `(.+?)`(?: - at `\$\.?(.*)`)?")
_OTHER: Final = re.compile(r"(.*) - at `\$\.?(.*)`")


def _explained(error: str) -> str:
    if found := _UNKNOWN.fullmatch(error):
        key, path = found[1], found[2] or ""
        near = get_close_matches(key, _keys(path), 1)
        hint = f"; did you mean `{near[0]}`?" if near else "."
        return f"there is no key `{_joined(path, key)}`{hint}"
    if found := _MISSING.fullmatch(error):
        return f"the key `{_joined(found[2] or '', found[1])}` is missing."
    if found := _OTHER.fullmatch(error):
        return f"`{found[2]}`: {found[1]}."
    return error


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _keys(path: str) -> list[str]:
    """The keys there are in a part of the file."""
    part: Any = Wording
    for name in re.sub(r"\[.*?\]", "", path).split(".") if path else ():
        field = next((one for one in msgspec.structs.fields(part) if one.encode_name == name), None)
        if field is None:
            return []
        inner = field.type
        part = inner.__args__[0] if getattr(inner, "__origin__", None) is tuple else inner
    return [one.encode_name for one in msgspec.structs.fields(part)]
