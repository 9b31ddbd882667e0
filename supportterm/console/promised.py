"""Running promises as the console shows them: how long still, which is next, whether seconds matter. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from supportterm.console import callbacks
from supportterm.console.reminders import reminders, turn
from supportterm.console.words import Words
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.frames import Head
from supportterm.protocol.views import Rescue
from supportterm.text import SafeText, fill, trusted

if TYPE_CHECKING:
    from supportterm.console.session import Session

MINUTE: Final = 60_000
#: The owner is warned this long before a colleague is asked.
RESCUE_MS: Final = 10_000
#: What a promise is longer on arrival than it was said to be, at most.
_JUST_MS: Final = 999
#: Between two looks at what counts minutes: what happens within that is watched by the second.
_LOOK_MS: Final = 11_000
_HALF: Final = trusted("½ ")


def left(words: Words, due: int, now: int) -> SafeText:
    """What is left, never less than there is: "45s" in the last minute, whole minutes in the last hour. The
    server's moment of a promise is a little after ours: three minutes that were just given are no four.

    Further away: when, "16:30", or on another day in how many hours or days.
    """
    ms = max(0, due - now)
    if ms <= MINUTE:
        return words.say("time.seconds", n=-(-ms // 1000))
    minutes = -(-(ms - _JUST_MS) // MINUTE)
    if minutes <= 60:
        return words.say("time.minutes", n=minutes)
    same_day = words.day_number(due) == words.day_number(now)
    return words.clock(due) if same_day else words.age(ms)


def late(words: Words, due: int, now: int) -> SafeText:
    """How long it is over: "late", then "late 3m"."""
    ms = max(0, now - due)
    word = words.say("list.late")
    return fill("{word} {time}", word=word, time=words.age(ms)) if ms >= MINUTE else word


def row(words: Words, log: ChatLog, now: int) -> SafeText | None:
    """What a chat's row says of its promise; "½" before it once half the time is over. None: no promise."""
    head = log.head
    if head is None or head.state == "closed" or callbacks.waits_here(log):
        return None
    if head.promise_due:
        passed = [one.kind for one in reminders(log) if one.at <= now]
        said = left(words, head.promise_due, now)
        return _HALF + said if passed == ["half"] else said
    return late(words, head.overdue_at, now) if head.overdue_at else None


def standing(words: Words, head: Head, now: int) -> SafeText | None:
    """The same in the head of the chat: "promised in 3m", "promised by tomorrow 10:00", "promise 2m late".

    A callback says how as well.
    """
    if (callback := callbacks.standing(words, head, now)) is not None:
        return callback
    if due := head.promise_due:
        if due - now <= 60 * MINUTE:
            return words.say("promise.running", time=left(words, due, now))
        return words.say("promise.by", time=words.when(due, now))
    if head.overdue_at:
        return words.say("promise.late", time=words.late(max(0, now - head.overdue_at)))
    return None


def by_deadline(session: Session) -> list[ChatLog]:
    """My chats with a promise, the one that was or falls due first before the others."""
    found = [(deadline(log.head), log.chat, log) for log in session.inbox.own() if log.head is not None]
    return [log for due, _, log in sorted(found, key=lambda each: each[:2]) if due]


def running(session: Session) -> list[ChatLog]:
    """Those of them whose time is still to come, and whose answer is not on its way."""
    found = [log for log in by_deadline(session) if log.head is not None and log.head.promise_due]
    shops = session.shops
    return [log for log in found if not (callbacks.goes_out(log, shops.of(log)) or callbacks.waits_here(log))]


def deadline(head: Head) -> int:
    """When the promise of a chat falls due, or fell due if it was not kept; 0: there is none."""
    return head.promise_due or head.overdue_at


def rescues(session: Session) -> list[Rescue]:
    """Chats that a colleague will be asked to take within seconds."""
    mine, now = session.journal.mine, session.now_ms()
    return [one for one in mine.rescues if 0 < one.at - now <= RESCUE_MS] if mine is not None else []


def counts_seconds(session: Session) -> bool:
    """Whether something about a promise changes within the next seconds."""
    now, mine = session.now_ms(), session.journal.mine
    heads = [log.head for log in session.inbox.own() if log.head is not None]
    if any(0 < head.promise_due - now <= MINUTE + _LOOK_MS for head in heads if head.promise_due):
        return True
    if mine is not None and any(0 < one.at - now <= RESCUE_MS + _LOOK_MS for one in mine.rescues):
        return True
    following = turn(session.inbox.own(), {}, now).next_at
    return bool(following) and following - now <= _LOOK_MS
