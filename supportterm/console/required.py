"""Whether the desk wants a summary before it lets a chat go on: its rule, counted here, so that nobody fills
in a form that is refused then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from supportterm.console.aids.talk import message_of
from supportterm.link.chatlog import ChatLog
from supportterm.protocol.frames import Say

if TYPE_CHECKING:
    from supportterm.console.session import Session


def summary_first(session: Session, log: ChatLog, before: Literal["handoff", "close"]) -> bool:
    """Whether the shop requires one ``before`` this, and the customer has said so much that it is due."""
    shop = session.shops.of(log)
    if shop.summary_required not in (before, "both") or session.team.supervises:
        return False
    if any(isinstance(entry.command, Say) and entry.command.summary for entry in log.outbox):
        # It is on its way, before all that comes after it.
        return False
    if log.chat in session.summary_first:
        return True
    said = chars = 0
    gone = False
    for event in log.events:
        if event.kind in ("page_gone", "page_back"):
            gone = event.kind == "page_gone"
        elif event.kind == "erased" or message_of(event).summary:
            said = chars = 0
        elif event.kind == "message" and event.by.role == "customer":
            said, chars, gone = said + 1, chars + len(event.text), False
    if gone:
        # Nobody is there to confirm anything.
        return False
    reading = session.readings.of(log)
    reply = reading.replies.get(reading.summary)
    corrected = reply is not None and reply.answer == "no" and not reply.undone
    return corrected or (said >= shop.summary_messages and chars >= shop.summary_chars)
