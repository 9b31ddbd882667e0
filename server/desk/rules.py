"""The numbers a desk decides by, and the moment it decides at.

Points of load are counted in hundredths, times in milliseconds.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from supportterm.coach.hours import Hours
from supportterm.protocol.views import Reply, ShopFacts

MINUTE = 60_000


class Weights(Struct, frozen=True):
    """Points of a chat by what it asks of its owner; a new chat costs ``waiting``.

    The gain comes from discounting chats that do not wait for the agent; the promise's weight must
    stay near that of a waiting customer, or promises are broken for new chats
    (``docs/decisions/0008-load-in-points.md``).
    """

    waiting: int = 100
    promise: int = 80
    #: A promise in its last minute.
    due: int = 100
    #: The agent waits for the customer.
    answered: int = 50
    #: The same, and nothing was said for `Rules.quiet_ms`.
    quiet: int = 20
    #: The time after closing.
    closing: int = 50


class Fallback(Struct, frozen=True):
    """After this long in the queue the skill is not asked for any more, or these languages do too.

    ``language``: only for chats that want it; "": for all that have no steps of their own.
    """

    after_ms: int
    any_skill: bool = False
    languages: tuple[str, ...] = ()
    language: str = ""


class Entry(Struct, frozen=True):
    """Chats that begin like this want that. Empty means: whatever.

    ``page`` is a pattern for the address's path, with ``*``; the first rule that fits holds.
    """

    page: str = ""
    topic: str = ""
    language: str = ""
    skill: str = ""
    wants: str = ""
    priority: int = 0
    fallbacks: tuple[Fallback, ...] = ()


class Topic(Struct, frozen=True):
    """What a customer may choose before a chat. ``labels``: by language."""

    id: str
    labels: dict[str, str]


class Shop(Struct, frozen=True):
    """What a desk has to know of a shop. ``hours`` None: always open. 0 in a limit: none."""

    name: str = ""
    languages: tuple[str, ...] = ("en",)
    hours: Hours | None = None
    #: A skill has hours of its own where the shop's are too wide.
    skill_hours: dict[str, Hours] = {}
    entries: tuple[Entry, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    topics: tuple[Topic, ...] = ()
    max_queue: int = 0
    #: Of one address, and never more than half of the above.
    max_queue_per_address: int = 10
    max_wait_ms: int = 0
    #: How long after leaving a message an answer is due, in open hours.
    answer_left_ms: int = 4 * 60 * MINUTE
    appeal: str = ""
    #: Answers can be mailed.
    mail: bool = False
    #: What is refused until the agent has summed up what the customer wants.
    summary_required: Literal["none", "handoff", "close", "both"] = "none"
    #: A summary is due after this many messages and characters of the customer.
    summary_messages: int = 3
    summary_chars: int = 250
    #: Why customers come, and what an agent may give for that without asking.
    reasons: dict[str, tuple[str, ...]] = {}
    #: What agents' consoles are told of it.
    facts: ShopFacts | None = None
    #: Texts that these put into answers.
    replies: tuple[Reply, ...] = ()

    def steps(self, language: str, entry: Entry | None = None) -> tuple[Fallback, ...]:
        """How a chat that wants ``language``, and began by ``entry``, is opened to others; by time."""
        if entry is not None and entry.fallbacks:
            return entry.fallbacks
        own = tuple(step for step in self.fallbacks if step.language == language)
        return own or tuple(step for step in self.fallbacks if not step.language)


class Rules(Struct, frozen=True):
    """Settings of one desk."""

    weights: Weights = Weights()
    ceiling: int = 260
    trainee_ceiling: int = 200
    #: Who needs longer than the team for a reply has a lower one (`server.desk.by_pace`).
    by_pace: bool = True
    #: After an agent was found full, they get the next chat this much below their ceiling.
    hysteresis: int = 25
    #: Chats at once, promises and quiet ones included; no offer goes over it.
    cap: int = 5
    trainee_cap: int = 2
    quiet_ms: int = 150_000
    #: A promise further away than this weighs nothing until shortly before.
    far_promise_ms: int = 30 * MINUTE
    near_promise_ms: int = 10 * MINUTE
    #: A promise broken for this long: its chat is offered to a free colleague. 0: never.
    overdue_offer_ms: int = 2 * MINUTE
    #: A callback comes up this long before it is due.
    callback_lead_ms: int = 10 * MINUTE
    #: Callbacks that fall due within one hour, from which on consoles advise another. 0: any.
    callbacks_per_hour: int = 4
    #: Which of an agent's own past answers decides what they are suggested to promise.
    suggest_percentile: int = 80
    #: False: a chat must be accepted within `accept_ms`; True: it is the agent's at once.
    auto_accept: bool = True
    accept_ms: int = 30_000
    #: No key and no first reply for this long after a chat came: it goes to somebody else. 0: never.
    silence_ms: int = 60_000
    #: After coming online chats come one in this time, until the ceiling's worth of them came. 0: at once.
    ramp_ms: int = 15_000
    breather_ms: int = 30_000
    abuse_breather_ms: int = 5 * MINUTE
    presence_grace_ms: int = 20_000
    #: Quiet chats of an absent agent stay theirs for this long.
    reserve_ms: int = 10 * MINUTE
    #: A returning customer gets their last agent for this long after the last chat.
    affinity_ms: int = 24 * 60 * MINUTE
    handoff_ms: int = 2 * MINUTE
    reopen_ms: int = 30 * MINUTE
    idle_close_ms: int = 24 * 60 * MINUTE
    #: A quiet customer is asked whether they are there, then closed. 0: never.
    nudge_ms: int = 10 * MINUTE
    nudged_close_ms: int = 10 * MINUTE
    need_time_ms: int = 5 * MINUTE
    #: The customer's page is gone: the chat closes after this long. 0: it does not.
    gone_close_ms: int = 10 * MINUTE
    #: A page that comes back within this time never left.
    page_grace_ms: int = 30_000
    shops: dict[str, Shop] = {}
    #: Whose clock the agents' shifts follow.
    zone: str = "UTC"

    def breather(self, closed_for: str) -> int:
        """How long an agent gets after a chat that ended like this."""
        return self.abuse_breather_ms if closed_for == "abuse" else self.breather_ms

    @property
    def known_ms(self) -> int:
        """How long after closing a chat may matter: it can be reopened, or is its agent's load still."""
        return max(self.reopen_ms, 2 * max(self.breather_ms, self.abuse_breather_ms))

    def shop(self, key: str) -> Shop:
        """What is known of a shop; one that the settings no longer name keeps the usual rules."""
        return self.shops.get(key) or Shop(name=key)


class Now(Struct, frozen=True, gc=False):
    """The moment of a decision, on two clocks, both in milliseconds.

    ``at`` is the wall clock and goes into the log; it may step, but never back within a stream.
    ``run`` counts steadily while the server runs (it starts as the wall clock) and is what durations
    are measured on, so that a corrected clock moves no deadline.
    """

    at: int
    run: int
