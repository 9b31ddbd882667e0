"""The real desk as a simulated day's floor: every chat goes through `server.desk.desk.Desk`, nothing else."""

from __future__ import annotations

import msgspec

from bench.routing.floor import Ended, Happening, Joined
from bench.routing.people import Cast
from bench.routing.policies import Policy
from server.desk import showing
from server.desk.agent import Member
from server.desk.by_pace import Paces
from server.desk.commands import CLOCK, Arrive, Command, Due, LearnPaces, Person
from server.desk.decision import Decided
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.rules import Now, Shop
from supportterm.protocol import frames, kinds

#: A Monday morning; a desk's times are milliseconds since 1970.
OPENS_AT = 1_760_338_800_000
_SHOP = "shop"
#: How often a valve is looked at while somebody waits.
_LOOK = 10_000
_promise_ended = msgspec.json.Decoder(kinds.PromiseEnded).decode


class DeskFloor:
    """A desk with the day's agents at their consoles. Agents and chats are known by the cast's numbers.

    ``paces``: what was measured of their replies on the days before; None: one ceiling for all.
    """

    def __init__(self, policy: Policy, cast: Cast, paces: Paces | None = None) -> None:
        languages = tuple({customer.language: None for customer in cast.customers})
        self._rules = msgspec.structs.replace(policy.rules, shops={_SHOP: Shop(languages=languages)})
        self._valve = policy.valve
        self.desk = Desk("bench", self._rules)
        self._languages = [customer.language for customer in cast.customers]
        self._customers = [Person("customer", _customer(n), shop=_SHOP) for n in range(len(cast.customers))]
        self._agents = [Person("agent", agent_name(clerk.id), agent_name(clerk.id)) for clerk in cast.agents]
        self._chats = [f"chat-{n:012}" for n in range(len(cast.customers))]
        self._ids = 0
        self._looked = OPENS_AT
        self.desk.know(
            [
                Member(agent_name(clerk.id), agent_name(clerk.id), languages=clerk.languages)
                for clerk in cast.agents
            ]
        )
        if paces is not None:
            self._decide(0, CLOCK, LearnPaces(paces))
        for person in self._agents:
            self._decide(0, person, frames.SetStatus(self._id(), "online"))
            self._decide(0, person, Arrive())

    def opens(self, at: int, customer: int) -> list[Happening]:
        """See `Floor`; the first message follows at once."""
        who, chat = self._customers[customer], self._chats[customer]
        found = self._decide(at, who, frames.Open(self._id(), chat, self._languages[customer]))
        return found + self._decide(at, who, frames.Say(self._id(), chat, "Hello"))

    def writes(self, at: int, customer: int) -> list[Happening]:
        """See `Floor`."""
        return self._decide(
            at, self._customers[customer], frames.Say(self._id(), self._chats[customer], "And then?")
        )

    def answers(self, at: int, agent: int, customer: int, promise: int) -> list[Happening]:
        """See `Floor`."""
        reply = frames.Say(self._id(), self._chats[customer], "Like this.", promise)
        return self._decide(at, self._agents[agent], reply)

    def leaves(self, at: int, customer: int) -> list[Happening]:
        """See `Floor`."""
        return self._decide(
            at, self._customers[customer], frames.CloseChat(self._id(), self._chats[customer])
        )

    def ends(self, at: int, agent: int, customer: int) -> list[Happening]:
        """See `Floor`."""
        return self._decide(at, self._agents[agent], frames.CloseChat(self._id(), self._chats[customer]))

    def due(self, at: int) -> list[Happening]:
        """See `Floor`."""
        return self._decide(at, CLOCK, Due())

    def next_due(self) -> int | None:
        """See `Floor`."""
        run = self.desk.next_due()
        if self._valve is not None and self.desk.queue:
            run = min(run or self._looked + _LOOK, self._looked + _LOOK)
        return None if run is None else run - OPENS_AT

    def told(self, at: int, customer: int) -> tuple[int, int] | None:
        """How much longer the customer would be told to wait: from, to; None: no number."""
        moment = OPENS_AT + at
        shown = showing.wait(self.desk, self.desk.chats[self._chats[customer]], None, Now(moment, moment))
        return (shown.low_ms, shown.high_ms) if shown.high_ms else None

    def _id(self) -> str:
        self._ids += 1
        return f"id-{self._ids:016}"

    def _decide(self, at: int, who: Person, command: Command) -> list[Happening]:
        moment = self._looked = OPENS_AT + at
        if self._valve is not None:
            oldest = self.desk.queue.oldest_at() or moment
            over = (moment - oldest - self._valve.after) * self._valve.step // 60_000
            ceiling = self._rules.ceiling + min(max(over, 0), self._valve.most)
            self.desk.rules = msgspec.structs.replace(self._rules, ceiling=ceiling)
        match self.desk.decide(who, command, Now(moment, moment)):
            case Decided(events):
                return [found for event in events if (found := _happening(event)) is not None]
            case other:
                raise RuntimeError(f"{who.id} at {at} ms: {command} was answered {other}")


def _happening(event: Event) -> Happening | None:
    if event.kind == "joined":
        return Joined(int(event.chat[5:]), int(event.actor.rpartition("-")[2]))
    if event.kind == "promise_ended":
        return Ended(int(event.chat[5:]), _promise_ended(event.data).how)
    return None


def agent_name(number: int) -> str:
    """The desk's id of an agent of the cast."""
    return f"agent-{number:03}"


def _customer(number: int) -> str:
    return f"customer-{number:06}"
