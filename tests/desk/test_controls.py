"""What a supervisor changes for a while, and what ends by itself."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import doors, showing
from server.desk.agent import Member
from server.desk.records import Control, ControlEnded
from server.desk.rules import Entry, Fallback, Shop
from supportterm.coach.hours import ALL_DAY, Hours
from supportterm.protocol import frames, kinds
from supportterm.protocol.views import Held, ShopToday

from .story import (
    ANNA,
    BEN,
    CLEO,
    DIRK,
    HOUR,
    MIA,
    MINUTE,
    RULES,
    SUE,
    TOM,
    Story,
    chat_of,
    data_of,
    kinds_of,
    new_id,
)

#: 1 July 2025, 12:00 UTC: a Tuesday.
NOON = 1_751_371_200_000
NEVER = Hours("UTC", ((),) * 7)
NINE_TO_FIVE = Hours("UTC", (((9 * 60, 17 * 60),),) * 7)
SHOPS = {
    "bikes": Shop(
        name="Bikes", languages=("en", "da"), fallbacks=(Fallback(60_000, languages=("da", "nl")),)
    ),
    "books": Shop(hours=NINE_TO_FIVE),
}


@pytest.fixture
def story() -> Story:
    story = Story(replace(RULES, shops=SHOPS))
    story.at = NOON
    return story


def hold(story: Story, what: str, ms: int = HOUR, shop: str = "bikes", **more: object) -> frames.Control:
    until = story.at + ms if ms else 0
    return frames.Control(new_id(), what, until, shop, **more)  # type: ignore[arg-type]


def test_closed_for_an_hour(story: Story) -> None:
    command = hold(story, "closed")
    (event,) = story.do(SUE, command)
    assert (event.stream, event.actor, event.name) == ("desk:main", "agent:sue", "Sue")
    assert data_of(event) == Control("closed", "bikes", story.at + HOUR, "Sue")
    refused = story.refused(ANNA, frames.Open(new_id(), chat_of(ANNA)))
    assert (refused.error.code, refused.until) == ("shop_closed", story.at + HOUR)
    story.open(CLEO)
    assert story.wait(HOUR - 1_001) == []
    (event,) = story.wait(1)
    assert (event.actor, data_of(event)) == ("desk", ControlEnded("closed", "bikes"))
    story.open(ANNA)


def test_repeating_it_changes_nothing(story: Story) -> None:
    command = hold(story, "closed")
    story.do(SUE, command)
    assert story.do(SUE, command) == []
    assert kinds_of(story.do(SUE, hold(story, "closed", 2 * HOUR))) == ["control"]
    assert story.wait(HOUR) == []
    assert kinds_of(story.wait(HOUR)) == ["control_ended"]


def test_ended_by_hand(story: Story) -> None:
    assert story.code(SUE, hold(story, "closed", 0)) == "already"
    story.do(SUE, hold(story, "closed"))
    (event,) = story.do(SUE, hold(story, "closed", 0))
    assert (event.actor, data_of(event)) == ("agent:sue", ControlEnded("closed", "bikes"))
    assert story.wait(HOUR) == []


def test_open_whatever_the_hours_say(story: Story) -> None:
    story.at += 6 * HOUR
    assert not doors.is_open(story.desk, "books", story.now)
    story.do(SUE, hold(story, "open", shop="books"))
    assert doors.is_open(story.desk, "books", story.now)
    assert doors.changes_at(story.desk, "books", story.now) == story.at + HOUR
    assert kinds_of(story.do(SUE, hold(story, "closed", shop="books"))) == ["control_ended", "control"]
    assert not doors.is_open(story.desk, "books", story.now)
    # After it the hours hold, and say the same until nine.
    assert doors.changes_at(story.desk, "books", story.now) == NOON + 21 * HOUR
    assert kinds_of(story.do(SUE, hold(story, "open", shop="books"))) == ["control_ended", "control"]


def test_this_shop_before_all_shops(story: Story) -> None:
    story.do(SUE, hold(story, "closed", shop=""))
    assert not doors.is_open(story.desk, "bikes", story.now)
    assert doors.changes_at(story.desk, "bikes", story.now) == story.at + HOUR
    story.do(SUE, hold(story, "open"))
    assert doors.is_open(story.desk, "bikes", story.now)
    assert doors.changes_at(story.desk, "bikes", story.now) == 0
    assert not doors.is_open(story.desk, "books", story.now)


def test_open_for_all_though_one_is_closed(story: Story) -> None:
    story.do(SUE, hold(story, "open", shop=""))
    story.do(SUE, hold(story, "closed"))
    assert not doors.is_open(story.desk, "bikes", story.now)
    assert doors.is_open(story.desk, "books", story.now)


def test_an_hour_that_ends_in_open_hours_changes_when_they_end(story: Story) -> None:
    story.do(SUE, hold(story, "open", shop="books"))
    assert doors.changes_at(story.desk, "books", story.now) == NOON + 5 * HOUR


def test_a_banner(story: Story) -> None:
    command = hold(story, "banner", text="  Delivery strike until 22:00 ")
    story.do(SUE, command)
    assert showing.door(story.desk, ANNA, "en", story.now).banner == "Delivery strike until 22:00"
    assert showing.door(story.desk, CLEO, "en", story.now).banner == ""
    held = showing.today(story.desk, story.now).held
    assert held == [Held("banner", "bikes", story.at + HOUR, "Sue", 0, "Delivery strike until 22:00")]
    assert story.code(SUE, hold(story, "banner", text=" ")) == "bad_text"
    story.do(SUE, hold(story, "banner", shop="", text="For all"))
    assert showing.door(story.desk, ANNA, "en", story.now).banner == "Delivery strike until 22:00"
    assert showing.door(story.desk, CLEO, "en", story.now).banner == "For all"


def test_a_maximum_for_the_queue(story: Story) -> None:
    story.do(SUE, hold(story, "queue", value=1))
    story.open(ANNA)
    assert story.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "queue_full"
    assert showing.door(story.desk, BEN, "en", story.now).full
    story.open(CLEO)
    story.wait(HOUR)
    story.open(BEN)


def test_a_maximum_of_none(story: Story) -> None:
    story.do(SUE, hold(story, "queue", value=0))
    assert story.code(BEN, frames.Open(new_id(), chat_of(BEN))) == "queue_full"


def test_who_need_not_wait_comes_in_although_nobody_may_wait(story: Story) -> None:
    story.desk.know([Member("mia", "Mia", languages=("en",), cap=1), Member("tom", "Tom", languages=("da",))])
    story.do(SUE, hold(story, "queue", value=0))
    story.arrive(MIA)
    story.status(TOM, "away")
    assert not showing.door(story.desk, BEN, "", story.now).full
    # Tom speaks it, and is away.
    assert story.code(BEN, frames.Open(new_id(), chat_of(BEN), "da")) == "queue_full"
    assert story.open(BEN, lang="en-GB").owner == "mia"
    assert showing.door(story.desk, ANNA, "", story.now).full
    assert story.code(ANNA, frames.Open(new_id(), chat_of(ANNA), "en")) == "queue_full"


def test_a_full_queue_of_others_keeps_nobody_out_whom_an_agent_is_free_for(story: Story) -> None:
    """The skill that the page's entry rule asks for decides, too."""
    repairs = Entry(page="/repair/*", skill="repairs")
    bikes = Shop(languages=("en",), entries=(repairs,), max_queue=1)
    story.desk.rules = replace(RULES, shops={"bikes": bikes})
    story.desk.know([Member("mia", "Mia"), Member("tom", "Tom", skills=("repairs",))])
    story.arrive(MIA)
    page = "https://bikes.example/repair/wheels"
    assert story.open(ANNA, page=page).state == "queued"
    assert story.code(BEN, frames.Open(new_id(), chat_of(BEN), "en", page=page)) == "queue_full"
    assert story.open(BEN).owner == "mia"


