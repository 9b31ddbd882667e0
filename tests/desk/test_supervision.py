"""What a supervisor steers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import doors
from server.desk.commands import CLOCK, Due, Person
from server.desk.decision import Repeated
from server.desk.rules import Shop
from supportterm.coach.hours import Hours, day_ends_at
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    HOUR,
    MIA,
    MINUTE,
    RULES,
    SUE,
    TOM,
    Story,
    data_of,
    kinds_of,
    new_id,
)
from .test_folding import refolded

NEVER = Hours("Europe/Amsterdam", ((),) * 7)
SHOPPED = replace(RULES, shops={"bikes": Shop("Bikes"), "books": Shop("Books", hours=NEVER)})


@pytest.fixture
def story() -> Story:
    """Mia has Anna's chat, Tom has none."""
    story = Story(SHOPPED)
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    return story


def assign(story: Story, agent: str) -> frames.Assign:
    return frames.Assign(new_id(), story.chat(ANNA).id, agent)


# --- chats ------------------------------------------------------------------------------------------


def test_a_chat_is_given_to_somebody_else(story: Story) -> None:
    command = assign(story, "tom")
    routed, joined = story.do(SUE, command)
    assert (routed.actor, routed.name, routed.cid) == ("agent:sue", "Sue", command.id)
    told = data_of(routed)
    assert isinstance(told, kinds.Routed)
    assert (told.how, told.by, told.sure) == ("assign", "sue", False)
    assert data_of(joined) == kinds.Joined("Tom", "Mia")
    assert story.ask(SUE, command) == Repeated(routed.seq, 0)
    assert (story.desk.agents["mia"].chats, story.chat(ANNA).owner) == (set(), "tom")


def test_over_the_ceiling_is_recorded(story: Story) -> None:
    story.desk.rules = replace(SHOPPED, ceiling=50)
    told = data_of(story.do(SUE, assign(story, "tom"))[0])
    assert isinstance(told, kinds.Routed)
    assert told.sure


def test_a_supervisor_takes_over_and_writes(story: Story) -> None:
    chat = story.chat(ANNA)
    assert story.code(SUE, frames.Say(new_id(), chat.id, "Hi")) == "not_owner"
    assert kinds_of(story.do(SUE, frames.Note(new_id(), chat.id, "whisper"))) == ["note"]
    assert story.code(SUE, assign(story, "sue")) == "agent_offline"
    story.arrive(SUE)
    story.do(SUE, assign(story, "sue"))
    assert kinds_of(story.say(SUE, chat)) == ["message"]


def test_a_waiting_or_handed_chat_too(story: Story) -> None:
    story.do(MIA, frames.HandOff(new_id(), story.chat(ANNA).id, "x", "tom"))
    events = story.do(SUE, assign(story, "tom"))
    assert kinds_of(events) == ["handoff_ended", "routed", "joined"]
    for who in (MIA, TOM):
        story.status(who, "away")
    waiting = story.open(BEN)
    story.do(SUE, frames.Assign(new_id(), waiting.id, "tom"))
    assert (waiting.owner, story.queue()) == ("tom", [])


def test_an_offer_to_somebody_else_ends() -> None:
    story = Story(replace(RULES, auto_accept=False))
    story.arrive(MIA)
    story.open(ANNA)
    story.arrive(TOM)
    assert kinds_of(story.do(SUE, assign(story, "tom"))) == ["offer_ended", "routed", "joined"]


@pytest.mark.parametrize(
    ("agent", "code"), [("mia", "already"), ("pia", "agent_offline"), ("zoe", "no_agent")]
)
def test_not_to_them(story: Story, agent: str, code: str) -> None:
    assert story.code(SUE, assign(story, agent)) == code


def test_not_to_who_went_offline_and_not_a_closed_chat(story: Story) -> None:
    story.status(TOM, "offline")
    refused = story.refused(SUE, assign(story, "tom"))
    assert (refused.error.code, refused.who) == ("agent_offline", "Tom")
    story.close(ANNA, story.chat(ANNA))
    assert story.code(SUE, assign(story, "tom")) == "chat_closed"


@pytest.mark.parametrize("who", [MIA, TOM, ANNA])
def test_only_supervisors_assign(story: Story, who: Person) -> None:
    assert story.code(who, assign(story, "tom")) == "not_allowed"


# --- people -----------------------------------------------------------------------------------------


def test_a_status_is_set_with_its_actor(story: Story) -> None:
    event = story.do(SUE, frames.SetAgent(new_id(), "mia", status="finishing"))[0]
    assert (event.kind, event.actor, event.name) == ("status", "agent:sue", "Sue")
    assert story.desk.agents["mia"].status == "finishing"
    assert story.do(SUE, frames.SetAgent(new_id(), "mia", status="finishing")) == []


def test_setting_somebody_offline_lets_go_of_who_waits(story: Story) -> None:
    events = story.do(SUE, frames.SetAgent(new_id(), "mia", status="offline"))
    assert kinds_of(events) == ["status", "unassigned", "routed", "joined"]


def test_both_at_once(story: Story) -> None:
    story.status(MIA, "away")
    events = story.do(SUE, frames.SetAgent(new_id(), "mia", status="online", ceiling=200))
    assert kinds_of(events) == ["ceiling", "status"]
    assert story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=200)) == []


@pytest.mark.parametrize("who", [MIA, ANNA])
def test_only_supervisors_set(story: Story, who: Person) -> None:
    assert story.code(who, frames.SetAgent(new_id(), "mia", status="away")) == "not_allowed"
    assert story.code(SUE, frames.SetAgent(new_id(), "zoe", status="away")) == "no_agent"


