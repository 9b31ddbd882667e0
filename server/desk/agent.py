"""One agent as the desk sees them."""

from __future__ import annotations

from msgspec import Struct

from server.desk.by_pace import lowered
from server.desk.rules import Rules
from supportterm.coach.hours import Week


class Member(Struct, frozen=True):
    """A person of the desk as the database has them; like settings, no event changes it.

    ``title``: "agent", "supervisor" or "admin". ``languages`` empty: all. ``ceiling`` (points × 100)
    and ``cap`` 0: the desk's own. ``shift``: when they work, by the desk's clock; empty: not known.
    """

    id: str
    name: str
    title: str = "agent"
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    ceiling: int = 0
    cap: int = 0
    trainee: bool = False
    disabled: bool = False
    shift: Week = ()


class Agent:
    """Statuses and absence are stored; whether a console is connected (``present``) is not.

    ``absent``: no console for longer than the grace time; it is so until the first one came. ``chats``:
    those they own that are not closed; ``wraps``: closed ones whose time afterwards still runs;
    ``offers``: those that wait for their yes. ``offered_at``: when the last chat came to them. ``full``:
    found at the ceiling, so that the next offer waits until the load is clearly below it. ``gone_at``:
    since when they are absent; 0: they never were here. ``slower``: how many tenths of the team's time their
    replies take, 0: not longer, or not known. ``ramp_left`` chats come one at a time, the next not before
    ``ramp_at``. ``active``: when a key was pressed last. ``unseen``: chats that came and that they did not
    react to yet; ``silent``: the one they never did.
    ``ramp_at`` and ``active`` are on the running clock, other times on the wall's.
    """

    __slots__ = (
        "absent",
        "active",
        "ceiling_today",
        "ceiling_until",
        "chats",
        "full",
        "gone_at",
        "id",
        "member",
        "offered_at",
        "offers",
        "present",
        "ramp_at",
        "ramp_left",
        "reason",
        "silent",
        "slower",
        "status",
        "status_at",
        "unseen",
        "wraps",
    )

    def __init__(self, agent: str) -> None:
        self.id = agent
        self.member = Member(agent, agent)
        self.status = "online"
        self.reason = ""
        self.status_at = 0
        self.silent = ""
        self.absent = True
        self.present = False
        self.gone_at = 0
        self.offered_at = 0
        self.ceiling_today = 0
        self.ceiling_until = 0
        self.full = False
        self.slower = 0
        self.ramp_left = 0
        self.ramp_at = 0
        self.active = 0
        self.chats: set[str] = set()
        self.wraps: set[str] = set()
        self.unseen: set[str] = set()
        self.offers: set[str] = set()

    @property
    def name(self) -> str:
        """What customers and colleagues read."""
        return self.member.name

    @property
    def here(self) -> bool:
        """Whether somebody sits at a console, or did until a moment ago."""
        return self.present or not self.absent

    def ceiling(self, rules: Rules) -> int:
        """Points × 100 above which no chat is offered."""
        if given := self.ceiling_today or self.member.ceiling:
            return given
        if self.member.trainee:
            return rules.trainee_ceiling
        if self.slower and rules.by_pace:
            return lowered(rules.ceiling, self.slower, rules.weights.waiting)
        return rules.ceiling

    def lowered(self, rules: Rules) -> int:
        """The tenths of the team's pace that lowered their ceiling; 0: it is the usual one, or was given."""
        given = self.ceiling_today or self.member.ceiling or self.member.trainee
        return self.slower if not given and self.ceiling(rules) < rules.ceiling else 0

    def cap(self, rules: Rules) -> int:
        """Chats at once, whatever they weigh."""
        return self.member.cap or (rules.trainee_cap if self.member.trainee else rules.cap)
