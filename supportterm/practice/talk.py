"""A chat's events as the lines that the rules of understanding read."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET

from supportterm.coach.understanding import Kind, Line, Who
from supportterm.protocol import kinds
from supportterm.protocol.frames import Event


def is_answer(event: Event) -> bool:
    """Whether a message of the customer answers a summary or chooses an option."""
    return bool(_message(event).re)


def talk_of(events: Iterable[Event]) -> list[Line]:
    """What was said and restated, in order; other events say nothing."""
    lines = []
    for event in events:
        if event.kind != "message" or event.by.role not in ("agent", "customer"):
            continue
        who: Who = "agent" if event.by.role == "agent" else "customer"
        if _message(event).answer == "no":
            # What they say instead is theirs to be understood by, too.
            lines += [Line(who, "", event.at, "summary_corrected"), Line(who, event.text, event.at)]
            continue
        lines.append(Line(who, event.text, event.at, _kind(_message(event))))
    return lines


def _kind(message: kinds.Message) -> Kind:
    if message.summary:
        return "summary_sent"
    if message.options:
        return "options_sent"
    if message.choice:
        return "option_chosen"
    return "summary_confirmed" if message.answer == "yes" else "message"


def _message(event: Event) -> kinds.Message:
    if event.data is UNSET:
        return kinds.Message()
    return msgspec.json.decode(event.data, type=kinds.Message)
