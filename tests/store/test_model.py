"""Whatever is done to the store, in any order: it stands where a dictionary of lists stands."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from server.desk.chat import Chat
from server.desk.events import Event
from server.store.files import DATABASE
from server.store.interface import Append, ChatRow, Conflict, Marks
from server.store.sqlite import SqliteStore

from .events import Story
from .platforms import Inline

T = TypeVar("T")

CHATS = [f"chat-{n}" for n in range(5)]
CUSTOMERS = ["cust-0", "cust-1"]
chats = st.sampled_from(CHATS)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


class Model(RuleBasedStateMachine):
    """``stories`` is what the store should hold; only what was committed stays in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = Path(tempfile.mkdtemp())
        self.stories: dict[str, Story] = {}
        self.marks: dict[tuple[str, str], tuple[int, int]] = {}
        self.cleared: dict[str, int] = {}
        self.opened = 0
        self.stale: list[int] = []
        self.store = self.done(SqliteStore.open(self.directory / DATABASE, Inline()))
        self.fence = 0

    def done(self, what: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(what)

    def refused(self, *writes: Append, fence: int | None = None) -> None:
        try:
            self.done(self.store.append("main", self.fence if fence is None else fence, writes))
        except Conflict:
            return
        raise AssertionError("it was not refused")

    def teardown(self) -> None:
        self.done(self.store.close())
        self.loop.close()
        shutil.rmtree(self.directory)

    def expected(self, chat: str) -> list[Event]:
        to = self.cleared.get(chat, 0)
        return [
            replace(event, text="", digest=b"", erased=True) if event.text and event.seq <= to else event
            for event in self.stories[chat].events
        ]

    @initialize()
    def begin(self) -> None:
        self.claim()

    @rule()
    def claim(self) -> None:
        self.stale.append(self.fence)
        self.fence = self.done(self.store.claim("main"))
        assert self.fence > max(self.stale)

    @rule()
    def reopen(self) -> None:
        self.done(self.store.close())
        self.store = self.done(SqliteStore.open(self.directory / DATABASE, Inline()))
        self.claim()

    @rule(chat=chats, customer=st.sampled_from(CUSTOMERS), first=st.lists(texts, max_size=2))
    def open_chat(self, chat: str, customer: str, first: list[str]) -> None:
        if chat in self.stories:
            self.refused(Story(chat, customer).since())
            return
        story = Story(chat, customer)
        story.opened()
        for text in first:
            story.message(text)
        self.done(self.store.append("main", self.fence, [story.since()]))
        self.stories[chat] = story

    @precondition(lambda self: self.stories)
    @rule(data=st.data())
    def append(self, data: st.DataObject) -> None:
        """A batch over several chats, some events of which change a chat's state."""
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.stories)), min_size=1, unique=True))
        for chat in chosen:
            story = self.stories[chat]
            for what in data.draw(
                st.lists(st.sampled_from(["say", "reply", "note", "turn"]), min_size=1, max_size=3)
            ):
                if what == "say":
                    story.message(data.draw(texts))
                elif what == "reply":
                    story.message(data.draw(texts), "anna", "Anna")
                elif what == "note":
                    story.note(data.draw(texts))
                else:
                    turns = [story.joined, story.requeued, story.unassigned, story.unanswered]
                    turn = data.draw(st.sampled_from([*turns, story.left, story.closed, story.reopened]))
                    turn()
        writes = [self.stories[chat].since() for chat in chosen]
        self.done(self.store.append("main", self.fence, writes))
        self.refused(*writes)

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), shift=st.sampled_from([-1, 1, 2]))
    def append_at_a_wrong_number(self, data: st.DataObject, shift: int) -> None:
        names = sorted(self.stories)
        wrong, right = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
        at = len(self.stories[wrong].events) + shift
        event = replace(self.stories[wrong].events[-1], seq=at + 1, pub=0)
        fine = replace(self.stories[right].events[-1], seq=len(self.stories[right].events) + 1, pub=0)
        self.refused(
            Append(fine.stream, fine.seq - 1, [fine]),
            Append(event.stream, at, [event]) if wrong != right else Append(event.stream, at, [fine]),
        )

    @rule(data=st.data())
    def append_as_a_former_writer(self, data: st.DataObject) -> None:
        self.refused(Story("nobody").since(), fence=data.draw(st.sampled_from(self.stale)))

    @precondition(lambda self: self.stories)
    @rule(
        data=st.data(),
        who=st.sampled_from(["customer", "agent"]),
        got=st.integers(0, 9),
        seen=st.integers(0, 9),
    )
    def mark(self, data: st.DataObject, who: str, got: int, seen: int) -> None:
        chat = data.draw(st.sampled_from(sorted(self.stories)))
        self.done(self.store.save_marks([Marks(chat, who, got, seen)]))
        before = self.marks.get((chat, who), (0, 0))
        self.marks[chat, who] = max(before[0], got), max(before[1], seen)

    @rule(customer=st.sampled_from(CUSTOMERS))
    def erase(self, customer: str) -> None:
        told = self.done(self.store.erase_person(customer))
        theirs = [chat for chat, story in self.stories.items() if story.origin.customer == customer]
        for chat in theirs:
            self.cleared[chat] = len(self.stories[chat].events)
        with_texts = [chat for chat in theirs if any(event.erased for event in self.expected(chat))]
        assert sorted(told) == sorted(with_texts)

    @precondition(lambda self: self.stories)
    @rule(before=st.integers(1, 30))
    def expire(self, before: int) -> None:
        gone = self.done(self.store.expire("acme", before * 1_000, 0))
        for chat in self.stories:
            row = self.folded(chat)
            if row.state == "closed" and row.closed_at < before * 1_000:
                stood = any(event.text for event in self.expected(chat))
                assert (chat in gone) == stood
                self.cleared[chat] = len(self.stories[chat].events)
            else:
                assert chat not in gone

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), at=st.integers(0, 20), limit=st.integers(1, 6))
    def read(self, data: st.DataObject, at: int, limit: int) -> None:
        chat = data.draw(st.sampled_from(sorted(self.stories)))
        events = self.expected(chat)
        public = [event for event in events if event.pub]
        store = self.store
        assert self.done(store.stream("chat:" + chat, at, limit)) == events[at:][:limit]
        assert self.done(store.public(chat, at, limit)) == public[at:][:limit]
        assert self.done(store.before(chat, at, limit, False)) == events[: max(at - 1, 0)][-limit:]
        assert self.done(store.before(chat, at, limit, True)) == public[: max(at - 1, 0)][-limit:]

    def folded(self, chat: str) -> ChatRow:
        """The row as the desk's own rules see the chat."""
        story = self.stories[chat]
        state = Chat(chat, story.origin.customer)
        for event in story.events:
            state.apply(event)
        return ChatRow(
            chat,
            "main",
            "acme",
            story.origin.customer,
            state.owner,
            state.state,
            state.opened_at,
            state.closed_at,
            state.seq,
            state.pub,
        )

    @invariant()
    def everything_is_there(self) -> None:
        rows = self.done(self.store.rows("main", 0))
        assert rows == [self.folded(chat) for chat in self.stories]
        live = self.done(self.store.rows("main", 1 << 60))
        assert live == [row for row in rows if row.state != "closed"]
        for chat in self.stories:
            assert self.done(self.store.stream("chat:" + chat)) == self.expected(chat)
            marks = {mark.who: (mark.got, mark.seen) for mark in self.done(self.store.marks(chat))}
            assert marks == {who: at for (of, who), at in self.marks.items() if of == chat}


Model.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestModel = Model.TestCase
