"""What must hold when all is quiet again: the log, what everybody was shown, what was answered."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from server.desk.chat import Chat
from server.desk.events import CUSTOMER, Event, chat_stream, decode_data
from server.desk.rules import Now
from server.mail.numbers import Numbers
from server.store.interface import ChatRow
from supportterm.link.chatlog import ChatLog
from supportterm.link.journal import OF_THE_MOMENT
from supportterm.protocol import frames, kinds
from supportterm.protocol.contact import Reach, written
from supportterm.protocol.views import Mine
from supportterm.text.masking import mask
from supportterm.text.wire import wire_text
from tests.desk.word import Word, Wrong

from .case import Case
from .decisions import Decisions
from .device import Device, Person
from .host import GONE_MS, HARD_CAP
from .mails import check_mails
from .witness import MARKER, STEERING, Asked, Witness

if TYPE_CHECKING:
    from .world import World

Log = dict[str, list[Event]]

#: Points × 100, as in the rules' defaults.
NEW_CHAT, HYSTERESIS = 100, 25

#: The event that each command becomes.
KINDS: dict[type, str] = {
    frames.Open: "opened",
    frames.Say: "message",
    frames.Note: "note",
    frames.CloseChat: "closed",
    frames.Reopen: "reopened",
    frames.LeaveMessage: "message",
    frames.ChooseLanguage: "language_chosen",
    frames.NeedTime: "time_needed",
    frames.CallBack: "contact",
    frames.Phoned: "phoned",
    frames.Take: "joined",
    frames.Accept: "joined",
    frames.Assign: "routed",
    frames.Decline: "offer_ended",
    frames.HandOff: "handoff",
    frames.Recall: "handoff_ended",
    frames.Invite: "invited",
    frames.Uninvite: "uninvited",
    frames.Breather: "breathed",
    frames.Abuse: "closed",
}

#: The desks and their shops, as in the host's settings.
DESKS = {"main": {"acme", "bikes"}, "other": {"toys"}}


async def judge(world: World) -> None:
    """Stop the server, open its log, and compare. What is wrong goes to the witness."""
    witness, host = world.witness, world.host
    views = [(device, device.journal) for device in world.devices]
    assert host.node is not None
    end, numbers = host.node._clock.now(), Numbers(host.node.links.key_for("mail"))
    host.stop()
    await _until_down(world)
    process = world.loop.process("judge", "10.0.0.3")

    async def read() -> None:
        store = await host.open(process)
        log: Log = {}
        rows: dict[str, ChatRow | None] = {}
        for chat in witness.owner_of:
            log[chat] = await store.stream(chat_stream(chat))
            rows[chat] = await store.row(chat)
        await store.close()
        check = Check(witness, log)
        check.streams(rows)
        check.answers()
        check.order()
        check.shown()
        for device, journal in views:
            for shown in journal.chats.values():
                check.transcript(device, shown)
        check.customers(world.devices)
        check.agents(world.devices)
        check.views(world.devices)
        check.given()
        check.promises(world.decisions, end)
        check_mails(log, world.post, numbers, witness)
        check.caps(host.batch_of)
        check.erased()

    await process.spawn(read())
    _files(world)


async def _until_down(world: World) -> None:
    """A graceful stop ends in time, clients or not."""
    until = world.loop.time() + 60
    while world.host.up:
        await asyncio.sleep(0.5)
        if world.loop.time() > until:
            world.witness.fail("the server did not stop within a minute")
            return


def _files(world: World) -> None:
    """Erased words are in no file of the data directory."""
    if not world.witness.erased:
        return
    for file in sorted(world.host.machine.disk.rglob("*")):
        if file.is_file():
            for match in MARKER.finditer(file.read_bytes()):
                if match[0] in world.witness.erased:
                    world.witness.fail(f"{file.name} still holds the erased {match[0].decode()}")


def _of_the_desk(command: frames.Command) -> bool:
    """Who comes from a closed chat can still be blocked: the desk's own stream says so."""
    return isinstance(command, frames.Abuse) and command.act == "block"


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


