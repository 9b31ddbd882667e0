"""The kinds of events in a chat's stream and the shape of their ``data``.

A public kind's ``data`` holds nothing a customer may not read: staff-only detail is an event of its
own. Clients skip kinds they do not know, but count them.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from supportterm.protocol.callbacks import How
from supportterm.protocol.views import Part, Verdict

#: How a chat came to its owner.
Way = Literal["load", "last", "hand", "assign", "handoff", "callback"]


class Opened(Struct, frozen=True):
    """The customer opened the chat; ``topic`` is the id of the one they chose."""

    shop: str
    lang: str
    topic: str = ""


class Context(Struct, frozen=True):
    """Hidden. Where the customer was; the page's address is the event's ``text``.

    ``address``: a keyed hash of the network address, by which a block knows who comes again.
    """

    address: str = ""


class Step(Struct, frozen=True, omit_defaults=True):
    """After this long in the queue: the skill is not asked for any more, or one of ``langs`` will do."""

    after_ms: int
    any_skill: bool = False
    langs: list[str] = []


class Entered(Struct, frozen=True, omit_defaults=True):
    """Hidden. What the shop's entry rules want for this chat; ``priority``: higher goes first."""

    skill: str = ""
    lang: str = ""
    priority: int = 0
    steps: list[Step] = []


class Widened(Struct, frozen=True):
    """Hidden. Nobody was free in time: ``skill`` false: the skill is not asked for any more; ``langs``:
    the languages in which the chat may be answered now."""

    skill: bool
    langs: list[str]


class LanguageAsked(Struct, frozen=True):
    """The desk asks: ``lang`` now, or ``wanted`` at ``opens_at`` (0: not known when)?"""

    wanted: str
    lang: str
    opens_at: int = 0


class LanguageChosen(Struct, frozen=True):
    """The customer's answer."""

    choice: Literal["now", "wait"]


class Offered(Struct, frozen=True):
    """Hidden. The chat waits for this agent's yes."""

    agent: str
    name: str = ""


class OfferEnded(Struct, frozen=True):
    """Hidden. The agent did not take it."""

    agent: str
    reason: Literal["declined", "expired", "withdrawn"]


class Routed(Struct, frozen=True):
    """Hidden. The desk, or a person, chose the chat's owner; their load is the one before it.

    ``waited_ms``: how long the customer had waited, ``expected_ms``: how long the desk thought it
    would be when they came (0: it could not tell). ``sure``: knowingly over the ceiling. ``by``: who
    chose, "" is the desk.
    ``others``: the colleagues that were weighed, eight at most.
    """

    agent: str
    how: Way
    points: int
    ceiling: int
    chats: int
    cap: int
    parts: list[Part]
    others: list[Verdict] = []
    waited_ms: int = 0
    expected_ms: int = 0
    sure: bool = False
    by: str = ""


class Joined(Struct, frozen=True):
    """An agent became the chat's owner; ``name`` is what the customer reads.

    ``instead_of``: who had it before, by name, where that was somebody else.
    """

    name: str
    instead_of: str = ""


class Unassigned(Struct, frozen=True):
    """Hidden. The owner is gone or silent, or it was reserved for them too long: the chat waits again.

    ``left``: it is a left message nobody has answered, or a callback, and goes on the list of those.
    ``callback``: its owner will answer later, or has answered and the answer is on its way; ``bounced``: the
    answer came back.
    """

    reason: Literal["absent", "silent", "offline", "reserved", "disabled", "callback", "bounced"]
    agent: str
    left: bool = False


class Message(Struct, frozen=True, omit_defaults=True):
    """Something was said; it is the event's ``text``. ``masked`` counts card numbers and IBANs removed.

    The owner's: ``holding``: it greets, asks for patience or gives a time, and keeps no promise. ``summary``:
    how they understood the customer. ``options``: that many last lines of the text are solutions to choose
    from, each a label and, after a tab, why. The customer's: an ``answer`` or a ``choice`` (from 1) ``re``
    the message with that public number; ``words``: the desk read that out of their words.
    """

    masked: int = 0
    holding: bool = False
    summary: bool = False
    options: int = 0
    re: int = 0
    answer: Literal["", "yes", "no"] = ""
    choice: int = 0
    words: bool = False


