"""State before + events = state after: a client's fold of a head against the desk's own."""

from __future__ import annotations

import random
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.chat import Chat as DeskChat
from server.desk.commands import (
    CLOCK,
    Arrive,
    Bounced,
    Command,
    Due,
    Erase,
    Identify,
    Leave,
    Mailed,
    PageLeft,
    PageShown,
    Person,
    Retire,
    Seen,
    Typed,
)
from server.desk.decision import Decided
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.rules import MINUTE, Entry, Fallback, Now, Rules, Shop
from server.feeds import Feed, to_frame
from supportterm.link.journal import Journal
from supportterm.protocol import frames
from supportterm.protocol.contact import Identity
from supportterm.protocol.kinds import HIDDEN, PUBLIC

PEOPLE = [Person("customer", "anna", shop="bikes"), Person("customer", "ben", shop="books")]
AGENTS = [Person("agent", "mia", "Mia"), Person("agent", "tom", "Tom", title="supervisor")]
TEAM = [
    Member("mia", "Mia", languages=("en",), skills=("repair",)),
    Member("tom", "Tom", title="supervisor", languages=("en", "nl")),
]
#: What makes every kind of event likely in a story of a few hours.
RULES = Rules(
    cap=2,
    ceiling=200,
    reopen_ms=60 * MINUTE,
    idle_close_ms=80 * MINUTE,
    nudge_ms=4 * MINUTE,
    gone_close_ms=30 * MINUTE,
    shops={
        "bikes": Shop(
            languages=("nl", "en"),
            entries=(Entry(page="/*", skill="repair", priority=1),),
            mail=True,
            reasons={"late": ()},
            fallbacks=(Fallback(MINUTE, any_skill=True), Fallback(2 * MINUTE, languages=("en",))),
        )
    },
)
EVA = Identity("48213", "Eva")
CHATS = {who.id: [f"chat-{who.id}-{n}-aaaaaaaa" for n in range(2)] for who in PEOPLE}

ACTS = ["open", "open", "say", "say", "say", "note", "close", "reopen", "reopen", "away", "online"]
ACTS += ["arrive", "arrive", "arrive", "leave", "retire", "erase", "due"]
ACTS += [
    "promise",
    "promise",
    "left",
    "left",
    "take",
    "take",
    "assign",
    "handoff",
    "handoff",
    "skill",
    "skill",
]
ACTS += [
    "accept",
    "accept",
    "decline",
    "recall",
    "invite",
    "uninvite",
    "shown",
    "gone",
    "gone",
    "warn",
    "block",
]
ACTS += ["extend", "holding", "summary", "summary", "options", *["answer"] * 4, "words", "words"]
ACTS += [*["choice"] * 4, *["reread"] * 3, "tell", "typed", "set_clock"]
ACTS += [*["call_back"] * 6, "phoned", *["mailed"] * 3, "refused", *["seen"] * 2]
ACTS += [*["breather"] * 6, *["choose"] * 6, *["time"] * 4, "due", "due"]

#: A callback that is answered and closed; its mail is accepted, and comes back in time, or when it is late.
MAILED = "arrive open say take call_back take mia:say mia:close mailed"
BACK = [
    f"{MAILED} bounced take mia:say mia:close mailed bounced",
    f"{MAILED} bounced say mia:say",
    f"{MAILED} bounced reopen",
    f"{MAILED} bounced close",
    f"{MAILED} seen bounced",
    f"{MAILED} bounced set_clock due due take extend due mia:say seen",
    f"{MAILED} " + "due " * 30 + "bounced due take mia:say mia:close mailed bounced say",
    "arrive open say take mia:say sign_in mia:say",
]

SEEDS = 60

#: What, by which customer or agent, in which chat, by whom of those who may, after how many ms.
Step = tuple[str, int, int, int, int]


def story_of(seed: int) -> list[Step]:
    """Long enough for much to happen; seeds instead of Hypothesis, whose stories are mostly short."""
    if seed >= SEEDS:
        words = [word.rpartition(":") for word in BACK[seed - SEEDS].split()]
        return [(what, 0, 0, int(bool(mia)), 200_000) for mia, _, what in words]
    draw = random.Random(seed)
    return [
        (
            draw.choice(ACTS),
            draw.randrange(2),
            draw.choice([0, 0, 0, 1]),
            draw.randrange(3),
            draw.randrange(500_000),
        )
        for _ in range(300)
    ]


