"""What time brings about by itself: nothing here is asked for by anybody."""

from __future__ import annotations

from server.desk import (
    blocking,
    breathing,
    callbacks,
    doors,
    offers,
    page,
    presence,
    promises,
    rescuing,
    routing,
    supervising,
)
from server.desk.chat import Chat
from server.desk.deadlines import Key
from server.desk.events import DESK, Event
from server.desk.rules import Now
from server.desk.state import State
from server.desk.writing import close_by_desk, let_go
from supportterm.protocol import kinds

#: An answer that waits here for who does not come is there for as long as a link in a mail would work.
_UNSEEN_MS = 30 * 24 * 3_600_000
#: Where nobody speaks the other language now, the desk looks again after this long.
_AGAIN_MS = 30_000


def due(state: State, now: Now) -> list[Event]:
    """Everything whose time has come."""
    events: list[Event] = []
    while (key := state.deadlines.take(now.run)) is not None:
        events += _one(state, key, now)
    return events + routing.hand_out(state, now)


def _one(state: State, key: Key, now: Now) -> list[Event]:
    what, name = key
    match what:
        case "chat":
            return _chat(state, name, now)
        case "gone":
            return presence.stayed_away(state, name, now)
        case "page":
            return page.stayed_away(state, name, now)
        case "control":
            return supervising.control_over(state, name, now)
        case "ceiling":
            return supervising.ceiling_over(state, name, now)
        case "block":
            return blocking.expire(state, name, now)
        case "clock":
            return promises.watch_clock(state, now)
        case _:
            # An agent's next chat may come now, or the desk begins: handing out follows.
            return []


def _chat(state: State, name: str, now: Now) -> list[Event]:
    chat, pace = state.chats[name], state.paces[name]
    run = now.run
    events: list[Event] = []
    if pace.wrap and pace.wrap <= run:
        breathing.over(state, chat)
    if chat.state == "closed":
        state.aim(name)
        return events
    if pace.quiet and pace.quiet <= run:
        pace.quiet = 0
    _forgive(state, chat, run)
    if pace.promise and pace.promise <= run:
        events += promises.fell_due(state, chat, now)
    if pace.mail and pace.mail <= run:
        events += callbacks.mail(state, chat, now)
    if pace.up and pace.up <= run:
        callbacks.comes_up(state, chat, now)
    if pace.look and pace.look <= run:
        rescuing.look(state, chat, now)
    if pace.rescue and pace.rescue <= run:
        events += rescuing.ask(state, chat, now)
    if pace.offer and pace.offer <= run:
        events += offers.expired(state, chat, now)
    if pace.handoff and pace.handoff <= run:
        pace.handoff = 0
        if chat.handoff is not None:
            if chat.handoff.overdue:
                offers.let_pass(state, chat, chat.handoff.agent, now)
            events += presence.stays(state, chat, "expired", now)
    if pace.silence and pace.silence <= run:
        events += _silent(state, chat, now)
    if pace.reserved and pace.reserved <= run:
        pace.reserved = 0
        owner = state.agent(chat.owner)
        if chat.state == "open" and (not owner.present or owner.status == "offline"):
            events += let_go(state, chat, "reserved", now)
    if pace.step and pace.step <= run:
        events += _widen(state, chat, now)
    events += _farewell(state, chat, now)
    state.aim(name)
    return events


def _forgive(state: State, chat: Chat, run: int) -> None:
    pace = state.paces[chat.id]
    over = [agent for agent, until in pace.passed.items() if until <= run]
    for agent in over:
        del pace.passed[agent]
    if over and chat.state == "queued":
        state.wait_apart(chat)


def _silent(state: State, chat: Chat, now: Now) -> list[Event]:
    """No key and no first reply since the chat came: it goes to the front of the queue."""
    pace = state.paces[chat.id]
    pace.silence = 0
    agent = state.agent(chat.owner)
    if not agent.present and not agent.absent:
        # Their console is gone for a moment, in which nothing moves.
        pace.silence = now.run + state.rules.silence_ms
        return []
    # Away first: what is let go must not come straight back to who did not see it.
    events = presence.fell_silent(state, agent, chat, now)
    return events + let_go(state, chat, "silent", now)