class Note(Struct, frozen=True):
    """Hidden. A note of an agent; it is the event's ``text``."""

    masked: int = 0


class Promised(Struct, frozen=True, omit_defaults=True):
    """The owner will be back at ``due_at``; ``named``: a time of day was told, and not a while."""

    due_at: int
    named: bool = False


class PromiseExtended(Struct, frozen=True, omit_defaults=True):
    """Before it was due the owner gave a new time."""

    due_at: int
    named: bool = False


class PromiseMoved(Struct, frozen=True, omit_defaults=True):
    """The server's clock was set: what is left of the promise is the same, and ends at ``due_at`` now.

    ``first_at``: where its first deadline lies now, if that did not move along: one is a time of day, which
    stays, and the other is not. 0: it did.
    """

    due_at: int
    first_at: int = 0


class PromiseEnded(Struct, frozen=True, omit_defaults=True):
    """How it ended: answered by its first deadline ("kept") or by a later one that was given in time
    ("extended"), or not ("broken"), or void because the chat was closed, or since the customer had been
    ``gone`` for long when it fell due ("withdrawn")."""

    how: Literal["kept", "extended", "broken", "withdrawn"]
    gone: bool = False


class MadeGood(Struct, frozen=True):
    """Hidden. The answer to a broken promise came, ``late_ms`` after it fell due."""

    late_ms: int


class Reread(Struct, frozen=True):
    """The words ``re`` (a public number) were no answer to the summary: it stands open again."""

    re: int


class Told(Struct, frozen=True, omit_defaults=True):
    """Hidden. Why the customer came, or what of the shop's ``mandate`` they were given for that."""

    reason: str
    mandate: str = ""


class Handoff(Struct, frozen=True):
    """Hidden. The owner hands the chat on; the summary is the event's ``text``.

    ``overdue``: the desk does, since a promise was not kept; the customer is told when somebody joins.
    """

    agent: str = ""
    skill: str = ""
    reason: str = ""
    overdue: bool = False


class Handing(Struct, frozen=True):
    """The customer is being handed to ``name``, or to whoever knows about ``skill``."""

    name: str = ""
    skill: str = ""


class HandoffEnded(Struct, frozen=True):
    """Hidden. It was accepted, or it is the owner's again. ``agent``: who said so."""

    how: Literal["accepted", "declined", "expired", "recalled", "withdrawn"]
    agent: str = ""


class Stays(Struct, frozen=True):
    """The handoff came to nothing: ``name`` goes on."""

    name: str


class Invited(Struct, frozen=True):
    """Hidden. A colleague may read along and write notes."""

    agent: str
    name: str = ""


class Uninvited(Struct, frozen=True):
    """Hidden. The colleague is done."""

    agent: str
    name: str = ""


class Left(Struct, frozen=True):
    """The customer left a message (the one before this) that should be answered by ``due_at``."""

    due_at: int


class Contact(Struct, frozen=True):
    """Hidden. Where to reach the customer: the event's ``text`` is JSON with ``name`` and ``contact``.

    Of each kind (an address, a number) and of names the newest counts (`protocol.contact`).
    """


class Identified(Struct, frozen=True, omit_defaults=True):
    """Hidden. From here on the shop vouches for who the customer is: the event's ``text`` is JSON with
    ``sub``, their number in the shop, and perhaps ``name``, ``mail`` and ``phone`` (`protocol.contact`).

    ``customer``: whose the chat is now, by id; ``was``: whose it was, if they signed in during it: what was
    told before of how to reach them counts no more. ``signed_at``: when the shop said so, by its own clock
    (ms since 1970; 0: it does not say).
    """

    customer: str
    was: str = ""
    signed_at: int = 0


class Callback(Struct, frozen=True):
    """The owner answers before ``due_at`` by mail, by phone or here; the customer need not stay."""

    due_at: int
    how: How


class Mailing(Struct, frozen=True):
    """Hidden. The agents' messages with the public numbers ``after`` + 1 to ``upto`` go out as one mail."""

    upto: int
    after: int


class Mailed(Struct, frozen=True):
    """Hidden. What became of the mail with the message ``upto``: the mail server took it ("accepted"), or
    will not ("refused"); its words, made safe, are the event's ``text``."""

    upto: int
    how: Literal["accepted", "refused"]


