"""How a message stands in being understood: a summary and its answer, solutions and the choice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from supportterm.console.aids.gifts import TOPIC
from supportterm.console.aids.talk import Reply, message_of
from supportterm.console.words import Words
from supportterm.link.chatlog import data_of
from supportterm.protocol import kinds
from supportterm.protocol.frames import Event
from supportterm.protocol.options import read_back
from supportterm.text import SafeText, safe_line, safe_text, trusted


class Said(NamedTuple):
    """A small line below a message."""

    text: SafeText
    style: str


def is_apart(event: Event) -> bool:
    """Whether a message has a header of its own, whatever stands before it."""
    about = message_of(event)
    return about.summary or bool(about.options)


def standing(event: Event, answered: Mapping[int, Reply], called: Mapping[str, SafeText]) -> str:
    """All that rows depend on beside the event, as one text: "yes", "no", "choice 2", or a name."""
    if event.kind == "told":
        told = data_of(event, kinds.Told)
        return (
            called.get(f"{told.reason}/{told.mandate}" if told.mandate else told.reason, "") if told else ""
        )
    if event.kind == "opened":
        opened = data_of(event, kinds.Opened)
        return called.get(TOPIC + opened.topic, "") if opened and opened.topic else ""
    about = message_of(event)
    reply = answered.get(event.pub if is_apart(event) else about.re)
    if reply is None or reply.undone:
        return ""
    if not is_apart(event) and reply.event.seq != event.seq:
        return ""
    return f"choice {reply.choice}" if reply.choice else reply.answer


def title(event: Event, words: Words) -> SafeText:
    """What a message is beside a message, for its header."""
    about = message_of(event)
    if about.summary:
        return words.say("chat.summary")
    return words.say("chat.options") if about.options else trusted("")


def answer(event: Event, standing: str, words: Words) -> Said | None:
    """What the customer said to a summary; below their words: that they were read as an answer."""
    about = message_of(event)
    match standing:
        case "yes" if about.summary:
            return Said(words.say("chat.understood_yes"), "tick-read")
        case "no" if about.summary:
            return Said(words.say("chat.understood_no"), "new")
        case "yes" if about.words:
            return Said(words.say("chat.read_yes"), "system")
        case "no" if about.words:
            return Said(words.say("chat.read_no"), "system")
        case "no":
            return Said(words.say("chat.corrects"), "system")
        case _ if standing.startswith("choice") and not about.options:
            return Said(words.say("chat.chose"), "tick-read")
        case _:
            return None


def choices(event: Event) -> tuple[SafeText, list[tuple[SafeText, SafeText]]] | None:
    """What is said above the solutions, and each with its why; None: the message offers none."""
    about = message_of(event)
    if not about.options or event.erased:
        return None
    above, offered = read_back(event.text, about.options)
    return safe_text(above), [(safe_line(label), safe_line(why)) for label, why in offered]
