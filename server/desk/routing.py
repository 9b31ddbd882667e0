"""Who gets which chat: the lowest load among those who may, and why not the others.

Counting and claiming is one decision: nothing else happens to the desk in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.events import DESK, Event, agent_actor
from server.desk.rules import Now
from server.desk.state import State
from supportterm.protocol import kinds
from supportterm.protocol.views import Hindrance, Load, Verdict

#: Colleagues told with a decision: enough to see why, little enough to store with every chat.
_TOLD: Final = 8
#: Who let a chat pass is not offered it again for this long, unless they come back online meanwhile.
PASS_MS: Final = 2 * 60_000


def primary(language: str) -> str:
    """The language without its region: Dutch is Dutch in Belgium."""
    return language.split("-", 1)[0].lower()


# Asked of every agent for every offer; a desk and its customers use few combinations.
@lru_cache(maxsize=1_024)
def primaries(languages: tuple[str, ...]) -> frozenset[str]:
    """The languages without their regions."""
    return frozenset(primary(one) for one in languages)


def speaks(state: State, agent: Agent, chat: Chat) -> bool:
    """Whether the agent may answer in one of the chat's languages.

    One that nobody of the desk is said to speak is asked of nobody: it would wait for ever.
    """
    mine, wanted = primaries(agent.member.languages), primaries(chat.langs)
    if not mine or not wanted or mine & wanted:
        return True
    return not any(
        wanted & primaries(member.languages) for member in state.members.values() if not member.disabled
    )


def hindrance(state: State, agent: Agent, chat: Chat, now: Now, skill: str = "") -> Hindrance:
    """Why the agent is not offered the chat; "" if they may be. The first reason that holds.

    ``skill``: to be had instead of the chat's own. The chat may be one that the desk does not know yet.
    """
    rules = state.rules
    skill = skill or chat.skill
    pace = state.paces.get(chat.id)
    if agent.id == chat.owner:
        return "owner"
    if not agent.present:
        return "absent"
    if agent.status != "online":
        return agent.status  # type: ignore[return-value]
    if not speaks(state, agent, chat):
        return "language"
    if skill and skill not in agent.member.skills:
        return "skill"
    if pace is not None and pace.passed.get(agent.id, 0) > now.run:
        return "passed"
    if len(agent.chats) + _asked(agent, chat) >= agent.cap(rules):
        return "cap"
    if any(_is_long(state, wrap, now) for wrap in agent.wraps):
        return "breather"
    if agent.ramp_left and agent.ramp_at > now.run:
        return "ramp"
    return "full" if _is_full(state, agent, chat, now) else ""


def somebody_free(state: State, chat: Chat, now: Now) -> bool:
    """Whether the chat, known to the desk or not, would be offered to somebody at once."""
    return any(not hindrance(state, agent, chat, now) for agent in state.agents.values())


def _is_long(state: State, chat: str, now: Now) -> bool:
    return state.chats[chat].closed_for == "abuse" and state.paces[chat].wrap > now.run


def _asked(agent: Agent, chat: Chat) -> int:
    """How many other chats wait for the agent's yes, and may be theirs any moment."""
    return len(agent.offers) - (chat.offered == agent.id)


def _points_with(state: State, agent: Agent, chat: Chat, now: Now) -> int:
    """The agent's points, with the other chats that they are asked to take."""
    rules = state.rules
    return state.scales.points(agent, now.run, rules) + _asked(agent, chat) * rules.weights.waiting


def _share(state: State, agent: Agent, chat: Chat, now: Now) -> float:
    """How much of their ceiling that is."""
    return _points_with(state, agent, chat, now) / agent.ceiling(state.rules)


def _is_full(state: State, agent: Agent, chat: Chat, now: Now) -> bool:
    """Whether one more chat would go over the ceiling; after that was found, clearly below it counts."""
    rules = state.rules
    points = _points_with(state, agent, chat, now)
    room = agent.ceiling(rules) - points - rules.weights.waiting
    # Who carries nothing is clearly below any ceiling, also one that a single chat fills.
    return room < (rules.hysteresis if agent.full and points else 0)


def verdicts(state: State, chat: Chat, now: Now, chosen: str = "", most: int | None = None) -> list[Verdict]:
    """What the desk thinks of each agent for this chat, who has or gets it first; of the first ``most``."""
    first = chosen or chat.owner
    found = []
    for agent in sorted(_team(state), key=lambda one: (one.id != first, one.id))[:most]:
        no = hindrance(state, agent, chat, now)
        if not no and chosen and agent.id != chosen:
            no = "busier"
        load = state.scales.load(agent, now.run, state.rules)
        found.append(Verdict(agent.id, agent.name, load, no))
    return found


def _team(state: State) -> Iterable[Agent]:
    return [agent for agent in state.agents.values() if agent.here and not agent.member.disabled]


# --- offering ---------------------------------------------------------------------------------------


def hand_out(state: State, now: Now, only: Agent | None = None) -> list[Event]:
    """Offer what waits, first come first served, to who may have it; ``only``: nobody else's load changed.

    Chats that are handed to a skill come first: their customers have been told so.
    """
    events = _give_back(state, now) if state.up else []
    for name in sorted(state.handed):
        if not state.chats[name].offered:
            events += _ask_for_skill(state, state.chats[name], now)
    while state.queue:
        for head in state.queue.heads():
            chat = state.chats[head]
            agent = _choose(state, chat, now, only)
            if agent is not None:
                events += _offer(state, chat, agent, now)
                break
        else:
            break
    return events


