"""A language model's draft of a summary: asked for by a console, answered in places, never in words."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from supportterm.protocol.base import ClientFrame, Id, ServerFrame

#: Why there is no draft. "off": the shop has no model; "busy": too many were asked for, by this agent or by
#: all; "slow": the model took too long; "down": it cannot be reached, or refused; "bad": its answer is
#: none, such as words that nobody wrote.
NoDraft = Literal["off", "busy", "slow", "down", "bad"]


class Draft(ClientFrame, frozen=True, tag="draft"):
    """What does a language model find in this chat? Asked by who may read it; answered by ``draft_of``."""

    chat: Id


class Place(Struct, frozen=True, gc=False):
    """Words of the customer: of event ``seq`` the code points from ``start`` to before ``end``."""

    seq: int
    start: int
    end: int


class DraftOf(ServerFrame, frozen=True, tag="draft_of"):
    """Answer to ``draft``: for each part of a summary the customer's words, as places in the chat's events.

    ``upto``: the newest event that was read. ``why``: there is no draft; "" where there is one.
    """

    chat: str
    upto: int = 0
    why: Literal["", NoDraft] = ""
    happened: tuple[Place, ...] = ()
    about: tuple[Place, ...] = ()
    wants: tuple[Place, ...] = ()
    tried: tuple[Place, ...] = ()
    by_when: tuple[Place, ...] = ()
