"""Where a customer can be answered who does not stay."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.commands import CLOCK, Erase
from server.desk.decision import Repeated
from server.desk.pace import MAIL_AFTER
from server.desk.rules import Shop
from supportterm.protocol import frames
from supportterm.protocol.contact import Reach, read

from .story import ANNA, BEN, HOUR, MIA, RULES, SUE, TOM, Story, chat_of, kinds_of, new_id


@pytest.fixture
def story() -> Story:
    """Mia talks with Anna, at a shop that mails."""
    story = Story(replace(RULES, shops={"bikes": Shop(mail=True)}))
    story.arrive(MIA)
    story.say(MIA, story.open(ANNA))
    return story


def given(story: Story, contact: str = "anna@example.org", name: str = "") -> frames.GiveContact:
    return frames.GiveContact(new_id(), story.chat(ANNA).id, contact, name)


def test_an_address_is_hidden_from_the_customers_side_and_promises_nothing(story: Story) -> None:
    command = given(story, name="Anna")
    (event,) = story.do(ANNA, command)
    assert (event.kind, event.actor, event.pub, event.cid) == ("contact", "customer", 0, command.id)
    assert read(event.text) == Reach("Anna", "anna@example.org")
    assert story.chat(ANNA).promise_due == 0
    assert story.ask(ANNA, command) == Repeated(event.seq, 0)
    assert story.code(ANNA, replace(command, contact="other@example.org")) == "id_conflict"


def test_with_it_a_callback_can_be_promised(story: Story) -> None:
    by_mail = frames.CallBack(new_id(), story.chat(ANNA).id, story.at + HOUR, "mail")
    assert story.code(MIA, by_mail) == "no_contact"
    story.do(ANNA, given(story))
    assert "callback" in kinds_of(story.do(MIA, by_mail))


def test_a_number_is_one_too(story: Story) -> None:
    story.do(ANNA, given(story, "+31 20 123 4567"))
    by_phone = frames.CallBack(new_id(), story.chat(ANNA).id, story.at + HOUR, "phone")
    assert "callback" in kinds_of(story.do(MIA, by_phone))


@pytest.mark.parametrize("contact", ["anna", "anna@example", "a@b.example, c@d.example", "12", "•••• 1111"])
def test_what_is_neither_is_refused(story: Story, contact: str) -> None:
    assert story.code(ANNA, given(story, contact)) == "no_contact"


def test_only_the_chats_customer_and_its_owner_give_it_and_only_while_it_goes_on(story: Story) -> None:
    assert story.code(BEN, given(story)) == "no_chat"
    assert story.code(replace(ANNA, only="another-chat-of-hers"), given(story)) == "no_chat"
    assert story.code(TOM, given(story)) == "no_chat"
    assert story.code(SUE, given(story)) == "not_owner", "a supervisor takes it over first"
    story.close(MIA, story.chat(ANNA))
    assert story.code(ANNA, given(story)) == "chat_closed"


def test_its_owner_puts_it_right_under_their_own_name(story: Story) -> None:
    story.do(ANNA, given(story, "anan@example.org", "Anna"))
    (event,) = story.do(MIA, given(story))
    assert (event.kind, event.actor, event.name, event.pub) == ("contact", "agent:mia", "Mia", 0)
    assert (story.chat(ANNA).reach.known.mail, story.chat(ANNA).reach.known.name) == (
        "anna@example.org",
        "Anna",
    )
    assert story.chat(ANNA).promise_due == 0
    assert story.code(MIA, given(story, "anna")) == "no_contact"
    assert story.do(MIA, given(story)) == []
    story.close(MIA, story.chat(ANNA))
    assert story.code(MIA, given(story, "b@example.org")) == "chat_closed"


def test_who_came_by_a_link_does_not_turn_the_answers_to_themselves(story: Story) -> None:
    chat = story.chat(ANNA)
    bearer = replace(ANNA, only=chat.id)
    assert story.code(bearer, given(story)) == "not_allowed"
    assert not showing.door(story.desk, bearer, "en", story.now).mail


def test_a_link_takes_a_message_for_later_and_no_address_with_it(story: Story) -> None:
    chat = chat_of(BEN)
    story.do(MIA, frames.SetStatus(new_id(), "offline"))
    story.do(BEN, frames.Open(new_id(), chat))
    leave = frames.LeaveMessage(new_id(), chat, "Call me", "Thief", "thief@example.org")
    kinds = kinds_of(story.do(replace(BEN, only=chat), leave))
    assert "left" in kinds
    assert "contact" not in kinds


def test_the_same_again_is_no_news(story: Story) -> None:
    story.do(ANNA, given(story, name="Anna"))
    assert story.do(ANNA, given(story, name="Anna")) == []
    assert story.do(ANNA, given(story)) == []
    assert kinds_of(story.do(ANNA, given(story, "other@example.org"))) == ["contact"]


def test_an_address_that_comes_after_the_answer_gets_it_too(story: Story) -> None:
    chat = chat_of(BEN)
    story.do(MIA, frames.SetStatus(new_id(), "offline"))
    story.do(BEN, frames.LeaveMessage(new_id(), chat, "Do you have the blue one?"))
    story.do(MIA, frames.SetStatus(new_id(), "online"))
    story.do(MIA, frames.Take(new_id(), chat))
    story.do(MIA, frames.Say(new_id(), chat, "We do."))
    assert "mailing" not in kinds_of(story.wait(2 * MAIL_AFTER))
    story.do(BEN, frames.GiveContact(new_id(), chat, "ben@example.org"))
    assert kinds_of(story.wait(MAIL_AFTER)) == ["mailing"]


def test_an_erased_address_is_none(story: Story) -> None:
    story.do(ANNA, given(story))
    story.do(CLOCK, Erase(story.chat(ANNA).id))
    by_mail = frames.CallBack(new_id(), story.chat(ANNA).id, story.at + HOUR, "mail")
    assert story.code(MIA, by_mail) == "no_contact"


def test_customers_are_told_whether_their_shop_mails(story: Story) -> None:
    assert showing.door(story.desk, ANNA, "en", story.now).mail
    assert not showing.door(story.desk, replace(ANNA, shop="books"), "en", story.now).mail
