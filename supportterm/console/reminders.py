"""When an agent is reminded of a promise. Pure: promises and a clock in, reminders out.

Under five minutes once, with a quarter of the time left. Longer ones at half, on the chat's row only, and a
minute before the end. Each once: who was reminded before the console was restarted is not reminded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from supportterm.console.callbacks import waits
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import kinds
from supportterm.protocol.frames import By, Event

MINUTE: Final = 60_000
#: Promises of less than this are reminded of once.
SHORT_MS: Final = 5 * MINUTE
#: What was told is remembered for so long after its promise was over, in case the clock is set.
KEPT_MS: Final = 24 * 60 * MINUTE

Kind = Literal["half", "last"]


class Reminder(NamedTuple):
    """``key`` is the same for one reminder of one given time, also after the server's clock was set."""

    key: str
    chat: str
    kind: Kind
    at: int
    due: int


def reminders(log: ChatLog) -> list[Reminder]:
    """All of a chat's running promise, in order; none if none runs."""
    head = log.head
    if head is None or not head.promise_due or head.state == "closed":
        return []
    if head.callback and not waits(log):
        # Answered: what is left is on its way to the customer.
        return []
    given, due = given_at(log), head.promise_due
    # Both move with the server's clock; the log's moment, which tells one reminder from another, does not.
    span = max(0, due - head.promise_at)
    if span < SHORT_MS:
        return [Reminder(f"{log.chat} {given} last", log.chat, "last", due - span // 4, due)]
    return [
        Reminder(f"{log.chat} {given} half", log.chat, "half", due - span // 2, due),
        Reminder(f"{log.chat} {given} last", log.chat, "last", due - MINUTE, due),
    ]


def maker(log: ChatLog) -> By | None:
    """Who gave the newest time, which need not be who has the chat now; None: that is further back."""
    for event in reversed(log.events):
        if event.kind in ("promised", "promise_extended"):
            return event.by
    return None


def given_at(log: ChatLog) -> int:
    """When the running promise's time was given, or given anew."""
    for event in reversed(log.events):
        if event.kind in ("promised", "promise_extended"):
            return event.at
    return log.head.promise_at if log.head is not None else 0


def broken_promises(events: Iterable[Event]) -> dict[int, int]:
    """By the number of each answer that came too late: when the first promise not kept had been due."""
    found, due, owed = dict[int, int](), 0, 0
    for event in events:
        match event.kind:
            case "promised":
                promised = data_of(event, kinds.Promised)
                due = promised.due_at if promised is not None else 0
            case "promise_extended":
                extended = data_of(event, kinds.PromiseExtended)
                due = extended.due_at if extended is not None else 0
            case "promise_moved":
                moved = data_of(event, kinds.PromiseMoved)
                due = moved.due_at if moved is not None else due
            case "promise_ended":
                ended = data_of(event, kinds.PromiseEnded)
                if ended is not None and ended.how == "broken":
                    owed = owed or due
            case "made_good":
                found[event.seq], owed = owed, 0
            case _:
                pass
    return found


def last_call(log: ChatLog) -> int:
    """From when on a running promise is about to fall due."""
    return max((one.at for one in reminders(log)), default=0)


class Turn(NamedTuple):
    """``due`` now; ``told`` is to be kept; ``next_at``: when to look again, 0: never."""

    due: list[Reminder]
    told: dict[str, int]
    next_at: int


def turn(logs: Iterable[ChatLog], told: Mapping[str, int], now_ms: int) -> Turn:
    """What is due at this moment. ``told``: keys of reminders that were given, with their deadlines.

    What was missed while the console was away comes now, if the promise still runs: only the latest.
    """
    found: list[Reminder] = []
    kept = {key: due for key, due in told.items() if due > now_ms - KEPT_MS}
    following: list[int] = []
    for log in logs:
        every = reminders(log)
        passed = [one for one in every if one.at <= now_ms]
        following += [one.at for one in every if one.at > now_ms]
        if passed and passed[-1].key not in kept and now_ms < passed[-1].due:
            found.append(passed[-1])
        kept.update((one.key, one.due) for one in passed)
    return Turn(found, kept, min(following, default=0))
