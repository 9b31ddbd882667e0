"""A shop, its team and its customers in a machine's hands: who asks what, and what each answer must be."""

from __future__ import annotations

from msgspec.structs import replace

from server.desk import blocking
from server.desk.agent import Member
from server.desk.commands import CLOCK, Command, Due, Leave, Person
from server.desk.decision import Decided, Refused, Repeated
from server.desk.events import Event
from server.desk.rules import Entry, Fallback, Shop, Topic
from supportterm.protocol import kinds

from .holding import Holding
from .quick import QUICK, START
from .shadow import opened_by_customer
from .story import MINUTE, SECOND, picture

BIKES = Shop(
    "Bikes",
    languages=("en", "nl", "da"),
    entries=(
        Entry(page="/returns*", skill="returns", fallbacks=(Fallback(20 * SECOND, any_skill=True),)),
        Entry(topic="order", priority=1),
    ),
    fallbacks=(Fallback(15 * SECOND, languages=("en",), language="da"),),
    topics=(Topic("order", {"en": "My order"}),),
    max_queue=4,
    answer_left_ms=5 * MINUTE,
    mail=True,
)
RULES = replace(
    QUICK,
    ceiling=250,
    cap=3,
    quiet_ms=20 * SECOND,
    callback_lead_ms=MINUTE,
    far_promise_ms=4 * MINUTE,
    near_promise_ms=2 * MINUTE,
    silence_ms=25 * SECOND,
    ramp_ms=5 * SECOND,
    breather_ms=10 * SECOND,
    abuse_breather_ms=40 * SECOND,
    reopen_ms=5 * MINUTE,
    need_time_ms=MINUTE,
    shops={"bikes": BIKES},
)
TEAM = [
    Member("mia", "Mia", languages=("en", "nl"), skills=("returns",)),
    Member("tom", "Tom", languages=("en",), skills=("returns", "bills")),
    Member("pia", "Pia", languages=("da", "en"), trainee=True),
    Member("sue", "Sue", title="supervisor", cap=1),
]
AGENTS = [Person("agent", one.id, one.name, title=one.title) for one in TEAM]
SUE = AGENTS[-1]
CUSTOMERS = [
    Person("customer", f"customer-{n}", "", "bikes", address=f"home-{n // 2}", last_agent=last, last_at=START)
    for n, last in enumerate(["", "mia", "", "tom", "pia"])
]


class Crowd(Holding):
    """Asks the desk, and finds the chats and people that a rule is about."""

    asked: list[tuple[Person, Command, Repeated]]
    #: The newest numbers and times, by stream.
    seqs: dict[str, int]
    pubs: dict[str, int]
    times: dict[str, int]

    def ask(self, who: Person, command: Command) -> None:
        if who.role == "agent" and who.id not in self.shadow.present and not isinstance(command, Leave):
            return
        desk, now = self.story.desk, self.story.now
        before = picture(desk)
        barred = blocking.until(desk, who, now)
        decision = self.story.ask(who, command)
        if not isinstance(decision, Decided):
            assert picture(desk) == before, "a refusal changed something"
            assert isinstance(decision, Refused), "an id nobody used before was known"
            return
        for event in decision.events:
            self.is_numbered(event)
            chat = "" if event.stream.startswith("desk:") else desk.chats[event.chat].customer
            self.shadow.see(event, chat, now)
            assert not (barred and opened_by_customer(event)), "a blocked customer opened a chat"
        cid = getattr(command, "id", "")
        own = [event for event in decision.events if cid and event.cid == cid]
        assert len(own) <= 1
        if own:
            self.asked.append((who, command, Repeated(own[0].seq, own[0].pub)))

    def is_numbered(self, event: Event) -> None:
        """No holes in either number, hidden events take none that customers see, no time runs back."""
        stream = event.stream
        assert event.seq == self.seqs.get(stream, 0) + 1
        assert event.at >= self.times.get(stream, 0)
        self.seqs[stream], self.times[stream] = event.seq, event.at
        if event.kind in kinds.HIDDEN or stream == "desk:main":
            assert event.pub == 0
        else:
            assert event.pub == self.pubs.get(stream, 0) + 1
            self.pubs[stream] = event.pub

    def one(self, n: int, *states: str) -> str:
        """A chat in one of these states rather than another, or than one that nobody knows."""
        chats = self.story.desk.chats
        if n == 9:
            return "chat-of-nobody-at-all"
        fit = [chat.id for chat in chats.values() if not states or chat.state in states] or list(chats)
        return fit[n % len(fit)] if fit else "chat-of-nobody-at-all"

    def owner(self, chat: str, other: Person | None) -> Person:
        """Who has the chat, so that what only they may do is done often."""
        found = self.story.desk.chats.get(chat)
        return other or next((one for one in AGENTS if found and one.id == found.owner), SUE)

    def customer(self, chat: str, other: Person | None = None) -> Person:
        """Whose chat it is."""
        found = self.story.desk.chats.get(chat)
        return other or next((one for one in CUSTOMERS if found and one.id == found.customer), CUSTOMERS[0])

    def an_offer(self, n: int) -> tuple[str, Person]:
        """A chat that somebody is asked to take, and who; handed ones first."""
        offered = [chat for chat in self.story.desk.chats.values() if chat.offered]
        offered = [chat for chat in offered if chat.handoff] or offered
        if not offered:
            return self.one(n), SUE
        chat = offered[n % len(offered)]
        return chat.id, next(one for one in AGENTS if one.id == chat.offered)

    def know(self, member: Member) -> None:
        self.team[member.id] = member
        self.story.desk.know(self.team.values())

    def tell(self) -> None:
        self.ask(CLOCK, Due())
        due = self.story.desk.next_due()
        assert due is None or due > self.story.run, "a busy loop"
        assert all(promise > self.story.run for promise in self.running().values()), "a promise forgotten"

    def running(self) -> dict[str, int]:
        return {chat: self.shadow.promise[chat] for chat in self.shadow.given}
