"""A callback whose answer waits in the shop's widget for who is known there: kept once they have seen it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.chat import Chat
from server.desk.commands import Person
from server.desk.pace import MAIL_AFTER
from supportterm.protocol import frames, kinds
from supportterm.protocol.contact import Identity

from .calling import a_story, ends, saw
from .story import ANNA, BEN, HOUR, MIA, MINUTE, TOM, Story, data_of, kinds_of, new_id, only
from .test_folding import refolded

DAY = 24 * HOUR
EVA = replace(
    ANNA, id="known-48213", identity=Identity("48213", "Eva"), signed_at=1 << 52, browsers=(ANNA.id,)
)


@pytest.fixture
def story() -> Story:
    return a_story()


def promised(story: Story, who: Person = EVA) -> Chat:
    story.arrive(MIA)
    chat = story.open(who)
    story.say(who, chat, "Where is it?")
    story.do(MIA, asks(story, chat))
    return chat


def asks(story: Story, chat: Chat, ahead: int = 3 * HOUR) -> frames.CallBack:
    return frames.CallBack(new_id(), chat.id, story.at + ahead, "here")


def answered(story: Story) -> Chat:
    chat = promised(story)
    story.tick(HOUR)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "It is in Utrecht.")
    return chat


def test_it_is_for_who_is_known_only(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    assert story.code(MIA, asks(story, chat)) == "no_identity"
    known = story.open(replace(EVA, shop="bikes", browsers=()))
    command = asks(story, known)
    assert story.code(MIA, replace(command, contact="eva@example.org")) == "no_contact"
    assert kinds_of(story.do(MIA, command)) == ["promised", "callback", "unassigned"]
    assert only(story.log, "callback").pub
    assert (known.state, known.callback, known.reach.known.mail) == ("left", "here", "")


def test_it_is_kept_once_they_have_seen_it(story: Story) -> None:
    chat = answered(story)
    assert story.wait(MAIL_AFTER) == [], "nothing is mailed to nobody"
    assert chat.promise_due
    # On whichever device they are signed in.
    assert chat.readable_by(replace(EVA, browsers=(BEN.id,)))
    assert saw(story, chat) == ["seen", "promise_ended"]
    assert ends(story.log) == ["kept"]
    refolded(story)


def test_answered_in_time_it_is_not_broken_by_who_does_not_come(story: Story) -> None:
    chat = answered(story)
    assert ends(story.wait(3 * HOUR)) == []
    assert (chat.late_at, chat.broken_at, chat.state) == (0, 0, "open")
    # Nor by a start after its time, or anything that is decided about it.
    again = refolded(story)
    assert again.chats[chat.id].waits_here
    assert "promise_ended" not in kinds_of(story.say(MIA, chat, "It leaves tomorrow."))
    assert ends(story.wait(DAY)) == []
    assert saw(story, chat) == ["seen", "promise_ended"]
    assert ends(story.log) == ["kept"]


def test_answered_it_asks_nothing_of_anybody_while_they_do_not_come(story: Story) -> None:
    answered(story)
    # While its time runs, and after that.
    for _ in range(2):
        assert showing.promises(story.desk).rows == []
        [mia] = [one for one in showing.team(story.desk, story.now).agents if one.agent == "mia"]
        assert {part.demand for part in mia.load.parts} < {"answered", "quiet"}
        assert (mia.promises, showing.today(story.desk, story.now).late_promises) == (0, [])
        story.wait(4 * HOUR)


def test_not_answered_in_time_it_is_broken_and_made_good_by_when_it_stood_here(story: Story) -> None:
    chat = promised(story)
    assert ends(story.wait(3 * HOUR + MINUTE)) == ["broken"]
    story.do(MIA, frames.Take(new_id(), chat.id)) if chat.owner != "mia" else None
    story.say(MIA, chat, "Sorry. It is in Utrecht.")
    story.tick(DAY)
    assert saw(story, chat) == ["seen", "made_good"]
    late = data_of(only(story.log, "made_good"))
    assert isinstance(late, kinds.MadeGood)
    assert late.late_ms < 2 * MINUTE
    assert (chat.late_at, chat.waiting_since) == (0, 0)


def test_a_second_time_counts_as_one_that_was_given_in_time(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.do(MIA, asks(story, chat, 6 * HOUR))
    story.tick(4 * HOUR)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "It is in Utrecht.")
    story.tick(DAY)
    saw(story, chat)
    assert ends(story.log) == ["extended"]


def test_closed_by_its_agent_it_waits_for_them_and_closes_when_they_have_seen_it(story: Story) -> None:
    chat = answered(story)
    assert kinds_of(story.close(MIA, chat)) == ["unassigned"]
    assert (chat.state, chat.owner, chat.reach.closing) == ("left", "", True)
    (row,) = showing.left(story.desk).rows
    assert (row.how, bool(row.answered_at), row.mail) == ("here", True, "")
    story.wait(5 * DAY)
    assert chat.state == "left"
    assert saw(story, chat) == ["seen", "promise_ended", "closed"]
    assert ends(story.log) == ["kept"]


def test_who_never_comes_is_waited_for_thirty_days(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    for _ in range(32):
        story.wait(DAY)
    assert chat.state == "closed"
    assert ends(story.log) == ["withdrawn"]


def test_who_writes_below_it_has_seen_it(story: Story) -> None:
    chat = answered(story)
    story.tick(DAY)
    assert "promise_ended" in kinds_of(story.say(EVA, chat, "Thanks!"))
    assert ends(story.log) == ["kept"]


def test_before_they_have_seen_it_another_can_take_it(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    story.arrive(TOM)
    story.do(TOM, frames.Take(new_id(), chat.id))
    assert (chat.owner, chat.reach.closing, chat.waits_here) == ("tom", False, True)
