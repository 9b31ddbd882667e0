"""What the server sends: answers, events and views.

These frames may grow fields, which clients ignore. What a chat is about stands in `parts` and `views`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Raw, UnsetType

from supportterm.protocol.base import ServerFrame, Side
from supportterm.protocol.parts import By, Head, Limits, Me
from supportterm.protocol.views import Verdict


class Welcome(ServerFrame, frozen=True, tag="welcome"):
    """Answer to ``hello``. A different ``epoch`` than the client's own means: forget what you show.

    ``time`` is the server's clock at sending. ``chats`` names the chats this person may read now;
    a ``chat`` frame follows for each. ``practice`` marks a desk with simulated customers. ``identity``:
    whether who the shop says this customer is was believed; the server's log says why not.
    """

    epoch: str
    time: int
    me: Me
    limits: Limits
    chats: list[str]
    server: str = ""
    shop: str = ""
    practice: bool = False
    identity: Literal["", "good", "bad"] = ""


class SignedIn(ServerFrame, frozen=True, tag="signed_in"):
    """Answer to ``login``: keep ``token``, then say ``hello`` with it on a new connection."""

    token: str
    me: Me


class Chat(ServerFrame, frozen=True, tag="chat"):
    """A subscription begins: events from ``first`` on follow; ``last`` is the newest number now.

    ``first`` greater than the client's next number, or ``reset``: drop what is shown of this chat
    and start at ``first``. Events before it come by ``more``.
    """

    chat: str
    first: int
    last: int
    head: Head
    reset: bool = False


class Event(ServerFrame, frozen=True, tag="event", gc=False):
    """One entry of a chat. ``seq`` is gapless for its reader: for customers the public number.

    Staff also get ``pub``, the public number (0: hidden from the customer). ``id`` is the author's
    client id. ``data`` depends on ``kind`` (``protocol/kinds.py``); ``text`` is what a person wrote.
    ``erased``: the text was removed for privacy.
    """

    chat: str
    seq: int
    at: int
    kind: str
    by: By
    pub: int = 0
    v: int = 1
    id: str = ""
    text: str = ""
    data: Raw | UnsetType = UNSET
    erased: bool = False


class Page(ServerFrame, frozen=True, tag="page"):
    """Answer to ``more``: events before the asked number, oldest first. ``more``: there are older ones."""

    chat: str
    events: list[Event]
    more: bool


class Gone(ServerFrame, frozen=True, tag="gone"):
    """This chat is no longer yours to read: stop showing it as live. Drafts stay with the client."""

    chat: str


class MarksOf(ServerFrame, frozen=True, tag="marks"):
    """How far ``who`` got and saw the chat, in public numbers. State, not an event: the newest counts."""

    chat: str
    who: Side
    got: int = 0
    seen: int = 0


class TypingOf(ServerFrame, frozen=True, tag="typing_of"):
    """``who`` is typing; fades after ``limits.typing_ms``."""

    chat: str
    who: Side
    on: bool = True
    name: str = ""


class View(ServerFrame, frozen=True, tag="view"):
    """A whole small value; the newest replaces. Sent after ``welcome``. Shapes: ``protocol/views.py``."""

    name: str
    version: int
    value: Raw


class Ok(ServerFrame, frozen=True, tag="ok"):
    """Where no event answers: a repeated command (``seq`` as its author counts), or one without event."""

    id: str
    seq: int = 0


class Err(ServerFrame, frozen=True, tag="err"):
    """A refusal. Without ``id`` it concerns the connection. ``chat`` names the chat meant by the code.

    ``who``: whom the code speaks of, by name; ``until``: until when it holds (ms since 1970).
    """

    code: str
    retry: bool = False
    after_ms: int = 0
    text: str = ""
    id: str = ""
    chat: str = ""
    who: str = ""
    until: int = 0


class Because(ServerFrame, frozen=True, tag="because"):
    """Answer to ``why``: what the desk weighs for this chat now, the chat's owner first."""

    chat: str
    verdicts: list[Verdict]


class ReportOf(ServerFrame, frozen=True, tag="report_of"):
    """Answer to ``report``: ``value`` is what ``supportterm report <name> --format json`` prints."""

    name: str
    since: int
    until: int
    by: str
    value: Raw


class BeatBack(ServerFrame, frozen=True, tag="beat_back"):
    """The server is here; ``time`` lets clients keep their offset to the server's clock."""

    time: int


class Bye(ServerFrame, frozen=True, tag="bye"):
    """The server will close: come back after ``after_ms`` (already with jitter, different for each)."""

    after_ms: int
    text: str = ""
