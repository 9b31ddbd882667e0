"""The frames of version 1, as tagged structs: one JSON text frame each, tag in ``t``.

Frames a client sends refuse unknown fields (a typo must not pass for silence); frames a server
sends may grow fields, which clients ignore. Times are whole milliseconds since 1970 UTC.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from supportterm.protocol import limits
from supportterm.protocol.base import (
    ClientFrame,
    Id,
    Lang,
    NewId,
    Number,
    Role,
    ServerFrame,
    Short,
    Side,
    Status,
    Text,
    Token,
)
from supportterm.protocol.callbacks import CallBack, How, Phoned
from supportterm.protocol.parts import By, Head, Limits, Marks, Me
from supportterm.protocol.team import (
    Abuse,
    Accept,
    Active,
    Assign,
    Breather,
    Control,
    Decline,
    HandOff,
    Invite,
    Recall,
    Report,
    SetAgent,
    Take,
    Unblock,
    Uninvite,
    Watch,
    Why,
)
from supportterm.protocol.views import Verdict
from supportterm.protocol.visit import ChooseLanguage, GiveContact, LeaveMessage, NeedTime

# --- from a client: who am I -------------------------------------------------------------------


class Hello(ClientFrame, frozen=True, tag="hello"):
    """First frame. ``have`` maps chat ids to the last number shown; ``epoch`` is the one they belong to.

    A customer makes its token itself (256 random bits, kept by the browser): the same browser is the
    same customer in every tab, and repeating ``hello`` can never create two. ``instance`` is random
    for each window or process, so that a new connection of the same one replaces its old one;
    ``takeover`` lets an agent's console write instead of another one of theirs. ``link``: what stood in
    a mail's link (a customer's only): the connection reads and writes that one chat and no other.
    """

    v: Number
    token: Token
    epoch: Short = ""
    have: Annotated[dict[Id, Number], Meta(max_length=200)] = {}  # noqa: RUF012
    lang: Lang = ""
    client: Short = ""
    instance: Short = ""
    takeover: bool = False
    link: Short = ""


class Login(ClientFrame, frozen=True, tag="login"):
    """First frame instead of ``hello`` on the agents' path: a password (or an invitation and the
    password to set) for a token. Answered by ``signed_in`` or ``err``; then the connection closes."""

    name: Short
    password: Annotated[str, Meta(max_length=1_024)]
    invite: Short = ""
    device: Short = ""


# --- from a client: commands with an id ---------------------------------------------------------


class Open(ClientFrame, frozen=True, tag="open"):
    """A customer opens the chat ``chat``, an id the client made; repeating it is harmless.

    ``topic``: the id of one of the shop's topics, if the customer chose one.
    """

    id: Id
    chat: NewId
    lang: Lang = ""
    topic: Short = ""
    page: Annotated[str, Meta(max_length=2_000)] = ""


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the solutions a customer may choose from, and why it would be one."""

    label: Annotated[str, Meta(min_length=1, max_length=limits.OPTION_LABEL)]
    why: Annotated[str, Meta(max_length=limits.OPTION_WHY)] = ""


class Say(ClientFrame, frozen=True, tag="say", omit_defaults=True, gc=False):
    """A message, from the customer or from the chat's owner.

    The owner's: ``promise``: back within this many milliseconds, or ``due``: by this moment (ms since
    1970); both 0: nothing is promised. While a promise runs, that extends it. ``summary``: this is how
    the owner understood the customer, who may confirm it. ``options``: two or three solutions to choose
    from. The customer's: ``re``: the number of the summary or the options that is answered, with
    ``answer`` or with ``choice`` (from 1).
    """

    id: Id
    chat: Id
    text: Text
    promise: Number = 0
    due: Number = 0
    summary: bool = False
    options: Annotated[tuple[Option, ...], Meta(max_length=limits.OPTIONS)] = ()
    re: Number = 0
    answer: Literal["", "yes", "no"] = ""
    choice: Annotated[int, Meta(ge=0, le=limits.OPTIONS)] = 0


class Note(ClientFrame, frozen=True, tag="note"):
    """A note of an agent; customers never learn of it."""

    id: Id
    chat: Id
    text: Text


class Reread(ClientFrame, frozen=True, tag="reread"):
    """The owner: the customer's plain words ``re`` were taken for an answer to the summary, and were none."""

    id: Id
    chat: Id
    re: Number


class Tell(ClientFrame, frozen=True, tag="tell"):
    """The owner says why the customer came (``reason``, one of the shop's), or what of the shop's
    ``mandate`` for that reason they gave without asking."""

    id: Id
    chat: Id
    reason: Annotated[str, Meta(max_length=32)]
    mandate: Annotated[str, Meta(max_length=32)] = ""


