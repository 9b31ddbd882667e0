"""Promise an answer by mail, phone or here, for which the customer need not stay: when, how, and where to."""

from __future__ import annotations

from functools import partial
from typing import Final, cast

from supportterm.coach import giving, promising
from supportterm.coach.promising import NotAllowed
from supportterm.console import vouched
from supportterm.console.aids.aid import Outgoing
from supportterm.console.aids.back import read
from supportterm.console.aids.moment import Moment
from supportterm.console.aids.times import (
    Time,
    at_time,
    clock,
    due_at,
    reworded,
    said,
    says,
    standing,
    time_of,
)
from supportterm.console.callbacks import CONTACT_CHARS, Reach, hour, reach
from supportterm.console.said import reached_by_words
from supportterm.console.screens.dialog import TYPED, Choice
from supportterm.console.screens.stage import Stage
from supportterm.protocol import contact
from supportterm.protocol.frames import How
from supportterm.text import SafeText, join, safe_line, trusted

_DOT: Final = trusted(" · ")
_NOTHING: Final = trusted("")
_SPACE: Final = trusted(" ")
#: Letters of the words that go with the promise.
_SHOWN: Final = 160
_ANOTHER: Final = "another"


async def call_back(stage: Stage, at: int = 0, text: str = "") -> None:
    """Ask what is not known yet, and promise it. Nothing is promised before the last answer.

    ``at``: the moment that was asked for, 0: none yet. ``text``: what the composer says about it; it goes to
    the customer first, and says the time that is promised: another one changes its words, before their eyes.
    """
    moment = _moment(stage)
    if moment is None:
        return
    time = (said(moment, text) or at_time(moment, at)) if at else await _when(stage, moment)
    while time is not None:
        settled = await _settled(stage, moment, time)
        if settled == time:
            break
        time = settled or await _when(stage, moment)
    if time is None:
        return
    now = _moment(stage)
    if now is None or now.chat != moment.chat:
        return
    if text and now.text == text and not says(now, text, time):
        text = _other_words(stage, now, time)
        if not text:
            return
    by = await _by(stage, now, time, text)
    now = _moment(stage) if by is not None else None
    # Time went by while they chose.
    if by is None or now is None or now.chat != moment.chat:
        return
    if at_time(now, due_at(now, time)) is None:
        stage.notice(now.words.say("chip.over"))
        return
    stage.then(partial(_promise, stage, now, due_at(now, time), by, text))


def _other_words(stage: Stage, moment: Moment, time: Time) -> str:
    """The composer's text, saying the time that was chosen instead; "": it cannot, and stays there."""
    found, writing = promising.find(moment.text, moment.lang), stage.console.main.writing
    if found is None:
        stage.notice(moment.words.say("callback.words"))
        return ""
    writing.put(reworded(moment, found, time))
    now = writing.moment()
    if now is None or not says(now, now.text, time):
        stage.notice(moment.words.say("callback.words"))
        return ""
    return now.text


def _moment(stage: Stage) -> Moment | None:
    """The open chat, if something can be promised there; else it is said why not."""
    session, moment = stage.session, stage.console.main.writing.moment()
    if moment is None or moment.noting or moment.log.head is None or moment.log.head.state != "open":
        why = "notice.not_yours" if session.part != "owner" else "give.not_now"
        stage.notice(session.words.say(why))
        return None
    return moment


def _promise(stage: Stage, moment: Moment, at: int, by: tuple[How, str], text: str) -> None:
    main, session = stage.console.main, stage.session
    how, where = by
    if text and main.composer.text == text and not session.noting:
        # Where a promise runs, these words give it more time; without that they would count as its answer.
        due = at if standing(moment) == "more" else 0
        if not main.writing.let_go(moment.chat, Outgoing(text, due=due)):
            return
    trouble = session.acts.call_back(moment.chat, at, how, where)
    when = clock(moment, at)
    stage.notice(trouble or session.words.say(f"notice.callback_{how}", time=when))


# --- when -----------------------------------------------------------------------------------------


async def _when(stage: Stage, moment: Moment) -> Time | None:
    say = stage.words.say
    known = reach(moment.log)
    reachable = known.any or reached_by_words(moment.log)
    about = say("callback.about") if reachable else say("callback.unknown")
    title = say("callback.when", name=stage.session.name(moment.log))
    chosen = await stage.pick(title, _times(moment), about=about, free=partial(_typed, moment))
    now = _moment(stage) if chosen else None
    if now is None or now.chat != moment.chat:
        return None
    if chosen.startswith(TYPED):
        time = read(now, chosen.removeprefix(TYPED))
        return time if isinstance(time, Time) else None
    return at_time(now, int(chosen))


def _times(moment: Moment) -> list[Choice]:
    """The named times that people use, as the shop's clock and hours have them."""
    words = moment.words
    found: dict[int, tuple[SafeText, Time]] = {}
    for phrase in words.each("callback.times"):
        try:
            time = time_of(moment, giving.read(phrase, words.language))
        except NotAllowed:
            continue
        if time is not None:
            found.setdefault(time.at, (phrase, time))
    return [_choice(moment, f"{at}", phrase, found[at][1]) for at, (phrase, _) in sorted(found.items())]