class Answer(NamedTuple):
    """Something that is said about a message the desk must be asked for."""

    what: str
    id: str
    chat: str

    def aimed(self, desk: Desk) -> Command:
        """It, about what stands open now."""
        chat = desk.chats.get(self.chat) or DeskChat(self.chat, "")
        match self.what:
            case "answer":
                return frames.Say(id=self.id, chat=self.chat, text="Klopt", re=chat.summary, answer="no")
            case "choice":
                return frames.Say(id=self.id, chat=self.chat, text="Geld", re=chat.options, choice=2)
            case "call_back":
                due = chat.at + 20 * MINUTE
                return frames.CallBack(self.id, self.chat, due, "mail", "anna@example.org", "Anna")
            case "mailed":
                return Mailed(self.chat, chat.reach.mailing, "accepted")
            case "refused":
                return Mailed(self.chat, chat.reach.mailing, "refused", "550 no such user")
            case "bounced":
                letter = max(chat.reach.taken, default=chat.reach.letter)
                return Bounced(self.chat, letter, chat.reach.mailing, "550 no such user")
            case "seen":
                return Seen(self.chat, chat.pub)
            case _:
                return frames.Reread(id=self.id, chat=self.chat, re=chat.read_from)


def command_of(step: Step, number: int) -> tuple[Person, Command | Answer]:
    """Who asks what in a step."""
    what, who, which, speaks, _ = step
    id = f"id-{number:04d}-cccccccccc"
    person = PEOPLE[who]
    chat = CHATS[person.id][which]
    speaker = [person, *AGENTS][speaks]
    match what:
        case "open":
            return person, frames.Open(id=id, chat=chat, lang="nl", page="https://bikes.example/")
        case "say":
            return speaker, frames.Say(id=id, chat=chat, text="De zwarte is er weer")
        case "note":
            return AGENTS[who], frames.Note(id=id, chat=chat, text="vaste klant")
        case "close":
            return speaker, frames.CloseChat(id=id, chat=chat)
        case "reopen":
            return speaker, frames.Reopen(id=id, chat=chat)
        case "away" | "online":
            return AGENTS[who], frames.SetStatus(id=id, status=what)
        case "arrive":
            return AGENTS[who], Arrive()
        case "leave":
            return AGENTS[who], Leave()
        case "retire":
            return AGENTS[who], Retire(AGENTS[who].id)
        case "erase":
            return AGENTS[who], Erase(chat)
        case "shown":
            return person, PageShown()
        case "gone":
            return person, PageLeft()
        case "sign_in":
            return replace(
                person, id=f"known-{person.id}", identity=EVA, signed_at=1 << 52, browsers=(person.id,)
            ), Identify(chat)
        case "due" | "set_clock":
            return person, Due()
        case _:
            return _more(what, person, AGENTS[who], AGENTS[1 - who], id, chat)


