"""The values that ``view`` frames carry, by name. Points of load are counted in hundredths everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from supportterm.coach.hours import Hours
from supportterm.coach.replying import Kind
from supportterm.protocol.callbacks import How

#: What a chat asks of its owner now: each counts once, the first that fits.
Demand = Literal["closing", "due", "promise", "waiting", "quiet", "answered"]

#: Why an agent is not offered a chat; "" : they may be.
Hindrance = Literal[
    "",
    "owner",
    "absent",
    "away",
    "finishing",
    "offline",
    "language",
    "skill",
    "cap",
    "full",
    "ramp",
    "breather",
    "passed",
    "busier",
]


class Part(Struct, frozen=True):
    """``n`` chats that ask the same, ``points`` together."""

    demand: Demand
    n: int
    points: int


class Load(Struct, frozen=True, omit_defaults=True):
    """An agent's load: ``points`` of ``ceiling``, and ``chats`` of ``cap``, with what they are made of.

    ``slower``: the ceiling is a lower one, since their replies take so many tenths of the team's time; 0: it
    is the usual one, or was given by somebody.
    """

    points: int
    ceiling: int
    chats: int
    cap: int
    parts: list[Part]
    slower: int = 0


class Verdict(Struct, frozen=True, omit_defaults=True):
    """What the desk thinks of one agent for one chat."""

    agent: str
    name: str
    load: Load
    no: Hindrance = ""


class Waiting(Struct, frozen=True, omit_defaults=True):
    """One chat in the queue. ``returned``: it had an owner before. ``offered``: to this agent's id.
    ``gone``: the customer has left the page, and keeps their place."""

    chat: str
    shop: str
    since: int
    lang: str = ""
    skill: str = ""
    priority: int = 0
    returned: bool = False
    offered: str = ""
    promise_due: int = 0
    gone: bool = False


class QueueLine(Struct, frozen=True, omit_defaults=True):
    """All who wait with one language and skill: ``n`` are there, the longest since ``oldest_at``, and
    ``gone`` have left the page; where nobody is there, ``oldest_at`` is of those."""

    lang: str
    skill: str
    n: int
    oldest_at: int
    gone: int = 0


class Queue(Struct, frozen=True, omit_defaults=True):
    """For staff. ``size``: all who wait, ``gone`` of whom have left the page. ``oldest_at``: since when the
    longest of the others waits (where all are gone: of those); 0 when it is empty.

    ``rows``: the first fifty in the order they will be offered. ``lines``: the whole queue summed up, at most
    fifty, the longest wait first.
    """

    size: int
    oldest_at: int
    rows: list[Waiting] = []
    gone: int = 0
    lines: list[QueueLine] = []


class Offer(Struct, frozen=True, omit_defaults=True):
    """A chat that waits for this agent's yes or no until ``until``; ``by``: who hands it over, by name."""

    chat: str
    until: int
    kind: Literal["offer", "handoff"]
    by: str = ""
    reason: str = ""


class WrapUp(Struct, frozen=True):
    """The time after a closed chat. ``long``: after abuse, and nothing is offered meanwhile."""

    chat: str
    until: int
    extended: bool
    long: bool


class Rescue(Struct, frozen=True):
    """A promise that was not kept: a free colleague is asked to take the chat over at ``at``."""

    chat: str
    at: int


class Mine(Struct, frozen=True, omit_defaults=True):
    """For an agent. The chats that are theirs to read, their status, and their load.

    ``silent``: they are away because they did not react to the chat with this id. ``usual_ms``: within which
    time most answers came that they promised (`suggest_percentile`); 0: not known yet. ``shift``:
    when they work; None: not known. ``trainee``: they still learn, and are shown more of how to go about it.
    ``blocked``: by chat, until when its customer may open none.
    """

    chats: list[str]
    status: str
    writing: bool
    load: Load
    reason: str = ""
    offers: list[Offer] = []
    guest_in: list[str] = []
    wrap_ups: list[WrapUp] = []
    silent: str = ""
    rescues: list[Rescue] = []
    usual_ms: int = 0
    shift: Hours | None = None
    trainee: bool = False
    blocked: dict[str, int] = {}


class Colleague(Struct, frozen=True, omit_defaults=True):
    """One agent of the desk. ``oldest_at``: their longest waiting customer, 0: nobody waits.

    ``present``: a console is connected, or was until a moment ago. ``promises`` run, ``overdue`` of
    them have passed. ``today``: the ceiling was set for today.
    """

    agent: str
    name: str
    title: str
    status: str
    present: bool
    load: Load
    reason: str = ""
    since: int = 0
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    oldest_at: int = 0
    promises: int = 0
    overdue: int = 0
    today: bool = False
    chats: list[str] = []


