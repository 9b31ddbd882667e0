"""Who has which chat, by which decision, and never more than the cap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise

from server.desk.chat import Chat
from server.desk.events import Event, decode_data
from supportterm.protocol import frames, kinds

from .case import Case
from .host import DESKS, HARD_CAP
from .witness import STEERING, Witness


class Owners:
    """How each chat came to whoever has it."""

    def __init__(self, witness: Witness, log: dict[str, list[Event]], chats: Mapping[str, Chat]) -> None:
        self.witness = witness
        self.fail = witness.fail
        self.log = log
        self.chats = chats

    def given(self) -> None:
        """Nobody has a chat that was not offered, given or handed to them, or taken by them."""
        for chat, events in self.log.items():
            case = Case()
            for before, event in pairwise(events):
                asked = case.offered
                case.take(before)
                if event.kind == "joined":
                    self._joined(chat, before, event, case.offered or asked, case.promiser)
        for chat, events in self.log.items():
            if events and events[-1].kind == "routed":
                self.fail(f"{chat} ends with a decision that nobody joined by")

    def _joined(self, chat: str, routed: Event, joined: Event, asked: str, promiser: str) -> None:
        agent = joined.actor.removeprefix("agent:")
        if routed.kind != "routed":
            self.fail(f"{agent} has {chat} by no decision, but {routed.kind}")
            return
        data = decode_data(routed, kinds.Routed)
        found = self.witness.asked.get(joined.cid or routed.cid)
        command = found.command if found else None
        match data.how:
            case "load" | "last" if self.chats[chat].shop in DESKS["main"]:
                well = command is None
            case "load" | "last":
                well = isinstance(command, frames.Accept) and asked == agent
            case "handoff":
                well = isinstance(command, frames.Accept)
            case "hand":
                well = isinstance(command, frames.Take)
            case "callback":
                well = agent == promiser
            case "assign":
                well = isinstance(command, frames.Assign) and command.agent == agent
        by_right = (
            found is None or found.person == agent or (data.how == "assign" and found.person in STEERING)
        )
        if not (well and by_right and data.agent == agent):
            self.fail(f"{agent} has {chat} by {data.how}, but was asked: {asked or 'nobody'}; {found}")

    def caps(self, batch_of: dict[tuple[str, int], int]) -> None:
        """No offer brought anybody over the hard cap, counted anew from the log.

        Within one transaction the order of different chats is not known, so that its end is judged.
        """
        moves: defaultdict[int, list[tuple[str, str, bool]]] = defaultdict(list)
        for chat, events in self.log.items():
            case, batch = Case(), 0
            for event in events:
                owner = case.owner if case.state == "open" else ""
                case.take(event)
                now = case.owner if case.state == "open" else ""
                batch = batch_of.get((event.stream, event.seq), batch)
                if owner != now:
                    by_offer = event.kind == "joined" and self._by_offer(chat, event)
                    moves[batch].append((owner, now, by_offer))
        has: Counter[str] = Counter()
        for batch in sorted(moves):
            offered: Counter[str] = Counter()
            otherwise: Counter[str] = Counter()
            for before, after, by_offer in moves[batch]:
                has[before] -= 1
                has[after] += 1
                (offered if by_offer else otherwise)[after] += 1
            for agent in offered:
                if has[agent] - otherwise[agent] > HARD_CAP:
                    self.fail(f"{agent} has {has[agent]} chats by an offer, more than the cap of {HARD_CAP}")

    def _by_offer(self, chat: str, joined: Event) -> bool:
        routed = self.log[chat][joined.seq - 2]
        return routed.kind == "routed" and decode_data(routed, kinds.Routed).how != "assign"
