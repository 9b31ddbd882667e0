"""People come and go in any order while time passes; what must hold, holds after every step."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from server.desk.chat import Chat
from server.desk.commands import CLOCK, Arrive, Command, Due, Erase, Leave, Person, Retire
from server.desk.decision import Decided, Refused, Repeated
from server.desk.desk import Desk
from server.desk.events import CUSTOMER, Event, decode_data
from server.desk.rules import Rules
from supportterm.protocol import frames, kinds

from .story import Story, chat_of, new_id, picture

LIMITED = Rules(chat_limit=2, presence_grace_ms=20_000, reopen_ms=300_000, idle_close_ms=600_000)
CUSTOMERS = [Person("customer", f"customer-{n}", shop="bikes") for n in range(5)]
AGENTS = [
    Person("agent", "mia", "Mia"),
    Person("agent", "tom", "Tom"),
    Person("agent", "pia", "Pia", limit=1),
]

customers = st.sampled_from(CUSTOMERS)
agents = st.sampled_from(AGENTS)
people = st.one_of(customers, agents)
nth = st.integers(1, 2)


class Desks(RuleBasedStateMachine):
    """One desk under any sequence of commands."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(LIMITED)
        self.asked: list[tuple[Person, Command, Decided | Repeated]] = []
        self.snapshot: tuple[int, bytes] | None = None
        self.retired: set[str] = set()

    def ask(self, who: Person, command: Command) -> None:
        desk = self.story.desk
        before = picture(desk)
        loads = {agent.id: len(agent.chats) for agent in desk.agents.values()}
        queued = [chat for _, chat in desk.queue]
        decision = self.story.ask(who, command)
        if isinstance(decision, Decided):
            self.offers_are_fair(decision.events, loads, queued)
        else:
            assert picture(desk) == before
        if not isinstance(decision, Refused) and hasattr(command, "id"):
            self.asked.append((who, command, decision))

    def offers_are_fair(self, events: list[Event], loads: dict[str, int], queued: list[str]) -> None:
        """No offer to who is absent, away, retired or full; the queue's first goes first."""
        offered = [event.chat for event in events if event.kind == "routed"]
        in_order = [chat for chat in queued if chat in offered]
        assert [chat for chat in offered if chat in queued] == in_order
        left = {chat for _, chat in self.story.desk.queue}
        if in_order:
            stay = [chat for chat in queued if chat in left]
            assert not stay or queued.index(in_order[-1]) < queued.index(stay[0])
        for event in events:
            if event.kind == "routed":
                agent = self.story.desk.agents[kinds_data(event).agent]
                limit = agent.limit or LIMITED.chat_limit
                assert agent.present
                assert not agent.retired
                assert agent.status == "online"
                assert kinds_data(event).open < limit
                assert len(agent.chats) <= max(limit, loads.get(agent.id, 0))

    # --- what happens ------------------------------------------------------------------------------

    @rule(who=people, owner=customers, n=nth, page=st.sampled_from(["", "https://bikes.example/"]))
    def opens(self, who: Person, owner: Person, n: int, page: str) -> None:
        self.ask(who, frames.Open(new_id(), chat_of(owner, n), "en", page))

    @rule(who=customers, n=nth)
    def opens_own(self, who: Person, n: int) -> None:
        self.ask(who, frames.Open(new_id(), chat_of(who, n), "en"))

    @rule(who=people, owner=customers, n=nth, text=st.sampled_from(["Hello", "Well?", " "]))
    def writes(self, who: Person, owner: Person, n: int, text: str) -> None:
        self.ask(who, frames.Say(new_id(), chat_of(owner, n), text))

    @rule(who=people, owner=customers, n=nth)
    def notes(self, who: Person, owner: Person, n: int) -> None:
        self.ask(who, frames.Note(new_id(), chat_of(owner, n), "Hm"))

    @rule(who=people, owner=customers, n=nth)
    def closes(self, who: Person, owner: Person, n: int) -> None:
        self.ask(who, frames.CloseChat(new_id(), chat_of(owner, n)))

    @rule(who=people, owner=customers, n=nth)
    def reopens(self, who: Person, owner: Person, n: int) -> None:
        self.ask(who, frames.Reopen(new_id(), chat_of(owner, n)))

    @rule(who=people, status=st.sampled_from(["online", "away"]))
    def sets_status(self, who: Person, status: frames.Status) -> None:
        self.ask(who, frames.SetStatus(new_id(), status))

    @rule(who=agents)
    def comes(self, who: Person) -> None:
        self.retired.discard(who.id)
        self.story.arrive(who)

    @rule(who=agents)
    def goes(self, who: Person) -> None:
        self.ask(who, Leave())

    @rule(who=agents)
    def is_disabled(self, who: Person) -> None:
        self.retired.add(who.id)
        self.ask(CLOCK, Retire(who.id))

    @rule(owner=customers, n=nth)
    def is_erased(self, owner: Person, n: int) -> None:
        self.ask(CLOCK, Erase(chat_of(owner, n)))

    @rule(ms=st.sampled_from([1, 1_000, 20_000, 301_000, 600_000]))
    def time_passes(self, ms: int) -> None:
        self.story.tick(ms)
        due = self.story.desk.next_due()
        if due is not None and due <= self.story.run:
            self.ask(CLOCK, Due())
            after = self.story.desk.next_due()
            assert after is None or after > self.story.run

    @rule(ms=st.sampled_from([-3_600_000, -1, 3_600_000]))
    def the_wall_clock_steps(self, ms: int) -> None:
        due = self.story.desk.next_due()
        self.story.at += ms
        assert self.story.desk.next_due() == due

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def repeats(self, data: st.DataObject) -> None:
        who, command, first = data.draw(st.sampled_from(self.asked))
        before = picture(self.story.desk)
        again = self.story.ask(who, command)
        if isinstance(command, frames.SetStatus):
            return
        assert picture(self.story.desk) == before
        assert isinstance(again, Repeated)
        own = first if isinstance(first, Repeated) else numbers_of(first, command.id)  # type: ignore[union-attr]
        assert again == own

    @rule()
    def is_frozen(self) -> None:
        self.snapshot = (self.story.desk.seq, self.story.desk.snapshot())

    @rule()
    def restarts(self) -> None:
        """What is present is not stored, and comes again."""
        desk = self.folded()
        for agent in AGENTS:
            known = self.story.desk.agents.get(agent.id)
            if known is not None and known.present:
                self.story.log += desk.decide(agent, Arrive(), self.story.now).events  # type: ignore[union-attr]
        self.story.desk = desk

    # --- what must hold ----------------------------------------------------------------------------

    @invariant()
    def each_open_chat_has_one_owner_or_a_place_in_the_queue(self) -> None:
        desk = self.story.desk
        queued = [chat for _, chat in desk.queue]
        assert desk.queue == sorted(desk.queue)
        assert len(queued) == len(set(queued))
        owned = [chat for agent in desk.agents.values() for chat in agent.chats]
        assert len(owned) == len(set(owned))
        for chat in desk.chats.values():
            assert (chat.id in queued) == (chat.state == "queued")
            assert (chat.id in owned) == (chat.state == "open")
            if chat.state == "open":
                assert chat.id in desk.agents[chat.owner].chats
            if chat.state == "queued":
                assert chat.owner == ""
                assert (chat.queued_at, chat.id) in desk.queue
            else:
                assert chat.queued_at == 0
        assert set(queued) | set(owned) <= set(desk.chats)

    @invariant()
    def a_customer_has_at_most_one_open_chat(self) -> None:
        running = [chat.customer for chat in self.story.desk.chats.values() if chat.state != "closed"]
        assert len(running) == len(set(running))

    @invariant()
    def nobody_waits_while_somebody_is_free(self) -> None:
        desk = self.story.desk
        assert not desk.queue or not any(desk._free(agent) for agent in desk.agents.values())

    @invariant()
    def numbers_have_no_holes(self) -> None:
        seqs: dict[str, int] = {}
        pubs: dict[str, int] = {}
        times: dict[str, int] = {}
        for event in self.story.log:
            stream = event.stream
            assert event.seq == seqs.get(stream, 0) + 1
            seqs[stream] = event.seq
            assert event.at >= times.get(stream, 0)
            times[stream] = event.at
            if event.kind in kinds.HIDDEN or stream == "desk:main":
                assert event.pub == 0
            else:
                assert event.pub == pubs.get(stream, 0) + 1
                pubs[stream] = event.pub

    @invariant()
    def folding_again_gives_the_same(self) -> None:
        desk, folded = self.story.desk, self.folded()
        same = ("seq", "at", "queue")
        assert {name: getattr(folded, name) for name in same} == {name: getattr(desk, name) for name in same}
        for chat in desk.chats.values():
            other = folded.chats[chat.id]
            assert fields(other) == fields(chat)
        for agent in desk.agents.values():
            other_agent = folded.agents.get(agent.id)
            if other_agent is None:
                assert (agent.status, agent.offered_at, agent.chats) == ("online", 0, set())
            else:
                assert (agent.status, agent.chats) == (other_agent.status, other_agent.chats)
                assert agent.offered_at == other_agent.offered_at

    def folded(self) -> Desk:
        """The desk from its log, as a restart makes it."""
        story = self.story
        desk = Desk("main", LIMITED)
        if self.snapshot is not None:
            desk.restore(*self.snapshot)
        chats: dict[str, list[Event]] = {}
        for event in story.log:
            if event.stream != "desk:main":
                chats.setdefault(event.chat, []).append(event)
            elif event.seq > desk.seq:
                desk.apply(event)
        for chat, events in chats.items():
            customer = story.desk.chats[chat].customer
            erased = any(event.kind == "erased" for event in events)
            stored = [without_text(event) for event in events] if erased else events
            desk.load(chat, customer, stored, story.now)
        return desk


def without_text(event: Event) -> Event:
    """As the log gives back an event of an erased chat."""
    return replace(event, text="", digest=b"", erased=True)


def fields(chat: Chat) -> dict[str, object]:
    known = {name: getattr(chat, name) for name in Chat.__slots__ if name != "cids"}
    # What an erased text leaves of a digest is the store's to say.
    return known | {"cids": {cid: numbers[:3] for cid, numbers in chat.cids.items()}}


def numbers_of(decision: Decided, cid: str) -> Repeated:
    event = next(event for event in decision.events if event.cid == cid)
    assert event.actor == CUSTOMER or event.actor.startswith("agent:")
    return Repeated(event.seq, event.pub)


def kinds_data(event: Event) -> kinds.Routed:
    return decode_data(event, kinds.Routed)


TestDesks = Desks.TestCase
TestDesks.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
