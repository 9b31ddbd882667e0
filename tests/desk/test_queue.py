"""Who waits, in which order, and what they are told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.agent import Member
from server.desk.commands import PageLeft, PageShown
from server.desk.desk import Desk
from server.desk.rules import Entry, Shop, Topic
from supportterm.protocol import frames, kinds
from supportterm.protocol.views import Wait

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    MIA,
    MINUTE,
    PIA,
    RULES,
    SECOND,
    SUE,
    TOM,
    Story,
    chat_of,
    data_of,
    new_id,
    visitor,
)

VIP = Shop(
    topics=(Topic("returns", {"en": "Returns"}),),
    entries=(Entry(page="/vip", priority=1), Entry(topic="returns", skill="returns")),
)
TEAM = [
    Member("mia", "Mia", languages=("en",)),
    Member("tom", "Tom", languages=("da",), skills=("returns",)),
    Member("pia", "Pia", cap=1),
    Member("sue", "Sue", title="supervisor"),
]


@pytest.fixture
def story() -> Story:
    return Story(replace(RULES, shops={"bikes": VIP, "books": VIP}), TEAM)


# --- order ------------------------------------------------------------------------------------------


def test_priority_then_who_had_an_agent_then_time(story: Story) -> None:
    story.arrive(MIA)
    returned = story.open(visitor(1))
    story.status(MIA, "offline")
    story.open(visitor(2))
    story.open(visitor(3), page="/vip")
    story.open(visitor(4))
    assert story.queue() == ["customer-3", "customer-1", "customer-2", "customer-4"]
    assert returned.returned


def test_kinds_do_not_stand_in_each_others_way(story: Story) -> None:
    danish = story.open(ANNA, lang="da")
    skilled = story.open(BEN, topic="returns")
    english = story.open(CLEO)
    story.arrive(MIA)
    assert [chat.owner for chat in (danish, skilled, english)] == ["", "", "mia"]
    story.arrive(TOM)
    # Tom does not speak the second one's language.
    assert [chat.owner for chat in (danish, skilled)] == ["tom", ""]


def test_first_come_across_kinds(story: Story) -> None:
    story.open(ANNA)
    story.open(BEN, lang="da")
    story.open(CLEO)
    story.desk.rules = replace(story.desk.rules, cap=1)
    story.arrive(SUE)
    assert story.chat(ANNA).owner == "sue"
    story.close(SUE, story.chat(ANNA))
    assert story.chat(BEN).owner == "sue"


def test_the_waiting_time_is_kept(story: Story) -> None:
    story.arrive(MIA)
    first, second = story.open(ANNA), story.open(BEN)
    story.say(MIA, first)
    story.tick(MINUTE)
    story.say(ANNA, first)
    asked = story.at
    story.status(MIA, "offline")
    assert story.queue() == ["ben", "anna"]
    assert (second.queued_at, first.queued_at) == (second.opened_at, asked)


# --- what customers are told ------------------------------------------------------------------------


def wait(story: Story, who: object, told: Wait | None = None) -> Wait:
    return showing.wait(story.desk, story.chat(who), told, story.now)  # type: ignore[arg-type]


def taken(story: Story, times: int = 4) -> None:
    """Somebody is taken every two minutes after a wait of one; then nobody has time."""
    for n in range(times):
        story.status(MIA, "away")
        chat = story.open(visitor(100 + n))
        story.wait(MINUTE - SECOND)
        story.status(MIA, "online")
        assert chat.owner == "mia"
        story.close(MIA, chat)
        story.wait(MINUTE)
    story.status(MIA, "away")
    story.busy()


def test_position_and_range(story: Story) -> None:
    story.arrive(MIA)
    taken(story)
    story.open(ANNA)
    story.open(BEN)
    first, second = wait(story, ANNA), wait(story, BEN)
    assert (first.position, second.position) == (1, 2)
    assert 0 < first.low_ms < first.high_ms
    assert second.low_ms >= first.low_ms
    assert first.low_ms % MINUTE == first.high_ms % MINUTE == 0


def test_each_kind_has_its_own_line(story: Story) -> None:
    story.open(ANNA)
    story.open(BEN, lang="da")
    story.open(CLEO)
    assert [wait(story, who).position for who in (ANNA, BEN, CLEO)] == [1, 1, 2]


def test_why_it_is_worse(story: Story) -> None:
    story.arrive(MIA)
    taken(story)
    story.status(MIA, "online")
    dropped = story.open(DIRK)
    story.status(MIA, "away")
    story.open(ANNA)
    told = wait(story, ANNA)
    assert told.worse == ""
    story.status(MIA, "offline")
    assert dropped.state == "queued"
    worse = wait(story, ANNA, told)
    assert (worse.position, worse.worse) == (2, "returned")
    # Said as long as it is so, not once.
    assert wait(story, ANNA, worse).worse == "returned"
    story.close(DIRK, dropped)
    better = wait(story, ANNA, worse)
    assert (better.position, better.worse) == (1, "")
    story.wait(6 * MINUTE)
    assert wait(story, ANNA, better).worse == "slower"


def test_no_reason_for_who_was_told_nothing(story: Story) -> None:
    story.open(ANNA)
    assert wait(story, ANNA, Wait(0)).worse == ""


def test_who_does_not_wait_is_told_nothing(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    assert wait(story, ANNA) == Wait(0)
    story.status(MIA, "offline")
    assert (chat.state, wait(story, ANNA)) == ("queued", Wait(0))


def test_in_ask_mode_who_is_offered_waits_still(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, auto_accept=False)
    story.arrive(MIA)
    story.open(ANNA)
    assert wait(story, ANNA).position == 1


def test_who_somebody_let_pass_keeps_their_position(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, auto_accept=False)
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.do(MIA, frames.Decline(new_id(), chat.id))
    story.status(MIA, "away")
    story.open(BEN)
    assert [wait(story, who).position for who in (ANNA, BEN)] == [1, 2]


def test_what_was_expected_is_stored_with_what_came(story: Story) -> None:
    story.arrive(MIA)
    taken(story)
    chat = story.open(ANNA)
    expected = story.desk.paces[chat.id].expected_ms
    assert expected > 0
    story.wait(3 * MINUTE)
    story.status(MIA, "online")
    routed = data_of(next(e for e in reversed(story.log) if e.kind == "routed"))
    assert isinstance(routed, kinds.Routed)
    assert (routed.waited_ms, routed.expected_ms) == (3 * MINUTE + SECOND, expected)


def test_what_was_learned_outlives_a_restart(story: Story) -> None:
    story.arrive(MIA)
    taken(story)
    story.open(ANNA)
    before = wait(story, ANNA)
    desk = Desk("main", story.desk.rules)
    for chat in story.desk.chats.values():
        events = [event for event in story.log if event.stream == "chat:" + chat.id]
        desk.load(chat.id, chat.customer, events, story.now)
    story.desk = desk
    desk.know(TEAM)
    story.arrive(PIA)
    assert wait(story, ANNA) == before
    assert before.low_ms


# --- what staff see ---------------------------------------------------------------------------------


def test_an_empty_queue(story: Story) -> None:
    assert (showing.queue(story.desk).size, showing.queue(story.desk).oldest_at) == (0, 0)


@pytest.mark.parametrize("most", [1, 2])
def test_a_full_queue(story: Story, most: int) -> None:
    story.desk.rules = replace(RULES, shops={"bikes": Shop(max_queue=most), "books": Shop()})
    for n in range(most):
        story.open(visitor(n))
    story.open(CLEO)
    assert story.code(ANNA, frames.Open(new_id(), chat_of(ANNA))) == "queue_full"
    story.close(visitor(0), story.chat(visitor(0)))
    story.open(ANNA)


def test_whose_page_is_gone_keeps_their_place_and_nobody_out(story: Story) -> None:
    rules = replace(RULES, page_grace_ms=30 * SECOND, shops={"bikes": Shop(max_queue=2), "books": Shop()})
    story.desk.rules = rules
    for n in range(2):
        story.open(visitor(n))
        story.do(visitor(n), PageLeft())
    assert story.code(ANNA, frames.Open(new_id(), chat_of(ANNA))) == "queue_full"
    story.wait(30 * SECOND)
    chat = story.open(ANNA)
    story.do(visitor(0), PageShown())
    assert [wait(story, who).position for who in (visitor(0), visitor(1), ANNA)] == [1, 2, 3]
    assert story.code(visitor(2), frames.Open(new_id(), chat_of(visitor(2)))) == "queue_full"
    assert chat.state == "queued"


def test_whoever_lost_their_agent_teaches_nothing_about_what_was_told(story: Story) -> None:
    story.arrive(MIA)
    taken(story)
    chat = story.open(ANNA)
    assert story.desk.paces[chat.id].expected_ms
    story.wait(MINUTE)
    story.status(MIA, "online")
    story.status(MIA, "offline")
    assert chat.returned
    story.wait(MINUTE)
    story.status(MIA, "online")
    assert [data_of(event).expected_ms > 0 for event in story.log if event.kind == "routed"][-2:] == [  # type: ignore[attr-defined]
        True,
        False,
    ]


def test_their_last_agent_teaches_as_much(story: Story) -> None:
    story.arrive(MIA)
    for n in range(2):
        story.status(MIA, "away")
        chat = story.open(replace(visitor(n), last_agent="mia", last_at=story.at))
        story.wait(MINUTE)
        story.status(MIA, "online")
        story.close(MIA, chat)
    story.status(MIA, "away")
    story.busy()
    story.open(ANNA)
    assert wait(story, ANNA).low_ms
