"""A summary in one or two sentences, in the agent's mouth: "ik heb mijn" becomes "u heeft uw"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from supportterm.coach.understanding.lines import Quote
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.references import Reference
from supportterm.coach.understanding.rules import Rules, Turning, forms, rules_of
from supportterm.coach.understanding.slots import Slots, asking_in

_EDGES: Final = " \t\r\n,;:.!?…"
_SPACE: Final = re.compile(r"\s+")


def draft(slots: Slots, language: str, *, familiar: bool) -> str:
    """The summary to send, to be edited first; "" if there is nothing to say or no words for it."""
    rules = rules_of(language)
    if rules is None:
        return ""
    return _Draft(slots, rules, familiar).text()


def before_options(language: str, *, familiar: bool) -> str:
    """What is said above two or three solutions; "" in a language we have no words for."""
    rules = rules_of(language)
    return forms(rules.sentences.options)[familiar] if rules is not None else ""


def after_choice(label: str, language: str, *, familiar: bool) -> str:
    """How the answer to a choice begins; the solution alone in a language we have no words for."""
    rules = rules_of(language)
    label = label.strip(_EDGES)
    return forms(rules.sentences.chosen)[familiar].replace("{rest}", label) if rules is not None else label


def turned(text: str, rules: Rules, *, familiar: bool, question: bool = False) -> str:
    """A customer's words in the agent's mouth: persons turned, and the verbs with them.

    A ``question`` begins with its verb, and no pronoun was left out there.
    """
    text = _SPACE.sub(" ", rules.spelling.repaired(text).text).strip(_EDGES)
    while (filler := rules.filler.match(fold(text))) and filler.end():
        text = text[filler.end() :].lstrip(_EDGES)
    folded = fold(text)
    first = None if question else rules.turn_start.found.match(folded)
    if first:
        start = _becomes(first, rules.turn_start, familiar)
        return f"{start}{_turned(text[first.end() :], rules, familiar)}"
    turned = _turned(text, rules, familiar)
    return _small(turned, text) if rules.sentences.small_first else turned


def _turned(text: str, rules: Rules, familiar: bool) -> str:
    out: list[str] = []
    end = 0
    folded = fold(text)
    for found in rules.turn.found.finditer(folded):
        if found.start() < end:
            continue
        verb = _verb(text, folded, found, rules, familiar)
        out += text[end : found.start()], verb[0] if verb else _becomes(found, rules.turn, familiar)
        end = verb[1] if verb else found.end()
    return "".join([*out, text[end:]])


def _verb(
    text: str, folded: str, pronoun: re.Match[str], rules: Rules, familiar: bool
) -> tuple[str, int] | None:
    """A pronoun with a verb that no list has, turned by its ending, and where it ends."""
    for one in rules.regular:
        if one.first and pronoun.start():
            continue
        found = one.found.match(folded, pronoun.start())
        # Longer words of the list know better.
        if found and found.end() > pronoun.end() and found["stem"] not in one.never:
            return one.say[familiar].replace("{stem}", text[slice(*found.span("stem"))]), found.end()
    return None


def _becomes(found: re.Match[str], turning: Turning, familiar: bool) -> str:
    return turning.becomes[_SPACE.sub(" ", found[0])][familiar]


def _small(text: str, before: str) -> str:
    """Begun with a small letter, unless the word is written in capitals ("IBAN", "I-phone")."""
    word = text.split(" ", 1)[0]
    if word[:1].isupper() and (not word[1:] or word[1:].islower()) and before[:1] == text[:1]:
        return text[:1].lower() + text[1:]
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _within(quote: Quote, whole: Quote) -> bool:
    inside = quote.line == whole.line and whole.start <= quote.start and quote.end <= whole.end
    return inside and quote != whole


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


class _Draft:
    def __init__(self, slots: Slots, rules: Rules, familiar: bool) -> None:
        self._slots = slots
        self._rules = rules
        self._familiar = familiar
        self._told: list[Quote] = []
        self._said: set[str] = set()

    def text(self) -> str:
        wish = self._wish()  # first, so that what it says is not said twice
        facts = self._thoughts(self._slots.happened)
        tried = self._thoughts(self._slots.tried)
        by_when = self._by_when()
        about = self._about()
        sentences = self._rules.sentences
        first = ", ".join(facts)
        if about and first:
            first = f"{first} ({about})"
        elif about:
            first = self._form(sentences.only_about).format(rest=about)
        for one in tried:
            first = first + self._form(sentences.also).format(rest=one) if first else one
        if wish and by_when:
            wish += by_when
        elif by_when and first:
            first += by_when
        if not first and not wish:
            return ""
        parts = [_ended(f"{self._form(sentences.opening)} {first or wish}")]
        if first and wish:
            parts.append(_ended(_capital(wish)))
        return " ".join([*parts, self._form(sentences.question)])

    def _form(self, sentence: str) -> str:
        return forms(sentence)[self._familiar]

    def _wish(self) -> str:
        out = []
        for quote in self._slots.wants:
            # "I want to cancel but the button …": the trouble says the wish with it.
            if any(_within(quote, whole) for whole in self._slots.happened):
                continue
            self._told.append(quote)
            out.append(self._wished(quote.text))
        return ", ".join(out)

    def _wished(self, text: str) -> str:
        repaired = self._rules.spelling.repaired(text)
        asking = asking_in(repaired.folded, self._rules)
        if asking is None:
            question = text.endswith("?")
            thought = turned(text, self._rules, familiar=self._familiar, question=question)
            sentences = self._rules.sentences
            return self._form(sentences.wonders if question else sentences.answered).format(rest=thought)
        if "{all}" in asking[0].say:
            asking = asking[0], slice(None)
        rest = turned(repaired.text[asking[1]], self._rules, familiar=self._familiar)
        return self._form(asking[0].say).replace("{rest}", rest).replace("{all}", rest).strip()

    def _thoughts(self, quotes: Iterable[Quote]) -> list[str]:
        out = []
        for quote in quotes:
            if not self._is_told(quote):
                self._told.append(quote)
                out.append(self._righted(turned(quote.text, self._rules, familiar=self._familiar)))
        return [one for one in out if one]

    def _righted(self, text: str) -> str:
        """With the number that the customer gave instead of this one."""
        right = self._slots.right
        if right is None or right[0] not in text:
            return text
        self._said.add(right[1])
        return text.replace(*right)

    def _by_when(self) -> str:
        out = []
        for quote in self._slots.by_when:
            if not self._is_told(quote):
                self._told.append(quote)
                words = turned(quote.text, self._rules, familiar=self._familiar)
                # A time alone ("before friday") goes on; a thought of its own is one more.
                short = self._rules.deadline.fullmatch(fold(quote.text)) is not None
                sentence = self._rules.sentences.by_when if short else self._rules.sentences.also
                out.append(self._form(sentence).format(rest=words))
        return "".join(out)

    def _about(self) -> str:
        out = []
        for one in self._slots.about:
            told = self._is_told(one.quote) or one.quote.text in self._said
            if one.kind != "product" and not told:
                out.append(self._named(one))
        if not self._told and not out:
            out = [one.quote.text for one in self._slots.about if one.kind == "product"][:1]
        return ", ".join(out[:3])

    def _named(self, one: Reference) -> str:
        sentences = self._rules.sentences
        sentence = sentences.code if one.kind == "code" else sentences.order
        return self._form(sentence).format(rest=one.quote.text)

    def _is_told(self, quote: Quote) -> bool:
        return any(quote == told or _within(quote, told) for told in self._told)
