"""Promises are given, kept, broken and handed on in any order, while clocks are set and desks fold anew."""

from __future__ import annotations

import os
from typing import Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from server.desk.commands import (
    CLOCK,
    Arrive,
    Leave,
    Mailed,
    PageLeft,
    PageShown,
    Person,
    Seen,
    Typed,
)
from server.desk.decision import Decided, Refused
from server.desk.pace import MAIL_AFTER
from supportterm.protocol import frames
from supportterm.protocol.callbacks import How
from supportterm.protocol.limits import LONGEST_PROMISE_MS, NAMED_PROMISE_MS, SHORTEST_PROMISE_MS

from .promised import AGENTS, CUSTOMERS, RULES, TEAM, Promised
from .quick import START
from .story import HOUR, MINUTE, SECOND, Story, chat_of, new_id
from .test_folding import refolded
from .word import Deadline

which = st.integers(0, 3)
agents = st.sampled_from(AGENTS)
customers = st.sampled_from(CUSTOMERS)
#: Mostly the owner; now and then anybody.
somebody = st.one_of(st.none(), st.none(), st.none(), st.none(), agents, customers)
times = st.sampled_from(["Give me a while", "One more moment"])
durations = st.sampled_from([30 * SECOND, 30 * SECOND, 90 * SECOND, 6 * MINUTE])
absurd = st.sampled_from([1, 29_999, -MINUTE, LONGEST_PROMISE_MS + 1, 900 * HOUR])
named = st.sampled_from([30 * SECOND, 75 * SECOND, 5 * MINUTE, HOUR])
absurd_moments = st.sampled_from([-HOUR, 0, 29_999, NAMED_PROMISE_MS + 1])
steps = st.sampled_from([SECOND, 2 * SECOND, 400, 40 * SECOND, 5 * MINUTE, HOUR, 9 * HOUR])

offsets = st.sampled_from([-1, 0, 0, 1, 1, 700])
waits = st.sampled_from([0, SECOND, 6 * SECOND, 25 * SECOND])
#: What happens to a callback, the common things often.
steps_of_one = st.sampled_from(
    [
        *["take", "take", "answer", "answer", "answer", "wait", "wait", "wait", "see", "back"],
        *["accepted", "accepted", "refused", "close", "close", "reached", "missed", "later"],
        *["deadline", "deadline", "restart", "hold"],
    ]
)
at_once = st.sampled_from(["answer", "answer", "hold", "extend", "close", "restart", "look", "type", "wait"])


