"""A log filled with old chats, written the way the server writes them: through the store's ``append``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from server.desk.commands import Person
from server.desk.decision import Decided
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.rules import Now, Rules
from server.platform import RealPlatform
from server.store.interface import Append, Origin
from server.store.sqlite import SqliteStore
from supportterm.protocol import frames

_DESK, _CHAT = "bench", 100
_AT_ONCE = 5
_TEXT = "the parcel was to arrive on tuesday but the tracking page still says it is at the depot, what now? "
_AGENT = Person(role="agent", id="old", name="Old Agent")


def _story() -> list[Event]:
    """One chat as a desk decides it, with `_CHAT` messages, closed at its end; all of a year ago."""
    desk, customer = Desk(_DESK, Rules()), Person("customer", "c", shop=_DESK)
    desk.attend(_AGENT)
    events: list[Event] = []
    commands: list[tuple[Person, frames.Command]] = [(customer, frames.Open("o" * 22, "x"))]
    for number in range(_CHAT):
        who = _AGENT if number % 2 else customer
        commands.append((who, frames.Say(f"m{number:021d}", "x", (_TEXT * 2)[:130])))
    commands.append((_AGENT, frames.CloseChat("c" * 22, "x")))
    for at, (who, command) in enumerate(commands):
        decision = desk.decide(who, command, Now(at=1_700_000_000_000 + at * 1_000, run=at * 1_000))
        assert isinstance(decision, Decided)
        events += decision.events
    return events


async def fill(directory: Path, messages: int) -> int:
    """Fill the log in ``directory`` with this many messages in closed chats; how many there are."""
    if not messages:
        return 0
    story = _story()
    store = await SqliteStore.open(directory / "supportterm.db", RealPlatform())
    fence = await store.claim(_DESK)
    done = 0
    while done < messages:
        writes = []
        for number in range(done, min(messages, done + _AT_ONCE * _CHAT), _CHAT):
            stream = f"chat:old{number:019d}"
            origin = Origin(_DESK, _DESK, f"old{number}", number.to_bytes(32))
            writes.append(
                Append(stream, 0, [msgspec.structs.replace(event, stream=stream) for event in story], origin)
            )
        await store.append(_DESK, fence, writes)
        done += len(writes) * _CHAT
    await store.close()
    return done
