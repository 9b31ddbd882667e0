"""What happened in a visit, counted from its journal."""

from __future__ import annotations

from statistics import median

from msgspec import Struct

from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import Journal


class DemoSummary(Struct, frozen=True):
    """``messages`` counts both sides; ``median_answer_ms`` is None if nothing was answered.

    An answer time runs from the customer's first unanswered message to the agent's next one.
    """

    chats: int
    messages: int
    median_answer_ms: int | None

    @classmethod
    def of(cls, journal: Journal) -> DemoSummary:
        """The figures of everything this journal holds."""
        logs = [log for log in journal.chats.values() if log.events]
        answers = [time for log in logs for time in answer_times(log)]
        return cls(
            chats=len(logs),
            messages=sum(event.kind == "message" for log in logs for event in log.events),
            median_answer_ms=round(median(answers)) if answers else None,
        )


def answer_times(log: ChatLog) -> list[int]:
    """Milliseconds of each answer in this chat."""
    found: list[int] = []
    since = 0
    for event in log.events:
        if event.kind != "message":
            continue
        if event.by.role == "customer":
            since = since or event.at
        elif since:
            found.append(event.at - since)
            since = 0
    return found
