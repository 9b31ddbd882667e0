"""Desks that the settings do not have any more, while people and chats still belong to them."""

from __future__ import annotations

from collections.abc import Iterable

from server.settings import Settings


def stranded(in_desks: Iterable[tuple[str, int, int]], settings: Settings) -> dict[str, str]:
    """A sentence for each such desk, of desks with how many agents and open chats they have."""
    return {
        desk: (
            f"[desk.{desk}] is in no settings any more, but {_of(agents, chats)}: move agents with"
            " `supportterm agent set NAME --desk ID`; chats are served again once that desk stands in the"
            " file."
        )
        for desk, agents, chats in in_desks
        if desk not in settings.desks
    }


def _of(agents: int, chats: int) -> str:
    counts = [_count(agents, "agent"), _count(chats, "open chat")]
    return f"has {' and '.join(one for one in counts if one)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s" if number else ""
