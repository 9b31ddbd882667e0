"""Who may open, write and note, and what repeating a command does."""

from __future__ import annotations

import pytest

from server.desk.commands import CLOCK, Erase, Masked, Retire
from server.desk.decision import Decided, Repeated
from supportterm.protocol import frames, kinds

from .story import (
    ANNA,
    BEN,
    CLEO,
    MIA,
    TOM,
    Story,
    chat_of,
    data_of,
    kinds_of,
    new_id,
)


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_chat_is_opened_and_waits(story: Story) -> None:
    cid = new_id()
    opening = frames.Open(cid, chat_of(ANNA), "nl", page="https://bikes.example/cart")
    opened, context = story.do(ANNA, opening)
    assert (opened.kind, opened.seq, opened.pub, opened.cid) == ("opened", 1, 1, cid)
    assert data_of(opened) == kinds.Opened("bikes", "nl")
    assert (context.kind, context.seq, context.pub, context.text) == ("context", 2, 0, opening.page)
    chat = story.chat(ANNA)
    assert (chat.state, chat.owner, chat.shop, chat.lang) == ("queued", "", "bikes", "nl")
    assert chat.waiting_since == chat.opened_at == chat.queued_at == story.at
    assert story.queue() == ["anna"]


def test_without_a_page_there_is_no_context(story: Story) -> None:
    assert kinds_of(story.do(ANNA, frames.Open(new_id(), chat_of(ANNA)))) == ["opened"]


def test_opening_again_is_harmless(story: Story) -> None:
    opening = frames.Open(new_id(), chat_of(ANNA))
    story.do(ANNA, opening)
    assert story.ask(ANNA, opening) == Repeated(1, 1)
    story.close(ANNA, story.chat(ANNA))
    assert story.ask(ANNA, opening) == Repeated(1, 1)


def test_one_open_chat_each(story: Story) -> None:
    story.open(ANNA)
    refused = story.refused(ANNA, frames.Open(new_id(), chat_of(ANNA, 2)))
    assert (refused.error.code, refused.chat) == ("already_open", chat_of(ANNA))
    story.open(BEN)
    story.close(ANNA, story.chat(ANNA))
    assert story.open(ANNA, 2).state == "queued"


def test_a_chat_id_belongs_to_who_took_it(story: Story) -> None:
    story.open(ANNA)
    assert story.code(BEN, frames.Open(new_id(), chat_of(ANNA))) == "id_conflict"
    assert story.code(ANNA, frames.Open(new_id(), chat_of(ANNA))) == "id_conflict"


def test_agents_open_no_chats(story: Story) -> None:
    assert story.code(MIA, frames.Open(new_id(), chat_of(ANNA))) == "not_allowed"


def test_customers_have_no_status(story: Story) -> None:
    assert story.code(ANNA, frames.SetStatus(new_id(), "away")) == "not_allowed"


