"""The five slots of a summary, filled from the customer's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.understanding.choosing import MOST, THOUGHTS, Thought, choose, signs
from supportterm.coach.understanding.clauses import Clause, clauses
from supportterm.coach.understanding.lines import LONGEST, Line, Quote, said_by
from supportterm.coach.understanding.phrases import Finder, fold
from supportterm.coach.understanding.references import About, Reference, references
from supportterm.coach.understanding.rules import Asking, Rules, forms, rules_of

Slot = Literal["happened", "about", "wants", "tried", "by_when"]

_MARK: Final = re.compile(r"\s?\?")
#: What ends a sentence, or begins another thought.
_STOP: Final = re.compile(r"[.!?;…\n–—]")

#: Words of a thought that may be one by itself.
_WHOLE: Final = 4


class Slots(Struct, frozen=True):
    """What the customer said, per slot; the quotes say where. All empty: nothing was recognised.

    ``happened``, ``wants``, ``by_when``: one quote at most, unless an agent or a model chose more.
    ``right``: a number that was wrong, as it stands in the quotes, and the one the customer gave instead.
    """

    happened: tuple[Quote, ...] = ()
    about: tuple[Reference, ...] = ()
    wants: tuple[Quote, ...] = ()
    tried: tuple[Quote, ...] = ()
    by_when: tuple[Quote, ...] = ()
    right: tuple[str, str] | None = None

    def empty(self) -> tuple[Slot, ...]:
        """The slots with nothing in them, in the order in which they are asked for."""
        filled: dict[Slot, bool] = {
            "happened": bool(self.happened),
            "about": bool(self.about),
            "wants": bool(self.wants),
            "tried": bool(self.tried),
            "by_when": bool(self.by_when),
        }
        return tuple(slot for slot, full in filled.items() if not full)

    def quotes(self) -> Iterator[Quote]:
        """Every place to highlight."""
        yield from self.happened
        yield from (one.quote for one in self.about)
        yield from self.wants
        yield from self.tried
        yield from self.by_when


def slots(lines: Sequence[Line], language: str, known: Sequence[str] = ()) -> Slots:
    """The slots of a conversation in ``language``; in one we have no words for, nothing is found.

    ``known``: order numbers and products that the shop knows this customer to have.
    """
    rules = rules_of(language)
    if rules is None:
        return Slots()
    said = [clause for clause in clauses(lines, rules) if not clause.small]
    found = found_by_words(lines, said, rules)
    about, right = put_right(lines, references(lines, rules, known))
    spoken = signs(lines, said, found, rules)
    chosen: dict[Thought, list[Clause]] = {
        slot: [one for one in said if any(_holds(one.quote, quote) for quote in found[slot])]
        or [said[at] for at in choose(slot, spoken) if slot != "wants" or not _says_why(said[at], rules)]
        for slot in THOUGHTS
    }
    happened = next(iter(chosen["happened"]), None)
    return Slots(
        happened=_joined(lines, said, happened, rules),
        about=tuple(one for one in about if not _in_passing(one, chosen["tried"], happened)),
        wants=tuple(_asked(lines, said, one, rules) for one in chosen["wants"]),
        # Who asks has not tried it yet.
        tried=tuple(one.quote for one in chosen["tried"] if one is not happened and not one.question),
        by_when=tuple(
            _apart(one, rules)
            if one in chosen["wants"] and _part(one, found["by_when"]) == one.quote
            else _with_reason(lines, said, one, _part(one, found["by_when"]), rules)
            for one in chosen["by_when"]
        ),
        right=right,
    )


def found_by_words(
    lines: Sequence[Line], said: Sequence[Clause], rules: Rules
) -> dict[Thought, Sequence[Quote]]:
    """What the words of the rules find for each slot."""
    wish = _wish(said, rules) or _answer(lines, said, rules.asks_wants, rules) or _wonders(said)
    tried = _tried(said, rules)
    if not tried and (answer := _answer(lines, said, rules.asks_tried, rules)):
        tried = [answer]
    happened = _happened(said, tried, wish, rules)
    by_when = _by_when(said, rules)
    return {
        "happened": [happened.quote] if happened else [],
        "wants": [wish.quote] if wish else [],
        "tried": [clause.quote for clause in tried if clause is not happened][: MOST["tried"]],
        "by_when": [by_when] if by_when else [],
    }


def _asked(lines: Sequence[Line], said: Sequence[Clause], wish: Clause, rules: Rules) -> Quote:
    """The words of a wish; a question's mark belongs to it, and so does what it begins with: "which of
    them fits the bike, the one I bought in May?"."""
    quote = wish.quote
    if not wish.question:
        return quote
    text = lines[quote.line].text
    start = quote.start
    plain = asking_in(wish.folded, rules) is None
    for clause in reversed(said[: said.index(wish) + 1] if plain else []):
        if clause.quote.line != quote.line or _STOP.search(text, clause.quote.end, quote.start):
            break
        if rules.asking.match(clause.folded):
            start = clause.quote.start
            break
    return _marked(text, start, quote)