def _widen(state: State, chat: Chat, now: Now) -> list[Event]:
    """The next fallback opens: a skill less, or the question whether another language will do."""
    pace = state.paces[chat.id]
    pace.step = 0
    if chat.state != "queued" or chat.steps_done >= len(chat.steps):
        return []
    step, since = chat.steps[chat.steps_done], now.run - (now.at - chat.queued_at)
    wanted = "" if chat.asked else _spoken_now(state, chat, step.langs)
    later = chat.steps[chat.steps_done + 1 :]
    if step.any_skill:
        event = state.add(chat, "widened", DESK, now, data=kinds.Widened(False, list(chat.langs)))
    elif not wanted and later and since + later[0].after_ms <= now.run:
        # Nobody speaks it, or the question before is not answered: that must not keep back what is next.
        data = kinds.Widened(bool(chat.skill), list(chat.langs))
        event = state.add(chat, "widened", DESK, now, data=data)
    elif not wanted:
        pace.step = now.run + _AGAIN_MS
        if later:
            pace.step = min(pace.step, since + later[0].after_ms)
        return []
    else:
        opens = 0 if doors.is_open(state, chat.shop, now) else doors.changes_at(state, chat.shop, now)
        asked = kinds.LanguageAsked(chat.lang, wanted, opens)
        event = state.add(chat, "language_asked", DESK, now, data=asked)
    pace.await_step(chat, since, now.run)
    return [event]


def _spoken_now(state: State, chat: Chat, languages: list[str]) -> str:
    """The first of these languages that somebody online speaks and the chat's own is not among; or ""."""
    own = routing.primaries(chat.langs)
    for language in languages:
        if routing.primary(language) in own:
            continue
        for agent in state.agents.values():
            spoken = routing.primaries(agent.member.languages)
            if agent.present and agent.status == "online" and routing.primary(language) in spoken:
                return language
    return ""


def _farewell(state: State, chat: Chat, now: Now) -> list[Event]:
    """A quiet customer is asked once; silence, a page that is gone, or a very long time close the chat."""
    pace, rules, run = state.paces[chat.id], state.rules, now.run
    if chat.waits_here and chat.reach.closing and now.at - chat.answered_at > _UNSEEN_MS:
        return close_by_desk(state, chat, "idle", now)
    owed = chat.promise_due or (chat.callback and chat.late_at) or chat.reach.waits
    if chat.state == "left" or (chat.left_due and not chat.answered_at) or owed:
        # A message that was left waits for its answer, and so does who was given a time, however long.
        return _rest(state, chat, now)
    waits_for_us = bool(chat.waiting_since) and chat.state == "open"
    if pace.gone and pace.gone <= run:
        pace.gone = 0
        if not waits_for_us and chat.page_gone:
            return close_by_desk(state, chat, "gone", now)
    if pace.close and pace.close <= run:
        pace.close = 0
        if chat.closes_at and chat.state == "open":
            return close_by_desk(state, chat, "idle", now)
    if pace.nudge and pace.nudge <= run:
        pace.nudge = 0
        if chat.state == "open" and not waits_for_us and not chat.page_gone:
            nudged = kinds.Nudged(now.at + rules.nudged_close_ms, rules.need_time_ms)
            return [state.add(chat, "nudged", DESK, now, data=nudged)]
    if pace.active + rules.idle_close_ms <= run:
        return close_by_desk(state, chat, "idle", now)
    return []


def _rest(state: State, chat: Chat, now: Now) -> list[Event]:
    pace = state.paces[chat.id]
    pace.gone = pace.close = pace.nudge = 0
    if pace.active + state.rules.idle_close_ms <= now.run:
        pace.active = now.run
    return []