class Check:
    """The rules, one method each, against the log."""

    def __init__(self, witness: Witness, log: Log) -> None:
        self.witness = witness
        self.fail = witness.fail
        self.log = log
        self.chats: dict[str, Chat] = {}
        self.cases = {chat: Case(events) for chat, events in log.items()}
        self.of_id: dict[str, list[Event]] = {}
        for events in log.values():
            for event in events:
                if event.cid:
                    self.of_id.setdefault(event.cid, []).append(event)

    def streams(self, rows: dict[str, ChatRow | None]) -> None:
        """Numbers without holes, time that never runs back, one row that says the same."""
        open_chats: Counter[str] = Counter()
        for chat, events in self.log.items():
            state = self.chats[chat] = Chat(chat, "")
            pub, at = 0, 0
            for number, event in enumerate(events, 1):
                if event.seq != number:
                    self.fail(f"the log of {chat} has {event.seq} in place {number}")
                    return
                hidden = event.kind in kinds.HIDDEN
                pub += not hidden
                if event.pub != (0 if hidden else pub):
                    self.fail(f"{chat} {event.seq} ({event.kind}) has the public number {event.pub}")
                if event.at < at:
                    self.fail(f"{chat} {event.seq} lies before its predecessor in time")
                at = event.at
                before = state.state
                state.apply(event)
                if event.kind == "message" and before == "closed":
                    self.fail(f"{chat} {event.seq} is a message in a closed chat")
            row = rows[chat]
            if row is None:
                if events:
                    self.fail(f"{chat} has events but no row")
                continue
            said = (row.owner, row.state, row.opened_at, row.closed_at, row.seq, row.pub, row.shop)
            true = (
                state.owner,
                state.state,
                state.opened_at,
                state.closed_at,
                state.seq,
                state.pub,
                state.shop,
            )
            if said != true:
                self.fail(f"the row of {chat} says {said}, its events {true}")
            open_chats[row.customer] += state.state != "closed"
        for customer, count in open_chats.items():
            if count > 1:
                self.fail(f"the customer {customer} has {count} open chats")

    def answers(self) -> None:
        """What was answered well is in the log exactly once, what was refused is not."""
        for id, asked in self.witness.asked.items():
            if isinstance(asked.command, frames.Deskwide):
                continue
            answers = self.witness.answers[id]
            events = self.of_id.get(id, [])
            if len(events) > 1:
                self.fail(f"{id} is in the log {len(events)} times")
            if not answers and isinstance(asked.command, OF_THE_MOMENT):
                continue  # its window was closed, and the next one does not ask again
            if not answers:
                self.fail(f"{id} was never answered: {asked}")
            elif {"event", "ok"} & set(answers):
                if not events and _of_the_desk(asked.command):
                    continue
                if not events:
                    self.fail(f"{id} was answered {answers} and is not in the log: {asked}")
                else:
                    self._same(asked, events[0])
            elif events:
                self.fail(f"{id} was refused ({answers}) and is in the log all the same")
        for id in self.of_id:
            if id not in self.witness.asked:
                self.fail(f"{id} is in the log and nobody asked for it")

    def _same(self, asked: Asked, event: Event) -> None:
        command = asked.command
        kind = KINDS[type(command)]
        if isinstance(command, frames.Abuse) and command.act == "warn":
            kind = "warned"
        if isinstance(command, frames.CloseChat) and event.kind == "unassigned":
            kind = event.kind  # as soon as the answer has arrived
        if isinstance(command, frames.LeaveMessage) and event.kind == "opened":
            self._left(command, event)
            return
        text = getattr(command, "text", "")
        if isinstance(command, frames.CallBack):
            text = written(Reach(command.name, command.contact))
        author = (
            CUSTOMER if self.witness.owner_of.get(event.chat) == asked.person else f"agent:{asked.person}"
        )
        if event.kind != kind or event.actor != author:
            self.fail(f"{event.chat} {event.seq} is {event.kind} by {event.actor}; asked was {asked}")
        elif not event.erased and event.text != mask(wire_text(text))[0]:
            self.fail(f"{event.chat} {event.seq} says {event.text!r}; asked was {text!r}")

    def _left(self, command: frames.LeaveMessage, opened: Event) -> None:
        """A message that opened a chat stands right after that."""
        said = [event for event in self.log[opened.chat] if event.kind == "message"][:1]
        if not said or not (said[0].erased or said[0].text == mask(wire_text(command.text))[0]):
            self.fail(f"{opened.chat} was opened by {command}, and says {said}")

    def order(self) -> None:
        """What one device wrote in one chat stands in the log in that order."""
        for (device, chat), ids in self.witness.order.items():
            places = [event.seq for id in ids if not self._again(id) for event in self.of_id.get(id, [])]
            if places != sorted(places):
                self.fail(f"{device} wrote in {chat} in another order than the log has: {places}")

    def _again(self, id: str) -> bool:
        """Refused for good and put once more, later."""
        good = {"event", "ok"}
        answers = self.witness.answers[id]
        return bool(set(answers) - good) and bool(good & set(answers))

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
                for chat, owner in self.witness.owner_of.items():
                    state = self.chats[chat]
                    if owner == device.person.name and state.seq and state.state != "closed":
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

    # --- the given word --------------------------------------------------------------------------------

    def promises(self, decisions: Decisions, end: Now) -> None:
        """Each promise ran by its own clock, ended once, as it truly did; ``end``: when all was quiet."""
        for chat, events in self.log.items():
            desk = "main" if self.chats[chat].shop in DESKS["main"] else "other"
            word, loaded = Word(GONE_MS[desk]), None
            for made, decided in groupby(events, lambda event: decisions.of[event.stream, event.seq]):
                if made.loaded is not None and made.loaded is not loaded:
                    loaded = made.loaded
                    word.folded(loaded)
                try:
                    word.decided(decided, made.now)
                except Wrong as wrong:
                    self.fail(f"{chat}, decided at {made.now}: {wrong}")
                    break
            else:
                last = decisions.loaded.get(chat)
                if last is not None and last is not loaded:
                    word.folded(last)
                if word.hangs(end):
                    self.fail(f"a promise in {chat} fell due, and nobody was told")
                if not word.is_told(end):
                    self.fail(f"a promise in {chat} was moved by a clock that was set, and nobody was told")

    # --- who has which chat -----------------------------------------------------------------------------

    def given(self) -> None:
        """Nobody has a chat that was not offered, given or handed to them, or taken by them."""
        for chat, events in self.log.items():
            case = Case()
            for before, event in pairwise(events):
                asked = case.offered
                case.take(before)
                if event.kind == "joined":
                    self._joined(chat, before, event, case.offered or asked, case.promiser)
        for chat, events in self.log.items():
            if events and events[-1].kind == "routed":
                self.fail(f"{chat} ends with a decision that nobody joined by")

    def _joined(self, chat: str, routed: Event, joined: Event, asked: str, promiser: str) -> None:
        agent = joined.actor.removeprefix("agent:")
        if routed.kind != "routed":
            self.fail(f"{agent} has {chat} by no decision, but {routed.kind}")
            return
        data = decode_data(routed, kinds.Routed)
        found = self.witness.asked.get(joined.cid or routed.cid)
        command = found.command if found else None
        match data.how:
            case "load" | "last" if self.chats[chat].shop in DESKS["main"]:
                well = command is None
            case "load" | "last":
                well = isinstance(command, frames.Accept) and asked == agent
            case "handoff":
                well = isinstance(command, frames.Accept)
            case "hand":
                well = isinstance(command, frames.Take)
            case "callback":
                well = agent == promiser
            case "assign":
                well = isinstance(command, frames.Assign) and command.agent == agent
        by_right = (
            found is None or found.person == agent or (data.how == "assign" and found.person in STEERING)
        )
        if not (well and by_right and data.agent == agent):
            self.fail(f"{agent} has {chat} by {data.how}, but was asked: {asked or 'nobody'}; {found}")

    def caps(self, batch_of: dict[tuple[str, int], int]) -> None:
        """No offer brought anybody over the hard cap, counted anew from the log.

        Within one transaction the order of different chats is not known, so that its end is judged.
        """
        moves: defaultdict[int, list[tuple[str, str, bool]]] = defaultdict(list)
        for chat, events in self.log.items():
            case, batch = Case(), 0
            for event in events:
                owner = case.owner if case.state == "open" else ""
                case.take(event)
                now = case.owner if case.state == "open" else ""
                batch = batch_of.get((event.stream, event.seq), batch)
                if owner != now:
                    by_offer = event.kind == "joined" and self._by_offer(chat, event)
                    moves[batch].append((owner, now, by_offer))
        has: Counter[str] = Counter()
        for batch in sorted(moves):
            offered: Counter[str] = Counter()
            otherwise: Counter[str] = Counter()
            for before, after, by_offer in moves[batch]:
                has[before] -= 1
                has[after] += 1
                (offered if by_offer else otherwise)[after] += 1
            for agent in offered:
                if has[agent] - otherwise[agent] > HARD_CAP:
                    self.fail(f"{agent} has {has[agent]} chats by an offer, more than the cap of {HARD_CAP}")

    def _by_offer(self, chat: str, joined: Event) -> bool:
        routed = self.log[chat][joined.seq - 2]
        return routed.kind == "routed" and decode_data(routed, kinds.Routed).how != "assign"

    def erased(self) -> None:
        """Everything before an `erased` event is without text."""
        for chat, events in self.log.items():
            last = max((event.seq for event in events if event.kind == "erased"), default=0)
            for event in events:
                if event.seq < last and event.text:
                    self.fail(f"{chat} {event.seq} was erased by {last} and still says {event.text!r}")
                for found in MARKER.finditer(event.text.encode()):
                    if found[0] in self.witness.erased:
                        self.fail(f"{chat} {event.seq} holds the erased {found[0].decode()}")
