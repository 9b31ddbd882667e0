"""What became of the promises in a chat, as facts. Pure, and without anything personal.

Times in ms since 1970. A fact names its promise by the chat's stream and the number ``seq`` of the event in
which it was made; facts are to be taken in the order in which they are given.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from server.desk.events import Event, agent_of, decode_data


class Pledge(Struct, frozen=True):
    """``agent`` made a promise at ``made_at``, to be kept by ``due_at``."""

    desk: str
    made_at: int
    stream: int
    seq: int
    agent: str
    due_at: int


class Moved(Struct, frozen=True):
    """It has another deadline; ``extended`` 1: its agent gave one, 0: the clock was set."""

    stream: int
    seq: int
    due_at: int
    extended: int


class Ended(Struct, frozen=True):
    """It was "kept", "extended" (kept by a later deadline), "broken" or "withdrawn", at ``at``.

    ``by``: the agent whose act ended it, "" where none did; ``kept_by``: who wrote the answer, if it came.
    """

    stream: int
    seq: int
    how: str
    at: int
    by: str
    kept_by: str


class MadeGood(Struct, frozen=True):
    """The answer came after all, for every broken promise of the chat that waited for it."""

    stream: int
    at: int
    by: str
    kept_by: str


class GivenUp(Struct, frozen=True):
    """The chat was closed, and the answer never came."""

    stream: int
    at: int


class Undone(Struct, frozen=True):
    """The answer given at ``ended_at`` came back: what was kept by it is as ``how`` ("": it runs again), and
    what was broken before is not made good. ``given_up_at``: then nobody will answer it; 0: somebody may."""

    stream: int
    ended_at: int
    how: str
    given_up_at: int


Fact = Pledge | Moved | Ended | MadeGood | GivenUp | Undone


class Chat(Protocol):
    """What is known of the chat meanwhile: the promise that runs (0: none), whether one was broken, and who
    wrote last, more than a request for patience."""

    stream: int
    desk: str
    promise_seq: int
    promise_broken: bool
    replied_by: str


class _Due(Struct):
    due_at: int = 0


class _Ended(Struct):
    how: str = ""


class _Bounced(Struct):
    again: bool = False
    ended_at: int = 0
    promise: int = 0
    late_at: int = 0


def fold(chat: Chat, event: Event) -> Fact | None:
    """Take in an event of the chat; what has become certain by it, if anything."""
    seq = chat.promise_seq
    match event.kind:
        case "promised":
            chat.promise_seq = event.seq
            due = decode_data(event, _Due).due_at
            return Pledge(chat.desk, event.at, chat.stream, event.seq, agent_of(event.actor), due)
        case "promise_extended" | "promise_moved" if seq:
            extended = int(event.kind == "promise_extended")
            return Moved(chat.stream, seq, decode_data(event, _Due).due_at, extended)
        case "promise_ended" if seq:
            chat.promise_seq, how = 0, decode_data(event, _Ended).how
            chat.promise_broken = chat.promise_broken or how == "broken"
            by, kept = agent_of(event.actor), how in ("kept", "extended")
            return Ended(chat.stream, seq, how, event.at, by, (by or chat.replied_by) if kept else "")
        case "made_good" if chat.promise_broken:
            chat.promise_broken = False
            by = agent_of(event.actor)
            return MadeGood(chat.stream, event.at, by, by or chat.replied_by)
        case "closed" if chat.promise_broken:
            chat.promise_broken = False
            return GivenUp(chat.stream, event.at)
        case "bounced":
            return _bounced(chat, event)
    return None


def _bounced(chat: Chat, event: Event) -> Fact | None:
    said = decode_data(event, _Bounced)
    if not said.ended_at:
        return None
    chat.promise_seq = said.promise or chat.promise_seq
    if said.again:
        chat.promise_broken = chat.promise_broken or bool(said.late_at) or not said.promise
    how = "" if said.promise else "broken"
    return Undone(chat.stream, said.ended_at, how, 0 if said.again else event.at)
