"""State before + events = state after: a client's fold of a head against the desk's own."""

from __future__ import annotations

import random
from functools import cache
from typing import Literal

import msgspec
import pytest

from server.desk.agent import Member
from server.desk.chat import Chat as DeskChat
from server.desk.commands import Arrive, Command, Due, Erase, Leave, PageLeft, PageShown, Person, Retire
from server.desk.decision import Decided
from server.desk.desk import Desk
from server.desk.events import Event
from server.desk.rules import Entry, Fallback, Now, Rules, Shop, Topic
from server.feeds import Feed, to_frame
from supportterm.link.journal import Journal
from supportterm.protocol import frames
from supportterm.protocol.kinds import HIDDEN, PUBLIC

PEOPLE = [Person("customer", "anna", shop="bikes"), Person("customer", "ben", shop="books")]
AGENTS = [
    Person("agent", "mia", "Mia"),
    Person("agent", "tom", "Tom"),
    Person("agent", "sue", "Sue", title="supervisor"),
]
TEAM = [
    Member("mia", "Mia", languages=("nl",), skills=("bikes",)),
    Member("tom", "Tom", languages=("en",), cap=1),
    Member("sue", "Sue", title="supervisor"),
]
CHATS = {who.id: [f"chat-{who.id}-{n}-aaaaaaaa" for n in range(2)] for who in PEOPLE}
SHOPS = {
    "bikes": Shop(
        topics=(Topic("repair", {"nl": "Reparatie"}),),
        entries=(Entry(topic="repair", skill="bikes", fallbacks=(Fallback(60_000, True),)),),
    ),
    "books": Shop(languages=("nl", "en"), fallbacks=(Fallback(20_000, languages=("en",)),), max_queue=1),
}
RULES = Rules(
    reopen_ms=3_600_000,
    idle_close_ms=5_000_000,
    nudge_ms=900_000,
    reserve_ms=300_000,
    shops=SHOPS,
)

ACTS = ["open", "open", "open", "say", "say", "say", "say", "note", "close", "reopen", "reopen", "erase"]
ACTS += [
    "arrive",
    "arrive",
    "arrive",
    "leave",
    "retire",
    "away",
    "online",
    "due",
    "due",
    "promise",
    "promise",
]
ACTS += ["take", "take", "accept", "accept", "decline", "hand", "hand", "recall", "invite", "uninvite"]
ACTS += ["assign", "abuse", "message", "message", "language", "time", "gone", "back", "breathe", "breathe"]

#: What, by which customer or agent, in which chat, by whom of those who may, after how many ms.
Step = tuple[str, int, int, int, int]


def story_of(seed: int) -> list[Step]:
    """Long enough for much to happen; seeds instead of Hypothesis, whose stories are mostly short."""
    draw = random.Random(seed)
    return [
        (
            draw.choice(ACTS),
            draw.randrange(2),
            draw.choice([0, 0, 0, 1]),
            draw.randrange(4),
            draw.choice([draw.randrange(20_000), draw.randrange(500_000)]),
        )
        for _ in range(150)
    ]


def command_of(step: Step, number: int) -> tuple[Person, Command]:
    """Who asks what in a step."""
    what, who, which, speaks, after = step
    id = f"id-{number:04d}-cccccccccc"
    person = PEOPLE[who]
    chat = CHATS[person.id][which]
    speaker = [person, *AGENTS][speaks]
    agent, colleague = AGENTS[speaks % 3], AGENTS[(speaks + 1) % 3]
    match what:
        case "open":
            topic = "repair" if after % 3 == 0 else ""
            page = "https://bikes.example/"
            return person, frames.Open(id=id, chat=chat, lang="nl", topic=topic, page=page)
        case "say":
            return speaker, frames.Say(id=id, chat=chat, text="Hallo")
        case "promise":
            return agent, frames.Say(id=id, chat=chat, text="Zo terug", promise=60_000 + after)
        case "note":
            return agent, frames.Note(id=id, chat=chat, text="vaste klant")
        case "close":
            return speaker, frames.CloseChat(id=id, chat=chat)
        case "reopen":
            return speaker, frames.Reopen(id=id, chat=chat)
        case "message":
            contact = "anna@example.org"
            return person, frames.LeaveMessage(id=id, chat=chat, text="Bel me", lang="nl", contact=contact)
        case "language":
            choice: Literal["now", "wait"] = "now" if after % 2 else "wait"
            return person, frames.ChooseLanguage(id=id, chat=chat, choice=choice)
        case "time":
            return person, frames.NeedTime(id=id, chat=chat)
        case "take":
            return agent, frames.Take(id=id, chat=chat, sure=True)
        case "accept":
            return agent, frames.Accept(id=id, chat=chat)
        case "decline":
            return agent, frames.Decline(id=id, chat=chat)
        case "hand":
            skill, to = ("bikes", "") if after % 3 == 0 else ("", colleague.id)
            return agent, frames.HandOff(id=id, chat=chat, text="ketting", agent=to, skill=skill, sure=True)
        case "recall":
            return agent, frames.Recall(id=id, chat=chat)
        case "invite":
            return agent, frames.Invite(id=id, chat=chat, agent=colleague.id)
        case "uninvite":
            return agent, frames.Uninvite(id=id, chat=chat, agent=colleague.id)
        case "assign":
            return AGENTS[2], frames.Assign(id=id, chat=chat, agent=agent.id)
        case "abuse":
            act: Literal["warn", "end"] = "end" if after % 4 == 0 else "warn"
            return agent, frames.Abuse(id=id, chat=chat, act=act)
        case "breathe":
            return agent, frames.Breather(id=id, chat=chat, act="end")
        case "away" | "online":
            return agent, frames.SetStatus(id=id, status=what)
        case "arrive":
            return agent, Arrive()
        case "leave":
            return agent, Leave()
        case "retire":
            return AGENTS[1], Retire(AGENTS[1].id)
        case "erase":
            return agent, Erase(chat)
        case "gone":
            return person, PageLeft()
        case "back":
            return person, PageShown()
        case _:
            return agent, Due()


@cache
def told(seed: int) -> dict[str, tuple[str, list[Event]]]:
    """What a desk decides of a story: per chat its customer and its events."""
    # Every other desk has its offers accepted by hand.
    desk = Desk("main", msgspec.structs.replace(RULES, auto_accept=bool(seed % 2)))
    desk.know(TEAM)
    now = 1_000_000
    streams: dict[str, tuple[str, list[Event]]] = {}
    for number, step in enumerate(story_of(seed)):
        now += step[4]
        for who, command in (command_of(step, number), (AGENTS[0], Due())):
            decision = desk.decide(who, command, Now(now, now))
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
@pytest.mark.parametrize("seed", range(60))
def test_state_before_and_events_is_state_after(side: frames.Side, seed: int) -> None:
    public = side == "customer"
    for chat, (customer, events) in told(seed).items():
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
    met = {event.kind for seed in range(60) for _, events in told(seed).values() for event in events}
    assert met == PUBLIC.keys() | HIDDEN.keys()