def _give_back(state: State, now: Now) -> list[Event]:
    """Callbacks that came up go to who promised them, whatever that one's load: the word is given."""
    events: list[Event] = []
    for name in sorted(state.up):
        chat = state.chats[name]
        owner = state.agents.get(chat.callback_owner)
        if not chat.calls_back:
            state.up.discard(name)
        elif owner is not None and can_call_back(state, owner):
            state.up.discard(name)
            events += give(state, chat, owner, now, "callback")
    return events


def can_call_back(state: State, owner: Agent) -> bool:
    """Whether a callback that comes up can be given to who promised it."""
    there = owner.present and owner.status == "online" and not owner.member.disabled
    return there and len(owner.chats) + len(owner.offers) < owner.cap(state.rules)


def free_colleague(state: State, chat: Chat, now: Now) -> Agent | None:
    """Who may be asked for a chat that has an owner: the lowest load among those who may; None: nobody."""
    free = [agent for agent in _team(state) if not hindrance(state, agent, chat, now)]
    return min(free, key=lambda one: (_share(state, one, chat, now), one.offered_at, one.id), default=None)


def _choose(state: State, chat: Chat, now: Now, only: Agent | None) -> Agent | None:
    best: Agent | None = None
    best_key: tuple[bool, float, int, str] | None = None
    last = state.paces[chat.id].last
    for agent in (only,) if only is not None else state.agents.values():
        if not agent.present or agent.status != "online":
            continue
        no = hindrance(state, agent, chat, now)
        if no == "full":
            agent.full = True
        if no:
            continue
        agent.full = False
        key = (agent.id != last, _share(state, agent, chat, now), agent.offered_at, agent.id)
        if best_key is None or key < best_key:
            best, best_key = agent, key
    return best


def _offer(state: State, chat: Chat, agent: Agent, now: Now) -> list[Event]:
    if agent.ramp_left:
        agent.ramp_left -= 1
        agent.ramp_at = now.run + state.rules.ramp_ms
        state.deadlines.set(("ramp", agent.id), agent.ramp_at)
    if not state.rules.auto_accept:
        return [ask(state, chat, agent, now)]
    how: kinds.Way = "last" if state.paces[chat.id].last == agent.id else "load"
    events = give(state, chat, agent, now, how)
    if state.rules.silence_ms:
        state.paces[chat.id].silence = now.run + state.rules.silence_ms
        agent.unseen.add(chat.id)
        state.aim(chat.id)
    return events


def ask(state: State, chat: Chat, agent: Agent, now: Now) -> Event:
    """Ask the agent whether they take the chat."""
    event = state.add(chat, "offered", DESK, now, data=kinds.Offered(agent.id, agent.name))
    state.paces[chat.id].offer = now.run + state.rules.accept_ms
    state.aim(chat.id)
    return event


def _ask_for_skill(state: State, chat: Chat, now: Now) -> list[Event]:
    """Ask the best agent for a chat that is handed to a skill; nobody may have it now: it stays pending."""
    assert chat.handoff is not None
    skill = chat.handoff.skill
    best = min(
        (one for one in state.agents.values() if not hindrance(state, one, chat, now, skill)),
        key=lambda one: (_share(state, one, chat, now), one.offered_at, one.id),
        default=None,
    )
    return [] if best is None else [ask(state, chat, best, now)]


def give(
    state: State,
    chat: Chat,
    agent: Agent,
    now: Now,
    how: kinds.Way,
    *,
    by: str = "",
    sure: bool = False,
    name: str = "",
    cid: str = "",
    digest: bytes = b"",
) -> list[Event]:
    """The chat is the agent's: the decision with what was weighed, and the joining that all see.

    ``cid``, ``digest``: of the command that asked for it. The joining answers the agent's own; that of a
    supervisor (``by``, with their ``name``) is answered by the decision, which is theirs: were it
    answered by somebody else's event, it could not be known again when it is repeated.
    """
    load = state.scales.load(agent, now.run, state.rules)
    weighed = verdicts(state, chat, now, agent.id, _TOLD + 1)
    others = [one for one in weighed if one.agent != agent.id][:_TOLD]
    pace = state.paces[chat.id]
    waited = max(0, now.at - chat.queued_at) if chat.state == "queued" else 0
    expected = pace.expected_ms if not chat.returned else 0
    routed = _routed(agent, load, how, others, waited, expected, by=by, sure=sure)
    before = chat.agent_name
    joined = kinds.Joined(agent.name, before if before and before != agent.name else "")
    actor = agent_actor(agent.id)
    if how == "assign":
        return [
            state.add(chat, "routed", agent_actor(by), now, name=name, cid=cid, digest=digest, data=routed),
            state.add(chat, "joined", actor, now, name=agent.name, data=joined),
        ]
    return [
        state.add(chat, "routed", DESK, now, data=routed),
        state.add(chat, "joined", actor, now, name=agent.name, cid=cid, digest=digest, data=joined),
    ]


def _routed(
    agent: Agent,
    load: Load,
    how: kinds.Way,
    others: list[Verdict],
    waited: int,
    expected: int,
    *,
    by: str,
    sure: bool,
) -> kinds.Routed:
    return kinds.Routed(
        agent=agent.id,
        how=how,
        points=load.points,
        ceiling=load.ceiling,
        chats=load.chats,
        cap=load.cap,
        parts=load.parts,
        others=others,
        waited_ms=waited,
        expected_ms=expected,
        sure=sure,
        by=by,
    )
