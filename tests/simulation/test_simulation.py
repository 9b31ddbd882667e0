"""A hundred stories, each from its seed; that they replay; and that broken promises are noticed."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from server.desk import asking, desk, handing, identifying, promises, routing
from server.desk import chat as chats
from server.desk.agent import Agent
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.decision import Decided, Decision, Refused
from server.desk.events import DESK, Event
from server.desk.pace import Pace
from server.desk.rules import Now, Rules
from server.desk.state import State
from server.feeds import Feed
from server.gateway.customer import CustomerSession
from server.gateway.outlet import Outlet
from server.gateway.session import Session
from server.store.interface import Append
from server.store.sqlite import SqliteStore
from supportterm.link.journal import Journal
from supportterm.protocol import frames, kinds

from .world import Broken, run

BLOCK = 5


@pytest.mark.parametrize("first", range(0, 100, BLOCK))
def test_every_promise_is_kept(first: int) -> None:
    for seed in range(first, first + BLOCK):
        outcome = run(seed)
        assert outcome.commands
        assert outcome.frames


@pytest.mark.parametrize("seed", range(0, 100, 12))
def test_a_seed_replays_exactly(seed: int) -> None:
    assert run(seed) == run(seed)


def test_a_seed_is_the_same_story_in_another_process() -> None:
    """Neither the order of sets nor anything else of the process's own shows in it."""
    told = [
        subprocess.run(
            [sys.executable, "-m", "tests.simulation", "--seeds", "3", "--digest"],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout.splitlines()[0]
        for hash_seed in ("1", "2")
    ]
    assert told[0] == told[1] == f"seed 3: {run(3).digest}".encode()


# --- planted faults -----------------------------------------------------------------------------------------


def loses_an_event(plant: pytest.MonkeyPatch) -> None:
    """Now and then a transaction is said to be stored, and is not."""
    real, count = SqliteStore.append, 0

    async def append(self: SqliteStore, desk: str, fence: int, writes: Sequence[Append]) -> None:
        nonlocal count
        count += 1
        if count % 50:
            await real(self, desk, fence, writes)

    plant.setattr(SqliteStore, "append", append)


def answers_before_it_is_stored(plant: pytest.MonkeyPatch) -> None:
    """Effects leave before the commit, and a crash comes between."""
    real = SqliteStore.append

    async def append(self: SqliteStore, desk: str, fence: int, writes: Sequence[Append]) -> None:
        async def later() -> None:
            await asyncio.sleep(0.5)
            await real(self, desk, fence, writes)

        asyncio.ensure_future(later())  # noqa: RUF006

    plant.setattr(SqliteStore, "append", append)


def doubles_an_event(plant: pytest.MonkeyPatch) -> None:
    """A feed sends one event twice."""
    real, count = Outlet.put, 0

    def put(self: Outlet, frame: bytes) -> None:
        nonlocal count
        real(self, frame)
        if b'"t":"event"' in frame:
            count += 1
            if count % 100 == 0:
                real(self, frame)

    plant.setattr(Outlet, "put", put)


def skips_an_event(plant: pytest.MonkeyPatch) -> None:
    """A feed leaves one event out."""
    real, count = Outlet.put, 0

    def put(self: Outlet, frame: bytes) -> None:
        nonlocal count
        count += b'"t":"event"' in frame
        if count % 100 or b'"t":"event"' not in frame:
            real(self, frame)

    plant.setattr(Outlet, "put", put)


def shows_customers_what_staff_see(plant: pytest.MonkeyPatch) -> None:
    """A customer's session reads as an agent's does: notes, decisions, holes in the public numbers."""
    plant.setattr(CustomerSession, "public", False)


def lets_everybody_read_everything(plant: pytest.MonkeyPatch) -> None:
    """The one rule of who may read what is gone."""
    plant.setattr(Chat, "readable_by", lambda self, who: True)


def stores_repeated_commands_again(plant: pytest.MonkeyPatch) -> None:
    """Client ids mean nothing to the desk."""
    real = asking.before

    def before(chat: Chat, who: Person, cid: str, digest: bytes) -> Decision | None:
        found = real(chat, who, cid, digest)
        return found if isinstance(found, Refused) else None

    plant.setattr("server.desk.writing.before", before)


def remembers_erased_texts(plant: pytest.MonkeyPatch) -> None:
    """The memory tails keep what was erased from the log."""
    plant.setattr(Feed, "forget_texts", lambda self: None)


def forgets_the_outbox(plant: pytest.MonkeyPatch) -> None:
    """A client that starts again has lost what it had not been answered for."""
    plant.setattr(Journal, "load", lambda self, dumped: None)


def sends_the_next_before_the_answer(plant: pytest.MonkeyPatch) -> None:
    """A client that does not wait for answers lets a refused message be overtaken."""
    real = Journal.to_send

    def to_send(self: Journal, now_ms: int) -> list[frames.ClientFrame]:
        found = real(self, now_ms)
        for log in self.chats.values() if self.online else ():
            for entry in log.outbox:
                if not entry.sent:
                    entry.sent = True
                    found.append(entry.command)
        return found

    plant.setattr(Journal, "to_send", to_send)


def publishes_notes(plant: pytest.MonkeyPatch) -> None:
    """Notes get public numbers."""
    hidden = {kind: shape for kind, shape in kinds.HIDDEN.items() if kind != "note"}
    plant.setattr(kinds, "HIDDEN", hidden)


def offers_over_the_hard_cap(plant: pytest.MonkeyPatch) -> None:
    """What an agent carries knows no end."""
    plant.setattr(Agent, "cap", lambda self, rules: 99)
    plant.setattr(Agent, "ceiling", lambda self, rules: 9_900)


def forgets_waiting_times_at_a_start(plant: pytest.MonkeyPatch) -> None:
    """Who waits, waits from the server's start on."""
    real = State.load

    def load(self: State, chat: str, customer: str, events: Any, now: Now) -> Chat:
        found = real(self, chat, customer, events, now)
        self.queue.remove(found)
        if found.state == "queued":
            found.queued_at = now.at
            self.queue.add(found)
        return found

    plant.setattr(State, "load", load)


def shows_an_old_queue(plant: pytest.MonkeyPatch) -> None:
    """Now and then the queue is not shown when it changed."""
    real, count = Session.view, 0

    def view(self: Session, name: str, value: bytes) -> None:
        nonlocal count
        count += name == "queue"
        if name != "queue" or count % 4 == 0:
            real(self, name, value)

    plant.setattr(Session, "view", view)


def hands_on_without_a_yes(plant: pytest.MonkeyPatch) -> None:
    """Who hands a chat on is rid of it at once."""
    real = handing.hand_off

    def hand_off(state: State, who: Any, command: frames.HandOff, now: Now) -> Decision:
        found = real(state, who, command, now)
        if isinstance(found, Decided) and command.agent:
            chat, agent = state.chats[command.chat], state.agent(command.agent)
            return Decided([*found.events, *routing.give(state, chat, agent, now, "handoff", by=who.id)])
        return found

    plant.setitem(desk.RULES, frames.HandOff, hand_off)


def keeps_promises_too_late(plant: pytest.MonkeyPatch) -> None:
    """Who is a little late with an answer kept their promise all the same."""
    real, follow = promises.fell_due, promises._follow
    late: set[tuple[str, int]] = set()

    def fell_due(state: State, chat: Chat, now: Now) -> list[Event]:
        if (chat.id, chat.promise_at) in late:
            return real(state, chat, now)
        late.add((chat.id, chat.promise_at))
        state.paces[chat.id].promise = now.run + 60_000
        return []

    def follows(state: State, chat: Chat, now: Now) -> list[Event]:
        return [] if (chat.id, chat.promise_at) in late else follow(state, chat, now)

    plant.setattr(promises, "fell_due", fell_due)
    plant.setattr(promises, "_follow", follows)


def breaks_promises_twice(plant: pytest.MonkeyPatch) -> None:
    """What fell due falls due once more."""
    real = promises.fell_due

    def fell_due(state: State, chat: Chat, now: Now) -> list[Event]:
        events = real(state, chat, now)
        if events and events[-1].kind == "promise_ended":
            events.append(state.add(chat, "promise_ended", DESK, now, data=kinds.PromiseEnded("broken")))
        return events

    plant.setattr(promises, "fell_due", fell_due)


def forgets_promises_at_a_start(plant: pytest.MonkeyPatch) -> None:
    """What was promised is still shown after a restart, and nobody looks at the clock."""
    real = Pace.begin

    def begin(self: Pace, chat: Chat, rules: Rules, now: Now) -> None:
        real(self, chat, rules, now)
        if self.promise:
            self.promise += 3_600_000

    plant.setattr(Pace, "begin", begin)
    plant.setattr(promises, "_follow", lambda state, chat, now: [])


def moves_promises_with_the_clock(plant: pytest.MonkeyPatch) -> None:
    """A clock that is set takes with it what was promised to take a while."""
    real = promises.watch_clock

    def watch_clock(state: State, now: Now) -> list[Event]:
        for chat in state.chats.values():
            if chat.promise_due and not chat.promise_named:
                state.paces[chat.id].promise = now.run + chat.promise_due - now.at
                state.aim(chat.id)
        return real(state, now)

    plant.setattr(promises, "watch_clock", watch_clock)


def believes_anybody(plant: pytest.MonkeyPatch) -> None:
    """What nobody signed is as good as a shop's word."""
    plant.setattr("server.identity.hmac.compare_digest", lambda made, said: True)


def believes_for_ever(plant: pytest.MonkeyPatch) -> None:
    """Whom a word let in stays, whatever becomes of it."""
    plant.setattr(CustomerSession, "watch", lambda self: None)


def takes_everything_along(plant: pytest.MonkeyPatch) -> None:
    """Who signs in gets the open chat of this browser, whoever wrote there since."""

    def goes_along(state: State, chat: Chat, who: Person) -> bool:
        return chat.customer in who.browsers and who.id not in state.open_of

    plant.setattr(identifying, "_goes_along", goes_along)


def leaves_the_door_open(plant: pytest.MonkeyPatch) -> None:
    """A page of the browser goes on reading a chat that went to who signed in."""
    plant.setattr(CustomerSession, "lose", lambda self, chat: None)


def leaves_named_times_behind(plant: pytest.MonkeyPatch) -> None:
    """A time of day is counted down like any other while the clock on the wall is set."""
    for kind in ("promised", "promise_extended"):
        real = chats._FOLDS[kind]

        def fold(chat: Chat, event: Event, real: Callable[[Chat, Event], None] = real) -> None:
            real(chat, event)
            chat.promise_named = chat.promise_first_named = False

        plant.setitem(chats._FOLDS, kind, fold)


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        (loses_an_event, "stands at|not in the log|was Shown"),
        (answers_before_it_is_stored, "refused|not in the log|no such event|was Shown"),
        (doubles_an_event, "was sent number"),
        (skips_an_event, "was sent number"),
        (shows_customers_what_staff_see, "customer"),
        (publishes_notes, "foreign text"),
        (lets_everybody_read_everything, "snoop got|nobody asked"),
        (stores_repeated_commands_again, "in the log [23] times"),
        (remembers_erased_texts, "erased text was sent|was sent number"),
        (forgets_the_outbox, "never answered"),
        (sends_the_next_before_the_answer, "refused|another order"),
        (offers_over_the_hard_cap, "by an offer"),
        (forgets_waiting_times_at_a_start, "the log says"),
        (shows_an_old_queue, "sees the queue|was shown no queue"),
        (hands_on_without_a_yes, "but was asked"),
        (keeps_promises_too_late, "nobody was told|after its time|after the deadline|was broken"),
        (breaks_promises_twice, "does not run"),
        (
            forgets_promises_at_a_start,
            "nobody was told|after its time|after the deadline|was broken|by a clock that was set",
        ),
        (
            moves_promises_with_the_clock,
            "before its time|nobody was told|moved to|after its time|was broken|ms late",
        ),
        (believes_anybody, "was believed to be"),
        (believes_for_ever, "by a word that is over"),
        (takes_everything_along, "somebody wrote there|somebody waits"),
        (leaves_the_door_open, "which moved after"),
        (
            leaves_named_times_behind,
            "before its time|nobody was told|moved|after its time|was broken|ms late",
        ),
    ],
)
def test_a_planted_fault_is_noticed(
    fault: Callable[[pytest.MonkeyPatch], None], noticed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    assert re.search(noticed, first_break(24))


def first_break(seeds: int) -> str:
    """What the first of so many seeds that breaks says; empty if none does."""
    for seed in range(seeds):
        try:
            run(seed)
        except Broken as broken:
            return str(broken)
    return ""
