"""Whether a time is somebody's word: vetoes first, then what commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from supportterm.coach.promising.found import HOUR
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.patterns import Phrasing
from supportterm.coach.promising.sentences import Clause
from supportterm.coach.promising.times import Time

#: What an agent says they will do so soon is done for the customer in this chat, whatever the verb.
_SOON: Final = HOUR
#: Words of a clause in which a number alone may be minutes: "brb 5", but not "five days instead of two".
_BRIEF: Final = 6
#: How many clauses after the time somebody may say that they will tell.
_LATER: Final = 3


def promised(
    language: Language,
    words: Sequence[str],
    clauses: Sequence[Clause],
    time: Time,
    around: tuple[str, str] = ("", ""),
) -> bool:
    """Whether a time in one of these clauses is a promise. ``around``: the sentences before and after them,
    as patterns read them; "" for a question."""
    at = next((at for at, clause in enumerate(clauses) if clause.first <= time.first < clause.last), None)
    if at is None:
        return False
    clause = _with_question(language, words, clauses, at, time)
    said = _said(language, words, clause, time)
    if at and _tells(language, words, clauses, at, time):
        clause, said = clauses[at - 1], _said(language, words, clauses[at - 1], time)
    if language.vetoes(said):
        return False
    # "I can't say whether I'll have it tomorrow".
    if at and clause is clauses[at] and language.asking.size(words, clause.first):
        asked_of = sentence_of(words, clauses[at - 1].first, clauses[at - 1].last)
        if language.negation.within(asked_of):
            return False
    # "I'm away until 3" and "give me until 3".
    if time.until and not language.away.within(said) and not language.asks.within(said):
        return False
    if _denied_before(language, words, clauses, at):
        return False
    ways = {said, _said(language, words, clause, time, led=True)}
    # "May I have #d" asks for it, "may I be back in #d" does not.
    asked = {said} if time.led else ways
    shared = shared_subject(language, words, clauses, at, around[0])
    # "I'll find it and send it" tells nobody to send anything.
    yours = is_yours(language, words, clause) and not language.who.within(shared)
    if time.bare and not time.led and clause.last - clause.first > _BRIEF:
        return False
    if (_any(language.asks, asked) and not (yours and not language.who.within(said))) or (
        _any(language.waits, asked) and not any(is_yours(language, words, one) for one in clauses)
    ):
        return not _refused(language, said, asks=True)
    if _refused(language, said) or clause.asked or _is_question(language, said):
        return False
    if yours or (time.bare and not time.led):
        return False
    by = said + shared
    sure = time.led or time.clock is not None
    if sure and (strong(language, said, by) or _any(language.says, ways)):
        return True
    if _any(language.takes, ways) and (
        _borrows(language, words, clauses, at)
        or _by_me(language, words, clauses, at, time)
        or any(strong(language, one) and not _rules_out(language, one) for one in around)
    ):
        return True
    if sure and _vouched(language, words, clauses, at):
        return True
    if sure and _told_later(language, words, clauses, at, by, time):
        return True
    if language.goods.within(language.allowed.cut_from(said)):
        return False
    if sure and (weak(language, said, by) or _soon(language, by, time)):
        return True
    if sure and _done_for(language, words, clauses, at, time):
        return True
    return _naked(language, words, clause, time) and (
        _asks_bare(language, clauses[at], words, time)
        or (time.clock is None and time.ms <= _SOON and _agreed(language, words, clauses[at + 1 :]))
        or _borrows(language, words, clauses, at)
        or _by_me(language, words, clauses, at, time)
    )


def _denied_before(language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int) -> bool:
    """Whether a clause says what is denied: "I can't promise that I'll be back today"."""
    if not at or not language.direct.size(words, clauses[at].first):
        return False
    before = sentence_of(words, clauses[at - 1].first, clauses[at - 1].last)
    return language.negation.within(language.allowed.cut_from(before))


def takes_it(language: Language, words: Sequence[str], clauses: Sequence[Clause], time: Time) -> bool:
    """Whether a time is what something takes, if the sentence before promises it: "I'll ask my colleague.
    It may take ten minutes"."""
    clause = next((one for one in clauses if one.first <= time.first < one.last), None)
    if clause is None or time.clock is not None:
        return False
    ways = {_said(language, words, clause, time, led=led) for led in (False, True)}
    if any(_rules_out(language, said) for said in ways) or is_yours(language, words, clause):
        return False
    return _any(language.takes, ways) or (not time.bare and _naked(language, words, clause, time))


