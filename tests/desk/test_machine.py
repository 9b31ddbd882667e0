"""People come and go in any order while time passes; what must hold, holds after every step."""

from __future__ import annotations

import os
from typing import Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from msgspec.structs import replace

from server.desk.by_pace import Measured, Paces
from server.desk.commands import (
    CLOCK,
    Arrive,
    Erase,
    LearnPaces,
    Leave,
    Mailed,
    Noticed,
    PageLeft,
    PageShown,
    Person,
    Retire,
    Seen,
)
from supportterm.protocol import frames
from supportterm.protocol.callbacks import How

from .crowd import AGENTS, CUSTOMERS, RULES, SUE, TEAM, Crowd
from .quick import START
from .shadow import Shadow
from .story import HOUR, MINUTE, SECOND, Story, chat_of, new_id, picture

customers = st.sampled_from(CUSTOMERS)
agents = st.sampled_from(AGENTS)
people = st.one_of(customers, agents)
#: Mostly who may do it; now and then anybody.
somebody = st.one_of(st.none(), st.none(), st.none(), people)
supervisor = st.one_of(st.just(SUE), st.just(SUE), people)
which = st.integers(0, 9)
nth = st.integers(1, 2)
statuses = st.sampled_from(["online", "online", "away", "finishing", "offline"])


