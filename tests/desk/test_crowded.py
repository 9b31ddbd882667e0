"""Many who wait from one address: a person with many tabs keeps nobody else out of the queue."""

from __future__ import annotations

from msgspec.structs import replace

from server.desk import showing
from server.desk.commands import PageLeft, PageShown, Person
from server.desk.desk import Desk
from server.desk.rules import Rules, Shop
from supportterm.protocol import frames

from .story import ANNA, HOUR, MIA, MINUTE, PIA, RULES, SECOND, SUE, TEAM, Story, chat_of, new_id


def a_shop(places: int, of_one: int) -> Rules:
    bikes = Shop(max_queue=places, max_queue_per_address=of_one)
    return replace(RULES, page_grace_ms=30 * SECOND, shops={"bikes": bikes, "books": bikes})


def tab(n: int, shop: str = "bikes", address: str = "den") -> Person:
    return Person("customer", f"tab-{n}", shop=shop, token_hash=b"%d" % n, address=address)


def code(story: Story, who: Person) -> str:
    return story.code(who, frames.Open(new_id(), chat_of(who)))


def fill(story: Story, *tabs: Person) -> None:
    for one in tabs:
        assert story.open(one).state == "queued"


def test_one_address_never_has_more_than_half_of_the_places() -> None:
    for places, most in ((1, 1), (2, 1), (3, 2), (4, 2), (7, 4)):
        story = Story(a_shop(places, 100))
        fill(story, *[tab(n) for n in range(most)])
        assert code(story, tab(99)) == ("queue_full" if places == most else "address_full")
        others = [tab(n, address=f"home-{n}") for n in range(100, 100 + places - most)]
        fill(story, *others)
        assert code(story, tab(200, address="home-200")) == "queue_full"


def test_nor_more_than_the_setting_allows_however_many_may_wait() -> None:
    for places in (0, 100):
        story = Story(a_shop(places, 3))
        fill(story, *[tab(n) for n in range(3)], tab(9, address="home"))
        assert code(story, tab(4)) == "address_full"
        assert not showing.door(story.desk, tab(4), "en", story.now).full
        fill(story, tab(4, shop="books"), tab(5, address="home"))


def test_without_the_setting_or_an_address_nobody_counts() -> None:
    story = Story(a_shop(6, 0))
    fill(story, *[tab(n) for n in range(6)])
    story = Story(a_shop(6, 1))
    fill(story, *[tab(n, address="") for n in range(6)])


def test_what_a_supervisor_set_for_today_counts_in_its_place() -> None:
    story = Story(a_shop(0, 10))
    story.do(SUE, frames.Control(new_id(), "queue", story.at + HOUR, shop="bikes", value=4))
    fill(story, tab(1), tab(2))
    assert code(story, tab(3)) == "address_full"
    fill(story, tab(4, address="home"))


def test_who_need_not_wait_is_not_kept_out() -> None:
    story = Story(a_shop(0, 1))
    fill(story, tab(1))
    assert code(story, tab(2)) == "address_full"
    story.arrive(MIA)
    assert story.chat(tab(1)).owner == "mia"
    assert story.open(tab(2)).owner == "mia"


def test_whose_page_is_gone_does_not_count_until_they_are_back() -> None:
    story = Story(a_shop(0, 1))
    fill(story, tab(1))
    story.do(tab(1), PageLeft())
    story.wait(30 * SECOND)
    fill(story, tab(2))
    story.do(tab(1), PageShown())
    assert code(story, tab(3)) == "address_full"


def test_a_message_can_be_left_and_frees_the_place() -> None:
    story = Story(a_shop(0, 1))
    fill(story, tab(1))
    story.do(tab(2), frames.LeaveMessage(new_id(), chat_of(tab(2)), "Is it in?"))
    assert story.chat(tab(2)).state == "left"
    story.do(tab(1), frames.LeaveMessage(new_id(), chat_of(tab(1)), "Mine?"))
    fill(story, tab(3))


def test_who_left_a_message_waits_again_only_if_they_might_have_come_anew() -> None:
    story = Story(a_shop(0, 1))
    story.do(tab(1), frames.LeaveMessage(new_id(), chat_of(tab(1)), "Is it in?"))
    story.busy()
    fill(story, tab(2))
    story.say(tab(1), story.chat(tab(1)), "Well?")
    assert story.chat(tab(1)).state == "left"
    story.close(tab(2), story.chat(tab(2)))
    story.say(tab(1), story.chat(tab(1)), "Well?")
    assert story.chat(tab(1)).state == "queued"


def test_closed_and_taken_up_again_they_are_not_more_either() -> None:
    story = Story(a_shop(0, 1))
    fill(story, tab(1))
    story.close(tab(1), story.chat(tab(1)))
    fill(story, tab(2))
    again = frames.Reopen(new_id(), chat_of(tab(1)))
    assert story.code(tab(1), again) == "address_full"
    story.say(tab(1), story.chat(tab(1)), "Are you there?")
    assert story.chat(tab(1)).state == "left"


def test_who_had_an_agent_comes_back_to_them() -> None:
    story = Story(a_shop(0, 1))
    story.arrive(PIA)
    assert story.open(tab(1)).owner == "pia"
    story.close(tab(1), story.chat(tab(1)))
    story.busy()
    fill(story, tab(2))
    story.reopen(tab(1), story.chat(tab(1)))
    assert story.chat(tab(1)).state == "queued"


def test_it_is_counted_from_the_log_after_a_restart() -> None:
    story = Story(a_shop(0, 2))
    fill(story, tab(1), tab(2))
    desk = Desk("main", story.desk.rules)
    desk.know(TEAM)
    for chat in story.desk.chats.values():
        desk.load(chat.id, chat.customer, [e for e in story.log if e.stream == chat.stream], story.now)
    story.desk = desk
    desk.begin(story.now)
    assert code(story, tab(3)) == "address_full"
    story.wait(2 * MINUTE)
    fill(story, tab(3))


def test_the_log_holds_what_the_gateway_made_of_the_address_and_no_more() -> None:
    story = Story(a_shop(0, 2))
    fill(story, tab(1), ANNA)
    assert [event.kind for event in story.log if b"den" in event.data] == ["context"]