def _with_question(
    language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int, time: Time
) -> Clause:
    """The clause of a time, with the one before it where that says when the answer is known: "I'll find out
    where it is within 10 minutes"."""
    clause = clauses[at]
    ends = time.clock is None and time.led and time.ms <= _SOON and time.last == clause.last
    if not at or not ends or not language.asking.size(words, clause.first):
        return clause
    return Clause(clauses[at - 1].first, clause.last, clause.asked)


def _tells(language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int, time: Time) -> bool:
    """Whether a time that ends what will be told says when: "I'll tell you what they said tomorrow"."""
    clause, before = clauses[at], clauses[at - 1]
    if time.last != clause.last or not language.asking.size(words, clause.first):
        return False
    said = sentence_of(words, before.first, before.last)
    return strong(language, said) and not _rules_out(language, said)


def strong(language: Language, said: str, by: str = "") -> bool:
    """Whether somebody of the shop says that they will be back or tell. ``by``: where who it is stands."""
    return language.strong.within(said) and language.who.within(by or said)


def weak(language: Language, said: str, by: str = "") -> bool:
    """Whether somebody of the shop says that they look something up."""
    return language.weak.within(said) and language.who.within(by or said)


def is_yours(language: Language, words: Sequence[str], clause: Clause) -> bool:
    """Whether a clause is about what the customer does, can do or is told to."""
    return language.yours.within(language.allowed.cut_from(sentence_of(words, clause.first, clause.last)))


def _soon(language: Language, by: str, time: Time) -> bool:
    """Whether an agent says they do anything at all within the hour."""
    return time.clock is None and time.led and time.ms <= _SOON and language.me.within(by)


def _told_later(
    language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int, by: str, time: Time
) -> bool:
    """Whether somebody does something by then and tells of it: "I'll try again at 3 and let you know", "in
    an hour we'll have counted them all, so that I can tell you"; but not "she's back at 3, after that I'll
    know"."""
    if not (language.who.within(by) or language.gets.within(by)):
        return False
    for one in clauses[at + 1 : at + 1 + _LATER]:
        said = sentence_of(words, one.first, one.last)
        if one.asked or _rules_out(language, said) or is_yours(language, words, one):
            continue
        if time.clock is not None and language.not_before.size(words, one.first):
            continue
        adds = one is clauses[at + 1] and (
            bool(language.adding.size(words, one.first)) or _points(language, words, one)
        )
        if strong(language, said, by + said if adds else said) or (adds and language.says.within(said)):
            return True
    return False


def _vouched(language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int) -> bool:
    """Whether somebody answers for what is said in a clause: "it's in your mail by 5, I'll see to that"."""
    for one in (*clauses[max(0, at - 1) : at], *clauses[at + 1 : at + 2]):
        said = sentence_of(words, one.first, one.last)
        if not one.asked and language.vouches.within(said) and not _rules_out(language, said):
            return True
    return False


def _done_for(
    language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int, time: Time
) -> bool:
    """Whether the customer soon gets what somebody says they do: "I'll arrange it, you'll have it by 3"."""
    clock = time.clock
    near = time.ms <= _SOON if clock is None else clock.day in {"", "today"}
    if not at or not near:
        return False
    if not language.gets.within(sentence_of(words, clauses[at].first, clauses[at].last)):
        return False
    said = sentence_of(words, clauses[at - 1].first, clauses[at - 1].last)
    does = language.me.within(said) or strong(language, said) or weak(language, said)
    return does and not clauses[at - 1].asked and not _rules_out(language, said)


def shared_subject(
    language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int, before: str = ""
) -> str:
    """The clause before, where its subject goes for this one, too: "I'll check and let you know". ``before``:
    the sentence before them all, in which a colleague may have been named."""
    clause = clauses[at]
    if _points(language, words, clause):
        said = sentence_of(words, clauses[at - 1].first, clauses[at - 1].last) if at else before
        return said if language.colleague.within(said) and not _refused(language, said) else ""
    size = language.adding.size(words, clause.first)
    if not at or not size or clause.first + size >= clause.last:
        return ""
    # "Ich frage nach, wo es ist, und melde mich": what is asked has a subject of its own.
    whose = next(
        (one for one in reversed(clauses[:at]) if not language.asking.size(words, one.first)), clauses[at - 1]
    )
    said = sentence_of(words, whose.first, whose.last)
    if words[clause.first + size] in language.subjects or _refused(language, said):
        return ""
    return said


