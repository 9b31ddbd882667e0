"""What feeds keep beside the chats always says what the chats say."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from server.desk.commands import CLOCK, Arrive, Command, Due, Erase, Leave, Person, Retire
from server.desk.decision import Decided
from server.desk.events import Event
from server.feeds import TAIL, Cursor, Feed, Feeds
from supportterm.protocol import frames
from tests.desk.story import RULES as STORY_RULES
from tests.desk.story import Story, chat_of, new_id

from .reader import Reader

RULES = replace(STORY_RULES, reopen_ms=300_000, idle_close_ms=600_000)
CUSTOMERS = [Person("customer", f"customer-{n}", shop="bikes") for n in range(3)]
AGENTS = [Person("agent", "mia", "Mia"), Person("agent", "tom", "Tom")]
PAGE = 10

customers = st.sampled_from(CUSTOMERS)
agents = st.sampled_from(AGENTS)
nth = st.integers(1, 2)


class Reading:
    """One subscription and where it began."""

    def __init__(self, feed: Feed, public: bool, have: int) -> None:
        self.outlet = Reader()
        self.have = have
        self.cursor = Cursor(feed, self.outlet, public, have)


class Published(RuleBasedStateMachine):
    """Commands are decided, published in batches, and read by cursors that stop and go on."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(RULES)
        self.feeds = Feeds(self.pages_wanted)
        self.feeds.on_moved = self.heard
        self.published = 0
        self.wanted: list[Cursor] = []
        self.readings: list[Reading] = []
        self.stopped: list[Reading] = []
        self.heard_readers: dict[str, frozenset[str]] = {}
        self.last_live: dict[str, str] = {}
        self.left: set[str] = set()

    def pages_wanted(self, cursor: Cursor) -> None:
        assert cursor not in self.wanted
        self.wanted.append(cursor)

    def heard(self, feed: Feed, before: frozenset[str]) -> None:
        """Every change of who may read is heard of, from what was heard before."""
        assert self.heard_readers.get(feed.chat.id, frozenset()) == before
        self.heard_readers[feed.chat.id] = feed.chat.readers

    def ask(self, who: Person, command: Command) -> None:
        self.load(getattr(command, "chat", ""))
        decision = self.story.ask(who, command)
        if isinstance(decision, Decided):
            for event in decision.events:
                if event.kind in {"opened", "reopened"}:
                    self.last_live[self.story.desk.chats[event.chat].customer] = event.chat

    def stored(self, chat: str) -> list[Event]:
        """The log of a chat as far as it is published, as a store gives it back."""
        events = [event for event in self.story.log[: self.published] if event.stream == "chat:" + chat]
        erased = max((event.seq for event in events if event.kind == "erased"), default=0)
        return [event if event.seq > erased else without_text(event) for event in events]

    @rule(who=customers, n=nth)
    def opens(self, who: Person, n: int) -> None:
        self.ask(who, frames.Open(new_id(), chat_of(who, n)))

    @rule(who=customers, n=nth, times=st.sampled_from([1, 5, TAIL]))
    def writes(self, who: Person, n: int, times: int) -> None:
        for _ in range(times):
            self.ask(who, frames.Say(new_id(), chat_of(who, n), "Hello"))

    @rule(who=agents, owner=customers, n=nth)
    def notes(self, who: Person, owner: Person, n: int) -> None:
        self.ask(who, frames.Note(new_id(), chat_of(owner, n), "Hm"))

    @rule(who=st.one_of(customers, agents), owner=customers, n=nth)
    def closes(self, who: Person, owner: Person, n: int) -> None:
        self.ask(who, frames.CloseChat(new_id(), chat_of(owner, n)))

    @rule(who=customers, n=nth)
    def reopens(self, who: Person, n: int) -> None:
        self.ask(who, frames.Reopen(new_id(), chat_of(who, n)))

    @rule(who=agents, command=st.sampled_from([Arrive(), Leave(), Retire("mia"), Retire("tom")]))
    def comes_or_goes(self, who: Person, command: Command) -> None:
        self.ask(CLOCK if isinstance(command, Retire) else who, command)

    @rule(owner=customers, n=nth)
    def is_erased(self, owner: Person, n: int) -> None:
        self.ask(CLOCK, Erase(chat_of(owner, n)))

    @rule(ms=st.sampled_from([1_000, 20_000, 600_000]))
    def time_passes(self, ms: int) -> None:
        self.story.tick(ms)
        self.ask(CLOCK, Due())

    @rule()
    def batch_is_stored(self) -> None:
        events = self.story.log[self.published :]
        self.published = len(self.story.log)
        chats = self.story.desk.chats
        own = "desk:main"
        self.feeds.publish([(event, chats[event.chat].customer) for event in events if event.stream != own])

    @rule(owner=customers, n=nth)
    def leaves_memory(self, owner: Person, n: int) -> None:
        feed = self.feeds.get(chat_of(owner, n))
        if feed is not None and not feed.cursors and self.published == len(self.story.log):
            self.feeds.drop(chat_of(owner, n))
            if feed.chat.state != "closed":
                self.feeds.add(feed.chat)  # only closed chats leave for long
            else:
                self.left.add(feed.chat.id)

    @rule(owner=customers, n=nth)
    def comes_back_to_memory(self, owner: Person, n: int) -> None:
        self.load(chat_of(owner, n))

    def load(self, name: str) -> None:
        """What left memory comes back before anything is decided about it; a new chat never left."""
        chat = self.story.desk.chats.get(name)
        if chat is not None and name in self.left:
            self.left.remove(name)
            self.feeds.add(chat)
            self.heard_readers[name] = chat.readers

    @rule(owner=customers, n=nth, public=st.booleans(), share=st.floats(0, 1), full=st.integers(0, 3))
    def begins_to_read(self, owner: Person, n: int, public: bool, share: float, full: int) -> None:
        feed = self.feeds.get(chat_of(owner, n))
        if feed is not None:
            last = feed.chat.pub if public else feed.chat.seq
            reading = Reading(feed, public, int(last * share))
            reading.outlet.room = full or -1
            self.readings.append(reading)
            feed.cursors.append(reading.cursor)
            self.feeds.pump(reading.cursor)

    @precondition(lambda self: self.readings)
    @rule(data=st.data(), room=st.integers(0, 80))
    def has_room_again(self, data: st.DataObject, room: int) -> None:
        reading = data.draw(st.sampled_from(self.readings))
        reading.outlet.paused, reading.outlet.room = False, room or -1
        self.feeds.pump(reading.cursor)

    @precondition(lambda self: self.readings)
    @rule(data=st.data())
    def stops_reading(self, data: st.DataObject) -> None:
        reading = data.draw(st.sampled_from(self.readings))
        self.feeds.drop_cursor(reading.cursor)
        reading.outlet.events.clear()
        self.readings.remove(reading)
        self.stopped.append(reading)

    @precondition(lambda self: self.wanted)
    @rule()
    def a_page_arrives(self) -> None:
        cursor = self.wanted.pop(0)
        cursor.reading = False
        if cursor.dropped:
            return
        chat = cursor.feed.chat.id
        numbered = [(event.pub if cursor.public else event.seq, event) for event in self.stored(chat)]
        for number, event in [one for one in numbered if one[0] > cursor.at][:PAGE]:
            if cursor.outlet.paused:
                break
            cursor.outlet.send(self.feeds.encode(event, cursor.public))
            cursor.at = number
        self.feeds.pump(cursor)

    # --- what must hold ------------------------------------------------------------------------------

    @invariant()
    def indexes_equal_a_recomputation(self) -> None:
        feeds = list(self.feeds.all())
        for agent in AGENTS:
            theirs = {feed.chat.id for feed in self.feeds.read_by(agent.id)}
            assert theirs == {feed.chat.id for feed in feeds if agent.id in feed.chat.readers}
        for feed in feeds:
            current = self.feeds.newest_of(feed.chat.customer)
            if feed.chat.state != "closed":
                assert current is feed
        if self.published == len(self.story.log):
            for customer in CUSTOMERS:
                current = self.feeds.newest_of(customer.id)
                assert current is None or current.chat.id == self.last_live[customer.id]
                assert current is None or self.feeds.get(current.chat.id) is current

    @invariant()
    def chats_are_what_their_events_made(self) -> None:
        for feed in self.feeds.all():
            assert feed.chat.seq == len(self.stored(feed.chat.id))
            if self.published == len(self.story.log):
                chat = self.story.desk.chats[feed.chat.id]
                for name in ("state", "owner", "owner_name", "seq", "pub", "waiting_since", "queued_at"):
                    assert getattr(feed.chat, name) == getattr(chat, name)

    @invariant()
    def readers_read_all_of_it_in_order(self) -> None:
        for reading in self.readings:
            cursor = reading.cursor
            got = reading.outlet.numbers()
            assert got == list(range(reading.have + 1, cursor.at + 1))
            if not reading.outlet.paused and not cursor.reading:
                assert not cursor.behind

    @invariant()
    def who_stopped_is_sent_nothing(self) -> None:
        assert all(reading.outlet.events == [] for reading in self.stopped)

    @invariant()
    def erased_texts_are_in_no_tail(self) -> None:
        for feed in self.feeds.all():
            stored = {event.seq: event.text for event in self.stored(feed.chat.id)}
            for event in feed.staff.events + feed.public.events:
                assert event.text == stored[event.seq]


def without_text(event: Event) -> Event:
    return Event(
        event.stream, event.seq, event.pub, event.at, event.kind, event.actor, event.name, data=event.data
    )


TestPublished = Published.TestCase
TestPublished.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