class Team(Struct, frozen=True):
    """For staff. Everybody of the desk, by name; all skills that are known, also of who is absent."""

    agents: list[Colleague]
    skills: list[str]


class Held(Struct, frozen=True, omit_defaults=True):
    """A live control that holds until ``until``; ``by`` is a supervisor's name. ``shop`` "": all shops."""

    what: str
    shop: str
    until: int
    by: str
    value: int = 0
    text: str = ""


class ShopToday(Struct, frozen=True, omit_defaults=True):
    """A shop's day. ``open`` now; ``changes_at``: when it closes or opens next, 0: not in sight."""

    shop: str
    name: str
    open: bool
    changes_at: int = 0


class Today(Struct, frozen=True):
    """For staff. What holds today: live controls, shops' hours, and promises that fall after closing."""

    held: list[Held]
    shops: list[ShopToday]
    late_promises: list[str]


class Gift(Struct, frozen=True):
    """Something an agent may give without asking; ``texts``: what they write then. Both by language."""

    id: str
    labels: dict[str, str]
    texts: dict[str, str]


class Reason(Struct, frozen=True, omit_defaults=True):
    """Why customers of a shop come. ``labels``, and ``next_issue`` (what they will want to know next,
    before the chat is closed), by language."""

    id: str
    labels: dict[str, str]
    next_issue: dict[str, str] = {}
    mandate: list[Gift] = []


class Subject(Struct, frozen=True):
    """A topic as staff read it; ``labels`` by language."""

    id: str
    labels: dict[str, str]


class ShopFacts(Struct, frozen=True, omit_defaults=True):
    """What a console must know of a shop to help its agents write.

    ``hours`` None: always open; ``zone``: whose clock named times are told by; ``afternoon_ends``: the
    minute of the day that "this afternoon" means. ``familiar``: languages in which customers are not
    addressed politely. ``guard``: a message is held while the customer types. ``glossary``: plain words for
    the shop's own terms, by language. ``mail``: answers can be mailed. ``callbacks_per_hour``: how many may
    fall due within one hour before the next one should be promised for another; 0: any number. ``drafts``:
    a language model may be asked for the draft of a summary. ``topics``: what its customers may choose before
    a chat.
    """

    shop: str
    name: str
    zone: str
    hours: Hours | None = None
    afternoon_ends: int = 17 * 60
    familiar: list[str] = []
    guard: bool = True
    summary_messages: int = 3
    summary_chars: int = 250
    summary_required: Literal["none", "handoff", "close", "both"] = "none"
    reasons: list[Reason] = []
    glossary: Mapping[str, Mapping[str, str]] = {}
    mail: bool = False
    callbacks_per_hour: int = 0
    drafts: bool = False
    topics: list[Subject] = []


class Shops(Struct, frozen=True):
    """For staff. The desk's shops."""

    shops: list[ShopFacts]


class Reply(Struct, frozen=True, omit_defaults=True):
    """A text to put into an answer. ``labels`` and ``texts`` by language; ``reasons``: it is an answer to.

    Places in a text, such as ``{order}``, are filled as `supportterm.coach.replying` says.
    """

    id: str
    kind: Kind
    labels: dict[str, str]
    texts: dict[str, str]
    reasons: list[str] = []


class ShopReplies(Struct, frozen=True):
    """The texts of one shop, in its order."""

    shop: str
    replies: list[Reply]


class Replies(Struct, frozen=True):
    """For staff. The texts of the desk's shops that have any; apart from `Shops` for its size."""

    shops: list[ShopReplies]


class PromiseRow(Struct, frozen=True, omit_defaults=True):
    """A time given to a customer. ``owner``: whose chat it is, by id ("": nobody's now), and ``name``.

    ``due_at``: when it falls due, or fell due if it is ``overdue`` and not made good.
    """

    chat: str
    shop: str
    due_at: int
    owner: str = ""
    name: str = ""
    extended: bool = False
    overdue: bool = False


class Promises(Struct, frozen=True):
    """For staff. Every promise that runs or was not kept and not made good, the most urgent first."""

    rows: list[PromiseRow]


