"""What must hold when all is quiet again: the log, what everybody was shown, what was answered."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from itertools import groupby
from typing import TYPE_CHECKING

from server.desk.chat import Chat
from server.desk.events import CUSTOMER, Event, chat_stream
from server.desk.rules import Now
from server.mail.numbers import Numbers
from server.store.interface import ChatRow
from supportterm.link.journal import OF_THE_MOMENT
from supportterm.protocol import frames, kinds
from supportterm.protocol.contact import Reach, written
from supportterm.text.masking import mask
from supportterm.text.wire import wire_text
from tests.desk.word import Word, Wrong

from .case import Case
from .decisions import Decisions
from .host import DESKS, GONE_MS
from .mails import check_mails
from .owners import Owners
from .screens import Screens
from .witness import MARKER, Asked, Witness

if TYPE_CHECKING:
    from .world import World

Log = dict[str, list[Event]]

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
        for chat in witness.begun_by:
            log[chat] = await store.stream(chat_stream(chat))
            rows[chat] = await store.row(chat)
        await store.close()
        check = Check(witness, log)
        check.streams(rows)
        check.answers({device.place for device in world.devices})
        check.order()
        screens = Screens(witness, log, check.chats, check.cases)
        screens.shown()
        for device, journal in views:
            for shown in journal.chats.values():
                screens.transcript(device, shown)
        screens.customers(world.devices)
        screens.agents(world.devices)
        screens.views(world.devices)
        owners = Owners(witness, log, check.chats)
        owners.given()
        check.promises(world.decisions, end)
        check_mails(log, world.post, numbers, witness)
        owners.caps(host.batch_of)
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


class Check:
    """The log by itself, and against what was asked, one method each."""

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

    def answers(self, places: Collection[str]) -> None:
        """What was answered well is in the log exactly once, what was refused is not; ``places``: where
        somebody is."""
        for id, asked in self.witness.asked.items():
            if isinstance(asked.command, frames.Deskwide):
                continue
            answers = self.witness.answers[id]
            events = self.of_id.get(id, [])
            if len(events) > 1:
                self.fail(f"{id} is in the log {len(events)} times")
            if not answers and isinstance(asked.command, OF_THE_MOMENT):
                continue  # its window was closed, and the next one does not ask again
            if not answers and asked.place not in places:
                continue  # somebody else is signed in there now, in whose name nothing of it is said
            if not answers:
                self.fail(f"{id} was never answered: {asked}")
            elif {"event", "ok"} & set(answers):
                if not events and _of_the_desk(asked.command):
                    continue
                if not events:
                    self.fail(f"{id} was answered {answers} and is not in the log: {asked}")
                else:
                    self._same(asked, events[0])
            elif events and id not in self.witness.outlived:
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
        author = f"agent:{asked.person}" if asked.staff else CUSTOMER
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
        """What was written in one place in one chat stands in the log in that order."""
        for (place, chat), ids in self.witness.order.items():
            places = [event.seq for id in ids if not self._again(id) for event in self.of_id.get(id, [])]
            if places != sorted(places):
                self.fail(f"{place} wrote in {chat} in another order than the log has: {places}")

    def _again(self, id: str) -> bool:
        """Refused for good and put once more, later."""
        good = {"event", "ok"}
        answers = self.witness.answers[id]
        return bool(set(answers) - good) and bool(good & set(answers))

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
