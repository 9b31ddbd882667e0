"""What the conversation needs next, in a few words; at the solution, what may be given without asking, and
why the customer came if nobody said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from supportterm.coach.understanding import STEPS
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.gifts import Given, may_give, of_language, words_for
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.reading import Reading
from supportterm.text import SafeText, join, safe_line, trusted

_ARROW: Final = trusted(" › ")
#: Done, now, ahead: seen without colour.
_MARKS: Final = (trusted("✓"), trusted("▸"), trusted("·"))
#: What the customer does next, and not the agent.
_THEIRS: Final = ("answer", "confirmation", "choice")
_SPACE: Final = trusted(" ")
_DOT: Final = trusted(" · ")
_FILL: Final[frozenset[Act]] = frozenset({"fill"})
#: Letters of a reason on the line, and of a gift that has the line to itself.
_SHOWN, _ALONE = 24, 40


class _Acts(NamedTuple):
    """The keys that mean something now, and what they do, from long to short. ``alone``: that as a line of
    its own, where there is no room for what is missing."""

    takes: frozenset[Act]
    acts: list[SafeText]
    alone: Sequence[tuple[SafeText, SafeText]] = ()


class Steps:
    """The quietest of all: it speaks when nobody else has something to say."""

    def offer(self, moment: Moment) -> Aid | None:
        """What is missing now; for trainees all steps with it."""
        if moment.noting or (shown := _shown(moment)) == "off":
            return None
        reading = moment.session.readings.of(moment.log)
        words, missing = moment.words, reading.progress.missing
        what = NOTHING
        if missing:
            say = "step.waits" if missing in _THEIRS else "step.next"
            what = words.say(say, what=words.say(f"missing.{missing}"))
        takes, acts, alone = self._acts(moment, reading)
        if shown == "bar":
            long, short = self._bar(moment, reading)
            ways = [(bar, act) for bar in (long, short) for act in acts or [what]]
        else:
            short, ways = what, [(what, act) for act in acts or [NOTHING]]
        if not short:
            return None
        (first, act), *briefs = [*ways, *alone, (short, NOTHING)]
        return Aid(first, act, "quiet", tuple(briefs), takes)

    def _acts(self, moment: Moment, reading: Reading) -> _Acts:
        say, fill = moment.words.say, moment.key("aid.fill")
        if (given := self._gift(moment, reading)) is not None:
            label = _label(given.gift.labels, moment)
            act, short = (say("gift.act", fill=fill, what=one) for one in (label, label.clip(_ALONE)))
            return _Acts(_FILL, [act], [(act, NOTHING), (short, NOTHING)])
        if not self._asks_why(moment, reading):
            return _Acts(frozenset(), [])
        takes: frozenset[Act] = _FILL | {"dismiss"}
        away = say("hint.away", away=moment.key("aid.dismiss"))
        if reading.guess is None:
            act = say("reason.act", fill=fill)
            return _Acts(takes, [join(_DOT, [act, away]), act])
        guess = say("reason.guess_act", what=_label(reading.guess.labels, moment).clip(_SHOWN))
        picks = say("reason.picks", fill=fill)
        act = join(_SPACE, [guess, picks])
        return _Acts(
            takes, [join(_DOT, [act, away]), act], [(guess, join(_DOT, [picks, away])), (guess, picks)]
        )

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

    def _asks_why(self, moment: Moment, reading: Reading) -> bool:
        """Whether something could be given, if it was known why they write: asked until it is put away."""
        return (
            reading.reason is None
            and reading.progress.missing == "solution"
            and any(one.mandate for one in reading.shop.reasons)
            and not moment.away.reason
            and not moment.session.gifts.pending(moment.chat)
        )

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Put the gift's words into the text, which counts once they arrived; or ask why they write."""
        reading = moment.session.readings.of(moment.log)
        given = self._gift(moment, reading)
        if given is None and self._asks_why(moment, reading):
            if act == "fill":
                return Pressed(flow="reason")
            moment.put_away().reason = True
            return Pressed()
        if given is None or act != "fill":
            return None
        text = words_for(given.gift, reading.language)
        moment.session.gifts.put(moment.chat, given, text)
        before = moment.text.rstrip()
        return Pressed(f"{before} {text}" if before else text)

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""


def _shown(moment: Moment) -> str:
    """As this console's settings say; if they leave it open, all steps for those who learn them."""
    wanted = moment.session.settings.steps
    if wanted != "auto":
        return wanted
    return "bar" if moment.session.team.is_trainee else "missing"


def _label(labels: Mapping[str, str], moment: Moment) -> SafeText:
    return safe_line(of_language(labels, moment.words.language))
