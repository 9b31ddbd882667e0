"""What the server's frames are made of. Times are whole milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from supportterm.protocol import limits
from supportterm.protocol.base import Role
from supportterm.protocol.callbacks import How
from supportterm.protocol.contact import Known


class By(Struct, frozen=True, omit_defaults=True, gc=False):
    """Who did it. ``id`` is sent to staff only; ``name`` is what the customer may read."""

    role: Role
    name: str = ""
    id: str = ""


class Limits(Struct, frozen=True):
    """What a client must keep to."""

    text: int = limits.TEXT_CODE_POINTS
    frame: int = limits.FRAME_BYTES
    outbox: int = limits.OUTBOX
    page: int = limits.PAGE_EVENTS
    beat_ms: int = limits.BEAT_MS
    dead_ms: int = limits.DEAD_MS
    typing_ms: int = limits.TYPING_MS


class Me(Struct, frozen=True, omit_defaults=True):
    """Whom the server takes you for. ``desk`` and ``title`` (agent, supervisor, admin) only for staff."""

    role: Role
    id: str
    name: str = ""
    desk: str = ""
    title: str = ""


class Marks(Struct, frozen=True):
    """How far one side got and saw a chat, in public numbers."""

    got: int = 0
    seen: int = 0


class Head(Struct, frozen=True, omit_defaults=True):
    """A chat as it stands at number ``last`` of its ``chat`` frame; later events change it.

    ``waiting_since`` (staff only): the oldest unanswered message of the customer, or when the chat
    was opened if nobody joined yet; 0: the customer is not waiting. ``owner`` (staff only) is the
    agent's id. ``promise_due``: when the owner promised to be back; 0: nothing is promised; it was given
    at ``promise_at``. ``overdue_at`` (staff only): when a promise that was not kept fell due, until it is
    made good; 0: none. ``summary``: the public number of the newest summary (0: none) and
    ``understood``: what the customer said to it, "" as long as nothing. ``callback`` (staff only): how the
    customer is answered, who need not stay. ``known`` (staff only): who the customer is and how they are
    reached. To a customer a chat whose agent is gone stays "open" until somebody joins.
    """

    state: Literal["queued", "open", "left", "closed"]
    shop: str
    lang: str
    opened_at: int
    agent: str = ""
    owner: str = ""
    waiting_since: int = 0
    promise_due: int = 0
    promise_at: int = 0
    overdue_at: int = 0
    summary: int = 0
    understood: Literal["", "yes", "no"] = ""
    callback: Literal["", How] = ""
    known: Known = Known()
    customer_marks: Marks = Marks()
    agent_marks: Marks = Marks()