def _asked_whole(lines: Sequence[Line], clause: Clause) -> Quote:
    return (
        _marked(lines[clause.quote.line].text, clause.quote.start, clause.quote)
        if clause.question
        else clause.quote
    )


def _marked(text: str, start: int, quote: Quote) -> Quote:
    """From there to the question's mark."""
    mark = _MARK.match(text, quote.end)
    end = mark.end() if mark else quote.end
    return Quote(quote.line, start, end, text[start:end])


def _part(clause: Clause, found: Sequence[Quote]) -> Quote:
    """The part of a thought that the rules found, if they did."""
    return next((one for one in found if _holds(clause.quote, one)), clause.quote)


def _with_reason(
    lines: Sequence[Line], said: Sequence[Clause], clause: Clause, part: Quote, rules: Rules
) -> Quote:
    """A thought that says why, with the word that says so: "…, so that we can leave on Sunday"."""
    at = said.index(clause)
    before = said[at - 1].quote if at else None
    if part != clause.quote or before is None or before.line != part.line:
        return part
    text = lines[part.line].text
    between = text[before.end : part.end]
    start = before.end + len(between) - len(between.lstrip(" ,"))
    reason = rules.reason.match(fold(text[start : part.end]))
    if reason is None or start >= part.start or start + reason.end() < part.start - 1:
        return part
    return Quote(part.line, start, part.end, text[start : part.end])


def _apart(wish: Clause, rules: Rules) -> Quote:
    """The part of a wish that says until when, or why then: what is left out of one stays in the other."""
    quote, folded = wish.quote, fold(wish.quote.text)
    reasons = [one for one in rules.reason.finditer(folded) if folded[: one.start()].endswith(", ")]
    for reason in reasons:
        if rules.time.search(folded, reason.end()):
            return _cut(quote, reason.start(), len(folded))
    time = rules.deadline.search(folded) if reasons else None
    return _cut(quote, time.start(), time.end()) if time else quote


def _cut(quote: Quote, start: int, end: int) -> Quote:
    return Quote(quote.line, quote.start + start, quote.start + end, quote.text[start:end])


def put_right(
    lines: Sequence[Line], about: Sequence[Reference]
) -> tuple[Sequence[Reference], tuple[str, str] | None]:
    """What is meant of what was named, and a number that was put right with the one in its place: after
    "no, it is 48214" the number before it is none of theirs any more."""
    corrected = max((n for n, line in enumerate(lines) if line.kind == "summary_corrected"), default=-1)
    if corrected < 0:
        return about, None
    new: dict[About, Reference] = {
        one.kind: one for one in about if one.kind != "product" and one.quote.line > corrected
    }
    wrong = [one for one in about if one.kind in new and one.quote.line < corrected]
    kept = [one for one in about if one not in wrong]
    right = (wrong[0].quote.text, new[wrong[0].kind].quote.text) if len(wrong) == 1 else None
    return kept, right


def _in_passing(one: Reference, tried: Sequence[Clause], happened: Clause | None) -> bool:
    """A product that was only used to try something: "on my laptop, too"."""
    if one.kind != "product" or (happened is not None and _holds(happened.quote, one.quote)):
        return False
    return any(
        clause is not happened
        and clause.quote.line == one.quote.line
        and clause.quote.start <= one.quote.start
        for clause in tried
    )


def _holds(quote: Quote, other: Quote) -> bool:
    return quote.line == other.line and quote.start <= other.start < quote.end


def ask(slot: Slot, language: str, *, familiar: bool) -> str:
    """The question to the customer that fills a slot; "" in a language we have no words for."""
    rules = rules_of(language)
    if rules is None:
        return ""
    sentence: str = getattr(rules.asks, slot)
    return forms(sentence)[familiar]


def asking_in(folded: str, rules: Rules) -> tuple[Asking, slice] | None:
    """The way in which a thought asks for something, and where it says what; None: it does not."""
    if not rules.any_want.search(folded) or rules.not_wants.search(folded):
        return None
    best: Asking | None = None
    rest = slice(0, 0)
    for one in rules.wants:
        found = one.found.search(folded)
        if found and (best is None or one.weight > best.weight):
            best = one
            rest = slice(*found.span("rest")) if "rest" in found.groupdict() else slice(0, 0)
    return (best, rest) if best else None


