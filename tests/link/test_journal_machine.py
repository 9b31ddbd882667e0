"""A client against the reference server over a wire that cuts, drops, doubles and reorders."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from supportterm.link.changes import Grew, Older
from supportterm.link.journal import Journal
from supportterm.protocol import codec, frames
from supportterm.protocol.frames import ClientFrame, ServerFrame
from tests.link.link_model import Model

CHATS = ["chat-aaaaaaaaaaaaaaaa", "chat-bbbbbbbbbbbbbbbb", "chat-cccccccccccccccc"]


class Wire(RuleBasedStateMachine):
    """What was put is answered once or waits; what is shown is the log."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(page=6)
        self.journal = Journal("customer")
        self.now = 0
        self.connected = False
        self.up: list[ClientFrame] = []
        self.down: list[ServerFrame] = []
        self.put_order: dict[str, list[str]] = {}
        self.opened: set[str] = set()
        self.dismissed: set[str] = set()
        self.count = 0

    def _id(self) -> str:
        self.count += 1
        return f"id-{self.count:04d}-cccccccccc"

    # --- what the person does ---------------------------------------------------------------------

    @rule(chat=st.sampled_from(CHATS), text=st.text(min_size=1, max_size=5))
    def put(self, chat: str, text: str) -> None:
        if chat not in self.opened:
            self.opened.add(chat)
            opening = frames.Open(id=self._id(), chat=chat)
            self.journal.put(opening)
            self.put_order.setdefault(chat, []).append(opening.id)
        command = frames.Say(id=self._id(), chat=chat, text=text)
        self.journal.put(command)
        self.journal.put(command)
        self.put_order[chat].append(command.id)
        self._pump()

    @rule(chat=st.sampled_from(CHATS))
    def look(self, chat: str) -> None:
        self.journal.saw(chat)
        self.journal.more(chat)
        self._pump()

    # --- the wire ---------------------------------------------------------------------------------

    @initialize(chats=st.integers(0, 2))
    def begin(self, chats: int) -> None:
        """Most of what can go wrong does so in chats that stand."""
        self.connect(2)
        for chat in CHATS[:chats]:
            self.put(chat, "Hallo")
            self.serve_and_deliver(3)

    @rule(steps=st.integers(0, 3))
    def connect(self, steps: int) -> None:
        if not self.connected:
            self.connected = True
            self.up = [self.journal.hello("t" * 43)]
            self.down = []
            self.serve_and_deliver(steps)

    @rule(steps=st.integers(1, 3))
    def serve_and_deliver(self, steps: int) -> None:
        for _ in range(steps):
            self.serve(4)
            self.deliver(30)

    @precondition(lambda self: self.connected)
    @rule()
    def cut(self) -> None:
        self.connected = False
        self.up, self.down = [], []
        self.journal.lost()

    @rule(count=st.integers(1, 4))
    def serve(self, count: int) -> None:
        for _ in range(count):
            if self.up:
                self.down += self.model.receive(self.up.pop(0))

    @rule(count=st.integers(1, 8))
    def deliver(self, count: int) -> None:
        for _ in range(count):
            if self.down:
                self._take(self.down.pop(0))

    @precondition(lambda self: any(isinstance(frame, frames.Event) for frame in self.down))
    @rule(at=st.integers(0, 10), what=st.sampled_from(["drop", "double", "swap"]))
    def disturb(self, at: int, what: str) -> None:
        """Only events: a server that loses `chat` frames has lost the connection."""
        places = [i for i, frame in enumerate(self.down) if isinstance(frame, frames.Event)]
        at %= len(places)
        place = places[at]
        if what == "drop":
            del self.down[place]
        elif what == "double":
            self.down.insert(place, self.down[place])
        elif at + 1 < len(places):
            other = places[at + 1]
            self.down[place], self.down[other] = self.down[other], self.down[place]

    # --- the other side ---------------------------------------------------------------------------

    @rule(refusal=st.sampled_from(["", "retry", "final"]))
    def refuse(self, refusal: str) -> None:
        self.model.refusals.append(refusal)  # type: ignore[arg-type]

    @precondition(lambda self: self.model.chats)
    @rule(which=st.integers(0, 2), times=st.integers(1, 4))
    def other_side(self, which: int, times: int) -> None:
        chats = sorted(self.model.chats)
        chat = chats[which % len(chats)]
        for _ in range(times):
            sent = self.model.says(chat, "Hallo")
            if self.connected and self.journal.online:
                self.down += sent

    @rule(ms=st.integers(1, 2_000))
    def time_passes(self, ms: int) -> None:
        self.now += ms
        self._pump()

    @rule()
    def new_process(self) -> None:
        self.cut()
        dumped = json.loads(json.dumps(self.journal.dump()))
        self.journal = Journal("customer")
        self.journal.load(dumped)
        self.connect(1)

    def _take(self, frame: ServerFrame) -> None:
        read = codec.decode_server(codec.encode(frame))
        assert read is not None
        for change in self.journal.take(read, self.now):
            if isinstance(change, Grew | Older):
                log = self.journal.chats[change.chat]
                assert all(event in log.events for event in change.events)
        self._pump()

    def _pump(self) -> None:
        if self.connected:
            self.up += self.journal.to_send(self.now)

    # --- what always holds ------------------------------------------------------------------------

    @invariant()
    def shown_is_the_log(self) -> None:
        for chat, log in self.journal.chats.items():
            truth = self.model.chats.get(chat, [])
            assert log.events == truth[log.first - 1 : log.last]
            assert len(log.events) == log.last - log.first + 1

    @invariant()
    def every_command_is_somewhere_once(self) -> None:
        for chat, ids in self.put_order.items():
            waiting = [entry.id for entry in self.journal.log(chat).outbox]
            done = [id for id in ids if id in self.model.ids or id in self.model.refused]
            assert len(waiting) == len(set(waiting))
            assert set(waiting) | set(done) == set(ids)
            # An answered command may still wait for its answer; nobody stands before it in the queue.
            assert [id for id in waiting if id in done] in ([], waiting[:1])
            stored = [event.id for event in self.model.chats.get(chat, []) if event.id]
            assert stored == [id for id in ids if id in set(stored)], "in the order they were put"

    @invariant()
    def one_unanswered_per_chat(self) -> None:
        for log in self.journal.chats.values():
            assert not any(entry.sent for entry in log.outbox[1:])

    def teardown(self) -> None:
        """With a wire that works again, everything is answered and everything is shown."""
        self.model.refusals.clear()
        self.cut()
        self.connect(0)
        for _ in range(10 * (self.count + 20)):
            self.serve(4)
            self.deliver(8)
            self.time_passes(1_000)
        for chat, ids in self.put_order.items():
            log = self.journal.log(chat)
            assert not log.outbox
            truth = self.model.chats.get(chat, [])
            assert log.last == len(truth)
            assert {event.id for event in truth if event.id} | self.model.refused >= set(ids)
            kept = {refused.command.id for refused in log.refused}
            said = {id for id in ids if id in self.model.refused}
            assert kept <= said
        self.shown_is_the_log()
        super().teardown()