def test_languages_of_today(story: Story) -> None:
    story.do(SUE, hold(story, "languages", text="en nl"))
    entered = next(event for event in story.do(ANNA, frames.Open(new_id(), chat_of(ANNA), "en")))
    assert entered.kind == "opened"
    found = data_of(next(event for event in story.log if event.kind == "entered"))
    assert isinstance(found, kinds.Entered)
    assert found.steps == [kinds.Step(60_000, langs=["nl"])]
    assert story.code(SUE, hold(story, "languages", text="")) == "bad_text"


def test_no_invitations(story: Story) -> None:
    story.do(SUE, hold(story, "invitations"))
    assert doors.held(story.desk, "invitations", "bikes", story.now)
    assert not doors.held(story.desk, "invitations", "books", story.now)


def test_today_shows_shops_and_their_hours(story: Story) -> None:
    assert showing.today(story.desk, story.now).shops == [
        ShopToday("bikes", "Bikes", True, 0),
        ShopToday("books", "books", True, NOON + 5 * HOUR),
    ]


def test_refusals_say_why(story: Story) -> None:
    assert story.code(MIA, hold(story, "closed")) == "not_allowed"
    assert story.code(ANNA, hold(story, "closed")) == "not_allowed"
    assert story.code(SUE, hold(story, "closed", shop="bakery")) == "no_shop"
    assert story.code(SUE, hold(story, "closed", -1)) == "bad_time"
    assert story.code(SUE, hold(story, "closed", 7 * 24 * HOUR + 1)) == "bad_time"
    now = frames.Control(new_id(), "closed", story.at, "bikes")
    assert story.code(SUE, now) == "bad_time"
    story.do(SUE, hold(story, "closed", 7 * 24 * HOUR))


