"""Chats that must be accepted, and chats taken by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.decision import Repeated
from server.desk.events import Event
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, CLEO, MIA, PIA, RULES, SECOND, TOM, Story, data_of, kinds_of, new_id, visitor

ASKING = replace(RULES, auto_accept=False, cap=3)


@pytest.fixture
def story() -> Story:
    """Mia is asked for Anna's chat."""
    story = Story(ASKING)
    story.arrive(MIA)
    story.open(ANNA)
    return story


def accept(story: Story) -> frames.Accept:
    return frames.Accept(new_id(), story.chat(ANNA).id)


def decline(story: Story) -> frames.Decline:
    return frames.Decline(new_id(), story.chat(ANNA).id)


def routed_of(events: list[Event]) -> kinds.Routed:
    (routed,) = [data_of(event) for event in events if event.kind == "routed"]
    assert isinstance(routed, kinds.Routed)
    return routed


def test_an_offer_waits_for_a_yes_and_keeps_its_place(story: Story) -> None:
    offered = story.log[-1]
    assert (offered.kind, offered.pub, data_of(offered)) == ("offered", 0, kinds.Offered("mia", "Mia"))
    chat = story.chat(ANNA)
    assert (chat.state, chat.owner, chat.offered, story.queue()) == ("queued", "", "mia", ["anna"])


def test_accepting_is_joining(story: Story) -> None:
    command = accept(story)
    events = story.do(MIA, command)
    assert kinds_of(events) == ["routed", "joined"]
    assert events[1].cid == command.id
    assert story.ask(MIA, command) == Repeated(events[1].seq, events[1].pub)
    assert (story.chat(ANNA).owner, routed_of(events).how, routed_of(events).waited_ms) == (
        "mia",
        "load",
        1_000,
    )


def test_only_who_is_asked_answers(story: Story) -> None:
    story.arrive(TOM)
    assert story.code(TOM, accept(story)) == "not_offered"
    assert story.code(TOM, decline(story)) == "not_offered"
    assert story.code(ANNA, accept(story)) == "not_allowed"
    assert story.code(BEN, accept(story)) == "no_chat"
    assert story.code(MIA, frames.Accept(new_id(), "unknown-chat-0000")) == "no_chat"


def test_declining_asks_the_next(story: Story) -> None:
    story.arrive(TOM)
    command = decline(story)
    ended, offered = story.do(MIA, command)
    assert data_of(ended) == kinds.OfferEnded("mia", "declined")
    assert data_of(offered) == kinds.Offered("tom", "Tom")
    assert story.ask(MIA, command) == Repeated(ended.seq, 0)
    assert story.code(MIA, accept(story)) == "not_offered"


def test_who_declined_is_asked_again_after_a_while_and_holds_up_nobody(story: Story) -> None:
    story.do(MIA, decline(story))
    assert story.chat(ANNA).offered == ""
    assert story.open(BEN).offered == "mia"
    story.key(MIA)
    story.do(MIA, frames.Accept(new_id(), story.chat(BEN).id))
    assert story.wait(2 * 60 * SECOND - 2 * SECOND) == []
    assert kinds_of(story.wait(SECOND)) == ["offered"]


def test_an_offer_expires_and_who_was_there_stays_online(story: Story) -> None:
    story.arrive(TOM)
    story.tick(10 * SECOND)
    story.key(MIA)
    events = story.wait(19 * SECOND)
    assert [data_of(event) for event in events] == [
        kinds.OfferEnded("mia", "expired"),
        kinds.Offered("tom", "Tom"),
    ]
    assert story.desk.agents["mia"].status == "online"


def test_without_a_key_they_are_away(story: Story) -> None:
    story.arrive(TOM)
    events = story.wait(29 * SECOND)
    assert kinds_of(events) == ["offer_ended", "status", "offered"]
    agent = story.desk.agents["mia"]
    assert (agent.status, agent.reason, agent.silent) == ("away", "silence", story.chat(ANNA).id)
    assert story.chat(ANNA).offered == "tom"


