"""What an agent carries, and when they are offered more."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.commands import Person
from server.desk.rules import Rules
from supportterm.coach.hours import day_ends_at
from supportterm.protocol import frames, kinds
from supportterm.protocol.views import Part

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    HOUR,
    MIA,
    MINUTE,
    RULES,
    SECOND,
    SUE,
    TEAM,
    TOM,
    Story,
    data_of,
    kinds_of,
    new_id,
    visitor,
)

WIDE = replace(RULES, cap=5)
QUIET = RULES.quiet_ms


def points(story: Story, who: Person) -> int:
    """What the agent carries now."""
    return story.desk.scales.points(story.desk.agents[who.id], story.run, story.desk.rules)


def parts(story: Story, who: Person) -> list[Part]:
    """What that is made of."""
    return story.desk.scales.load(story.desk.agents[who.id], story.run, story.desk.rules).parts


def promise(story: Story, ms: int) -> None:
    story.do(MIA, frames.Say(new_id(), story.chat(ANNA).id, "back soon", promise=ms))


@pytest.fixture
def story() -> Story:
    story = Story(WIDE)
    story.arrive(MIA)
    story.open(ANNA)
    return story


# --- weights ----------------------------------------------------------------------------------------


def test_who_waits_weighs_one(story: Story) -> None:
    assert (points(story, MIA), parts(story, MIA)) == (100, [Part("waiting", 1, 100)])


def test_who_has_an_answer_weighs_half_and_grows_quiet(story: Story) -> None:
    story.say(MIA, story.chat(ANNA))
    assert parts(story, MIA) == [Part("answered", 1, 50)]
    story.tick(QUIET - 1)
    assert points(story, MIA) == 50
    story.tick(1)
    assert parts(story, MIA) == [Part("quiet", 1, 20)]
    story.say(ANNA, story.chat(ANNA))
    assert points(story, MIA) == 100


def test_waiting_never_grows_quiet(story: Story) -> None:
    story.tick(HOUR)
    assert points(story, MIA) == 100


def test_a_running_promise_weighs_less_than_waiting_until_its_last_minute(story: Story) -> None:
    promise(story, 5 * MINUTE)
    assert parts(story, MIA) == [Part("promise", 1, 80)]
    story.say(ANNA, story.chat(ANNA), "fine")
    assert points(story, MIA) == 80
    story.tick(4 * MINUTE - 1)
    assert points(story, MIA) == 80
    story.tick(1)
    assert parts(story, MIA) == [Part("due", 1, 100)]
    story.wait(MINUTE)
    assert parts(story, MIA) == [Part("waiting", 1, 100)]


def test_a_far_promise_weighs_nothing_until_ten_minutes_before(story: Story) -> None:
    promise(story, 40 * MINUTE)
    assert parts(story, MIA) == []
    story.tick(30 * MINUTE - 1)
    assert points(story, MIA) == 0
    story.tick(1)
    assert parts(story, MIA) == [Part("promise", 1, 80)]
    story.tick(9 * MINUTE)
    assert parts(story, MIA) == [Part("due", 1, 100)]


def test_half_an_hour_is_not_far(story: Story) -> None:
    promise(story, 30 * MINUTE)
    assert points(story, MIA) == 80


def test_an_extension_is_as_far_as_it_is_from_now(story: Story) -> None:
    promise(story, 20 * MINUTE)
    story.wait(15 * MINUTE)
    promise(story, 20 * MINUTE)
    assert points(story, MIA) == 80


def test_who_writes_beside_a_far_promise_waits(story: Story) -> None:
    promise(story, 2 * HOUR)
    story.say(ANNA, story.chat(ANNA), "and another thing")
    assert parts(story, MIA) == [Part("waiting", 1, 100)]


def test_the_time_after_a_chat_weighs_half() -> None:
    story = Story(replace(WIDE, breather_ms=30_000))
    story.arrive(MIA)
    story.close(MIA, story.open(ANNA))
    assert parts(story, MIA) == [Part("closing", 1, 50)]
    story.wait(30_000)
    assert points(story, MIA) == 0


def test_a_load_tells_the_heaviest_part_first(story: Story) -> None:
    story.say(MIA, story.chat(ANNA))
    story.tick(QUIET)
    for who in (BEN, CLEO):
        story.open(who)
    load = story.desk.scales.load(story.desk.agents["mia"], story.run, WIDE)
    assert load.parts == [Part("waiting", 2, 200), Part("quiet", 1, 20)]
    assert (load.points, load.ceiling, load.chats, load.cap) == (220, 300, 3, 5)


# --- the ceiling ------------------------------------------------------------------------------------


def test_one_load_over_all_shops_up_to_the_ceiling(story: Story) -> None:
    assert [story.open(who).owner for who in (BEN, CLEO, DIRK)] == ["mia", "mia", ""]
    assert {story.chat(who).shop for who in (ANNA, CLEO)} == {"bikes", "books"}


def test_as_the_rules_come_two_who_wait_are_enough() -> None:
    story = Story(replace(WIDE, ceiling=Rules().ceiling))
    story.arrive(MIA)
    assert [story.open(who).owner for who in (ANNA, BEN, CLEO)] == ["mia", "mia", ""]
    # One waits and one has an answer: that would just fit, but for somebody who was full.
    story.say(MIA, story.chat(ANNA))
    assert (points(story, MIA), story.queue()) == (150, ["cleo"])
    assert kinds_of(story.wait(QUIET)) == ["routed", "joined"]
    assert (points(story, MIA), story.chat(CLEO).owner) == (220, "mia")


def test_as_the_rules_come_one_who_waits_and_one_who_was_answered_leave_room() -> None:
    story = Story(replace(WIDE, ceiling=Rules().ceiling))
    story.arrive(MIA)
    story.say(MIA, story.open(ANNA))
    assert [story.open(who).owner for who in (BEN, CLEO, DIRK)] == ["mia", "mia", ""]


def test_hysteresis_holds_back_what_barely_fits() -> None:
    story = Story(replace(WIDE, ceiling=310, weights=replace(WIDE.weights, answered=5)))
    story.arrive(MIA)
    for who in (ANNA, BEN, CLEO, DIRK):
        story.open(who)
    assert (story.queue(), story.desk.agents["mia"].full) == (["dirk"], True)
    # 205 and one more would be 305: below 310, but not by 25.
    assert kinds_of(story.say(MIA, story.chat(ANNA))) == ["message"]
    assert kinds_of(story.say(MIA, story.chat(BEN))) == ["message", "routed", "joined"]
    assert not story.desk.agents["mia"].full


def test_who_was_not_found_full_is_filled_to_the_brim() -> None:
    story = Story(replace(WIDE, ceiling=305, weights=replace(WIDE.weights, answered=5)))
    story.arrive(MIA)
    for who in (ANNA, BEN, CLEO):
        story.open(who)
    story.say(MIA, story.chat(ANNA))
    assert story.open(DIRK).owner == "mia"


def test_time_alone_makes_room(story: Story) -> None:
    story.say(MIA, story.chat(ANNA))
    for who in (BEN, CLEO, DIRK):
        story.open(who)
    assert story.queue() == ["dirk"]
    story.say(MIA, story.chat(BEN))
    story.say(MIA, story.chat(CLEO))
    assert story.queue() == []


def test_a_chat_that_grows_quiet_lets_the_next_one_in() -> None:
    story = Story(replace(WIDE, ceiling=130, hysteresis=5))
    story.arrive(MIA)
    story.say(MIA, story.open(ANNA))
    story.open(BEN)
    assert story.queue() == ["ben"]
    events = story.wait(QUIET - SECOND)
    assert kinds_of(events) == ["routed", "joined"]


def test_the_cap_counts_quiet_chats_too() -> None:
    story = Story(replace(WIDE, cap=2))
    story.arrive(MIA)
    for who in (ANNA, BEN):
        story.say(MIA, story.open(who))
    story.tick(QUIET)
    assert points(story, MIA) == 40
    assert story.open(CLEO).owner == ""


def test_waking_chats_move_nothing(story: Story) -> None:
    for who in (BEN, CLEO):
        story.say(MIA, story.open(who))
    story.say(MIA, story.chat(ANNA))
    story.open(DIRK)
    for who in (ANNA, BEN, CLEO):
        assert kinds_of(story.say(who, story.chat(who))) == ["message"]
    assert points(story, MIA) == 400
    assert {story.chat(who).owner for who in (ANNA, BEN, CLEO, DIRK)} == {"mia"}


def test_a_ceiling_that_one_chat_fills_lets_the_next_one_in_after_it() -> None:
    story = Story(replace(WIDE, ceiling=100))
    story.arrive(MIA)
    for who in (ANNA, BEN):
        story.open(who)
    assert kinds_of(story.close(MIA, story.chat(ANNA))) == ["closed", "routed", "joined"]


def test_a_trainee_carries_less() -> None:
    story = Story(WIDE, [Member("mia", "Mia", trainee=True)])
    story.arrive(MIA)
    agent = story.desk.agents["mia"]
    assert (agent.ceiling(WIDE), agent.cap(WIDE)) == (200, 2)
    assert [story.open(who).owner for who in (ANNA, BEN, CLEO)] == ["mia", "mia", ""]


def test_a_person_has_numbers_of_their_own() -> None:
    story = Story(WIDE, [Member("mia", "Mia", ceiling=100, cap=4, trainee=True)])
    story.arrive(MIA)
    agent = story.desk.agents["mia"]
    assert (agent.ceiling(WIDE), agent.cap(WIDE)) == (100, 4)
    assert [story.open(who).owner for who in (ANNA, BEN)] == ["mia", ""]


# --- who of several ---------------------------------------------------------------------------------


def test_the_lowest_share_of_the_own_ceiling_comes_first() -> None:
    story = Story(WIDE, [Member("mia", "Mia", ceiling=400), Member("tom", "Tom", ceiling=200)])
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    assert story.open(BEN).owner == "tom"
    # 100 of 400 against 100 of 200.
    assert story.open(CLEO).owner == "mia"


def test_a_tie_goes_to_the_longest_without_an_offer() -> None:
    story = Story(WIDE, TEAM)
    story.arrive(MIA, TOM)
    owners = []
    for who in (ANNA, BEN, CLEO, DIRK):
        owners.append(story.open(who).owner)
    assert owners == ["mia", "tom", "mia", "tom"]


def test_the_decision_is_stored_as_data(story: Story) -> None:
    story.arrive(TOM)
    story.tick(5 * SECOND)
    story.open(BEN)
    routed = data_of([event for event in story.log if event.kind == "routed"][-1])
    assert isinstance(routed, kinds.Routed)
    assert (routed.agent, routed.how, routed.points, routed.chats) == ("tom", "load", 0, 0)
    assert [(one.agent, one.no, one.load.points) for one in routed.others] == [("mia", "busier", 100)]


# --- the ceiling for today --------------------------------------------------------------------------


def test_a_ceiling_set_for_today_holds_until_midnight(story: Story) -> None:
    event = story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=100))[0]
    assert (event.kind, event.actor) == ("ceiling", "agent:sue")
    assert story.open(BEN).owner == ""
    midnight = day_ends_at("UTC", story.at)
    ended, *rest = story.wait(midnight - story.at)
    assert (ended.kind, ended.actor, kinds_of(rest)) == ("ceiling", "desk", ["routed", "joined"])
    assert story.desk.agents["mia"].ceiling(WIDE) == 300


def test_a_raised_ceiling_hands_out_at_once(story: Story) -> None:
    for who in (BEN, CLEO, DIRK):
        story.open(who)
    events = story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=400))
    assert kinds_of(events) == ["ceiling", "routed", "joined"]
    assert kinds_of(story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=0))) == ["ceiling"]
    assert story.desk.agents["mia"].ceiling(WIDE) == 300


def test_the_lowest_share_of_the_ceiling_goes_first() -> None:
    """Not the fewest points: one more is more for who can carry two than for who can carry four."""
    team = [Member("mia", "Mia", ceiling=400), Member("tom", "Tom", ceiling=200)]
    story = Story(replace(RULES, cap=5), team)
    story.arrive(MIA, TOM)
    for who in (MIA, TOM):
        story.status(who, "finishing")
    for who, chats in ((MIA, 2), (TOM, 1)):
        for n in range(chats):
            story.do(who, frames.Take(new_id(), story.open(visitor(10 * chats + n)).id))
    story.say(MIA, story.chat(visitor(20)))
    for who in (TOM, MIA):
        story.status(who, "online")
    # 1.5 of 4 is less than 1.0 of 2.
    assert (story.load(MIA).points, story.load(TOM).points) == (150, 100)
    assert story.open(ANNA).owner == "mia"
