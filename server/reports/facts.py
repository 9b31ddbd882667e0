"""A chat's events folded into one row of facts, and what it asked of its owner meanwhile.

Pure, and without anything personal: times, and the ids of shops and agents.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from server.desk.events import CUSTOMER, Event, agent_of, decode_data
from server.desk.rules import MINUTE, Rules
from server.reports import promises

#: Closings after which an agent has something to write down.
_WRAPPED: Final = frozenset({"agent", "customer", "abuse"})


class ChatFacts(Struct):
    """What is known of a chat after some of its events. Times in ms since 1970, 0: not (yet).

    ``asked_at``: the customer's first message; ``answered_at``: an agent's. ``wrote_again``: the customer
    wrote after that. ``closed``: why, "" while it is open. The rest is what it asks of its owner now:
    ``run_…`` is the unanswered run of customer messages, ``covered`` if a promise was running then;
    ``promise_…`` and ``replied_by`` as `server.reports.promises.Chat` has them. ``reason``: why the customer
    came, as the agent ``reason_by`` said, "" if nobody did.
    """

    stream: int
    desk: str
    shop: str = ""
    lang: str = ""
    opened_at: int = 0
    asked_at: int = 0
    answered_at: int = 0
    answered_by: str = ""
    wrote_again: bool = False
    left_at: int = 0
    page_gone: bool = False
    closed_at: int = 0
    closed: str = ""
    owner: str = ""
    waiting: bool = False
    said_at: int = 0
    promised_at: int = 0
    due_at: int = 0
    wrap_until: int = 0
    wrap_extended: bool = False
    run_seq: int = 0
    run_since: int = 0
    run_covered: bool = False
    promise_seq: int = 0
    promise_broken: bool = False
    reason: str = ""
    reason_by: str = ""
    replied_by: str = ""

    def live(self, at: int) -> bool:
        """Whether it still asks, or may ask, something of somebody."""
        return not self.closed or self.wrap_until > at


class Gap(Struct, frozen=True):
    """A run of customer messages that began at ``since`` (event ``seq``) and was answered at ``until``."""

    desk: str
    since: int
    stream: int
    seq: int
    until: int
    agent: str
    covered: bool


class Served(Struct, frozen=True):
    """The agent wrote in the chat. Their first time counts."""

    stream: int
    agent: str
    desk: str
    at: int


class Given(Struct, frozen=True):
    """``agent`` gave something of the shop's ``mandate`` for ``reason``, at ``at`` in event ``seq``."""

    desk: str
    at: int
    stream: int
    seq: int
    agent: str
    reason: str
    mandate: str


Certain = Gap | Served | Given | promises.Fact


class _Message(Struct):
    holding: bool = False


class _Closed(Struct):
    reason: str = ""


class _Opened(Struct):
    shop: str = ""
    lang: str = ""


class _Promised(Struct):
    due_at: int = 0


class _PromiseEnded(Struct):
    how: str = ""


class _PageBack(Struct):
    waits: bool = False


class _Bounced(Struct):
    due_at: int = 0
    late_at: int = 0


class _Breathed(Struct):
    act: str = ""


class _Told(Struct):
    reason: str = ""
    mandate: str = ""


def fold(chat: ChatFacts, event: Event, rules: Rules) -> list[Certain]:
    """Take in the chat's next event; what has become certain by it."""
    promise = promises.fold(chat, event)
    found: list[Certain] = [] if promise is None else [promise]
    return found + _fold(chat, event, rules)


def _fold(chat: ChatFacts, event: Event, rules: Rules) -> list[Gap | Served | Given]:
    at = event.at
    match event.kind:
        case "message" if event.actor == CUSTOMER:
            _customer_wrote(chat, event)
        case "message" if agent := agent_of(event.actor):
            return _agent_wrote(chat, event, agent)
        case "opened":
            opened = decode_data(event, _Opened)
            chat.shop, chat.lang = opened.shop, opened.lang
            chat.opened_at = chat.said_at = at
            chat.waiting = True
        case "joined":
            chat.owner = agent_of(event.actor)
            chat.said_at = at
        case "unassigned" | "requeued":
            chat.owner = chat.closed = ""
            chat.closed_at = chat.wrap_until = 0
            chat.wrap_extended = False
        case "bounced":
            _bounced(chat, event)
        case "left":
            chat.left_at = chat.left_at or at
        case "callback" if agent := agent_of(event.actor):
            # It tells the customer something, as a message does.
            return _agent_wrote(chat, event, agent)
        case "made_good":
            chat.waiting = False
        case "page_gone":
            chat.page_gone = True
        case "page_back":
            chat.page_gone = False
            chat.waiting = chat.waiting or decode_data(event, _PageBack).waits
        case "promised":
            chat.promised_at, chat.due_at = at, decode_data(event, _Promised).due_at
        case "promise_extended":
            chat.promised_at, chat.due_at = at, decode_data(event, _Promised).due_at
        case "promise_moved":
            due = decode_data(event, _Promised).due_at
            chat.promised_at += due - chat.due_at
            chat.due_at = due
        case "promise_ended":
            chat.promised_at = chat.due_at = 0
            if decode_data(event, _PromiseEnded).how == "broken":
                chat.waiting = True
        case "closed":
            _closed(chat, event, rules)
        case "reopened":
            chat.closed, chat.closed_at = "", 0
            chat.wrap_until, chat.wrap_extended = 0, False
            chat.said_at = at
            if event.actor == CUSTOMER:
                chat.waiting, chat.page_gone = True, False
        case "breathed":
            _breathed(chat, event, rules)
        case "told":
            return _told(chat, event)
    return []


