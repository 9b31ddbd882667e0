"""What is promised in one sentence: by which of its times, or without any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from supportterm.coach.promising.commitment import (
    is_yours,
    promised,
    sentence_of,
    shared_subject,
    strong,
    takes_it,
    weak,
)
from supportterm.coach.promising.folding import Token
from supportterm.coach.promising.found import HOUR, SHORTEST, Found
from supportterm.coach.promising.language import Language
from supportterm.coach.promising.patterns import Phrasing
from supportterm.coach.promising.sentences import Clause, clauses
from supportterm.coach.promising.times import Time, times
from supportterm.coach.promising.weighing import Said

#: Its tokens, its words and its clauses.
Sentence: TypeAlias = tuple[Sequence[Token], Sequence[str], Sequence[Clause]]

#: What "two seconds" asks for.
_MOMENT: Final = 60_000
#: What a promise without a time asks for where no list says how long.
_WHILE: Final = 120_000
#: Words of a clause that says nothing of its own, at most.
_ASIDE: Final = 2


def weighed(said: Said) -> list[Time]:
    """The times that weights may take for a promise where the lists have none: all but bare numbers."""
    return [one for one in said.times if one.led or not one.bare]


def listed(
    language: Language,
    words: Sequence[str],
    parts: Sequence[tuple[int, int, bool]],
    at: int,
    said: Said,
    before: Sentence | None,
) -> list[Time]:
    """The times in a sentence that the lists take for a promise; ``before``: the sentence before it."""
    around = (beside(words, parts, at - 1), beside(words, parts, at + 1))
    found = [one for one in said.times if promised(language, said.words, said.clauses, one, around)]
    if said.times and not found and before is not None and listed_vague(language, *before, True) is not None:
        return [one for one in said.times if takes_it(language, said.words, said.clauses, one)]
    return found


def said_at(
    language: Language, words: Sequence[str], parts: Sequence[tuple[int, int, bool]], at: int
) -> Said:
    """The sentence at a place, with those beside it."""
    first, last, asked = parts[at]
    inside = words[first:last]
    spoken = [one for one in times(language, inside) if is_time(one)]
    split = clauses(language, inside, 0, len(inside), asked, spoken)
    before, after = (
        words[slice(*parts[one][:2])] if 0 <= one < len(parts) else () for one in (at - 1, at + 1)
    )
    return Said(inside, split, spoken, asked, before, after)


def beside(words: Sequence[str], parts: Sequence[tuple[int, int, bool]], at: int) -> str:
    """The sentence at a place as patterns read it; "" for none and for a question."""
    if not 0 <= at < len(parts) or parts[at][2]:
        return ""
    return sentence_of(words, parts[at][0], parts[at][1])


def while_of(language: Language, words: Sequence[str]) -> int:
    """How long to suggest for a promise without a time, by the words that say so in any such promise."""
    whole = sentence_of(words, 0, len(words))
    said = [
        vague.ms
        for vague in language.vague
        if any(one.within(whole) for one in (vague.sure, vague.words, vague.with_word, vague.last))
    ]
    # "Let me look, I'll write to you later"
    return next((ms for ms in said if ms >= HOUR), said[0] if said else _WHILE)


def is_time(time: Time) -> bool:
    return time.clock is not None or time.ms != 0 or time.led


def timed(
    language: Language, found: Sequence[Token], spoken: Sequence[Time], promises: Sequence[Time]
) -> Found:
    """What is promised by some of the times spoken of in a sentence of these tokens."""
    stretches = [one for one in promises if one.clock is None]
    # "Give me a sec, I'll know within 10 minutes" says how long the second is.
    stretch = next(
        (one for one in stretches if not 0 < one.ms < SHORTEST), stretches[0] if stretches else None
    )
    if stretch is not None:
        start, end = found[stretch.first].start, found[stretch.last - 1].end
        if stretch.ms < 0:
            start = found[stretch.first - 1].start
        if 0 < stretch.ms < SHORTEST:
            return Found("vague", start, end, language.name, _MOMENT)
        return Found("duration", start, end, language.name, stretch.ms)
    first = promises[0]
    clock = first.clock
    assert clock is not None
    more = []
    for other in promises[1:]:
        # "morgen ... voor 12 uur": the day here, the hour there.
        if other.clock is None:
            continue
        if not clock.day and other.clock.day and other.clock.minute < 0 and not other.clock.part:
            day = other.clock
            clock = msgspec.structs.replace(
                clock, day=day.day, number=day.number, month=day.month, next=day.next
            )
        elif clock.minute < 0 and not clock.part and not other.clock.day:
            clock = msgspec.structs.replace(
                clock, minute=other.clock.minute, twelve=other.clock.twelve, part=other.clock.part
            )
        else:
            continue
        more.append((found[other.lead].start, found[other.last - 1].end))
    return Found(
        "clock",
        found[first.lead].start,
        found[first.last - 1].end,
        language.name,
        clock=clock,
        more=tuple(more),
    )


def listed_vague(
    language: Language, found: Sequence[Token], words: Sequence[str], split: Sequence[Clause], final: bool
) -> Found | None:
    """The promise without a time that the lists find in a sentence; ``final``: nothing follows it."""
    whole = sentence_of(words, 0, len(words))
    for vague in language.vague:
        if (
            vague.sure.within(whole)
            and not language.asking.size(words, 0)
            and not any(is_yours(language, words, one) for one in split)
            and not _was(language, words, split, vague.sure)
        ):
            return Found("vague", found[0].start, found[0].start, language.name, while_of(language, words))
    for at, clause in enumerate(split):
        said = sentence_of(words, clause.first, clause.last)
        if language.vetoes(said):
            continue
        if language.question.within(said) or language.condition.begins(said):
            continue
        if any(later.asked and language.asking.size(words, later.first) for later in split[at + 1 : at + 2]):
            continue  # "I just wanted to ask whether you have tried it?"
        if at and is_yours(language, words, split[at - 1]):
            continue  # "Send me a picture, then I'll look into it"
        if clause.asked or language.negation.within(language.allowed.cut_from(said)):
            continue
        if is_yours(language, words, clause):
            continue
        goods = language.goods.within(language.allowed.cut_from(said))
        ends = all(_says_little(language, words, later) for later in split[at + 1 :])
        for vague in language.vague:
            start = found[clause.first].start
            if vague.words.within(said) or (
                vague.with_word.within(said)
                and (
                    strong(language, said, said + shared_subject(language, words, split, at))
                    or (not goods and weak(language, said))
                    or language.says.within(said)
                )
            ):
                return Found("vague", start, start, language.name, vague.ms)
            if final and ends and vague.last.within(said):
                return Found("vague", start, start, language.name, vague.ms)
    return None


def _says_little(language: Language, words: Sequence[str], clause: Clause) -> bool:
    """Whether a clause is what will be found out, who knows it, a name or a word of thanks: "let me ask
    Sandra, she knows", "let me check, Linda"."""
    at = clause.first
    short = clause.last - at <= _ASIDE
    return short or bool(language.asking.size(words, at) or language.pointing.size(words, at))


def _was(language: Language, words: Sequence[str], split: Sequence[Clause], sure: Phrasing) -> bool:
    """Whether each clause in which somebody waits is about what was: "we asked you to wait a moment"."""
    said = [sentence_of(words, one.first, one.last) for one in split]
    waiting = [one for one in said if sure.within(one)]
    return bool(waiting) and all(language.bygone.within(language.allowed.cut_from(one)) for one in waiting)
