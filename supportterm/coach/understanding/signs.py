"""Facts about a customer's way so far, for the agent only: counted, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.understanding.clauses import clauses
from supportterm.coach.understanding.lines import Line, said_by
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.references import Reference, references
from supportterm.coach.understanding.rules import Rules, rules_of
from supportterm.coach.understanding.slots import put_right
from supportterm.coach.understanding.talk import is_holding, is_question, telling_words

Sign = Literal["asked_again", "contact_again", "waiting_again"]

#: Two questions are the same from this share of common words on (of all their words, Jaccard 1901).
_ALIKE: Final = 0.5
_DAY: Final = 86_400_000


class Contact(Struct, frozen=True):
    """An earlier chat of this customer: what it was about (an order number), when it began, and the id of
    the reason that was given for it, if one was."""

    about: str
    at: int
    reason: str = ""


class From(Struct, frozen=True):
    """From when on a sign shows. ``wait_ms``: shorter silences are no wait."""

    asked: int = 3
    contacts: int = 3
    days: int = 30
    waits: int = 2
    wait_ms: int = 120_000


class Fact(Struct, frozen=True):
    """One sign: it happened ``times`` times, now included. ``why``: the lines that show it.

    ``about``: the number it concerns; ``days``: since the first of the contacts, begun days counting;
    ``before``: the earlier contacts, oldest first.
    """

    sign: Sign
    times: int
    why: tuple[int, ...]
    about: str = ""
    days: int = 0
    before: tuple[Contact, ...] = ()


def signs(
    lines: Sequence[Line],
    language: str,
    now: int,
    earlier: Sequence[Contact] = (),
    since: From | None = None,
) -> list[Fact]:
    """The signs that show at ``now`` (milliseconds since 1970 UTC), the weightiest first."""
    since = since or From()
    rules = rules_of(language)
    found = [
        _asked(lines, rules, since) if rules else None,
        _contacts(lines, rules, earlier, now, since) if rules else None,
        _waits(lines, rules, now, since),
    ]
    return [one for one in found if one]


def _asked(lines: Sequence[Line], rules: Rules, since: From) -> Fact | None:
    """The same question again and again, and nothing but holding lines between."""
    asked: list[tuple[int, frozenset[str], frozenset[str]]] = []
    for number, line in enumerate(lines):
        if said_by(line, "agent") and not is_holding(line.text, rules.language):
            asked.clear()
        elif said_by(line, "customer") and is_question(line.text, rules):
            numbers = frozenset(one.quote.text for one in references([line], rules) if one.kind == "order")
            asked.append((number, telling_words(line.text, rules), numbers))
    if not asked:
        return None
    last = asked[-1]
    same = tuple(one[0] for one in asked if one is last or _alike(one[1:], last[1:]))
    return (
        Fact("asked_again", len(same), same, next(iter(sorted(last[2])), ""))
        if len(same) >= since.asked
        else None
    )


def _alike(one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]) -> bool:
    if one[1] & other[1]:
        return True
    both = one[0] | other[0]
    return bool(both) and len(one[0] & other[0]) >= _ALIKE * len(both)


def orders(lines: Sequence[Line], language: str) -> tuple[str, ...]:
    """The order numbers that the customer's messages name, as written, each once; none that they put right
    later. In a language we have no words for there are none."""
    rules = rules_of(language)
    return tuple(one.quote.text for one in _orders(lines, rules)) if rules else ()


def _orders(lines: Sequence[Line], rules: Rules) -> list[Reference]:
    return [one for one in put_right(lines, references(lines, rules))[0] if one.kind == "order"]


def _contacts(
    lines: Sequence[Line], rules: Rules, earlier: Sequence[Contact], now: int, since: From
) -> Fact | None:
    """The number of this chat that most chats before it were about."""
    if not earlier:
        return None
    best: Fact | None = None
    recent = [one for one in earlier if now - since.days * _DAY <= one.at <= now]
    for one in _orders(lines, rules):
        number = fold(one.quote.text)
        found = (contact for contact in recent if fold(contact.about.lstrip("#")) == number)
        before = tuple(sorted(found, key=lambda contact: contact.at))
        times = len(before) + 1
        if times >= since.contacts and (best is None or times > best.times):
            days = max(1, -((before[0].at - now) // _DAY))
            best = Fact("contact_again", times, (one.quote.line,), one.quote.text, days, before)
    return best


def _waits(lines: Sequence[Line], rules: Rules | None, now: int, since: From) -> Fact | None:
    """How often the customer has waited long for the agent, if they do so now."""
    waits: list[int] = []
    first: int | None = None
    for number, line in enumerate(lines):
        if said_by(line, "customer"):
            first = number if first is None else first
        elif line.who == "agent" and line.kind in ("message", "summary_sent", "options_sent"):
            # A holding line ends no wait: it says that there will be one.
            if line.kind == "message" and rules and is_holding(line.text, rules.language):
                continue
            if first is not None and line.at - lines[first].at >= since.wait_ms:
                waits.append(first)
            first = None
    if first is None or now - lines[first].at < since.wait_ms or _said_goodbye(lines, first, rules):
        return None
    waits.append(first)
    return Fact("waiting_again", len(waits), tuple(waits)) if len(waits) >= since.waits else None


def _said_goodbye(lines: Sequence[Line], first: int, rules: Rules | None) -> bool:
    """Whether all the customer has said since is thanks: nobody waits for an answer to that."""
    return rules is not None and all(clause.small for clause in clauses(lines[first:], rules))
