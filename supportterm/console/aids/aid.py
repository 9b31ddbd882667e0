"""What an aid says, which keys it takes, and what it makes of a text that is to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Protocol

from msgspec import Struct

from supportterm.protocol.frames import Option
from supportterm.text import SafeText, trusted

if TYPE_CHECKING:
    from supportterm.console.aids.moment import Moment

#: What a key means while an aid takes it: alt+up, alt+down, alt+enter, tab and esc, if nobody moved them.
Act = Literal["longer", "shorter", "plain", "fill", "dismiss"]
Tone = Literal["", "quiet", "promise", "held", "warn", "good"]

NOTHING: Final = trusted("")


class Aid(Struct, frozen=True):
    """One line: ``what`` holds or is missing, and ``act``: the keys and what they do.

    ``briefs``: both in fewer words, from long to short, for a narrow terminal. ``takes``: the
    keys that mean something now; all others do what they always do. ``seal`` names what enter would do
    beyond sending the text, and is the same for as long as it would do the same; "": nothing. ``ticks``: the
    line changes with the seconds. ``read_first``: its keys mean nothing before it can have been read.
    ``shows``: by helper, the seals of others that this line shows as well: they have been seen with it.
    """

    what: SafeText
    act: SafeText = NOTHING
    tone: Tone = ""
    briefs: tuple[tuple[SafeText, SafeText], ...] = ()
    takes: frozenset[Act] = frozenset()
    seal: str = ""
    ticks: bool = False
    read_first: bool = False
    shows: tuple[tuple[Helper, str], ...] = ()


class Outgoing(Struct, frozen=True):
    """A message as it is to leave; see `supportterm.protocol.frames.Say`."""

    text: str
    promise: int = 0
    due: int = 0
    summary: bool = False
    options: tuple[Option, ...] = ()


class Held(Struct, frozen=True):
    """It does not leave now. ``text``: what stands in the composer instead, None: what stood there.

    ``why``: the sentence to say for a moment, by its key; "": the line says it. ``select``: as in `Pressed`.
    ``call_back``: the dialog that promises a callback opens, for this moment; 0: it asks when. ``reach``: the
    customer is reached at this address or number from now on.
    """

    text: str | None = None
    why: str = ""
    call_back: int | None = None
    reach: str = ""
    select: tuple[int, int] | None = None


class Pressed(Struct, frozen=True):
    """A key was taken. ``text``: what the composer shows now, None: what it showed. ``send``: off it goes.

    ``select``: from where to where that text is selected, so that the next letter replaces it. ``said``: a
    sentence for a moment. ``call_back``: the text shall be a callback for that moment: its dialog opens.
    ``flow``: the dialog of this name opens. ``known``: the text stood there before the key was pressed.
    """

    text: str | None = None
    known: bool = False
    send: bool = False
    select: tuple[int, int] | None = None
    said: SafeText = NOTHING
    call_back: int = 0
    flow: str = ""


class Helper(Protocol):
    """One aid. What it must remember it keeps by chat; it looks at a text once, however often it is asked."""

    def offer(self, moment: Moment) -> Aid | None:
        """What it has to say now; None: nothing."""

    def press(self, act: Act, moment: Moment) -> Pressed | None:
        """A key that its `Aid.takes` names, while it speaks; None: it is no key of its own after all."""

    def send(self, moment: Moment, out: Outgoing, *, seen: str, plain: bool) -> Outgoing | Held:
        """Enter was pressed: what becomes of the message. Asked of every aid, whoever speaks.

        ``seen``: the seal of its own line that has been before the agent's eyes, "" if none was; what was not
        seen may not be done. ``plain``: without anything beyond the text.
        """

    def sent(self, moment: Moment, out: Outgoing) -> None:
        """The message is in the outbox."""
