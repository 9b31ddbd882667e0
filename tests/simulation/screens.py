"""What everybody was shown, and shows, against the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.desk.chat import Chat
from server.desk.events import Event
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.views import Mine

from .case import Case
from .device import Device, Person
from .host import DESKS
from .witness import STEERING, Witness

#: Points × 100, as in the rules' defaults.
NEW_CHAT, HYSTERESIS = 100, 25


def _lives(case: Case) -> bool:
    return case.state != "closed"


def _free(mine: Mine, person: Person, case: Case) -> bool:
    """Whether nothing keeps the chat from this agent, with all doubts on the desk's side."""
    load = mine.load
    return (
        mine.status == "online"
        and not mine.wrap_ups
        and not case.offered
        and person.name not in case.passed
        and load.chats < load.cap
        and load.points + NEW_CHAT + HYSTERESIS <= load.ceiling
        and (not case.langs or not person.languages or bool(case.langs & set(person.languages)))
        and (not case.skill or case.skill in person.skills)
    )


class Screens:
    """What was shown while it ran, and what stands on each screen when all is quiet."""

    def __init__(
        self,
        witness: Witness,
        log: dict[str, list[Event]],
        chats: Mapping[str, Chat],
        cases: Mapping[str, Case],
    ) -> None:
        self.witness = witness
        self.fail = witness.fail
        self.log = log
        self.chats = chats
        self.cases = cases

    def shown(self) -> None:
        """Whatever anybody was shown is in the log under that number: nothing was shown too early."""
        public = {
            (chat, event.pub): event for chat, events in self.log.items() for event in events if event.pub
        }
        staff = {(chat, event.seq): event for chat, events in self.log.items() for event in events}
        for who, book, truth in (
            ("customers", self.witness.public, public),
            ("staff", self.witness.staff, staff),
        ):
            for key, shown in book.items():
                event = truth.get(key)
                if event is None:
                    self.fail(f"{who} were shown {key}: {shown}; the log has no such event")
                elif (shown.kind, shown.at, shown.name) != (event.kind, event.at, event.name):
                    self.fail(f"{who} were shown {key}: {shown}; the log says {event}")
                elif not (event.erased or shown.erased) and shown.text != event.text:
                    self.fail(f"{who} were shown {key}: {shown.text!r}; the log says {event.text!r}")

    def transcript(self, device: Device, chat: ChatLog) -> None:
        """A screen shows the log, in order, without gaps, up to the end."""
        staff = device.person.role == "agent"
        events = self.log.get(chat.chat)
        if events is None or not self.witness.reads(device.name, chat.chat):
            return
        truth = events if staff else [event for event in events if event.pub]
        if chat.last != len(truth):
            self.fail(f"{device.name} shows {chat.chat} up to {chat.last} of {len(truth)}")
            return
        shown = [(e.seq, e.kind, e.by.name, e.at) for e in chat.events]
        first = chat.first
        expected = [(number, e.kind, e.name, e.at) for number, e in enumerate(truth, 1) if number >= first]
        if shown != expected:
            self.fail(f"{device.name} shows of {chat.chat}: {shown}; the log says {expected}")
        for mine, event in zip(chat.events, truth[first - 1 :], strict=True):
            if mine.text != event.text:
                self.fail(f"{device.name} shows {mine.text!r} for {event.text!r}")
        self._head(device, chat, staff)

    def _head(self, device: Device, chat: ChatLog, staff: bool) -> None:
        """State before + events = state after."""
        state, head = self.chats[chat.chat], chat.head
        assert head is not None
        said: Any = (head.state, head.shop, head.opened_at, head.agent, head.promise_due, head.promise_at)
        # Who is gone is whom the customer believes in until another one joins; staff know better.
        true: Any = (
            state.state if staff else state.shown_state,
            state.shop,
            state.opened_at,
            state.owner_name if staff else state.agent_name,
            state.promise_due,
            state.promise_at,
        )
        if staff:
            said += (head.owner, head.waiting_since, head.overdue_at)
            true += (state.owner, state.waiting_since, state.broken_at)
        if said != true:
            self.fail(f"{device.name} holds {chat.chat} to be {said}; the log says {true}")

    def customers(self, devices: list[Device]) -> None:
        """Everybody has the chat they have open."""
        for device in devices:
            if device.person.role == "customer":
                account = self.witness.whose.account(device.name)
                for chat, owner in self.witness.whose.owner_of.items():
                    state = self.chats[chat]
                    if owner == account and state.seq and state.state != "closed":
                        self._has(device, chat)

    def _has(self, device: Device, chat: str) -> None:
        if not self.witness.reads(device.name, chat):
            self.fail(f"{device.name} does not read {chat}, which is theirs")

    def agents(self, devices: list[Device]) -> None:
        """Agents read what was theirs, what they were asked about or into; supervisors what they watch."""
        for (agent, chat), numbers in self.witness.read_by.items():
            had = self.cases[chat].had
            last = max((number for number, readers in enumerate(had, 1) if agent in readers), default=0)
            beyond = sorted(number for number in numbers if number > last)
            if beyond and agent not in STEERING:
                self.fail(f"{agent} read {beyond} of {chat}, which was theirs up to {last}")
        for device in devices:
            if device.person.role == "agent" and not device.stopped:
                for chat, case in self.cases.items():
                    if device.person.name in case.readers and case.state != "closed":
                        self._has(device, chat)

    def views(self, devices: list[Device]) -> None:
        """Views say what the log says, and nobody waits while somebody is free."""
        for desk, shops in DESKS.items():
            cases = {chat: case for chat, case in self.cases.items() if case.shop in shops}
            queued = sorted(case.place(chat) for chat, case in cases.items() if case.state == "queued")
            left = {chat for chat, case in cases.items() if self._is_left(chat)}
            given = {chat: (c.due or c.broken, not c.due) for chat, c in cases.items() if c.due or c.broken}
            for device in devices:
                journal, person = device.journal, device.person
                if person.place != desk or device.stopped:
                    continue
                queue, mine = journal.queue, journal.mine
                if queue is None or mine is None or journal.left is None:
                    self.fail(f"{device.name} was shown no queue")
                    continue
                rows = [row.chat for row in queue.rows]
                if queue.size != len(queued) or rows != [place[3] for place in queued]:
                    self.fail(f"{device.name} sees the queue {rows}; it holds {queued}")
                if {row.chat for row in journal.left.rows} != left:
                    self.fail(f"{device.name} sees {journal.left.rows} as left messages; they are {left}")
                told = journal.promises.rows if journal.promises else ()
                if {row.chat: (row.due_at, row.overdue) for row in told} != given:
                    self.fail(f"{device.name} sees the promises {told}; they are {given}")
                own = {c for c, case in cases.items() if person.name in case.readers and _lives(case)}
                past = {c for c, case in cases.items() if case.owner == person.name and not _lives(case)}
                if not own <= set(mine.chats) <= own | past:
                    self.fail(f"{device.name} is shown {mine.chats} as theirs; the log says {own}")
                for place in queued:
                    if mine.writing and _free(mine, person, cases[place[3]]):
                        self.fail(f"{person.name} is free, and {place[3]} waits")

    def _is_left(self, chat: str) -> bool:
        return bool(self.chats[chat].left_due) and self.chats[chat].state != "closed"
