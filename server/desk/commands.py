"""What may be asked of a desk, besides the commands people send over the wire."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from server.desk.by_pace import Paces
from supportterm.protocol.contact import Identity
from supportterm.protocol.frames import Command as WireCommand
from supportterm.protocol.frames import HandOff, LeaveMessage, Note, Say


class Person(Struct, frozen=True):
    """Who asks: a customer of ``shop``, or an agent with their ``title``.

    Of a customer: ``token_hash`` is to be stored with their first chat, and no rule looks at it;
    ``address`` is a hash of where they come from; ``last_agent`` had their last chat until ``last_at``.
    ``only``: they came by a link from a mail, and this chat is all of theirs they may read and write.
    ``identity``: who they are, as their shop has signed it at ``signed_at`` (ms since 1970; 0: it does not
    say when); ``id`` follows from that then, and ``browsers`` are who they would be without.
    """

    role: Literal["customer", "agent", "desk"]
    id: str
    name: str = ""
    shop: str = ""
    title: str = ""
    token_hash: bytes = b""
    address: str = ""
    last_agent: str = ""
    last_at: int = 0
    only: str = ""
    identity: Identity = Identity()
    signed_at: int = 0
    browsers: tuple[str, ...] = ()

    @property
    def supervises(self) -> bool:
        """Whether they may see and steer the whole desk."""
        return self.title in SUPERVISING


#: Titles that see and steer the whole desk.
SUPERVISING: Final = frozenset({"supervisor", "admin"})

#: The desk itself, when time brings something about.
CLOCK = Person(role="desk", id="")


class Masked(Struct, frozen=True):
    """A text from which ``count`` card or account numbers were removed."""

    command: Say | Note | HandOff | LeaveMessage
    count: int

    @property
    def chat(self) -> str:
        """The chat it is written in."""
        return self.command.chat


class Arrive(Struct, frozen=True):
    """The asking agent's console is connected."""


class Leave(Struct, frozen=True):
    """The asking agent's last console is gone."""


class Noticed(Struct, frozen=True):
    """The asking agent pressed a key."""


class Typed(Struct, frozen=True):
    """The asking agent is typing in a chat whose promise was not kept."""

    chat: str


class PageShown(Struct, frozen=True):
    """The asking customer has a page with the widget open."""


class PageLeft(Struct, frozen=True):
    """The asking customer's last page is gone."""


class Identify(Struct, frozen=True):
    """The asking customer, whom their shop knows, goes on with this chat: one of theirs, or one that their
    browser began before they signed in."""

    chat: str


class Retire(Struct, frozen=True):
    """The agent was disabled, or is of another desk now (``moved``): their chats wait for somebody else."""

    agent: str
    moved: bool = False


class Erase(Struct, frozen=True):
    """Every text of the chat was removed from the log: say so to all who show it."""

    chat: str


class Mailed(Struct, frozen=True):
    """The mail with the agents' messages up to the public number ``upto`` was taken by the mail server, or
    never will be; ``why``: its words, made safe to store and to show."""

    chat: str
    upto: int
    outcome: Literal["accepted", "refused"]
    why: str = ""


class Bounced(Struct, frozen=True):
    """The mail that event ``mail`` decided, with the messages up to ``upto``, came back as one that cannot be
    delivered; ``why``: the words of the server that says so, made safe to store and to show."""

    chat: str
    mail: int
    upto: int
    why: str = ""


class Seen(Struct, frozen=True):
    """The customer has seen an agent's message up to the public number ``upto`` in the widget."""

    chat: str
    upto: int


class LearnPaces(Struct, frozen=True):
    """How long the replies of the desk's agents took of late."""

    paces: Paces


class Due(Struct, frozen=True):
    """A deadline may have passed."""


Command = (
    WireCommand
    | Masked
    | Arrive
    | Leave
    | Noticed
    | Typed
    | PageShown
    | PageLeft
    | Identify
    | Retire
    | Erase
    | Mailed
    | Bounced
    | Seen
    | LearnPaces
    | Due
)
