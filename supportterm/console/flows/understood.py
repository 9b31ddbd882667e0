"""Being understood, step by step: the summary, solutions to choose from, the reason, gifts, the step."""

from __future__ import annotations

from typing import Final

from supportterm.coach.understanding import STEPS, before_options
from supportterm.console.aids.gifts import Given, may_give, of_language
from supportterm.console.aids.reading import Reading
from supportterm.console.flows.chats import open_chat
from supportterm.console.screens.dialog import Choice
from supportterm.console.screens.offering import Offered, Offering
from supportterm.console.screens.stage import Stage
from supportterm.console.screens.summing import Summed, Summing
from supportterm.console.signs import explained
from supportterm.console.topics import topic_of
from supportterm.link.chatlog import ChatLog
from supportterm.text import SafeText, join, safe_line, trusted

_NOTHING: Final = trusted("")
#: Closing without a reason, as a choice.
_NONE: Final = "none"


async def summary(stage: Stage) -> None:
    """Show how the customer was understood; enter sends it, an empty slot puts its question into the text."""
    log = open_chat(stage)
    if log is not None:
        # Who writes a summary does not close yet.
        stage.session.closings.drop(log.chat)
        await restate(stage, log)


async def restate(stage: Stage, log: ChatLog) -> bool:
    """The draft of one chat's summary; whether it was sent."""
    session = stage.session
    draft = session.state.draft(log.chat)
    screen = Summing(session, session.name(log), session.readings.of(log), draft)
    done: Summed | None = await stage.app.push_screen_wait(screen)
    if done is not None and done.ask:
        stage.then(lambda: stage.console.main.understood.add(done.ask))
    sent = False
    if done is not None and not done.ask:
        trouble = session.restate(log.chat, done.send)
        stage.notice(trouble)
        sent = trouble is None
    stage.notice(session.save())
    return sent


async def options(stage: Stage) -> None:
    """Send two or three solutions as buttons."""
    log = open_chat(stage)
    if log is None:
        return
    session = stage.session
    reading, draft = session.readings.of(log), session.state.draft(log.chat)
    above = before_options(reading.language, familiar=reading.familiar)
    screen = Offering(session, session.name(log), above, draft)
    done: Offered | None = await stage.app.push_screen_wait(screen)
    if done is not None:
        stage.notice(session.offer(log.chat, done.text, done.options))
    stage.notice(session.save())


async def reason(stage: Stage) -> None:
    """Say why the customer came."""
    log = open_chat(stage)
    if log is None:
        return
    if not stage.session.shops.of(log).reasons:
        stage.notice(stage.words.say("reason.none"))
        return
    await _pick_reason(stage, log, closing=False)


async def close(stage: Stage) -> None:
    """Close the open chat: first why the customer came, if that was not said yet."""
    session = stage.session
    log = session.log
    if log is not None and await _pick_reason(stage, log, closing=True):
        stage.then(stage.console.main.understood.begin_closing)


async def _pick_reason(stage: Stage, log: ChatLog, *, closing: bool) -> bool:
    """Whether one was picked, or none is wanted."""
    session, say = stage.session, stage.words.say
    reading = session.readings.of(log)
    first = reading.reason or reading.guess
    choices = [
        Choice(
            one.id,
            safe_line(of_language(one.labels, stage.words.language)),
            say("reason.now" if one is reading.reason else "reason.guess") if one is first else _NOTHING,
        )
        for one in reading.shop.reasons
    ]
    if closing:
        choices.append(Choice(_NONE, say("reason.without")))
    title = say("reason.title_close" if closing else "reason.title", name=session.name(log))
    # A chat is filed under no reason that nobody picked.
    chosen = await stage.pick(title, choices, selected=first.id if first is not None else "", unchosen=True)
    if chosen and chosen != _NONE and (reading.reason is None or chosen != reading.reason.id):
        stage.notice(session.acts.tell(log.chat, chosen))
    return bool(chosen)


async def gift(stage: Stage) -> None:
    """Put something the shop lets agents give into the text."""
    log = open_chat(stage)
    if log is None:
        return
    session, say = stage.session, stage.words.say
    reading = session.readings.of(log)
    found = [one for one in may_give(reading) if not session.gifts.leaves(log.chat, one)]
    if not found:
        stage.notice(say("gift.none"))
        return
    choices = [Choice(str(number), *_shown(stage, reading, given)) for number, given in enumerate(found)]
    chosen = await stage.pick(say("gift.title", name=session.name(log)), choices)
    if chosen:
        stage.then(lambda: stage.console.main.understood.give(found[int(chosen)]))


def _shown(stage: Stage, reading: Reading, given: Given) -> tuple[SafeText, SafeText, SafeText]:
    """A gift: its name, for which reason, and what is written."""
    label = safe_line(of_language(given.gift.labels, stage.words.language))
    reason_ = safe_line(of_language(given.reason.labels, stage.words.language))
    return label, reason_, safe_line(of_language(given.gift.texts, reading.language))


async def where(stage: Stage) -> None:
    """Where the conversation is: its step, to be corrected, and what its signs and its line mean."""
    log = open_chat(stage)
    if log is None:
        return
    session, say = stage.session, stage.words.say
    reading = session.readings.of(log)
    now = reading.progress
    choices = [
        Choice(
            step,
            say(f"step.{step}"),
            say("step.now") if step == now.step else _NOTHING,
            say(f"missing.{now.missing}") if step == now.step and now.missing else _NOTHING,
        )
        for step in STEPS
    ]
    facts = reading.signs(session.now_ms())
    told = [explained(session.words, fact, reading) for fact in facts]
    if topic := topic_of(session, log):
        told.insert(0, say("step.topic", topic=topic))
    if (why := stage.console.main.writing.explained()) is not None:
        told.append(why)
    told.append(say("step.id", id=safe_line(log.chat)))
    about = join(trusted("\n"), told)
    title = say("step.title", name=session.name(log))
    chosen = await stage.pick(title, choices, about=about, selected=now.step)
    step = next((one for one in STEPS if one == chosen), None)
    if step is not None and step != now.step:
        session.readings.set_step(log, step)
        stage.notice(session.save())
        stage.console.main.paint()
