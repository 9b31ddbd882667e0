"""Compares what was answered, what is stored, and what both sides were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from server.desk.events import Event, chat_stream
from server.store.interface import Log
from supportterm.protocol import frames
from tests.crash.people import Person


class Findings(Struct):
    """Exact counts of one run; ``violations`` are sentences, and should be none.

    ``put``: messages and notes written. ``stored``: of these in the log. ``shown_customer`` and
    ``shown_agent``: events on the screens of the two sides (agents' include the hidden ones).
    ``lost``, ``doubled``, ``disordered``, ``gaps``: promises that were broken.
    """

    chats: int = 0
    put: int = 0
    stored: int = 0
    shown_customer: int = 0
    shown_agent: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    gaps: int = 0
    violations: list[str] = field(default_factory=list)

    def says(self, sentence: str) -> None:
        self.violations.append(sentence)


async def judge(log: Log, customers: Sequence[Person], agents: Sequence[Person]) -> Findings:
    """Read every chat from the store and compare it with everybody's ledger."""
    found = Findings()
    for person in (*customers, *agents):
        person.ledger.close(person.journal)
        found.violations += person.violations + person.ledger.violations
    for customer in customers:
        for chat in customer.ledger.put:
            found.chats += 1
            stored = await log.stream(chat_stream(chat))
            _numbers(found, chat, stored)
            for person in (customer, *agents):
                _written(found, person, chat, stored)
            seen: dict[int, frames.Event] = {}
            for agent in agents:
                seen |= agent.ledger.shown.get(chat, {})
            found.shown_agent += len(seen)
            _shown(found, f"agents, chat {chat}", seen, {event.seq: event for event in stored})
            theirs = customer.ledger.shown.get(chat, {})
            found.shown_customer += len(theirs)
            _shown(
                found, f"{customer.name}, chat {chat}", theirs,
                {event.pub: event for event in stored if event.pub},
            )  # fmt: skip
    return found


def _numbers(found: Findings, chat: str, stored: Sequence[Event]) -> None:
    for what, numbers in (
        ("seq", [event.seq for event in stored]),
        ("pub", [event.pub for event in stored if event.pub]),
    ):
        if numbers != list(range(1, len(numbers) + 1)):
            found.gaps += 1
            found.says(f"chat {chat}: {what} does not count from 1 without holes: {numbers}")
    times = [event.at for event in stored]
    if times != sorted(times):
        found.says(f"chat {chat}: its times run backwards")


def _written(found: Findings, person: Person, chat: str, stored: Sequence[Event]) -> None:
    """Everything a person put is in the log once, as written and in the order it was written."""
    commands = person.ledger.put.get(chat, [])
    texts = {c.id: c.text for c in commands if isinstance(c, frames.Say | frames.Note)}
    ids = [event.cid for event in stored if event.cid in texts]
    found.put += len(texts)
    found.stored += len(set(ids))
    for event in stored:
        if event.cid in texts and event.text != texts[event.cid]:
            found.says(f"{person.name}, chat {chat}: {event.cid} is stored with another text")
    lost = texts.keys() - set(ids)
    if lost:
        found.lost += len(lost)
        found.says(f"{person.name}, chat {chat}: lost {sorted(lost)}")
    if len(ids) != len(set(ids)):
        found.doubled += len(ids) - len(set(ids))
        found.says(f"{person.name}, chat {chat}: something is stored twice")
    order = [id for id in texts if id not in lost]
    if list(dict.fromkeys(ids)) != order:
        found.disordered += 1
        found.says(f"{person.name}, chat {chat}: stored in another order than written")


def _shown(
    found: Findings, whose: str, shown: Mapping[int, frames.Event], stored: Mapping[int, Event]
) -> None:
    """What is on a screen is what the log holds, number by number."""
    missing, extra = stored.keys() - shown.keys(), shown.keys() - stored.keys()
    if missing:
        found.lost += len(missing)
        found.says(f"{whose}: not shown: {sorted(missing)}")
    if extra:
        found.lost += len(extra)
        found.says(f"{whose}: shown, but not stored: {sorted(extra)}")
    for number in stored.keys() & shown.keys():
        theirs, ours = shown[number], stored[number]
        if (theirs.kind, theirs.text, theirs.at) != (ours.kind, ours.text, ours.at):
            found.disordered += 1
            found.says(f"{whose}: number {number} is another event on the screen than in the log")
