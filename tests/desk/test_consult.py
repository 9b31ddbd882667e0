"""A colleague is asked in to help."""

from __future__ import annotations

import pytest

from server.desk.decision import Repeated
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, MIA, PIA, SUE, TOM, Story, data_of, kinds_of, new_id


@pytest.fixture
def story() -> Story:
    """Mia has Anna's chat, Tom is there."""
    story = Story()
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    return story


def invite(story: Story, agent: str = "tom") -> frames.Invite:
    return frames.Invite(new_id(), story.chat(ANNA).id, agent)


def uninvite(story: Story, agent: str = "tom") -> frames.Uninvite:
    return frames.Uninvite(new_id(), story.chat(ANNA).id, agent)


def test_a_guest_reads_and_writes_notes_only(story: Story) -> None:
    command = invite(story)
    event = story.do(MIA, command)[0]
    assert (event.pub, data_of(event)) == (0, kinds.Invited("tom", "Tom"))
    assert story.ask(MIA, command) == Repeated(event.seq, 0)
    chat = story.chat(ANNA)
    assert chat.readable_by(TOM)
    assert chat.owner == "mia"
    assert kinds_of(story.do(TOM, frames.Note(new_id(), chat.id, "try the blue one"))) == ["note"]
    refused = story.refused(TOM, frames.Say(new_id(), chat.id, "Hi"))
    assert (refused.error.code, refused.who) == ("not_owner", "Mia")


def test_a_guest_neither_closes_nor_hands_on_nor_invites(story: Story) -> None:
    story.do(MIA, invite(story))
    story.arrive(PIA)
    chat = story.chat(ANNA)
    assert story.code(TOM, frames.CloseChat(new_id(), chat.id)) == "not_owner"
    assert story.code(TOM, frames.HandOff(new_id(), chat.id, "x", "pia")) == "not_owner"
    assert story.code(TOM, invite(story, "pia")) == "not_owner"
    assert story.code(TOM, uninvite(story, "mia")) == "not_owner"


def test_the_owner_or_the_guest_ends_it(story: Story) -> None:
    for who in (MIA, TOM):
        story.do(MIA, invite(story))
        event = story.do(who, uninvite(story))[0]
        assert data_of(event) == kinds.Uninvited("tom", "Tom")
        assert not story.chat(ANNA).readable_by(TOM)
        assert story.code(MIA, uninvite(story)) == "already"
    assert story.code(TOM, uninvite(story)) == "no_chat"


def test_the_guest_carries_no_load(story: Story) -> None:
    story.do(MIA, invite(story))
    assert story.desk.agents["tom"].chats == set()
    assert story.open(BEN).owner == "tom"


@pytest.mark.parametrize(
    ("agent", "code"), [("mia", "to_self"), ("pia", "agent_offline"), ("zoe", "no_agent")]
)
def test_nobody_to_invite(story: Story, agent: str, code: str) -> None:
    assert story.code(MIA, invite(story, agent)) == code


def test_twice_is_already_so(story: Story) -> None:
    story.do(MIA, invite(story))
    assert story.code(MIA, invite(story)) == "already"


def test_who_may_invite(story: Story) -> None:
    assert story.code(ANNA, invite(story)) == "not_allowed"
    assert story.code(TOM, invite(story, "mia")) == "no_chat"
    assert kinds_of(story.do(SUE, invite(story))) == ["invited"]
    story.close(MIA, story.chat(ANNA))
    assert story.code(MIA, invite(story)) == "chat_closed"


def test_closing_sends_guests_home(story: Story) -> None:
    story.do(MIA, invite(story))
    story.close(ANNA, story.chat(ANNA))
    assert not story.chat(ANNA).readable_by(TOM)


def test_a_guest_who_becomes_the_owner_is_no_guest(story: Story) -> None:
    story.do(MIA, invite(story))
    story.do(MIA, frames.HandOff(new_id(), story.chat(ANNA).id, "yours", "tom"))
    story.do(TOM, frames.Accept(new_id(), story.chat(ANNA).id))
    assert (story.chat(ANNA).owner, story.chat(ANNA).guests) == ("tom", frozenset())
