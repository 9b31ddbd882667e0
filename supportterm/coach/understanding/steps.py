"""The order of a good conversation: acknowledge, analyse, understand, solve, close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from supportterm.coach.understanding.answers import answer
from supportterm.coach.understanding.clauses import is_small
from supportterm.coach.understanding.closing import Missing, Reason, missing_at_close, says
from supportterm.coach.understanding.lines import LONGEST, Line
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.prompting import Enough
from supportterm.coach.understanding.rules import Rules, rules_of
from supportterm.coach.understanding.talk import is_holding, is_lookup, is_question

Step = Literal["acknowledge", "analyse", "understand", "solve", "close"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)

#: Keys of what is missing; the console has the words.
Lacking = Literal[
    "", "greeting", "question", "answer", "summary", "confirmation", "summary_again", "choice", Missing
]


class Progress(Struct, frozen=True):
    """Where a conversation is, and the one thing it lacks now ("": nothing, or not the agent's move).

    ``by_hand``: the agent set the step, and nothing has moved it since.
    """

    step: Step = "acknowledge"
    missing: Lacking = ""
    by_hand: bool = False


class _Fold(Struct, frozen=True):
    """What the lines so far come to. ``summary``: what became of the last one sent.

    ``messages``, ``chars``: what the customer has said beside greetings.
    """

    step: Step = "acknowledge"
    by_hand: bool = False
    waiting: bool = False
    messages: int = 0
    chars: int = 0
    asked: bool = False
    summary: Literal["", "sent", "confirmed", "corrected"] = ""
    offered: bool = False
    closed: bool = False


def progress(
    lines: Sequence[Line], language: str, enough: Enough | None = None, reason: Reason | None = None
) -> Progress:
    """Folds a conversation. In a language without words, messages and events alone move it.

    Lines of kind "step" set the step by hand; what happens after them moves it on as ever.
    """
    rules = rules_of(language)
    fold_: _Fold = _Fold()
    for number, line in enumerate(lines):
        fold_ = _after(fold_, lines[: number + 1], line, rules, language, enough or Enough())
    return Progress(fold_.step, _missing(fold_, lines, language, reason), fold_.by_hand)


def _after(
    now: _Fold, lines: Sequence[Line], line: Line, rules: Rules | None, language: str, enough: Enough
) -> _Fold:
    match line.kind:
        case "step":
            step = next((step for step in STEPS if step == line.text), now.step)
            return replace(now, step=step, by_hand=True, closed=False)
        case "summary_sent":
            return replace(_at(now, "understand", back=True), summary="sent", asked=True)
        case "summary_confirmed":
            return replace(_at(now, "solve"), summary="confirmed")
        case "summary_corrected":
            return replace(_at(now, "understand", back=True), summary="corrected")
        case "options_sent":
            return replace(_at(now, "solve"), offered=True)
        case "option_chosen":
            return replace(_at(now, "close"), offered=False)
        case "closed":
            return replace(_at(now, "close"), closed=True, by_hand=False)
        case "message" if line.who == "customer":
            return _heard(now, line, rules, language, enough)
        case "message":
            return _told(now, lines, line, rules)
    return now


def _at(now: _Fold, step: Step, *, back: bool = False) -> _Fold:
    """At that step, if it lies ahead; only a summary takes a conversation back."""
    if step == now.step or (not back and STEPS.index(step) < STEPS.index(now.step)):
        return now
    return replace(now, step=step, by_hand=False)


def _heard(now: _Fold, line: Line, rules: Rules | None, language: str, enough: Enough) -> _Fold:
    if now.summary == "sent":
        said = answer(line.text, language)
        if said == "yes":
            return replace(_at(now, "solve"), summary="confirmed")
        if said == "correction":
            return replace(_at(now, "understand", back=True), summary="corrected")
    now = replace(now, waiting=True, closed=False)
    if rules is None or is_small(line.text, rules):
        return now
    now = replace(now, messages=now.messages + 1, chars=now.chars + len(line.text.strip()))
    much = now.messages >= enough.messages and now.chars >= enough.chars
    return _at(now, "understand") if now.step == "analyse" and (now.asked or much) else now


def _told(now: _Fold, lines: Sequence[Line], line: Line, rules: Rules | None) -> _Fold:
    if rules is None:
        return replace(_at(now, "analyse"), waiting=False)
    question = is_question(line.text, rules)
    holding = is_holding(line.text, rules.language)
    now = replace(now, asked=now.asked or question, waiting=now.waiting and holding)
    solved = not question and not holding and says("solution", fold(line.text[:LONGEST]), rules)
    if now.step == "acknowledge":
        now = _at(now, "analyse")
    if now.step in ("analyse", "understand") and is_lookup(lines, rules) and not question and not holding:
        return _at(now, "close")  # a fact was asked for and given
    return _at(now, "close") if now.step == "solve" and solved else now


def _missing(now: _Fold, lines: Sequence[Line], language: str, reason: Reason | None) -> Lacking:
    if now.closed:
        return ""
    rules = rules_of(language)
    match now.step:
        case "acknowledge":
            return "greeting"
        case "analyse" if rules is not None and is_lookup(lines, rules):
            return "solution"
        case "analyse":
            return "answer" if now.asked and not now.waiting else "question"
        case "understand":
            lacking: dict[str, Lacking] = {"sent": "confirmation", "corrected": "summary_again"}
            return lacking.get(now.summary, "summary")
        case "solve":
            return "choice" if now.offered else "solution"
        case "close":
            gaps = missing_at_close(lines, language, reason)
            return gaps[0].what if gaps else ""
