"""Who comes by the link in a mail: the chat's customer, there only, and for as long as they like."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.commands import CLOCK, Erase, Person
from supportterm.protocol import frames, kinds

from .story import ANNA, HOUR, MIA, MINUTE, TOM, Story, chat_of, data_of, kinds_of, new_id, only

DAY = 24 * HOUR


@pytest.fixture
def story() -> Story:
    """Mia has Anna's first chat, answered and closed some days ago."""
    story = Story()
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.say(MIA, chat, "It comes tomorrow.")
    story.close(MIA, chat)
    story.tick(3 * DAY)
    return story


def bearer(n: int = 1) -> Person:
    return replace(ANNA, only=chat_of(ANNA, n), token_hash=b"")


def test_one_chat_and_no_other(story: Story) -> None:
    first, second = story.chat(ANNA), story.open(ANNA, 2)
    assert first.readable_by(bearer())
    assert not second.readable_by(bearer())
    for command in (
        frames.Say(new_id(), second.id, "Hi"),
        frames.CloseChat(new_id(), second.id),
        frames.Reopen(new_id(), second.id),
        frames.LeaveMessage(new_id(), second.id, "Hi"),
        frames.LeaveMessage(new_id(), chat_of(ANNA, 3), "Hi"),
        frames.NeedTime(new_id(), second.id),
        frames.ChooseLanguage(new_id(), second.id, "now"),
    ):
        assert story.code(bearer(), command) == "no_chat", command
    for chat in (first.id, second.id, chat_of(ANNA, 3)):
        refused = story.refused(bearer(), frames.Open(new_id(), chat))
        # Nor which other chat is open.
        assert (refused.error.code, refused.chat) == ("not_allowed", "")
    # Its own goes on, unless it would be a second open one.
    assert story.code(bearer(), frames.Say(new_id(), first.id, "Hi")) == "chat_closed"
    story.close(ANNA, second)
    assert kinds_of(story.say(bearer(), first, "Hi")) == ["reopened", "message"]


def test_who_has_no_link_cannot_go_on_after_days(story: Story) -> None:
    chat = story.chat(ANNA)
    assert story.code(ANNA, frames.Say(new_id(), chat.id, "Hi")) == "chat_closed"
    assert story.code(ANNA, frames.Reopen(new_id(), chat.id)) == "chat_closed"
    assert story.code(MIA, frames.Reopen(new_id(), chat.id)) == "chat_closed"
    # A link to another chat is none to this one.
    assert story.code(bearer(2), frames.Say(new_id(), chat.id, "Hi")) == "no_chat"


def test_with_the_link_it_goes_on_with_who_had_it(story: Story) -> None:
    chat = story.chat(ANNA)
    assert kinds_of(story.say(bearer(), chat, "It did not come.")) == ["reopened", "message"]
    assert (chat.state, chat.owner) == ("open", "mia")


def test_or_with_somebody_else_who_is_there(story: Story) -> None:
    chat = story.chat(ANNA)
    story.arrive(TOM)
    story.status(MIA, "away")
    events = story.do(bearer(), frames.Reopen(new_id(), chat.id))
    assert kinds_of(events)[:2] == ["reopened", "requeued"]
    assert (chat.state, chat.owner) == ("open", "tom")


def test_where_nobody_is_there_it_is_a_message_for_later(story: Story) -> None:
    chat = story.chat(ANNA)
    story.status(MIA, "offline")
    assert story.code(bearer(), frames.Reopen(new_id(), chat.id)) == "shop_closed"
    events = story.say(bearer(), chat, "It did not come.")
    assert kinds_of(events) == ["reopened", "requeued", "message", "left"]
    due = story.at + story.desk.rules.shop("bikes").answer_left_ms
    assert data_of(events[-1]) == kinds.Left(due)
    assert (chat.state, chat.left_due, chat.owner, story.queue()) == ("left", due, "", [])
    assert story.desk.left == {chat.id}
    # It is answered like any other.
    story.status(MIA, "online")
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "A new one is on its way.")
    assert chat.answered_at == story.at


def test_soon_after_the_end_the_link_changes_nothing(story: Story) -> None:
    """Somebody is expected back from a short absence; that is what the usual time is for."""
    chat = story.open(ANNA, 2)
    story.close(ANNA, chat)
    story.status(MIA, "offline")
    story.tick(MINUTE)
    assert kinds_of(story.say(bearer(2), chat, "One more thing")) == ["reopened", "requeued", "message"]
    assert chat.state == "queued"


def test_who_was_shown_out_does_not_come_back_by_a_mail(story: Story) -> None:
    chat = story.open(ANNA, 2)
    story.do(MIA, frames.Abuse(new_id(), chat.id, "end"))
    assert story.code(bearer(2), frames.Say(new_id(), chat.id, "Me again")) == "chat_closed"
    assert story.code(bearer(2), frames.Reopen(new_id(), chat.id)) == "chat_closed"


def test_when_texts_were_removed_is_known_from_the_log(story: Story) -> None:
    chat = story.chat(ANNA)
    assert chat.erased_at == 0
    erased = only(story.do(CLOCK, Erase(chat.id)), "erased")
    assert chat.erased_at == erased.at == story.at
    again = Story()
    loaded = again.desk.load(chat.id, chat.customer, [e for e in story.log if e.chat == chat.id], story.now)
    assert loaded.erased_at == chat.erased_at
