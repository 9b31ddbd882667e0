"""What holds for the promises of a desk after every step, each followed by a model of its own."""

from __future__ import annotations

from collections import Counter

from hypothesis.stateful import RuleBasedStateMachine, invariant
from msgspec.structs import replace

from server.desk import showing
from server.desk.agent import Member
from server.desk.commands import CLOCK, Command, Due, Person
from server.desk.decision import Decided, Refused
from server.desk.events import Event, agent_of, decode_data
from server.desk.pace import WARNING_MS
from server.desk.rules import Shop
from supportterm.protocol import kinds

from .quick import QUICK
from .story import MINUTE, SECOND, Story, folded_of, picture
from .test_folding import refolded
from .word import WATCHED_MS, Word

LEAD_MS = 30 * SECOND
RULES = replace(
    QUICK,
    ceiling=900,
    cap=5,
    overdue_offer_ms=20 * SECOND,
    silence_ms=0,
    ramp_ms=0,
    breather_ms=0,
    reopen_ms=10 * MINUTE,
    callback_lead_ms=LEAD_MS,
    shops={"bikes": Shop("Bikes", mail=True)},
)
TEAM = [
    Member("mia", "Mia", skills=("bills",)),
    Member("tom", "Tom", skills=("bills",)),
    Member("sue", "Sue", title="supervisor"),
]
AGENTS = [Person("agent", one.id, one.name, title=one.title) for one in TEAM]
CUSTOMERS = [Person("customer", f"customer-{n}", "", "bikes") for n in range(2)]
#: How long somebody who types is about to answer.
TYPING_MS = 8 * SECOND