class Desks(Crowd):
    """One desk under any sequence of commands."""

    @initialize(auto_accept=st.booleans())
    def begins(self, auto_accept: bool) -> None:
        self.numbers = replace(RULES, auto_accept=auto_accept)
        self.team = {one.id: one for one in TEAM}
        self.customers = CUSTOMERS
        self.story = Story(self.numbers, TEAM)
        self.story.at = START
        self.shadow = Shadow(self.numbers, self.team)
        self.asked = []
        self.snapshot = None
        self.seqs, self.pubs, self.times = {}, {}, {}
        for agent in AGENTS:
            self.comes(agent)
        for who in CUSTOMERS[:3]:
            self.opens(who, 1, "en", "", "")

    # --- customers -------------------------------------------------------------------------------

    @rule(
        who=customers,
        n=nth,
        lang=st.sampled_from(["en", "en", "nl", "da", "fr", ""]),
        topic=st.sampled_from(["", "", "order", "none"]),
        page=st.sampled_from(["", "https://bikes.example/", "https://bikes.example/returns/1"]),
    )
    def opens(self, who: Person, n: int, lang: str, topic: str, page: str) -> None:
        self.ask(who, frames.Open(new_id(), chat_of(who, n), lang, topic, page))

    @rule(n=which, other=somebody, text=st.sampled_from(["Hello", "Well?", " "]))
    def customer_writes(self, n: int, other: Person | None, text: str) -> None:
        chat = self.one(n)
        self.ask(self.customer(chat, other), frames.Say(new_id(), chat, text))

    @rule(who=customers, n=nth, contact=st.sampled_from(["", "a@example.org", "nonsense"]))
    def leaves_a_message(self, who: Person, n: int, contact: str) -> None:
        chat = self.story.desk.open_of.get(who.id) or chat_of(who, n)
        self.ask(who, frames.LeaveMessage(new_id(), chat, "When?", "Ann", contact, "en"))

    @rule(n=which, other=somebody, choice=st.sampled_from(["now", "wait"]))
    def chooses_language(self, n: int, other: Person | None, choice: Literal["now", "wait"]) -> None:
        asked = [chat.id for chat in self.story.desk.chats.values() if chat.asked]
        chat = asked[0] if asked else self.one(n, "queued")
        self.ask(self.customer(chat, other), frames.ChooseLanguage(new_id(), chat, choice))

    @rule(n=which, other=somebody)
    def needs_time(self, n: int, other: Person | None) -> None:
        nudged = [chat.id for chat in self.story.desk.chats.values() if chat.closes_at]
        chat = nudged[0] if nudged else self.one(n, "open")
        self.ask(self.customer(chat, other), frames.NeedTime(new_id(), chat))

    @rule(n=which, other=somebody, contact=st.sampled_from(["ann@example.org", "+31201234567", "ann"]))
    def gives_a_contact(self, n: int, other: Person | None, contact: str) -> None:
        chat = self.one(n, "open")
        self.ask(self.customer(chat, other), frames.GiveContact(new_id(), chat, contact))

    @rule(n=which, other=somebody, contact=st.sampled_from(["ann@example.com", "+31201234568", "ann"]))
    def puts_a_contact_right(self, n: int, other: Person | None, contact: str) -> None:
        chat = self.one(n, "open")
        self.ask(self.owner(chat, other), frames.GiveContact(new_id(), chat, contact))

    @rule(n=which, elsewhere=which, text=st.sampled_from(["Hi", "Yes"]))
    def comes_by_a_link(self, n: int, elsewhere: int, text: str) -> None:
        """By one to a closed chat, and to write in another one, which it must not let them."""
        chat = self.one(n, "closed")
        bearer = replace(self.customer(chat, None), only=chat)
        self.ask(bearer, frames.Say(new_id(), chat, text))
        foreign = self.one(elsewhere, "open")
        if foreign != chat:
            assert self.story.code(bearer, frames.Say(new_id(), foreign, text)) == "no_chat"
            assert self.story.code(bearer, frames.CloseChat(new_id(), foreign)) == "no_chat"

    @rule(who=customers, shown=st.booleans())
    def page(self, who: Person, shown: bool) -> None:
        self.ask(who, PageShown() if shown else PageLeft())

    # --- either side -----------------------------------------------------------------------------

    @rule(n=which, other=somebody, by_customer=st.booleans())
    def closes(self, n: int, other: Person | None, by_customer: bool) -> None:
        chat = self.one(n, "open")
        who = self.customer(chat, other) if by_customer else self.owner(chat, other)
        self.ask(who, frames.CloseChat(new_id(), chat))

    @rule(n=which, other=somebody, by_customer=st.booleans())
    def reopens(self, n: int, other: Person | None, by_customer: bool) -> None:
        chat = self.one(n, "closed")
        who = self.customer(chat, other) if by_customer else self.owner(chat, other)
        self.ask(who, frames.Reopen(new_id(), chat))

    # --- agents ----------------------------------------------------------------------------------

    @rule(who=agents)
    def comes(self, who: Person) -> None:
        if self.team[who.id].disabled:
            self.know(replace(self.team[who.id], disabled=False))
        self.shadow.present.add(who.id)
        self.ask(who, Arrive())

    @rule(who=agents)
    def goes(self, who: Person) -> None:
        self.shadow.present.discard(who.id)
        self.ask(who, Leave())

    @rule(who=agents)
    def presses_a_key(self, who: Person) -> None:
        self.ask(who, Noticed())

    @rule(who=people, status=statuses, reason=st.sampled_from(["", "lunch"]))
    def sets_status(self, who: Person, status: frames.Status, reason: str) -> None:
        self.ask(who, frames.SetStatus(new_id(), status, reason))

    @rule(n=which, other=somebody)
    def answers(self, n: int, other: Person | None) -> None:
        chat = self.one(n, "open")
        self.ask(self.owner(chat, other), frames.Say(new_id(), chat, "Yes"))

    @rule(n=which, other=somebody, promise=st.sampled_from([1, 30 * SECOND, 90 * SECOND, 6 * MINUTE]))
    def promises(self, n: int, other: Person | None, promise: int) -> None:
        chat = self.one(n, "open")
        self.ask(self.owner(chat, other), frames.Say(new_id(), chat, "Soon", promise))

    @rule(
        n=which,
        other=somebody,
        ahead=st.sampled_from([1, 30 * SECOND, 4 * MINUTE, 4 * MINUTE]),
        contact=st.sampled_from(["a@example.org", "a@example.org", "+31 20 1234567", ""]),
        how=st.sampled_from(["mail", "mail", "phone"]),
    )
    def calls_back(self, n: int, other: Person | None, ahead: int, contact: str, how: How) -> None:
        chat, due = self.one(n, "open"), self.story.at + ahead
        self.ask(self.owner(chat, other), frames.CallBack(new_id(), chat, due, how, contact))

    @rule(n=which, who=st.one_of(agents, people), reached=st.booleans())
    def phones(self, n: int, who: Person, reached: bool) -> None:
        called = [chat.id for chat in self.story.desk.chats.values() if chat.callback]
        chat = called[n % len(called)] if called else self.one(n)
        self.ask(who, frames.Phoned(new_id(), chat, reached))

    @rule(n=which, outcome=st.sampled_from(["accepted", "refused"]))
    def is_mailed(self, n: int, outcome: Literal["accepted", "refused"]) -> None:
        mailing = [chat for chat in self.story.desk.chats.values() if chat.reach.mailing]
        if mailing:
            chat = mailing[n % len(mailing)]
            self.ask(CLOCK, Mailed(chat.id, chat.reach.mailing, outcome))

    @rule(n=which, back=st.sampled_from([0, 0, 1]))
    def is_seen(self, n: int, back: int) -> None:
        chat = self.story.desk.chats.get(self.one(n, "left", "open"))
        if chat is not None:
            self.ask(CLOCK, Seen(chat.id, chat.pub - back))

    @rule(n=which, other=somebody, text=st.sampled_from(["Hm", ""]))
    def notes(self, n: int, other: Person | None, text: str) -> None:
        chat = self.one(n)
        self.ask(self.owner(chat, other), frames.Note(new_id(), chat, text))

    @rule(who=st.one_of(agents, agents, people), n=which, sure=st.booleans())
    def takes(self, who: Person, n: int, sure: bool) -> None:
        self.ask(who, frames.Take(new_id(), self.one(n, "queued", "left"), sure))

    @rule(n=which, other=somebody)
    def accepts(self, n: int, other: Person | None) -> None:
        chat, asked = self.an_offer(n)
        self.ask(other or asked, frames.Accept(new_id(), chat))

    @rule(n=which, other=somebody)
    def declines(self, n: int, other: Person | None) -> None:
        chat, asked = self.an_offer(n)
        self.ask(other or asked, frames.Decline(new_id(), chat))

    @rule(
        n=which,
        other=somebody,
        to=st.sampled_from(["mia", "tom", "pia", "sue", "nobody", "@returns", "@bills", "@", "@magic"]),
        sure=st.booleans(),
    )
    def hands_off(self, n: int, other: Person | None, to: str, sure: bool) -> None:
        chat = self.one(n, "open")
        agent, skill = ("", to[1:]) if to.startswith("@") else (to, "")
        self.ask(
            self.owner(chat, other), frames.HandOff(new_id(), chat, "Please", agent, skill, "shift", sure)
        )

    @rule(n=which, other=somebody)
    def recalls(self, n: int, other: Person | None) -> None:
        handed = [chat.id for chat in self.story.desk.chats.values() if chat.handoff]
        chat = handed[0] if handed else self.one(n, "open")
        self.ask(self.owner(chat, other), frames.Recall(new_id(), chat))

    @rule(n=which, other=somebody, guest=agents, out=st.booleans())
    def invites(self, n: int, other: Person | None, guest: Person, out: bool) -> None:
        chat = self.one(n, "open")
        command = frames.Uninvite if out else frames.Invite
        self.ask(self.owner(chat, other), command(new_id(), chat, guest.id))

    @rule(n=which, other=somebody, act=st.sampled_from(["end", "extend"]))
    def breathes(self, n: int, other: Person | None, act: Literal["end", "extend"]) -> None:
        wraps = sorted(self.wrapping(self.story.desk))
        chat = wraps[n % len(wraps)] if wraps else self.one(n, "closed")
        self.ask(self.owner(chat, other), frames.Breather(new_id(), chat, act))

    @rule(n=which, other=somebody, act=st.sampled_from(["warn", "end", "block"]))
    def is_abused(self, n: int, other: Person | None, act: Literal["warn", "end", "block"]) -> None:
        chat = self.one(n, "open")
        self.ask(self.owner(chat, other), frames.Abuse(new_id(), chat, act, 2))

    # --- supervisors -----------------------------------------------------------------------------

    @rule(who=supervisor, to=agents, n=which)
    def assigns(self, who: Person, to: Person, n: int) -> None:
        self.ask(who, frames.Assign(new_id(), self.one(n, "open", "queued", "left"), to.id))

    @rule(
        who=supervisor,
        to=agents,
        status=st.one_of(st.none(), statuses),
        ceiling=st.sampled_from([None, 0, 100, 500]),
    )
    def sets_agent(self, who: Person, to: Person, status: frames.Status | None, ceiling: int | None) -> None:
        self.ask(who, frames.SetAgent(new_id(), to.id, status, ceiling))

    @rule(
        who=supervisor,
        what=st.sampled_from(
            ["open", "open", "open", "closed", "banner", "queue", "languages", "invitations"]
        ),
        shop=st.sampled_from(["", "bikes", "none"]),
        minutes=st.sampled_from([0, 1, 5, -1]),
        value=st.integers(0, 2),
    )
    def controls(self, who: Person, what: str, shop: str, minutes: int, value: int) -> None:
        until = self.story.at + minutes * MINUTE if minutes else 0
        self.ask(who, frames.Control(new_id(), what, until, shop, value, "en"))  # type: ignore[arg-type]

    @rule(who=supervisor, n=which)
    def unblocks(self, who: Person, n: int) -> None:
        self.ask(who, frames.Unblock(new_id(), next(iter(self.story.desk.blocks), "") or self.one(n)))

    # --- the operator ----------------------------------------------------------------------------

    @rule(who=st.sampled_from(AGENTS[:3]))
    def is_disabled(self, who: Person) -> None:
        self.know(replace(self.team[who.id], disabled=True))
        self.shadow.present.discard(who.id)
        self.ask(CLOCK, Retire(who.id))
        assert not self.story.desk.agents[who.id].chats

    @rule(n=which)
    def is_erased(self, n: int) -> None:
        self.ask(CLOCK, Erase(self.one(n)))

    @rule(n=which)
    def is_forgotten_and_loaded(self, n: int) -> None:
        """A closed chat leaves memory, and is read again when somebody asks for it."""
        desk, name = self.story.desk, self.one(n, "closed")
        chat = desk.chats.get(name)
        if chat is None or chat.state != "closed" or name in self.wrapping(desk):
            return
        desk.forget(name)
        assert name not in desk.chats
        desk.load(name, chat.customer, self.streams()[name], self.story.now)
        self.shadow.wrap = self.wrapping(desk)

    @rule(seconds=st.lists(st.sampled_from([20, 30, 40, 60, 200]), min_size=4, max_size=4))
    def paces_are_measured(self, seconds: list[int]) -> None:
        each = (Measured(one.id, 100, 1_000 * long) for one, long in zip(TEAM, seconds, strict=True))
        self.ask(CLOCK, LearnPaces(Paces(40_000, tuple(each))))

    @rule()
    def is_frozen(self) -> None:
        self.snapshot = (self.story.desk.seq, self.story.desk.snapshot())

    @rule(down=st.sampled_from([0, 0, 10 * SECOND, 3 * MINUTE]), back=st.sampled_from([True, True, False]))
    def restarts(self, down: int, back: bool) -> None:
        """The desk is folded anew; some consoles are back at once, others have the grace time."""
        self.story.tick(down)
        desk = self.folded()
        desk.begin(self.story.now)
        for agent in AGENTS:
            if back and agent.id in self.shadow.present:
                desk.attend(agent)
            else:
                self.shadow.present.discard(agent.id)
        self.story.desk = desk
        self.shadow.restarted(self.story.now, self.wrapping(desk))

    # --- time ------------------------------------------------------------------------------------

    @rule(ms=st.sampled_from([1, SECOND, 6 * SECOND, 10 * SECOND, 10 * SECOND, 61 * SECOND, 5 * MINUTE]))
    def time_passes(self, ms: int) -> None:
        """As in life: the desk is told each time something is due."""
        until = self.story.run + ms
        while (due := self.story.desk.next_due()) is not None and due <= until:
            self.story.tick(max(0, due - self.story.run))
            self.tell()
        self.story.tick(until - self.story.run)

    @rule()
    def the_next_falls_due(self) -> None:
        due = self.story.desk.next_due()
        if due is not None:
            self.story.tick(max(0, due - self.story.run))
            self.tell()

    @rule(ms=st.sampled_from([SECOND, 30 * SECOND, 2 * MINUTE]))
    def the_desk_is_late(self, ms: int) -> None:
        """Time passed, and the desk has not been told yet when the next command comes."""
        self.story.tick(ms)

    @rule(ms=st.sampled_from([-HOUR, -1, HOUR]))
    def the_wall_clock_steps(self, ms: int) -> None:
        # A time of day that was named goes with the wall's clock: `test_promise_life` has a model of that.
        if any(chat.promise_named for chat in self.story.desk.chats.values()):
            return
        due = self.story.desk.next_due()
        self.story.at += ms
        assert self.story.desk.next_due() == due

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def repeats(self, data: st.DataObject) -> None:
        who, command, first = data.draw(st.sampled_from(self.asked))
        before = picture(self.story.desk)
        assert self.story.ask(who, command) == first
        assert picture(self.story.desk) == before


TestDesks = Desks.TestCase
TestDesks.settings = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
