"""The rules of routing written a second time, plainly and only as far as a simulated day needs them."""

from __future__ import annotations

from collections.abc import Sequence

from bench.routing.floor import Ended, Happening, Joined
from bench.routing.people import Cast
from server.desk.rules import Rules

_LAST_MINUTE = 60_000


class _Chat:
    def __init__(self, customer: int, at: int) -> None:
        self.customer = customer
        self.waits = True
        self.due = 0
        self.said = at


class Sketch:
    """A `Floor` that recounts every agent's points each time something happens.

    ``ceilings``: of each agent; empty: that of the rules for all.
    """

    def __init__(self, rules: Rules, cast: Cast, ceilings: Sequence[int] = ()) -> None:
        self._rules = rules
        self._ceilings = ceilings or [rules.ceiling] * len(cast.agents)
        self._customers = cast.customers
        self._languages = [clerk.languages for clerk in cast.agents]
        self._chats: list[list[_Chat]] = [[] for _ in cast.agents]
        self._closing: list[list[int]] = [[] for _ in cast.agents]
        self._full = [False] * len(cast.agents)
        self._last = [-1] * len(cast.agents)
        self._owner: dict[int, int] = {}
        self._queue: list[int] = []
        self._at = 0

    def opens(self, at: int, customer: int) -> list[Happening]:
        self._queue.append(customer)
        return self._offer(at)

    def writes(self, at: int, customer: int) -> list[Happening]:
        chat = self._chat(customer)
        chat.waits, chat.said = True, at
        return self._offer(at)

    def answers(self, at: int, agent: int, customer: int, promise: int) -> list[Happening]:
        chat = self._chat(customer)
        ended: list[Happening] = [Ended(customer, "kept" if at <= chat.due else "broken")] if chat.due else []
        chat.waits, chat.said, chat.due = False, at, at + promise if promise else 0
        return ended + self._offer(at)

    def leaves(self, at: int, customer: int) -> list[Happening]:
        if customer in self._queue:
            self._queue.remove(customer)
            return self._offer(at)
        return self.ends(at, self._owner[customer], customer)

    def ends(self, at: int, agent: int, customer: int) -> list[Happening]:
        chat = self._chat(customer)
        ended: list[Happening] = (
            [Ended(customer, "broken" if at > chat.due else "withdrawn")] if chat.due else []
        )
        self._chats[agent].remove(chat)
        self._closing[agent].append(at + self._rules.breather_ms)
        del self._owner[customer]
        return ended + self._offer(at)

    def due(self, at: int) -> list[Happening]:
        return self._offer(at)

    def next_due(self) -> int | None:
        """The next moment at which only time changes an agent's points."""
        moments = [end for closing in self._closing for end in closing]
        for chat in (chat for chats in self._chats for chat in chats):
            if chat.due:
                moments.append(chat.due - _LAST_MINUTE)
            elif not chat.waits:
                moments.append(chat.said + self._rules.quiet_ms)
        later = [moment for moment in moments if moment > self._at]
        return min(later) if later and self._queue else None

    def _chat(self, customer: int) -> _Chat:
        return next(chat for chat in self._chats[self._owner[customer]] if chat.customer == customer)

    def _points(self, agent: int) -> int:
        weights, points = self._rules.weights, 0
        for chat in self._chats[agent]:
            if chat.due:
                points += weights.due if chat.due - self._at <= _LAST_MINUTE else weights.promise
            elif chat.waits:
                points += weights.waiting
            else:
                quiet = self._at - chat.said >= self._rules.quiet_ms
                points += weights.quiet if quiet else weights.answered
        return points + weights.closing * sum(end > self._at for end in self._closing[agent])

    def _offer(self, at: int) -> list[Happening]:
        self._at = at
        found: list[Happening] = []
        tried: set[str] = set()
        for customer in list(self._queue):
            language = self._customers[customer].language
            if language in tried:
                continue
            agent = self._choose(language)
            if agent is None:
                tried.add(language)
                continue
            self._queue.remove(customer)
            self._chats[agent].append(_Chat(customer, at))
            self._owner[customer], self._last[agent] = agent, at
            found.append(Joined(customer, agent))
        return found

    def _choose(self, language: str) -> int | None:
        able = []
        for agent, spoken in enumerate(self._languages):
            if language not in spoken or len(self._chats[agent]) >= self._rules.cap:
                continue
            points = self._points(agent)
            room = self._ceilings[agent] - points - self._rules.weights.waiting
            self._full[agent] = room < (self._rules.hysteresis if self._full[agent] else 0)
            if not self._full[agent]:
                able.append((points / self._ceilings[agent], self._last[agent], agent))
        return min(able)[2] if able else None
