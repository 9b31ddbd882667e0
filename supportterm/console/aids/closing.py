"""While a chat is being closed: the one thing that was not said yet. Whoever lets it be loses no time."""

from __future__ import annotations

from supportterm.coach.understanding import Gap
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment


class ClosingUnanswered:
    """That the customer waits for an answer, before anything else about closing."""

    def offer(self, moment: Moment) -> Aid | None:
        """Only the agent can answer; the line above tells how to stop."""
        if moment.noting or moment.chat not in moment.session.closings:
            return None
        if not moment.session.readings.of(moment.log).asks_still:
            return None
        say, name = moment.words.say, moment.session.name(moment.log)
        what = say("closing.asked", name=name)
        return Aid(what, tone="warn", briefs=((say("closing.asked_brief"), NOTHING),))

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """It has no keys."""
        return None

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""


class ClosingLine:
    """What is missing before closing; tab stops the closing and puts it into the text."""

    def offer(self, moment: Moment) -> Aid | None:
        """The first thing missing."""
        gap = self._gap(moment)
        if gap is None:
            return None
        words = moment.words
        missing = words.say(f"closing.{gap.what}")
        what, brief = (words.say(key, what=missing) for key in ("closing.missing", "closing.missing_brief"))
        if not gap.add:
            # Only the agent can say it; the line above tells how to stop.
            return Aid(what, tone="warn", briefs=((brief, NOTHING),))
        act = words.say("closing.add", fill=moment.key("aid.fill"))
        return Aid(what, act, "warn", ((brief, act),), frozenset({"fill"}))

    def _gap(self, moment: Moment) -> Gap | None:
        if moment.noting or moment.chat not in moment.session.closings:
            return None
        gaps = moment.session.readings.of(moment.log).gaps
        return next((gap for gap in gaps if not gap.add or gap.add not in moment.text), None)

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Say it, and close afterwards."""
        gap = self._gap(moment)
        if gap is None or act != "fill" or not gap.add:
            return None
        moment.session.closings.drop(moment.chat)
        before = moment.text.rstrip()
        return Pressed(f"{before} {gap.add}" if before else gap.add)

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember."""
