"""A desk with people who ask and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from itertools import count

from msgspec import Struct

from server.desk import doors, records, routing
from server.desk.agent import Agent, Member
from server.desk.chat import Chat
from server.desk.commands import CLOCK, Arrive, Command, Due, Leave, Noticed, Person
from server.desk.decision import Decided, Decision, Refused
from server.desk.desk import Desk
from server.desk.events import Event, decode_data
from server.desk.pace import Pace
from server.desk.rules import Now, Rules
from supportterm.protocol import frames, kinds
from supportterm.protocol.views import Load

MINUTE = 60_000
HOUR = 60 * MINUTE
SECOND = 1_000
#: Two chats each or three points, and nothing that happens by itself but absence and the long silence.
RULES = Rules(
    ceiling=300,
    cap=2,
    ramp_ms=0,
    silence_ms=0,
    breather_ms=0,
    nudge_ms=0,
    gone_close_ms=0,
    presence_grace_ms=20_000,
    reopen_ms=30 * MINUTE,
    idle_close_ms=24 * HOUR,
)

ANNA = Person("customer", "anna", shop="bikes", token_hash=b"a")
BEN = Person("customer", "ben", shop="bikes", token_hash=b"b")
CLEO = Person("customer", "cleo", shop="books", token_hash=b"c")
DIRK = Person("customer", "dirk", shop="books", token_hash=b"d")
MIA = Person("agent", "mia", "Mia")
TOM = Person("agent", "tom", "Tom")
PIA = Person("agent", "pia", "Pia")
SUE = Person("agent", "sue", "Sue", title="supervisor")
TEAM = [
    Member("mia", "Mia"),
    Member("tom", "Tom"),
    Member("pia", "Pia", cap=1),
    Member("sue", "Sue", title="supervisor"),
]

_numbers = count(1)


def new_id() -> str:
    """A client id nobody used before."""
    return f"id-{next(_numbers):016}"


def chat_of(customer: Person, n: int = 1) -> str:
    """The id the customer's browser gave its ``n``-th chat."""
    return f"chat-of-{customer.id}-{n:08}"


class Story:
    """Asks a desk and keeps what it answered, in order."""

    def __init__(self, rules: Rules = RULES, team: Iterable[Member] = TEAM) -> None:
        self.desk = Desk("main", rules)
        self.desk.know(team)
        self.at = 1_000_000
        self.run = 7_000_000
        self.log: list[Event] = []

    @property
    def now(self) -> Now:
        return Now(self.at, self.run)

    def ask(self, who: Person, command: Command) -> Decision:
        """The desk's decision now."""
        decision = self.desk.decide(who, command, self.now)
        if isinstance(decision, Decided):
            self.log += decision.events
        return decision

    def do(self, who: Person, command: Command) -> list[Event]:
        """The events of a command that must be taken."""
        decision = self.ask(who, command)
        assert isinstance(decision, Decided), decision
        return decision.events

    def refused(self, who: Person, command: Command) -> Refused:
        """The refusal of a command, which must have changed nothing."""
        before = picture(self.desk)
        decision = self.ask(who, command)
        assert isinstance(decision, Refused), decision
        assert picture(self.desk) == before
        return decision

    def code(self, who: Person, command: Command) -> str:
        """The code of that refusal."""
        return self.refused(who, command).error.code

    def wait(self, ms: int) -> list[Event]:
        """Time passes on both clocks, and the desk is told."""
        self.at += ms
        self.run += ms
        return self.do(CLOCK, Due())

    def tick(self, ms: int = 1_000) -> None:
        """Time passes unnoticed."""
        self.at += ms
        self.run += ms

    # What people say most.

    def open(self, customer: Person, n: int = 1, lang: str = "en", topic: str = "", page: str = "") -> Chat:
        self.do(customer, frames.Open(new_id(), chat_of(customer, n), lang, topic, page))
        self.tick()
        return self.chat(customer, n)

    def say(self, who: Person, chat: Chat, text: str = "It is in Utrecht", promise: int = 0) -> list[Event]:
        return self.do(who, frames.Say(new_id(), chat.id, text, promise))

    def close(self, who: Person, chat: Chat) -> list[Event]:
        return self.do(who, frames.CloseChat(new_id(), chat.id))

    def reopen(self, who: Person, chat: Chat) -> list[Event]:
        return self.do(who, frames.Reopen(new_id(), chat.id))

    def status(self, who: Person, status: frames.Status, reason: str = "") -> list[Event]:
        return self.do(who, frames.SetStatus(new_id(), status, reason))

    def arrive(self, *agents: Person) -> list[Event]:
        return [event for agent in agents for event in self.do(agent, Arrive())]

    def busy(self, agent: Person = PIA) -> None:
        """Somebody is there, and has no room: so that there is something to wait for."""
        self.arrive(agent)
        assert self.open(visitor(990, "books")).owner == agent.id
        assert len(self.desk.agents[agent.id].chats) == self.desk.agents[agent.id].cap(self.desk.rules)

    def leave(self, agent: Person) -> None:
        assert self.do(agent, Leave()) == []

    def key(self, agent: Person) -> None:
        """The agent presses a key."""
        assert self.do(agent, Noticed()) == []

    def chat(self, customer: Person, n: int = 1) -> Chat:
        return self.desk.chats[chat_of(customer, n)]

    def load(self, agent: Person) -> Load:
        """What the agent carries now."""
        return self.desk.scales.load(self.desk.agents[agent.id], self.run, self.desk.rules)

    def why(self, chat: Chat) -> dict[str, str]:
        """Why each agent does not get the chat."""
        return {one.agent: one.no for one in routing.verdicts(self.desk, chat, self.now)}

    def queue(self) -> list[str]:
        """Whose chats wait, first come first."""
        return [self.desk.chats[chat].customer for chat in self.desk.queue]


