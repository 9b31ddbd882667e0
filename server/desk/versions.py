"""Events of older releases, brought to today's shape as they are read; nobody else knows old shapes.

The log keeps what was written. When the ``data`` of a kind changes its shape, `NEWEST` names the new
version, `STEPS` says how data of the one before becomes it, and the release's log in
``tests/desk/releases`` must still fold to what it folded to then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace

from server.desk.events import Event

#: The version that is written today, for kinds whose data has changed since version 1.
NEWEST: Final[dict[str, int]] = {"routed": 2}


def _routed_1(data: bytes) -> bytes:
    """0.1 counted chats and knew no points: what it said of those stands in ``chats`` and ``cap``."""
    old = msgspec.json.decode(data)
    new = {"agent": old["agent"], "how": "load", "points": 0, "ceiling": 0, "parts": []}
    return msgspec.json.encode(new | {"chats": old["open"], "cap": old["limit"]})


#: (kind, version) → the JSON data of that version as the next one has it.
STEPS: Final[dict[tuple[str, int], Callable[[bytes], bytes]]] = {("routed", 1): _routed_1}


def newest(kind: str) -> int:
    """The version of ``data`` that is written for events of this kind."""
    return NEWEST.get(kind, 1)


def upcast(event: Event) -> Event:
    """The event with its data in today's shape. One of a later version than ours stays as it is."""
    version, data = event.v, event.data
    while version < newest(event.kind):
        data = STEPS[event.kind, version](data)
        version += 1
    return event if version == event.v else replace(event, data=data, v=version)
