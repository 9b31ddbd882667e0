"""What a console knows of its desk: who I am, whose a chat is, what is offered. Pure, over a journal."""

from __future__ import annotations

from typing import Final, Literal

from supportterm.console.callbacks import waits_here
from supportterm.console.load import USUAL, weights
from supportterm.link.chatlog import ChatLog, data_of
from supportterm.link.journal import Journal
from supportterm.protocol import kinds
from supportterm.protocol.views import Alert, Colleague, Demand, Load, Offer, WrapUp
from supportterm.text import SafeText, safe_line

#: What a chat is to this agent: theirs; offered to them; read with notes only; somebody else's.
Part = Literal["owner", "offered", "guest", "watch", "other"]

NOBODY: Final = Load(0, 0, 0, 0, [])


class Team:
    """Questions about the desk, answered from the newest views."""

    def __init__(self, journal: Journal) -> None:
        self.journal: Final = journal

    # --- people ----------------------------------------------------------------------------------

    @property
    def me(self) -> str:
        """My agent's id, "" before the first welcome."""
        return self.journal.welcome.me.id if self.journal.welcome else ""

    @property
    def supervises(self) -> bool:
        """Whether I may do what supervisors may."""
        return self.journal.welcome is not None and self.journal.welcome.me.title in ("supervisor", "admin")

    @property
    def is_trainee(self) -> bool:
        """Whether I still learn."""
        return self.journal.mine is not None and self.journal.mine.trainee

    @property
    def agents(self) -> list[Colleague]:
        """Everybody of the desk, me too."""
        return self.journal.team.agents if self.journal.team else []

    def colleague(self, agent: str) -> Colleague | None:
        """Somebody by their id."""
        return next((one for one in self.agents if one.agent == agent), None)

    def name(self, agent: str) -> SafeText:
        """Somebody's name; their id where nobody told it."""
        one = self.colleague(agent)
        return safe_line(one.name if one and one.name else agent)

    @property
    def load(self) -> Load | None:
        """My load."""
        return self.journal.mine.load if self.journal.mine else None

    # --- chats -----------------------------------------------------------------------------------

    def part(self, log: ChatLog) -> Part:
        """What this chat is to me."""
        mine = self.journal.mine
        if log.chat in self.journal.watched:
            return "watch"
        if log.head is not None and log.head.owner == self.me:
            return "owner"
        if mine is not None and any(offer.chat == log.chat for offer in mine.offers):
            return "offered"
        if mine is not None and log.chat in mine.guest_in:
            return "guest"
        # A chat that lost its owner and is still ours to read waits to be ours again.
        return "other" if log.head is not None and log.head.owner else "owner"

    def demand(self, log: ChatLog | None, now_ms: int) -> Demand:
        """What a chat asks of its owner, as well as can be told from here."""
        if log is None or log.head is None:
            return "waiting"
        due = 0 if waits_here(log) else log.head.promise_due
        if due and due - now_ms < 60_000:
            return "due"
        if due:
            return "promise"
        return "waiting" if log.head.waiting_since else "answered"

    def cost(self, log: ChatLog | None, now_ms: int) -> int:
        """Points this chat would add to somebody's load."""
        loads = [one.load for one in self.agents]
        if self.load is not None:
            loads.append(self.load)
        known = weights(loads)
        demand = self.demand(log, now_ms)
        return known.get(demand, USUAL[demand])

    def handing(self, log: ChatLog) -> kinds.Handoff | None:
        """The handoff of this chat that nobody answered yet."""
        for event in reversed(log.events):
            if event.kind in ("handoff_ended", "joined", "closed"):
                return None
            if event.kind == "handoff":
                return data_of(event, kinds.Handoff)
        return None

    def handoffs(self, log: ChatLog) -> int:
        """How often this chat was handed on, as far as its events are here."""
        ended = [data_of(event, kinds.HandoffEnded) for event in log.events if event.kind == "handoff_ended"]
        return sum(end is not None and end.how == "accepted" for end in ended)

    def guests(self, log: ChatLog) -> list[str]:
        """Ids of the colleagues who are invited into this chat now."""
        found: dict[str, None] = {}
        for event in log.events:
            if event.kind == "invited" and (invited := data_of(event, kinds.Invited)):
                found[invited.agent] = None
            elif event.kind == "uninvited" and (gone := data_of(event, kinds.Uninvited)):
                found.pop(gone.agent, None)
            elif event.kind == "closed":
                found.clear()
        return list(found)

    # --- what waits for me -----------------------------------------------------------------------

    @property
    def offers(self) -> list[Offer]:
        """Chats that wait for my yes or no, the most urgent first."""
        return sorted(self.journal.mine.offers, key=lambda offer: offer.until) if self.journal.mine else []

    def offer(self, selected: str) -> Offer | None:
        """The offer that a key means: the open chat's, else the most urgent."""
        offers = self.offers
        return next((offer for offer in offers if offer.chat == selected), offers[0] if offers else None)

    @property
    def wrap_ups(self) -> list[WrapUp]:
        """My times after closing, the one that ends first before the others."""
        return sorted(self.journal.mine.wrap_ups, key=lambda one: one.until) if self.journal.mine else []

    @property
    def silent(self) -> str:
        """The chat I did not react to, so that I am away; "" if that is not why."""
        mine = self.journal.mine
        return mine.silent if mine is not None and mine.status == "away" else ""

    def silent_ms(self, log: ChatLog | None) -> int:
        """How long I had that chat without reacting; 0 if its events do not tell."""
        joined = 0
        for event in log.events if log is not None else ():
            if event.kind == "joined" and event.by.id == self.me:
                joined = event.at
            elif event.kind == "unassigned" and joined:
                return event.at - joined
        return 0

    @property
    def alerts(self) -> list[Alert]:
        """What a supervisor should look at, the oldest first."""
        return sorted(self.journal.alerts.alerts, key=lambda alert: alert.at) if self.journal.alerts else []