class CloseChat(ClientFrame, frozen=True, tag="close"):
    """Either side ends the chat."""

    id: Id
    chat: Id


class Reopen(ClientFrame, frozen=True, tag="reopen"):
    """Either side opens a closed chat again, within the desk's time for it."""

    id: Id
    chat: Id


class SetStatus(ClientFrame, frozen=True, tag="status"):
    """An agent is online, away, finishing (keeps their chats, gets no more) or offline.

    ``reason``: of being away: "break", "lunch", "training" or own words. Answered by ``ok``.
    """

    id: Id
    status: Status
    reason: Annotated[str, Meta(max_length=80)] = ""


# --- from a client: reading, and things that are never stored ------------------------------------


class Sync(ClientFrame, frozen=True, tag="sync"):
    """A gap was seen: send everything after ``have`` again (answered by ``chat`` and events)."""

    chat: Id
    have: Number


class More(ClientFrame, frozen=True, tag="more"):
    """One page of older events, those before ``before``. Answered by ``page``."""

    chat: Id
    before: Number


class Mark(ClientFrame, frozen=True, tag="mark"):
    """How far this side got and saw the chat, in public numbers (``pub``). Never answered."""

    chat: Id
    got: Number = 0
    seen: Number = 0


class Typing(ClientFrame, frozen=True, tag="typing"):
    """This side is typing now (``on``) or stopped. Never stored, may be dropped."""

    chat: Id
    on: bool = True


class Beat(ClientFrame, frozen=True, tag="beat"):
    """I am here. The server answers with a beat of its own."""


#: Commands that are decided by the desk and answered: by their event, by ``ok`` or by ``err``.
Command = (
    Open
    | Say
    | Note
    | Reread
    | Tell
    | CloseChat
    | Reopen
    | LeaveMessage
    | ChooseLanguage
    | NeedTime
    | GiveContact
    | CallBack
    | Phoned
    | SetStatus
    | Take
    | Accept
    | Decline
    | HandOff
    | Recall
    | Invite
    | Uninvite
    | Breather
    | Abuse
    | Assign
    | SetAgent
    | Control
    | Unblock
)

#: Commands about the desk and not about one chat: answered by ``ok``.
Deskwide = SetStatus | SetAgent | Control | Unblock

FromClient = Hello | Login | Command | Sync | More | Mark | Typing | Beat | Active | Why | Watch | Report


# --- from the server ----------------------------------------------------------------------------


class Welcome(ServerFrame, frozen=True, tag="welcome"):
    """Answer to ``hello``. A different ``epoch`` than the client's own means: forget what you show.

    ``time`` is the server's clock at sending. ``chats`` names the chats this person may read now;
    a ``chat`` frame follows for each. ``practice`` marks a desk with simulated customers.
    """

    epoch: str
    time: int
    me: Me
    limits: Limits
    chats: list[str]
    server: str = ""
    shop: str = ""
    practice: bool = False


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


FromServer = (
    Welcome
    | SignedIn
    | Chat
    | Event
    | Page
    | Gone
    | MarksOf
    | TypingOf
    | View
    | Ok
    | Err
    | Because
    | ReportOf
    | BeatBack
    | Bye
)

__all__ = [
    "Abuse",
    "Accept",
    "Active",
    "Assign",
    "Beat",
    "BeatBack",
    "Because",
    "Breather",
    "By",
    "Bye",
    "CallBack",
    "Chat",
    "ChooseLanguage",
    "ClientFrame",
    "CloseChat",
    "Command",
    "Control",
    "Decline",
    "Deskwide",
    "Err",
    "Event",
    "FromClient",
    "FromServer",
    "GiveContact",
    "Gone",
    "HandOff",
    "Head",
    "Hello",
    "How",
    "Id",
    "Invite",
    "Lang",
    "LeaveMessage",
    "Limits",
    "Login",
    "Mark",
    "Marks",
    "MarksOf",
    "Me",
    "More",
    "NeedTime",
    "NewId",
    "Note",
    "Number",
    "Ok",
    "Open",
    "Option",
    "Page",
    "Phoned",
    "Recall",
    "Reopen",
    "Report",
    "ReportOf",
    "Reread",
    "Role",
    "Say",
    "ServerFrame",
    "SetAgent",
    "SetStatus",
    "Short",
    "Side",
    "SignedIn",
    "Status",
    "Sync",
    "Take",
    "Tell",
    "Text",
    "Token",
    "Typing",
    "TypingOf",
    "Unblock",
    "Uninvite",
    "View",
    "Watch",
    "Welcome",
    "Why",
]
