"""A summary in one or two sentences, in the agent's mouth: "ik heb mijn" becomes "u heeft uw"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from supportterm.coach.understanding.lines import Quote
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.references import Reference
from supportterm.coach.understanding.rules import Rules, forms, rules_of
from supportterm.coach.understanding.slots import Slots, asking_in, trouble_in
from supportterm.coach.understanding.turning import EDGES, turned

#: A quotation mark that opens a word, and whether one closes behind it.
_OPENED: Final = re.compile(r"(?<!\S)['\"‘“„](?=\w)(?!.*\w['\"’”](?!\w))")
#: Letters of a word that surely says why.
_LONG: Final = 5
#: Characters between two thoughts that belong together.
_NEAR: Final = 3


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
    label = label.strip(EDGES)
    return forms(rules.sentences.chosen)[familiar].replace("{rest}", label) if rules is not None else label


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
        if facts and not tried and self._slots.happened[-1].text.endswith("?"):
            first += "?"
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
            if wished := self._wished(quote.text):
                self._told.append(quote)
                out.append(wished)
        return ", ".join(out)

    def _wished(self, text: str) -> str:
        repaired = self._rules.spelling.repaired(text)
        asking = asking_in(repaired.folded, self._rules)
        sentences = self._rules.sentences
        if asking is None:
            # Who types fast asks without the sign; and what went wrong is nobody's wish.
            question = text.endswith("?") or self._rules.asking.match(repaired.folded) is not None
            if not question and trouble_in(repaired.folded, self._rules) > 1:
                return ""
            form = sentences.wonders if question else sentences.answered
            return self._said_as(form, text, question=question)
        if "{all}" in asking[0].say:
            return self._said_as(asking[0].say.replace("{all}", "{rest}"), repaired.text)
        return self._said_as(asking[0].say, repaired.text[asking[1]])

    def _said_as(self, sentence: str, text: str, *, question: bool = False) -> str:
        """Their words in a sentence of ours, without a reason that we cannot turn; "": we cannot at all."""
        form = self._form(sentence)
        if "{rest}" not in form:
            return form.strip()
        words = self._turned(text, question=question)
        return form.replace("{rest}", words).strip() if words else ""

    def _turned(self, text: str, *, question: bool = False) -> str:
        text = _OPENED.sub("", text)
        words = turned(text, self._rules, familiar=self._familiar, question=question)
        folded = fold(text)
        for reason in self._rules.reason.finditer(folded) if not words else ():
            # Short ones ("as", "for") say why behind a comma only.
            if folded[: reason.start()].endswith(", ") or len(reason[0]) >= _LONG:
                return turned(text[: reason.start()], self._rules, familiar=self._familiar, question=question)
        return words

    def _thoughts(self, quotes: Iterable[Quote]) -> list[str]:
        out = []
        for quote in quotes:
            if self._is_told(quote):
                continue
            if quote.text.endswith("?"):
                words = self._said_as(self._rules.sentences.wonders, quote.text, question=True).rstrip("?")
            else:
                words = self._righted(self._turned(quote.text))
            if words:
                self._told.append(quote)
                out.append(words)
        return out

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
            if not self._is_told(quote) and (words := self._until(quote)):
                self._told.append(quote)
                out.append(words)
        return "".join(out)

    def _until(self, quote: Quote) -> str:
        """How a time or the thought with it goes on; "" if it cannot stand without what is left out."""
        sentences = self._rules.sentences
        folded = fold(quote.text)
        # A time alone ("before friday") goes on; a thought of its own is one more.
        if self._rules.deadline.fullmatch(folded):
            goes_on = sentences.by_when if self._slots.wants else sentences.settled
            return self._form(goes_on).format(rest=self._turned(quote.text))
        reason = self._rules.reason.match(folded)
        text = quote.text[reason.end() :] if reason else quote.text
        words = self._turned(text)
        if not words:
            return ""
        if self._follows(quote):
            if reason:
                return self._form(sentences.by_when).format(
                    rest=f"{quote.text[: reason.end()].lower()} {words}"
                )
            return self._form(sentences.also).format(rest=words)
        # "Since …", "so then …" of what is not said: half a sentence.
        if reason or self._rules.refers.match(fold(words)):
            return ""
        return self._form(sentences.also).format(rest=words)

    def _follows(self, quote: Quote) -> bool:
        """Whether what it goes on from is what the draft says right before it."""
        said = [one for one in self._told if one in self._slots.wants] or self._told
        last = said[-1] if said else None
        return last is not None and last.line == quote.line and 0 <= quote.start - last.end <= _NEAR

    def _about(self) -> str:
        out = []
        for one in self._slots.about:
            told = self._is_told(one.quote) or one.quote.text in self._said
            if one.kind != "product" and not told:
                out.append(self._named(one))
        products = [one.quote for one in self._slots.about if one.kind == "product"]
        if not self._told and not out:
            out = [one.text for one in products][:1]
        elif products and self._points_at(products):
            out.insert(0, products[0].text)
        return ", ".join(out[:3])

    def _points_at(self, products: list[Quote]) -> bool:
        """Whether what happened begins with "it is", of what was named in a thought that is left out."""
        first = next((one for one in self._slots.happened if one in self._told), None)
        if first is None or not self._rules.pronoun.match(fold(first.text)):
            return False
        return not any(self._is_told(one) for one in products)

    def _named(self, one: Reference) -> str:
        sentences = self._rules.sentences
        sentence = sentences.code if one.kind == "code" else sentences.order
        return self._form(sentence).format(rest=one.quote.text)

    def _is_told(self, quote: Quote) -> bool:
        return any(quote == told or _within(quote, told) for told in self._told)
