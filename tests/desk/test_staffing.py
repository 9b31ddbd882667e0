"""Whether anybody can take a chat that waits: only then does its place in the line say anything."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.agent import Member
from server.desk.commands import CLOCK, Due
from server.desk.desk import Desk
from server.desk.rules import Entry, Fallback, Shop, Topic
from supportterm.coach.hours import Hours
from supportterm.protocol import frames
from supportterm.protocol.views import Wait

from .story import ANNA, BEN, HOUR, MIA, MINUTE, PIA, RULES, SECOND, SUE, TOM, Story, new_id

#: 1 July 2025, 12:00 UTC.
NOON = 1_751_371_200_000
NINE_TO_FIVE = Hours("UTC", (((9 * 60, 17 * 60),),) * 7)
TEAM = [
    Member("mia", "Mia", languages=("en", "nl"), skills=("returns",)),
    Member("tom", "Tom", languages=("da",)),
    Member("pia", "Pia", languages=("en",)),
    Member("sue", "Sue", title="supervisor", languages=("fr",)),
]
SHOP = Shop(
    languages=("en", "nl", "da"),
    hours=NINE_TO_FIVE,
    topics=(Topic("returns", {"en": "Returns"}),),
    entries=(Entry(topic="returns", skill="returns", fallbacks=(Fallback(3 * MINUTE, any_skill=True),)),),
    fallbacks=(Fallback(2 * MINUTE, languages=("en",), language="da"),),
)


@pytest.fixture
def story() -> Story:
    story = Story(replace(RULES, shops={"bikes": SHOP}), TEAM)
    story.at = NOON
    return story


def told(story: Story, who: object = ANNA, before: Wait | None = None) -> Wait:
    return showing.wait(story.desk, story.chat(who), before, story.now)  # type: ignore[arg-type]


def nobody(story: Story) -> tuple[str, int, int]:
    wait = told(story)
    assert wait.leave == bool(wait.nobody)
    return wait.nobody, wait.since, wait.until


# --- nobody online ----------------------------------------------------------------------------------


def test_nobody_was_ever_here(story: Story) -> None:
    story.open(ANNA)
    assert told(story) == Wait(1, leave=True, nobody="off")


def test_nobody_since_the_last_one_went(story: Story) -> None:
    story.arrive(MIA, PIA)
    story.status(PIA, "offline")
    story.wait(HOUR)
    story.status(MIA, "finishing")
    went = story.at
    story.wait(MINUTE)
    story.open(ANNA)
    # Whoever finishes takes nothing new: they are there for others.
    assert nobody(story) == ("off", went, 0)


def test_a_dropped_line_is_nobody_only_after_the_grace_time(story: Story) -> None:
    story.arrive(PIA)
    story.desk.rules = replace(story.desk.rules, ceiling=100)
    story.open(BEN)
    story.leave(PIA)
    story.open(ANNA)
    assert told(story).nobody == ""
    story.wait(20 * SECOND)
    assert nobody(story) == ("off", story.at, 0)


def test_position_and_range_come_back_with_somebody(story: Story) -> None:
    story.arrive(PIA)
    for n in range(4):
        story.status(PIA, "away")
        story.open(BEN, n + 1)
        story.wait(MINUTE)
        story.status(PIA, "online")
        story.close(PIA, story.chat(BEN, n + 1))
    story.desk.rules = replace(story.desk.rules, ceiling=100)
    story.open(BEN, 5)
    story.open(ANNA)
    before = told(story)
    assert before.high_ms
    story.status(PIA, "away")
    away = told(story, before=before)
    assert (away.low_ms, away.high_ms, away.worse) == (0, 0, "")
    story.status(PIA, "online")
    again = told(story, before=away)
    assert again == before


def test_a_closed_shop_says_when_it_opens(story: Story) -> None:
    story.arrive(PIA)
    story.status(PIA, "away", "lunch")
    story.open(ANNA)
    assert nobody(story)[0] == "away"
    story.at += 6 * HOUR
    # After hours nobody comes back from lunch.
    assert nobody(story) == ("closed", 0, NOON + 21 * HOUR)
    # Who is there all the same works off what waits.
    story.desk.rules = replace(story.desk.rules, ceiling=50)
    story.status(PIA, "online")
    assert nobody(story) == ("", 0, 0)


def test_closed_today_by_a_supervisor(story: Story) -> None:
    story.open(ANNA)
    story.arrive(SUE)
    story.do(SUE, frames.Control(new_id(), "closed", NOON + HOUR, "bikes"))
    assert nobody(story) == ("closed", 0, NOON + HOUR)


# --- away -------------------------------------------------------------------------------------------


def test_only_people_on_a_break(story: Story) -> None:
    story.arrive(MIA, PIA, TOM)
    story.status(TOM, "away")
    story.status(PIA, "away", "lunch")
    story.wait(MINUTE)
    story.status(MIA, "away", "training")
    since = story.at
    story.wait(MINUTE)
    story.open(ANNA)
    assert nobody(story) == ("away", since, 0)
    # Those who are away and do not speak the language do not count.
    story.status(MIA, "offline")
    story.status(PIA, "offline")
    assert nobody(story) == ("off", story.at, 0)


def test_the_break_of_somebody_whose_console_is_closed_is_no_break(story: Story) -> None:
    story.arrive(PIA)
    story.status(PIA, "away", "lunch")
    since = story.at
    story.leave(PIA)
    story.open(ANNA)
    assert nobody(story)[0] == "away"
    story.wait(20 * SECOND)
    assert nobody(story) == ("off", since, 0)


def test_somebody_disabled_is_not_there(story: Story) -> None:
    story.arrive(PIA)
    story.status(PIA, "away")
    story.open(ANNA)
    story.desk.know([replace(member, disabled=member.id == "pia") for member in TEAM])
    assert nobody(story)[0] == "off"


# --- the language, the skill ------------------------------------------------------------------------


def test_the_language_until_another_is_asked_for(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, ceiling=100)
    story.arrive(PIA, TOM)
    story.status(TOM, "away")
    story.open(BEN)
    story.open(ANNA, lang="da")
    # Danish is on a break: what will happen goes before what may.
    assert nobody(story) == ("other", 0, story.chat(ANNA).queued_at + 2 * MINUTE)
    story.status(PIA, "away")
    assert nobody(story)[0] == "away"
    story.status(PIA, "online")
    story.wait(2 * MINUTE)
    assert story.chat(ANNA).asked
    # Asked and not answered: nobody comes by itself any more.
    story.status(TOM, "offline")
    assert nobody(story) == ("other", 0, 0)
    story.do(ANNA, frames.ChooseLanguage(new_id(), story.chat(ANNA).id, "now"))
    assert nobody(story) == ("", 0, 0)


def test_who_waits_for_their_language_is_told_that_nobody_speaks_it(story: Story) -> None:
    story.arrive(PIA)
    story.open(ANNA, lang="da")
    story.wait(2 * MINUTE)
    story.do(ANNA, frames.ChooseLanguage(new_id(), story.chat(ANNA).id, "wait"))
    assert nobody(story) == ("other", 0, 0)
    story.desk.rules = replace(story.desk.rules, ceiling=50)
    story.arrive(TOM)
    assert nobody(story) == ("", 0, 0)


def test_the_skill_until_anybody_will_do(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, ceiling=100)
    story.arrive(PIA)
    story.open(BEN)
    story.open(ANNA, topic="returns")
    assert nobody(story) == ("other", 0, story.chat(ANNA).queued_at + 3 * MINUTE)
    story.wait(3 * MINUTE)
    assert nobody(story) == ("", 0, 0)


def test_a_step_that_brings_nobody_is_no_hope(story: Story) -> None:
    story.arrive(SUE)
    story.open(ANNA, topic="returns")
    assert nobody(story) == ("other", 0, 0)
    assert story.ask(CLOCK, Due())


# --- restarts ---------------------------------------------------------------------------------------


def test_since_when_outlives_a_restart(story: Story) -> None:
    story.arrive(PIA)
    story.leave(PIA)
    story.wait(20 * SECOND)
    since = story.at
    story.open(ANNA)
    desk = Desk("main", story.desk.rules)
    desk.know(TEAM)
    desk.restore(story.desk.seq, story.desk.snapshot())
    chat = story.chat(ANNA)
    mine = [event for event in story.log if event.stream == "chat:" + chat.id]
    story.tick(HOUR)
    desk.load(chat.id, chat.customer, mine, story.now)
    story.desk = desk
    assert nobody(story) == ("off", since, 0)
