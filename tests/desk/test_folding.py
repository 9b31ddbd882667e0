"""A restarted desk is the desk that stopped."""

from __future__ import annotations

import pytest
from msgspec import ValidationError

from server.desk import doors
from server.desk.commands import CLOCK, Due, PageShown
from server.desk.desk import Desk
from server.desk.events import Event, decode_data
from server.desk.state import RECONNECT_MS
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, CLEO, MIA, RULES, TOM, Story, chat_of, folded_of, kinds_of, new_id


def refolded(story: Story, snapshot: tuple[int, bytes] | None = None) -> Desk:
    """A new desk from what the story's desk has decided."""
    desk = Desk("main", story.desk.rules)
    desk.know(story.desk.members.values())
    if snapshot is not None:
        desk.restore(*snapshot)
    for event in story.log:
        if event.stream == "desk:main" and event.seq > desk.seq:
            desk.apply(event)
    for chat in story.desk.chats.values():
        events = [event for event in story.log if event.stream == "chat:" + chat.id]
        desk.load(chat.id, chat.customer, events, story.now)
    desk.begin(story.now)
    return desk


@pytest.fixture
def story() -> Story:
    story = Story()
    story.arrive(MIA, TOM)
    for who in (ANNA, BEN, CLEO):
        story.say(who, story.open(who))
    story.status(TOM, "away")
    story.close(BEN, story.chat(BEN))
    return story


def test_owners_queue_and_statuses_come_back(story: Story) -> None:
    desk = refolded(story)
    assert list(desk.queue) == list(story.desk.queue)
    assert folded_of(desk) == folded_of(story.desk)
    assert desk.agents["tom"].status == "away"
    assert not any(agent.present for agent in desk.agents.values())


def test_a_snapshot_stands_for_the_events_before_it(story: Story) -> None:
    taken = (story.desk.seq, story.desk.snapshot())
    before = refolded(story, taken)
    assert (before.seq, before.at, before.agents["tom"].status) == (3, story.desk.at, "away")
    story.status(TOM, "online")
    story.status(MIA, "away")
    after = refolded(story, taken)
    assert after.seq == 5
    statuses = {name: agent.status for name, agent in after.agents.items()}
    assert (statuses["tom"], statuses["mia"]) == ("online", "away")


def test_a_restart_scatters_nobody(story: Story) -> None:
    story.desk = refolded(story)
    owner = story.chat(ANNA).owner
    assert owner
    assert doors.attended(story.desk)
    assert story.wait(RULES.presence_grace_ms - 1) == []
    story.arrive(MIA, TOM)
    assert story.wait(RULES.presence_grace_ms) == []
    assert story.chat(ANNA).owner == owner


def test_an_owner_who_does_not_come_back_loses_their_chats(story: Story) -> None:
    story.desk = refolded(story)
    story.arrive(TOM)
    assert "unassigned" in kinds_of(story.wait(RECONNECT_MS))
    assert all(chat.owner != "mia" for chat in story.desk.chats.values() if chat.state == "open")


def test_idle_times_begin_anew(story: Story) -> None:
    story.tick(RULES.idle_close_ms - 5_000)
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    for who in (ANNA, BEN, CLEO):
        story.do(who, PageShown())
    assert story.wait(RULES.idle_close_ms - 1) == []
    assert set(kinds_of(story.wait(1))) == {"closed"}


def test_repeated_ids_are_known_after_a_restart(story: Story) -> None:
    chat = story.chat(ANNA)
    command = frames.Say(new_id(), chat.id, "Once")
    story.do(ANNA, command)
    before = story.ask(ANNA, command)
    story.desk = refolded(story)
    assert story.ask(ANNA, command) == before
    assert story.code(ANNA, frames.Say(command.id, chat.id, "Twice")) == "id_conflict"
    assert story.refused(ANNA, frames.Open(new_id(), chat_of(ANNA, 2))).chat == chat.id


def test_the_longest_waiting_agent_is_remembered(story: Story) -> None:
    desk = refolded(story)
    for name, agent in story.desk.agents.items():
        assert desk.agents[name].offered_at == agent.offered_at


def test_a_stream_with_a_hole_does_not_fold(story: Story) -> None:
    events = [event for event in story.log if event.stream == "chat:" + chat_of(ANNA)]
    with pytest.raises(ValueError, match="stands at 1, not before 3"):
        Desk("main", RULES).load(chat_of(ANNA), "anna", [events[0], *events[2:]], story.now)


def test_an_unknown_kind_counts_but_changes_nothing(story: Story) -> None:
    chat = story.chat(ANNA)
    seq, pub, state = chat.seq, chat.pub, chat.state
    story.desk.apply(
        Event("chat:" + chat.id, seq + 1, pub + 1, story.at, "sparkle", "desk", data=b'{"new":1}')
    )
    assert (chat.seq, chat.pub, chat.state) == (seq + 1, pub + 1, state)
    assert story.say(ANNA, chat)[0].seq == seq + 2
    story.desk.apply(Event("desk:main", 4, 0, story.at, "sparkle", "desk"))
    assert story.desk.seq == 4
    assert story.do(CLOCK, Due()) == []


def test_data_of_the_wrong_shape_is_an_error() -> None:
    with pytest.raises(ValidationError):
        decode_data(Event("chat:x", 1, 1, 0, "joined", "desk"), kinds.Joined)


def test_a_snapshot_of_the_first_release() -> None:
    desk = Desk("main", RULES)
    desk.restore(7, b'{"at":5,"statuses":{"mia":"away"}}')
    assert (desk.seq, desk.at, desk.agents["mia"].status) == (7, 5, "away")


def test_a_console_of_somebody_the_desk_was_told_nothing_of() -> None:
    story = Story(team=[])
    story.arrive(MIA)
    assert story.open(ANNA).agent_name == "Mia"
