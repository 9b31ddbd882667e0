"""The words of a language made ready to be found: read and compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple

from supportterm.coach import weightfile
from supportterm.coach.promising.folding import Token, fold, spelled_out, words_of
from supportterm.coach.promising.found import DAY, HOUR, MINUTE, SECOND, Clock, PartName
from supportterm.coach.promising.patterns import Phrasing, Table, literals, table
from supportterm.coach.promising.wording import BadWords, Vague, Wording, folder, languages, read

#: A word this short has too many neighbours to be read with a wrong letter.
_FORGIVEN: Final = 5

WORKDAY: Final = -1
#: What is weighed: whether a time is promised, and whether a sentence is a promise without one.
WEIGHED: Final = ("time", "vague")


class Vagueness(Struct, frozen=True):
    """One `Vague` compiled: ``sure``, ``words``, ``with_word`` and ``last`` are its phrases."""

    ms: int
    sure: Phrasing
    words: Phrasing
    with_word: Phrasing
    last: Phrasing


class Language:
    """A `Wording` and what finds its phrases. ``weights``: None where lists alone say what is promised."""

    def __init__(
        self, name: str, wording: Wording, weights: dict[str, weightfile.Weights] | None = None
    ) -> None:
        self.name: Final = name
        self.wording: Final = wording
        self.weights: Final = weights
        self.vocabulary: Final = frozenset(_every_word(wording))
        self._written: Final = _spellings(wording)
        self._near: Final = _neighbours(wording.forgiven)
        self._unlike: Final = frozenset(fold(word) for word in wording.unlike)

        units, spans, clocks = wording.units, wording.spans, wording.clocks
        #: Milliseconds of a unit; `WORKDAY` for a day on which the shop is open.
        self.unit: Final = Table(
            {
                **dict.fromkeys(units.second, SECOND),
                **dict.fromkeys(units.minute, MINUTE),
                **dict.fromkeys(units.quarter, 15 * MINUTE),
                **dict.fromkeys(units.hour, HOUR),
                **dict.fromkeys(units.day, DAY),
                **dict.fromkeys(units.week, 7 * DAY),
                **dict.fromkeys(units.workday, WORKDAY),
            }
        )
        self.number: Final = Table(wording.numbers)
        self.fixed: Final = Table(spans.fixed)
        self.half, self.one_half = table(spans.half), table(spans.one_half)
        self.and_half, self.unit_and_half = table(spans.and_half), table(spans.unit_and_half)
        self.article, self.about = table(spans.article), table(spans.about)
        self.range, self.unit_or, self.plus = table(spans.range), table(spans.unit_or), table(spans.plus)
        self.future: Final = table(spans.future)

        self.lead: Final = table((*clocks.lead, *clocks.bare))
        self.bare: Final = table(clocks.bare)
        self.not_before: Final = table(clocks.not_before)
        self.then: Final = table(clocks.then)
        self.until: Final = table(clocks.until)
        self.between, self.between_and = table(clocks.between), table(clocks.between_and)
        self.oclock, self.am, self.pm = table(clocks.oclock), table(clocks.am), table(clocks.pm)
        self.half_to, self.half_past = table(clocks.half_to), table(clocks.half_past)
        self.past, self.to, self.quarter = table(clocks.past), table(clocks.to), table(clocks.quarter)
        self.noon, self.midnight = table(clocks.noon), table(clocks.midnight)
        self.after: Final = Table(clocks.after)

        days = wording.days
        self.on, self.next, self.ordinal = table(days.on), table(days.next), table(days.ordinal)
        self.same: Final = table(days.same)
        self.dated, self.wishes = table(days.dated), table(days.wishes)
        self.month: Final = Table(_numbered(days.months, 1))
        self.part: Final = Table(_parts(wording))
        self.day: Final = Table(_days(wording))

        elided = wording.elided
        commitment, veto, clauses = wording.commitment, wording.veto, wording.clauses
        self.who: Final = Phrasing((*commitment.who, *commitment.colleague), elided)
        self.strong, self.weak = Phrasing(commitment.strong, elided), Phrasing(commitment.weak, elided)
        self.says, self.asks = Phrasing(commitment.says, elided), Phrasing(commitment.asks, elided)
        self.takes, self.waits = Phrasing(commitment.takes, elided), Phrasing(commitment.waits, elided)
        self.me, self.colleague = Phrasing(commitment.me, elided), Phrasing(commitment.colleague, elided)
        self.vouches: Final = Phrasing(commitment.vouches, elided)
        self.away, self.gets = Phrasing(commitment.away, elided), Phrasing(commitment.gets, elided)
        self.pointing: Final = table(commitment.pointing)
        self.filler: Final = table((*commitment.filler, *spans.about))
        self.bygone, self.general = Phrasing(veto.past), Phrasing(veto.general)
        self.plainly: Final = Phrasing(commitment.plainly)
        self.question, self.condition = Phrasing(veto.question), Phrasing(veto.condition)
        self.negation, self.goods = Phrasing(veto.negation), Phrasing(veto.goods)
        self.allowed, self.yours = Phrasing(veto.allowed), Phrasing(veto.yours)
        self.joining, self.opening = table(clauses.joining), table(clauses.opening)
        self.direct: Final = table(clauses.direct)
        self.adding, self.asking = table(clauses.adding), table(clauses.asking)
        self.subjects: Final = frozenset(word for one in clauses.subjects for word in words_of(one))
        self.abbreviations: Final = frozenset(fold(one.rstrip(".")) for one in clauses.abbreviations)
        self.titles: Final = frozenset(fold(one.rstrip(".")) for one in clauses.titles)
        self.vague: Final = tuple(_vagueness(one, elided) for one in wording.vague)
        self.lines: Final = table(wording.holding.lines)
        self.still: Final = Phrasing(wording.holding.clauses, elided)
        self.feeling: Final = Phrasing(wording.holding.feeling, elided)
        self.beside: Final = frozenset(word for one in wording.holding.beside for word in words_of(one))

        #: A stretch begins with one of these, or a digit.
        self.counted: Final = _first_words(
            self.number, self.fixed, self.half, self.one_half, self.unit, self.article
        )
        #: A time of day begins with one of these, or a digit.
        self.hourly: Final = _first_words(
            self.number, self.noon, self.midnight, self.between, self.half_past, self.half_to, self.quarter
        )
        #: What names a time by the clock, or leads to it, begins with one of these, or a digit.
        self.clocked: Final = self.hourly | _first_words(
            self.lead, self.on, self.about, self.next, self.day, self.month, self.part
        )
        #: Without one of these, or a digit, there is no time.
        self.timed: Final = _first_words(
            self.number, self.fixed, self.half, self.one_half, self.unit
        ) | _first_words(self.noon, self.midnight, self.part, self.day, self.month)
        #: Without one of these words there is no vague promise.
        self.hazy: Final = frozenset(
            word
            for one in wording.vague
            for phrase in (*one.sure, *one.words, *one.with_word, *one.last)
            for word in literals(phrase)
        )
        self.triggers: Final = self.timed | self.hazy

    def prepare(self) -> None:
        """Compile every phrase now."""
        for one in (*vars(self).values(), *(part for vague in self.vague for part in astuple(vague))):
            if isinstance(one, Phrasing):
                one.prepare()

    def vetoes(self, said: str) -> bool:
        """Whether what is said is past, or of the shop and others in general."""
        left = self.allowed.cut_from(said)
        return self.bygone.within(left) or (self.general.within(left) and not self.plainly.within(said))

    def is_foreign(self, words: Sequence[str]) -> bool:
        """Whether another language of ours has more of the words. Lists know words that are a language's own,
        weights know any word."""
        ours = sum(word in self.vocabulary for word in words)
        return any(sum(word in other.vocabulary for word in words) > ours for other in every_language())

    def words(self, tokens: Iterable[Token]) -> list[str]:
        """The tokens' words as this language's tables have them."""
        written, vocabulary = self._written, self.vocabulary
        found = []
        for token in tokens:
            word = token.word
            if word not in vocabulary:
                word = written.get(word) or self._forgive(word)
            found.append(word)
        return found

    def _forgive(self, word: str) -> str:
        """The word that is meant by one with a letter wrong, missing, doubled or swapped; else the same."""
        if len(word) < _FORGIVEN or not word.isalpha() or word in self._unlike:
            return word
        near = self._near
        for key in (word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))):
            if (meant := near.get(key)) and meant[0] == word[0] and abs(len(meant) - len(word)) < 2:
                return meant
        return word


@cache
def language(name: str) -> Language | None:
    """A language by its code ("nl", "nl-BE"); None if there is no usable file for it."""
    return _usable().get(name.lower().replace("_", "-").split("-")[0])


@cache
def every_language() -> tuple[Language, ...]:
    """All languages that can be used."""
    return tuple(_usable().values())


def prepare() -> None:
    """Read and compile everything, for which the first keystroke would wait: for a thread at the start."""
    for one in every_language():
        one.prepare()


def troubles() -> tuple[str, ...]:
    """What is wrong with the files that cannot be used, a sentence each."""
    return _read()[1]


def _usable() -> dict[str, Language]:
    return _read()[0]


@cache
def _read() -> tuple[dict[str, Language], tuple[str, ...]]:
    return read_all(folder(), files(__package__) / "weights")


def read_all(where: Any, weighed: Any = None) -> tuple[dict[str, Language], tuple[str, ...]]:
    """Every file of a folder that can be used, by language, and what is wrong with the others. ``weighed``:
    the folder of their weights; where these cannot be used, lists alone say what is promised."""
    usable, wrong = {}, []
    for name in languages(where):
        file = f"{name}.toml"
        try:
            wording = read(file, (where / file).read_bytes())
        except BadWords as error:
            wrong.append(str(error))
            continue
        weights = None
        try:
            weights = weightfile.read(weighed / f"{name}.tsv", WEIGHED) if weighed else None
        except weightfile.BadWeights as error:
            wrong.append(str(error))
        usable[name] = Language(name, wording, weights)
    return usable, tuple(wrong)


def _first_words(*tables: Table[Any]) -> frozenset[str]:
    return frozenset(word for one in tables for word in one.by_first)


def _vagueness(one: Vague, elided: str) -> Vagueness:
    sure, words, with_word, last = (
        Phrasing(phrases, elided) for phrases in (one.sure, one.words, one.with_word, one.last)
    )
    return Vagueness(one.ms, sure, words, with_word, last)


def _numbered(lists: Iterable[tuple[str, ...]], first: int = 0) -> dict[str, int]:
    return {word: at for at, words in enumerate(lists, first) for word in words}


def _parts(wording: Wording) -> dict[str, PartName]:
    parts = wording.parts
    named: tuple[tuple[PartName, tuple[str, ...]], ...] = (
        ("morning", parts.morning),
        ("afternoon", parts.afternoon),
        ("evening", parts.evening),
        ("end", parts.end),
    )
    return {word: name for name, words in named for word in words}


def _days(wording: Wording) -> dict[str, Clock]:
    days, parts = wording.days, wording.parts
    found: dict[str, Clock] = {}
    plain = {
        **dict.fromkeys(days.tomorrow, Clock("later", 1)),
        **dict.fromkeys(days.after_tomorrow, Clock("later", 2)),
        **{word: Clock("weekday", at) for word, at in _numbered(days.weekdays).items()},
    }
    # Languages that write it in one word say "maandagochtend", "morgenmiddag".
    for word, day in plain.items():
        for part, name in _parts(wording).items():
            if " " not in word + part:
                found[word + part] = Clock(day.day, day.number, part=name)
        for noon in wording.clocks.noon:
            if " " not in word + noon:
                found[word + noon] = Clock(day.day, day.number, minute=12 * 60)  # "dienstagmittag"
    found.update(plain)
    found.update(dict.fromkeys((*days.today, *days.same), Clock("today")))
    found.update(dict.fromkeys(days.this_week, Clock("week", 0)))
    found.update(dict.fromkeys(days.next_week, Clock("week", 1)))
    found.update(dict.fromkeys(parts.today_morning, Clock("today", part="morning")))
    found.update(dict.fromkeys(parts.today_afternoon, Clock("today", part="afternoon")))
    found.update(dict.fromkeys(parts.today_evening, Clock("today", part="evening")))
    found.update(dict.fromkeys(parts.today_end, Clock("today", part="end")))
    return found


def _every_phrase(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    elif isinstance(value, tuple):
        for one in value:
            yield from _every_phrase(one)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in {"saying", "unlike", "spellings", "elided"}:
                yield from _every_phrase(getattr(value, name))


def _every_word(wording: Wording) -> Iterator[str]:
    for phrase in _every_phrase(wording):
        yield from literals(phrase)
    yield from _days(wording)


def _spellings(wording: Wording) -> dict[str, str]:
    """What else is written for a word: by those who lack its letters, or short."""
    found = {fold(word).replace("'", ""): fold(meant) for word, meant in wording.spellings.items()}
    for phrase in _every_phrase(wording):
        if phrase.isascii():
            continue
        for word in phrase.split():
            long = spelled_out(word)
            if long != fold(word):
                for written, meant in zip(literals(long), literals(word), strict=False):
                    found.setdefault(written, meant)
    return found


def _neighbours(forgiven: Iterable[str]) -> dict[str, str]:
    """Every forgiven word, whole and with one letter left out."""
    found: dict[str, str] = {}
    for word in map(fold, forgiven):
        for at in range(1, len(word)):
            found.setdefault(word[:at] + word[at + 1 :], word)
    return {**found, **{word: word for word in map(fold, forgiven)}}