def trouble_in(folded: str, rules: Rules) -> int:
    """How surely a thought says what went wrong: 0 not at all, 1 that something took place, 2 that
    something did not, 3 surely."""
    if rules.strong.search(folded):
        return 3
    if rules.denied.search(folded) and not rules.own.search(folded):
        return 2
    return 1 if rules.weak.search(folded) else 0


def _tried(said: Sequence[Clause], rules: Rules) -> list[Clause]:
    """What says that it was tried, or in vain, or is followed by "but that didn't help"."""
    found = []
    for clause, after in zip_longest(said, said[1:]):
        in_vain = rules.in_vain.search(clause.folded)
        if rules.tried.search(clause.folded) or (in_vain and in_vain.start()):
            found.append(clause)
        elif after is not None and after.quote.line == clause.quote.line and not clause.question:
            whole = len(clause.folded.split()) >= _WHOLE
            found += [clause] if whole and rules.in_vain.match(after.folded) else []
    return found


def _wish(said: Sequence[Clause], rules: Rules) -> Clause | None:
    best, weight = None, 0
    for clause in said:
        found = asking_in(clause.folded, rules)
        if found and found[0].weight >= weight:
            best, weight = clause, found[0].weight
    return best


def _wonders(said: Sequence[Clause]) -> Clause | None:
    """The last question, where nothing else says what is wanted."""
    return next((clause for clause in reversed(said) if clause.question), None)


def _answer(lines: Sequence[Line], said: Sequence[Clause], asked: Finder, rules: Rules) -> Clause | None:
    """The first thought after an agent's question about it, unless it denies or names an order only."""
    for number, line in enumerate(lines):
        if said_by(line, "agent") and "?" in line.text and asked.search(fold(line.text[:LONGEST])):
            answer = next((clause for clause in said if clause.quote.line > number), None)
            if answer is None:
                return None
            first = fold(lines[answer.quote.line].text[:LONGEST]).lstrip()
            if _says_why(answer, rules):
                return None
            if not rules.no.match(first) and len(answer.folded.split()) > 1 and not answer.question:
                return answer
    return None


def _says_why(clause: Clause, rules: Rules) -> bool:
    """Whether a thought only says what a thing is for, and so by when: "it's for my son's birthday"."""
    if not rules.pronoun.match(clause.folded) or not rules.needs.search(clause.folded):
        return False
    return asking_in(clause.folded, rules) is None


def _happened(
    said: Sequence[Clause], tried: Sequence[Clause], wish: Clause | None, rules: Rules
) -> Clause | None:
    best, most = None, 0.0
    for number, clause in enumerate(said):
        score = float(trouble_in(clause.folded, rules))
        # "I ordered two, but …": what comes then is the trouble, however it is said. "I called, but …"
        # goes on with the call.
        if clause.contrast and number and not clause.question:
            score = score - 1.5 if said[number - 1] in tried else max(score, 2.5)
        if clause in tried:
            score -= 1.5
        if wish and clause.quote.line == wish.quote.line and clause.quote.start == wish.quote.start:
            score -= 0.5
        if rules.subordinate.match(clause.folded):
            score -= 1
        if score > most:
            best, most = clause, score
    return best


def _joined(
    lines: Sequence[Line], said: Sequence[Clause], happened: Clause | None, rules: Rules
) -> tuple[Quote, ...]:
    """What happened, from the thought on that it stands in contrast to ("I ordered black but …"), that
    holds its subject ("the lamp, which I bought in May, is broken"), or names it ("I bought a lamp and it is
    broken")."""
    if happened is None:
        return ()
    quote = _asked_whole(lines, happened)
    at = said.index(happened)
    before = said[at - 1].quote if at else None
    if before is None or before.line != quote.line or happened.question:
        return (quote,)
    held = "," in before.text and lines[quote.line].text[before.end : quote.start].strip() == ","
    between = lines[quote.line].text[before.end : quote.start]
    named = rules.pronoun.match(happened.folded) is not None and not _STOP.search(between)
    if happened.contrast or held or named:
        start = before.start
        return (Quote(quote.line, start, quote.end, lines[quote.line].text[start : quote.end]),)
    return (quote,)


def _by_when(said: Sequence[Clause], rules: Rules) -> Quote | None:
    best = None
    for clause in said:
        if rules.past.search(clause.folded):
            continue
        found = rules.deadline.search(clause.folded)
        if rules.needs.search(clause.folded) and rules.time.search(clause.folded):
            best = clause.quote
        elif found and clause.text[slice(*found.span())] in clause.quote.text:
            words = clause.text[slice(*found.span())]
            start = clause.quote.start + clause.quote.text.index(words)
            best = Quote(clause.quote.line, start, start + len(words), words)
        elif found:
            best = clause.quote
    return best
