"""One agent as the desk sees them."""

from __future__ import annotations


class Agent:
    """``status`` is stored; ``present`` (a console is connected) is not, and begins anew at each start.

    ``chats``: those they own that are not closed. ``offered_at``: when the last chat came to them.
    ``gone_run``: when their absence counts, on the running clock; 0: present, or counted already.
    """

    __slots__ = ("chats", "gone_run", "id", "limit", "name", "offered_at", "present", "retired", "status")

    def __init__(self, agent: str) -> None:
        self.id = agent
        self.name = agent
        self.limit = 0
        self.status = "online"
        self.present = False
        self.retired = False
        self.gone_run = 0
        self.offered_at = 0
        self.chats: set[str] = set()
