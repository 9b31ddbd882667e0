"""What holds for a desk after every step, whoever did what."""

from __future__ import annotations

from hypothesis.stateful import RuleBasedStateMachine, invariant
from msgspec.structs import replace

from server.desk import routing
from server.desk.agent import Member
from server.desk.commands import Person
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.rules import Rules

from . import shown
from .shadow import Shadow, place_of
from .story import Story, folded_of


class Holding(RuleBasedStateMachine):
    """Looks at the desk of a ``story``; `tests.desk.test_machine` makes it go on."""

    story: Story
    shadow: Shadow
    numbers: Rules
    team: dict[str, Member]
    #: Who the desk's views are shown to.
    customers: list[Person]
    snapshot: tuple[int, bytes] | None

    @invariant()
    def each_chat_is_in_its_one_place(self) -> None:
        desk = self.story.desk
        queued = list(desk.queue)
        assert queued == sorted(queued, key=lambda chat: place_of(desk.chats[chat]))
        assert len(queued) == len(set(queued))
        owned = [chat for agent in desk.agents.values() for chat in agent.chats]
        assert len(owned) == len(set(owned))
        assert {chat for chat in desk.chats if desk.chats[chat].state == "queued"} == set(queued)
        assert {chat for chat in desk.chats if desk.chats[chat].state == "open"} == set(owned)
        for agent in desk.agents.values():
            assert all(desk.chats[chat].owner == agent.id for chat in agent.chats)
        for chat in desk.chats.values():
            assert bool(chat.queued_at) == (chat.state == "queued")
            assert chat.owner or chat.state != "open"
            assert not chat.owner or chat.state not in ("queued", "left")

    @invariant()
    def a_customer_has_at_most_one_open_chat(self) -> None:
        desk = self.story.desk
        running = {chat.customer: chat.id for chat in desk.chats.values() if chat.state != "closed"}
        assert len(running) == sum(chat.state != "closed" for chat in desk.chats.values())
        assert running == desk.open_of

    @invariant()
    def what_is_kept_beside_the_chats_is_what_they_say(self) -> None:
        desk = self.story.desk
        for agent in desk.agents.values():
            assert agent.chats == {chat.id for chat in self.shadow.owned(agent.id)}
            assert agent.status == self.shadow.status[agent.id]
            assert agent.present == (agent.id in self.shadow.present)
            assert agent.slower == self.shadow.slower.get(agent.id, 0)
            assert agent.ceiling(self.numbers) == self.shadow.ceiling(agent.id)
            closed = [chat for chat in desk.chats.values() if chat.state == "closed"]
            theirs = {chat.id for chat in closed if chat.owner == agent.id}
            assert agent.wraps == {chat for chat in theirs if desk.paces[chat].wrap}
            asked = {chat.id for chat in desk.chats.values() if chat.offered == agent.id}
            assert agent.offers == asked
        by_kind = [place[3] for places in desk.queue._kinds.values() for place in places]
        assert sorted(by_kind) == sorted(desk.queue)
        handed = {one.id for one in desk.chats.values() if one.handoff and one.handoff.skill}
        assert desk.handed == handed
        assert desk.left == {one.id for one in desk.chats.values() if one.left_due and one.state != "closed"}
        assert set(desk.paces) == set(desk.chats)

    @invariant()
    def nothing_waits_for_a_moment_that_never_comes(self) -> None:
        """Whatever a chat waits for, the desk has a time for it."""
        desk, rules = self.story.desk, self.numbers
        for chat in desk.chats.values():
            pace, due = desk.paces[chat.id], desk.deadlines.of(("chat", chat.id))
            if chat.state == "closed":
                assert due is not None or not pace.wrap
                continue
            assert due is not None
            assert due <= pace.next(rules.idle_close_ms)
            assert bool(chat.promise_due) == bool(pace.promise)
            assert chat.offered == "" or pace.offer or pace.handoff
            assert bool(chat.handoff) == bool(pace.handoff)
            assert bool(chat.closes_at) == bool(pace.close)
            if chat.state == "queued" and chat.steps_done < len(chat.steps):
                assert pace.step
            if chat.state == "open":
                owner = desk.agents[chat.owner]
                gone = desk.deadlines.of(("gone", owner.id))
                # An answered message waits for its customer, not for its agent.
                answered = chat.left_due and chat.answered_at and not chat.waiting_since
                assert owner.present or gone or pace.reserved or answered, "nobody looks after it"
                assert not owner.member.disabled
                asked = chat.waiting_since or chat.promise_due or chat.left_due or chat.page_gone
                assert asked or pace.nudge or pace.close, "a quiet customer is never asked"

    @invariant()
    def nobody_waits_while_somebody_is_free(self) -> None:
        desk, now = self.story.desk, self.story.now
        due = desk.next_due()
        if due is not None and due <= now.run:
            return
        for chat in (desk.chats[name] for name in desk.queue):
            if not chat.offered:
                assert all(routing.hindrance(desk, one, chat, now) for one in desk.agents.values())
        for chat in (desk.chats[name] for name in desk.handed):
            skill = chat.handoff.skill if chat.handoff else ""
            if not chat.offered:
                assert all(routing.hindrance(desk, one, chat, now, skill) for one in desk.agents.values())

    @invariant()
    def every_view_can_be_shown(self) -> None:
        shown.check(self.story.desk, self.customers, self.story.now)

    @invariant()
    def folding_again_gives_the_same(self) -> None:
        same, again = folded_of(self.story.desk), folded_of(self.folded())
        if any(pace.passed for pace in self.story.desk.paces.values()):
            # Who let a chat pass is not stored, and so neither is that it stands apart.
            del same["lines"], again["lines"]
        assert again == same

    def streams(self) -> dict[str, list[Event]]:
        """Each chat's events as the log gives them back: an erasure took every text before it."""
        chats: dict[str, list[Event]] = {}
        for event in self.story.log:
            if event.stream != "desk:main":
                chats.setdefault(event.chat, []).append(event)
                if event.kind == "erased":
                    chats[event.chat] = [without_text(one) for one in chats[event.chat]]
        return chats

    def folded(self) -> Desk:
        """The desk from its log, as a restart makes it."""
        desk = Desk("main", self.numbers)
        desk.know(self.team.values())
        if self.snapshot is not None:
            desk.restore(*self.snapshot)
        for event in self.story.log:
            if event.stream == "desk:main" and event.seq > desk.seq:
                desk.apply(event)
        for chat, events in self.streams().items():
            desk.load(chat, self.story.desk.chats[chat].customer, events, self.story.now)
        return desk

    @staticmethod
    def wrapping(desk: Desk) -> dict[str, int]:
        """When the time after each closed chat ends."""
        return {chat: pace.wrap for chat, pace in desk.paces.items() if pace.wrap}


def without_text(event: Event) -> Event:
    """As the log gives back an event of an erased chat."""
    return replace(event, text="", digest=b"", erased=True)
