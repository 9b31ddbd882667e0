"""What the conversation needs next, in a few words; at the solution, what may be given without asking."""

from __future__ import annotations

from typing import Final

from supportterm.coach.understanding import STEPS
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.gifts import Given, may_give, of_language
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.reading import Reading
from supportterm.text import SafeText, join, safe_line, trusted

_ARROW: Final = trusted(" › ")
#: Done, now, ahead: seen without colour.
_MARKS: Final = (trusted("✓"), trusted("▸"), trusted("·"))
#: What the customer does next, and not the agent.
_THEIRS: Final = ("answer", "confirmation", "choice")
_SPACE: Final = trusted(" ")


class Steps:
    """The quietest of all: it speaks when nobody else has something to say."""

    def offer(self, moment: Moment) -> Aid | None:
        """What is missing now; for trainees all steps with it."""
        if moment.noting or moment.session.settings.steps == "off":
            return None
        reading = moment.session.readings.of(moment.log)
        words, missing = moment.words, reading.progress.missing
        what = NOTHING
        if missing:
            say = "step.waits" if missing in _THEIRS else "step.next"
            what = words.say(say, what=words.say(f"missing.{missing}"))
        given = self._gift(moment, reading)
        act = NOTHING
        if given is not None:
            label = safe_line(of_language(given.gift.labels, words.language))
            act = words.say("gift.act", fill=moment.key("aid.fill"), what=label)
        if moment.session.settings.steps == "bar":
            long, short = self._bar(moment, reading)
            briefs = ((short, act or what), (short, NOTHING))
            return Aid(long, act or what, "quiet", briefs=briefs, takes=_takes(given))
        if not what and not act:
            return None
        return Aid(what, act, "quiet", briefs=((what, NOTHING),) if what else (), takes=_takes(given))

    def _bar(self, moment: Moment, reading: Reading) -> tuple[SafeText, SafeText]:
        """All steps with their names, and with the name of this one only."""
        at = STEPS.index(reading.progress.step)
        marks = [_MARKS[(number >= at) + (number > at)] for number in range(len(STEPS))]
        names = [_SPACE + moment.words.say(f"step.{step}") for step in STEPS]
        long = join(_ARROW, [mark + name for mark, name in zip(marks, names, strict=True)])
        return long, join(_SPACE, [*marks[:at], marks[at] + names[at], *marks[at + 1 :]])

    def _gift(self, moment: Moment, reading: Reading) -> Given | None:
        """What may be given, once the reason is known and a solution is due."""
        if reading.reason is None or reading.progress.missing != "solution":
            return None
        gifts = moment.session.gifts
        return next((one for one in may_give(reading) if not gifts.has(moment.chat, one)), None)

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Put the gift's words into the text; it counts once they arrived."""
        reading = moment.session.readings.of(moment.log)
        given = self._gift(moment, reading)
        if given is None or act != "fill":
            return None
        text = of_language(given.gift.texts, reading.language)
        moment.session.gifts.put(moment.chat, given, text)
        before = moment.text.rstrip()
        return Pressed(f"{before} {text}" if before else text)

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""


def _takes(given: Given | None) -> frozenset[Act]:
    return frozenset({"fill"}) if given is not None else frozenset()
