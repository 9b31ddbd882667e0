"""When the agent is asked to restate the problem, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.understanding.answers import Answer, answer
from supportterm.coach.understanding.lines import LONGEST, Line, said_by
from supportterm.coach.understanding.news import is_news
from supportterm.coach.understanding.phrases import fold
from supportterm.coach.understanding.rules import Rules, rules_of
from supportterm.coach.understanding.slots import trouble_in
from supportterm.coach.understanding.talk import has_open_question, is_lookup, telling_words

#: What the agent is about to do; "talk": nothing of the kind.
Moment = Literal["talk", "solution", "handoff", "close"]
Why = Literal["said_enough", "corrected", "before_solution", "before_handoff", "before_close"]

#: The steps past understanding.
_PAST: Final = ("solve", "close")
#: What happens only where somebody is past it.
_GOES_ON: Final = ("options_sent", "option_chosen", "closed")
#: What a prompt before a decision is called.
_BEFORE: Final[Mapping[Moment, Why]] = {
    "solution": "before_solution",
    "handoff": "before_handoff",
    "close": "before_close",
}
#: Words are compared by so many letters, so that "geleverd" and "levering" stay two and "nieuw" and "nieuwe"
#: are one.
_STEM: Final = 5


class Enough(Struct, frozen=True):
    """The customer has said enough to be restated: both must be reached. Settings of the shop."""

    messages: int = 3
    chars: int = 250


class Due(Struct, frozen=True):
    """Why a summary is due, and what the customer said since the last one: messages and characters.

    ``again``: one was sent before.
    """

    why: Why
    messages: int
    chars: int
    again: bool = False


def summary_due(
    lines: Sequence[Line],
    language: str,
    moment: Moment = "talk",
    enough: Enough | None = None,
    *,
    required: bool = False,
) -> Due | None:
    """Whether a summary is due now; None: keep quiet.

    Never for one short question of fact. Put away, it is silent until the customer says something new;
    restated, or past understanding by the agent's own word, until enough is new. Before a decision anything
    they told is enough; but a summary that they confirmed holds until enough is new, or another trouble. A
    correction is due at once, until somebody goes on to a solution all the same.

    ``required``: the desk refuses the handoff or close without one. Then its measure holds: `Enough`.
    """
    rules = rules_of(language)
    if rules is None:
        return None
    enough = enough or Enough()
    sent = since = _after_summary(lines)
    corrected = _corrected(lines, sent, language) if sent else 0
    put_away = max((n for n, line in enumerate(lines) if line.kind == "dismissed"), default=-1)
    if moment in ("talk", "solution"):
        since = max(since, _past_by_hand(lines))
        if corrected and (gone_on := _gone_on(lines, corrected)):
            since, corrected = max(since, gone_on), 0
    new = _news(lines, language, since)
    # What the desk will refuse is said before somebody has filled in the form.
    silent = put_away >= since and not (required and moment == "handoff")
    if silent and not [number for number in new if number > put_away]:
        return None
    count, chars = len(new), sum(len(lines[number].text.strip()) for number in new)
    if corrected:
        return Due("corrected", count, chars, again=True)
    if not new or is_lookup(lines, rules):
        return None
    much = count >= enough.messages and chars >= enough.chars
    if moment == "talk":
        return Due("said_enough", count, chars, again=sent > 0) if much else None
    holds = required or (sent > 0 and _is_confirmed(lines, sent, language))
    if much or not holds or (not required and _another_trouble(lines, new, sent, rules)):
        return Due(_BEFORE[moment], count, chars, again=sent > 0)
    return None


def asks_still(lines: Sequence[Line], language: str) -> bool:
    """Whether a question of the customer stands unanswered: who closes now leaves it so."""
    rules = rules_of(language)
    return rules is not None and has_open_question(lines, rules)


def _after_summary(lines: Sequence[Line]) -> int:
    """The line after the last summary, 0 without one."""
    return max((after for after, line in enumerate(lines, 1) if line.kind == "summary_sent"), default=0)


def _corrected(lines: Sequence[Line], sent: int, language: str) -> int:
    """The line after the correction of the summary that ends before ``sent``; 0: nobody corrected it."""
    after, said = _answered(lines, sent, language)
    return after if said == "correction" else 0


def _is_confirmed(lines: Sequence[Line], sent: int, language: str) -> bool:
    return _answered(lines, sent, language)[1] == "yes"


def _answered(lines: Sequence[Line], sent: int, language: str) -> tuple[int, Answer | None]:
    """The line after the answer to a summary, and what it says."""
    for after, line in enumerate(lines[sent:], sent + 1):
        if line.kind in ("summary_confirmed", "summary_corrected"):
            return after, "correction" if line.kind == "summary_corrected" else "yes"
        if line.who == "customer" and line.kind == "message":
            # Only the next message answers it.
            return after, answer(line.text, language)
    return 0, None


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


def _news(lines: Sequence[Line], language: str, since: int) -> list[int]:
    """The customer's messages since then that tell something."""
    return [
        number
        for number, line in enumerate(lines[since:], since)
        if said_by(line, "customer") and is_news(line.text[:LONGEST], (language,), restated=since > 0)
    ]


def _another_trouble(lines: Sequence[Line], new: Sequence[int], sent: int, rules: Rules) -> bool:
    """Whether something went wrong that nobody spoke of before the summary: one more part is missing."""
    troubles = [lines[n].text for n in new if trouble_in(fold(lines[n].text[:LONGEST]), rules) > 2]
    if not troubles:
        return False
    before = {word[:_STEM] for line in lines[:sent] for word in telling_words(line.text, rules)}
    return any(
        len([word for word in words if word[:_STEM] not in before]) * 2 > len(words)
        for words in (telling_words(text, rules) for text in troubles)
    )