def test_it_ends_by_the_wall_clock(story: Story) -> None:
    story.do(SUE, hold(story, "closed"))
    story.at -= HOUR
    assert story.wait(HOUR) == []
    assert not doors.is_open(story.desk, "bikes", story.now)
    assert kinds_of(story.wait(HOUR)) == ["control_ended"]
    story.do(SUE, hold(story, "closed"))
    # Set forward: it holds no longer, though nobody has said so yet.
    story.at += 2 * HOUR
    assert doors.is_open(story.desk, "bikes", story.now)
    assert showing.today(story.desk, story.now).held == []


# --- hours ------------------------------------------------------------------------------------------


def test_a_closed_shop_says_when_it_opens(story: Story) -> None:
    story.at += 6 * HOUR
    refused = story.refused(CLEO, frames.Open(new_id(), chat_of(CLEO)))
    assert (refused.error.code, refused.until) == ("shop_closed", NOON + 21 * HOUR)
    door = showing.door(story.desk, CLEO, "en", story.now)
    assert (door.open, door.closed, door.opens_at) == (False, True, NOON + 21 * HOUR)
    story.open(ANNA)


def test_a_shop_that_never_opens(story: Story) -> None:
    story.desk.rules = replace(RULES, shops={"books": Shop(hours=NEVER)})
    refused = story.refused(CLEO, frames.Open(new_id(), chat_of(CLEO)))
    assert (refused.error.code, refused.until) == ("shop_closed", 0)


def test_a_holiday(story: Story) -> None:
    hours = Hours("UTC", (ALL_DAY,) * 7, {"2025-07-01": ()})
    story.desk.rules = replace(RULES, shops={"books": Shop(hours=hours)})
    assert story.code(CLEO, frames.Open(new_id(), chat_of(CLEO))) == "shop_closed"
    story.at += 12 * HOUR
    story.open(CLEO)


def test_promises_after_closing_are_shown(story: Story) -> None:
    story.arrive(MIA)
    chat, other = story.open(CLEO), story.open(ANNA)
    story.at = NOON + 5 * HOUR - 10 * MINUTE
    story.say(MIA, chat, "In a quarter of an hour", promise=15 * MINUTE)
    story.say(MIA, other, "Me too", promise=15 * MINUTE)
    assert showing.today(story.desk, story.now).late_promises == [chat.id]
    story.say(MIA, chat, "Done")
    story.say(MIA, chat, "In five minutes", promise=5 * MINUTE)
    assert showing.today(story.desk, story.now).late_promises == []
    story.at = NOON + 5 * HOUR
    assert showing.today(story.desk, story.now).late_promises == [chat.id]


def test_a_closed_shop_keeps_its_chats(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(CLEO)
    story.do(SUE, hold(story, "closed", shop="books"))
    story.say(CLEO, chat)
    story.say(MIA, chat)
    assert story.code(DIRK, frames.Open(new_id(), chat_of(DIRK))) == "shop_closed"