def visitor(n: int, shop: str = "bikes") -> Person:
    """One of many customers."""
    return Person("customer", f"customer-{n}", shop=shop)


def only(events: list[Event], kind: str) -> Event:
    """The one event of this kind."""
    (found,) = (event for event in events if event.kind == kind)
    return found


def kinds_of(events: list[Event]) -> list[str]:
    """The events' kinds, in order."""
    return [event.kind for event in events]


def data_of(event: Event) -> Struct:
    """The event's data in the shape of its kind."""
    return decode_data(event, (kinds.PUBLIC | kinds.HIDDEN | records.SHAPES)[event.kind])


def folded_of(desk: Desk) -> dict[str, object]:
    """Everything a desk folds from its streams, to compare."""
    return {
        "seq": desk.seq,
        "at": desk.at,
        "queue": list(desk.queue),
        "lines": {kind: list(places) for kind, places in desk.queue._lines.items()},
        "chats": {
            chat.id: {name: getattr(chat, name) for name in Chat.__slots__}
            | {"cids": dict(chat.cids), "reach": copy(chat.reach)}
            for chat in desk.chats.values()
        },
        "agents": {
            agent.id: {name: getattr(agent, name) for name in _FOLDED} | {"chats": frozenset(agent.chats)}
            for agent in desk.agents.values()
        },
        "controls": dict(desk.controls),
        "blocks": dict(desk.blocks),
        "open_of": dict(desk.open_of),
        "left": set(desk.left),
        "handed": set(desk.handed),
        "offers": {agent.id: set(agent.offers) for agent in desk.agents.values() if agent.offers},
    }


#: What the log says of an agent; the rest begins anew with each start.
_FOLDED = (
    "status",
    "reason",
    "status_at",
    "silent",
    "absent",
    "gone_at",
    "offered_at",
    "ceiling_today",
    "ceiling_until",
    "slower",
)


def picture(desk: Desk) -> dict[str, object]:
    """Everything a desk knows, to see whether anything changed."""
    return folded_of(desk) | {
        "running": {
            chat: {name: getattr(pace, name) for name in Pace.__slots__} | {"passed": dict(pace.passed)}
            for chat, pace in desk.paces.items()
        },
        "there": {
            agent.id: {name: getattr(agent, name) for name in Agent.__slots__}
            | {
                "chats": frozenset(agent.chats),
                "wraps": frozenset(agent.wraps),
                "offers": frozenset(agent.offers),
            }
            for agent in desk.agents.values()
        },
        "attended": doors.attended(desk),
        "due": desk.next_due(),
        "deadlines": dict(desk.deadlines._due),
        "up": set(desk.up),
    }
