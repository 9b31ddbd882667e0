"""Whether the desk wants a summary before it lets a chat go on, so that nobody fills in a form in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from supportterm.link.chatlog import ChatLog
from supportterm.protocol.frames import Say

if TYPE_CHECKING:
    from supportterm.console.session import Session


def summary_first(session: Session, log: ChatLog, before: Literal["handoff", "close"]) -> bool:
    """Whether the shop requires one ``before`` this, and it is due.

    A supervisor may have reasons of their own, and a customer who is gone confirms nothing.
    """
    reading = session.readings.of(log)
    if not reading.requires(before) or session.team.supervises:
        return False
    if any(isinstance(entry.command, Say) and entry.command.summary for entry in log.outbox):
        # It is on its way, before all that comes after it.
        return False
    if log.chat in session.summary_first:
        return True
    return not _is_gone(log) and reading.due(before) is not None


def _is_gone(log: ChatLog) -> bool:
    for event in reversed(log.events):
        match event.kind:
            case "page_gone":
                return True
            case "page_back":
                return False
            case "message" if event.by.role == "customer":
                return False
    return False
