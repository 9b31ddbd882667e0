"""What a customer finds at the door, and messages for later."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.agent import Member
from server.desk.commands import Masked, Person
from server.desk.decision import Repeated
from server.desk.events import Event
from server.desk.rules import Entry, Fallback, Shop, Topic
from supportterm.coach.hours import Hours
from supportterm.protocol import frames, kinds

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
    TOM,
    Story,
    chat_of,
    data_of,
    kinds_of,
    new_id,
)

#: From nine to five every day.
DAYTIME = Hours("UTC", (((9 * 60, 17 * 60),),) * 7)
MORNINGS = Hours("UTC", (((9 * 60, 12 * 60),),) * 7)
NINE = 1_700_000_000_000 // (24 * HOUR) * 24 * HOUR + 9 * HOUR
BIKES = Shop(
    "Bikes",
    languages=("nl", "en"),
    hours=DAYTIME,
    skill_hours={"repair": MORNINGS},
    topics=(Topic("repair", {"en": "A repair"}),),
    entries=(
        Entry(page="/repair*", skill="repair", priority=1),
        Entry(topic="repair", skill="repair"),
        Entry(language="fr", wants="en"),
    ),
    fallbacks=(Fallback(MINUTE, any_skill=True), Fallback(2 * MINUTE, languages=("en",), language="da")),
    max_queue=2,
)
SHOPPED = replace(RULES, cap=5, shops={"bikes": BIKES, "books": Shop("Books")})
TEAM = [
    Member("mia", "Mia", languages=("nl",), skills=("repair",)),
    Member("tom", "Tom", languages=("en", "nl")),
    Member("sue", "Sue", title="supervisor", languages=("da",)),
]


def at(story: Story, moment: int) -> None:
    story.run += max(0, moment - story.at)
    story.at = moment


@pytest.fixture
def story() -> Story:
    story = Story(SHOPPED, TEAM)
    at(story, NINE)
    return story


def opening(who: Person, lang: str = "nl", topic: str = "", page: str = "") -> frames.Open:
    return frames.Open(new_id(), chat_of(who), lang, topic, page)


def leaving(who: Person, text: str = "When do you open?", **more: str) -> frames.LeaveMessage:
    return frames.LeaveMessage(new_id(), chat_of(who), text, **more)


def entered_of(events: list[Event]) -> kinds.Entered:
    (entered,) = [data_of(event) for event in events if event.kind == "entered"]
    assert isinstance(entered, kinds.Entered)
    return entered


# --- the door ---------------------------------------------------------------------------------------


def test_a_closed_shop_says_when_it_opens(story: Story) -> None:
    at(story, NINE - MINUTE)
    refused = story.refused(ANNA, opening(ANNA))
    assert (refused.error.code, refused.until) == ("shop_closed", NINE)
    at(story, NINE + 8 * HOUR)
    assert story.refused(ANNA, opening(ANNA)).until == NINE + 24 * HOUR
    assert kinds_of(story.do(CLEO, opening(CLEO, "en"))) == ["opened"], "books are always open"


def test_a_chat_that_began_in_time_goes_on_after_closing(story: Story) -> None:
    story.arrive(TOM)
    story.do(ANNA, opening(ANNA))
    at(story, NINE + 9 * HOUR)
    assert kinds_of(story.say(ANNA, story.chat(ANNA))) == ["message"]


def test_a_full_queue(story: Story) -> None:
    for who in (ANNA, BEN):
        story.do(who, opening(who))
    eve = Person("customer", "eve", shop="bikes")
    assert story.code(eve, opening(eve)) == "queue_full"
    assert kinds_of(story.do(eve, leaving(eve))) == ["opened", "entered", "message", "left"]
    assert story.open(CLEO).state == "queued", "the other shop's queue is not full"
    story.close(ANNA, story.chat(ANNA))
    assert story.open(DIRK).state == "queued"


# --- what a chat wants ------------------------------------------------------------------------------


def test_the_page_decides_first(story: Story) -> None:
    page = "https://bikes.example/repair/wheels?x=1#top"
    events = story.do(ANNA, opening(ANNA, page=page))
    assert entered_of(events) == kinds.Entered("repair", "nl", 1, [kinds.Step(MINUTE, any_skill=True)])
    chat = story.chat(ANNA)
    assert (chat.skill, chat.langs, chat.priority) == ("repair", ("nl",), 1)


def test_then_the_topic_if_the_shop_has_it(story: Story) -> None:
    opened, entered = story.do(ANNA, opening(ANNA, topic="repair"))
    assert data_of(opened) == kinds.Opened("bikes", "nl", "repair")
    assert (entered_of([entered]).skill, entered.pub) == ("repair", 0)
    opened, _ = story.do(BEN, opening(BEN, topic="nonsense"))
    assert data_of(opened) == kinds.Opened("bikes", "nl", "")
    assert story.chat(BEN).skill == ""


def test_then_the_language(story: Story) -> None:
    story.do(ANNA, opening(ANNA, "fr-BE"))
    assert story.chat(ANNA).langs == ("en",)


def test_a_skill_outside_its_own_hours_is_not_asked_for(story: Story) -> None:
    at(story, NINE + 4 * HOUR)
    story.do(ANNA, opening(ANNA, topic="repair"))
    assert story.chat(ANNA).skill == ""


def test_only_who_knows_and_speaks_it_is_offered_it(story: Story) -> None:
    story.arrive(TOM)
    story.do(ANNA, opening(ANNA, topic="repair"))
    story.do(BEN, opening(BEN, "en"))
    assert (story.chat(ANNA).owner, story.chat(BEN).owner) == ("", "tom")
    story.arrive(MIA)
    assert story.chat(ANNA).owner == "mia"


def test_a_language_nobody_of_the_desk_speaks_is_asked_of_nobody(story: Story) -> None:
    story.arrive(MIA)
    story.do(ANNA, opening(ANNA, "pt-BR"))
    assert story.chat(ANNA).owner == "mia"


def test_dutch_is_dutch_in_belgium(story: Story) -> None:
    story.arrive(MIA)
    story.do(ANNA, opening(ANNA, "nl-BE"))
    assert story.chat(ANNA).owner == "mia"


def test_priority_goes_first(story: Story) -> None:
    story.do(ANNA, opening(ANNA))
    story.tick()
    story.do(BEN, opening(BEN, page="https://bikes.example/repair"))
    assert story.queue() == ["ben", "anna"]


# --- what will do instead ---------------------------------------------------------------------------


def test_after_a_while_anybody_will_do(story: Story) -> None:
    story.arrive(TOM)
    story.do(ANNA, opening(ANNA, topic="repair"))
    assert story.wait(MINUTE - 1) == []
    widened, *given = story.wait(1)
    assert (widened.pub, data_of(widened)) == (0, kinds.Widened(False, ["nl"]))
    assert (kinds_of(given), story.chat(ANNA).owner) == (["routed", "joined"], "tom")


@pytest.fixture
def danish(story: Story) -> Story:
    """Nobody who speaks Danish is there; Tom is, who speaks English."""
    story.arrive(TOM)
    story.do(ANNA, opening(ANNA, "da"))
    return story


def test_before_another_language_the_customer_is_asked(danish: Story) -> None:
    assert danish.wait(2 * MINUTE - 1) == []
    asked = danish.wait(1)[0]
    assert asked.pub
    told = data_of(asked)
    assert isinstance(told, kinds.LanguageAsked)
    assert (told.wanted, told.lang) == ("da", "en")
    assert danish.chat(ANNA).owner == ""
    assert danish.wait(10 * MINUTE) == []


def test_english_now(danish: Story) -> None:
    danish.wait(2 * MINUTE)
    command = frames.ChooseLanguage(new_id(), danish.chat(ANNA).id, "now")
    chosen, *given = danish.do(ANNA, command)
    assert data_of(chosen) == kinds.LanguageChosen("now")
    assert (kinds_of(given), danish.chat(ANNA).owner) == (["routed", "joined"], "tom")
    assert danish.ask(ANNA, command) == Repeated(chosen.seq, chosen.pub)


def test_or_wait_for_danish(danish: Story) -> None:
    danish.wait(2 * MINUTE)
    events = danish.do(ANNA, frames.ChooseLanguage(new_id(), danish.chat(ANNA).id, "wait"))
    assert (kinds_of(events), danish.chat(ANNA).owner) == (["language_chosen"], "")
    again = frames.ChooseLanguage(new_id(), danish.chat(ANNA).id, "now")
    assert danish.code(ANNA, again) == "already"
    danish.arrive(SUE)
    assert danish.chat(ANNA).owner == "sue"


def test_nobody_is_asked_about_a_language_that_nobody_there_speaks(story: Story) -> None:
    story.arrive(MIA)
    story.do(ANNA, opening(ANNA, "da"))
    assert story.wait(2 * MINUTE) == []
    story.arrive(TOM)
    assert kinds_of(story.wait(30 * SECOND)) == ["language_asked"]


def test_unasked_answers_are_refused(danish: Story) -> None:
    choice = frames.ChooseLanguage(new_id(), danish.chat(ANNA).id, "now")
    assert danish.code(ANNA, choice) == "already"
    assert danish.code(BEN, choice) == "no_chat"
    assert danish.code(TOM, choice) == "no_chat"
    assert danish.code(SUE, choice) == "not_allowed"


# --- who comes again --------------------------------------------------------------------------------


def returning(hours: int, story: Story) -> Person:
    return replace(ANNA, last_agent="tom", last_at=story.at - hours * HOUR)


def how(story: Story) -> str:
    routed = data_of([event for event in story.log if event.kind == "routed"][-1])
    assert isinstance(routed, kinds.Routed)
    return routed.how


def test_a_returning_customer_gets_their_last_agent(story: Story) -> None:
    story.arrive(MIA, TOM)
    story.do(BEN, opening(BEN, "en"))
    assert story.desk.agents["tom"].chats
    story.do(returning(1, story), opening(ANNA))
    assert (story.chat(ANNA).owner, how(story)) == ("tom", "last")


def test_not_after_a_day(story: Story) -> None:
    story.arrive(MIA, TOM)
    story.do(returning(25, story), opening(ANNA))
    assert (story.chat(ANNA).owner, how(story)) == ("mia", "load")


def test_not_over_the_ceiling_and_not_while_away(story: Story) -> None:
    story.arrive(MIA, TOM)
    story.status(TOM, "away")
    story.do(returning(1, story), opening(ANNA))
    assert story.chat(ANNA).owner == "mia"
    story.status(TOM, "online")
    story.do(SUE, frames.SetAgent(new_id(), "tom", ceiling=50))
    story.close(ANNA, story.chat(ANNA))
    again = frames.Open(new_id(), chat_of(ANNA, 2), "nl")
    story.do(returning(1, story), again)
    assert story.chat(ANNA, 2).owner == "mia"


# --- messages for later -----------------------------------------------------------------------------


def test_a_message_is_left_in_one_go(story: Story) -> None:
    at(story, NINE - 2 * HOUR)
    command = leaving(ANNA, name="Anna", contact="anna@example.org", lang="nl")
    events = story.do(ANNA, command)
    assert kinds_of(events) == ["opened", "entered", "message", "contact", "left"]
    contact, left = events[-2:]
    assert (contact.pub, contact.text) == (0, '{"name":"Anna","contact":"anna@example.org"}')
    chat = story.chat(ANNA)
    assert (chat.state, story.queue(), story.desk.left) == ("left", [], {chat.id})
    assert story.ask(ANNA, command) == Repeated(events[0].seq, events[0].pub)
    # Four open hours after nine o'clock.
    assert data_of(left) == kinds.Left(NINE + 4 * HOUR)


def test_it_is_due_in_open_hours(story: Story) -> None:
    at(story, NINE + 7 * HOUR)
    left = story.do(ANNA, leaving(ANNA))[-1]
    assert data_of(left) == kinds.Left(NINE + 24 * HOUR + 3 * HOUR)


def test_the_same_id_with_another_text(story: Story) -> None:
    command = leaving(ANNA)
    story.do(ANNA, command)
    assert story.code(ANNA, replace(command, text="other")) == "id_conflict"
    assert story.code(ANNA, leaving(ANNA)) == "already"
    other = frames.LeaveMessage(new_id(), chat_of(ANNA, 2), "other")
    refused = story.refused(ANNA, other)
    assert (refused.error.code, refused.chat) == ("already_open", chat_of(ANNA))


def test_who_waits_leaves_one_instead_and_nothing_typed_is_lost(story: Story) -> None:
    story.do(ANNA, opening(ANNA))
    story.say(ANNA, story.chat(ANNA), "My wheel is bent")
    command = leaving(ANNA, "Mail me")
    events = story.do(ANNA, command)
    assert kinds_of(events) == ["message", "left"]
    assert (story.chat(ANNA).state, story.queue()) == ("left", [])
    assert story.ask(ANNA, command) == Repeated(events[0].seq, events[0].pub)
    story.arrive(MIA)
    assert story.chat(ANNA).owner == "", "it is on the list, and taken by hand"


def test_card_numbers_are_masked(story: Story) -> None:
    message = story.do(ANNA, Masked(leaving(ANNA, "•••• 1111"), 1))[2]
    assert data_of(message) == kinds.Message(masked=1)


@pytest.mark.parametrize("contact", ["anna", "anna@", "@x.org", "a b@x.org", "anna@x"])
def test_an_address_that_is_none(story: Story, contact: str) -> None:
    assert story.code(ANNA, leaving(ANNA, contact=contact)) == "no_contact"


def test_what_is_no_message(story: Story) -> None:
    assert story.code(ANNA, leaving(ANNA, " ")) == "bad_text"
    assert story.code(MIA, leaving(ANNA)) == "not_allowed"
    story.arrive(MIA)
    story.do(ANNA, opening(ANNA))
    assert story.code(ANNA, leaving(ANNA)) == "already", "somebody is there"
    story.close(ANNA, story.chat(ANNA))
    assert story.code(ANNA, leaving(ANNA)) == "chat_closed"


def test_an_agent_picks_it_up_and_answers(story: Story) -> None:
    story.do(ANNA, leaving(ANNA))
    story.arrive(MIA)
    chat = story.chat(ANNA)
    assert chat.owner == ""
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert (chat.state, chat.owner, chat.answered_at) == ("open", "mia", 0)
    story.say(MIA, chat, "At nine")
    assert (chat.answered_at, chat.id in story.desk.left) == (story.at, True)
    story.close(MIA, chat)
    assert story.desk.left == set()


def test_it_waits_for_its_answer_however_long(story: Story) -> None:
    story.do(ANNA, leaving(ANNA))
    story.wait(10 * RULES.idle_close_ms)
    assert story.chat(ANNA).state == "left"


def test_its_owner_drops_and_it_is_on_the_list_again(story: Story) -> None:
    story.do(ANNA, leaving(ANNA))
    story.arrive(MIA)
    chat = story.chat(ANNA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    public = chat.pub
    story.leave(MIA)
    absent, unassigned = story.wait(RULES.presence_grace_ms)
    assert data_of(unassigned) == kinds.Unassigned("absent", "mia", left=True)
    assert (absent.kind, chat.state, chat.owner, chat.pub) == ("absent", "left", "", public)
    story.arrive(TOM)
    assert chat.owner == ""
    story.do(TOM, frames.Take(new_id(), chat.id))
    assert data_of(story.log[-1]) == kinds.Joined("Tom", "Mia")


def test_the_customer_is_back_and_somebody_is_there(story: Story) -> None:
    story.do(ANNA, leaving(ANNA, lang="nl"))
    since = story.at
    story.tick()
    assert kinds_of(story.say(ANNA, story.chat(ANNA), "Hello?")) == ["message"], "nobody is there yet"
    story.arrive(MIA)
    story.tick()
    events = story.say(ANNA, story.chat(ANNA), "Hello?")
    assert kinds_of(events) == ["message", "requeued", "routed", "joined"]
    assert (story.chat(ANNA).owner, story.chat(ANNA).waiting_since) == ("mia", since)
