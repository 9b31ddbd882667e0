"""What the report says that agents carried is what the desk decided by."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from server.desk.commands import Person
from server.reports.facts import ChatFacts
from server.reports.projection import Standing
from server.store.following import Entry
from supportterm.protocol import frames

from ..desk.story import ANNA, BEN, CLEO, DIRK, MIA, RULES, TOM, Story, chat_of, new_id

CUSTOMERS = (ANNA, BEN, CLEO, DIRK)
SOON = replace(RULES, cap=4, breather_ms=30_000, quiet_ms=150_000)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("ask", "ask", "ask", "say", "say", "promise", "far", "close", "leave", "reopen"),
                *("end", "extend", "away", "online", "nothing"),
            ]
        ),
        st.sampled_from(CUSTOMERS),
        st.sampled_from((0, 1, 1_000, 29_000, 61_000, 149_000, 1_300_000)),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(STEPS)
def test_points_are_the_desks(steps: list[tuple[str, Person, int]]) -> None:
    story = Story(SOON)
    # One clock: what runs out does so at the times that the log names.
    story.at = story.run
    standing = Standing({"main": SOON})
    story.arrive(MIA, TOM)
    taken, stored = 0, dict[int, ChatFacts]()
    for what, customer, later in steps:
        _do(story, what, customer)
        story.wait(later)
        entries = _entries(story, taken)
        taken = len(story.log)
        if entries:
            known = [stored[stream] for stream in standing.missing(entries) if stream in stored]
            changes = standing.take(entries, known)
            stored.update((chat.stream, chat) for chat, _ in changes.chats)
        carrying = standing.desk("main")
        carrying.advance(story.now.at)
        for agent in (MIA, TOM):
            found = story.desk.agents[agent.id]
            assert carrying.points(agent.id) == story.desk.scales.points(found, story.run, SOON)


def _do(story: Story, what: str, who: Person) -> None:
    desk = story.desk
    name = chat_of(who)
    chat = desk.chats.get(name)
    if chat is None:
        story.ask(who, frames.Open(new_id(), name, "en"))
        return
    owner = next((agent for agent in (MIA, TOM) if agent.id == chat.owner), MIA)
    match what:
        case "ask":
            story.ask(who, frames.Say(new_id(), name, "Hello?"))
        case "say":
            story.ask(owner, frames.Say(new_id(), name, "Hello!"))
        case "promise" | "far":
            ms = 120_000 if what == "promise" else 3_000_000
            story.ask(owner, frames.Say(new_id(), name, "A moment.", promise=ms))
        case "close":
            story.ask(owner, frames.CloseChat(new_id(), name))
        case "leave":
            story.ask(who, frames.CloseChat(new_id(), name))
        case "reopen":
            story.ask(who, frames.Reopen(new_id(), name))
        case "end":
            story.ask(owner, frames.Breather(new_id(), name, "end"))
        case "extend":
            story.ask(owner, frames.Breather(new_id(), name, "extend"))
        case "away":
            story.ask(owner, frames.SetStatus(new_id(), "away"))
        case "online":
            story.ask(owner, frames.SetStatus(new_id(), "online"))


def _entries(story: Story, taken: int) -> list[Entry]:
    streams = list(dict.fromkeys(event.stream for event in story.log))
    return [
        Entry(pos, 1 + streams.index(event.stream), "main", event.stream.startswith("chat:"), event)
        for pos, event in enumerate(story.log[taken:], taken + 1)
    ]
