"""What a chat wants, from where and how it begins, and what will do instead after a while."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import doors
from server.desk.agent import Member
from server.desk.chat import Chat
from server.desk.decision import Repeated
from server.desk.desk import Desk
from server.desk.rules import Entry, Fallback, Rules, Shop, Topic
from supportterm.coach.hours import ALL_DAY, Hours
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    HOUR,
    MIA,
    MINUTE,
    PIA,
    RULES,
    SECOND,
    SUE,
    TOM,
    Story,
    data_of,
    kinds_of,
    new_id,
)

#: 1 July 2025, 12:00 UTC.
NOON = 1_751_371_200_000
TEAM = [
    Member("mia", "Mia", languages=("en",), skills=("returns",)),
    Member("tom", "Tom", languages=("en", "nl")),
    Member("pia", "Pia", languages=("da",)),
    Member("sue", "Sue", title="supervisor", languages=("nb",)),
]
TOPICS = (Topic("returns", {"en": "Returns"}), Topic("order", {"en": "My order"}))
SHOP = Shop(
    languages=("en", "nl", "da"),
    topics=TOPICS,
    entries=(
        Entry(topic="returns", skill="returns", fallbacks=(Fallback(MINUTE, any_skill=True),)),
        Entry(page="/vip/*", priority=2),
        Entry(language="de", wants="en"),
    ),
    fallbacks=(
        Fallback(MINUTE, languages=("nl",), language="da"),
        Fallback(2 * MINUTE, languages=("en",), language="da"),
        Fallback(90 * SECOND, languages=("en",)),
    ),
)


def rules_with(shop: Shop, **more: object) -> Rules:
    return replace(RULES, cap=5, shops={"bikes": shop}, **more)


@pytest.fixture
def story() -> Story:
    story = Story(rules_with(SHOP), TEAM)
    story.at = NOON
    return story


def entered(story: Story) -> kinds.Entered:
    found = data_of([event for event in story.log if event.kind == "entered"][-1])
    assert isinstance(found, kinds.Entered)
    return found


# --- what is wanted ---------------------------------------------------------------------------------


def test_an_unknown_topic_is_none(story: Story) -> None:
    assert story.open(ANNA, topic="bees").topic == ""


@pytest.mark.parametrize(
    ("page", "priority"),
    [
        ("https://bikes.example/vip/gold", 2),
        ("https://bikes.example/vip/?from=/mail", 2),
        ("/vip/x#top", 2),
        ("https://bikes.example/shop/vip/x", 0),
        ("https://bikes.example/?at=/vip/x", 0),
        ("https://bikes.example", 0),
        ("", 0),
    ],
)
def test_a_page_goes_first(story: Story, page: str, priority: int) -> None:
    story.open(BEN)
    assert story.open(ANNA, page=page).priority == priority
    assert story.queue() == (["anna", "ben"] if priority else ["ben", "anna"])


def test_a_language_wants_another(story: Story) -> None:
    story.arrive(TOM)
    chat = story.open(ANNA, lang="de-AT")
    assert (chat.lang, chat.langs, chat.owner) == ("de-AT", ("en",), "tom")


def test_the_first_rule_that_fits(story: Story) -> None:
    chat = story.open(ANNA, topic="returns", page="/vip/x")
    assert (chat.skill, chat.priority) == ("returns", 0)


def test_nothing_special_is_not_stored() -> None:
    story = Story()
    story.do(ANNA, frames.Open(new_id(), "chat-of-anna-00000001", "en"))
    assert kinds_of(story.log) == ["opened"]


def test_languages_with_and_without_region(story: Story) -> None:
    story.arrive(TOM)
    assert story.open(ANNA, lang="nl-BE").owner == "tom"
    chat = story.open(BEN, lang="da-DK")
    assert (chat.owner, story.why(chat)["tom"]) == ("", "language")
    story.arrive(PIA)
    assert chat.owner == "pia"


def test_a_language_nobody_of_the_desk_speaks_is_asked_of_nobody(story: Story) -> None:
    story.arrive(MIA)
    assert story.open(ANNA, lang="fr").owner == "mia"
    story.desk.know([*TEAM, Member("fay", "Fay", languages=("fr",), disabled=True)])
    assert story.open(BEN, lang="fr").owner == "mia"
    story.desk.know([*TEAM, Member("fay", "Fay", languages=("fr",))])
    assert story.open(CLEO, lang="fr").owner == ""


def test_no_language_and_all_languages(story: Story) -> None:
    story.desk.know(
        [Member("mia", "Mia", languages=("da",)), Member("tom", "Tom"), Member("x", "X", languages=("en",))]
    )
    story.arrive(MIA)
    assert story.open(ANNA, lang="").owner == "mia"
    chat = story.open(BEN, lang="en")
    assert chat.owner == ""
    story.arrive(TOM)
    assert chat.owner == "tom"


def test_outside_the_skills_hours_anybody_will_do(story: Story) -> None:
    morning = Hours("UTC", (((8 * 60, 11 * 60),),) * 7)
    always = Hours("UTC", (ALL_DAY,) * 7)
    story.desk.rules = rules_with(replace(SHOP, hours=always, skill_hours={"returns": morning}))
    story.arrive(TOM)
    assert story.open(ANNA, topic="returns").owner == "tom"
    story.at -= 2 * HOUR
    assert story.open(BEN, topic="returns").skill == "returns"


# --- what will do instead ---------------------------------------------------------------------------


def test_after_a_while_the_skill_is_not_asked_for(story: Story) -> None:
    story.arrive(TOM)
    chat = story.open(ANNA, topic="returns")
    assert story.wait(59 * SECOND - 1) == []
    events = story.wait(1)
    assert kinds_of(events) == ["widened", "routed", "joined"]
    assert (events[0].pub, data_of(events[0])) == (0, kinds.Widened(False, ["en"]))
    assert (chat.owner, chat.skill) == ("tom", "")


def danish(story: Story) -> Chat:
    """A chat that waits for somebody who speaks Danish; Tom is there, and speaks Dutch and English."""
    story.arrive(TOM)
    return story.open(ANNA, lang="da")


def test_before_another_language_the_customer_is_asked(story: Story) -> None:
    chat = danish(story)
    (asked,) = story.wait(59 * SECOND)
    assert (asked.kind, asked.actor, asked.pub) == ("language_asked", "desk", chat.pub)
    assert data_of(asked) == kinds.LanguageAsked("da", "nl")
    assert (chat.owner, chat.asked) == ("", "nl")
    command = frames.ChooseLanguage(new_id(), chat.id, "now")
    events = story.do(ANNA, command)
    assert kinds_of(events) == ["language_chosen", "routed", "joined"]
    assert (chat.owner, chat.langs, chat.asked) == ("tom", ("da", "nl"), "")
    assert story.ask(ANNA, command) == Repeated(events[0].seq, events[0].pub)


def test_who_rather_waits_is_asked_about_the_next(story: Story) -> None:
    chat = danish(story)
    story.wait(59 * SECOND)
    assert kinds_of(story.do(ANNA, frames.ChooseLanguage(new_id(), chat.id, "wait"))) == ["language_chosen"]
    assert (chat.langs, chat.owner) == (("da",), "")
    assert story.wait(MINUTE - 1) == []
    (asked,) = story.wait(1)
    assert data_of(asked) == kinds.LanguageAsked("da", "en")
    story.do(ANNA, frames.ChooseLanguage(new_id(), chat.id, "wait"))
    assert story.wait(10 * MINUTE) == []
    story.arrive(PIA)
    assert chat.owner == "pia"


def test_opens_at_is_told_while_the_shop_is_closed(story: Story) -> None:
    until_one = Hours("UTC", (((9 * 60, 12 * 60 + 1),),) * 7)
    story.desk.rules = rules_with(replace(SHOP, hours=until_one))
    danish(story)
    (asked,) = story.wait(MINUTE)
    assert data_of(asked) == kinds.LanguageAsked("da", "nl", NOON + 21 * HOUR)


def test_an_unanswered_question_does_not_keep_back_the_next_steps(story: Story) -> None:
    steps = (
        Fallback(MINUTE, languages=("nl",)),
        Fallback(2 * MINUTE, languages=("en",)),
        Fallback(3 * MINUTE, any_skill=True),
    )
    story.desk.rules = rules_with(replace(SHOP, entries=(Entry(skill="returns", fallbacks=steps),)))
    story.arrive(PIA, TOM)
    chat = story.open(ANNA, lang="da")
    assert kinds_of(story.wait(59 * SECOND)) == ["language_asked"]
    assert story.wait(2 * MINUTE - 1) == []
    events = story.wait(1)
    assert kinds_of(events) == ["widened", "widened", "routed", "joined"]
    assert data_of(events[0]) == kinds.Widened(True, ["da"])
    assert chat.owner == "pia"


def test_a_language_nobody_speaks_now_is_looked_for_again(story: Story) -> None:
    chat = danish(story)
    story.status(TOM, "away")
    assert story.wait(59 * SECOND) == []
    story.status(TOM, "online")
    assert kinds_of(story.wait(30 * SECOND)) == ["language_asked"]
    assert chat.asked == "nl"


def test_a_language_nobody_speaks_does_not_keep_back_the_next_step(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA, lang="da")
    assert story.wait(59 * SECOND) == []
    events = story.wait(MINUTE)
    assert kinds_of(events) == ["widened", "language_asked"]
    assert (chat.asked, chat.skill, chat.langs) == ("en", "", ("da",))


def test_a_language_that_is_wanted_anyway_is_not_asked_about(story: Story) -> None:
    story.arrive(TOM)
    story.status(TOM, "finishing")
    story.open(ANNA, lang="en-GB")
    assert story.wait(10 * MINUTE) == []


def test_other_languages_have_the_common_steps(story: Story) -> None:
    story.open(ANNA, lang="sv")
    assert entered(story).steps == [kinds.Step(90 * SECOND, langs=["en"])]
    story.open(BEN, lang="da-DK")
    assert entered(story).steps == [kinds.Step(MINUTE, langs=["nl"]), kinds.Step(2 * MINUTE, langs=["en"])]


def test_a_step_may_open_both(story: Story) -> None:
    both = (Fallback(MINUTE, any_skill=True, languages=("en",)),)
    story.desk.rules = rules_with(replace(SHOP, entries=(Entry(skill="returns", fallbacks=both),)))
    story.arrive(TOM)
    chat = story.open(ANNA, lang="da")
    assert kinds_of(story.wait(MINUTE)) == ["widened", "language_asked"]
    assert (chat.skill, chat.asked) == ("", "en")


def test_joined_there_is_nothing_to_answer(story: Story) -> None:
    chat = danish(story)
    story.wait(59 * SECOND)
    story.arrive(PIA)
    assert (chat.owner, chat.asked) == ("pia", "")
    assert story.code(ANNA, frames.ChooseLanguage(new_id(), chat.id, "now")) == "already"


def test_only_the_customer_answers(story: Story) -> None:
    chat = danish(story)
    assert story.code(ANNA, frames.ChooseLanguage(new_id(), chat.id, "now")) == "already"
    story.wait(59 * SECOND)
    assert story.code(BEN, frames.ChooseLanguage(new_id(), chat.id, "now")) == "no_chat"
    assert story.code(SUE, frames.ChooseLanguage(new_id(), chat.id, "now")) == "not_allowed"
    assert story.code(ANNA, frames.ChooseLanguage(new_id(), "unknown-chat-0000", "now")) == "no_chat"


def test_steps_go_on_after_a_restart(story: Story) -> None:
    chat = danish(story)
    story.wait(30 * SECOND)
    desk = Desk("main", story.desk.rules)
    desk.know(TEAM)
    desk.load(chat.id, "anna", [event for event in story.log if event.stream == "chat:" + chat.id], story.now)
    desk.begin(story.now)
    desk.attend(TOM)
    story.desk = desk
    assert story.wait(29 * SECOND - 1) == []
    assert kinds_of(story.wait(1)) == ["language_asked"]


def test_who_lost_their_agent_keeps_what_was_opened(story: Story) -> None:
    chat = danish(story)
    story.wait(59 * SECOND)
    story.do(ANNA, frames.ChooseLanguage(new_id(), chat.id, "now"))
    story.status(TOM, "offline")
    assert (chat.state, chat.langs) == ("queued", ("da", "nl"))
    story.status(TOM, "online")
    assert chat.owner == "tom"


def test_entry_rules_fit_or_not() -> None:
    assert doors.entry_of(SHOP, "", "order", "en") is None
    assert doors.entry_of(SHOP, "", "", "de") is SHOP.entries[2]
    assert doors.entry_of(Shop(), "/x", "returns", "en") is None
