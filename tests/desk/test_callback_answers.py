"""An answer ends a callback when it has arrived: seen, mailed or told. Left messages are mailed, too."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk import showing
from server.desk.chat import Chat
from server.desk.commands import CLOCK, Due, Erase, Mailed, Seen
from server.desk.decision import Decided, Repeated
from server.desk.pace import MAIL_AFTER
from server.desk.rules import Shop
from supportterm.protocol import frames, kinds

from .calling import ADDRESS, BIKES, a_story, answered, ends, mailed, promised, saw
from .story import ANNA, HOUR, MIA, MINUTE, RULES, SECOND, SUE, TOM, Story, chat_of, data_of, kinds_of, new_id
from .test_folding import refolded


@pytest.fixture
def story() -> Story:
    return a_story()


def row_mail(story: Story) -> str:
    return showing.left(story.desk).rows[0].mail


# --- seen in the widget -------------------------------------------------------------------------------


def test_an_answer_keeps_it_when_the_customer_sees_it(story: Story) -> None:
    chat = answered(story)
    assert (bool(chat.promise_due), row_mail(story)) == (True, "waiting")
    assert saw(story, chat, chat.pub - 1) == []
    assert saw(story, chat) == ["seen", "promise_ended"]
    assert ends(story.log) == ["kept"]
    assert (chat.owner, chat.promise_due, row_mail(story)) == ("mia", 0, "")
    assert saw(story, chat) == []
    # Who has read it needs no mail.
    assert story.wait(MAIL_AFTER) == []


def test_seen_after_the_deadline_it_is_made_good(story: Story) -> None:
    chat = answered(story)
    mailed_at = story.at
    story.wait(2 * HOUR)
    assert ends(story.log) == ["broken"]
    assert (chat.waiting_since, chat.broken_at) == (chat.broken_at, chat.late_at)
    story.tick(5 * SECOND)
    assert saw(story, chat) == ["seen", "made_good"]
    assert data_of(story.log[-1]) == kinds.MadeGood(5 * SECOND)
    assert (chat.waiting_since, chat.broken_at, chat.late_at, mailed_at > 0) == (0, 0, 0, True)


def test_what_arrives_late_though_written_in_time_is_no_colleagues_work(story: Story) -> None:
    chat = answered(story)
    story.wait(2 * HOUR)
    assert "handoff" not in kinds_of(story.wait(HOUR))
    assert chat.owner == "mia"


def test_a_request_for_patience_is_no_answer(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "One more moment")
    assert saw(story, chat) == []
    assert kinds_of(story.wait(MAIL_AFTER)) == []


def test_a_new_time_is_no_answer_but_is_mailed(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    due = story.at + 5 * HOUR
    story.do(MIA, frames.Say(new_id(), chat.id, "It takes until nine", due=due))
    assert (chat.left_due, chat.answered_at) == (due, 0)
    assert kinds_of(story.wait(MAIL_AFTER)) == ["mailing"]
    assert mailed(story, chat) == ["mailed"]
    story.say(MIA, chat, "It is in Utrecht.")
    assert saw(story, chat) == ["seen", "promise_ended"]
    # Before the first time that was given, all the same.
    assert ends(story.log) == ["kept"]


def test_who_writes_below_the_answer_has_read_it(story: Story) -> None:
    chat = answered(story)
    assert kinds_of(story.say(ANNA, chat, "Thanks")) == ["promise_ended", "message"]
    assert ends(story.log) == ["kept"]
    # Live again: a chat like any other.
    assert (chat.callback, chat.left_due, showing.left(story.desk).rows) == ("", 0, [])
    assert story.wait(MAIL_AFTER) == []


# --- mailed -------------------------------------------------------------------------------------------


def test_one_mail_half_a_minute_after_the_last_message(story: Story) -> None:
    chat = answered(story)
    told = chat.seq
    story.wait(MAIL_AFTER - 1)
    story.say(MIA, chat, "It comes tomorrow.")
    assert story.wait(MAIL_AFTER - 1) == []
    (event,) = story.wait(1)
    assert event.seq == told + 2
    # From the callback on: what was said before, they were there to read.
    assert data_of(event) == kinds.Mailing(upto=chat.pub, after=chat.reach.mail_from)
    assert chat.reach.mail_from < chat.reach.answer
    assert ends(story.log) == []
    assert mailed(story, chat) == ["mailed", "promise_ended"]
    assert (ends(story.log), row_mail(story)) == (["kept"], "")


def test_the_same_news_twice_is_news_once(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    news = Mailed(chat.id, chat.reach.mailing, "accepted")
    story.do(CLOCK, news)
    assert story.ask(CLOCK, news) == Decided([])
    assert story.code(CLOCK, Mailed("chat-of-nobody-at-all", 1, "accepted")) == "no_chat"


def test_what_was_written_meanwhile_goes_with_the_next_mail(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    first = chat.reach.mailing
    story.say(MIA, chat, "And one thing more")
    assert story.wait(MAIL_AFTER) == []
    assert mailed(story, chat) == ["mailed", "promise_ended", "mailing"]
    assert data_of(story.log[-1]) == kinds.Mailing(chat.pub - 1, first)
    assert mailed(story, chat) == ["mailed"]


def test_a_refused_mail_stands_red_and_keeps_nothing(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    assert mailed(story, chat, "refused") == ["mailed"]
    assert (row_mail(story), bool(chat.promise_due), chat.answered_at) == ("refused", True, 0)
    # The next one says it again: nothing of it has arrived.
    story.say(MIA, chat, "Once more")
    (event,) = story.wait(MAIL_AFTER)
    assert data_of(event) == kinds.Mailing(chat.pub, chat.reach.mail_from)
    assert chat.reach.mail_from < chat.reach.answer
    assert mailed(story, chat) == ["mailed", "promise_ended"]


def test_refused_and_nobody_does_anything_it_is_broken(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    mailed(story, chat, "refused")
    assert (chat.state, chat.reach.closing) == ("left", False)
    story.wait(2 * HOUR)
    assert (ends(story.log), chat.owner) == (["broken"], "mia")


def test_refused_but_seen(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    mailed(story, chat, "refused")
    assert saw(story, chat) == ["seen", "promise_ended"]
    assert (row_mail(story), bool(chat.answered_at)) == ("", True)


def test_no_mail_where_there_is_no_address(story: Story) -> None:
    chat = answered(story, "phone")
    assert story.wait(MAIL_AFTER) == []
    assert row_mail(story) == ""
    story.do(CLOCK, Seen(chat.id, chat.pub))
    assert ends(story.log) == ["kept"]


def test_no_mail_where_the_address_was_erased(story: Story) -> None:
    chat = answered(story)
    story.do(CLOCK, Erase(chat.id))
    assert story.wait(MAIL_AFTER) == []


def test_a_restart_between_message_and_mail(story: Story) -> None:
    chat = answered(story)
    story.wait(10 * SECOND)
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    assert kinds_of(story.wait(MAIL_AFTER)) == ["mailing"]
    story.desk = refolded(story)
    story.arrive(MIA, TOM)
    # Decided once.
    assert story.wait(MAIL_AFTER) == []
    chat = story.desk.chats[chat.id]
    assert mailed(story, chat) == ["mailed", "promise_ended"]


# --- told on the phone --------------------------------------------------------------------------------


def test_reached_by_who_has_it(story: Story) -> None:
    chat = promised(story, "phone")
    story.do(MIA, frames.Take(new_id(), chat.id))
    missed = frames.Phoned(new_id(), chat.id, False)
    (event,) = story.do(MIA, missed)
    assert (event.kind, event.pub, event.actor) == ("phoned", 0, "agent:mia")
    assert story.ask(MIA, missed) == Repeated(event.seq, 0)
    assert story.code(MIA, replace(missed, reached=True)) == "id_conflict"
    assert bool(chat.promise_due)
    said, ended = story.do(MIA, frames.Phoned(new_id(), chat.id, True))
    assert (data_of(said), ended.actor) == (kinds.Phoned(True), "agent:mia")
    assert (ends(story.log), chat.state, bool(chat.answered_at)) == (["kept"], "open", True)


def test_from_the_list_it_is_done_with_that(story: Story) -> None:
    chat = promised(story, "phone")
    assert kinds_of(story.do(TOM, frames.Phoned(new_id(), chat.id, False))) == ["phoned"]
    assert chat.state == "left"
    events = story.do(TOM, frames.Phoned(new_id(), chat.id, True))
    assert kinds_of(events) == ["phoned", "promise_ended", "closed"]
    assert (chat.state, chat.closed_for, events[2].actor) == ("closed", "agent", "agent:tom")


def test_reached_too_late_makes_it_good(story: Story) -> None:
    chat = promised(story, "phone")
    story.wait(4 * HOUR)
    story.do(MIA, frames.Phoned(new_id(), chat.id, True))
    assert story.log[-1].kind == "made_good"
    assert (chat.broken_at, chat.waiting_since) == (0, 0)


def test_who_may_say_so(story: Story) -> None:
    chat = promised(story, "phone")
    said = frames.Phoned(new_id(), chat.id, True)
    assert story.code(ANNA, said) == "not_allowed"
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert story.code(TOM, said) == "not_owner"
    story.say(ANNA, chat)
    assert story.code(MIA, said) == "not_asked"
    story.close(MIA, chat)
    assert story.code(MIA, said) == "chat_closed"


# --- closing ------------------------------------------------------------------------------------------


def test_closing_sends_the_mail_at_once_and_withdraws_nothing(story: Story) -> None:
    chat = answered(story)
    command = frames.CloseChat(new_id(), chat.id)
    mailing, gone = story.do(MIA, command)
    assert (mailing.kind, data_of(gone)) == ("mailing", kinds.Unassigned("callback", "mia", left=True))
    assert story.ask(MIA, command) == Repeated(gone.seq, 0)
    assert (chat.state, bool(chat.answered_at), bool(chat.promise_due)) == ("left", True, True)
    assert story.code(SUE, frames.CloseChat(new_id(), chat.id)) == "already"
    # It does not come up again.
    assert story.wait(HOUR) == []
    assert mailed(story, chat) == ["mailed", "promise_ended", "closed"]
    assert (ends(story.log), chat.state, chat.closed_for) == (["kept"], "closed", "agent")


def test_closed_and_seen_before_the_mail_was_taken(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    assert saw(story, chat) == ["seen", "promise_ended", "closed"]
    assert mailed(story, chat) == ["mailed"]
    assert ends(story.log) == ["kept"]


def test_closed_and_accepted_too_late(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    assert kinds_of(story.wait(2 * HOUR)) == ["promise_ended"]
    story.tick(SECOND)
    assert mailed(story, chat) == ["mailed", "made_good", "closed"]
    assert ends(story.log) == ["broken"]


def test_accepted_a_moment_after_the_deadline_before_the_desk_looked(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    story.tick(2 * HOUR - MAIL_AFTER)
    assert chat.promise_due == story.at
    story.tick(1)
    assert mailed(story, chat) == ["promise_ended", "mailed", "made_good"]
    assert ends(story.log) == ["broken"]


def test_a_mail_without_the_answer_keeps_nothing(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.do(MIA, frames.Say(new_id(), chat.id, "It takes until seven", due=chat.promise_due + HOUR))
    story.wait(MAIL_AFTER)
    story.say(MIA, chat, "It is in Utrecht.")
    assert mailed(story, chat) == ["mailed"]
    assert bool(chat.promise_due)
    story.wait(MAIL_AFTER)
    assert mailed(story, chat) == ["mailed", "promise_ended"]


def test_closing_without_an_answer_withdraws(story: Story) -> None:
    chat = promised(story)
    story.do(MIA, frames.Take(new_id(), chat.id))
    assert kinds_of(story.close(MIA, chat)) == ["promise_ended", "closed"]
    assert ends(story.log) == ["withdrawn"]


def test_closing_after_it_arrived_closes(story: Story) -> None:
    chat = answered(story)
    saw(story, chat)
    assert kinds_of(story.close(MIA, chat)) == ["closed"]


def test_the_customer_closes_whatever_is_on_its_way(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    assert kinds_of(story.close(ANNA, chat)) == ["promise_ended", "closed"]
    assert mailed(story, chat) == ["mailed"]
    assert (chat.state, ends(story.log)) == ("closed", ["withdrawn"])


def test_taken_again_it_is_closed_by_hand(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    story.do(TOM, frames.Take(new_id(), chat.id))
    assert mailed(story, chat) == ["mailed", "promise_ended"]
    assert chat.owner == "tom"


def test_a_handoff_ends_with_it(story: Story) -> None:
    chat = answered(story)
    story.do(MIA, frames.HandOff(new_id(), chat.id, "Please", agent="tom"))
    assert kinds_of(story.close(MIA, chat)) == ["mailing", "handoff_ended", "unassigned"]
    assert story.desk.agents["tom"].offers == set()


# --- the customer is back -----------------------------------------------------------------------------


def test_back_before_the_answer_it_is_an_ordinary_promise(story: Story) -> None:
    chat = promised(story)
    events = story.say(ANNA, chat, "One thing more")
    assert kinds_of(events) == ["message", "requeued", "routed", "joined"]
    # With who promised it, who is free.
    assert (chat.owner, chat.callback, bool(chat.promise_due)) == ("mia", "", True)
    story.say(MIA, chat, "It is in Utrecht.")
    assert ends(story.log) == ["kept"]


def test_back_while_nobody_is_there_it_is_a_callback_still(story: Story) -> None:
    chat = promised(story)
    for agent in (MIA, TOM):
        story.status(agent, "offline")
    assert kinds_of(story.say(ANNA, chat, "The number is 48213")) == ["message"]
    assert (chat.state, chat.callback, bool(chat.waiting_since)) == ("left", "mail", True)
    story.wait(3 * HOUR - RULES.callback_lead_ms)
    story.status(MIA, "online")
    assert chat.owner == "mia"


def test_back_after_it_was_closed_by_the_agent(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    events = story.say(ANNA, chat, "Not quite")
    assert kinds_of(events) == ["promise_ended", "message", "requeued", "routed", "joined"]
    assert mailed(story, chat) == ["mailed"]
    assert (chat.state, chat.owner) == ("open", "mia")


# --- messages that were left --------------------------------------------------------------------------


def left(story: Story, contact: str = ADDRESS) -> Chat:
    """A left message, taken by Mia and answered."""
    story.do(ANNA, frames.LeaveMessage(new_id(), chat_of(ANNA), "When?", contact=contact))
    story.arrive(MIA)
    chat = story.chat(ANNA)
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "At nine.")
    return chat


def test_its_answer_is_mailed_and_nothing_is_promised(story: Story) -> None:
    chat = left(story)
    assert kinds_of(story.wait(MAIL_AFTER)) == ["mailing"]
    assert row_mail(story) == "waiting"
    assert mailed(story, chat) == ["mailed"]
    assert (row_mail(story), ends(story.log), chat.owner) == ("", [], "mia")


def test_closed_by_its_agent_it_waits_for_its_mail(story: Story) -> None:
    chat = left(story)
    assert kinds_of(story.close(MIA, chat)) == ["mailing", "unassigned"]
    assert chat.state == "left"
    assert mailed(story, chat) == ["mailed", "closed"]


def test_refused_it_is_on_the_list_again(story: Story) -> None:
    chat = left(story)
    story.close(MIA, chat)
    assert mailed(story, chat, "refused") == ["mailed"]
    (row,) = showing.left(story.desk).rows
    assert (row.mail, row.answered_at, row.how, row.owner) == ("refused", 0, "", "")


def test_seen_in_the_widget_no_mail(story: Story) -> None:
    chat = left(story)
    assert saw(story, chat) == ["seen"]
    assert story.wait(MAIL_AFTER) == []
    story.desk = refolded(story)
    story.arrive(MIA)
    assert story.wait(2 * MAIL_AFTER) == []
    assert kinds_of(story.close(MIA, story.chat(ANNA))) == ["closed"]


@pytest.mark.parametrize(("contact", "mail"), [("", True), (ADDRESS, False)])
def test_without_an_address_or_a_server_as_ever(story: Story, contact: str, mail: bool) -> None:
    shop: Shop = replace(BIKES, mail=mail)
    story.desk.rules = replace(RULES, shops={"bikes": shop})
    chat = left(story, contact)
    assert story.wait(MAIL_AFTER) == []
    assert kinds_of(story.close(MIA, chat)) == ["closed"]


def test_a_live_chat_is_never_mailed(story: Story) -> None:
    story.do(ANNA, frames.LeaveMessage(new_id(), chat_of(ANNA), "When?", contact=ADDRESS))
    story.arrive(MIA)
    chat = story.chat(ANNA)
    story.say(ANNA, chat, "Still there?")
    story.say(MIA, chat, "Yes!")
    assert (chat.left_due, kinds_of(story.wait(MINUTE))) == (0, [])
    assert story.ask(CLOCK, Seen(chat.id, chat.pub)) == Decided([])
    assert story.do(CLOCK, Due()) == []