class Lives(Promised):
    """The promises of one desk."""

    @initialize()
    def begins(self) -> None:
        self.story = Story(RULES, TEAM)
        self.story.at = START
        self.words, self.typed, self.back, self.mails = {}, {}, {}, {}
        self.set_at = 0
        self.here = set()
        for agent in AGENTS[:2]:
            self.comes(agent)
        for customer in CUSTOMERS:
            self.opens(customer, 1)

    # --- the given word --------------------------------------------------------------------------

    @rule(n=which, other=somebody, ms=st.one_of(durations, durations, absurd), text=times)
    def promises(self, n: int, other: Person | None, ms: int, text: str) -> None:
        chat = self.one(n, "open")
        self.gives(chat, other, frames.Say(new_id(), chat, text, promise=ms))

    @rule(n=which, other=somebody, ahead=st.one_of(named, named, absurd_moments))
    def names_a_time(self, n: int, other: Person | None, ahead: int) -> None:
        chat = self.one(n, "open")
        self.gives(chat, other, frames.Say(new_id(), chat, "At three", due=self.story.at + ahead))

    @rule(n=which, ms=durations, ahead=named, by_name=st.booleans())
    def extends(self, n: int, ms: int, ahead: int, by_name: bool) -> None:
        chat = self.promised(n)
        due = self.story.at + ahead if by_name else 0
        say = frames.Say(new_id(), chat, "A little longer", promise=0 if by_name else ms, due=due)
        self.gives(chat, None, say)

    def gives(self, chat: str, other: Person | None, say: frames.Say) -> None:
        """Taken from the owner, if it is a time that somebody can wait for."""
        who, before = self.owner(chat, other), self.story.desk.chats[chat]
        may = before.state == "open" and who.id == before.owner
        ahead = say.due - self.story.at if say.due else say.promise
        most = NAMED_PROMISE_MS if say.due else LONGEST_PROMISE_MS
        word = self.word(chat)
        ends, over = len(word.ends), self.over(word)
        decision = self.ask(who, say)
        assert word.ends[ends:] in ([], [over]), "whoever gives a time, later or not, has not answered"
        assert isinstance(decision, Decided) == (may and SHORTEST_PROMISE_MS <= ahead <= most)
        if may and isinstance(decision, Refused):
            assert decision.error.code == "bad_time"

    @rule(n=which, other=somebody, summary=st.booleans())
    def answers(self, n: int, other: Person | None, summary: bool) -> None:
        chat = self.promised(n)
        self.ask(self.owner(chat, other), frames.Say(new_id(), chat, "It is in Utrecht.", summary=summary))

    @rule(n=which, text=st.sampled_from(["One more moment", "Still checking", "bear with me", "Hi!", ""]))
    def says_no_more_than_hello_or_wait(self, n: int, text: str) -> None:
        chat = self.promised(n)
        who, word = self.owner(chat), self.words[chat]
        ends, over, lapsed = len(word.ends), self.over(word), word.lapsed
        self.ask(who, frames.Say(new_id(), chat, text or f"Hi Anna, this is {who.name}."))
        assert word.ends[ends:] in ([], [over])
        assert word.lapsed == (lapsed or word.ends[ends:] == ["withdrawn"])

    @rule(n=which, text=st.sampled_from(["Well?", "One more moment"]))
    def customer_writes(self, n: int, text: str) -> None:
        chat = self.promised(n)
        self.ask(self.customer(chat), frames.Say(new_id(), chat, text))

    @rule(n=which, other=somebody)
    def types(self, n: int, other: Person | None) -> None:
        chat = self.promised(n)
        who = self.owner(chat, other)
        if who.role == "agent":
            self.ask(who, Typed(chat))
            if who.id == self.story.desk.chats[chat].owner:
                self.typed[chat] = self.story.run

    @rule(n=which)
    def notes(self, n: int) -> None:
        chat = self.promised(n)
        self.ask(self.owner(chat), frames.Note(new_id(), chat, "Hm"))

    # --- callbacks -------------------------------------------------------------------------------

    @rule(
        n=which,
        other=somebody,
        ahead=st.one_of(named, named, absurd_moments),
        how=st.sampled_from(["mail", "mail", "phone"]),
        contact=st.sampled_from(["a@example.org", "a@example.org", "+31 20 1234567", ""]),
    )
    def calls_back(self, n: int, other: Person | None, ahead: int, how: How, contact: str) -> None:
        chat, due = self.one(n, "open"), max(0, self.story.at + ahead)
        who, before = self.owner(chat, other), self.story.desk.chats[chat]
        may = before.state == "open" and who.id == before.owner
        decision = self.ask(who, frames.CallBack(new_id(), chat, due, how, contact))
        if isinstance(decision, Decided):
            assert may
            assert SHORTEST_PROMISE_MS <= ahead <= NAMED_PROMISE_MS
            assert not contact or (how == "mail") == ("@" in contact)
        elif may and contact and (how == "mail") == ("@" in contact):
            assert decision.error.code in ("bad_time", "handing")

    @rule(n=which, acts=st.lists(steps_of_one, min_size=3, max_size=10), ahead=named, off=offsets)
    def a_callback_lives(self, n: int, acts: list[str], ahead: int, off: int) -> None:
        """All of it at a stretch, in whatever order."""
        chat = self.one(n, "open")
        self.calls_back(n, None, ahead, "mail", "a@example.org")
        for act in acts:
            self.goes_on(chat, act, off)

    @rule(n=which, act=steps_of_one, off=offsets)
    def a_callback_goes_on(self, n: int, act: str, off: int) -> None:
        called = [chat.id for chat in self.story.desk.chats.values() if chat.callback]
        if called:
            self.goes_on(called[n % len(called)], act, off)

    def goes_on(self, chat: str, act: str, off: int) -> None:
        held = self.story.desk.chats[chat]
        if act == "answer" and held.state == "left":
            self.goes_on(chat, "take", off)
        if act in ("accepted", "refused") and held.wants_mail:
            self.time_passes(MAIL_AFTER)
        match act:
            case "take" if held.state == "left" and (free := sorted(self.here)):
                who = next(one for one in AGENTS if one.id == free[0])
                self.ask(who, frames.Take(new_id(), chat, sure=True))
            case "see":
                self.ask(CLOCK, Seen(chat, max(0, held.pub - max(0, off))))
            case "accepted" | "refused" if self.mails.get(chat):
                news = Mailed(chat, self.mails[chat][0], act, "as it is")
                # Now and then the desk has not looked at its clocks before.
                self.story.tick(max(0, off))
                self.ask(CLOCK, news)
                assert self.ask(CLOCK, news) == Decided([])
            case "reached" | "missed":
                self.ask(self.owner(chat), frames.Phoned(new_id(), chat, act == "reached"))
            case "later":
                due = self.story.at + 75 * SECOND
                self.gives(chat, None, frames.Say(new_id(), chat, "At three", due=due))
            case "back":
                self.ask(self.customer(chat), frames.Say(new_id(), chat, "One thing more"))
            case "close":
                self.closes_what_may_be_on_its_way(chat)
            case "deadline":
                self.comes_to(self.words[chat].due, off)
            case _:
                self.acts(chat, act)

    def closes_what_may_be_on_its_way(self, chat: str) -> None:
        """The answer was written, and the mail with it is not taken yet: nothing is withdrawn."""
        held = self.story.desk.chats[chat]
        newest = max(self.mails.get(chat, []), default=0)
        on_its_way = held.answered_at and (newest > held.reach.seen or held.wants_mail)
        runs = bool(held.promise_due)
        decision = self.ask(self.owner(chat), frames.CloseChat(new_id(), chat))
        if on_its_way and isinstance(decision, Decided):
            assert held.state == "left"
            assert runs == bool(held.promise_due) or self.words[chat].ends[-1] == "broken"

    # --- who has it ------------------------------------------------------------------------------

    @rule(n=which, to=st.sampled_from(["mia", "tom", "sue", "@bills", "@magic"]))
    def hands_off(self, n: int, to: str) -> None:
        chat = self.promised(n)
        agent, skill = ("", to[1:]) if to.startswith("@") else (to, "")
        self.ask(self.owner(chat), frames.HandOff(new_id(), chat, "Please", agent, skill, "shift", sure=True))

    @rule(n=which, says=st.sampled_from([frames.Accept, frames.Accept, frames.Decline, frames.Recall]))
    def is_asked(self, n: int, says: type[frames.Accept | frames.Decline | frames.Recall]) -> None:
        offered = [chat for chat in self.story.desk.chats.values() if chat.offered]
        if offered:
            chat = offered[n % len(offered)]
            asked = next(one for one in AGENTS if one.id == chat.offered)
            self.ask(self.owner(chat.id) if says is frames.Recall else asked, says(new_id(), chat.id))

    @rule(n=which, who=agents)
    def takes(self, n: int, who: Person) -> None:
        if who.id in self.here:
            self.ask(who, frames.Take(new_id(), self.one(n, "queued", "left"), sure=True))

    @rule(n=which, to=agents)
    def is_assigned(self, n: int, to: Person) -> None:
        self.ask(AGENTS[-1], frames.Assign(new_id(), self.promised(n), to.id))

    @rule(who=agents, what=st.sampled_from(["comes", "goes", "online", "offline"]))
    def comes_or_goes(self, who: Person, what: Literal["comes", "goes", "online", "offline"]) -> None:
        if what == "comes":
            self.comes(who)
        elif what == "goes":
            self.here.discard(who.id)
            self.ask(who, Leave())
        elif who.id in self.here:
            self.ask(who, frames.SetStatus(new_id(), what))

    def comes(self, who: Person) -> None:
        self.here.add(who.id)
        self.ask(who, Arrive())

    # --- customers come and go -------------------------------------------------------------------

    @rule(who=customers, n=st.integers(1, 2), message=st.booleans())
    def begins_a_chat(self, who: Person, n: int, message: bool) -> None:
        if not message:
            self.opens(who, n)
            return
        chat = self.story.desk.open_of.get(who.id) or chat_of(who, n)
        self.ask(who, frames.LeaveMessage(new_id(), chat, "When?", "Ann", "a@example.org", "en"))

    def opens(self, who: Person, n: int) -> None:
        self.ask(who, frames.Open(new_id(), chat_of(who, n), "en"))

    @rule(who=customers, shown=st.sampled_from([True, False, False]))
    def page(self, who: Person, shown: bool) -> None:
        self.ask(who, PageShown() if shown else PageLeft())

    @rule(
        n=which,
        by_name=st.booleans(),
        early=st.sampled_from([-1, 0, 0, 1, SECOND, -20 * SECOND, 15 * SECOND]),
        step=st.one_of(st.just(0), st.just(0), steps, steps.map(lambda ms: -ms)),
        late=st.booleans(),
        restart=st.sampled_from(["", "", "before", "gone", "after"]),
        off=offsets,
        then=st.lists(
            st.one_of(at_once, st.sampled_from(["come", "come", "write", "leave", "long"])),
            min_size=1,
            max_size=5,
        ),
    )
    def somebody_leaves(
        self,
        n: int,
        by_name: bool,
        early: int,
        step: int,
        late: bool,
        restart: str,
        off: int,
        then: list[str],
    ) -> None:
        """So long before the deadline as it takes to have left for good, to the millisecond, or nearly."""
        chat, ahead = self.one(n, "open"), 5 * MINUTE
        held = self.story.desk.chats[chat]
        if held.state != "open" or held.left_due:
            return
        self.ask(self.customer(chat), PageShown())
        if by_name:
            say = frames.Say(new_id(), chat, "At three", due=self.story.at + ahead)
        else:
            say = frames.Say(new_id(), chat, "A while", promise=ahead)
        self.gives(chat, None, say)
        self.time_passes(ahead - RULES.gone_close_ms - RULES.page_grace_ms - early)
        self.ask(self.customer(chat), PageLeft())
        if restart == "before":
            self.restarts(0, True)
        self.time_passes(RULES.page_grace_ms)
        if restart == "gone":
            self.restarts(0, True)
        if not late:
            self.the_wall_clock_is_set(abs(step), step < 0, n, "")
        if restart == "after":
            self.time_passes(SECOND)
            self.restarts(10 * SECOND, True)
        self.comes_to(self.words[chat].due, off)
        if late:
            self.the_wall_clock_is_set(abs(step), step < 0, n, "")
        for act in then:
            self.acts(chat, act)

    @rule(n=which, by=st.sampled_from(["customer", "owner", "abuse"]))
    def closes(self, n: int, by: Literal["customer", "owner", "abuse"]) -> None:
        chat = self.promised(n)
        if by == "abuse":
            self.ask(self.owner(chat), frames.Abuse(new_id(), chat, "end"))
        else:
            who = self.customer(chat) if by == "customer" else self.owner(chat)
            self.ask(who, frames.CloseChat(new_id(), chat))

    @rule(n=which, by_customer=st.booleans())
    def reopens(self, n: int, by_customer: bool) -> None:
        chat = self.one(n, "closed")
        who = self.customer(chat) if by_customer else self.owner(chat)
        self.ask(who, frames.Reopen(new_id(), chat))

    # --- time ------------------------------------------------------------------------------------

    @rule(ms=st.sampled_from([1, SECOND, 6 * SECOND, 10 * SECOND, 20 * SECOND, MINUTE, 7 * MINUTE]))
    def time_passes(self, ms: int) -> None:
        """As in life: the desk is told each time something is due."""
        until = self.story.run + ms
        while (due := self.story.desk.next_due()) is not None and due <= until:
            self.story.tick(max(0, due - self.story.run))
            self.tell()
        self.story.tick(until - self.story.run)

    @rule(n=which, off=offsets, first=st.booleans(), then=at_once)
    def a_deadline_comes(self, n: int, off: int, first: bool, then: str) -> None:
        """To the millisecond, and something happens that very moment, before or after the desk looks."""
        running = [chat for chat, word in self.words.items() if word.due is not None]
        if not running:
            return
        chat = running[n % len(running)]
        word = self.words[chat]
        self.comes_to(word.first if first else word.due, off)
        self.acts(chat, then)

    def comes_to(self, deadline: Deadline | None, off: int) -> None:
        """Time passes until then, and a little more that the desk is not told of."""
        left = deadline.left(self.story.now) + min(off, 0) if deadline else 0
        if 0 < left <= 10 * MINUTE:
            self.time_passes(left - 1)
            self.story.tick(1 + max(off, 0))

    @rule(
        n=which,
        ways=st.lists(st.booleans(), min_size=1, max_size=3),
        waits=st.tuples(waits, waits),
        step=st.one_of(st.just(0), steps, steps.map(lambda ms: -ms)),
        late=st.booleans(),
        restart=st.booleans(),
        off=offsets,
        first=st.booleans(),
        then=st.lists(at_once, min_size=1, max_size=4),
    )
    def a_promise_lives(
        self,
        n: int,
        ways: list[bool],
        waits: tuple[int, int],
        step: int,
        late: bool,
        restart: bool,
        off: int,
        first: bool,
        then: list[str],
    ) -> None:
        """All of it at a stretch: given, extended, its clock set, the desk anew, its time come."""
        chat = self.one(n, "open")
        if self.story.desk.chats[chat].state != "open":
            return
        for by_name in ways:
            if by_name:
                say = frames.Say(new_id(), chat, "At three", due=self.story.at + 75 * SECOND)
            else:
                say = frames.Say(new_id(), chat, "A while", promise=40 * SECOND)
            self.gives(chat, None, say)
            self.time_passes(waits[0])
        if not late:
            self.the_wall_clock_is_set(abs(step), step < 0, n, "")
        self.time_passes(waits[1])
        if restart:
            self.restarts(0, True)
        word = self.words[chat]
        self.comes_to(word.first if first else word.due, off)
        if late:
            self.the_wall_clock_is_set(abs(step), step < 0, n, "")
        for act in then:
            self.acts(chat, act)

    def acts(self, chat: str, then: str) -> None:
        match then:
            case "answer":
                self.ask(self.owner(chat), frames.Say(new_id(), chat, "It is in Utrecht."))
            case "hold":
                self.ask(self.owner(chat), frames.Say(new_id(), chat, "One more moment"))
            case "extend":
                self.gives(chat, None, frames.Say(new_id(), chat, "A little longer", promise=40 * SECOND))
            case "close":
                self.ask(self.customer(chat), frames.CloseChat(new_id(), chat))
            case "type":
                self.types(0, None)
            case "come" | "leave":
                self.ask(self.customer(chat), PageShown() if then == "come" else PageLeft())
            case "write":
                self.ask(self.customer(chat), frames.Say(new_id(), chat, "Well?"))
            case "long":
                self.time_passes(RULES.gone_close_ms + RULES.page_grace_ms)
            case "wait":
                self.time_passes(15 * SECOND)
            case "restart":
                self.restarts(0, True)
            case _:
                self.tell()

    @rule(ms=st.sampled_from([SECOND, 30 * SECOND, 2 * MINUTE]))
    def the_desk_is_late(self, ms: int) -> None:
        """Time passed, and the desk has not been told yet when the next command comes."""
        self.story.tick(ms)

    @rule(ms=steps, back=st.booleans(), n=which, then=st.one_of(st.just(""), at_once))
    def the_wall_clock_is_set(self, ms: int, back: bool, n: int, then: str) -> None:
        self.story.at += -ms if back else ms
        self.set_at = self.story.run
        if then:
            self.acts(self.promised(n), then)

    @rule(down=st.sampled_from([0, 0, 10 * SECOND, 3 * MINUTE]), back=st.sampled_from([True, True, False]))
    def restarts(self, down: int, back: bool) -> None:
        """The desk is folded anew, and its running clock begins anew."""
        self.story.tick(down)
        self.story.run = self.story.at
        self.story.desk = refolded(self.story)
        self.set_at = 0
        for word in self.words.values():
            word.folded(self.story.now)
        for agent in AGENTS:
            if back and agent.id in self.here:
                self.story.desk.attend(agent)
            else:
                self.here.discard(agent.id)
        self.typed.clear()
        self.back.clear()


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "200")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
