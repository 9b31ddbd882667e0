"""Whether a time is somebody's word: vetoes first, then what commits."""

from __future__ import annotations

from collections.abc import Sequence

from supportterm.coach.promising.language import Language
from supportterm.coach.promising.sentences import Clause
from supportterm.coach.promising.times import Time


def promised(language: Language, words: Sequence[str], clauses: Sequence[Clause], time: Time) -> bool:
    """Whether a time in one of these clauses is a promise."""
    at = next((at for at, clause in enumerate(clauses) if clause.first <= time.first < clause.last), None)
    if at is None:
        return False
    clause = clauses[at]
    said = _said(language, words, clause, time)
    if language.vetoed.within(said):
        return False
    if language.asks.within(said):
        return not _refused(language, said, asks=True)
    if _refused(language, said) or clause.asked or _is_question(language, said):
        return False
    if time.bare and not time.led:
        return False
    by = said + _shared_subject(language, words, clauses, at)
    if (time.led or time.clock is not None) and (strong(language, said, by) or language.says.within(said)):
        return True
    if language.takes.within(said) and _borrows(language, words, clauses, at, time):
        return True
    if language.goods.within(said):
        return False
    if (time.led or time.clock is not None) and weak(language, said, by):
        return True
    return _naked(language, words, clause, time) and _borrows(language, words, clauses, at, time)


def strong(language: Language, said: str, by: str = "") -> bool:
    """Whether somebody of the shop says that they will be back or tell. ``by``: where who it is stands."""
    return language.strong.within(said) and language.who.within(by or said)


def weak(language: Language, said: str, by: str = "") -> bool:
    """Whether somebody of the shop says that they look something up."""
    return language.weak.within(said) and language.who.within(by or said)


def _shared_subject(language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int) -> str:
    """The clause before, where its subject goes for this one, too: "I'll check and let you know"."""
    clause = clauses[at]
    size = language.adding.size(words, clause.first)
    if not at or not size or clause.first + size >= clause.last:
        return ""
    # "Ich frage nach, wo es ist, und melde mich": what is asked has a subject of its own.
    before = next(
        (one for one in reversed(clauses[:at]) if not language.asking.size(words, one.first)), clauses[at - 1]
    )
    said = sentence_of(words, before.first, before.last)
    if words[clause.first + size] in language.subjects or _refused(language, said):
        return ""
    return said


def sentence_of(words: Sequence[str], first: int, last: int) -> str:
    """Words as patterns read them."""
    return f" {' '.join(words[first:last])} "


def _said(language: Language, words: Sequence[str], clause: Clause, time: Time) -> str:
    """A clause with the time as "#d" or "#t"."""
    sign = "#d" if time.clock is None else "#t"
    said = (
        sentence_of(words, clause.first, time.first)
        + sign
        + sentence_of(words, min(time.last, clause.last), clause.last)
    )
    return f" {said.strip()} ".replace("  ", " ")


def _refused(language: Language, said: str, *, asks: bool = False) -> bool:
    if language.condition.begins(said):
        return True
    if asks:
        return False
    return bool(language.negation.within(language.allowed.cut_from(said)))


def _is_question(language: Language, said: str) -> bool:
    return bool(language.question.within(said))


def _naked(language: Language, words: Sequence[str], clause: Clause, time: Time) -> bool:
    """Whether a clause is nothing but the time and words that say nothing."""
    at = clause.first
    while at < clause.last:
        if time.lead <= at < time.last:
            at = time.last
            continue
        size = language.filler.size(words, at) or language.future.size(words, at)
        if not size:
            return False
        at += size
    return True


def _borrows(
    language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int, time: Time
) -> bool:
    """Whether a bare time belongs to what is said beside it, or is asked for by itself."""
    clause = clauses[at]
    if time.clock is None and any(
        language.filler.size(words, place)
        for place in range(clause.first, clause.last)
        if not time.lead <= place < time.last
    ):
        return True
    for beside in (at - 1, at + 1):
        if not 0 <= beside < len(clauses):
            continue
        one = clauses[beside]
        said = sentence_of(words, one.first, one.last)
        if language.vetoed.within(said) or _refused(language, said) or _is_question(language, said):
            continue
        if one.asked:
            continue
        if strong(language, said) or weak(language, said) or language.says.within(said):
            return True
        if any(one.within(said) for vague in language.vague for one in (vague.sure, vague.words, vague.last)):
            return True
    return False
