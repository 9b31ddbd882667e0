"""What a desk's events say, kept apart from the desk: to check its decisions against, one event at a time.

Chats are folded by `Chat` itself; everything a desk indexes, times or weighs is found anew here.
"""

from __future__ import annotations

from math import ceil

from server.desk.agent import Member
from server.desk.chat import Chat
from server.desk.events import CUSTOMER, Event, decode_data
from server.desk.queue import kind_of
from server.desk.records import Ceiling, Paces, Status
from server.desk.rules import Now, Rules
from supportterm.protocol import kinds

LAST_MINUTE = 60_000


class Shadow:
    """Chats and agents after the events `see` was told of, and the moments on the running clock."""

    def __init__(self, rules: Rules, team: dict[str, Member]) -> None:
        self.rules = rules
        self.team = team
        self.chats: dict[str, Chat] = {}
        self.status = dict.fromkeys(team, "online")
        self.ceilings = dict.fromkeys(team, 0)
        #: How much of the team's time the replies of who is slower take.
        self.slower: dict[str, int] = {}
        self.present: set[str] = set()
        self.quiet_from: dict[str, int] = {}
        self.promise: dict[str, int] = {}
        self.wrap: dict[str, int] = {}
        #: Who let which chat pass since it began to wait.
        self.passed: set[tuple[str, str]] = set()
        #: Promises that run, by what the log said of them.
        self.given: dict[str, int] = {}
        #: The chat whose promise was withdrawn by the event before this one, and whether it had to be closed.
        self.withdrawn = ""
        self.closing = False
        #: Since when whose page is gone.
        self.away: dict[str, int] = {}

    # --- seeing ----------------------------------------------------------------------------------

    def see(self, event: Event, customer: str, now: Now) -> None:
        """One event; of a chat's own decisions it is checked whether they were allowed."""
        if event.stream.startswith("desk:"):
            self._see_own(event)
            return
        chat = self.chats.setdefault(event.chat, Chat(event.chat, customer))
        if self.closing:
            assert (event.chat, event.kind in ("closed", "left")) == (self.withdrawn, True), (
                "withdrawn by nothing"
            )
        match event.kind:
            case "offered":
                agent = decode_data(event, kinds.Offered).agent
                self._may_be_offered(chat, agent, now.run)
                if chat.state == "queued":
                    self._is_first(chat, agent)
            case "routed":
                self._routed(chat, decode_data(event, kinds.Routed), now.run)
            case "promise_ended":
                assert chat.id in self.given, "a promise ended that nobody gave"
                ended, due = decode_data(event, kinds.PromiseEnded), self.promise[chat.id]
                how = ended.how
                had_left = now.run >= due and self.had_left(chat, due)
                assert ended.gone == (how == "withdrawn" and had_left), "gone, or not"
                assert how != "broken" or not had_left, "broken for who had left"
                assert how != "kept" or now.run < due, "kept after its time"
                assert how != "broken" or now.run >= due, "broken before its time"
                del self.given[chat.id]
                self.withdrawn = chat.id if how == "withdrawn" else ""
                self.closing = how == "withdrawn" and not ended.gone
            case "page_back":
                waits = decode_data(event, kinds.PageBack).waits
                assert waits == (bool(chat.lapsed_at) and not chat.waiting_since)
            case "closed":
                assert chat.id not in self.given, "a promise disappeared"
                self._may_end(chat, decode_data(event, kinds.Closed).reason)
            case "joined":
                assert self.team[event.actor.removeprefix("agent:")].disabled is False
            case _:
                pass
        if event.kind != "promise_ended":
            self.withdrawn, self.closing = "", False
        chat.apply(event)
        self._time(chat, event, now)

    def _see_own(self, event: Event) -> None:
        if event.kind == "status":
            status = decode_data(event, Status)
            self.status[status.agent] = status.status
            if status.status == "online":
                self.passed = {one for one in self.passed if one[1] != status.agent}
        elif event.kind == "ceiling":
            ceiling = decode_data(event, Ceiling)
            self.ceilings[ceiling.agent] = ceiling.ceiling
        elif event.kind == "paces":
            self.slower = decode_data(event, Paces).slower

    def _time(self, chat: Chat, event: Event, now: Now) -> None:
        rules, name = self.rules, chat.id
        match event.kind:
            case "message" | "opened" | "joined" | "reopened":
                self.quiet_from[name] = now.run + rules.quiet_ms
            case "promised" | "promise_extended":
                due = decode_data(event, kinds.Promised).due_at
                self.given[name], self.promise[name] = due, now.run + due - now.at
            case "promise_moved":
                self.given[name] = decode_data(event, kinds.PromiseMoved).due_at
            case "page_gone":
                self.away[name] = now.run
            case "offer_ended":
                ended = decode_data(event, kinds.OfferEnded)
                if ended.reason != "withdrawn":
                    self.passed.add((name, ended.agent))
            case "closed":
                if chat.owner in self.present and chat.closed_for in ("agent", "customer", "abuse"):
                    self.wrap[name] = now.run + self._breather(chat)
            case "breathed":
                more = decode_data(event, kinds.Breathed).act == "extend"
                self.wrap[name] = self.wrap[name] + self._breather(chat) if more else 0
            case _:
                pass
        if event.kind in ("joined", "closed"):
            self.passed = {one for one in self.passed if one[0] != name}
        if event.kind == "reopened":
            self.wrap.pop(name, None)
        if not chat.page_gone:
            self.away.pop(name, None)
        assert chat.promise_due == self.given.get(name, 0)

    def had_left(self, chat: Chat, due: int) -> bool:
        """Whether the customer had been gone for so long by then that a chat would be closed for it."""
        reached = chat.callback or chat.left_due
        return chat.id in self.away and not reached and due - self.away[chat.id] >= self.rules.gone_close_ms

    def _breather(self, chat: Chat) -> int:
        return self.rules.abuse_breather_ms if chat.closed_for == "abuse" else self.rules.breather_ms

    def restarted(self, now: Now, wraps: dict[str, int]) -> None:
        """The desk was folded anew: what the log tells the time of goes on, the rest begins again."""
        self.passed.clear()
        self.wrap = wraps
        for name, chat in self.chats.items():
            said = max(0, now.at - chat.at)
            self.quiet_from[name] = now.run + max(0, self.rules.quiet_ms - said)
            if name in self.given:
                self.promise[name] = now.run + self.given[name] - now.at
            if name in self.away:
                self.away[name] = now.run - max(0, now.at - chat.page_gone_at)

    # --- weighing --------------------------------------------------------------------------------

    def owned(self, agent: str) -> list[Chat]:
        """The agent's chats that are not closed."""
        return [chat for chat in self.chats.values() if chat.owner == agent and chat.state == "open"]

    def points(self, agent: str, run: int) -> int:
        """The agent's load, by the table of the rules."""
        weights = self.rules.weights
        found = 0
        for chat in self.owned(agent):
            left = self.promise.get(chat.id, 0) - run
            far = chat.promise_due - chat.promise_at > self.rules.far_promise_ms
            sleeps = far and left > self.rules.near_promise_ms
            if chat.promise_due and left <= LAST_MINUTE:
                found += weights.due
            elif chat.promise_due and not sleeps:
                found += weights.promise
            elif chat.waiting_since:
                found += weights.waiting
            elif not chat.promise_due:
                found += weights.quiet if run >= self.quiet_from[chat.id] else weights.answered
        for name, until in self.wrap.items():
            chat = self.chats[name]
            if until > run and chat.state == "closed" and chat.owner == agent:
                found += weights.closing
        return found

    def ceiling(self, agent: str) -> int:
        """Of today, of their own, or the usual one, lower for who needs longer."""
        member, usual = self.team[agent], self.rules.ceiling
        if member.trainee:
            usual = self.rules.trainee_ceiling
        elif agent in self.slower:
            by_pace = round(usual * (10 / self.slower[agent]) ** 0.75 / 10) * 10
            usual = max(by_pace, ceil(usual * 7 / 100) * 10, self.rules.weights.waiting)
        return self.ceilings[agent] or member.ceiling or usual

    def cap(self, agent: str) -> int:
        """Chats at once."""
        member = self.team[agent]
        return member.cap or (self.rules.trainee_cap if member.trainee else self.rules.cap)

    # --- what the desk may decide ----------------------------------------------------------------

    def _routed(self, chat: Chat, routed: kinds.Routed, run: int) -> None:
        agent = routed.agent
        assert routed.points == self.points(agent, run)
        assert routed.points == sum(part.points for part in routed.parts)
        assert routed.ceiling == self.ceiling(agent)
        assert (routed.chats, routed.cap) == (len(self.owned(agent)), self.cap(agent))
        assert routed.agent != chat.owner or chat.state == "queued"
        if routed.how != "assign":
            assert routed.chats < routed.cap, "over the cap without a supervisor"
        if routed.how in ("load", "last") and self.rules.auto_accept:
            self._may_be_offered(chat, agent, run)
            self._is_first(chat, agent)
        elif routed.how == "load":
            assert chat.offered == agent
        if routed.how == "hand":
            over = routed.points + self.rules.weights.waiting > routed.ceiling
            assert routed.sure == over

    def _may_be_offered(self, chat: Chat, agent: str, run: int) -> None:
        member = self.team[agent]
        skill = chat.handoff.skill if chat.handoff else chat.skill
        assert agent in self.present, "offered to who is not there"
        assert self.status[agent] == "online"
        assert not member.disabled
        assert not skill or skill in member.skills
        assert self.speaks(member, chat)
        assert len(self.owned(agent)) < self.cap(agent)
        assert self.points(agent, run) + self.rules.weights.waiting <= self.ceiling(agent)
        abused = [one for one in self.chats.values() if one.owner == agent and one.closed_for == "abuse"]
        assert not any(self.wrap.get(one.id, 0) > run for one in abused), "offered in the time after abuse"

    def _may_end(self, chat: Chat, reason: str) -> None:
        """For a page that is gone, or a customer who did not answer, only when nothing was owed to them."""
        if reason == "gone":
            assert chat.page_gone
            assert chat.state != "open" or not chat.waiting_since
            assert self.withdrawn != chat.id, "closed over a promise"

    def speaks(self, member: Member, chat: Chat) -> bool:
        """Whether they have one of the chat's languages, where anybody has."""
        wanted = {one.split("-")[0] for one in chat.langs}
        able = [one for one in self.team.values() if not one.disabled and wanted & set(one.languages)]
        return not wanted or not able or not member.languages or bool(wanted & set(member.languages))

    def _is_first(self, chat: Chat, agent: str) -> None:
        """Nobody of the same line, who came before, still waits for an offer this agent could get."""
        for other in self.chats.values():
            if other.state != "queued" or other.offered or kind_of(other) != kind_of(chat):
                continue
            if (other.id, agent) not in self.passed:
                assert place_of(other) >= place_of(chat), "somebody waited longer"


def place_of(chat: Chat) -> tuple[int, bool, int, str]:
    """Higher priority first, then who had an agent before, then who came first."""
    return (-chat.priority, not chat.returned, chat.queued_at, chat.id)


def opened_by_customer(event: Event) -> bool:
    """Whether a customer began or took up a chat by it."""
    return event.kind in ("opened", "reopened") and event.actor == CUSTOMER
