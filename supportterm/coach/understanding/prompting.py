"""When the agent is asked to restate the problem, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.understanding.answers import answer
from supportterm.coach.understanding.lines import Line
from supportterm.coach.understanding.rules import Rules, rules_of
from supportterm.coach.understanding.talk import has_open_question, is_lookup, substance

#: What the agent is about to do; "talk": nothing of the kind.
Moment = Literal["talk", "solution", "handoff", "close"]
Why = Literal["said_enough", "corrected", "before_solution", "before_handoff", "before_close"]

#: The steps past understanding.
_PAST: Final = ("solve", "close")
#: What happens only where somebody is past it.
_GOES_ON: Final = ("options_sent", "option_chosen", "closed")


class Enough(Struct, frozen=True):
    """The customer has said enough to be restated: both must be reached. Settings of the shop."""

    messages: int = 3
    chars: int = 250


class Due(Struct, frozen=True):
    """Why a summary is due, and what the customer said since the last one: messages and characters."""

    why: Why
    messages: int
    chars: int


def summary_due(
    lines: Sequence[Line], language: str, moment: Moment = "talk", enough: Enough | None = None
) -> Due | None:
    """Whether a summary is due now; None: keep quiet.

    Never for one short question of fact. Put away, it is silent until the customer says something new;
    restated, or past understanding by the agent's own word, until enough is new. A correction is due at once,
    until somebody goes on to a solution all the same.
    """
    rules = rules_of(language)
    if rules is None:
        return None
    enough = enough or Enough()
    since, corrected = _last_summary(lines, language)
    put_away = max((n for n, line in enumerate(lines) if line.kind == "dismissed"), default=-1)
    if moment in ("talk", "solution"):
        since = max(since, _past_by_hand(lines))
        if corrected and (gone_on := _gone_on(lines, corrected)):
            since, corrected = max(since, gone_on), 0
    new = _news(lines, rules, language, since)
    if put_away >= since and not [number for number in new if number > put_away]:
        return None
    count, chars = len(new), sum(len(lines[number].text.strip()) for number in new)
    if corrected:
        return Due("corrected", count, chars)
    if not new or is_lookup(lines, rules):
        return None
    if moment == "solution":
        return Due("before_solution", count, chars)
    if moment == "handoff":
        return Due("before_handoff", count, chars)
    if moment == "close":
        return Due("before_close", count, chars)
    if count >= enough.messages and chars >= enough.chars:
        return Due("said_enough", count, chars)
    return None


def asks_still(lines: Sequence[Line], language: str) -> bool:
    """Whether a question of the customer stands unanswered: who closes now leaves it so."""
    rules = rules_of(language)
    return rules is not None and has_open_question(lines, rules)


def _last_summary(lines: Sequence[Line], language: str) -> tuple[int, int]:
    """The line after the last summary, 0 without one, and the line after its correction, 0 without that."""
    sent = max((n for n, line in enumerate(lines) if line.kind == "summary_sent"), default=-1)
    if sent < 0:
        return 0, 0
    for after, line in enumerate(lines[sent + 1 :], sent + 2):
        if line.kind in ("summary_confirmed", "summary_corrected"):
            return sent + 1, after if line.kind == "summary_corrected" else 0
        if line.who == "customer" and line.kind == "message":
            # Only the next message answers it.
            return sent + 1, after if answer(line.text, language) == "correction" else 0
    return sent + 1, 0


def _gone_on(lines: Sequence[Line], since: int) -> int:
    """The line after the last with which somebody went on to a solution since then; 0: nobody did, or the
    agent set the step back."""
    found = 0
    for after, line in enumerate(lines[since:], since + 1):
        if line.kind in _GOES_ON or (line.kind == "step" and line.text in _PAST):
            found = after
        elif line.kind == "step":
            found = 0
    return found


def _past_by_hand(lines: Sequence[Line]) -> int:
    """The line after the one in which the agent set a step past understanding by hand, if that was the last
    they set; else 0."""
    by_hand = max((n for n, line in enumerate(lines) if line.kind == "step"), default=-1)
    return by_hand + 1 if by_hand >= 0 and lines[by_hand].text in _PAST else 0


def _news(lines: Sequence[Line], rules: Rules, language: str, since: int) -> list[int]:
    """The customer's messages since then that say something; a mere yes to the summary does not."""
    return [
        number
        for number in substance(lines, rules, since)
        if not (since and answer(lines[number].text, language) == "yes")
    ]
