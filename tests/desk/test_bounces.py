"""A mail that was accepted and came back: nothing is kept by it, unless the customer has it all the same."""

from __future__ import annotations

import pytest

from server.desk import showing
from server.desk.chat import Chat
from server.desk.commands import CLOCK, Bounced, Erase, Mailed
from server.desk.decision import Decided
from server.desk.pace import MAIL_AFTER
from supportterm.protocol import frames, kinds

from .calling import ADDRESS, a_story, answered, ends, mailed, saw
from .story import ANNA, HOUR, MIA, SECOND, Story, data_of, folded_of, kinds_of, new_id
from .test_folding import refolded

WORDS = "550 5.1.1 No such mailbox"
OTHER = "anna.new@example.org"


@pytest.fixture
def story() -> Story:
    return a_story()


def accepted(story: Story) -> Chat:
    """Answered an hour after a callback was promised for three, closed, and taken by the mail server."""
    chat = answered(story)
    story.close(MIA, chat)
    assert mailed(story, chat) == ["mailed", "promise_ended", "closed"]
    return chat


def back(story: Story, chat: Chat, letter: int = 0) -> list[str]:
    """The newest mail, or that one, comes back."""
    return kinds_of(story.do(CLOCK, Bounced(chat.id, letter or chat.reach.letter, chat.reach.mailing, WORDS)))


def row(story: Story) -> tuple[str, str, int]:
    (found,) = showing.left(story.desk).rows
    return found.mail, found.owner, found.answered_at


def same_after_a_restart(story: Story) -> None:
    assert folded_of(refolded(story)) == folded_of(story.desk)


def test_it_keeps_nothing_and_comes_up_for_its_owner(story: Story) -> None:
    chat = accepted(story)
    due = chat.left_due
    story.status(MIA, "away")
    story.tick(SECOND)
    assert back(story, chat) == ["bounced", "unassigned"]
    said = next(event for event in story.log if event.kind == "bounced")
    assert (said.pub, said.text) == (0, WORDS)
    assert data_of(story.log[-1]) == kinds.Unassigned("bounced", "", left=True)
    # It runs again, until when it was promised: there is time to find another way.
    assert (chat.state, chat.promise_due, chat.callback) == ("left", due, "mail")
    assert row(story) == ("refused", "mia", 0)
    same_after_a_restart(story)
    assert kinds_of(story.status(MIA, "online")) == ["status", "routed", "joined"]
    assert (chat.owner, data_of(story.log[-2]).how) == ("mia", "callback")  # type: ignore[attr-defined]
    assert kinds_of(story.wait(2 * HOUR)) == ["promise_ended"]
    assert ends(story.log) == ["kept", "broken"]
    same_after_a_restart(story)


def test_after_its_time_it_is_broken_at_once(story: Story) -> None:
    chat = accepted(story)
    due = chat.left_due
    story.tick(5 * HOUR)
    assert back(story, chat) == ["bounced", "unassigned", "promise_ended", "routed", "joined"]
    assert (ends(story.log)[-1], chat.late_at, chat.owner) == ("broken", due, "mia")
    same_after_a_restart(story)


