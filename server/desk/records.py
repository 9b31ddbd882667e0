"""The data of the events in a desk's own stream, and the form of its snapshot."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Status(Struct, frozen=True, omit_defaults=True):
    """``status``: an agent is online, away, finishing or offline; ``reason``: in a word.

    ``silent``: the chat they did not react to, which is why the desk put them away.
    """

    agent: str
    status: str
    reason: str = ""
    silent: str = ""


class Absent(Struct, frozen=True):
    """``absent``: no console of the agent for longer than the grace time."""

    agent: str


class Present(Struct, frozen=True):
    """``present``: the agent's first console after an absence."""

    agent: str


class Ceiling(Struct, frozen=True):
    """``ceiling``: an agent's ceiling (points × 100) until a moment; 0: the usual one again."""

    agent: str
    ceiling: int
    until: int


class Paces(Struct, frozen=True):
    """``paces``: whose replies take longer than the team's, in tenths of its pace; all others' do not."""

    slower: dict[str, int]


class Control(Struct, frozen=True, omit_defaults=True):
    """``control``: something holds for a shop ("": all) until a moment; ``by`` is a supervisor's name."""

    what: str
    shop: str
    until: int
    by: str = ""
    value: int = 0
    text: str = ""


class ControlEnded(Struct, frozen=True):
    """``control_ended``: it holds no longer."""

    what: str
    shop: str


class Blocked(Struct, frozen=True, omit_defaults=True):
    """``blocked``: the chat's customer, and who comes from their address, may open none until ``until``."""

    chat: str
    customer: str
    until: int
    by: str = ""
    address: str = ""


class Unblocked(Struct, frozen=True):
    """``unblocked``: the block named by its chat is over."""

    chat: str


SHAPES: Final[dict[str, type[Struct]]] = {
    "status": Status,
    "absent": Absent,
    "present": Present,
    "ceiling": Ceiling,
    "paces": Paces,
    "control": Control,
    "control_ended": ControlEnded,
    "blocked": Blocked,
    "unblocked": Unblocked,
}


class FrozenAgent(Struct, frozen=True, omit_defaults=True):
    """What the desk's stream says of an agent."""

    status: str = "online"
    reason: str = ""
    status_at: int = 0
    silent: str = ""
    absent: bool = True
    ceiling: int = 0
    ceiling_until: int = 0
    gone_at: int = 0
    slower: int = 0


class Frozen(Struct, frozen=True, omit_defaults=True):
    """A desk's own state as a snapshot keeps it. ``statuses`` is how 0.1 wrote ``agents``."""

    at: int = 0
    agents: dict[str, FrozenAgent] = {}
    controls: list[Control] = []
    blocks: list[Blocked] = []
    statuses: dict[str, str] = {}
