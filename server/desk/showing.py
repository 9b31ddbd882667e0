"""What people are shown of a desk beside their chats: views, made from its state at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, Literal

from server.desk import blocking, doors, rescuing, routing, staffing
from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.given import owes
from server.desk.reach import Trying
from server.desk.rules import MINUTE, Now
from server.desk.state import State
from supportterm.coach.hours import Hours, hour_of
from supportterm.protocol import views

#: A chat of which nothing is known.
_ANY: Final = Chat("", "")
_NOT_TRIED: Final = Trying(0, 0, "")
_NONE_TRIED: Final[Mapping[str, Trying]] = {}

#: Rows of the queue that are sent, and lines of its sum; more than anybody looks through.
_ROWS: Final = 50
#: Moves that an alert suggests.
_MOVES: Final = 3
#: Somebody who waits for an agent longer than this is worth a supervisor's look.
LONG_WAIT_MS: Final = 5 * 60_000


def queue(state: State) -> views.Queue:
    """For staff: who waits for an owner."""
    rows: list[views.Waiting] = []
    for name in state.queue:
        if len(rows) == _ROWS:
            break
        chat = state.chats[name]
        rows.append(
            views.Waiting(
                chat=name,
                shop=chat.shop,
                since=chat.queued_at,
                lang=chat.lang,
                skill=chat.skill,
                priority=chat.priority,
                returned=chat.returned,
                offered=chat.offered,
                promise_due=chat.promise_due,
                gone=chat.page_gone,
            )
        )
    tally = state.queue.tally
    size, there = len(state.queue), tally.there
    lines = [
        views.QueueLine(lang, skill, len(waits.there), waits.oldest_at, len(waits.gone))
        for (lang, skill), waits in islice(tally, _ROWS)
    ]
    return views.Queue(size, tally.oldest_there or tally.oldest_at, rows, size - there, lines)


def mine(
    state: State, agent: str, chats: list[str], writing: bool, now: Now, load: views.Load | None = None
) -> views.Mine:
    """For an agent; ``chats`` are those they may read now; ``load``: as the `team` has it already, if so."""
    who = state.agent(agent)
    offers, guest_in = [], []
    for name in chats:
        chat = state.chats.get(name)
        if chat is None:
            continue
        if chat.offered == agent:
            offers.append(_offer(state, chat, now))
        elif agent in chat.guests:
            guest_in.append(name)
    return views.Mine(
        chats=chats,
        status=who.status,
        writing=writing,
        load=load or state.scales.load(who, now.run, state.rules),
        reason=who.reason,
        offers=offers,
        guest_in=guest_in,
        wrap_ups=[_wrap_up(state, name, now) for name in sorted(who.wraps)],
        silent=who.silent,
        rescues=[
            views.Rescue(name, now.at + at - now.run)
            for name in sorted(who.chats)
            if (at := rescuing.told_at(state, state.chats[name], now))
        ],
        usual_ms=state.usual.within(agent, state.rules.suggest_percentile),
        shift=Hours(state.rules.zone, who.member.shift) if any(who.member.shift) else None,
        trainee=who.member.trainee,
        blocked=_blocked(state, chats, now) if state.blocks else {},
    )


def _blocked(state: State, chats: list[str], now: Now) -> dict[str, int]:
    here = [state.chats[name] for name in chats if name in state.chats]
    return {chat.id: until for chat in here if (until := blocking.until_of(state, chat, now))}


def _offer(state: State, chat: Chat, now: Now) -> views.Offer:
    pace = state.paces[chat.id]
    handed = chat.handoff
    ends = min(at for at in (pace.offer, pace.handoff, 1 << 62) if at)
    # Moments run on a steady clock; what a person reads is told in the wall clock's words.
    until = now.at + ends - now.run
    if handed is None:
        return views.Offer(chat.id, until, "offer")
    return views.Offer(chat.id, until, "handoff", chat.owner_name, handed.reason)


def _wrap_up(state: State, name: str, now: Now) -> views.WrapUp:
    chat = state.chats[name]
    until = now.at + state.paces[name].wrap - now.run
    return views.WrapUp(name, until, bool(chat.breathed), chat.closed_for == "abuse")


def team(state: State, now: Now) -> views.Team:
    """For staff: everybody of the desk, with their load."""
    people = [agent for agent in state.agents.values() if _belongs(state, agent)]
    people.sort(key=lambda agent: (agent.name.lower(), agent.id))
    skills = {skill for agent in people for skill in agent.member.skills}
    return views.Team([_colleague(state, agent, now) for agent in people], sorted(skills))


def _belongs(state: State, agent: Agent) -> bool:
    if agent.member.disabled:
        return False
    return agent.id in state.members if state.members else agent.here


def _colleague(state: State, agent: Agent, now: Now) -> views.Colleague:
    chats = [state.chats[name] for name in agent.chats]
    return views.Colleague(
        agent=agent.id,
        name=agent.name,
        title=agent.member.title,
        status=agent.status,
        present=agent.here,
        load=state.scales.load(agent, now.run, state.rules),
        reason=agent.reason,
        since=agent.status_at,
        languages=agent.member.languages,
        skills=agent.member.skills,
        oldest_at=min((chat.waiting_since for chat in chats if chat.waiting_since), default=0),
        promises=sum(owes(chat) for chat in chats),
        overdue=sum(bool(chat.broken_at) for chat in chats),
        today=bool(agent.ceiling_today),
        chats=sorted(agent.chats),
    )


def today(state: State, now: Now) -> views.Today:
    """For staff: live controls, shops' hours, and promises that fall after a shop closes."""
    held = [
        views.Held(one.what, one.shop, one.until, one.by, one.value, one.text)
        for one in state.controls.values()
        if one.until > now.at
    ]
    shops = [
        views.ShopToday(
            key, shop.name or key, doors.is_open(state, key, now), doors.changes_at(state, key, now)
        )
        for key, shop in state.rules.shops.items()
    ]
    late = [
        chat.id
        for agent in state.agents.values()
        for chat in (state.chats[name] for name in sorted(agent.chats))
        if owes(chat) and _after_closing(state, chat, now)
    ]
    return views.Today(held, shops, late)


