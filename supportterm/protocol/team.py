"""What agents and supervisors ask of a desk beside writing: who has which chat, and what holds today.

A refusal that a person may overrule (a ceiling, a second handoff) is overruled by the same command
with a new id and ``sure``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from supportterm.protocol import limits
from supportterm.protocol.base import ClientFrame, Id, Lang, Number, Short, Status, Text

AgentId = Annotated[str, Meta(min_length=1, max_length=64)]
#: A week: what is to hold for longer belongs into the settings.
Minutes = Annotated[int, Meta(ge=1, le=7 * 24 * 60)]


class Take(ClientFrame, frozen=True, tag="take"):
    """An agent takes a waiting chat or a left message by hand; over the ceiling only when ``sure``."""

    id: Id
    chat: Id
    sure: bool = False


class Accept(ClientFrame, frozen=True, tag="accept"):
    """The agent to whom the chat is offered or handed becomes its owner."""

    id: Id
    chat: Id


class Decline(ClientFrame, frozen=True, tag="decline"):
    """The agent to whom the chat is offered or handed does not take it."""

    id: Id
    chat: Id


class HandOff(ClientFrame, frozen=True, tag="handoff"):
    """The owner hands the chat to ``agent``, or to whoever has ``skill``, with a summary in ``text``.

    It stays the owner's until somebody accepts. A second handoff only when ``sure``.
    """

    id: Id
    chat: Id
    text: Text
    agent: Annotated[str, Meta(max_length=64)] = ""
    skill: Annotated[str, Meta(max_length=32)] = ""
    reason: Short = ""
    sure: bool = False


class Recall(ClientFrame, frozen=True, tag="recall"):
    """The owner takes a handoff back that nobody accepted yet."""

    id: Id
    chat: Id


class Invite(ClientFrame, frozen=True, tag="invite"):
    """A colleague may read the chat and write notes in it."""

    id: Id
    chat: Id
    agent: AgentId


class Uninvite(ClientFrame, frozen=True, tag="uninvite"):
    """A colleague is done here: the owner says so, or they themselves."""

    id: Id
    chat: Id
    agent: AgentId


class Breather(ClientFrame, frozen=True, tag="breather"):
    """The time after a closed chat: end it now, or extend it once."""

    id: Id
    chat: Id
    act: Literal["end", "extend"]


class Abuse(ClientFrame, frozen=True, tag="abuse"):
    """Against abuse: a calm warning, the end of the chat, or its end and no other one for ``minutes``."""

    id: Id
    chat: Id
    act: Literal["warn", "end", "block"]
    minutes: Minutes = 24 * 60


class Assign(ClientFrame, frozen=True, tag="assign"):
    """A supervisor gives the chat to an agent, whatever their load; to themselves: takes it over."""

    id: Id
    chat: Id
    agent: AgentId


class SetAgent(ClientFrame, frozen=True, tag="set_agent"):
    """A supervisor sets an agent's status, or their ceiling (points × 100) until the end of the day.

    Answered by ``ok``. ``ceiling`` 0: the usual one again; absent: unchanged.
    """

    id: Id
    agent: AgentId
    status: Status | None = None
    ceiling: Annotated[int, Meta(ge=0, le=5_000)] | None = None


class Control(ClientFrame, frozen=True, tag="control"):
    """A supervisor changes for a while what holds for a shop, or ("" ) for all shops of the desk.

    ``what``: "open" or "closed" whatever the hours say; "banner" (``text``, shown to customers and
    agents alike); "queue" (at most ``value`` may wait); "languages" (``text``: codes, with spaces);
    "invitations" (none are sent). It ends by itself at ``until`` (ms since 1970), or now if that is 0.
    Answered by ``ok``.
    """

    id: Id
    what: Literal["open", "closed", "banner", "queue", "languages", "invitations"]
    until: Number
    shop: Annotated[str, Meta(max_length=32)] = ""
    value: Annotated[int, Meta(ge=0, le=100_000)] = 0
    text: Annotated[str, Meta(max_length=limits.BANNER_CHARS)] = ""


class Unblock(ClientFrame, frozen=True, tag="unblock"):
    """A supervisor ends a block; ``block`` is its name in the view ``blocks``. Answered by ``ok``."""

    id: Id
    block: Short


# --- asked, not commanded -----------------------------------------------------------------------


class Why(ClientFrame, frozen=True, tag="why"):
    """Why has this agent the chat, and why has each of the others not? Answered by ``because``."""

    chat: Id


class Watch(ClientFrame, frozen=True, tag="watch"):
    """A supervisor reads along in any chat, or stops. Answered by ``chat`` and events."""

    chat: Id
    on: bool = True


class Report(ClientFrame, frozen=True, tag="report"):
    """A supervisor asks for figures of ``since`` to ``until`` (ms since 1970). Answered by ``report_of``.

    ``lang``: in which the shops' own words, such as their reasons, are wanted.
    """

    name: Literal["service", "promises", "reasons"]
    since: Number
    until: Number
    by: Literal["", "day", "hour", "shop", "language", "agent"] = ""
    lang: Lang = ""


class Active(ClientFrame, frozen=True, tag="active"):
    """A key was pressed at the console: its agent is there. At most one in ten seconds is sent."""
