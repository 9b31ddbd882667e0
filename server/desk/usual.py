"""How long what an agent promised usually takes: their own answers, the newest of them, by time."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Final

#: Answers that are looked at; older ones tell of somebody who knew less.
KEPT: Final = 50
#: With fewer, one odd answer would decide.
ENOUGH: Final = 5


class Usual:
    """Answers to promises by agent; an answer counts once, however often it is told. Times in ms."""

    __slots__ = ("_answers", "_worth")

    def __init__(self) -> None:
        # (when, how long it took), by time: a desk that is folded anew reads its chats one after another.
        self._answers: dict[str, list[tuple[int, int]]] = {}
        self._worth: dict[tuple[str, int], int] = {}

    def took(self, agent: str, at: int, ms: int) -> None:
        """What the agent promised was answered at ``at``, ``ms`` after they promised it."""
        answers = self._answers.setdefault(agent, [])
        here = bisect_left(answers, (at, ms))
        if here < len(answers) and answers[here] == (at, ms):
            return
        insort(answers, (at, ms))
        if len(answers) > KEPT:
            del answers[0]
        self._worth.clear()

    def learn(self, answers: Iterable[tuple[str, int, int]]) -> None:
        """Take in what is known from before: (agent, at, ms), in any order."""
        for agent, at, ms in answers:
            self.took(agent, at, ms)

    def within(self, agent: str, percentile: int) -> int:
        """The time within which so many of a hundred of their answers came; 0: too few to tell."""
        answers = self._answers.get(agent, ())
        if len(answers) < ENOUGH:
            return 0
        found = self._worth.get((agent, percentile))
        if found is None:
            lengths = sorted(ms for _, ms in answers)
            found = lengths[math.ceil(percentile * len(lengths) / 100) - 1]
            self._worth[agent, percentile] = found
        return found