def _after_closing(state: State, chat: Chat, now: Now) -> bool:
    if not doors.is_open(state, chat.shop, now):
        return True
    closes = doors.changes_at(state, chat.shop, now)
    return bool(closes) and chat.promise_due > closes


def shops(state: State) -> views.Shops:
    """For staff: what helps to write to customers of each shop."""
    return views.Shops([shop.facts for shop in state.rules.shops.values() if shop.facts is not None])


def replies(state: State) -> views.Replies:
    """For staff: the texts that are put into answers, of each shop that has some."""
    found = [views.ShopReplies(key, list(shop.replies)) for key, shop in state.rules.shops.items()]
    return views.Replies([one for one in found if one.replies])


def promises(state: State) -> views.Promises:
    """For staff: who was given a time, the most urgent first."""
    queued = (state.chats[name] for name in state.queue)
    owned = (state.chats[name] for agent in state.agents.values() for name in agent.chats)
    # A message that was left and is nobody's may have been promised an answer all the same.
    left = (chat for chat in (state.chats[name] for name in state.left) if chat.state == "left")
    rows = [
        views.PromiseRow(
            chat=chat.id,
            shop=chat.shop,
            due_at=chat.promise_due or chat.broken_at,
            owner=chat.owner,
            name=chat.owner_name or chat.callback_name,
            extended=chat.promise_due != chat.promise_first,
            overdue=not chat.promise_due,
        )
        for chat in (*queued, *owned, *left)
        if owes(chat) or chat.broken_at
    ]
    rows.sort(key=lambda row: (row.due_at, row.chat))
    return views.Promises(rows)


