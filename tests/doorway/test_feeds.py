"""Tails, cursors and what readers are sent."""

from __future__ import annotations

import logging

import pytest

from server.desk.chat import Chat
from server.desk.commands import CLOCK, Erase, Retire
from server.desk.events import Event
from server.feeds import TAIL, Cursor, Feed, Feeds, to_frame
from supportterm.protocol import frames
from tests.desk.story import ANNA, BEN, MIA, TOM, Story, chat_of, new_id

from .reader import Reader


class Shown:
    """A story whose events are published as they are decided."""

    def __init__(self) -> None:
        self.story = Story()
        self.feeds = Feeds(self._wanted)
        self.wanted: list[Cursor] = []
        self.moves: list[tuple[str, frozenset[str]]] = []
        self.feeds.on_moved = lambda feed, readers: self.moves.append((feed.chat.id, readers))
        self._published = 0

    def _wanted(self, cursor: Cursor) -> None:
        self.wanted.append(cursor)

    def publish(self) -> None:
        """Let readers see what was decided since the last time, as one batch."""
        events = self.story.log[self._published :]
        self._published = len(self.story.log)
        chats = self.story.desk.chats
        self.feeds.publish(
            [(event, chats[event.chat].customer) for event in events if event.stream != "desk:main"]
        )

    def open(self, *, answered: bool = True) -> Feed:
        if answered:
            self.story.arrive(MIA)
        self.story.open(ANNA)
        self.publish()
        return self.feed()

    def feed(self, chat: str = chat_of(ANNA)) -> Feed:
        feed = self.feeds.get(chat)
        assert feed is not None
        return feed

    def read(self, public: bool, at: int = 0) -> tuple[Reader, Cursor]:
        reader = Reader()
        cursor = Cursor(self.feed(), reader, public, at)
        self.feed().cursors.append(cursor)
        self.feeds.pump(cursor)
        return reader, cursor


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_each_audience_reads_its_own_numbers(shown: Shown) -> None:
    feed = shown.open()
    customer, _ = shown.read(public=True)
    agent, _ = shown.read(public=False)
    assert [event.kind for event in agent.events] == ["opened", "routed", "joined"]
    assert [(event.seq, event.kind) for event in customer.events] == [(1, "opened"), (2, "joined")]
    shown.story.do(MIA, frames.Note("note-id-00000000", feed.chat.id, "hidden"))
    shown.story.do(MIA, frames.Say("agent-id-0000000", feed.chat.id, "Hello"))
    shown.story.do(ANNA, frames.Say("anna-id-00000000", feed.chat.id, "Hi"))
    shown.publish()
    assert [(event.seq, event.pub, event.id) for event in agent.events[3:]] == [
        (4, 0, "note-id-00000000"),
        (5, 3, "agent-id-0000000"),
        (6, 4, ""),
    ]
    assert [(event.seq, event.pub, event.id) for event in customer.events[2:]] == [
        (3, 0, ""),
        (4, 0, "anna-id-00000000"),
    ]
    assert customer.events[2].by == frames.By("agent", "Mia")
    assert agent.events[4].by == frames.By("agent", "Mia", "mia")
    assert agent.events[0].by == frames.By("customer")


def test_empty_data_is_left_out() -> None:
    plain = Event("chat:x", 1, 1, 5, "message", "customer", text="Hi")
    assert b"data" not in _json(plain)
    assert b"data" not in _json(Event("chat:x", 1, 1, 5, "message", "customer", data=b"{}"))
    assert b'"data":{"masked":1}' in _json(Event("chat:x", 1, 1, 5, "message", "desk", data=b'{"masked":1}'))


def _json(event: Event) -> bytes:
    return Feeds.encode(event, public=True)


def test_the_head_is_what_events_made(shown: Shown) -> None:
    feed = shown.open()
    head = feed.head(public=False)
    assert (head.state, head.shop, head.lang, head.agent) == ("open", "bikes", "en", "Mia")
    assert head.waiting_since == head.opened_at > 0
    assert feed.head(public=True).waiting_since == 0


def test_a_full_reader_waits_and_goes_on(shown: Shown) -> None:
    feed = shown.open()
    reader, cursor = shown.read(public=True)
    reader.room = 2
    for _ in range(5):
        shown.story.say(ANNA, feed.chat)
    shown.publish()
    assert reader.numbers() == [1, 2, 3, 4]
    shown.story.say(ANNA, feed.chat)
    shown.publish()
    assert reader.numbers() == [1, 2, 3, 4]
    reader.paused, reader.room = False, -1
    shown.feeds.pump(cursor)
    assert reader.numbers() == list(range(1, 9))
    assert shown.wanted == []


def test_who_is_behind_the_tail_reads_pages(shown: Shown) -> None:
    feed = shown.open()
    for _ in range(TAIL * 2):
        shown.story.say(ANNA, feed.chat)
    shown.publish()
    reader, cursor = shown.read(public=True)
    assert (shown.wanted, reader.events, cursor.reading) == ([cursor], [], True)
    shown.story.say(ANNA, feed.chat)
    shown.publish()
    assert (shown.wanted, reader.events) == ([cursor], [])
    # The page came: from here on the tail has everything.
    cursor.at, cursor.reading = feed.public.first - 1, False
    shown.feeds.pump(cursor)
    assert reader.numbers() == list(range(feed.public.first, feed.chat.pub + 1))


def test_a_tail_is_bounded(shown: Shown) -> None:
    feed = shown.open()
    for _ in range(10 * TAIL):
        shown.story.say(ANNA, feed.chat)
        shown.publish()
        assert len(feed.staff.events) == len(feed.staff.frames) <= TAIL
        assert feed.staff.first + len(feed.staff.events) - 1 == feed.chat.seq
        assert feed.public.first + len(feed.public.events) - 1 == feed.chat.pub


