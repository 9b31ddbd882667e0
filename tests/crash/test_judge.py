"""The judge sees each kind of broken promise, else its silence would mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from server.desk.events import Event, chat_stream
from server.platform import RealPlatform
from server.store.interface import Append, Origin
from server.store.sqlite import SqliteStore
from supportterm.link import Journal
from supportterm.practice.ledger import Ledger
from supportterm.protocol import frames
from tests.crash.judge import Findings, judge
from tests.support import new_id

CHAT = "c" * 22
IDS = [letter * 22 for letter in "abcd"]


class Writer:
    """A person as the judge knows one, with nothing behind."""

    def __init__(self, side: frames.Side) -> None:
        self.name = side
        self.journal = Journal(side)
        self.ledger = Ledger(side, side)
        self.violations: list[str] = []


def say(number: int) -> frames.Say:
    return frames.Say(id=IDS[number], chat=CHAT, text=f"text {number}")


def stored(number: int, seq: int, pub: int) -> Event:
    kind, actor = ("message", "customer") if pub else ("note", "agent:a")
    text = f"text {number}"
    return Event(
        chat_stream(CHAT), seq, pub, 1_000 + seq, kind, actor, cid=IDS[number], text=text, data=b"{}"
    )


def shown(event: Event, *, staff: bool) -> frames.Event:
    number, pub = (event.seq, event.pub) if staff else (event.pub, 0)
    by = frames.By("customer" if event.pub else "agent")
    return frames.Event(event.chat, number, event.at, event.kind, by, pub=pub, id=event.cid, text=event.text)


class Case:
    """A chat of four messages, the third a note, as it should be: put, stored and shown."""

    def __init__(self) -> None:
        self.events = [stored(0, 1, 1), stored(1, 2, 2), stored(2, 3, 0), stored(3, 4, 3)]
        self.customer, self.agent = Writer("customer"), Writer("agent")
        for number in (0, 1, 3):
            self.customer.ledger.puts(say(number))
        self.agent.ledger.puts(frames.Note(id=IDS[2], chat=CHAT, text="text 2"))
        self.screens = {
            "customer": {e.pub: shown(e, staff=False) for e in self.events if e.pub},
            "agent": {e.seq: shown(e, staff=True) for e in self.events},
        }

    async def findings(self, directory: Path) -> Findings:
        for person in (self.customer, self.agent):
            person.ledger.shown[CHAT] = self.screens[person.name]
        store = await SqliteStore.open(directory / "data.db", RealPlatform())
        fence = await store.claim("main")
        origin = Origin("main", "demo", new_id(), b"h" * 32)
        await store.append("main", fence, [Append(chat_stream(CHAT), 0, self.events, origin)])
        customers: Any = [self.customer]
        agents: Any = [self.agent]
        try:
            return await judge(store, customers, agents)
        finally:
            await store.close()


async def test_all_is_well(tmp_path: Path) -> None:
    found = await Case().findings(tmp_path)
    assert not found.violations
    assert (found.put, found.stored, found.shown_customer, found.shown_agent) == (4, 4, 3, 4)


def not_stored(case: Case) -> None:
    case.customer.ledger.puts(frames.Say(id="e" * 22, chat=CHAT, text="never arrived"))


def stored_in_another_order(case: Case) -> None:
    commands = case.customer.ledger.put[CHAT]
    commands[0], commands[1] = commands[1], commands[0]


def stored_with_another_text(case: Case) -> None:
    case.customer.ledger.put[CHAT][0] = frames.Say(id=IDS[0], chat=CHAT, text="something else")


def not_shown_to_the_customer(case: Case) -> None:
    del case.screens["customer"][2]


def note_not_shown_to_the_agent(case: Case) -> None:
    del case.screens["agent"][3]


def shown_and_not_stored(case: Case) -> None:
    case.screens["agent"][5] = replace(case.screens["agent"][4], seq=5, id="f" * 22)


def shown_differently(case: Case) -> None:
    case.screens["agent"][1] = replace(case.screens["agent"][1], text="pardon?")


@pytest.mark.parametrize(
    "breaks",
    [
        not_stored,
        stored_in_another_order,
        stored_with_another_text,
        not_shown_to_the_customer,
        note_not_shown_to_the_agent,
        shown_and_not_stored,
        shown_differently,
    ],
    ids=lambda breaks: breaks.__name__,
)
async def test_it_is_seen(breaks: Callable[[Case], None], tmp_path: Path) -> None:
    case = Case()
    breaks(case)
    assert (await case.findings(tmp_path)).violations
