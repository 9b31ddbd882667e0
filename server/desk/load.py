"""An agent's load: points by who waits for whom, not a count of chats.

The weights and why: `server.desk.rules.Weights`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.given import owes
from server.desk.pace import Pace
from server.desk.rules import Rules
from supportterm.protocol.views import Demand, Load, Part

#: A promise is due in less than this.
_LAST_MINUTE: Final = 60_000
#: The order in which a load's parts are told: the heaviest first.
_TOLD: Final[tuple[Demand, ...]] = ("due", "waiting", "promise", "answered", "closing", "quiet")


def demand(chat: Chat, pace: Pace, run: int, rules: Rules) -> Demand | None:
    """What the chat asks of its owner at ``run``, the first that fits; None: nothing for now."""
    if chat.state == "closed":
        return "closing" if pace.wrap > run else None
    far = False
    if owes(chat):
        left = pace.promise - run
        if left <= _LAST_MINUTE:
            return "due"
        far = chat.promise_due - chat.promise_at > rules.far_promise_ms and left > rules.near_promise_ms
        if not far:
            return "promise"
    if chat.waiting_since:
        return "waiting"
    if far:
        return None
    return "quiet" if pace.quiet <= run else "answered"


def points(asked: Demand | None, rules: Rules) -> int:
    """What that weighs."""
    return getattr(rules.weights, asked) if asked else 0


class Scales:
    """Weighs the agents of one desk."""

    def __init__(self, chats: dict[str, Chat], paces: dict[str, Pace]) -> None:
        self._chats = chats
        self._paces = paces

    def points(self, agent: Agent, run: int, rules: Rules) -> int:
        """The agent's points now."""
        return sum(
            points(demand(self._chats[chat], self._paces[chat], run, rules), rules) for chat in _all(agent)
        )

    def load(self, agent: Agent, run: int, rules: Rules) -> Load:
        """The same, with what it is made of."""
        found: dict[Demand, int] = {}
        for chat in _all(agent):
            asked = demand(self._chats[chat], self._paces[chat], run, rules)
            if asked is not None:
                found[asked] = found.get(asked, 0) + 1
        parts = [
            Part(asked, found[asked], found[asked] * points(asked, rules))
            for asked in _TOLD
            if asked in found
        ]
        return Load(
            points=sum(part.points for part in parts),
            ceiling=agent.ceiling(rules),
            slower=agent.lowered(rules),
            chats=len(agent.chats),
            cap=agent.cap(rules),
            parts=parts,
        )


def _all(agent: Agent) -> Iterable[str]:
    yield from agent.chats
    yield from agent.wraps
