"""A chat nobody reacts to goes to somebody who is there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.commands import PageShown
from supportterm.protocol import frames, kinds

from .story import ANNA, BEN, CLEO, MIA, RULES, SECOND, SUE, TOM, Story, data_of, kinds_of, new_id
from .test_folding import refolded

NOTICING = replace(RULES, silence_ms=60 * SECOND)


@pytest.fixture
def story() -> Story:
    story = Story(NOTICING)
    story.arrive(MIA)
    story.open(ANNA)
    return story


def test_without_key_or_reply_it_waits_again_and_they_are_away(story: Story) -> None:
    assert story.wait(58 * SECOND) == []
    status, unassigned = story.wait(SECOND)
    assert (status.kind, status.actor, unassigned.pub) == ("status", "desk", 0)
    assert data_of(unassigned) == kinds.Unassigned("silent", "mia")
    chat, mia = story.chat(ANNA), story.desk.agents["mia"]
    assert (mia.status, mia.reason, mia.silent) == ("away", "silence", chat.id)
    assert (chat.state, chat.queued_at, chat.agent_name) == ("queued", chat.opened_at, "Mia")


def test_it_goes_first_with_its_waiting_time() -> None:
    story = Story(replace(NOTICING, cap=1))
    waited = story.open(BEN)
    story.arrive(MIA)
    story.open(CLEO)
    story.wait(60 * SECOND)
    assert story.queue() == ["ben", "cleo"]
    assert (waited.returned, waited.queued_at) == (True, waited.opened_at)


def test_it_goes_before_who_came_earlier() -> None:
    story = Story(NOTICING)
    story.arrive(MIA)
    story.open(ANNA)
    story.close(ANNA, story.chat(ANNA))
    story.desk.rules = replace(NOTICING, cap=1)
    waited = story.open(BEN)
    story.open(CLEO)
    story.say(MIA, waited)
    story.say(BEN, waited)
    story.leave(MIA)
    story.wait(RULES.presence_grace_ms)
    # Ben writes again later than Cleo came, but he had somebody before.
    assert story.queue() == ["ben", "cleo"]


def test_a_colleague_gets_it_at_once_and_the_customer_reads_one_line(story: Story) -> None:
    story.arrive(TOM)
    pub = story.chat(ANNA).pub
    events = story.wait(60 * SECOND)
    assert kinds_of(events) == ["status", "unassigned", "routed", "joined"]
    assert (story.chat(ANNA).owner, story.chat(ANNA).pub) == ("tom", pub + 1)
    assert data_of(events[-1]) == kinds.Joined("Tom", "Mia")


def test_it_does_not_come_back_to_who_did_not_see_it(story: Story) -> None:
    story.wait(60 * SECOND)
    for _ in range(3):
        assert story.wait(60 * SECOND) == []
    assert story.chat(ANNA).owner == ""


def test_it_moves_on_once_for_each_agent(story: Story) -> None:
    story.arrive(TOM)
    story.wait(60 * SECOND)
    assert kinds_of(story.wait(60 * SECOND)) == ["status", "unassigned"]
    assert story.wait(60 * SECOND) == []
    assert [story.desk.agents[one].status for one in ("mia", "tom")] == ["away", "away"]


def test_a_key_says_that_somebody_is_there(story: Story) -> None:
    story.tick(50 * SECOND)
    story.key(MIA)
    assert story.wait(60 * SECOND) == []
    assert story.chat(ANNA).owner == "mia"


def test_so_does_a_reply(story: Story) -> None:
    story.say(MIA, story.chat(ANNA))
    story.say(ANNA, story.chat(ANNA))
    assert story.wait(60 * SECOND) == []
    assert story.desk.agents["mia"].status == "online"


def test_what_the_customer_writes_does_not(story: Story) -> None:
    story.tick(50 * SECOND)
    story.say(ANNA, story.chat(ANNA))
    assert kinds_of(story.wait(9 * SECOND)) == ["status", "unassigned"]


def test_one_key_and_they_are_back(story: Story) -> None:
    story.wait(60 * SECOND)
    status, *given = story.status(MIA, "online")
    assert (status.kind, kinds_of(given)) == ("status", ["routed", "joined"])
    mia = story.desk.agents["mia"]
    assert (mia.status, mia.reason, mia.silent) == ("online", "", "")


def test_away_for_silence_becomes_a_break_in_own_words(story: Story) -> None:
    story.wait(60 * SECOND)
    story.do(MIA, frames.SetStatus(new_id(), "away", "lunch"))
    mia = story.desk.agents["mia"]
    assert (mia.status, mia.reason, mia.silent) == ("away", "lunch", "")


def test_who_was_sent_away_meanwhile_is_not_said_to_be_silent(story: Story) -> None:
    story.do(SUE, frames.SetAgent(new_id(), "mia", "away"))
    assert kinds_of(story.wait(60 * SECOND)) == ["unassigned"]
    assert (story.desk.agents["mia"].reason, story.desk.agents["mia"].silent) == ("", "")


def test_whatever_they_do_shows_that_they_are_there(story: Story) -> None:
    second = story.open(BEN)
    story.say(MIA, story.chat(ANNA))
    assert story.wait(600 * SECOND) == []
    assert second.owner == "mia"


def test_a_refused_command_does_not(story: Story) -> None:
    story.code(MIA, frames.Say(new_id(), story.chat(ANNA).id, ""))
    assert kinds_of(story.wait(60 * SECOND)) == ["status", "unassigned"]


def test_nor_does_a_console_that_comes(story: Story) -> None:
    story.leave(MIA)
    story.arrive(MIA)
    assert kinds_of(story.wait(60 * SECOND)) == ["status", "unassigned"]


def test_a_chat_that_comes_with_a_command_was_not_seen_by_it(story: Story) -> None:
    story.wait(60 * SECOND)
    assert kinds_of(story.status(MIA, "online")) == ["status", "routed", "joined"]
    assert kinds_of(story.wait(60 * SECOND)) == ["status", "unassigned"]


def test_in_the_grace_time_nothing_moves(story: Story) -> None:
    story.wait(50 * SECOND)
    story.leave(MIA)
    assert story.wait(10 * SECOND) == []
    story.arrive(MIA)
    assert story.wait(59 * SECOND) == []
    assert kinds_of(story.wait(SECOND)) == ["status", "unassigned"]


def test_all_that_came_unseen_goes(story: Story) -> None:
    story.open(BEN)
    story.wait(60 * SECOND)
    assert story.queue() == ["anna", "ben"]


def test_what_was_taken_by_hand_was_seen(story: Story) -> None:
    story.wait(60 * SECOND)
    story.do(MIA, frames.Take(new_id(), story.chat(ANNA).id))
    assert story.wait(120 * SECOND) == []


def test_closing_ends_the_watch(story: Story) -> None:
    story.close(ANNA, story.chat(ANNA))
    assert story.wait(60 * SECOND) == []
    assert story.desk.agents["mia"].status == "online"


def test_it_may_be_switched_off() -> None:
    story = Story()
    story.arrive(MIA)
    story.open(ANNA)
    assert story.wait(600 * SECOND) == []


def test_after_a_restart_the_time_begins_anew(story: Story) -> None:
    story.wait(50 * SECOND)
    story.desk = refolded(story)
    story.desk.attend(MIA)
    story.do(ANNA, PageShown())
    assert story.wait(60 * SECOND - 1) == []
    assert kinds_of(story.wait(1)) == ["status", "unassigned"]