def _choice(moment: Moment, id: str, label: SafeText, time: Time) -> Choice:
    parts = [clock(moment, time.at)]
    if time.outside is not None:
        parts.insert(0, moment.words.say("chip.closed_brief"))
    many = crowd(moment, time.at)
    if _full(moment, time.at):
        return Choice(id, label, join(_DOT, parts), about=many)
    return Choice(id, label, join(_DOT, [*parts, many] if many else parts))


def _typed(moment: Moment, text: SafeText) -> Choice | None:
    time = read(moment, text)
    if isinstance(time, Time):
        return _choice(moment, TYPED + text, text, time)._replace(alone=True)
    return Choice(TYPED + text, text, off=moment.words.say(f"{time}_brief"))


def crowd(moment: Moment, at: int) -> SafeText:
    """How many callbacks fall due in that hour: "17:00 already has four", "two then"; "" for none."""
    found, words = hour(moment.session.journal.left, at), moment.words
    if found is None or found.n < 1:
        return _NOTHING
    if _full(moment, at):
        return words.say("callback.full", time=clock(moment, found.at, here=False), n=words.count(found.n))
    return words.say("callback.some", n=words.count(found.n))


def _full(moment: Moment, at: int) -> bool:
    most = moment.shop.callbacks_per_hour if moment.shop is not None else 0
    found = hour(moment.session.journal.left, at)
    return bool(most) and found is not None and found.n >= most


async def _settled(stage: Stage, moment: Moment, time: Time) -> Time | None:
    """The time that is meant, where the shop is closed then or the hour is full; None: another one."""
    say = stage.words.say
    if time.outside is not None:
        choices = [Choice("stay", say("callback.stay"), clock(moment, time.at))]
        for at in (time.outside.after, time.outside.before):
            if at and (other := at_time(moment, at)) is not None:
                choices.append(_choice(moment, f"{at}", say("callback.rather"), other))
        choices.append(Choice(_ANOTHER, say("callback.another_time")))
        chosen = await stage.pick(say("chip.closed", time=clock(moment, time.at)), choices)
        if chosen in ("", _ANOTHER):
            return None
        if chosen != "stay":
            return at_time(moment, int(chosen))
    if _full(moment, time.at):
        question = join(_DOT, [crowd(moment, time.at), say("callback.all_the_same")])
        if not await stage.ask(question, say("callback.anyway")):
            return None
    return time


# --- how ------------------------------------------------------------------------------------------


async def _by(stage: Stage, moment: Moment, time: Time, text: str) -> tuple[How, str] | None:
    """By mail or phone, and the address or number ("": the known one, which may become another while this is
    asked); or here, where the shop knows the customer. ``text`` goes with it, and is shown."""
    say, shop = stage.words.say, moment.shop
    known = reach(moment.log)
    no_mail = shop is None or not shop.mail
    choices = [
        _way("mail", say("callback.by_mail"), known, say("refusal.no_mail") if no_mail else _NOTHING, moment),
        _way("phone", say("callback.by_phone"), known, _NOTHING, moment),
        Choice(_ANOTHER, say("callback.another"), about=say("callback.another_about")),
    ]
    if known.here:
        # Promised is what can be kept: they see it if they come, and nobody is told that they will.
        here, number = say("callback.by_here"), vouched.mark(moment.words, moment.log, brief=True)
        choices.insert(2, Choice("here", here, number, about=say("callback.by_here_about")))
    newest: str = contact.kind_of(known.newest)
    said = {
        f"said {one.kind}": one
        for one in reached_by_words(moment.log)
        if one.where != known.by(one.kind) and not (no_mail and one.kind == "mail")
    }
    for id_, one in said.items():
        wrote = say("callback.as_they_wrote", time=moment.words.clock(one.at))
        choice = Choice(id_, say(f"callback.by_{one.kind}"), safe_line(one.where), about=wrote)
        if known.by(one.kind):
            choices.insert(-1, choice)
        else:
            # Nothing else is known: it stands in the place of the way that could not be chosen.
            choices = [choice if each.id == one.kind else each for each in choices]
            newest = newest or id_
    usable = [one.id for one in choices if not one.off]
    title = say("callback.how", name=stage.session.name(moment.log), time=clock(moment, time.at))
    about = say("callback.about_how") if usable != [_ANOTHER] else say("callback.unknown")
    if text:
        about = join(_SPACE, [about, say("callback.about_words", text=safe_line(text).clip(_SHOWN))])
    first = newest if newest in usable else usable[0]
    chosen = await stage.pick(title, choices, about=about, selected=first)
    if chosen in said:
        return said[chosen].kind, said[chosen].where
    if chosen != _ANOTHER:
        return (cast("How", chosen), "") if chosen else None

    def wrong(text: str) -> SafeText:
        kind = contact.kind_of(text)
        if kind == "mail" and no_mail:
            return say("refusal.no_mail")
        return _NOTHING if kind else say("callback.neither")

    typed = await stage.line(say("callback.where"), say("callback.where_hint"), known.newest, wrong)
    typed = typed[:CONTACT_CHARS]
    kind = contact.kind_of(typed)
    return (kind, "" if typed == known.by(kind) else typed) if kind else None


def _way(how: How, label: SafeText, known: Reach, why: SafeText, moment: Moment) -> Choice:
    where = known.by(how)
    off = why or (_NOTHING if where else moment.words.say(f"callback.no_{how}"))
    return Choice(how, label, safe_line(where), off=off)