def _customer_wrote(chat: ChatFacts, event: Event) -> None:
    chat.asked_at = chat.asked_at or event.at
    chat.wrote_again = chat.wrote_again or chat.answered_at > 0
    chat.waiting, chat.page_gone = True, False
    chat.said_at = event.at
    if not chat.run_seq:
        chat.run_seq, chat.run_since, chat.run_covered = event.seq, event.at, chat.due_at > 0


def _agent_wrote(chat: ChatFacts, event: Event, agent: str) -> list[Gap | Served | Given]:
    found: list[Gap | Served | Given] = [Served(chat.stream, agent, chat.desk, event.at)]
    holding = bool(event.data) and decode_data(event, _Message).holding
    chat.said_at = event.at
    if not holding and event.kind == "message":
        chat.replied_by = agent
    if not chat.answered_at:
        # The first answer is a figure of its own.
        chat.answered_at, chat.answered_by = event.at, agent
    elif holding:
        # A request for patience answers nothing.
        return found
    elif chat.run_seq:
        gap = (chat.run_since, chat.stream, chat.run_seq, event.at, agent, chat.run_covered)
        found.append(Gap(chat.desk, *gap))
    _no_run(chat)
    chat.waiting = chat.waiting and holding
    return found


def _told(chat: ChatFacts, event: Event) -> list[Gap | Served | Given]:
    told, agent = decode_data(event, _Told), agent_of(event.actor)
    chat.reason, chat.reason_by = told.reason, agent
    if not told.mandate:
        return []
    return [Given(chat.desk, event.at, chat.stream, event.seq, agent, told.reason, told.mandate)]


def _closed(chat: ChatFacts, event: Event, rules: Rules) -> None:
    reason = decode_data(event, _Closed).reason
    chat.closed, chat.closed_at = reason or "agent", event.at
    chat.waiting = False
    chat.promised_at = chat.due_at = 0
    # A last "thanks" is answered by nobody and waits for nobody.
    _no_run(chat)
    if chat.owner and reason in _WRAPPED:
        chat.wrap_until, chat.wrap_extended = event.at + _breather(chat, rules), False


def _breather(chat: ChatFacts, rules: Rules) -> int:
    return rules.abuse_breather_ms if chat.closed == "abuse" else rules.breather_ms


def _breathed(chat: ChatFacts, event: Event, rules: Rules) -> None:
    if decode_data(event, _Breathed).act == "end":
        chat.wrap_until = min(chat.wrap_until, event.at)
    elif not chat.wrap_extended:
        chat.wrap_until += _breather(chat, rules)
        chat.wrap_extended = True


def _bounced(chat: ChatFacts, event: Event) -> None:
    """An answer came back: what was given before it holds again."""
    said = decode_data(event, _Bounced)
    chat.wrap_until = 0
    if said.due_at:
        chat.promised_at, chat.due_at = event.at, said.due_at
    chat.waiting = chat.waiting or said.late_at > 0


def _no_run(chat: ChatFacts) -> None:
    chat.run_seq = chat.run_since = 0
    chat.run_covered = False


def weight(chat: ChatFacts, at: int, rules: Rules) -> tuple[int, int]:
    """The points the chat costs its owner at ``at``, and when time alone changes them (0: it does not).

    The rule by which a desk decides (`server.desk.load.demand`), on the log's clock and with what comes
    next; the first demand that fits counts.
    """
    points = rules.weights
    if not chat.owner:
        return 0, 0
    if chat.closed:
        return (points.closing, chat.wrap_until) if at < chat.wrap_until else (0, 0)
    if chat.due_at:
        far = chat.due_at - chat.promised_at > rules.far_promise_ms
        counts_at = chat.due_at - rules.near_promise_ms if far else 0
        if at < counts_at:
            return (points.waiting if chat.waiting else 0), counts_at
        last_minute = chat.due_at - MINUTE
        return (points.due, 0) if at >= last_minute else (points.promise, last_minute)
    if chat.waiting:
        return points.waiting, 0
    quiet_at = chat.said_at + rules.quiet_ms
    return (points.quiet, 0) if at >= quiet_at else (points.answered, quiet_at)