def test_what_it_made_good_is_not(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    story.wait(2 * HOUR)
    late = chat.late_at
    assert mailed(story, chat) == ["mailed", "made_good", "closed"]
    story.tick(HOUR)
    assert back(story, chat) == ["bounced", "unassigned", "routed", "joined"]
    assert (chat.late_at, chat.broken_at, bool(chat.waiting_since)) == (late, late, True)
    same_after_a_restart(story)
    story.say(MIA, chat, "It is in Utrecht.")
    saw(story, chat)
    assert data_of(story.log[-1]) == kinds.MadeGood(story.at - late)


def test_twice_is_once(story: Story) -> None:
    chat = accepted(story)
    letter = chat.reach.letter
    back(story, chat)
    assert story.ask(CLOCK, Bounced(chat.id, letter, chat.reach.mailing, WORDS)) == Decided([])
    assert story.code(CLOCK, Bounced("chat-of-nobody-at-all", 1, 1)) == "no_chat"


def test_another_number_is_no_mail_of_ours(story: Story) -> None:
    chat = accepted(story)
    assert story.ask(CLOCK, Bounced(chat.id, chat.reach.letter + 1, chat.reach.mailing)) == Decided([])
    assert chat.state == "closed"


def test_what_the_customer_has_seen_since_stays_kept(story: Story) -> None:
    chat = accepted(story)
    assert saw(story, chat) == ["seen"]
    assert back(story, chat) == []
    assert (chat.state, ends(story.log)) == ("closed", ["kept"])
    assert saw(story, chat) == []
    same_after_a_restart(story)


def test_who_wrote_below_it_has_it(story: Story) -> None:
    chat = accepted(story)
    story.say(ANNA, chat, "Thanks")
    assert back(story, chat) == []


def test_who_closed_it_themselves_has_it(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    mailed(story, chat)
    story.close(ANNA, chat)
    assert back(story, chat) == []


def test_of_an_erased_chat_nothing_is_wanted(story: Story) -> None:
    chat = accepted(story)
    story.do(CLOCK, Erase(chat.id))
    assert back(story, chat) == []
    assert (chat.state, ends(story.log)) == ("closed", ["kept"])


def test_while_its_agent_has_it_it_stands_red_there(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    mailed(story, chat)
    assert back(story, chat) == ["bounced"]
    assert (chat.owner, bool(chat.promise_due), row(story)) == ("mia", True, ("refused", "mia", 0))
    same_after_a_restart(story)
    # Whoever has it says it again, and all of it goes out.
    story.say(MIA, chat, "Once more")
    (event,) = story.wait(MAIL_AFTER)
    assert data_of(event) == kinds.Mailing(chat.pub, chat.reach.mail_from)
    assert mailed(story, chat) == ["mailed", "promise_ended"]
    assert ends(story.log) == ["kept", "kept"]


def test_sooner_than_the_yes_it_is_a_refusal(story: Story) -> None:
    """The answer to the letter was lost on its way; it is never handed over again."""
    chat = answered(story)
    story.close(MIA, chat)
    assert back(story, chat) == ["mailed"]
    assert (row(story), ends(story.log), chat.state) == (("refused", "mia", 0), [], "left")
    assert story.log[-1].text == WORDS
    assert story.ask(CLOCK, Mailed(chat.id, chat.reach.mailing, "accepted")) == Decided([])
    same_after_a_restart(story)


def test_the_first_of_two_takes_the_second_with_it(story: Story) -> None:
    chat = answered(story)
    first = chat.reach.mail_from
    story.wait(MAIL_AFTER)
    letter = chat.reach.letter
    mailed(story, chat)
    story.say(MIA, chat, "And one thing more")
    story.wait(MAIL_AFTER)
    upto = chat.reach.mailing
    assert back(story, chat, letter) == ["bounced"]
    # The second is on its way still, and says nothing without the first.
    assert mailed(story, chat) == ["mailed"]
    assert (row(story)[0], bool(chat.promise_due), ends(story.log)) == ("refused", True, ["kept"])
    story.say(MIA, chat, "Once more")
    (event,) = story.wait(MAIL_AFTER)
    assert data_of(event) == kinds.Mailing(chat.pub, first)
    assert chat.pub > upto
    same_after_a_restart(story)


def test_one_that_was_sent_again_since_is_over(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    first = chat.reach.letter
    mailed(story, chat)
    story.say(MIA, chat, "And one thing more")
    story.wait(MAIL_AFTER)
    second = chat.reach.letter
    mailed(story, chat)
    back(story, chat, first)
    story.say(MIA, chat, "Once more")
    story.wait(MAIL_AFTER)
    mailed(story, chat)
    assert back(story, chat, second) == []
    assert row(story)[0] == ""


def test_a_customer_with_a_newer_chat_is_asked_there(story: Story) -> None:
    chat = accepted(story)
    other = new_id()
    story.do(ANNA, frames.Open(new_id(), other, lang="en"))
    assert back(story, chat) == ["bounced"]
    said = data_of(story.log[-1])
    assert isinstance(said, kinds.Bounced)
    assert (chat.state, said.again, said.promise, bool(said.ended_at)) == ("closed", False, 0, True)
    assert story.desk.open_of[ANNA.id] == other
    same_after_a_restart(story)


def test_a_left_message_waits_for_its_answer_again(story: Story) -> None:
    story.arrive(MIA)
    story.status(MIA, "away")
    story.do(ANNA, frames.LeaveMessage(new_id(), new_id(), "Where is it?", name="Anna", contact=ADDRESS))
    chat = story.desk.chats[story.desk.open_of[ANNA.id]]
    story.do(MIA, frames.Take(new_id(), chat.id))
    story.say(MIA, chat, "In Utrecht")
    story.close(MIA, chat)
    assert mailed(story, chat) == ["mailed", "closed"]
    assert back(story, chat) == ["bounced", "unassigned"]
    assert (row(story), ends(story.log)) == (("refused", "", 0), [])
    same_after_a_restart(story)


# --- to another address ---------------------------------------------------------------------------------


def corrected(story: Story, chat: Chat) -> list[str]:
    command = frames.CallBack(new_id(), chat.id, story.at + 3 * HOUR, "mail", OTHER)
    return kinds_of(story.do(MIA, command))


def test_a_corrected_address_gets_the_answer_without_another_word(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    upto = chat.reach.mailing
    mailed(story, chat, "refused")
    assert corrected(story, chat) == ["contact", "promise_extended", "callback", "mailing", "unassigned"]
    assert (chat.reach.mailing, row(story)[0], bool(row(story)[2])) == (upto, "waiting", True)
    same_after_a_restart(story)
    # It is answered: it does not come up meanwhile.
    assert "joined" not in kinds_of(story.wait(2 * HOUR + 55 * 60 * SECOND))
    assert mailed(story, chat) == ["mailed", "promise_ended", "closed"]
    # The time that was given with it counts from then on.
    assert ends(story.log) == ["extended"]


def test_refused_there_too_it_stands_red_again(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    mailed(story, chat, "refused")
    corrected(story, chat)
    assert "mailed" in mailed(story, chat, "refused")
    assert row(story)[0] == "refused"
    assert "mailing" not in kinds_of(story.wait(MAIL_AFTER))
    same_after_a_restart(story)


def test_what_came_back_goes_to_the_corrected_address_too(story: Story) -> None:
    chat = accepted(story)
    letter = chat.reach.letter
    back(story, chat)
    assert chat.owner == "mia"
    assert corrected(story, chat)[-2:] == ["mailing", "unassigned"]
    # The same news of the first one says nothing of the second.
    assert story.ask(CLOCK, Bounced(chat.id, letter, chat.reach.mailing, WORDS)) == Decided([])
    assert mailed(story, chat) == ["mailed", "promise_ended", "closed"]
    assert back(story, chat)[:2] == ["bounced", "unassigned"]


def test_the_customer_gives_another_address_themselves(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    story.status(MIA, "away")
    mailed(story, chat, "refused")
    assert kinds_of(story.do(ANNA, frames.GiveContact(new_id(), chat.id, OTHER))) == ["contact"]
    assert (chat.state, row(story)[0]) == ("left", "waiting")
    same_after_a_restart(story)
    assert kinds_of(story.wait(MAIL_AFTER)) == ["mailing"]
    assert mailed(story, chat) == ["mailed", "promise_ended", "closed"]


def test_an_address_that_comes_while_the_old_one_is_tried(story: Story) -> None:
    chat = answered(story)
    story.close(MIA, chat)
    story.do(ANNA, frames.GiveContact(new_id(), chat.id, OTHER))
    story.wait(MAIL_AFTER)
    assert mailed(story, chat, "refused") == ["mailed", "mailing"]
    # One more try, whichever of the two addresses that was.
    assert mailed(story, chat, "refused") == ["mailed"]


def test_the_same_address_is_no_correction(story: Story) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    mailed(story, chat, "refused")
    command = frames.CallBack(new_id(), chat.id, story.at + 3 * HOUR, "mail", ADDRESS)
    assert "mailing" not in kinds_of(story.do(MIA, command))
    assert (chat.answered_at, chat.reach.answer) == (0, 0)


@pytest.mark.parametrize("slipped", [-300, -1, 1, 300])
def test_a_time_given_meanwhile_goes_by_its_own_clock(story: Story, slipped: int) -> None:
    chat = answered(story)
    story.wait(MAIL_AFTER)
    mailed(story, chat)
    story.say(MIA, chat, "One more thing: back in a minute", promise=60 * SECOND)
    fell_due = story.run + 60 * SECOND
    story.tick(SECOND)
    # Too little to be noticed as a clock that was set.
    story.at += slipped
    assert "bounced" in back(story, chat)
    assert ends(story.wait(fell_due - story.run - 1)) == []
    assert ends(story.wait(1)) == ["broken"]
