"""What a customer chose before the chat: the topic, by what the shop calls it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.console.aids.gifts import TOPIC, called
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.protocol import kinds
from supportterm.text import SafeText, safe_line, trusted

if TYPE_CHECKING:
    from supportterm.console.session import Session


def topic_of(session: Session, log: ChatLog) -> SafeText:
    """Its name in the agent's language, its id where the shop has no such topic any more; "": none was
    chosen, or the beginning of the chat is not here."""
    opened = next((event for event in log.events if event.kind == "opened"), None)
    told = data_of(opened, kinds.Opened) if opened is not None else None
    if told is None or not told.topic:
        return trusted("")
    names = called(session.shops.of(log), session.words.language)
    return names.get(TOPIC + told.topic) or safe_line(told.topic)
