"""One chat as its events made it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Final, Literal

from msgspec import Struct

from server.desk import given
from server.desk.commands import Person
from server.desk.events import CUSTOMER, Event, chat_stream, decode_data
from server.desk.reach import Reach
from server.desk.telling import Telling
from supportterm.protocol import kinds
from supportterm.protocol.callbacks import How


class Handoff(Struct, frozen=True):
    """The owner wants somebody else to have the chat: ``agent``, or whoever has ``skill``.

    ``overdue``: the desk wants that, for a promise that was not kept.
    """

    agent: str
    skill: str
    reason: str
    at: int
    overdue: bool = False


class Chat:
    """The state of a chat after its event number ``seq``; changed by `apply` only.

    ``owner`` is the agent's id; it stays after closing, so that the agent can still read the chat.
    ``agent_name`` is whom the customer believes to talk to: it stays, too, when that agent is gone, until
    somebody else joins. ``waiting_since``: the oldest unanswered message of the customer, the opening, or a
    broken promise; 0: not waiting. ``queued_at``: its place in the queue, while it has no owner;
    ``returned``: it had one. ``langs``: languages it may be answered in, empty: any; ``skill``: what its
    agent must know. ``offered``: the agent who is asked to take it. ``handoffs``: accepted ones. ``heard``:
    its owner wrote since they joined. ``closes_at``: when a nudged customer's chat closes. ``left_due``: when
    a left message is to be answered; ``answered_at``: when it was. ``breathed``: what was done last with the
    time after closing, "extend" or "end". ``promise_at``, ``promise_due``: the running promise, with
    ``promise_first``, its first deadline; ``pledge``: the number of the event in which it, or the newest one
    before, was made; ``promise_named``, ``promise_first_named``: that is a time of day; ``broken_at``: when
    one that was not kept fell due, until the agent gives a new time or answers; ``late_at``: the same, until
    they answer. ``page_gone_at``: since when the customer has no page open; ``lapsed_at``: when a promise was
    withdrawn because they had none for long, until they are answered or given a new time. ``given_at``: when
    the newest promise was made that has no answer yet, and ``took_ms``: how long the newest answer to one
    took. ``telling``: what the customer (who was there at ``spoke_at``) wrote since the
    newest ``summary`` (its public number), to which they said ``understood``, in so many words in message
    ``read_from`` (0: by a press). ``options``: the public number of the newest ones that wait for a choice of
    1 to ``option_count``. ``reason``: why they came. ``erased_at``: when its texts were removed last; 0:
    never. ``was``: whose it was before its customer signed in. ``callback``: how the customer, who need not
    stay, is answered, as ``callback_owner`` promised them; ``reach``: what of it has arrived. ``quiet``: the
    chat is to be answered again, and ``unsaid``: its promise runs again, of which its customer knows nothing;
    for them it is closed, and the promise over. ``cids`` maps each client id to (actor, seq, pub, digest),
    which is how a repeated command is known.
    """

    __slots__ = (
        "address",
        "agent_name",
        "answered_at",
        "asked",
        "at",
        "breathed",
        "broken_at",
        "callback",
        "callback_name",
        "callback_owner",
        "cids",
        "closed_at",
        "closed_for",
        "closes_at",
        "customer",
        "erased_at",
        "given_at",
        "guests",
        "handoff",
        "handoffs",
        "heard",
        "id",
        "joined_at",
        "lang",
        "langs",
        "lapsed_at",
        "late_at",
        "left_at",
        "left_due",
        "offered",
        "opened_at",
        "option_count",
        "options",
        "owner",
        "owner_name",
        "page_gone_at",
        "pledge",
        "priority",
        "promise_at",
        "promise_due",
        "promise_first",
        "promise_first_named",
        "promise_named",
        "pub",
        "queued_at",
        "quiet",
        "reach",
        "read_from",
        "reason",
        "returned",
        "seq",
        "shop",
        "skill",
        "spoke_at",
        "state",
        "steps",
        "steps_done",
        "stream",
        "summary",
        "telling",
        "took_ms",
        "topic",
        "understood",
        "unsaid",
        "waiting_since",
        "was",
    )

    def __init__(self, chat: str, customer: str) -> None:
        self.id = chat
        self.stream = chat_stream(chat)
        self.customer = customer
        self.was = ""
        self.spoke_at = 0
        self.address = ""
        self.shop = ""
        self.lang = ""
        self.topic = ""
        self.langs: tuple[str, ...] = ()
        self.skill = ""
        self.priority = 0
        self.steps: list[kinds.Step] = []
        self.steps_done = 0
        self.asked = ""
        self.state: Literal["queued", "open", "left", "closed"] = "queued"
        self.owner = ""
        self.owner_name = ""
        self.agent_name = ""
        self.offered = ""
        self.handoff: Handoff | None = None
        self.handoffs = 0
        self.guests: frozenset[str] = frozenset()
        self.heard = False
        self.joined_at = 0
        self.returned = False
        self.page_gone_at = 0
        self.seq = 0
        self.pub = 0
        self.at = 0
        self.opened_at = 0
        self.closed_at = 0
        self.closed_for = ""
        self.closes_at = 0
        self.queued_at = 0
        self.waiting_since = 0
        self.pledge = 0
        self.promise_at = self.promise_due = self.promise_first = 0
        self.promise_named = self.promise_first_named = False
        self.broken_at = self.late_at = self.lapsed_at = 0
        self.given_at = 0
        self.took_ms = 0
        self.telling = Telling()
        self.summary = 0
        self.understood: Literal["", "yes", "no"] = ""
        self.read_from = 0
        self.options = 0
        self.option_count = 0
        self.reason = ""
        self.erased_at = 0
        self.left_at = 0
        self.left_due = 0
        self.answered_at = 0
        self.breathed = ""
        self.quiet = self.unsaid = False
        self.callback: Literal["", How] = ""
        self.callback_owner = self.callback_name = ""
        self.reach = Reach()
        self.cids: dict[str, tuple[str, int, int, bytes]] = {}

    def copy(self) -> Chat:
        """The same state without the client ids."""
        other = copy.copy(self)
        other.cids = {}
        other.reach = copy.copy(self.reach)
        return other

    @property
    def page_gone(self) -> bool:
        """Whether the customer has no page open."""
        return self.page_gone_at > 0

    @property
    def readers(self) -> frozenset[str]:
        """The agents who may read it, besides supervisors."""
        return self.guests | {one for one in (self.owner, self.offered) if one}

    @property
    def silently_waiting(self) -> bool:
        """It waits for another agent, and the customer is told when one joins, not before."""
        return self.state in ("queued", "left") and bool(self.agent_name)

    @property
    def shown_state(self) -> Literal["queued", "open", "left", "closed"]:
        """Its state as the customer was told."""
        if self.quiet:
            return "closed"
        if self.silently_waiting:
            return "open"
        # A callback was promised, and that its agent is gone follows with the next event.
        return "left" if self.state == "open" and not self.agent_name else self.state

    @property
    def calls_back(self) -> bool:
        """Nobody has the chat, and somebody promised to answer, and has not."""
        owed = self.promise_due or self.late_at
        return self.state == "left" and bool(self.callback and owed) and not self.answered_at

    @property
    def waits_here(self) -> bool:
        """An answer that was promised stands here, and its customer has not come to see it."""
        return self.callback == "here" and bool(self.reach.answer)

    @property
    def wants_mail(self) -> bool:
        """Something was written for a customer who need not be there, and can be mailed, and was not."""
        return bool(self.left_due) and self.state != "closed" and self.reach.wants_mail

    def is_told_by(self, seen: int) -> bool:
        """Whether it means something that the customer has seen messages up to this public number."""
        if self.reach.may_bounce(seen):
            return True
        brought = self.left_due and (self.callback or self.reach.known.mail) and self.state != "closed"
        return bool(brought) and self.reach.is_told_by(seen)

    def readable_by(self, who: Person) -> bool:
        """The one rule of who may read this chat."""
        if who.role == "customer":
            return self.customer == who.id and who.only in ("", self.id)
        if who.role != "agent":
            return False
        return who.id in (self.owner, self.offered) or who.id in self.guests or who.supervises

    def apply(self, event: Event) -> None:
        """Fold one event; it must be the next."""
        if event.seq != self.seq + 1:
            raise ValueError(f"chat {self.id} stands at {self.seq}, not before {event.seq}")
        self.seq = event.seq
        self.pub = event.pub or self.pub
        self.at = event.at
        if event.kind == "message":
            self._message(event)
        else:
            fold = _FOLDS.get(event.kind)
            if fold is not None:
                fold(self, event)

    def remember(self, event: Event) -> None:
        """Keep the event's client id, so that repeating its command is harmless."""
        if event.cid:
            self.cids[event.cid] = (event.actor, event.seq, event.pub, event.digest)

    # --- one kind each -----------------------------------------------------------------------------

    def _message(self, event: Event) -> None:
        self.closes_at = 0
        about = decode_data(event, kinds.Message) if event.data else _PLAIN
        if event.actor != CUSTOMER:
            self.heard = True
            if about.holding:
                return
            self.waiting_since = self.broken_at = 0
            given.answers_lapsed(self)
            if self.left_due:
                self.answered_at = self.answered_at or event.at
                owed = self.callback and (self.promise_due or self.late_at)
                self.reach.wrote(event.pub, owed=bool(owed))
            if about.summary:
                self.summary, self.understood = event.pub, ""
                self.telling, self.read_from = Telling(), 0
            if about.options:
                self.options, self.option_count = event.pub, about.options
        else:
            self.spoke_at = event.at
            self.telling = self.telling.after(event.text)
            if about.choice:
                self.options = self.option_count = 0
            elif about.re:
                self.understood, self.read_from = about.answer, event.pub if about.words else 0
            # Writing shows that they are there, and have what they were written.
            self.page_gone_at = 0
            if self.reach.taken:
                self.reach.has_all()
            if self.state == "left":
                self.answered_at, self.reach.closing = 0, False
            elif self.callback:
                # They are back, and somebody is with them.
                given.lives(self)
            if not self.waiting_since:
                self.waiting_since = event.at

    def _opened(self, event: Event) -> None:
        opened = decode_data(event, kinds.Opened)
        self.shop, self.lang, self.topic = opened.shop, opened.lang, opened.topic
        self.langs = (opened.lang,) if opened.lang else ()
        self.opened_at = self.queued_at = self.waiting_since = self.spoke_at = event.at

    def _context(self, event: Event) -> None:
        self.address = decode_data(event, kinds.Context).address

    def _entered(self, event: Event) -> None:
        entered = decode_data(event, kinds.Entered)
        self.skill, self.priority = entered.skill, entered.priority
        self.langs = (entered.lang,) if entered.lang else ()
        self.steps = entered.steps

    def _widened(self, event: Event) -> None:
        widened = decode_data(event, kinds.Widened)
        self.skill = self.skill if widened.skill else ""
        self.langs = tuple(widened.langs)
        self.steps_done += 1

    def _language_asked(self, event: Event) -> None:
        self.asked = decode_data(event, kinds.LanguageAsked).lang
        self.steps_done += 1

    def _language_chosen(self, event: Event) -> None:
        if decode_data(event, kinds.LanguageChosen).choice == "now":
            self.langs = (*self.langs, self.asked)
        self.asked = ""

    def _offered(self, event: Event) -> None:
        self.offered = decode_data(event, kinds.Offered).agent

    def _offer_ended(self, _: Event) -> None:
        self.offered = ""

    def _joined(self, event: Event) -> None:
        self.state = "open"
        self.quiet = False
        self.owner, self.owner_name = event.actor.removeprefix("agent:"), event.name
        self.agent_name = event.name
        self.offered = self.asked = ""
        self.guests -= {self.owner}
        self.queued_at = self.closes_at = 0
        self.returned = self.heard = False
        self.joined_at = event.at
        self.reach.closing = False
        if self.callback:
            self.callback_owner, self.callback_name = self.owner, self.owner_name

    def _unassigned(self, event: Event) -> None:
        self.owner = self.owner_name = self.offered = self.closed_for = ""
        self.closed_at = 0
        ended = decode_data(event, kinds.Unassigned)
        if ended.left:
            self.state = "left"
            self.closes_at = 0
            self.reach.closing = ended.reason == "callback" and bool(self.answered_at)
        else:
            self._wait(self.waiting_since or self.given_at or event.at)
            self.returned = True

    def _requeued(self, event: Event) -> None:
        self.quiet = False
        self.owner = self.owner_name = self.agent_name = self.offered = ""
        if self.state == "left":
            # Whoever left a message is back: it is a chat again.
            given.lives(self)
        # Who was already waiting keeps that time, and so a place further ahead.
        self._wait(self.waiting_since or event.at)

    def _wait(self, since: int) -> None:
        self.state = "queued"
        self.queued_at = since
        self.closes_at = 0

    def _reread(self, _: Event) -> None:
        self.understood, self.read_from = "", 0

    def _told(self, event: Event) -> None:
        self.reason = decode_data(event, kinds.Told).reason

    def _erased(self, event: Event) -> None:
        self.erased_at = event.at
        # What it counted is gone; a chat read from the log must come out the same.
        self.telling = Telling()
        self.reach.forgotten()

    def _handoff(self, event: Event) -> None:
        wanted = decode_data(event, kinds.Handoff)
        self.handoff = Handoff(wanted.agent, wanted.skill, wanted.reason, event.at, wanted.overdue)
        self.offered = wanted.agent

    def _handoff_ended(self, event: Event) -> None:
        self.handoffs += decode_data(event, kinds.HandoffEnded).how == "accepted"
        self.handoff = None
        self.offered = ""

    def _invited(self, event: Event) -> None:
        self.guests |= {decode_data(event, kinds.Invited).agent}

    def _uninvited(self, event: Event) -> None:
        self.guests -= {decode_data(event, kinds.Uninvited).agent}

    def _time_needed(self, event: Event) -> None:
        self.closes_at = decode_data(event, kinds.TimeNeeded).until

    def _breathed(self, event: Event) -> None:
        self.breathed = decode_data(event, kinds.Breathed).act

    def _closed(self, event: Event) -> None:
        self.state = "closed"
        self.quiet = False
        self.closed_at = event.at
        self.closed_for = decode_data(event, kinds.Closed).reason
        self.queued_at = self.waiting_since = self.closes_at = 0
        self.broken_at = self.late_at = self.lapsed_at = self.given_at = 0
        given.no_promise(self)
        self.options = self.option_count = 0
        self.offered = self.asked = ""
        self.handoff = None
        self.guests = frozenset()
        self.breathed = ""
        self.telling = self.telling.without_words()
        self.page_gone_at = 0
        if event.actor == CUSTOMER:
            self.reach.has_all()
        self.reach.lives()
        given.no_callback(self)

    def _reopened(self, event: Event) -> None:
        self.state = "open" if self.owner else "queued"
        self.quiet = False
        self.closed_at = 0
        self.closed_for = ""
        given.lives(self)
        if event.actor == CUSTOMER:
            self.waiting_since = self.spoke_at = event.at
        if not self.owner:
            self.queued_at = event.at


