"""What came of a practice run: both sides compared, answer times, readable transcripts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from supportterm.protocol.frames import Event

Transcripts = Mapping[str, Sequence[Sequence[Any]]]


def compare(customers: Transcripts, staff: Transcripts) -> list[str]:
    """Sentences about every difference between what customers and staff were shown.

    Both map a chat to ``[public number, kind, role, text]`` (`Ledger.transcripts`). A chat that staff
    never had (it only waited in the queue) is not compared.
    """
    found = []
    for chat, theirs in customers.items():
        if chat not in staff:
            continue
        left = {line[0]: list(line[1:]) for line in theirs}
        right = {line[0]: list(line[1:]) for line in staff[chat]}
        for number in sorted(left.keys() | right.keys()):
            if number not in right:
                found.append(f"chat {chat}: number {number} was shown to the customer only")
            elif number not in left:
                found.append(f"chat {chat}: number {number} was shown to the agent only")
            elif left[number] != right[number]:
                found.append(f"chat {chat}: number {number} differs between the two sides")
    return found


def answer_times(events: Iterable[Event]) -> list[int]:
    """How long the customer waited for each answer, in ms, from the events of one chat in order.

    Waiting begins with the opening or the first unanswered message and ends with an agent's message.
    """
    since = 0
    found = []
    for event in events:
        if event.kind == "message" and event.by.role == "customer":
            since = since or event.at
        elif event.kind == "message" and since:
            found.append(event.at - since)
            since = 0
        elif event.kind in {"opened", "reopened"}:
            since = since or event.at
        elif event.kind == "closed":
            since = 0
    return found


def median_ms(times: Sequence[int]) -> int | None:
    """The median of `answer_times`; None of nothing."""
    return int(median(times)) if times else None


def transcript_lines(chat: str, events: Iterable[Event]) -> list[str]:
    """A chat as a person reads it, one line per event. The texts are foreign: make them safe to show."""
    found = [f"chat {chat}"]
    for event in events:
        clock = time.strftime("%H:%M:%S", time.localtime(event.at / 1_000))
        who = event.by.name or event.by.role
        # A note's text is for colleagues: it must not read as if it had been said.
        what = event.text if event.kind == "message" else f"({event.kind}) {event.text}".rstrip()
        found.append(f"  {clock}  {who}: {what}")
    return found