def left(
    state: State, delivered: Iterable[str] = (), trying: Mapping[str, Trying] = _NONE_TRIED
) -> views.Left:
    """For staff: messages that were left, and callbacks; ``delivered``: whose customer has seen the answer;
    ``trying``: by chat, mails that the mail server has not taken yet.

    What came up and waits for the team stands first, and then what is not answered.
    """
    seen = frozenset(delivered)
    chats = [state.chats[name] for name in state.left]
    chats.sort(key=lambda chat: (bool(chat.answered_at), chat.id not in state.up, chat.left_due, chat.id))
    full: dict[int, int] = {}
    for chat in chats:
        if chat.callback and chat.promise_due and not chat.answered_at:
            hour = hour_of(_zone(state, chat), chat.promise_due)
            full[hour] = full.get(hour, 0) + 1
    rows = [_left_row(state, chat, chat.id in seen, trying.get(chat.id)) for chat in chats]
    return views.Left(rows, [views.Hour(at, full[at]) for at in sorted(full)])


def _left_row(state: State, chat: Chat, delivered: bool, tried: Trying | None) -> views.LeftRow:
    mail: Literal["", "waiting", "refused"] = ""
    if chat.reach.failed and not chat.reach.corrected:
        mail = "refused"
    elif chat.reach.waits or (chat.wants_mail and state.rules.shop(chat.shop).mail):
        mail = "waiting"
    trying = tried if tried is not None and chat.reach.waits else _NOT_TRIED
    known = chat.reach.known
    return views.LeftRow(
        chat=chat.id,
        shop=chat.shop,
        since=chat.left_at,
        due_at=chat.left_due,
        lang=chat.lang,
        owner=chat.owner or chat.callback_owner,
        answered_at=chat.answered_at,
        delivered=delivered,
        how=chat.callback,
        owner_name=chat.owner_name or chat.callback_name,
        mail=mail,
        name=known.name,
        contact=known.phone if chat.callback == "phone" else known.mail or known.phone,
        tried=trying.tried,
        again_at=trying.again_at,
        why=trying.why,
    )


def _zone(state: State, chat: Chat) -> str:
    facts = state.rules.shop(chat.shop).facts
    return facts.zone if facts is not None else "UTC"


# --- for supervisors --------------------------------------------------------------------------------


def alerts(state: State, now: Now) -> views.Alerts:
    """What somebody who steers the desk should look at, each for as long as it holds."""
    found: list[views.Alert] = []
    for agent in state.agents.values():
        if not _belongs(state, agent):
            continue
        found += _about(state, agent, now)
    tally = state.queue.tally
    oldest = tally.oldest_there
    if oldest and now.at - oldest >= LONG_WAIT_MS:
        there = tally.there
        found.append(views.Alert("queue", "queue", oldest, n=there, gone=len(state.queue) - there))
    overdue = [state.chats[name] for name in state.left]
    late = [chat for chat in overdue if not (chat.answered_at or chat.callback) and chat.left_due < now.at]
    if late:
        first = min(chat.left_due for chat in late)
        found.append(views.Alert("left_overdue", "left_overdue", first, n=len(late)))
    found += [_came_up(state.chats[name]) for name in sorted(state.up) if state.chats[name].calls_back]
    found.sort(key=lambda alert: (alert.at, alert.key))
    return views.Alerts(found)


def _came_up(chat: Chat) -> views.Alert:
    """A callback whose owner is not there, or cannot take it."""
    owner, name = chat.callback_owner, chat.callback_name
    return views.Alert(f"callback_due {chat.id}", "callback_due", chat.left_due, owner, name, chat.id)


def _about(state: State, agent: Agent, now: Now) -> list[views.Alert]:
    found = []
    chats = [state.chats[name] for name in sorted(agent.chats)]
    if agent.absent and agent.status == "online" and (chats or _lost(state, agent)):
        at = max((chat.at for chat in chats), default=now.at)
        found.append(views.Alert(f"absent {agent.id}", "absent", at, agent.id, agent.name, n=len(chats)))
    if agent.silent:
        found.append(
            views.Alert(f"silent {agent.id}", "silent", agent.status_at, agent.id, agent.name, agent.silent)
        )
    for chat in chats:
        if chat.broken_at:
            found.append(
                views.Alert(f"overdue {chat.id}", "overdue", chat.broken_at, agent.id, agent.name, chat.id)
            )
        if chat.handoffs >= 2:
            found.append(
                views.Alert(
                    f"handoffs {chat.id}",
                    "handoffs",
                    chat.joined_at,
                    agent.id,
                    agent.name,
                    chat.id,
                    chat.handoffs,
                )
            )
    if state.scales.points(agent, now.run, state.rules) > agent.ceiling(state.rules):
        waiting = [chat for chat in chats if chat.waiting_since]
        since = max((chat.waiting_since for chat in waiting), default=now.at)
        found.append(
            views.Alert(
                key=f"over_ceiling {agent.id}",
                kind="over_ceiling",
                at=since,
                agent=agent.id,
                name=agent.name,
                n=len(waiting),
                moves=_moves(state, agent, waiting, now),
            )
        )
    return found


