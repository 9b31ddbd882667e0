"""A promise that outlives the live chat: made, on its list, coming up for who gave it."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.commands import CLOCK, Due, Erase, Retire
from server.desk.decision import Repeated
from server.desk.rules import Shop
from supportterm.protocol import frames, kinds, views
from supportterm.protocol.callbacks import How

from .calling import ADDRESS, BIKES, FOUR, NUMBER, a_story, promised
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
    chat_of,
    data_of,
    kinds_of,
    new_id,
)
from .test_folding import refolded

LEAD = RULES.callback_lead_ms


@pytest.fixture
def story() -> Story:
    return a_story()


def asks(story: Story, **more: object) -> frames.CallBack:
    usual = {"due": story.at + HOUR, "how": "mail", "contact": ADDRESS}
    return frames.CallBack(new_id(), chat_of(ANNA), **{**usual, **more})  # type: ignore[arg-type]


# --- made ---------------------------------------------------------------------------------------------


def test_a_promise_and_nobody_has_to_stay(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.say(ANNA, chat)
    command = asks(story, name=" Anna ")
    contact, promise, callback, gone = story.do(MIA, command)
    assert (contact.kind, contact.cid, contact.pub) == ("contact", command.id, 0)
    assert msgspec.json.decode(contact.text) == {"name": "Anna", "contact": ADDRESS}
    assert data_of(promise) == kinds.Promised(command.due, named=True)
    assert (data_of(callback), callback.name) == (kinds.Callback(command.due, "mail"), "Mia")
    assert data_of(gone) == kinds.Unassigned("callback", "mia", left=True)
    assert (chat.state, chat.owner, chat.waiting_since) == ("left", "", 0)
    assert (chat.left_at, chat.left_due, chat.promise_due) == (story.at, command.due, command.due)
    assert (story.queue(), story.load(MIA).chats) == ([], 0)
    assert story.ask(MIA, command) == Repeated(contact.seq, 0)
    assert story.code(MIA, replace(command, how="phone", contact=NUMBER)) == "id_conflict"


def test_what_runs_is_given_a_later_time(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.say(MIA, chat, "Back in a minute", MINUTE)
    assert kinds_of(story.do(MIA, asks(story)))[:3] == ["contact", "promise_extended", "callback"]
    assert (chat.promise_first, chat.promise_due) == (story.at + MINUTE, story.at + HOUR)


def test_a_promise_that_has_just_passed_is_broken_first(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    story.say(MIA, chat, "Back in a minute", MINUTE)
    story.tick(MINUTE + 1)
    assert kinds_of(story.do(MIA, asks(story)))[:3] == ["promise_ended", "contact", "promised"]
    assert (chat.broken_at, bool(chat.late_at)) == (0, True)


def test_what_the_customer_left_before_is_known(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    first = story.do(MIA, asks(story, contact=""))[0]
    assert first.kind == "promise_extended"
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert story.code(MIA, asks(story, how="phone", contact="")) == "no_contact"
    # A name alone is no address, and takes none away.
    assert story.do(MIA, asks(story, contact="", name="Ann"))[0].kind == "contact"


@pytest.mark.parametrize(
    ("how", "contact", "fits"),
    [
        ("mail", "anna@example.org", True),
        ("mail", "anna@example", False),
        ("mail", "", False),
        ("mail", NUMBER, False),
        ("mail", "a@b.nl,c@d.nl", False),
        ("mail", "<anna@example.org>", False),
        ("phone", NUMBER, True),
        ("phone", "0031 (0)20-1234567", True),
        ("phone", "020/123.45.67", True),
        ("phone", "14020", True),
        ("phone", "112", False),
        ("phone", "+31 20 CALL ME", False),
        ("phone", "1" * 30, False),
        ("phone", ADDRESS, False),
        ("phone", "", False),
    ],
)
def test_it_must_reach_somebody(story: Story, how: How, contact: str, fits: bool) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    command = asks(story, how=how, contact=contact)
    if fits:
        story.do(MIA, command)
    else:
        assert story.code(MIA, command) == "no_contact"


def test_no_mail_without_a_mail_server(story: Story) -> None:
    story.desk.rules = replace(RULES, shops={"bikes": replace(BIKES, mail=False)})
    story.arrive(MIA)
    story.open(ANNA)
    assert story.code(MIA, asks(story)) == "no_mail"
    story.do(MIA, asks(story, how="phone", contact=NUMBER))


@pytest.mark.parametrize("ahead", [-HOUR, 0, 29_999, 90 * 24 * HOUR + 1])
def test_times_that_are_none(story: Story, ahead: int) -> None:
    story.arrive(MIA)
    story.open(ANNA)
    assert story.code(MIA, asks(story, due=max(0, story.at + ahead))) == "bad_time"


def test_only_its_owner_and_only_a_live_chat(story: Story) -> None:
    story.arrive(MIA, TOM, SUE)
    chat = story.open(ANNA)
    assert chat.owner == "mia"
    assert story.code(ANNA, asks(story)) == "not_allowed"
    assert story.code(BEN, asks(story)) == "no_chat"
    assert story.code(TOM, asks(story)) == "no_chat"
    assert story.code(SUE, asks(story)) == "not_owner"
    story.do(MIA, frames.HandOff(new_id(), chat.id, "Please", agent="tom"))
    assert story.code(MIA, asks(story)) == "handing"
    story.do(TOM, frames.Accept(new_id(), chat.id))
    story.do(TOM, asks(story))
    assert story.code(TOM, asks(story)) == "no_chat"
    assert story.code(SUE, asks(story)) == "not_owner"
    story.close(ANNA, chat)
    assert story.code(SUE, asks(story)) == "chat_closed"


def test_an_erased_contact_is_none(story: Story) -> None:
    chat = promised(story)
    story.do(CLOCK, Erase(chat.id))
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert story.code(MIA, asks(story, contact="")) == "no_contact"


# --- on its list --------------------------------------------------------------------------------------


def test_the_list_says_who_how_and_when(story: Story) -> None:
    chat = promised(story)
    (row,) = showing.left(story.desk).rows
    assert row == views.LeftRow(
        chat.id,
        "bikes",
        story.at,
        chat.promise_due,
        "en",
        "mia",
        how="mail",
        owner_name="Mia",
        name="Anna",
        contact=ADDRESS,
    )
    (given,) = showing.promises(story.desk).rows
    assert (given.owner, given.name, given.due_at) == ("", "Mia", chat.promise_due)


def test_who_is_erased_stands_on_the_list_without_name_and_address(story: Story) -> None:
    chat = promised(story)
    story.do(CLOCK, Erase(chat.id))
    (row,) = showing.left(story.desk).rows
    assert (row.how, row.name, row.contact) == ("mail", "", "")


def test_hours_fill_up_by_the_shops_clock(story: Story) -> None:
    # 16:00 UTC is six o'clock in Amsterdam; half past four in Chennai begins an hour at a half.
    chennai = Shop("Books", mail=True, facts=views.ShopFacts("books", "Books", "Asia/Kolkata"))
    story.desk.rules = replace(story.desk.rules, cap=5, shops={"bikes": BIKES, "books": chennai})
    promised(story, ahead=HOUR + 59 * MINUTE)
    promised(story, ahead=HOUR + 20 * MINUTE, who=BEN)
    promised(story, ahead=HOUR + 20 * MINUTE, who=CLEO)
    story.do(CLEO, frames.CloseChat(new_id(), chat_of(CLEO)))
    hours = showing.left(story.desk).hours
    assert hours == [views.Hour(FOUR + HOUR, 2)]
    story.do(CLEO, frames.Open(new_id(), chat_of(CLEO, 2)))
    due = FOUR + 2 * HOUR + 10 * MINUTE
    owner = next(one for one in (MIA, TOM) if one.id == story.chat(CLEO, 2).owner)
    story.do(owner, frames.CallBack(new_id(), chat_of(CLEO, 2), due, "mail", ADDRESS))
    assert showing.left(story.desk).hours[1:] == [views.Hour(FOUR + HOUR + 30 * MINUTE, 1)]


def test_an_answered_one_fills_no_hour(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert len(showing.left(story.desk).hours) == 1
    story.say(MIA, chat, "It is in Utrecht.")
    assert showing.left(story.desk).hours == []


# --- it comes up --------------------------------------------------------------------------------------


def test_it_comes_back_to_who_promised_it(story: Story) -> None:
    chat = promised(story)
    assert story.wait(3 * HOUR - LEAD - 1) == []
    routed, joined = story.wait(1)
    assert (data_of(routed).how, joined.name) == ("callback", "Mia")  # type: ignore[attr-defined]
    assert (chat.state, chat.owner, chat.callback) == ("open", "mia", "mail")


def test_a_short_one_comes_up_in_its_second_half(story: Story) -> None:
    promised(story, ahead=4 * MINUTE)
    assert story.wait(2 * MINUTE - 1) == []
    assert kinds_of(story.wait(1)) == ["routed", "joined"]


def test_whatever_their_load(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, ceiling=100)
    chat = promised(story)
    story.status(TOM, "away")
    story.say(BEN, story.open(BEN))
    assert story.load(MIA).points == 100
    story.wait(3 * HOUR)
    assert chat.owner == "mia"


def test_not_over_their_cap_but_as_soon_as_they_have_room(story: Story) -> None:
    story.desk.rules = replace(story.desk.rules, cap=1)
    chat = promised(story)
    story.status(TOM, "away")
    story.open(BEN)
    assert story.wait(3 * HOUR - LEAD) == []
    (alert,) = (one for one in showing.alerts(story.desk, story.now).alerts if one.kind == "callback_due")
    assert (alert.agent, alert.name, alert.chat) == ("mia", "Mia", chat.id)
    story.close(BEN, story.chat(BEN))
    assert chat.owner == "mia"


def test_who_is_off_gets_it_when_they_come_and_until_then_it_stands_first(story: Story) -> None:
    chat = promised(story)
    story.do(BEN, frames.LeaveMessage(new_id(), chat_of(BEN), "Later", contact=ADDRESS))
    story.chat(BEN).left_due = story.at
    story.status(MIA, "offline")
    assert [row.chat for row in showing.left(story.desk).rows] == [chat_of(BEN), chat.id]
    assert story.wait(3 * HOUR - LEAD) == []
    assert [row.chat for row in showing.left(story.desk).rows] == [chat.id, chat_of(BEN)]
    kinds_now = [one.kind for one in showing.alerts(story.desk, story.now).alerts]
    assert "callback_due" in kinds_now
    assert kinds_of(story.status(MIA, "online")) == ["status", "routed", "joined"]
    assert chat.owner == "mia"
    assert "callback_due" not in [one.kind for one in showing.alerts(story.desk, story.now).alerts]


def test_anybody_takes_it_at_any_time_and_answers_for_it_from_then_on(story: Story) -> None:
    chat = promised(story)
    story.do(TOM, frames.Take(new_id(), chat.id))
    (row,) = showing.left(story.desk).rows
    assert (row.owner, row.owner_name) == ("tom", "Tom")
    story.status(TOM, "offline")
    assert (chat.state, chat.callback_owner) == ("left", "tom")
    story.wait(3 * HOUR - LEAD)
    assert chat.state == "left"
    story.status(TOM, "online")
    assert chat.owner == "tom"


def test_its_owner_leaves_it_again(story: Story) -> None:
    chat = promised(story)
    story.wait(3 * HOUR - LEAD)
    story.leave(MIA)
    assert kinds_of(story.wait(RULES.presence_grace_ms)) == ["absent", "unassigned"]
    assert (chat.state, story.queue()) == ("left", [])
    assert kinds_of(story.arrive(MIA)) == ["present", "routed", "joined"]


def test_a_disabled_owner_leaves_it_to_the_team(story: Story) -> None:
    chat = promised(story)
    story.do(CLOCK, Retire("mia"))
    story.wait(3 * HOUR - LEAD)
    assert (chat.state, chat.callback_owner) == ("left", "mia")
    assert "callback_due" in [one.kind for one in showing.alerts(story.desk, story.now).alerts]


def test_broken_by_nobody_it_stays_first_with_its_alert(story: Story) -> None:
    chat = promised(story)
    story.status(MIA, "offline")
    story.wait(3 * HOUR - LEAD)
    (event,) = story.wait(LEAD)
    assert data_of(event) == kinds.PromiseEnded("broken")
    assert (chat.broken_at, chat.state) == (FOUR + SECOND + 3 * HOUR, "left")
    assert [one.kind for one in showing.alerts(story.desk, story.now).alerts] == ["callback_due"]
    story.status(MIA, "online")
    assert chat.owner == "mia"


def test_broken_by_its_owner_a_colleague_is_asked(story: Story) -> None:
    chat = promised(story)
    story.wait(3 * HOUR)
    assert (chat.owner, bool(chat.broken_at)) == ("mia", True)
    assert "handoff" in kinds_of(story.wait(RULES.overdue_offer_ms))
    story.do(TOM, frames.Accept(new_id(), chat.id))
    assert (chat.owner, chat.callback_owner) == ("tom", "tom")


def test_a_clock_that_is_set_moves_when_it_comes_up(story: Story) -> None:
    chat = promised(story)
    story.at += 2 * HOUR
    assert kinds_of(story.wait(HOUR - LEAD)) == ["routed", "joined"]
    assert chat.owner == "mia"
    chat = promised(story, who=BEN)
    story.at -= HOUR
    story.wait(3 * HOUR)
    assert chat.owner == ""
    story.wait(HOUR)
    assert chat.owner == chat.callback_owner


def test_after_a_restart_it_is_where_it_was(story: Story) -> None:
    chat = promised(story)
    before = showing.left(story.desk)
    story.desk = refolded(story)
    story.do(CLOCK, Due())
    assert showing.left(story.desk) == before
    story.arrive(MIA, TOM)
    story.wait(3 * HOUR - LEAD - 2 * SECOND)
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    # While the server was down, its time came.
    story.tick(MINUTE)
    assert kinds_of(story.do(CLOCK, Due())) == ["routed", "joined"]
    assert story.desk.chats[chat.id].owner == "mia"


def test_the_smallest_team(story: Story) -> None:
    """Who has room for one chat only, and another one in it, does not lose the callback."""
    story.arrive(PIA)
    chat = story.open(ANNA)
    story.do(PIA, asks(story))
    story.open(BEN)
    assert story.wait(HOUR - LEAD) == []
    story.close(PIA, story.chat(BEN))
    assert chat.owner == "pia"
