"""A chat as the rules of understanding read it: its lines, and what became of summaries and options.

What the agent did at this console and nobody stores (put a prompt away, set a step by hand) is a `Mark`,
laid between the events it happened after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from supportterm.coach.understanding import Line
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import kinds
from supportterm.protocol.frames import Event, Say
from supportterm.protocol.options import read_back


class Mark(NamedTuple):
    """Something done here after the event ``after``: a prompt was put away, or a step set (``text``)."""

    after: int
    kind: Literal["dismissed", "step"]
    text: str = ""


class Talk(Struct, frozen=True):
    """A chat's ``lines``; ``seqs`` are the events they come from, 0 for what is not stored."""

    lines: tuple[Line, ...] = ()
    seqs: tuple[int, ...] = ()


class Reply(NamedTuple):
    """What the customer said to a summary or to options. ``event``: with which message.

    ``choice`` from 1; ``words``: it was read out of plain words; ``undone``: and was none after all.
    """

    event: Event
    answer: Literal["", "yes", "no"]
    choice: int
    words: bool
    undone: bool


def message_of(event: Event) -> kinds.Message:
    """What is known of a message beside its words."""
    return (data_of(event, kinds.Message) if event.kind == "message" else None) or kinds.Message()


def replies(events: Sequence[Event]) -> dict[int, Reply]:
    """By the public number of the summary or of the options: the newest reply that was not undone."""
    found: dict[int, Reply] = {}
    undone = _undone(events)
    for event in events:
        about = message_of(event)
        if event.by.role == "customer" and about.re:
            was_none = event.pub in undone and about.words
            if was_none and about.re in found:
                continue
            found[about.re] = Reply(event, about.answer, about.choice, about.words, was_none)
    return found


def _undone(events: Sequence[Event]) -> frozenset[int]:
    data = (data_of(event, kinds.Reread) for event in events if event.kind == "reread")
    return frozenset(one.re for one in data if one is not None)


def talk_of(log: ChatLog, marks: Sequence[Mark] = ()) -> Talk:
    """The whole chat as it is here, with what is on its way to the desk at its end."""
    reader = _Reader(log.events, marks)
    for event in log.events:
        reader.take(event)
    reader.end()
    for entry in log.outbox:
        if isinstance(entry.command, Say):
            reader.sending(entry.command)
    return Talk(tuple(reader.lines), tuple(reader.seqs))


class _Reader:
    def __init__(self, events: Sequence[Event], marks: Sequence[Mark]) -> None:
        self.lines: Final[list[Line]] = []
        self.seqs: Final[list[int]] = []
        self._marks: Final = sorted(marks, key=lambda mark: mark.after)
        self._undone: Final = _undone(events)
        self._summaries: Final[dict[int, str]] = {}
        self._options: Final[dict[int, list[tuple[str, str]]]] = {}

    def take(self, event: Event) -> None:
        self._marks_before(event.seq)
        match event.kind:
            case "message" if event.by.role == "customer":
                self._customer(event, message_of(event))
            case "message":
                self._agent(event, message_of(event))
            case "joined":
                self._add(Line("agent", "", event.at, "joined"), event.seq)
            case "closed":
                self._add(Line(_who(event), "", event.at, "closed"), event.seq)
            case _:
                pass

    def end(self) -> None:
        for mark in self._marks:
            self._add(Line("agent", mark.text, 0, mark.kind), 0)
        self._marks.clear()

    def sending(self, say: Say) -> None:
        kind: Literal["summary_sent", "options_sent", "message"] = "message"
        if say.summary:
            kind = "summary_sent"
        elif say.options:
            kind = "options_sent"
        self._add(Line("agent", say.text, self.lines[-1].at if self.lines else 0, kind), 0)

    def _marks_before(self, seq: int) -> None:
        while self._marks and self._marks[0].after < seq:
            mark = self._marks.pop(0)
            self._add(Line("agent", mark.text, self.lines[-1].at if self.lines else 0, mark.kind), 0)

    def _customer(self, event: Event, about: kinds.Message) -> None:
        text = "" if event.erased else event.text
        undone = about.words and event.pub in self._undone
        if about.choice:
            labels = self._options.get(about.re, [])
            label = labels[about.choice - 1][0] if about.choice <= len(labels) else text
            self._add(Line("customer", label, event.at, "option_chosen"), event.seq)
        elif about.answer == "yes" and not undone:
            self._add(Line("customer", text, event.at, "summary_confirmed"), event.seq)
        elif about.answer == "no" and not undone:
            # What they say instead is theirs to be understood by, too.
            self._add(Line("customer", "", event.at, "summary_corrected"), event.seq)
            self._add(Line("customer", text, event.at), event.seq)
        else:
            self._add(Line("customer", text, event.at), event.seq)
            if undone and about.re in self._summaries:
                # The words stay, the answer does not: the summary stands open again.
                self._add(Line("agent", self._summaries[about.re], event.at, "summary_sent"), 0)

    def _agent(self, event: Event, about: kinds.Message) -> None:
        text = "" if event.erased else event.text
        if about.summary:
            self._summaries[event.pub] = text
            self._add(Line("agent", text, event.at, "summary_sent"), event.seq)
        elif about.options:
            self._options[event.pub] = read_back(text, about.options)[1]
            self._add(Line("agent", text, event.at, "options_sent"), event.seq)
        else:
            self._add(Line("agent", text, event.at), event.seq)

    def _add(self, line: Line, seq: int) -> None:
        self.lines.append(line)
        self.seqs.append(seq)


def _who(event: Event) -> Literal["customer", "agent"]:
    return "customer" if event.by.role == "customer" else "agent"
