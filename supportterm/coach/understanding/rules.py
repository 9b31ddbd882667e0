"""Language files read, checked and made ready: a file that is wrong is refused alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import msgspec

from supportterm.coach.understanding.phrases import Finder, any_of, fold, pattern, whole
from supportterm.coach.understanding.spelling import Spelling
from supportterm.coach.understanding.wordfile import Asks, Said, Sentences, WordFile

#: A word's last letters, which tell quickly whether it may end in a product's.
TAIL: Final = 4


@dataclass(frozen=True)
class Asking:
    """One way to ask for something."""

    found: Finder
    say: str
    weight: int


@dataclass(frozen=True)
class Turning:
    """Words and what they become in the agent's mouth, as (polite, familiar)."""

    found: Finder
    becomes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Verbs:
    """Verbs that are turned by their endings: ``say`` holds "{stem}", as (polite, familiar)."""

    found: Finder
    say: tuple[str, str]
    first: bool
    never: frozenset[str]


@dataclass(frozen=True)
class Agreeing:
    """Verbs of a pronoun, folded, and what they become as (polite, familiar, familiar before the pronoun).

    ``sure``: as (polite, familiar).
    """

    pronouns: frozenset[str]
    verbs: Mapping[str, tuple[str, str, str]]
    last: bool
    infinitive: frozenset[str]
    sure: tuple[bool, bool]


@dataclass(frozen=True)
class Rules:
    """One language, ready to use. Patterns are for folded text."""

    language: str
    small: Finder
    asking: Finder
    holding: Finder
    common: frozenset[str]
    everyday: frozenset[str]
    things: frozenset[str]
    asks_wants: Finder
    asks_tried: Finder
    spelling: Spelling
    breaks: Finder
    contrast: Finder
    abbreviation: Finder
    subordinate: Finder
    goes_on: Finder
    goes_on_with: Finder
    stops: Finder
    reason: Finder
    refers: Finder
    pronoun: Finder
    filler: Finder
    end: Finder
    order: Finder
    code: Finder
    not_order: Finder
    unit: Finder
    products: frozenset[str]
    plurals: tuple[str, ...]
    long_products: Finder
    product_ends: tuple[str, ...]
    product_tails: frozenset[str]
    postal: int
    strong: Finder
    weak: Finder
    denied: Finder
    own: Finder
    wants: tuple[Asking, ...]
    any_want: Finder
    not_wants: Finder
    tried: Finder
    in_vain: Finder
    deadline: Finder
    time: Finder
    needs: Finder
    past: Finder
    sentences: Sentences
    asks: Asks
    turn: Turning
    turn_start: Turning
    regular: tuple[Verbs, ...]
    agree: tuple[Agreeing, ...]
    broken: Finder
    yes: Finder
    more: Finder
    but: Finder
    no: Finder
    unclear: Finder
    opens: Finder
    nay: Finder
    closing: Mapping[str, tuple[Finder, str]]


class WordFileError(ValueError):
    """A language file is wrong: the message names file, rule and reason."""


def read(name: str, raw: bytes) -> Rules:
    """The rules of the file ``name`` ("nl.toml"). Raises WordFileError."""
    try:
        words = msgspec.convert(tomllib.loads(raw.decode()), WordFile)
    except UnicodeDecodeError as why:
        raise WordFileError(f"{name}: not in UTF-8 from byte {why.start} on") from None
    except tomllib.TOMLDecodeError as why:
        raise WordFileError(f"{name}: no TOML: {why}") from None
    except msgspec.ValidationError as why:
        reason, _, place = str(why).partition(" - at `$.")
        raise WordFileError(f"{name}: {place.rstrip('`') or 'the file'}: {reason}") from None
    try:
        return _Reading(name, words).rules()
    except WordFileError:
        raise
    except ValueError as why:
        raise WordFileError(f"{name}: {why}") from None