class Bounced(Struct, frozen=True, omit_defaults=True):
    """Hidden. The mail that event ``mail`` decided, with the message ``upto``, came back; the words of the
    mail server that could not deliver it, made safe, are the event's ``text``.

    ``again``: its chat is to be answered again. ``ended_at``: when a promise ended because the mail was
    accepted, which therefore holds no more (ms since 1970; 0: none did). ``promise``: the number of the event
    in which it was made, if it runs again, until ``due_at``. ``late_at``: since when its customer waits again
    for one that was broken. ``how``: they are called back again. They are told nothing of all this: for them
    the chat is what it was until somebody joins it, or they write.
    """

    mail: int
    upto: int
    again: bool = False
    how: Literal["", How] = ""
    ended_at: int = 0
    promise: int = 0
    due_at: int = 0
    late_at: int = 0


class Seen(Struct, frozen=True):
    """Hidden. The customer has seen the agent's messages up to ``upto`` in the widget: no mail is needed."""

    upto: int


class Phoned(Struct, frozen=True):
    """Hidden. Somebody called the customer, who answered (``reached``) or did not."""

    reached: bool


class PageGone(Struct, frozen=True):
    """Hidden. The customer's last page is gone."""


class PageBack(Struct, frozen=True, omit_defaults=True):
    """Hidden. The customer is back on a page. ``waits``: for an answer again, since a promise ended while
    they were gone and nobody has answered them since."""

    waits: bool = False


class Nudged(Struct, frozen=True):
    """The desk asks a quiet customer whether they are still there; the chat closes at ``closes_at``.

    ``time_ms``: what they can ask for with one press.
    """

    closes_at: int
    time_ms: int


class TimeNeeded(Struct, frozen=True):
    """The customer needs a little time: the chat stays open at least until ``until``."""

    until: int


class Warned(Struct, frozen=True):
    """A calm line against abuse."""


class Breathed(Struct, frozen=True):
    """Hidden. The time after closing was ended or extended by who had the chat."""

    act: Literal["end", "extend"]


class Closed(Struct, frozen=True):
    """The chat ended: a person closed it, the customer was silent or their page gone, or it was ended
    for abuse (``appeal``: where to write about that)."""

    reason: Literal["customer", "agent", "idle", "gone", "abuse"]
    appeal: str = ""


class Reopened(Struct, frozen=True):
    """A closed chat goes on."""


class Requeued(Struct, frozen=True):
    """The chat waits for an owner again; ``agent_gone`` was written by 0.1 only."""

    reason: Literal["agent_gone", "reopened"]


class Erased(Struct, frozen=True):
    """Every text before this event was removed for privacy: forget it, with drafts and search hits."""


PUBLIC: Final[dict[str, type[Struct]]] = {
    "opened": Opened,
    "joined": Joined,
    "message": Message,
    "promised": Promised,
    "promise_extended": PromiseExtended,
    "promise_moved": PromiseMoved,
    "promise_ended": PromiseEnded,
    "reread": Reread,
    "language_asked": LanguageAsked,
    "language_chosen": LanguageChosen,
    "handing": Handing,
    "stays": Stays,
    "left": Left,
    "callback": Callback,
    "nudged": Nudged,
    "time_needed": TimeNeeded,
    "warned": Warned,
    "closed": Closed,
    "reopened": Reopened,
    "requeued": Requeued,
    "erased": Erased,
}
HIDDEN: Final[dict[str, type[Struct]]] = {
    "context": Context,
    "entered": Entered,
    "widened": Widened,
    "offered": Offered,
    "offer_ended": OfferEnded,
    "routed": Routed,
    "unassigned": Unassigned,
    "note": Note,
    "made_good": MadeGood,
    "told": Told,
    "handoff": Handoff,
    "handoff_ended": HandoffEnded,
    "invited": Invited,
    "uninvited": Uninvited,
    "contact": Contact,
    "identified": Identified,
    "mailing": Mailing,
    "mailed": Mailed,
    "bounced": Bounced,
    "seen": Seen,
    "phoned": Phoned,
    "page_gone": PageGone,
    "page_back": PageBack,
    "breathed": Breathed,
}
