"""What to say about a text that is being written: at most one thing, and how to write it better."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from msgspec import Struct

from supportterm.coach.phrases import Found, Phrases, Token, folded, plain, tokens
from supportterm.coach.phrases import expanded as sequences
from supportterm.coach.tone.glossary import Glossary
from supportterm.coach.tone.rules import Rule, Rules, builtin

_FILL: Final = "…"


class Hint(Struct, frozen=True):
    """One phrase that could be kinder or clearer.

    ``start``, ``end``: the phrase in the text. ``text``: what one key puts in place of everything from
    ``start`` to before ``until``, with "…" where the agent fills in; None if there is only the reason.
    ``key``: to be kept once shown or dismissed, so that it does not come again for these words.
    ``why``: the key of a sentence that gives the reason.
    """

    rule: str
    kind: str
    key: str
    start: int
    end: int
    until: int
    text: str | None
    why: str


class Rewritten(NamedTuple):
    """A text with a hint's words put in place; ``start`` to ``end`` is to be selected (or the cursor)."""

    text: str
    start: int
    end: int


class _Language:
    """The rules of one language and one glossary, ready to search by."""

    def __init__(self, rules: Rules, glossary: Mapping[str, str]) -> None:
        self.phrases: Final[Phrases[Rule]] = Phrases()
        self.unless: Final[dict[str, Phrases[bool]]] = {}
        self.familiar: Final = frozenset(folded(word) for word in rules.familiar)
        for rule in rules.rules:
            for sequence in rule.phrases:
                self.phrases.add_sequence(sequence, rule)
            if rule.unless:
                made: Phrases[bool] = Phrases()
                for sequence in rule.unless:
                    made.add_sequence(sequence, True)
                self.unless[rule.name] = made
        # The shop's words rule over ours for the same term; "" says that it is fine.
        said = {sequence: words for term, words in glossary.items() for sequence in sequences(plain(term))}
        ours = {sequence: words for term, words in rules.jargon.items() for sequence in sequences(term)}
        theirs = {tuple(folded(word) for word in sequence) for sequence in said}
        ours = {
            sequence: words
            for sequence, words in ours.items()
            if tuple(folded(word) for word in sequence) not in theirs
        }
        for sequence, words in (ours | said).items():
            if words:
                name = " ".join(one for one in sequence if one not in "*^$<>")
                self.phrases.add_sequence(sequence, Rule(name, "jargon", (sequence,), (), words, words))

    def holds(self, found: Found[Rule], text: Sequence[Token]) -> bool:
        """Whether nothing near it makes it good."""
        unless = self.unless.get(found.value.name)
        if unless is None:
            return True
        first = found.first
        while first and text[first - 1].word:
            first -= 1
        last, sentences = found.last, 0
        while last < len(text) and sentences < 2:
            # Marks that follow each other end one sentence.
            sentences += not text[last].word and bool(text[last - 1].word)
            last += 1
        return not any(True for _ in unless.find(text[first:last]))


class Tone:
    """The hints of one shop: our rules, its glossary, and whether its agents say "je".

    ``rules``: by language; None: those that come with it. ``familiar``: languages in which the shop says
    "je" or "du" where a text does not show it.
    """

    def __init__(
        self,
        rules: Mapping[str, Rules] | None = None,
        glossary: Glossary | None = None,
        familiar: Collection[str] = (),
    ) -> None:
        self._rules: Final = builtin()[0] if rules is None else rules
        self._glossary: Final = glossary or {}
        self._familiar: Final = frozenset(familiar)
        self._ready: Final[dict[str, _Language]] = {}

    def hint(self, text: str, language: str, already: Collection[str] = ()) -> Hint | None:
        """The first phrase in ``text`` that is worth a hint; None: all is well.

        ``already``: the `Hint.key` of everything shown or dismissed in this chat, without the one that is
        on show now, so that it stays for as long as its words do. A language without rules has no hints.
        """
        return next((one for one in self.hints(text, language) if one.key not in already), None)

    def hints(self, text: str, language: str) -> Iterator[Hint]:
        """All of them, from the first word on; of those that begin together the longest comes first."""
        ready = self._language(language)
        if ready is None:
            return
        words = tokens(text)
        found = sorted(ready.phrases.find(words), key=lambda one: (one.first, -one.last, -one.width))
        familiar: bool | None = None
        reached = -1
        for one in found:
            if one.first < reached or not ready.holds(one, words):
                continue
            reached = one.last
            if familiar is None:
                familiar = self._is_familiar(ready, words, language)
            yield _hint(text, words, one, familiar)

    def _is_familiar(self, ready: _Language, words: Iterable[Token], language: str) -> bool:
        return any(token.word in ready.familiar for token in words) or language in self._familiar

    def _language(self, language: str) -> _Language | None:
        code = language if language in self._rules else language.partition("-")[0]
        if language not in self._ready:
            mine = {**self._glossary.get(language.partition("-")[0], {}), **self._glossary.get(language, {})}
            if code not in self._rules and not mine:
                return None
            if self._rules is builtin()[0]:
                self._ready[language] = _shared(code, tuple(mine.items()))
            else:
                self._ready[language] = _Language(self._rules.get(code, Rules()), mine)
        return self._ready[language]


@lru_cache(maxsize=32)
def _shared(code: str, glossary: tuple[tuple[str, str], ...]) -> _Language:
    """Our rules of a language with a glossary: they take long to make ready, and most shops have the same."""
    return _Language(builtin()[0].get(code, Rules()), dict(glossary))


@cache
def _usual() -> Tone:
    return Tone()


def hint(text: str, language: str, already: Collection[str] = ()) -> Hint | None:
    """`Tone.hint` by the rules that come with it, for a shop without a glossary."""
    return _usual().hint(text, language, already)


def rewrite(text: str, hint: Hint) -> Rewritten:
    """The text with the hint's words in place; the first "…" in them is selected.

    ``text`` must be the one that the hint is about. Raises `ValueError` if the hint has no words.
    """
    if hint.text is None:
        raise ValueError("this hint has nothing to put in place")
    before, after = text[: hint.start], text[hint.until :]
    if not hint.text:
        kept = after.lstrip(" ,:")
        if not before.strip() or before.rstrip()[-1:] in ".!?\n":
            kept = kept[:1].upper() + kept[1:]
        return Rewritten(before + kept, len(before), len(before))
    at = hint.text.find(_FILL)
    start = hint.start + (at if at >= 0 else len(hint.text))
    return Rewritten(before + hint.text + after, start, start + (1 if at >= 0 else 0))


def _hint(text: str, words: Sequence[Token], found: Found[Rule], familiar: bool) -> Hint:
    rule = found.value
    start, end = words[found.first].start, words[found.last - 1].end
    until, put = end, rule.familiar if familiar else rule.rewrite
    if put and (found.first == 0 or not words[found.first - 1].word):
        put = put[:1].upper() + put[1:]
    if put is not None and (rule.sentence or rule.then):
        closing = next((token for token in words[found.last :] if not token.word), None)
        # The sentence goes up to its mark, and the mark goes where the new words have their own.
        until = closing.start if closing else len(text.rstrip())
        if rule.then:
            put += text[end:until].rstrip() + rule.then
        if closing and text[closing.start] in ".!?…" and put.endswith((".", "?", _FILL)):
            until = closing.end
    if put == "" and text[end : end + 1] not in (",", ":", ""):
        put = None  # without a comma the words after it stand in the order that the phrase asks for
    key = f"{rule.name}:{' '.join(token.word for token in words[found.first : found.last])}"
    return Hint(rule.name, rule.kind, key, start, end, until, put, f"tone.{rule.kind}")