def test_it_waits_until_somebody_comes_back(story: Story) -> None:
    story.wait(29 * SECOND)
    assert story.queue() == ["anna"]
    assert kinds_of(story.status(MIA, "online")) == ["status", "offered"]


@pytest.mark.parametrize("status", ["away", "finishing", "offline"])
def test_who_does_not_take_chats_is_not_asked_any_more(story: Story, status: frames.Status) -> None:
    assert kinds_of(story.status(MIA, status)) == ["status", "offer_ended"]
    assert data_of(story.log[-1]) == kinds.OfferEnded("mia", "withdrawn")
    assert story.code(MIA, accept(story)) == "not_offered"


def test_who_drops_is_not_asked_any_more(story: Story) -> None:
    story.leave(MIA)
    assert kinds_of(story.wait(ASKING.presence_grace_ms)) == ["absent", "offer_ended"]


def test_closing_ends_the_offer(story: Story) -> None:
    story.close(ANNA, story.chat(ANNA))
    assert story.code(MIA, accept(story)) == "not_offered"
    assert story.wait(60 * SECOND) == []


def test_a_colleague_takes_it_while_it_is_offered(story: Story) -> None:
    story.arrive(TOM)
    events = story.do(TOM, frames.Take(new_id(), story.chat(ANNA).id))
    assert kinds_of(events) == ["offer_ended", "routed", "joined"]
    assert story.code(MIA, accept(story)) == "not_offered"


# --- by hand ----------------------------------------------------------------------------------------


@pytest.fixture
def waiting() -> Story:
    """Mia and Tom are away, three customers wait."""
    story = Story(replace(RULES, ceiling=200))
    story.arrive(MIA, TOM)
    for who in (MIA, TOM):
        story.status(who, "away")
    for customer in (ANNA, BEN, CLEO):
        story.open(customer)
    return story


def test_an_agent_takes_any_waiting_chat(waiting: Story) -> None:
    chat = waiting.chat(BEN)
    command = frames.Take(new_id(), chat.id)
    events = waiting.do(MIA, command)
    assert (chat.owner, routed_of(events).how, routed_of(events).sure) == ("mia", "hand", False)
    assert events[1].cid == command.id
    assert waiting.ask(MIA, command) == Repeated(events[1].seq, events[1].pub)
    assert waiting.queue() == ["anna", "cleo"]


def test_of_two_one_gets_it_and_the_other_is_told_who(waiting: Story) -> None:
    chat = waiting.chat(ANNA)
    waiting.do(MIA, frames.Take(new_id(), chat.id))
    refused = waiting.refused(TOM, frames.Take(new_id(), chat.id))
    assert (refused.error.code, refused.chat, refused.who) == ("taken", chat.id, "Mia")
    assert waiting.code(MIA, frames.Take(new_id(), chat.id)) == "already"


def test_over_the_ceiling_only_knowingly_and_it_is_recorded() -> None:
    story = Story(replace(RULES, ceiling=100, cap=3))
    story.arrive(MIA)
    for customer in (ANNA, BEN):
        story.open(customer)
    assert story.code(MIA, frames.Take(new_id(), story.chat(BEN).id)) == "over_ceiling"
    events = story.do(MIA, frames.Take(new_id(), story.chat(BEN).id, sure=True))
    assert routed_of(events).sure


def test_never_over_the_cap(waiting: Story) -> None:
    for customer in (ANNA, BEN):
        waiting.do(MIA, frames.Take(new_id(), waiting.chat(customer).id, sure=True))
    assert waiting.code(MIA, frames.Take(new_id(), waiting.chat(CLEO).id, sure=True)) == "cap"


def test_a_closed_or_unknown_chat_is_not_taken(waiting: Story) -> None:
    waiting.close(ANNA, waiting.chat(ANNA))
    assert waiting.code(MIA, frames.Take(new_id(), waiting.chat(ANNA).id)) == "chat_closed"
    assert waiting.code(MIA, frames.Take(new_id(), "unknown-chat-0000")) == "no_chat"
    assert waiting.code(BEN, frames.Take(new_id(), waiting.chat(BEN).id)) == "not_allowed"
    assert waiting.code(BEN, frames.Take(new_id(), waiting.chat(CLEO).id)) == "no_chat"


