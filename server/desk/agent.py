"""One agent as the desk sees them."""

from __future__ import annotations

from msgspec import Struct


class Agent:
    """``status`` is stored; ``present`` (a console is connected) is not, and begins anew at each start.

    ``chats``: those they own that are not closed. ``offered_at``: when the last chat came to them.
    """

    __slots__ = ("chats", "id", "limit", "name", "offered_at", "present", "retired", "status")

    def __init__(self, agent: str) -> None:
        self.id = agent
        self.name = agent
        self.limit = 0
        self.status = "online"
        self.present = False
        self.retired = False
        self.offered_at = 0
        self.chats: set[str] = set()


class Member(Struct, frozen=True):
    """Somebody who belongs to the desk, as the store knows them. 0 in a limit: the desk's own."""

    id: str
    name: str
    title: str = "agent"
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    ceiling: int = 0
    cap: int = 0
    trainee: bool = False
    disabled: bool = False