#: What is to be known of most messages.
_PLAIN: Final = kinds.Message()
_FOLDS: Final[dict[str, Callable[[Chat, Event], None]]] = {
    "opened": Chat._opened,
    "context": Chat._context,
    "identified": given.identified,
    "entered": Chat._entered,
    "widened": Chat._widened,
    "language_asked": Chat._language_asked,
    "language_chosen": Chat._language_chosen,
    "offered": Chat._offered,
    "offer_ended": Chat._offer_ended,
    "joined": Chat._joined,
    "unassigned": Chat._unassigned,
    "requeued": Chat._requeued,
    "promised": given.promised,
    "promise_extended": given.promise_extended,
    "promise_moved": given.promise_moved,
    "promise_ended": given.promise_ended,
    "made_good": given.made_good,
    "reread": Chat._reread,
    "told": Chat._told,
    "erased": Chat._erased,
    "handoff": Chat._handoff,
    "handoff_ended": Chat._handoff_ended,
    "invited": Chat._invited,
    "uninvited": Chat._uninvited,
    "left": given.left,
    "contact": given.contact,
    "callback": given.callback,
    "mailing": given.mailing,
    "mailed": given.mailed,
    "bounced": given.bounced,
    "seen": given.seen,
    "phoned": given.phoned,
    "page_gone": given.page_gone,
    "page_back": given.page_back,
    "nudged": given.nudged,
    "time_needed": Chat._time_needed,
    "breathed": Chat._breathed,
    "closed": Chat._closed,
    "reopened": Chat._reopened,
}
