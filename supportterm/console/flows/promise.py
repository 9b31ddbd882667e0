"""Give a customer a time, or more of it: a small menu that puts an honest line into the composer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from supportterm.coach import promising
from supportterm.console.aids.back import read
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import (
    MINUTE,
    Time,
    at_time,
    clock,
    in_time,
    label,
    longer,
    nobody,
    said,
    sooner,
    standing,
    usual,
    with_time,
)
from supportterm.console.callbacks import mail, reach, ways
from supportterm.console.screens.dialog import TYPED, Choice
from supportterm.console.screens.stage import Stage
from supportterm.text import SafeText, join, safe_line, trusted

_DOT = trusted(" · ")
#: What is chosen at first where nothing is known of the agent: one step longer than people say.
_FIRST = 3 * MINUTE
_LATER = "later"
_REACH = "reach"
_HAND = "hand over"
#: What leads to a flow of its own.
_FLOWS = {_LATER: "callback", _REACH: "reach", _HAND: "hand_off"}


async def give_time(stage: Stage) -> None:
    """Asks how long, and puts a line with that time into the composer. Nothing is sent."""
    writing, session, say = stage.console.main.writing, stage.session, stage.words.say
    moment = writing.moment()
    if moment is None or moment.noting:
        stage.notice(say("notice.not_yours" if session.part != "owner" else "give.not_now"))
        return
    kind = standing(moment)
    title = say(f"give.{kind}", name=session.name(moment.log))
    about = say("give.about")
    if needed := usual(moment):
        about = join(_DOT, [say("chip.usual", time=stage.words.span(needed)), about])
    chosen = await stage.pick(
        title,
        _choices(moment),
        about=about,
        free=partial(_typed, moment),
        selected=_REACH if mail(moment.log).state == "refused" else f"{longer(moment, _FIRST)}",
    )
    if not chosen:
        return
    if chosen in _FLOWS:
        stage.then(partial(stage.console.action_flow, _FLOWS[chosen]))
        return
    # Time went by while they chose, and the text may have been sent by nobody but them.
    now = writing.moment()
    time = _chosen(now, chosen) if now is not None else None
    if now is None or time is None or now.chat != moment.chat:
        stage.notice(say("give.not_now"))
        return
    stage.then(partial(writing.offer, with_time(now, time)))


def _choices(moment: Moment) -> list[Choice]:
    times = [in_time(moment, step * MINUTE) for step in promising.STEPS_MIN]
    found = [_choice(moment, f"{one.ms}", one) for one in times if not sooner(moment, one)]
    last = in_time(moment, promising.STEPS_MIN[-1] * MINUTE)
    if last.outside is not None and last.outside.after:
        after = at_time(moment, last.outside.after)
        if after is not None:
            found.append(_choice(moment, f"at {after.at}", after))
    return [*found, *_hand_over(moment, [*times, last]), _later(moment), *_reach(moment)]


def _hand_over(moment: Moment, times: Sequence[Time]) -> list[Choice]:
    """A colleague who is there then: where the shop is closed at a time of the list, or the agent gone."""
    written = said(moment, moment.text)
    if not any(one.outside is not None for one in (*times, *([written] if written is not None else []))):
        return []
    say = moment.words.say
    return [Choice(_HAND, say("give.hand_over"), moment.key("chat.hand_off"))]


def _reach(moment: Moment) -> list[Choice]:
    """The address alone: what was refused was promised already."""
    known, say = reach(moment.log), moment.words.say
    if not known.newest:
        return []
    refused = mail(moment.log).state == "refused"
    about = say("reach.about_refused") if refused else trusted("")
    return [Choice(_REACH, say("reach.choose"), safe_line(known.mail if refused else known.newest), about)]


def _later(moment: Moment) -> Choice:
    """An answer for which the customer need not stay."""
    say, known = moment.words.say, reach(moment.log)
    detail = safe_line(known.newest)
    if not ways(moment.shop, known):
        detail = say("refusal.no_mail") if known.newest else say("callback.unknown")
    elif not known.newest:
        detail = say("callback.by_here")
    label = say("callback.later_here" if known.here else "callback.later")
    return Choice(_LATER, label, detail)


def _choice(moment: Moment, id: str, time: Time) -> Choice:
    name, detail = label(moment, time, here=False), clock(moment, time.at)
    if time.ms:
        # A while from now: nobody named an hour by the shop's clock.
        detail = moment.words.when(time.at, moment.now_ms)
    parts = [nobody(moment, time)] if time.outside is not None else []
    if detail != name:
        parts.append(detail)
    return Choice(id, name, join(_DOT, parts))


def _typed(moment: Moment, text: SafeText) -> Choice | None:
    """A time of one's own: "12", "1h30", "16:30", "tomorrow 10:00"."""
    time = read(moment, text)
    if isinstance(time, Time) and (due := sooner(moment, time)):
        why = moment.words.say("give.sooner", due=moment.words.when(due, moment.now_ms))
        return Choice(TYPED + text, text, off=why, alone=True)
    if isinstance(time, Time):
        # "4" is a time, not the 4 of 14:05.
        return _choice(moment, TYPED + text, time)._replace(alone=True)
    return Choice(TYPED + text, text, off=moment.words.say(f"{time}_brief"))


def _chosen(moment: Moment, chosen: str) -> Time | None:
    if chosen.startswith(TYPED):
        time = read(moment, chosen.removeprefix(TYPED))
        return time if isinstance(time, Time) else None
    if chosen.startswith("at "):
        return at_time(moment, int(chosen.removeprefix("at ")))
    return in_time(moment, int(chosen))