def test_both_sides_write(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    said = story.say(ANNA, chat, "Where is my bike?")[0]
    assert (said.actor, said.name, said.text, said.pub) == ("customer", "", "Where is my bike?", chat.pub)
    answer = story.say(MIA, chat, "On its way.")[0]
    assert (answer.actor, answer.name, answer.pub) == ("agent:mia", "Mia", said.pub + 1)
    note = story.do(MIA, frames.Note(new_id(), chat.id, "angry"))[0]
    assert (note.kind, note.pub, note.seq) == ("note", 0, answer.seq + 1)
    assert story.say(ANNA, chat)[0].pub == answer.pub + 1


def test_customers_write_while_they_wait(story: Story) -> None:
    assert kinds_of(story.say(ANNA, story.open(ANNA))) == ["message"]


@pytest.mark.parametrize("shape", [frames.Say, frames.Note])
def test_not_yours_looks_like_unknown(story: Story, shape: type[frames.Say | frames.Note]) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    for who in (BEN, CLEO, TOM, CLOCK):
        assert story.code(who, shape(new_id(), chat.id, "Hi")) == "no_chat"
        assert story.code(who, shape(new_id(), "unknown-chat-0000", "Hi")) == "no_chat"
        assert story.code(who, frames.CloseChat(new_id(), chat.id)) == "no_chat"
        assert story.code(who, frames.CloseChat(new_id(), "unknown-chat-0000")) == "no_chat"
        assert story.code(who, frames.Reopen(new_id(), chat.id)) == "no_chat"
        assert story.code(who, frames.Reopen(new_id(), "unknown-chat-0000")) == "no_chat"


def test_an_agent_writes_only_in_chats_they_own(story: Story) -> None:
    chat = story.open(ANNA)
    assert story.code(MIA, frames.Say(new_id(), chat.id, "Hi")) == "no_chat"
    story.arrive(MIA)
    story.say(MIA, chat)


def test_an_id_is_no_way_in(story: Story) -> None:
    """Somebody with the id of a customer is not that customer in another role."""
    story.arrive(MIA)
    chat = story.open(ANNA)
    impostor = frames.Say(new_id(), chat.id, "Hi")
    assert story.code(type(ANNA)("agent", "anna"), impostor) == "no_chat"
    assert story.code(type(ANNA)("customer", "mia"), impostor) == "no_chat"


def test_customers_write_no_notes(story: Story) -> None:
    assert story.code(ANNA, frames.Note(new_id(), story.open(ANNA).id, "Hi")) == "not_allowed"


@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000"])
def test_an_empty_text_says_nothing(story: Story, text: str) -> None:
    assert story.code(ANNA, frames.Say(new_id(), story.open(ANNA).id, text)) == "bad_text"


def test_the_same_id_gets_the_same_number(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    command = frames.Say(new_id(), chat.id, "Once")
    event = story.do(ANNA, command)[0]
    story.say(MIA, chat)
    assert story.ask(ANNA, command) == Repeated(event.seq, event.pub)
    note = frames.Note(new_id(), chat.id, "Once")
    event = story.do(MIA, note)[0]
    assert story.ask(MIA, note) == Repeated(event.seq, 0)


def test_an_agent_who_lost_the_chat_still_learns_what_was_stored(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    command = frames.Say(new_id(), chat.id, "Just in time")
    event = story.do(MIA, command)[0]
    story.do(CLOCK, Retire("mia"))
    assert story.ask(MIA, command) == Repeated(event.seq, event.pub)
    assert story.code(MIA, frames.Say(new_id(), chat.id, "Too late")) == "no_chat"
    assert story.code(TOM, command) == "no_chat"


def test_the_same_id_for_something_else_is_refused(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    cid = new_id()
    story.do(ANNA, frames.Say(cid, chat.id, "One"))
    assert story.code(ANNA, frames.Say(cid, chat.id, "Two")) == "id_conflict"
    assert story.code(ANNA, frames.CloseChat(cid, chat.id)) == "id_conflict"
    assert story.code(MIA, frames.Say(cid, chat.id, "One")) == "id_conflict"
    assert story.code(MIA, frames.Note(cid, chat.id, "One")) == "id_conflict"
    story.close(ANNA, chat)
    assert story.code(ANNA, frames.Reopen(cid, chat.id)) == "id_conflict"
    assert isinstance(story.ask(ANNA, frames.Say(cid, chat.id, "One")), Repeated)


def test_a_repeated_message_does_not_reopen(story: Story) -> None:
    chat = story.open(ANNA)
    command = frames.Say(new_id(), chat.id, "Once")
    story.do(ANNA, command)
    story.close(ANNA, chat)
    assert isinstance(story.ask(ANNA, command), Repeated)
    assert chat.state == "closed"


def test_masked_numbers_are_counted(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    command = Masked(frames.Say(new_id(), chat.id, "•••• 1111"), 1)
    event = story.do(ANNA, command)[0]
    assert (event.text, data_of(event)) == ("•••• 1111", kinds.Message(masked=1))
    assert story.ask(ANNA, command) == Repeated(event.seq, event.pub)
    note = story.do(MIA, Masked(frames.Note(new_id(), chat.id, "•••• 1111"), 2))[0]
    assert (note.kind, data_of(note)) == ("note", kinds.Note(masked=2))
    assert story.code(BEN, Masked(frames.Say(new_id(), chat.id, "x"), 1)) == "no_chat"
    assert story.code(ANNA, Masked(frames.Note(new_id(), chat.id, "x"), 1)) == "not_allowed"


def test_waiting_counts_from_the_oldest_unanswered_message(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    assert chat.waiting_since == chat.opened_at
    story.say(MIA, chat)
    assert chat.waiting_since == 0
    first = story.at
    story.say(ANNA, chat)
    story.tick()
    story.say(ANNA, chat)
    assert chat.waiting_since == first
    story.do(MIA, frames.Note(new_id(), chat.id, "thinking"))
    assert chat.waiting_since == first
    story.close(ANNA, chat)
    assert chat.waiting_since == 0


def test_an_erased_chat_says_so_and_keeps_its_ids(story: Story) -> None:
    story.arrive(MIA)
    chat = story.open(ANNA)
    command = frames.Say(new_id(), chat.id, "secret")
    said = story.do(ANNA, command)[0]
    erased = story.do(CLOCK, Erase(chat.id))[0]
    assert (erased.kind, erased.actor, erased.pub) == ("erased", "desk", said.pub + 1)
    # Nothing is left to compare with, so the same id is the same command.
    assert story.ask(ANNA, command) == Repeated(said.seq, said.pub)
    assert isinstance(story.ask(ANNA, frames.Say(command.id, chat.id, "other")), Repeated)
    assert story.code(MIA, command) == "id_conflict"
    assert isinstance(story.ask(CLOCK, Erase(chat.id)), Decided)
    assert story.code(CLOCK, Erase("unknown-chat-0000")) == "no_chat"


def test_too_long_a_text_is_refused_by_its_id(story: Story) -> None:
    story.open(ANNA)
    assert story.code(ANNA, frames.Say(new_id(), chat_of(ANNA), "x" * 4_001)) == "text_too_long"
    assert kinds_of(story.do(ANNA, frames.Say(new_id(), chat_of(ANNA), "é" * 4_000))) == ["message"]
