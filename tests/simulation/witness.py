"""Watches every frame that clients receive and every byte the server writes, and remembers.

What can be judged at once is judged at once; the rest is judged against the log at the end
(`invariants`). Every text in the simulation carries a marker that says who wrote it in which chat.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from supportterm.protocol import frames, kinds
from supportterm.protocol.codec import BadFrame, decode_server

from .signers import Moment, Signers
from .trace import Trace
from .whose import Whose

#: Who may see a text: customers' and agents' words; notes and summaries; page and mail addresses.
Kind = Literal["C", "A", "N", "P"]
MARKER = re.compile(rb"([CANP])\.([a-z0-9]+)\.([A-Za-z0-9_-]{22})\.(\d+)\.")

#: Final refusals that honest clients meet; any other is a fault of the server or the client.
EXPECTED = {
    "no_chat",
    "chat_closed",
    "already_open",
    "already",
    "read_only",
    "not_owner",
    "taken",
    "cap",
    "over_ceiling",
    "second_handoff",
    # Only one of them knows about returns, and may not hand them to themselves.
    "no_skill",
    "handing",
    "not_offered",
    "agent_offline",
    "to_self",
    "shop_closed",
    "queue_full",
    "address_full",
    "blocked",
    # The customer came back, and is not called any more.
    "not_asked",
    # Somebody was disabled a moment ago.
    "no_agent",
    # The console's clock was a while behind, and what it asked for is over.
    "bad_time",
}
#: Supervisors, who may look into any chat.
STEERING = {"sam", "dirk"}
#: What opens a chat.
OPENING = frames.Open | frames.LeaveMessage


def marker(kind: Kind, author: str, chat: str, number: int) -> str:
    """A text that says where it belongs."""
    return f"{kind}.{author}.{chat}.{number}."


class Asked(NamedTuple):
    """A command somebody put into an outbox, which is kept in ``place``; ``staff``: it is an agent's;
    ``repeat``: the same id was put before."""

    place: str
    person: str
    staff: bool
    command: frames.Command
    repeat: bool


class Shown(NamedTuple):
    """An event as somebody received it."""

    kind: str
    at: int
    name: str
    text: str
    erased: bool


class Witness:
    """``violations`` are sentences; the first one ends the run."""

    def __init__(self, trace: Trace, signers: Signers, now: Callable[[], Moment]) -> None:
        self.violations: list[str] = []
        self._trace = trace
        self.whose = Whose(signers, now, self.fail)
        self.asked: dict[str, Asked] = {}
        self.conflicts: set[str] = set()
        #: What was put in each place for each chat, once, in order.
        self.order: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        #: Per id, in order: "event", "ok" or a final error's code.
        self.answers: defaultdict[str, list[str]] = defaultdict(list)
        #: By chat, at whose browser it was begun.
        self.begun_by: dict[str, str] = {}
        #: What staff and customers were shown, by chat and number as they count.
        self.staff: dict[tuple[str, int], Shown] = {}
        self.public: dict[tuple[str, int], Shown] = {}
        #: Which staff events each agent was sent.
        self.read_by: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self.erased: set[bytes] = set()
        #: Chats whose opening was refused: what is written for them afterwards meets nothing.
        self.unopened: set[str] = set()
        #: What was asked again by a page whose shop's word was over: what became of it is not theirs to know.
        self.outlived: set[str] = set()
        self.frames = 0
        self._next: dict[tuple[str, str], int] = {}

    def fail(self, sentence: str) -> None:
        """A promise was broken."""
        self._trace("witness", sentence)
        self.violations.append(sentence)

    # --- what people do ------------------------------------------------------------------------------

    def put(self, place: str, person: str, staff: bool, command: frames.Command) -> None:
        """A command is in a durable outbox."""
        known = self.asked.get(command.id)
        chat = getattr(command, "chat", "")
        if known is None:
            self.order[place, chat].append(command.id)
        if known is not None and known.command != command:
            self.conflicts.add(command.id)
        self.asked.setdefault(command.id, Asked(place, person, staff, command, known is not None))
        if isinstance(command, OPENING):
            self.begun_by.setdefault(command.chat, person)

    def opened(self) -> list[str]:
        """Chats that stand in the log, by what was answered."""
        return [
            asked.command.chat
            for id, asked in self.asked.items()
            if isinstance(asked.command, OPENING)
            and {"event", "ok"} & set(self.answers[id])
            # What was written for a chat that was refused went into the one they had open.
            and asked.command.chat not in self.unopened
        ]

    def settled(self, chats: Iterable[str]) -> set[bytes]:
        """Markers of all texts in these chats that were answered for until now."""
        wanted = set(chats)
        found = set()
        for id, asked in self.asked.items():
            if {"event", "ok"} & set(self.answers[id]) and getattr(asked.command, "chat", "") in wanted:
                found |= markers_of(asked.command)
        return found

    # --- what the server writes ------------------------------------------------------------------------

    def server_wrote(self, device: str, data: bytes) -> None:
        """Bytes leave the server for a client."""
        if self.erased:
            for match in MARKER.finditer(data):
                if match[0] in self.erased:
                    self.fail(f"an erased text was sent to {device}: {match[0].decode()}")

    # --- what clients receive --------------------------------------------------------------------------

    def connected(self, device: str) -> None:
        """A device's new connection: nothing is subscribed."""
        self._next = {key: at for key, at in self._next.items() if key[0] != device}

    def reads(self, device: str, chat: str) -> bool:
        """Whether the device's connection is subscribed to the chat."""
        return (device, chat) in self._next

    def received(self, device: str, person: str, staff: bool, raw: bytes) -> None:
        """A frame reached a client."""
        self.frames += 1
        try:
            frame = decode_server(raw)
        except BadFrame as bad:
            self.fail(f"{device} got a bad frame: {bad}")
            return
        if frame is None:
            self.fail(f"{device} got a frame of an unknown kind")
            return
        if not staff:
            self._private(device, person, raw, frame)
        match frame:
            case frames.Chat():
                self._next[device, frame.chat] = frame.first
            case frames.Event():
                self._in_order(device, frame)
                self._event(device, person, staff, frame)
                if frame.id:
                    self._own_event(device, person, staff, frame)
            case frames.Page():
                for event in frame.events:
                    self._event(device, person, staff, event)
            case frames.Gone():
                self._next.pop((device, frame.chat), None)
            case frames.Ok():
                self._answer(frame.id, person, "ok")
            case frames.Err():
                self._refusal(device, person, staff, frame)
            case _:
                pass

    def _in_order(self, device: str, event: frames.Event) -> None:
        expected = self._next.get((device, event.chat))
        if event.seq != expected:
            self.fail(f"{device} was sent number {event.seq} of {event.chat}, expected {expected}")
        self._next[device, event.chat] = event.seq + 1

    def _event(self, device: str, person: str, staff: bool, event: frames.Event) -> None:
        shown = Shown(event.kind, event.at, event.by.name, event.text, event.erased)
        book = self.staff if staff else self.public
        known = book.setdefault((event.chat, event.seq), shown)
        same = known[:3] == shown[:3] and (known.text == shown.text or known.erased or shown.erased)
        if not same:
            self.fail(f"{event.chat} {event.seq} was {known}, and {shown} to {device}")
        if shown.erased:
            book[event.chat, event.seq] = shown
        if staff:
            self.read_by[person, event.chat].add(event.seq)

    def _own_event(self, device: str, person: str, staff: bool, event: frames.Event) -> None:
        """An event with a client id answers its author; colleagues who get the chat read it too, and so does
        who is signed in elsewhere."""
        asked = self.asked.get(event.id)
        others = event.by.role == "agent" if staff else self.whose.is_signed_in(device)
        if asked is None or asked.person == person or not others:
            self._answer(event.id, person, "event")

    def _answer(self, id: str, person: str, answer: str) -> None:
        asked = self.asked.get(id)
        if asked is None:
            self.fail(f"{person} was answered for {id}, which nobody asked")
        elif asked.person != person:
            self.fail(f"{person} was answered for {id}, which {asked.person} asked")
        self.answers[id].append(answer)

    def _refusal(self, device: str, person: str, staff: bool, err: frames.Err) -> None:
        if not err.id and err.code == "no_chat" and device.partition(".")[0] in STEERING:
            return  # they look into a chat whose opening was lost with the server's memory
        if not err.id:
            self.fail(f"{device} was refused without a command: {err.code} {err.text}")
        elif not err.retry:
            self._answer(err.id, person, err.code)
            command = self.asked[err.id].command if err.id in self.asked else None
            if isinstance(command, OPENING):
                self.unopened.add(command.chat)
            own = not staff and self._has(device, person, err.chat)
            foreign = not staff and err.chat in self.whose.owner_of and not own
            if foreign and err.code in ("no_chat", "id_conflict"):
                self.outlived.add(err.id)
                return
            if err.code == "id_conflict" and err.id in self.conflicts:
                return
            if err.code not in EXPECTED or (err.code == "no_chat" and own):
                self.fail(f"{device} was refused {err.id} in {err.chat}: {err.code}")

    def _has(self, device: str, person: str, chat: str) -> bool:
        """Whether a customer has the chat, as far as everybody knows."""
        if chat in self.unopened:
            return False
        if chat not in self.whose.owner_of:
            return self.begun_by.get(chat) == person
        return self.whose.is_theirs(device, chat)

    def _may_read(self, device: str, person: str, chat: str) -> bool:
        """Whether what was written for this chat may stand on a customer's page."""
        if chat in self.whose.owner_of:
            return self.whose.may_hear(device, chat)
        # It was never opened: what was written for it went into the one they had open.
        return self.begun_by.get(chat) == person or self.whose.is_signed_in(device)

    def _private(self, device: str, person: str, raw: bytes, frame: frames.ServerFrame) -> None:
        whose = self.whose
        if isinstance(frame, frames.Welcome):
            whose.welcomed(device, frame.identity)
        for match in MARKER.finditer(raw):
            if match[1] in b"NP" or not self._may_read(device, person, match[3].decode()):
                self.fail(f"customer {device} got a foreign text: {match[0].decode()}")
        match frame:
            case frames.Chat():
                whose.seen(device, frame)
                if frame.head.waiting_since:
                    self.fail(f"customer {device} was told how long they wait")
            case frames.Event():
                self._public(device, frame)
            case frames.Page():
                for event in frame.events:
                    self._public(device, event)
            case frames.MarksOf() | frames.TypingOf():
                whose.hears(device, frame.chat)
            case frames.Welcome():
                for chat in frame.chats:
                    whose.hears(device, chat)
            case frames.View(name=name) if name not in {"door", "wait"}:
                self.fail(f"customer {device} got the view {name}")
            case frames.Gone():
                whose.gone(device, frame.chat)
            case _:
                pass

    def _public(self, device: str, event: frames.Event) -> None:
        self.whose.hears(device, event.chat, event.seq)
        if event.kind not in kinds.PUBLIC or event.pub or event.by.id:
            self.fail(f"customer {device} learned of something hidden: {event}")


def markers_of(command: frames.Command) -> set[bytes]:
    """The markers in a command's texts."""
    texts = " ".join(getattr(command, name, "") for name in ("text", "page", "contact"))
    return {match[0] for match in MARKER.finditer(texts.encode())}