TestWire = Wire.TestCase
TestWire.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)


@pytest.mark.parametrize("block", range(4))
def test_long_walks(block: int) -> None:
    """Hypothesis finds small stories; long ones, where much happens at once, are walked from seeds."""
    for seed in range(block * 15, block * 15 + 15):
        draw = random.Random(seed)
        wire = Wire()
        wire.begin(2)
        for _ in range(300):
            walk_one_step(wire, draw)
            wire.shown_is_the_log()
            wire.every_command_is_somewhere_once()
            wire.one_unanswered_per_chat()
        wire.teardown()


def walk_one_step(wire: Wire, draw: random.Random) -> None:
    """The machine's rules, weighted so that most frames arrive and every trouble is common."""
    step = draw.random()
    if step < 0.2:
        wire.serve(draw.randint(1, 4))
    elif step < 0.5:
        wire.deliver(draw.randint(1, 4))
    elif step < 0.62 and wire.model.chats:
        wire.other_side(draw.randrange(3), draw.randint(1, 4))
    elif step < 0.72:
        if any(isinstance(frame, frames.Event) for frame in wire.down):
            wire.disturb(draw.randrange(10), draw.choice(["drop", "double", "swap"]))
    elif step < 0.82:
        wire.put(draw.choice(CHATS), "Hallo")
    elif step < 0.87:
        wire.look(draw.choice(CHATS))
    elif step < 0.91:
        wire.refuse(draw.choice(["", "retry", "final"]))
    elif step < 0.95:
        wire.time_passes(draw.randint(1, 2_000))
    elif step < 0.96:
        wire.new_process()
    elif step < 0.975 and wire.connected:
        wire.cut()
    else:
        wire.connect(draw.randint(0, 2))