def _lost(state: State, agent: Agent) -> bool:
    """Whether a chat that was theirs waits for somebody else."""
    return any(state.chats[name].agent_name == agent.name for name in state.queue)


def _moves(state: State, agent: Agent, waiting: list[Chat], now: Now) -> list[views.Move]:
    """Which chats could go to whom: the shortest waiting ones, since their customers lose least by it."""
    rules, run = state.rules, now.run
    moves: list[views.Move] = []
    here = state.scales.points(agent, run, rules)
    for chat in sorted(waiting, key=lambda one: -one.waiting_since):
        able = [one for one in state.agents.values() if not routing.hindrance(state, one, chat, now)]
        if not able:
            continue
        to = min(able, key=lambda one: (state.scales.points(one, run, rules), one.id))
        there = state.scales.points(to, run, rules)
        cost = rules.weights.waiting
        moves.append(views.Move(chat.id, to.id, to.name, here, here - cost, there, there + cost))
        if len(moves) == _MOVES:
            break
    return moves


def blocks(state: State, now: Now) -> views.Blocks:
    """Who may open no chat for a while."""
    return views.Blocks(
        [
            views.Block(one.chat, one.chat, one.until, one.by)
            for one in state.blocks.values()
            if one.until > now.at
        ]
    )


# --- for customers ----------------------------------------------------------------------------------


def door(state: State, who: Person, lang: str, now: Now) -> views.Door:
    """For a customer at their shop's door.

    What their chat will ask of an agent is not known yet: the door is full when nobody is free at all.
    """
    shop = state.rules.shop(who.shop)
    is_open = doors.is_open(state, who.shop, now)
    banner = doors.held(state, "banner", who.shop, now)
    blocked = blocking.until(state, who, now)
    return views.Door(
        open=is_open and doors.attended(state),
        closed=not is_open,
        opens_at=0 if is_open else doors.changes_at(state, who.shop, now),
        full=is_open and doors.is_full(state, who.shop, now) and not routing.somebody_free(state, _ANY, now),
        banner=banner.text if banner is not None else "",
        topics=[views.Topic(topic.id, _label(topic.labels, lang)) for topic in shop.topics],
        blocked_until=blocked,
        appeal=shop.appeal if blocked else "",
        # A link's bearer may not say where to.
        mail=shop.mail and not who.only,
    )


def _label(labels: dict[str, str], lang: str) -> str:
    return labels.get(routing.primary(lang)) or next(iter(labels.values()), "")


def wait(state: State, chat: Chat, told: views.Wait | None, now: Now) -> views.Wait:
    """For a customer who waits; ``told`` is what they were shown before."""
    if chat.state != "queued" or chat.silently_waiting:
        return views.Wait(0)
    position = state.queue.position(chat)
    there = staffing.of(state, chat, now)
    if there.why:
        # The place is kept; how long it takes, nobody can tell.
        return views.Wait(position, leave=True, nobody=there.why, since=there.since, until=there.until)
    head = max(0, chat.queued_at - state.queue.head_at(chat))
    found = state.book(chat).estimate(position, head, now.at)
    # Told in whole minutes: a number that moves with every look is read as false precision.
    low, high = (max(MINUTE, found[0] // MINUTE * MINUTE), found[1]) if found is not None else (0, 0)
    worse: Literal["", "returned", "slower"] = ""
    if told is not None and told.position:
        if position > told.position:
            worse = "returned"
        elif high > told.high_ms > 0:
            worse = "slower"
        elif (position, high) == (told.position, told.high_ms):
            worse = told.worse
    return views.Wait(position, low, high, worse, doors.waits_too_long(state, chat, now))
