"""What is measured of people's work, and what the desk makes of it."""

from __future__ import annotations

from server.desk import records, routing
from server.desk.by_pace import slower
from server.desk.commands import LearnPaces, Person
from server.desk.decision import Decided, Decision
from server.desk.events import DESK
from server.desk.rules import Now
from server.desk.state import State


def learn_paces(state: State, _: Person, command: LearnPaces, now: Now) -> Decision:
    """Compare agents with their team; an event if anybody's pace is another than before.

    Trainees are not compared: what they need longer for is what they are there to learn, and their own
    ceiling is low for it already.
    """
    if not state.rules.by_pace:
        return Decided([])
    found = slower(command.paces.team_ms, (one for one in command.paces.agents if _counts(state, one.agent)))
    before = {agent.id: agent.slower for agent in state.agents.values() if agent.slower}
    if found == before:
        return Decided([])
    event = state.add_own("paces", DESK, now, records.Paces(found))
    for agent in state.agents.values():
        if agent.slower != before.get(agent.id, 0):
            agent.full = False
    return Decided([event, *routing.hand_out(state, now)])


def _counts(state: State, agent: str) -> bool:
    member = state.members.get(agent)
    return member is not None and not member.trainee and not member.disabled