def test_todays_ceiling_ends_at_midnight_of_the_shops_and_not_before_a_restart_either(story: Story) -> None:
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=200))
    midnight = day_ends_at("Europe/Amsterdam", story.at)
    assert story.desk.agents["mia"].ceiling_until == midnight
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    assert "ceiling" not in kinds_of(story.wait(midnight - story.at - 1))
    ended = [event for event in story.wait(1) if event.kind == "ceiling"]
    assert [event.actor for event in ended] == ["desk"]
    assert story.desk.agents["mia"].ceiling(RULES) == RULES.ceiling


def test_midnight_follows_the_wall_clock(story: Story) -> None:
    story.do(SUE, frames.SetAgent(new_id(), "mia", ceiling=200))
    left = day_ends_at("Europe/Amsterdam", story.at) - story.at
    story.at -= 10 * MINUTE
    assert "ceiling" not in kinds_of(story.wait(left))
    assert "ceiling" in kinds_of(story.wait(10 * MINUTE))


# --- live controls ----------------------------------------------------------------------------------


def control(story: Story, what: str, ms: int = HOUR, shop: str = "", **more: object) -> frames.Control:
    until = story.at + ms if ms else 0
    return frames.Control(new_id(), what, until, shop, **more)  # type: ignore[arg-type]


def test_closed_now_and_open_again_by_itself(story: Story) -> None:
    event = story.do(SUE, control(story, "closed", shop="bikes"))[0]
    assert (event.kind, event.actor, event.name) == ("control", "agent:sue", "Sue")
    until = story.at + HOUR
    refused = story.refused(BEN, frames.Open(new_id(), "chat-of-ben-closed", "en"))
    assert (refused.error.code, refused.until) == ("shop_closed", until)
    assert story.wait(HOUR - 1) == []
    ended = story.wait(1)[0]
    assert (ended.kind, ended.actor) == ("control_ended", "desk")
    assert story.open(BEN).owner


def test_open_now_whatever_the_hours_say(story: Story) -> None:
    assert story.code(CLEO, frames.Open(new_id(), "chat-of-cleo-shut", "en")) == "shop_closed"
    story.do(SUE, control(story, "open", shop="books"))
    assert story.open(CLEO).owner
    assert doors.changes_at(story.desk, "books", story.now) > story.at


def test_open_excludes_closed(story: Story) -> None:
    story.do(SUE, control(story, "closed", shop="books"))
    events = story.do(SUE, control(story, "open", shop="books"))
    assert kinds_of(events) == ["control_ended", "control"]
    assert set(story.desk.controls) == {("open", "books")}
    assert kinds_of(story.do(SUE, control(story, "closed", shop="books"))) == ["control_ended", "control"]


def test_a_control_for_all_shops(story: Story) -> None:
    story.do(SUE, control(story, "closed"))
    for who in (BEN, CLEO):
        assert story.code(who, frames.Open(new_id(), "chat-of-somebody", "en")) == "shop_closed"


def test_it_is_ended_now(story: Story) -> None:
    story.do(SUE, control(story, "banner", text="  Strike  "))
    assert story.desk.controls["banner", ""].text == "Strike"
    event = story.do(SUE, control(story, "banner", 0))[0]
    assert (event.kind, event.actor) == ("control_ended", "agent:sue")
    assert story.code(SUE, control(story, "banner", 0)) == "already"
    assert story.wait(2 * HOUR) == []


def test_a_newer_one_replaces_the_older(story: Story) -> None:
    story.do(SUE, control(story, "queue", value=5))
    story.do(SUE, control(story, "queue", 2 * HOUR, value=0))
    assert story.wait(HOUR) == []
    for who in (MIA, TOM):
        story.status(who, "away")
    assert story.code(BEN, frames.Open(new_id(), "chat-of-ben-queued", "en")) == "queue_full"
    assert kinds_of(story.wait(HOUR)) == ["control_ended"]
    assert story.open(BEN).state == "queued"


def test_controls_outlive_a_restart_and_end_at_their_true_time(story: Story) -> None:
    story.do(SUE, control(story, "closed", shop="bikes"))
    story.do(SUE, control(story, "invitations", 10 * MINUTE))
    story.tick(20 * MINUTE)
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    assert kinds_of(story.do(CLOCK, Due())) == ["control_ended"]
    assert set(story.desk.controls) == {("closed", "bikes")}
    assert "control_ended" in kinds_of(story.wait(40 * MINUTE))


@pytest.mark.parametrize(
    ("what", "ms", "shop", "text", "code"),
    [
        ("closed", -MINUTE, "", "", "bad_time"),
        ("closed", 8 * 24 * HOUR, "", "", "bad_time"),
        ("closed", HOUR, "cars", "", "no_shop"),
        ("banner", HOUR, "", " ", "bad_text"),
        ("languages", HOUR, "", "", "bad_text"),
        ("open", 0, "", "", "already"),
    ],
)
def test_what_cannot_hold_is_refused(
    story: Story, what: str, ms: int, shop: str, text: str, code: str
) -> None:
    assert story.code(SUE, control(story, what, ms, shop, text=text)) == code


@pytest.mark.parametrize("who", [MIA, ANNA])
def test_only_supervisors_control(story: Story, who: Person) -> None:
    assert story.code(who, control(story, "closed")) == "not_allowed"


def test_who_is_not_of_the_desk_any_more_gets_no_chat(story: Story) -> None:
    story.arrive(TOM)
    chat = story.chat(ANNA)
    other = "tom" if chat.owner == "mia" else "mia"
    story.desk.know([member for member in story.desk.members.values() if member.id != other])
    assert story.code(SUE, frames.Assign(new_id(), chat.id, other)) == "no_agent"
