"""An event as the desk decides it and the log keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from supportterm.protocol import kinds

T = TypeVar("T", bound=Struct)

CUSTOMER: Final = "customer"
DESK: Final = "desk"
_AGENT: Final = "agent:"


def agent_actor(agent: str) -> str:
    """The actor of an event that the agent with this id caused."""
    return _AGENT + agent


def agent_of(actor: str) -> str:
    """The agent's id if an agent acted, else ""."""
    return actor.removeprefix(_AGENT) if actor.startswith(_AGENT) else ""


def chat_stream(chat: str) -> str:
    """The name of a chat's stream."""
    return "chat:" + chat


def desk_stream(desk: str) -> str:
    """The name of a desk's own stream."""
    return "desk:" + desk


class Event(Struct, frozen=True, gc=False):
    """One entry in a stream, never changed but for erasing its ``text``.

    ``seq`` is gapless from 1 in its stream. ``pub`` counts those a customer may see, gapless from 1
    too; 0 means hidden. ``at`` is in milliseconds since 1970 and never runs backwards in a stream.
    ``actor`` is "customer", "desk" or "agent:<id>"; ``name`` what people read beside it. ``cid`` is
    the author's client id, on the first event of a command; ``digest`` tells a repeated command from
    another one under the same id. ``data`` is JSON without personal text; ``text`` what a person
    wrote. ``v`` is the version of ``data``'s shape.
    """

    stream: str
    seq: int
    pub: int
    at: int
    kind: str
    actor: str
    name: str = ""
    cid: str = ""
    digest: bytes = b""
    data: bytes = b""
    text: str = ""
    erased: bool = False
    v: int = 1

    @property
    def chat(self) -> str:
        """The chat's id; only for events of a chat's stream."""
        return self.stream[5:]


def decode_data(event: Event, shape: type[T]) -> T:
    """The event's ``data`` in the shape of its kind. Raises `msgspec.ValidationError`."""
    return msgspec.json.decode(event.data or b"{}", type=shape)


def since_theirs(events: Sequence[Event]) -> Sequence[Event]:
    """A chat's ``events`` since it is its customer's: what stands above was written by somebody whom the shop
    did not know yet, and who may have been another."""
    for place, event in enumerate(events):
        if event.kind == "identified" and decode_data(event, kinds.Identified).was:
            return events[place:]
    return events
