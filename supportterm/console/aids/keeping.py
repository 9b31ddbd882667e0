"""What sending a text does to the promise that runs: said in time, and quietly, for an answer ends it."""

from __future__ import annotations

from typing import Final

from supportterm.coach import promising
from supportterm.coach.greeted import is_greeting
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.steps import Steps
from supportterm.text import SafeText

_COMMAND: Final = "/"
_MINUTE: Final = 60_000


def greets(moment: Moment) -> bool:
    """Whether the text is a greeting and nothing more."""
    welcome = moment.session.journal.welcome
    return is_greeting(moment.text, moment.lang, welcome.me.name if welcome is not None else "")


def answers(moment: Moment) -> bool:
    """Whether the text keeps a promise, as the desk reads it: not if it greets, asks for patience or gives a
    time."""
    shop = moment.shop
    wall = promising.Wall(moment.now_ms, shop.zone, shop.hours) if shop is not None else None
    return not promising.keeps_nothing(moment.text, moment.lang, wall) and not greets(moment)


class Keeping:
    """One console's line: before the last minute, in which the chip says it. It has no keys of its own, and
    leaves those of the steps where they are."""

    def __init__(self, steps: Steps) -> None:
        self._steps: Final = steps
        self._looked: tuple[tuple[str, str, str, int], bool] | None = None

    def offer(self, moment: Moment) -> Aid | None:
        """What enter does to it. Steady: no time that counts."""
        head, text = moment.log.head, moment.text.strip()
        if moment.noting or not text or text.startswith(_COMMAND):
            return None
        if head is None or head.state != "open" or not head.promise_due:
            return None
        say, key = moment.words.say, moment.key("write.send")
        if head.callback:
            what = brief = say("keeps.later")
        elif self._answers(moment):
            what, brief = (say(one, enter=key) for one in ("keeps.answer", "keeps.answer_brief"))
        else:
            due = moment.words.when(head.promise_due, moment.now_ms)
            what, brief = (say(one, due=due) for one in ("keeps.goes_on", "keeps.goes_on_brief"))
        return self._beside_steps(moment, what, brief)

    def _beside_steps(self, moment: Moment, what: SafeText, brief: SafeText) -> Aid:
        ways: list[tuple[SafeText, SafeText]] = [(what, NOTHING), (brief, NOTHING)]
        steps = self._steps.offer(moment)
        if steps is None or not steps.takes:
            return Aid(what, NOTHING, "quiet", tuple(ways[1:]))
        acts = [act for _, act in ((steps.what, steps.act), *steps.briefs) if act]
        (first, act), *briefs = [*((said, one) for one in acts for said in (what, brief)), *ways]
        return Aid(first, act, "quiet", tuple(briefs), steps.takes)

    def _answers(self, moment: Moment) -> bool:
        # An hour of the day comes nearer.
        looks = moment.chat, moment.text, moment.lang, moment.now_ms // _MINUTE
        if self._looked is None or self._looked[0] != looks:
            self._looked = looks, answers(moment)
        return self._looked[1]

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """The steps'."""
        return self._steps.press(act, moment)

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""