def _points(language: Language, words: Sequence[str], clause: Clause) -> bool:
    """Whether a clause begins with who was named before: "they'll call you", "and they'll call you"."""
    at = clause.first
    at += language.adding.size(words, at)
    return bool(at < clause.last and language.pointing.size(words, at))


def sentence_of(words: Sequence[str], first: int, last: int) -> str:
    """Words as patterns read them."""
    return f" {' '.join(words[first:last])} "


def _said(language: Language, words: Sequence[str], clause: Clause, time: Time, *, led: bool = False) -> str:
    """A clause with the time as "#d" or "#t"; one that ends before it has it at its end. ``led``: and what
    leads to it."""
    sign = "#d" if time.clock is None else "#t"
    first = max(clause.first, time.lead) if led else time.first
    said = (
        sentence_of(words, clause.first, min(first, clause.last))
        + sign
        + sentence_of(words, min(time.last, clause.last), clause.last)
    )
    return f" {said.strip()} ".replace("  ", " ")


def _any(phrasing: Phrasing, ways: set[str]) -> bool:
    return any(phrasing.within(said) for said in ways)


def _refused(language: Language, said: str, *, asks: bool = False) -> bool:
    said = language.allowed.cut_from(said)
    return language.condition.begins(said) or (not asks and language.negation.within(said))


def _is_question(language: Language, said: str) -> bool:
    return bool(language.question.within(said))


def _rules_out(language: Language, said: str) -> bool:
    """Whether nothing is promised with a clause, so that no time beside it is."""
    return language.vetoes(said) or _refused(language, said) or _is_question(language, said)


def _naked(language: Language, words: Sequence[str], clause: Clause, time: Time) -> bool:
    """Whether a clause is nothing but the time and words that say nothing."""
    at = clause.first
    at += language.adding.size(words, at)
    while at < clause.last:
        if time.lead <= at < time.last:
            at = time.last
            continue
        size = language.filler.size(words, at) or language.future.size(words, at)
        if not size:
            return False
        at += size
    return True


def _by_me(
    language: Language,
    words: Sequence[str],
    clauses: Sequence[Clause],
    at: int,
    time: Time,
) -> bool:
    """Whether a short time belongs to whatever an agent says beside it that they do: "10 minutes, then I've
    read it all"."""
    if time.clock is not None or time.ms > _SOON:
        return False
    for one in _beside(language, words, clauses, at):
        if one.asked:
            continue
        said = sentence_of(words, one.first, one.last)
        if language.me.within(said) and not _rules_out(language, said):
            return True
    return False


def _beside(language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int) -> Iterator[Clause]:
    """The clauses a time may belong to: the one before and the one after. Before "whether we have more" it is
    the one that asks: "I'll see whether we have more, 5 minutes"."""
    before = at - 1
    if before > 0 and language.asking.size(words, clauses[before].first):
        before -= 1
    for beside in (before, at + 1):
        if 0 <= beside < len(clauses):
            yield clauses[beside]


def _asks_bare(language: Language, clause: Clause, words: Sequence[str], time: Time) -> bool:
    """Whether a stretch is asked for with nothing but words that say nothing: "5 minutes please"."""
    return time.clock is None and any(
        language.filler.size(words, place)
        for place in range(clause.first, clause.last)
        if not time.lead <= place < time.last
    )


def _agreed(language: Language, words: Sequence[str], after: Sequence[Clause]) -> bool:
    """Whether nothing follows a time but a word that asks whether it is all right: "5 minutes, ok?"."""
    if len(after) != 1:
        return False
    at, last = after[0].first, after[0].last
    while at < last and (size := language.filler.size(words, at)):
        at += size
    return at >= last


def _borrows(language: Language, words: Sequence[str], clauses: Sequence[Clause], at: int) -> bool:
    """Whether a bare time belongs to what is said beside it."""
    for one in _beside(language, words, clauses, at):
        said = sentence_of(words, one.first, one.last)
        if one.asked or _rules_out(language, said) or is_yours(language, words, one):
            continue
        if strong(language, said) or weak(language, said) or language.says.within(said):
            return True
        if any(one.within(said) for vague in language.vague for one in (vague.sure, vague.words, vague.last)):
            return True
    return False
