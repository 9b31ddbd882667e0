"""The frames of version 1, as tagged structs: one JSON text frame each, tag in ``t``.

Frames a client sends refuse unknown fields (a typo must not pass for silence); frames a server
sends may grow fields, which clients ignore. Times are whole milliseconds since 1970 UTC.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

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
from supportterm.protocol.drafts import Draft, DraftOf
from supportterm.protocol.earlier import Earlier
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
from supportterm.protocol.told import (
    BeatBack,
    Because,
    Bye,
    Chat,
    Err,
    Event,
    Gone,
    MarksOf,
    Ok,
    Page,
    ReportOf,
    SignedIn,
    TypingOf,
    View,
    Welcome,
)
from supportterm.protocol.visit import ChooseLanguage, GiveContact, LeaveMessage, NeedTime

# --- from a client: who am I -------------------------------------------------------------------


class Hello(ClientFrame, frozen=True, tag="hello"):
    """First frame. ``have`` maps chat ids to the last number shown; ``epoch`` is the one they belong to.

    A customer makes its token itself (256 random bits, kept by the browser): the same browser is the
    same customer in every tab, and repeating ``hello`` can never create two. ``instance`` is random
    for each window or process, so that a new connection of the same one replaces its old one;
    ``takeover`` lets an agent's console write instead of another one of theirs. ``link``: what stood in
    a mail's link (a customer's only): the connection reads and writes that one chat and no other.
    ``identity``: who the customer is, signed by the shop; what is not good counts as absent. ``browser``:
    with that, the token of who is not signed in here, whose open chat goes along; it opens nothing else.
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
    identity: Annotated[str, Meta(max_length=limits.FRAME_BYTES)] = ""
    browser: Token | Literal[""] = ""


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

#: What only staff ask, and no desk decides.
Asked = Active | Why | Watch | Report | Draft
FromClient = Hello | Login | Command | Sync | More | Mark | Typing | Beat | Asked

FromServer = (
    Welcome
    | SignedIn
    | Chat
    | Event
    | Page
    | Gone
    | Earlier
    | MarksOf
    | TypingOf
    | View
    | Ok
    | Err
    | Because
    | ReportOf
    | DraftOf
    | BeatBack
    | Bye
)

__all__ = [
    "Abuse",
    "Accept",
    "Active",
    "Asked",
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
    "Draft",
    "DraftOf",
    "Earlier",
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