def test_the_cap_holds_for_accepting_too() -> None:
    story = Story(replace(ASKING, cap=1))
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    story.open(BEN)
    story.status(TOM, "away")
    story.do(MIA, accept(story))
    story.do(TOM, frames.Take(new_id(), story.chat(BEN).id))
    handed = frames.HandOff(new_id(), story.chat(BEN).id, "please", agent="mia")
    story.do(TOM, handed)
    assert story.code(MIA, frames.Accept(new_id(), story.chat(BEN).id)) == "cap"


def test_asked_for_no_more_than_they_can_carry() -> None:
    story = Story(replace(ASKING, cap=5))
    story.arrive(MIA)
    chats = [story.open(visitor(n)) for n in range(5)]
    assert [chat.offered for chat in chats] == ["mia", "mia", "mia", "", ""]
    assert story.why(chats[3])["mia"] == "full"
    story.arrive(TOM)
    assert [chat.offered for chat in chats[3:]] == ["tom", "tom"]
    story.do(MIA, frames.Decline(new_id(), chats[0].id))
    assert chats[0].offered == "tom"


def test_asked_for_no_more_than_the_cap() -> None:
    story = Story(ASKING)
    story.arrive(PIA)
    assert [story.open(who).offered for who in (ANNA, BEN)] == ["pia", ""]
    assert story.why(story.chat(BEN))["pia"] == "cap"
    assert story.why(story.chat(ANNA))["pia"] == ""


def test_who_is_asked_for_less_is_asked_first() -> None:
    story = Story(replace(ASKING, cap=5))
    story.arrive(MIA, TOM)
    assert [story.open(visitor(n)).offered for n in range(4)] == ["mia", "tom", "mia", "tom"]


def test_who_drops_out_for_a_moment_is_not_silent(story: Story) -> None:
    story.tick(ASKING.accept_ms - 6 * SECOND)
    story.leave(MIA)
    assert kinds_of(story.wait(5 * SECOND)) == ["offer_ended"]
    assert story.desk.agents["mia"].status == "online"


def test_silence_counts_from_when_they_were_asked(story: Story) -> None:
    """However late the desk looks: a key after that was a key."""
    story.tick(5 * SECOND)
    story.key(MIA)
    assert kinds_of(story.wait(10 * ASKING.accept_ms)) == ["offer_ended"]
    assert story.desk.agents["mia"].status == "online"


def test_their_last_agent_accepts() -> None:
    story = Story(ASKING)
    story.arrive(MIA, TOM)
    story.do(MIA, frames.Accept(new_id(), story.open(BEN).id))
    chat = story.open(replace(ANNA, last_agent="mia", last_at=story.at))
    assert chat.offered == "mia"
    assert routed_of(story.do(MIA, frames.Accept(new_id(), chat.id))).how == "last"


def test_an_offer_that_was_withdrawn_runs_out_for_nobody(story: Story) -> None:
    story.status(MIA, "away")
    assert story.wait(ASKING.accept_ms) == []
    assert story.desk.agents.keys() == {"mia", "tom", "pia", "sue"}


def test_a_key_before_the_offer_is_no_sign(story: Story) -> None:
    story.close(ANNA, story.chat(ANNA))
    story.key(MIA)
    story.open(BEN)
    story.tick(-SECOND)
    assert kinds_of(story.wait(ASKING.accept_ms)) == ["offer_ended", "status"]


def test_up_to_the_ceiling_by_hand_needs_no_asking() -> None:
    story = Story(replace(RULES, cap=4))
    story.arrive(MIA)
    story.status(MIA, "away")
    for n in range(3):
        story.do(MIA, frames.Take(new_id(), story.open(visitor(n)).id))
    assert story.load(MIA).points == 300