def test_a_frame_is_encoded_once_for_all(shown: Shown) -> None:
    feed = shown.open()
    for _ in range(3):
        shown.read(public=True)
    made = list(feed.public.frames)
    shown.read(public=True)
    assert all(new is old for new, old in zip(feed.public.frames, made, strict=True))


def test_an_erased_text_leaves_the_tails(shown: Shown) -> None:
    feed = shown.open()
    shown.story.say(ANNA, feed.chat, "my secret")
    shown.publish()
    reader, cursor = shown.read(public=True)
    shown.story.do(CLOCK, Erase(feed.chat.id))
    shown.story.say(ANNA, feed.chat, "after")
    shown.publish()
    for tail in (feed.staff, feed.public):
        assert [event.text for event in tail.events] == ["after"]
        assert not any(frame and b"secret" in frame for frame in tail.frames)
    # The event itself is read from the log, like everything before it.
    assert (reader.events[-1].text, shown.wanted) == ("my secret", [cursor])
    cursor.at, cursor.reading = 4, False
    shown.feeds.pump(cursor)
    assert reader.events[-1].text == "after"


def test_who_dropped_is_sent_nothing_more(shown: Shown) -> None:
    feed = shown.open()
    reader, cursor = shown.read(public=True)
    shown.feeds.drop_cursor(cursor)
    shown.feeds.drop_cursor(cursor)
    shown.story.say(ANNA, feed.chat)
    shown.publish()
    shown.feeds.pump(cursor)
    assert (reader.numbers(), feed.cursors) == ([1, 2], [])


def test_moves_are_heard_one_by_one_in_order(shown: Shown) -> None:
    """A chat that moves twice in one batch: nobody subscribes twice, nobody reads on after losing it."""
    feed = shown.open()
    shown.story.arrive(TOM)
    shown.moves.clear()
    readers: dict[str, tuple[Reader, Cursor]] = {"mia": shown.read(public=False)}

    def moved(feed: Feed, before: frozenset[str]) -> None:
        assert before != feed.chat.readers
        for lost in before - feed.chat.readers:
            shown.feeds.drop_cursor(readers[lost][1])
        for new in feed.chat.readers - before:
            readers[new] = shown.read(public=False, at=feed.chat.seq - 1)
        shown.moves.append((feed.chat.id, before))

    shown.feeds.on_moved = moved
    shown.story.do(CLOCK, Retire("mia"))
    shown.story.do(TOM, frames.Note(new_id(), feed.chat.id, "not for Mia"))
    shown.publish()
    assert shown.moves == [(feed.chat.id, frozenset({"mia"})), (feed.chat.id, frozenset())]
    assert [event.kind for event in readers["mia"][0].events][-1] == "unassigned"
    assert [event.kind for event in readers["tom"][0].events] == ["joined", "note"]


def test_a_new_chat_is_heard_of_once_per_step(shown: Shown) -> None:
    feed = shown.open()
    assert shown.moves == [(feed.chat.id, frozenset()), (feed.chat.id, frozenset())]
    assert [read.chat.id for read in shown.feeds.read_by("mia")] == [feed.chat.id]


def test_one_broken_reader_harms_no_other(shown: Shown, caplog: pytest.LogCaptureFixture) -> None:
    feed = shown.open()

    class Broken(Reader):
        def send(self, frame: bytes) -> None:
            raise RuntimeError("no socket")

    feed.cursors.append(Cursor(feed, Broken(), True, feed.chat.pub))
    reader, _ = shown.read(public=True)

    def moved(feed: Feed, readers: frozenset[str]) -> None:
        raise RuntimeError("no hub")

    shown.feeds.on_moved = moved
    with caplog.at_level(logging.ERROR):
        shown.story.close(ANNA, shown.story.chat(ANNA))
        shown.publish()
        shown.story.reopen(ANNA, shown.story.chat(ANNA))
        shown.publish()
    assert [event.kind for event in reader.events] == ["opened", "joined", "closed", "reopened"]
    assert len(caplog.records) == 4


def test_the_newest_chat_is_known_or_not_said(shown: Shown) -> None:
    first = shown.open()
    assert shown.feeds.newest_of("anna") is first
    shown.story.close(ANNA, shown.story.chat(ANNA))
    shown.story.open(ANNA, 2)
    shown.publish()
    second = shown.feed(chat_of(ANNA, 2))
    assert shown.feeds.newest_of("anna") is second
    shown.story.close(ANNA, shown.story.chat(ANNA, 2))
    shown.story.reopen(ANNA, shown.story.chat(ANNA))
    shown.publish()
    assert shown.feeds.newest_of("anna") is first
    shown.story.close(ANNA, shown.story.chat(ANNA))
    shown.publish()
    shown.feeds.drop(first.chat.id)
    assert shown.feeds.newest_of("anna") is None
    # A closed chat that is loaded says nothing about whether there is a newer one.
    shown.feeds.add(first.chat)
    assert shown.feeds.newest_of("anna") is None
    assert shown.feeds.newest_of("ben") is None
    open_one = Chat(chat_of(BEN), "ben")
    open_one.state = "queued"
    assert shown.feeds.add(open_one) is shown.feeds.newest_of("ben")


def test_a_customers_frame_holds_nothing_of_staff() -> None:
    event = Event("chat:x", 9, 4, 5, "joined", "agent:mia", "Mia", cid="secret-cid-00000")
    assert to_frame(event, public=True) == frames.Event(
        "x", 4, 5, "joined", frames.By("agent", "Mia"), pub=0, id=""
    )
