"""The first words, offered in the empty composer when an agent joins a chat, and taken with one key."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supportterm.coach.greeting import greeting
from supportterm.console.aids.aid import Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.reading import Reading
from supportterm.console.callbacks import reach


class Greeting:
    """Offers a greeting as long as this agent has written nothing. Put away, it stays away in that chat."""

    def __init__(self) -> None:
        self._made: tuple[Reading, int, str] | None = None

    def line(self, moment: Moment) -> str:
        """What the empty composer shows; "" if there is nothing to offer."""
        if moment.text or moment.noting or moment.away.greeting or not _begins(moment):
            return ""
        reading = moment.session.readings.of(moment.log)
        hour = _hour(moment)
        if self._made is None or self._made[0] is not reading or self._made[1] != hour:
            self._made = (reading, hour, _written(moment, reading, hour))
        return self._made[2]

    def offer(self, moment: Moment) -> Aid | None:
        """That one key takes it."""
        if not self.line(moment):
            return None
        keys = {"fill": moment.key("aid.fill"), "away": moment.key("aid.dismiss")}
        words = moment.words
        act, brief = words.say("greeting.act", **keys), words.say("greeting.act_brief", **keys)
        what = words.say("greeting.what")
        return Aid(what, act, briefs=((what, brief),), takes=frozenset({"fill", "dismiss"}))

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Take it, or put it away."""
        text = self.line(moment)
        if act == "dismiss":
            moment.put_away().greeting = True
            return Pressed()
        return Pressed(text, known=True) if text else None

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """It never stands in the way."""
        return out

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """Nothing to remember: the message itself tells that it was greeted."""


def _begins(moment: Moment) -> bool:
    """Whether this agent joined and has said nothing since."""
    me = moment.session.team.me
    if moment.log.outbox:
        return False
    for event in reversed(moment.log.events):
        if event.kind == "message" and event.by.id == me:
            return False
        if event.kind == "phoned" and event.by.id == me:
            # Who spoke to them has said hello.
            return False
        if event.kind == "joined" and event.by.id == me:
            return True
    return False


def _hour(moment: Moment) -> int:
    zone = moment.shop.zone if moment.shop is not None else "UTC"
    at = datetime.fromtimestamp(moment.now_ms / 1000, UTC)
    try:
        return at.astimezone(ZoneInfo(zone)).hour
    except (ZoneInfoNotFoundError, ValueError):
        return at.hour


def _written(moment: Moment, reading: Reading, hour: int) -> str:
    wrote = [line.text for line in reading.talk.lines if line.who == "customer" and line.kind == "message"]
    name = reach(moment.log).name
    welcome = moment.session.journal.welcome
    me = welcome.me.name if welcome is not None else ""
    return greeting(reading.language, name, me, wrote, hour, reading.familiar, reading.is_irritated)