def _more(
    what: str, customer: Person, agent: Person, other: Person, id: str, chat: str
) -> tuple[Person, Command | Answer]:
    """What was not possible in 0.1."""
    match what:
        case "promise":
            return agent, frames.Say(id=id, chat=chat, text="Momentje", promise=5 * MINUTE)
        case "left":
            return customer, frames.LeaveMessage(id=id, chat=chat, text="Later graag", name="Anna")
        case "take":
            return agent, frames.Take(id=id, chat=chat, sure=True)
        case "assign":
            return AGENTS[1], frames.Assign(id=id, chat=chat, agent=agent.id)
        case "handoff":
            return agent, frames.HandOff(id=id, chat=chat, text="Rem", agent=other.id, sure=True)
        case "skill":
            return agent, frames.HandOff(id=id, chat=chat, text="Rem", skill="repair", sure=True)
        case "accept":
            return agent, frames.Accept(id=id, chat=chat)
        case "decline":
            return agent, frames.Decline(id=id, chat=chat)
        case "recall":
            return agent, frames.Recall(id=id, chat=chat)
        case "invite":
            return agent, frames.Invite(id=id, chat=chat, agent=other.id)
        case "uninvite":
            return agent, frames.Uninvite(id=id, chat=chat, agent=other.id)
        case "warn":
            return agent, frames.Abuse(id=id, chat=chat, act="warn")
        case "block":
            return agent, frames.Abuse(id=id, chat=chat, act="block", minutes=1)
        case "breather":
            return agent, frames.Breather(id=id, chat=chat, act="extend")
        case "extend":
            return agent, frames.Say(id=id, chat=chat, text="Iets langer", promise=6 * MINUTE)
        case "holding":
            return agent, frames.Say(id=id, chat=chat, text="Nog een momentje")
        case "summary":
            return agent, frames.Say(id=id, chat=chat, text="De zwarte. Klopt dat?", summary=True)
        case "options":
            options = (frames.Option("Een nieuwe", "morgen"), frames.Option("Geld terug"))
            return agent, frames.Say(id=id, chat=chat, text="Wat liever?", options=options)
        case "answer":
            return customer, Answer("answer", id, chat)
        case "choice":
            return customer, Answer("choice", id, chat)
        case "words":
            return customer, frames.Say(id=id, chat=chat, text="Ja")
        case "reread":
            return agent, Answer("reread", id, chat)
        case "call_back":
            return agent, Answer("call_back", id, chat)
        case "mailed" | "refused" | "seen" | "bounced":
            return CLOCK, Answer(what, id, chat)
        case "phoned":
            return agent, frames.Phoned(id=id, chat=chat, reached=len(id) % 2 == 0)
        case "tell":
            return agent, frames.Tell(id=id, chat=chat, reason="late")
        case "typed":
            return agent, Typed(chat)
        case "choose":
            return customer, frames.ChooseLanguage(id=id, chat=chat, choice="now")
        case _:
            return customer, frames.NeedTime(id=id, chat=chat)


def told(story: list[Step]) -> dict[str, tuple[str, list[Event]]]:
    """What a desk decides of a story: per chat its customer and its events."""
    desk = Desk("main", RULES)
    desk.know(TEAM)
    now, ahead = 1_000_000, 0
    streams: dict[str, tuple[str, list[Event]]] = {}
    for number, step in enumerate(story):
        now += step[4] // 4
        who, command = command_of(step, number)
        if isinstance(command, Answer):
            command = command.aimed(desk)
        ahead += MINUTE if step[0] == "set_clock" else 0
        decision = desk.decide(who, command, Now(now + ahead, now))
        for event in decision.events if isinstance(decision, Decided) else ():
            if event.stream.startswith("chat:"):
                stream = streams.setdefault(event.chat, (desk.chats[event.chat].customer, []))
                stream[1].append(event)
    return streams


def head_at(chat: str, customer: str, events: list[Event], public: bool) -> frames.Head:
    """The head the server would send after these events."""
    state = DeskChat(chat, customer)
    for event in events:
        state.apply(event)
    return Feed(state).head(public)


@pytest.mark.parametrize("side", ["agent", "customer"])
@pytest.mark.parametrize("seed", range(SEEDS + len(BACK)))
def test_state_before_and_events_is_state_after(side: frames.Side, seed: int) -> None:
    public = side == "customer"
    for chat, (customer, events) in told(story_of(seed)).items():
        for start in range(1, len(events)):
            before = events[:start]
            last = sum(bool(event.pub) for event in before) if public else start
            journal = Journal(side)
            journal.take(frames.Chat(chat, 1, last, head_at(chat, customer, before, public)), 0)
            shown = [to_frame(event, public) for event in events if event.pub or not public]
            for frame in shown:
                journal.take(frame, 0)
            log = journal.chats[chat]
            assert log.last == len(shown)
            assert log.head == head_at(chat, customer, events, public)


def test_the_stories_are_not_empty() -> None:
    """Every kind of event is met, else the law above would say little."""
    met = {
        event.kind
        for seed in range(SEEDS + len(BACK))
        for _, events in told(story_of(seed)).values()
        for event in events
    }
    assert met == PUBLIC.keys() | HIDDEN.keys()