class Promised(RuleBasedStateMachine):
    """Looks at the desk of a ``story``; `tests.desk.test_promise_life` makes it go on."""

    story: Story
    words: dict[str, Word]
    #: When the owner of a chat typed last.
    typed: dict[str, int]
    #: When whose customer came back to a page.
    back: dict[str, int]
    #: Mails that are on their way: up to which message, by chat.
    mails: dict[str, list[int]]
    #: When the wall clock was set last, on the running one.
    set_at: int
    here: set[str]

    def ask(self, who: Person, command: Command) -> Decided | Refused:
        story = self.story
        before = picture(story.desk)
        decision = story.ask(who, command)
        if not isinstance(decision, Decided):
            assert isinstance(decision, Refused)
            assert picture(story.desk) == before, "a refusal changed something"
            return decision
        for chat in dict.fromkeys(event.chat for event in decision.events if event.stream != "desk:main"):
            events = [event for event in decision.events if event.stream == f"chat:{chat}"]
            for event in events:
                self.sees(chat, event)
                self.posts(chat, event)
            word = self.word(chat)
            was_away = word.away is not None
            word.decided(events, story.now)
            if was_away and word.away is None:
                self.back[chat] = story.run
        return decision

    def word(self, chat: str) -> Word:
        return self.words.setdefault(chat, Word(RULES.gone_close_ms))

    def sees(self, chat: str, event: Event) -> None:
        """A colleague is asked late enough, not while the owner is typing, nor for who is not there."""
        run, word = self.story.run, self.word(chat)
        if event.kind == "handoff" and decode_data(event, kinds.Handoff).overdue:
            assert word.owed is not None
            assert run - word.owed >= RULES.overdue_offer_ms
            assert run - self.typed.get(chat, 0) >= TYPING_MS
            assert word.away is None
            assert run - self.back.get(chat, 0) >= WARNING_MS
        if event.kind == "joined":
            self.typed.pop(chat, None)

    def posts(self, chat: str, event: Event) -> None:
        """One mail at a time, unless the customer has seen what the other says."""
        match event.kind:
            case "mailing":
                mailing = decode_data(event, kinds.Mailing)
                seen = self.story.desk.chats[chat].reach.seen
                assert all(upto <= seen for upto in self.mails.get(chat, [])), "two mails at once"
                assert seen <= mailing.after < mailing.upto
                self.mails.setdefault(chat, []).append(mailing.upto)
            case "mailed":
                self.mails[chat].remove(decode_data(event, kinds.Mailed).upto)
            case _:
                pass

    def one(self, n: int, *states: str) -> str:
        """A chat in one of these states, if there is any."""
        chats = self.story.desk.chats.values()
        fit = [chat.id for chat in chats if chat.state in states] or [chat.id for chat in chats]
        return fit[n % len(fit)]

    def promised(self, n: int) -> str:
        """A chat whose promise runs or is owed, if there is any."""
        found = [chat for chat, word in self.words.items() if word.due or word.owed]
        return found[n % len(found)] if found else self.one(n, "open")

    def owner(self, chat: str, other: Person | None = None) -> Person:
        found = self.story.desk.chats[chat].owner
        return other or next((one for one in AGENTS if one.id == found), AGENTS[0])

    def customer(self, chat: str) -> Person:
        found = self.story.desk.chats[chat].customer
        return next(one for one in CUSTOMERS if one.id == found)

    def over(self, word: Word) -> str:
        """How its promise ends if its time has passed."""
        return "withdrawn" if word.had_left(self.story.now) else "broken"

    def tell(self) -> None:
        """The desk looks at its clocks: what has fallen due is broken, and what was moved is told."""
        self.ask(CLOCK, Due())
        now = self.story.now
        due = self.story.desk.next_due()
        assert due is None or due > now.run, "a busy loop"
        watched = now.run - self.set_at >= WATCHED_MS
        for word in self.words.values():
            assert not word.hangs(now) or (word.due and word.due.named and not watched), "never fell due"
            assert word.is_told(now) or not watched, "moved, and nobody was told"
        for chat in self.story.desk.chats.values():
            word = self.words[chat.id]
            if chat.state == "left" and word.called and word.due and not chat.answered_at and watched:
                owner = self.story.desk.agents[chat.callback_owner]
                there = owner.id in self.here and owner.status == "online" and len(owner.chats) < RULES.cap
                lead = min(LEAD_MS, (chat.promise_due - chat.promise_at) // 2)
                assert not there or word.due.left(now) > lead, "it came up, and its owner did not get it"

    @invariant()
    def the_desk_looks_in_time(self) -> None:
        """Whatever runs, it looks at it by its deadline, or soon enough to see that a clock was set."""
        now, due = self.story.now, self.story.desk.next_due()
        for word in self.words.values():
            if word.due is not None:
                by = now.run + max(0, word.due.left(now))
                assert due is not None
                assert due <= (max(by, now.run + WATCHED_MS) if word.due.named else by)

    @invariant()
    def each_promise_ends_once_or_runs(self) -> None:
        log = Counter((event.chat, event.kind) for event in self.story.log if event.stream != "desk:main")
        ends = [decode_data(one, kinds.PromiseEnded).how for one in self.story.log if _is_end(one)]
        assert Counter(ends) == Counter(how for word in self.words.values() for how in word.ends)
        for chat, word in self.words.items():
            runs = word.due is not None
            assert log[chat, "promised"] == word.made == log[chat, "promise_ended"] + runs
            assert bool(self.story.desk.chats[chat].promise_due) == runs
            assert bool(self.story.desk.chats[chat].broken_at) == (word.owed is not None)

    @invariant()
    def every_promise_is_on_the_list(self) -> None:
        rows = {row.chat: row.overdue for row in showing.promises(self.story.desk).rows}
        given = {chat: word for chat, word in self.words.items() if word.due or word.owed is not None}
        assert rows == {chat: word.due is None for chat, word in given.items()}
        for agent in AGENTS:
            mine = showing.mine(self.story.desk, agent.id, [], True, self.story.now)
            theirs = {c for c in given if self.story.desk.chats[c].owner == agent.id and given[c].due is None}
            assert {one.chat for one in mine.rescues} <= theirs

    @invariant()
    def folding_again_gives_the_same(self) -> None:
        same, again = folded_of(self.story.desk), folded_of(refolded(self.story))
        if any(pace.passed for pace in self.story.desk.paces.values()):
            # Who let a chat pass is not stored, and so neither is that it stands apart.
            del same["lines"], again["lines"]
        assert again == same

    @invariant()
    def who_made_it_and_who_kept_it_are_on_record(self) -> None:
        for event in self.story.log[-4:]:
            if event.kind in ("promised", "promise_extended"):
                assert agent_of(event.actor)
                assert event.name


def _is_end(event: Event) -> bool:
    return event.kind == "promise_ended"
