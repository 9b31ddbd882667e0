"""A chat's given word, kept apart from the desk: told of each decision, it says what is wrong with it.

Every deadline counts on its own clock: a while on the running one, a time of day on the wall. Whoever reads
the log anew knows only what it says, which is a time on the wall. Who had left for long by the deadline, and
is reached by the widget alone, waits for nothing any more; for anybody else it is broken. Of a callback the
answer counts when it has arrived: seen, mailed, told on the phone, or with words of the customer below it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from server.desk.events import CUSTOMER, DESK, Event
from server.desk.rules import Now

#: What the wall clock and the running one may differ by before anybody notices.
NOTICED_MS = 1_000
#: By when the desk has noticed that its clock was set.
WATCHED_MS = 5_000


class Wrong(AssertionError):
    """The desk decided something that it must not."""


class Deadline:
    """A moment on the wall's clock, if it was ``named``, or on the running one."""

    def __init__(self, at: int, named: bool) -> None:
        self.at = at
        self.named = named

    def left(self, now: Now) -> int:
        """Milliseconds until then; negative: since."""
        return self.at - (now.at if self.named else now.run)

    def wall(self, now: Now) -> int:
        """What clocks on the wall will show then, as they go now."""
        return now.at + self.left(now)


class Word:
    """``due`` and ``first``: the running promise's deadlines. ``late``: since when, on the running clock, the
    customer waits for what was promised; ``owed``: since when the owner could have made it good.
    """

    def __init__(self, gone_ms: int) -> None:
        #: Who has been gone for so long has left for good; 0: nobody has.
        self.gone_ms = gone_ms
        #: Since when, on the running clock, the customer's page is gone; None: it is there.
        self.away: int | None = None
        #: They wait for an agent; or would, if they were there.
        self.waits = True
        self.lapsed = False
        self.due: Deadline | None = None
        self.first: Deadline | None = None
        self.late: int | None = None
        self.owed: int | None = None
        #: The customer need not stay; the number of the answer that is on its way to them, 0: none.
        self.called = False
        self.answer = 0
        #: Somebody has the chat.
        self.live = False
        #: How many promises were given, and how each of them ended.
        self.made = 0
        self.ends: list[str] = []
        # The same deadlines as the log tells them.
        self._told = self._told_first = self._told_late = self._told_away = 0
        #: Of what ended when an answer arrived: that answer, and the first deadline as it was told.
        self._ended_by = (0, 0)

    def folded(self, now: Now) -> None:
        """Somebody read the log anew: only what it says is known."""
        if self.due is not None and not self.due.named:
            self.due = Deadline(now.run + self._told - now.at, False)
        if self.first is not None and not self.first.named:
            self.first = Deadline(now.run + self._told_first - now.at, False)
        if self.late is not None:
            self.late = now.run + self._told_late - now.at
        if self.away is not None:
            self.away = min(now.run, now.run + self._told_away - now.at)
        if self.owed is not None:
            self.owed = now.run

    def had_left(self, now: Now) -> bool:
        """Whether, by the deadline, the customer had been gone for long and could not be reached."""
        if self.due is None or self.away is None or self.called or not self.gone_ms:
            return False
        return now.run + self.due.left(now) - self.away >= self.gone_ms

    def hangs(self, now: Now) -> bool:
        """Whether its time has come, and it runs all the same."""
        return self.due is not None and self.due.left(now) <= 0

    def is_told(self, now: Now) -> bool:
        """Whether people are shown the deadline that counts."""
        return self.due is None or abs(self.due.wall(now) - self._told) < NOTICED_MS

    # --- what the desk decides -------------------------------------------------------------------

    def decided(self, events: Iterable[Event], now: Now) -> None:
        """What one decision brought about in the chat. Raises `Wrong`."""
        events = list(events)
        message: Event | None = None
        answer = gave = withdrawn = False
        calls = next((event for event in events if event.kind == "callback"), None)
        # What was refused goes to another address: it is the answer still, whatever time is given for it.
        goes_on = self.answer if calls and any(event.kind == "mailing" for event in events) else 0
        arrived = self._arrived(events)
        if arrived:
            self._ended_by = (self.answer, self._told_first)
        for event in events:
            data: dict[str, Any] = json.loads(event.data or b"{}")
            _must(
                not withdrawn or event.kind in ("closed", "left"),
                f"{event.kind} after a promise was withdrawn",
            )
            withdrawn = False
            if event.kind == "bounced" and data.get("again"):
                self.away = None
            match event.kind:
                case "message" if event.actor != CUSTOMER:
                    _must(self.due is None or self.due.left(now) >= 0, "an answer after the deadline")
                    message, answer = event, not data.get("holding", False)
                    if answer:
                        self.owed = None
                        self.waits = self.lapsed = False
                        if self.called and (self.due or self.late is not None):
                            self.answer = self.answer or event.pub
                case "message":
                    self._comes_back(now)
                    self.waits = True
                    if self.live:
                        self.called, self.answer = False, 0
                case "page_gone":
                    self.away, self._told_away = now.run, event.at
                case "page_back":
                    again = self.lapsed and not self.waits
                    _must(data.get("waits", False) == again, f"back, and waits: {not again}")
                    self._comes_back(now)
                    self.waits = self.waits or again
                case "promised" | "promise_extended":
                    self.lapsed = False
                    by = calls or (message if answer else None)
                    _must(by is not None and by.actor == event.actor, "given by nobody")
                    self.answer = goes_on
                    if self.due is not None and calls is None:
                        told = Deadline(data["due_at"], True).left(now)
                        _must(told > self.due.left(now) - NOTICED_MS, "extended to an earlier time")
                    self._given(event.kind, Deadline(data["due_at"], data.get("named", False)), now)
                    gave = True
                case "promise_moved":
                    self._moved(data["due_at"], data.get("first_at", 0), now)
                case "promise_ended":
                    how = data["how"]
                    withdrawn = how == "withdrawn" and not data.get("gone")
                    _must(how == "withdrawn" or not data.get("gone"), f"{how}, and they were gone")
                    if how in ("kept", "extended") and self.called:
                        _must(arrived, f"{how} by an answer that has not arrived")
                    elif how in ("kept", "extended"):
                        _must(answer and not gave and message is not None, f"{how} by no answer")
                        _must(message is not None and message.actor == event.actor, f"{how} by somebody else")
                    else:
                        _must(event.actor == DESK, f"{how} by {event.actor}")
                    self._ended(how, bool(data.get("gone")), event.at, now)
                case "made_good":
                    _must(arrived if self.called else answer and not gave, "made good by no answer")
                    self._made_good(data["late_ms"], now)
                    self.owed = None
                case "callback":
                    _must(gave and data["due_at"] == self._told, "called back by another time")
                    self.called, self.answer, self.owed = True, goes_on, None
                    self.waits, self.away = False, None
                case "bounced" if data.get("ended_at"):
                    self._runs_again(data, now)
                case "phoned" if data["reached"]:
                    self.owed, self.waits = None, False
                case "handoff" if data.get("overdue"):
                    _must(self.owed is not None, "a colleague is asked for nothing")
                    _must(self.away is None, "a colleague is asked for who is not there")
                case "joined":
                    self.live = True
                    self.owed = now.run if self.owed is not None else None
                case "unassigned":
                    self.live = False
                case "requeued":
                    self.live = self.called = False
                case "reopened" if event.actor == CUSTOMER:
                    self.waits = True
                case "left":
                    self.lapsed = False
                case "closed":
                    _must(self.due is None, "a promise disappeared")
                    self.late = self.owed = self.away = None
                    self.called = self.waits = self.lapsed = False
                case _:
                    pass
        _must(not withdrawn, "a promise was withdrawn, and the chat goes on")
        if arrived or (answer and not gave and not self.called):
            _must(self.due is None, "an answer did not keep the promise")
            _must(self.late is None, "an answer did not make it good")
            self.answer = 0

    def _comes_back(self, now: Now) -> None:
        over = self.due is not None and self.due.left(now) < 0
        _must(not (over and self.had_left(now)), "back, and nobody had looked whether they had left")
        self.away = None

    def _arrived(self, events: list[Event]) -> bool:
        """Whether the answer to a callback is with the customer by this decision."""
        if not self.called:
            return False
        for event in events:
            data: dict[str, Any] = json.loads(event.data or b"{}")
            match event.kind:
                case "seen" if 0 < self.answer <= data["upto"]:
                    return True
                case "mailed" if data["how"] == "accepted" and 0 < self.answer <= data["upto"]:
                    return True
                case "phoned" if data["reached"]:
                    return True
                case "message" if event.actor == CUSTOMER and self.answer:
                    return True
                case _:
                    pass
        return False

    def _runs_again(self, data: dict[str, Any], now: Now) -> None:
        """The answer came back: what was promised holds as if it had not been written."""
        answer, told_first = self._ended_by
        if not data.get("again"):
            return
        self.called, self.answer = True, self.answer or answer
        if data.get("due_at"):
            _must(self.due is None, "a promise runs again beside another")
            self._told, self._told_first = data["due_at"], told_first
            self.due, self.first = Deadline(self._told, True), Deadline(told_first, True)
        if data.get("late_at"):
            self._told_late = data["late_at"]
            self.late = now.run + self._told_late - now.at
            self.owed = now.run

    def _given(self, kind: str, told: Deadline, now: Now) -> None:
        due = told if told.named else Deadline(now.run + told.at - now.at, False)
        _must(due.left(now) > 0, "a time was given that has passed")
        if kind == "promised":
            _must(self.due is None, "a second promise beside the first")
            self.made += 1
            self.first, self._told_first = due, told.at
        else:
            _must(self.due is not None, "a promise was extended that does not run")
        self.due, self._told = due, told.at

    def _moved(self, due_at: int, first_at: int, now: Now) -> None:
        if self.due is None or self.first is None:
            raise Wrong("a promise was moved that does not run")
        was, was_first = self._told, self._told_first
        self._told, self._told_first = due_at, first_at or was_first + due_at - was
        _must(self._told == self.due.wall(now), f"moved to {due_at}, and not to {self.due.wall(now)}")
        _must(self._told_first == self.first.wall(now), f"the first deadline is {self.first.wall(now)}")
        moved = max(abs(self._told - was), abs(self._told_first - was_first))
        _must(moved >= NOTICED_MS, "moved for nothing")

    def _ended(self, how: str, gone: bool, at: int, now: Now) -> None:
        if self.due is None or self.first is None:
            raise Wrong(f"a promise is {how} that does not run")
        left = self.due.left(now)
        match how:
            case "broken":
                _must(left <= 0, f"broken {left} ms before its time")
                _must(not self.had_left(now), "broken for somebody who had left")
                _must(self.is_told(now), "broken by a clock that was set")
                if self.late is None:
                    self.late, self._told_late = now.run + left, min(self._told, at)
                self.owed = now.run
                self.waits = True
            case "withdrawn" if gone:
                _must(left <= 0, f"withdrawn {left} ms before its time, and the chat goes on")
                _must(self.is_told(now), "withdrawn by a clock that was set")
                _must(self.had_left(now), "withdrawn, and they had not left for long")
                self.lapsed = True
            case "withdrawn":
                _must(left >= 0, "withdrawn, and was broken")
            case _:
                _must(left >= 0, f"{how} {-left} ms after its time")
                true = "kept" if self.first.left(now) >= 0 else "extended"
                _must(how == true, f"{how}, and was {true}")
        self.ends.append(how)
        self.due = self.first = None

    def _made_good(self, late_ms: int, now: Now) -> None:
        if self.late is None:
            raise Wrong("made good, and nothing was broken")
        _must(late_ms == max(0, now.run - self.late), f"{late_ms} ms late, and was {now.run - self.late}")
        self.late = None


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)
