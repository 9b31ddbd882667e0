"""The promise chip: what a time in the text means, and which keys change it, before anything is sent.

What is promised is always what the text says; another time is chosen by changing the words. Nothing is
promised that the agent has not seen on the line. Where the text has no time, the line speaks of the promise
that runs out or was not kept.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from supportterm.coach import promising
from supportterm.coach.promising import Found
from supportterm.console.aids import back
from supportterm.console.aids.aid import NOTHING, Act, Aid, Held, Outgoing, Pressed
from supportterm.console.aids.keeping import answers, greets
from supportterm.console.aids.later import later
from supportterm.console.aids.listed import is_listed
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import (
    MINUTE,
    Time,
    at_time,
    clock,
    extending,
    in_time,
    label,
    nobody,
    nobody_at,
    place,
    reworded,
    sooner,
    standing,
    step,
    there,
    time_of,
    usual,
)
from supportterm.console.promised import left
from supportterm.console.reminders import last_call, maker
from supportterm.text import SafeText, join, safe_line, trusted

_DOT: Final = trusted(" · ")
_TIMES: Final[frozenset[Act]] = frozenset({"longer", "shorter", "plain", "dismiss"})
#: Where no other time is offered.
_PLAIN: Final[frozenset[Act]] = frozenset({"plain", "dismiss"})
#: What is offered in place of a time that cannot be promised.
_SANE: Final = promising.STEPS_MIN[-1] * MINUTE


class Beside(NamedTuple):
    """The chip on a line that says something else first: what it says, its seal, and its keys."""

    what: SafeText
    brief: SafeText
    seal: str
    takes: frozenset[Act]


class PromiseChip:
    """One console's chip. ``finds`` counts how often a text was looked at."""

    def __init__(self) -> None:
        self.finds = 0
        self._looked: tuple[str, str, str] | None = None
        self._found: Found | None = None
        self._typing = promising.Typing()
        #: By chat, the time of a canned reply that the agent made their own.
        self._own: Final[dict[str, str]] = {}

    # --- what it says ----------------------------------------------------------------------------

    def offer(self, moment: Moment) -> Aid | None:
        """The chip for the time in the text."""
        if moment.noting:
            return None
        if not moment.text.strip():
            self._wave(moment, "")
            self._begin()
            return self._given(moment)
        wanted = back.asked(moment.text)
        if wanted is not None:
            # Other words: what was waved away with those before is so no more.
            self._wave(moment, "")
            return back.offer(moment, wanted)
        found = self._promise(moment)
        if (owed := self._owed_first(moment)) is not None:
            return owed
        if found is None:
            return self._offered(moment)
        if found.kind == "vague":
            return self._vague(moment, found)
        time = time_of(moment, found)
        if time is not None and _contradicts(moment, found, time):
            return self._weekday(moment, time)
        if time is not None and sooner(moment, time):
            return self._sooner(moment, time)
        if time is not None:
            return self._closed(moment, time) if time.outside else self._timed(moment, time)
        if found.kind == "clock" and moment.shop is None:
            return None
        return self._refused(moment, found) if found.absurd else self._beyond(moment)

    def outside(self, moment: Moment) -> Time | None:
        """The time that sending the text promises, if the shop is closed or this agent off then."""
        found = self._promise(moment) if back.asked(moment.text) is None else None
        time = time_of(moment, found) if found is not None and found.kind != "vague" else None
        if found is None or time is None or time.outside is None or _contradicts(moment, found, time):
            return None
        return None if sooner(moment, time) else time

    def beside(self, moment: Moment) -> Beside | None:
        """The promise that sending the text gives, where another line speaks; None: it gives none."""
        found = self._promise(moment) if back.asked(moment.text) is None else None
        time = time_of(moment, found) if found is not None and found.kind != "vague" else None
        if found is None or time is None or _contradicts(moment, found, time):
            return None
        if due := sooner(moment, time):
            what = moment.words.say("gap.stays", due=moment.words.when(due, moment.now_ms))
            return Beside(what, what, _seal(moment, time), frozenset({"longer", "dismiss"}))
        kind = "extends" if standing(moment) == "more" else "promises"
        say = f"gap.{kind}" if time.ms else f"gap.{kind}_by"
        what = moment.words.say(say, time=label(moment, time))
        brief = moment.words.say(say, time=label(moment, time, here=False))
        long = what if time.outside is None else join(trusted(", "), [what, nobody(moment, time)])
        return Beside(long, brief, _seal(moment, time), _TIMES)

    def _promise(self, moment: Moment) -> Found | None:
        """The promise in the text that was not waved away."""
        found = self._find(moment)
        if found is None:
            self._wave(moment, "")
            return None
        # What was waved away stays away until the words about time change.
        if moment.away.chip == _words(found, moment.text):
            return None
        return None if self._of_the_list(moment) else found

    def _of_the_list(self, moment: Moment) -> Found | None:
        """The time in the text, if it came with a canned reply and nobody made it theirs."""
        found = self._find(moment)
        if found is None or found.kind == "vague" or moment.away.chip == _words(found, moment.text):
            return None
        if self._own.get(moment.chat) == _words(found, moment.text):
            return None
        return found if is_listed(moment, found) else None

    def _offered(self, moment: Moment) -> Aid | None:
        """The time of a canned reply: enter promises none, and one key does."""
        found = self._of_the_list(moment)
        time = time_of(moment, found) if found is not None else None
        if found is None or time is None or sooner(moment, time) or _contradicts(moment, found, time):
            return None
        say = moment.words.say
        keys = {"longer": moment.key("aid.longer"), "dismiss": moment.key("aid.dismiss")}
        what, brief = say("chip.listed", key=moment.key("write.send")), say("chip.listed_brief")
        act = say("chip.vague_act", time=label(moment, time, here=False), **keys)
        less = say("chip.vague_brief", time=label(moment, time, here=False), longer=keys["longer"])
        takes = frozenset[Act]({"longer", "plain", "dismiss"})
        return Aid(what, act, briefs=((brief, act), (brief, less)), takes=takes)

    def _wave(self, moment: Moment, what: str) -> None:
        if moment.away.chip != what:
            moment.put_away().chip = what

    def _owed_first(self, moment: Moment) -> Aid | None:
        """What is owed goes before words such as "shortly", unless the line about these says it, too."""
        written = self._find(moment)
        # A time that was waved away is one all the same.
        if written is not None and (written.kind != "vague" or _about_vague(moment) == "vague_late"):
            return None
        return self._given(moment)

    def _begin(self) -> None:
        """The next text is another one."""
        self._looked, self._typing = None, promising.Typing()

    def _find(self, moment: Moment) -> Found | None:
        looks = moment.chat, moment.text, moment.lang
        if self._looked != looks:
            if self._looked is not None and self._looked[0] != moment.chat:
                self._begin()
            self._looked = looks
            self.finds += 1
            self._found = self._typing.find(moment.text, moment.lang)
            if self._found is not None and self._found.kind == "vague" and greets(moment):
                # "I'm having a look" of a greeting is as it should be.
                self._found = None
        return self._found

    def _timed(self, moment: Moment, time: Time) -> Aid:
        words = moment.words
        what = self._what(moment, time)
        shorter = step(moment, time, -1)
        times = {
            "longer": moment.key("aid.longer"),
            "more": label(moment, step(moment, time, 1), here=False),
            "shorter": moment.key("aid.shorter"),
            "less": label(moment, shorter, here=False),
            "plain": moment.key("aid.plain"),
        }
        say = words.say
        long, brief = say("chip.times", **times), say("chip.times_brief", **times)
        if shorter == time:
            # Nothing shorter can be promised: its key is not told, and does nothing.
            up = {key: times[key] for key in ("longer", "more", "plain")}
            long, brief = say("chip.times_up", **up), say("chip.longer", **up)
        bare = self._what(moment, time, "_brief", there(moment, time))
        less = say("chip.longer", **{key: times[key] for key in ("longer", "more", "plain")})
        short = self._what(moment, time, "_brief")
        ways = [
            (what, long),
            (what, brief),
            (short, brief),
            (short, less),
            (bare, less),
            (bare, say("gap.plain", plain=times["plain"])),
            (short, NOTHING),
            (bare, NOTHING),
        ]
        takes = _TIMES
        if (offered := later(moment, time)) is not None:
            takes |= {"fill"}
            ways = [
                *((said, join(_DOT, [keys, offered])) for said, keys in ways if keys),
                (short, offered),
                (bare, offered),
                (short, NOTHING),
                (bare, NOTHING),
            ]
        elif time.ms and (needed := usual(moment)):
            known = say("chip.usual", time=words.span(needed))
            ways = [(what, join(_DOT, [known, long])), (what, join(_DOT, [known, less])), *ways]
            if needed > time.ms:
                # It speaks against what enter promises: also where the line is short.
                told = say("chip.usual_brief", time=words.span(needed))
                least = say("chip.at", key=times["longer"], time=times["more"])
                ways[2:2] = [(short, join(_DOT, [told, keys])) for keys in (brief, less, least)]
        (what, act), *briefs = ways
        return Aid(what, act, "promise", tuple(briefs), takes, _seal(moment, time))

    def _what(self, moment: Moment, time: Time, brief: str = "", said: SafeText = NOTHING) -> SafeText:
        kind = "extend" if standing(moment) == "more" else "promise"
        say = f"chip.{kind}" if time.ms else f"chip.{kind}_by"
        return moment.words.say(say + brief, key=moment.key("write.send"), time=said or label(moment, time))

    def _sooner(self, moment: Moment, time: Time) -> Aid:
        """Whoever says a time before the one that runs hopes for it; what was promised stays."""
        say, key = moment.words.say, moment.key("write.send")
        # As the transcript shows it, whichever clock the new time would be on.
        known = moment.words.when(sooner(moment, time), moment.now_ms)
        more = say(
            "chip.at", key=moment.key("aid.longer"), time=label(moment, extending(moment, time), here=False)
        )
        what, brief = say("chip.sooner", key=key, due=known), say("chip.sooner_brief", key=key, due=known)
        ways = ((what, NOTHING), (brief, more), (brief, NOTHING))
        return Aid(what, more, "quiet", ways, frozenset({"longer", "dismiss"}), _seal(moment, time))

    def _closed(self, moment: Moment, time: Time) -> Aid:
        """The shop is closed then, or the agent off: stay, hand over, or another time."""
        assert time.outside is not None
        say, outside = moment.words.say, time.outside
        takes: set[Act] = {"plain", "dismiss"}
        ways = [say("chip.stay", key=moment.key("write.send"))]
        if outside.after:
            takes.add("longer")
            ways.append(
                say("chip.at", key=moment.key("aid.longer"), time=clock(moment, outside.after, here=False))
            )
        if outside.before:
            takes.add("shorter")
            ways.append(
                say("chip.at", key=moment.key("aid.shorter"), time=clock(moment, outside.before, here=False))
            )
        hand = say("chip.hand_over", key=moment.key("chat.hand_off"))
        others = [hand]
        if (offered := later(moment, time)) is not None:
            takes.add("fill")
            others = [offered, hand]
        what, brief = nobody_at(moment, time), nobody(moment, time)
        return Aid(
            what,
            join(_DOT, [*ways, *others]),
            "warn",
            tuple(
                (brief, join(_DOT, some))
                # Other times are in the small menu as well: they make room for whom to hand it to.
                for some in (
                    [*ways, *others],
                    [*ways[:2], *others],
                    [*ways[:2], hand],
                    [ways[0], *others],
                    [ways[0], hand],
                    ways[:1],
                )
            ),
            frozenset(takes),
            _seal(moment, time),
        )

    def _vague(self, moment: Moment, found: Found) -> Aid:
        say, words = moment.words.say, moment.words
        what = say(f"chip.{_about_vague(moment)}", key=moment.key("write.send"))
        time = time_of(moment, found)
        span = words.span(time.ms if time is not None else found.ms)
        keys = {"longer": moment.key("aid.longer"), "dismiss": moment.key("aid.dismiss")}
        act = say("chip.vague_act", time=span, **keys)
        brief = say("chip.vague_brief", time=span, longer=keys["longer"])
        return Aid(what, act, briefs=((what, brief),), takes=frozenset({"longer", "plain", "dismiss"}))

    def _refused(self, moment: Moment, found: Found) -> Aid:
        """No such while can be promised: what can be."""
        say, words = moment.words.say, moment.words
        keys = {"longer": moment.key("aid.longer"), "plain": moment.key("aid.plain")}
        act = say("chip.refused_act", time=words.span(_SANE), **keys)
        brief = say("chip.refused_brief", time=words.span(_SANE), **keys)
        why = "chip.too_short" if found.ms < promising.SHORTEST else "chip.too_long"
        what = say(why)
        return Aid(what, act, "warn", ((what, brief), (say(f"{why}_brief"), brief)), _TIMES)

    def _beyond(self, moment: Moment) -> Aid:
        """A day or a time of day that is over or too far away: no while from now is what was meant."""
        say, key = moment.words.say, moment.key("aid.plain")
        act, brief = say("chip.plain", plain=key), say("gap.plain", plain=key)
        return Aid(say("chip.over"), act, "warn", ((say("chip.over_brief"), brief),), _PLAIN)

    def _weekday(self, moment: Moment, time: Time) -> Aid:
        """A weekday and a date that are two days: the customer would read the one, and count to the other."""
        say, date = moment.words.say, moment.words.in_zone(place(moment)[0]).date(time.at)
        act, brief = (say(one, plain=moment.key("aid.plain")) for one in ("chip.plain", "gap.plain"))
        short = say("chip.weekday_brief", date=date)
        ways = ((short, brief), (short, NOTHING))
        return Aid(say("chip.weekday", date=date), act, "warn", ways, _PLAIN)

    def _given(self, moment: Moment) -> Aid | None:
        """No time is written, or a vague one: is there a promise to speak of? It comes before all else, also
        over a text that somebody is writing: they look there, and at nothing else."""
        head, say, words = moment.log.head, moment.words.say, moment.words
        if head is None or head.state != "open":
            return None
        key, by = moment.key("promise.give"), _other_maker(moment)
        whose, name = ("_by", {"name": by}) if by else ("", {})
        if head.overdue_at and not head.promise_due:
            if moment.away.overdue == head.overdue_at:
                return None
            due, late = words.clock(head.overdue_at), moment.now_ms - head.overdue_at
            what = say(f"chip.overdue_now{whose}", time=due, **name)
            if late >= MINUTE:
                what = say(f"chip.overdue{whose}", time=due, late=words.age(late), **name)
            act, brief = self._owing(
                moment, say("chip.new_time", key=key), say("chip.new_time_brief", key=key)
            )
            return Aid(what, act, "warn", ((what, brief),), frozenset({"dismiss"}))
        # 0: it is answered, and nobody is called.
        last = last_call(moment.log)
        if head.promise_due and last and moment.now_ms >= last:
            time = left(words, head.promise_due, moment.now_ms)
            what = say(f"chip.left{whose}", time=time, **name)
            more = say("chip.more_time", key=key)
            act, brief = self._owing(moment, more, more)
            return Aid(what, act, "promise", ((what, brief),), ticks=True)
        return None

    def _owing(self, moment: Moment, act: SafeText, brief: SafeText) -> tuple[SafeText, SafeText]:
        """What the line offers while an answer is owed: ``act`` and its shorter form, or over a text what
        sending that does."""
        if not moment.text.strip():
            return act, brief
        keys = {"enter": moment.key("write.send"), "key": moment.key("promise.give")}
        kind = "answers" if answers(moment) else "holds"
        return moment.words.say(f"chip.{kind}", **keys), moment.words.say(f"chip.{kind}_brief", **keys)

    # --- its keys --------------------------------------------------------------------------------

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """Another time: other words."""
        head = moment.log.head
        found = self._promise(moment) if moment.text.strip() else None
        if act == "dismiss" and head is not None and self._owed_first(moment) is not None:
            moment.put_away().overdue = head.overdue_at
            return Pressed()
        if found is None and (listed := self._of_the_list(moment)) is not None:
            return self._press_listed(act, moment, listed)
        if found is None:
            return None
        match act:
            case "plain":
                return Pressed(send=True)
            case "fill":
                time = time_of(moment, found)
                return Pressed(call_back=time.at) if time is not None else None
            case "dismiss":
                self._wave(moment, _words(found, moment.text))
                return Pressed()
            case "longer" | "shorter":
                time = time_of(moment, found)
                other = self._other(moment, found, act)
                stays = found.kind != "vague" and other == time
                if stays or (time is None and found.kind == "clock"):
                    return Pressed()
                return Pressed(reworded(moment, found, other))

    def _press_listed(self, act: Act, moment: Moment, found: Found) -> Pressed | None:
        match act:
            case "longer":
                # The words stay: from here on they are the agent's.
                self._own[moment.chat] = _words(found, moment.text)
            case "dismiss":
                self._wave(moment, _words(found, moment.text))
            case "plain":
                return Pressed(send=True)
            case _:
                return None
        return Pressed()

    def _other(self, moment: Moment, found: Found, act: Act) -> Time:
        """The time that a key chooses."""
        time = time_of(moment, found)
        if time is None:
            return in_time(moment, _SANE)
        if found.kind == "vague":
            return time
        if act == "longer" and sooner(moment, time):
            return extending(moment, time)
        if time.outside is not None:
            at = time.outside.after if act == "longer" else time.outside.before
            return at_time(moment, at) or time
        return step(moment, time, 1 if act == "longer" else -1)

    # --- sending ---------------------------------------------------------------------------------

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """The message carries the time that its text says and the line said."""
        wanted = back.asked(moment.text)
        if wanted is not None:
            return back.enter(moment, wanted)
        found = None if plain else self._promise(moment)
        if found is None or found.kind == "vague":
            return out
        time = time_of(moment, found)
        if time is None:
            return out if found.kind == "clock" and moment.shop is None else Held()
        if _contradicts(moment, found, time):
            return Held()
        if seen != _seal(moment, time):
            return Held(why="chip.look")
        return Outgoing(out.text, time.ms, 0 if time.ms else time.at, out.summary, out.options)

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """The next text is another one, and what is owed is said again."""
        self._begin()
        self._own.pop(moment.chat, None)
        self._wave(moment, "")
        if moment.away.overdue:
            moment.put_away().overdue = 0


def _contradicts(moment: Moment, found: Found, time: Time) -> bool:
    return promising.contradicts(found, time.at, place(moment)[0])


def _about_vague(moment: Moment) -> str:
    """What is to be said of words such as "shortly": whether they leave a promise as it was, or keep it."""
    given = standing(moment)
    if promising.holding(moment.text, moment.lang):
        return {"give": "vague", "more": "vague_running", "late": "vague_late"}[given]
    return "vague_kept" if given == "more" else "vague"


def _other_maker(moment: Moment) -> SafeText:
    """Who gave the promise, if it was somebody else than who reads this; "": it was them, or nobody knows."""
    by = maker(moment.log)
    return safe_line(by.name) if by is not None and by.id != moment.session.team.me else NOTHING


def _seal(moment: Moment, time: Time) -> str:
    """What enter would start; a while from now is the same while, however long one looks at it."""
    when = f"in {time.ms}" if time.ms else f"at {time.at}"
    kind = "sooner" if sooner(moment, time) else standing(moment)
    return f"{kind} {when} {time.outside is not None}"


def _words(found: Found, text: str) -> str:
    return f"{found.kind} {found.ms} {text[found.start : found.end]}"
