"""What a frame changed, in small pieces, so that a screen repaints only those."""

from __future__ import annotations

from msgspec import Struct

from supportterm.protocol.frames import Command, DraftOf, Event


class Grew(Struct, frozen=True):
    """``events`` are to be shown at the end of the chat."""

    chat: str
    events: list[Event]


class Older(Struct, frozen=True):
    """A page of older ``events`` is to be shown at the chat's beginning."""

    chat: str
    events: list[Event]


class Began(Struct, frozen=True):
    """A subscription began. ``dropped``: what was shown of the chat is void, start empty."""

    chat: str
    dropped: bool


class HeadChanged(Struct, frozen=True):
    """The chat's state, owner or waiting time changed."""

    chat: str


class EarlierTold(Struct, frozen=True):
    """What the customer's chats before this one were about came: `ChatLog.earlier`."""

    chat: str


class MarksChanged(Struct, frozen=True):
    """One side got or saw more of the chat."""

    chat: str


class TypingChanged(Struct, frozen=True):
    """Somebody began or stopped typing."""

    chat: str


class OutboxChanged(Struct, frozen=True):
    """A command was put, answered or set free again; ``chat`` "" are commands without a chat."""

    chat: str


class Refused(Struct, frozen=True):
    """The server refused a command for good. ``text`` is its sentence.

    ``who``: whom the code speaks of, by name; ``until``: until when it holds (ms since 1970). Messages
    and notes stay in `ChatLog.refused` until they are dismissed or put again.
    """

    chat: str
    command: Command
    code: str
    text: str = ""
    who: str = ""
    until: int = 0


class Moved(Struct, frozen=True):
    """The person already had the chat ``to``: the unsent messages of ``chat`` went there."""

    chat: str
    to: str


class Gone(Struct, frozen=True):
    """The chat is no longer this person's to read."""

    chat: str


class Erased(Struct, frozen=True):
    """Every text of the chat before number ``before`` was erased: forget drafts and hits too."""

    chat: str
    before: int


class Forgotten(Struct, frozen=True):
    """The server's history is another one than ours: every transcript was dropped."""


class ViewChanged(Struct, frozen=True):
    """A view has a new value; ``name`` is one of `views.VIEWS`."""

    name: str


class Explained(Struct, frozen=True):
    """What the desk weighs for the chat came: `Journal.because`."""

    chat: str


class Reported(Struct, frozen=True):
    """Figures came: `Journal.report`."""


class Drafted(Struct, frozen=True):
    """A language model's draft of the chat's summary came, or that there is none."""

    chat: str
    draft: DraftOf


class Welcomed(Struct, frozen=True):
    """The server knows us: `Journal.welcome` is new."""


class Trouble(Struct, frozen=True):
    """A refusal that concerns no command."""

    code: str
    text: str
    chat: str = ""


Change = (
    Grew
    | Older
    | Began
    | HeadChanged
    | EarlierTold
    | MarksChanged
    | TypingChanged
    | OutboxChanged
    | Refused
    | Moved
    | Gone
    | Erased
    | Forgotten
    | ViewChanged
    | Explained
    | Reported
    | Drafted
    | Welcomed
    | Trouble
)