def load_all(folder: Traversable | None = None) -> tuple[dict[str, Rules], list[str]]:
    """The languages of a folder, by name, and what is wrong with the files that were refused."""
    folder = folder or files(__package__) / "words"
    found: dict[str, Rules] = {}
    problems: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            try:
                found[file.name.removesuffix(".toml")] = read(file.name, file.read_bytes())
            except (WordFileError, OSError) as why:
                problems.append(str(why))
    return found, problems


@cache
def _ours() -> tuple[dict[str, Rules], tuple[str, ...]]:
    found, problems = load_all()
    return found, tuple(problems)


def languages() -> tuple[str, ...]:
    """The languages that come with the package."""
    return tuple(_ours()[0])


def troubles() -> tuple[str, ...]:
    """What is wrong with files that come with the package: name, rule and reason. The others work."""
    return _ours()[1]


def rules_of(language: str) -> Rules | None:
    """The rules for "nl", "nl-BE" or "NL"; None: not a language we know."""
    return _ours()[0].get(re.split(r"[-_]", language.lower())[0])


def forms(sentence: str) -> tuple[str, str]:
    """The polite and the familiar form."""
    polite, bar, familiar = sentence.partition("|")
    return polite, familiar if bar else polite


def _opening(phrase: str) -> str:
    """The words that must stand before ``{rest}``, which tell quickly whether a phrase may be there."""
    return re.sub(r"(?:\s*\[[^\]]*\])*\s*\Z", "", phrase.partition("{rest}")[0])