class LeftRow(Struct, frozen=True, omit_defaults=True):
    """A left message, or a callback (``how`` is not ""). ``due_at``: when it should be answered;
    ``answered_at`` 0: not yet.

    ``owner``: who answers or promised to, by id and name. ``delivered``: the customer has seen the answer.
    ``mail``: the answer is on its way, or the mail server refused it. ``name`` and ``contact`` (an address or
    a number) are the customer's, as they were told. ``tried``: so many times the mail server did not take the
    mail that waits, because of ``why``; it is tried again ``again_at``.
    """

    chat: str
    shop: str
    since: int
    due_at: int
    lang: str = ""
    owner: str = ""
    answered_at: int = 0
    delivered: bool = False
    how: Literal["", How] = ""
    owner_name: str = ""
    mail: Literal["", "waiting", "refused"] = ""
    name: str = ""
    contact: str = ""
    tried: int = 0
    again_at: int = 0
    why: str = ""


class Hour(Struct, frozen=True):
    """``n`` callbacks fall due in the hour that begins ``at``, by the clock of their shop."""

    at: int
    n: int


class Left(Struct, frozen=True, omit_defaults=True):
    """For staff. Messages that were left and callbacks, those not closed, the most urgent first.

    ``hours``: how full the hours are for which callbacks were promised, the first one first.
    """

    rows: list[LeftRow]
    hours: list[Hour] = []


class Move(Struct, frozen=True):
    """What giving ``chat`` to ``to`` would do: both loads (points) before and after."""

    chat: str
    to: str
    name: str
    from_now: int
    from_then: int
    to_now: int
    to_then: int


class Alert(Struct, frozen=True, omit_defaults=True):
    """Something a supervisor should look at, for as long as it holds; ``key`` is the same meanwhile.

    ``n``: how many it is about; ``gone``: how many more wait and have left the page.
    """

    key: str
    kind: Literal[
        "over_ceiling", "absent", "overdue", "queue", "handoffs", "left_overdue", "callback_due", "silent"
    ]
    at: int
    agent: str = ""
    name: str = ""
    chat: str = ""
    n: int = 0
    moves: list[Move] = []
    gone: int = 0


class Alerts(Struct, frozen=True):
    """For supervisors."""

    alerts: list[Alert]


class Block(Struct, frozen=True, omit_defaults=True):
    """Somebody who may open no chat until ``until``."""

    block: str
    chat: str
    until: int
    by: str


class Blocks(Struct, frozen=True):
    """For supervisors."""

    blocks: list[Block]


class Topic(Struct, frozen=True):
    """Something a customer may choose before the chat; ``label`` is in their language."""

    id: str
    label: str


class Door(Struct, frozen=True, omit_defaults=True):
    """For a customer. ``open``: somebody is there to answer.

    ``closed``: the shop's hours are over, and it opens at ``opens_at`` (0: not in sight). ``full``: as
    many wait as may. In both a message can be left. ``blocked_until``: no chat can be opened before;
    ``appeal``: where to write about it. ``mail``: answers can be mailed.
    """

    open: bool
    closed: bool = False
    opens_at: int = 0
    full: bool = False
    banner: str = ""
    topics: list[Topic] = []
    blocked_until: int = 0
    appeal: str = ""
    mail: bool = False


class Wait(Struct, frozen=True, omit_defaults=True):
    """For a customer who waits for an agent. ``position`` from 1; 0: nobody is waited for.

    About ``low_ms`` to ``high_ms`` more; both 0: nobody can tell. ``worse``: why it is longer than it
    was told before. ``leave``: a message may be left instead, because it is long or nobody is there.

    ``nobody``: why nobody can answer as things are, so that the position says nothing yet: "off" (nobody
    is online), "away" (who could answer is away for a while), "closed" (nobody, and the shop is closed),
    "other" (only people without the language or the skill are there). ``since`` when nobody is there,
    ``until`` when it changes by itself: the shop opens, or others are asked; 0: that is not known.
    """

    position: int
    low_ms: int = 0
    high_ms: int = 0
    worse: Literal["", "returned", "slower"] = ""
    leave: bool = False
    nobody: Literal["", "off", "away", "closed", "other"] = ""
    since: int = 0
    until: int = 0


VIEWS: Final[dict[str, type[Struct]]] = {
    "queue": Queue,
    "mine": Mine,
    "team": Team,
    "today": Today,
    "left": Left,
    "promises": Promises,
    "shops": Shops,
    "replies": Replies,
    "alerts": Alerts,
    "blocks": Blocks,
    "door": Door,
    "wait": Wait,
}
