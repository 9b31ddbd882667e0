"""What of a chat goes into a mail: the answers that the desk decided to mail, and what the customer wrote.

Read from the chat's events each time a mail is sent, so that what was erased meanwhile is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from server.desk.events import CUSTOMER, Event, agent_of, decode_data, since_theirs
from supportterm.coach import promising
from supportterm.coach.greeted import is_greeting
from supportterm.protocol import contact, kinds


class Answer(Struct, frozen=True):
    """One mail's content, as it was written. ``said``: the agents' messages, oldest first, each with its
    author's name; ``asked``: the customer's since the mail before; ``decided``: the event that decided to
    mail them, ``at`` (ms since 1970); ``language`` and ``page``: where the chat began. Nothing is in it that
    was asked before its customer signed in."""

    chat: str
    upto: int
    decided: int
    at: int
    address: str
    name: str
    language: str
    page: str
    said: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]


def answer_of(events: Sequence[Event], upto: int) -> Answer | None:
    """What the mail with the public number ``upto`` holds; None: nothing that could be mailed is left.

    ``events``: all of the chat.
    """
    mailings = [(event, decode_data(event, kinds.Mailing)) for event in events if event.kind == "mailing"]
    decided = next(((event, data) for event, data in reversed(mailings) if data.upto == upto), None)
    known = _known(events)
    if decided is None or not known.mail:
        return None
    written = [event for event in events if event.kind == "message" and event.text and event.pub <= upto]
    said = [event for event in written if agent_of(event.actor) and event.pub > decided[1].after]
    # "One more moment" is no answer, unless nothing else was said.
    said = [event for event in said if not _only_holds(event)] or said
    if not said:
        return None
    theirs = [event for event in since_theirs(events) if event.text]
    before = max((data.upto for _, data in mailings if data.upto < upto), default=0)
    return Answer(
        chat=events[0].chat,
        upto=upto,
        decided=decided[0].seq,
        at=decided[0].at,
        address=known.mail,
        name=known.name,
        language=decode_data(events[0], kinds.Opened).lang if events[0].kind == "opened" else "",
        page=next((event.text for event in reversed(theirs) if event.kind == "context"), ""),
        said=tuple((event.name, _text(event)) for event in said),
        asked=tuple(
            event.text
            for event in theirs
            if event.kind == "message" and event.actor == CUSTOMER and before < event.pub < said[-1].pub
        ),
    )


def is_over(events: Sequence[Event], upto: int) -> bool:
    """Whether the mail with the public number ``upto`` has an outcome since it was decided, or its reader has
    seen all of it in the widget."""
    for event in reversed(events):
        match event.kind:
            case "mailing" if decode_data(event, kinds.Mailing).upto == upto:
                return False
            case "mailed" if decode_data(event, kinds.Mailed).upto == upto:
                return True
            case "seen" if decode_data(event, kinds.Seen).upto >= upto:
                return True
    return False


def _known(events: Iterable[Event]) -> contact.Known:
    known = contact.Known()
    for event in events:
        moved = event.kind == "identified" and bool(decode_data(event, kinds.Identified).was)
        known = known.after(event.kind, event.text, moved=moved)
    return known


def _only_holds(event: Event) -> bool:
    """Whether a message says nothing; one that kept no promise may have said much before its new time."""
    if not decode_data(event, kinds.Message).holding:
        return False
    return promising.holding(event.text) or is_greeting(event.text, "", event.name)


def _text(event: Event) -> str:
    """What was written; of solutions to choose from each is a line "1. label: why"."""
    options = decode_data(event, kinds.Message).options
    if not options:
        return event.text
    lines = event.text.split("\n")
    first = max(len(lines) - options, 0)
    chosen = [f"{n}. {line.replace(chr(9), ': ', 1)}" for n, line in enumerate(lines[first:], 1)]
    return "\n".join([*lines[:first], *chosen])