class _Reading:
    """Reads one file; remembers which rule it is at, for the message."""

    def __init__(self, name: str, words: WordFile) -> None:
        self._name = name
        self._words = words

    def rules(self) -> Rules:
        words, phrases = self._words, self._phrases
        by_when = words.by_when
        return Rules(
            language=self._name.removesuffix(".toml"),
            small=phrases("talk.small", words.talk.small),
            asking=phrases("talk.asking", words.talk.asking),
            holding=phrases("talk.holding", words.talk.holding),
            common=frozenset(fold(word) for word in words.talk.common),
            everyday=frozenset(fold(word) for word in words.talk.everyday),
            things=frozenset(fold(word) for word in words.talk.things),
            asks_wants=phrases("talk.asks_wants", words.talk.asks_wants),
            asks_tried=phrases("talk.asks_tried", words.talk.asks_tried),
            spelling=Spelling(words.spelled, self._vocabulary()),
            breaks=self._breaks(),
            contrast=phrases("clauses.contrast", words.clauses.contrast),
            abbreviation=phrases("clauses.abbreviations", words.clauses.abbreviations),
            subordinate=phrases("clauses.holds", words.clauses.holds),
            goes_on=phrases("clauses.goes_on", words.clauses.goes_on),
            goes_on_with=phrases("clauses.joins", words.clauses.joins),
            stops=self._stops(),
            reason=phrases("clauses.reasons", words.clauses.reasons),
            refers=phrases("clauses.refers", words.clauses.refers),
            pronoun=phrases("clauses.pronouns", words.clauses.pronouns),
            filler=phrases("clauses.fillers", words.clauses.fillers),
            end=self._end(),
            order=phrases("references.order", words.references.order),
            code=phrases("references.code", words.references.code),
            not_order=phrases("references.not_order", words.references.not_order),
            unit=phrases("references.units", words.references.units),
            products=frozenset(fold(word) for word in words.references.products),
            plurals=tuple(fold(end) for end in words.references.plurals if end.strip()),
            long_products=phrases(
                "references.products", [word for word in words.references.products if " " in word]
            ),
            product_ends=self._product_ends(),
            product_tails=frozenset(word[-TAIL:] for word in self._product_ends()),
            postal=words.references.postal,
            strong=phrases("happened.strong", words.happened.strong),
            weak=phrases("happened.weak", words.happened.weak),
            denied=phrases("happened.denied", words.happened.denied),
            own=phrases("happened.own", words.happened.own),
            wants=self._wants(),
            any_want=any_of(_opening(phrase) for wish in words.wants for phrase in wish.match),
            not_wants=phrases("not_wants", words.not_wants),
            tried=phrases("tried", words.tried),
            in_vain=phrases("in_vain", words.in_vain),
            deadline=phrases(
                "by_when.before",
                [f"({'|'.join(by_when.before)}) ({'|'.join(by_when.times)})"] if by_when.before else [],
            ),
            time=phrases("by_when.times", by_when.times),
            needs=phrases("by_when.needs", by_when.needs),
            past=phrases("by_when.past", by_when.past),
            sentences=self._sentences(),
            asks=words.asks,
            turn=self._turning("turn", words.turn),
            turn_start=self._turning("turn_start", words.turn_start),
            regular=tuple(self._regular()),
            agree=tuple(self._agreeing()),
            broken=phrases("broken", words.broken),
            yes=phrases("answers.yes", words.answers.yes),
            more=phrases("answers.more", words.answers.more),
            but=phrases("answers.but", words.answers.but),
            no=phrases("answers.no", words.answers.no),
            unclear=phrases("answers.unclear", words.answers.unclear),
            opens=phrases("answers.opens", words.answers.opens),
            nay=phrases("answers.nay", words.answers.nay),
            closing={
                key: (phrases(f"closing.{key}.said", part.said), part.add) for key, part in self._closing()
            },
        )

    def _phrases(self, rule: str, phrases: Iterable[str]) -> Finder:
        found = []
        for number, phrase in enumerate(phrases, 1):
            try:
                found.append(pattern(phrase))
            except ValueError as why:
                raise WordFileError(f"{self._name}: {rule} {number}: {why}") from None
            if "{rest}" in phrase and rule != "wants":
                raise WordFileError(f"{self._name}: {rule} {number}: {{rest}} belongs in wants only")
        return whole(found)

    def _wants(self) -> tuple[Asking, ...]:
        found = []
        for number, wish in enumerate(self._words.wants, 1):
            for form in forms(wish.say):
                if form.replace("{rest}", "", 1).replace("{all}", "", 1).count("{"):
                    raise WordFileError(
                        f"{self._name}: wants {number}: say knows {{rest}} and {{all}} only, once"
                    )
            for phrase in wish.match:
                if not _opening(phrase).strip("^ "):
                    raise WordFileError(
                        f"{self._name}: wants {number}: {phrase!r} needs words before {{rest}}"
                    )
                if ("{rest}" in phrase) < ("{rest}" in wish.say):
                    raise WordFileError(f"{self._name}: wants {number}: {phrase!r} finds no {{rest}} to say")
                try:
                    found.append(Asking(self._phrases("wants", [phrase]), wish.say, wish.weight))
                except WordFileError as why:
                    reason = str(why).partition(": wants 1: ")[2]
                    raise WordFileError(f"{self._name}: wants {number}: {reason}") from None
        return tuple(found)

    def _sentences(self) -> Sentences:
        for key in (
            "order",
            "code",
            "only_about",
            "also",
            "settled",
            "by_when",
            "wonders",
            "answered",
            "chosen",
        ):
            for form in forms(getattr(self._words.sentences, key)):
                if form.count("{rest}") != 1 or form.count("{") != 1:
                    raise WordFileError(
                        f"{self._name}: sentences.{key}: needs {{rest}} once, and nothing else in braces"
                    )
        return self._words.sentences

    def _turning(self, rule: str, table: Mapping[str, str]) -> Turning:
        becomes: dict[str, tuple[str, str]] = {}
        for said, turned in table.items():
            key = " ".join(fold(said).split())
            if not key:
                raise WordFileError(f"{self._name}: {rule}: empty words cannot be turned")
            becomes[key] = forms(turned)
        longest = sorted(becomes, key=len, reverse=True)
        words = "|".join(re.escape(key).replace(r"\ ", r"\s+") for key in longest)
        return Turning(Finder(rf"(?<![\w'])(?:{words})(?![\w'])" if words else r"(?!)"), becomes)

    def _regular(self) -> Iterator[Verbs]:
        for number, one in enumerate(self._words.regular, 1):
            said = forms(one.say)
            if one.match.count("{stem}") != 1 or any(form.count("{stem}") != 1 for form in said):
                raise WordFileError(f"{self._name}: regular {number}: match and say need {{stem}} once")
            before, after = (re.escape(fold(part)) for part in one.match.split("{stem}"))
            last = f"(?<=[{re.escape(fold(one.ends))}])" if one.ends else ""
            found = Finder(rf"{before}(?P<stem>[^\W\d_]{{2,}}?){last}{after}(?![\w'])")
            yield Verbs(found, said, one.first, frozenset(map(fold, one.never)))

    def _agreeing(self) -> Iterator[Agreeing]:
        for number, one in enumerate(self._words.agree, 1):
            verbs = {}
            for verb, say in one.verbs.items():
                polite, _, familiar = say.partition("|")
                familiar, _, before = (familiar or polite).partition("|")
                if not verb.strip() or not (polite and familiar):
                    raise WordFileError(f"{self._name}: agree {number}: {verb!r} becomes nothing")
                verbs[fold(verb)] = polite, familiar, before or familiar
            yield Agreeing(
                frozenset(map(fold, one.pronouns)),
                verbs,
                one.last,
                frozenset(map(fold, one.infinitive)),
                ("polite" in one.sure, "familiar" in one.sure),
            )

    def _stops(self) -> Finder:
        """Where a thought ends for its verb."""
        clauses = self._words.clauses
        words = "|".join(pattern(word) for word in [*clauses.joins, *clauses.holds, *clauses.reasons])
        return Finder(rf"[,;:.!?…]|\s(?:{words or '(?!)'})(?=\s)")

    def _breaks(self) -> Finder:
        clauses = self._words.clauses
        self._phrases("clauses.joins", clauses.joins)
        self._phrases("clauses.subjects", clauses.subjects)
        self._phrases("clauses.holds", clauses.holds)
        holds = "|".join(pattern(word) for word in clauses.holds) or r"(?!)"
        joins = "|".join(pattern(word) for word in clauses.joins) or r"(?!)"
        subjects = "|".join(pattern(word) for word in clauses.subjects) or r"(?!)"
        return Finder(
            r"[.!?]+(?=[\s\"')]|\Z)|[\n;]+|\s[-–—]+\s|\.{2,}|…"
            rf"|,(?=\s)(?!\s+(?:{holds})(?!\w))"
            rf"|\s(?=(?:{joins})\s+(?:{subjects})(?!\w))"
        )

    def _end(self) -> Finder:
        ends = self._words.clauses.ends
        self._phrases("clauses.ends", ends)
        words = "|".join(pattern(word) for word in ends) or r"(?!)"
        return Finder(rf"(?:[\s,]+(?:{words}))+\Z")

    def _product_ends(self) -> tuple[str, ...]:
        """Short words end too many others: "ring" ends "levering"."""
        references = self._words.references
        return tuple(fold(word) for word in references.products if references.compounds and len(word) >= 5)

    def _closing(self) -> Iterator[tuple[str, Said]]:
        closing = self._words.closing
        yield from (
            ("solution", closing.solution),
            ("next_step", closing.next_step),
            ("open_door", closing.open_door),
        )

    def _vocabulary(self) -> Iterator[str]:
        """Words of the rules themselves: what they look for must be found misspelled, too."""
        words = self._words
        rules = [*words.happened.strong, *words.happened.weak, *words.tried, *words.not_wants]
        rules += [phrase for wish in words.wants for phrase in wish.match]
        # Products are left out: there are too many words one slip away from one ("blanche", "balance").
        rules += [*words.references.order, *words.by_when.times]
        for phrase in rules:
            yield from re.findall(r"(?<![\w*])\w+(?![\w*])", phrase.lower())
