"""Who is known by their shop: whose a chat is then, and what is known of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.desk.commands import CLOCK, Erase, Identify, PageLeft, Person
from server.desk.decision import Decided
from server.desk.pace import MAIL_AFTER
from supportterm.protocol import frames, kinds
from supportterm.protocol.contact import Identity, Known, Reach, written

from .calling import BIKES, FOUR, mailed
from .story import ANNA, BEN, HOUR, MIA, MINUTE, RULES, Story, chat_of, data_of, kinds_of, new_id, only
from .test_folding import refolded

EVA = Identity("48213", "Eva Jansen", "eva@example.org", "+31 20 765 43 21")


def known(browser: Person = ANNA, who: Identity = EVA, id: str = "", signed_at: int = 1 << 52) -> Person:
    """Somebody at that browser, signed in at the shop, by a word that is newer than all that is said."""
    id = id or f"known-{who.sub}-{browser.shop}"
    return replace(browser, id=id, identity=who, signed_at=signed_at, browsers=(browser.id,))


SIGNED_IN = known()


@pytest.fixture
def story() -> Story:
    story = Story(replace(RULES, shops={"bikes": BIKES}))
    story.at = FOUR
    story.arrive(MIA)
    return story


def test_who_is_known_opens_a_chat_of_their_own(story: Story) -> None:
    chat = story.open(SIGNED_IN)
    (event,) = (event for event in story.log if event.kind == "identified")
    assert (data_of(event), event.pub) == (kinds.Identified(SIGNED_IN.id, "", 1 << 52), 0)
    assert (chat.reach.known.identity, chat.reach.known.name, chat.reach.known.mail) == (
        EVA,
        "Eva Jansen",
        "eva@example.org",
    )
    # On any device, and for nobody else at this one.
    assert chat.readable_by(known(BEN, id=SIGNED_IN.id))
    assert not chat.readable_by(ANNA)
    assert not chat.readable_by(known(who=Identity("7")))
    refolded(story)


def test_who_signs_in_takes_their_chat_along(story: Story) -> None:
    chat = story.open(ANNA)
    story.say(ANNA, chat, "Where is it?")
    story.do(ANNA, PageLeft())
    (event,) = story.do(SIGNED_IN, Identify(chat.id))
    assert data_of(event) == kinds.Identified(SIGNED_IN.id, ANNA.id, 1 << 52)
    assert (chat.customer, chat.readable_by(SIGNED_IN), chat.readable_by(ANNA)) == (SIGNED_IN.id, True, False)
    assert story.desk.open_of == {SIGNED_IN.id: chat.id}
    assert (chat.owner, chat.state) == ("mia", "open")
    # The page that is gone was another one's.
    story.wait(HOUR)
    assert not chat.page_gone
    refolded(story)
    assert story.do(SIGNED_IN, Identify(chat.id)) == [], "the same news twice"
    assert story.code(ANNA, frames.Say(new_id(), chat.id, "Hi")) == "no_chat"
    assert story.say(SIGNED_IN, chat, "Hi")
    # And the browser may have a chat of its own again.
    assert story.open(ANNA, 2).customer == ANNA.id


def test_who_takes_along_a_chat_whose_page_is_gone_is_there(story: Story) -> None:
    chat = story.open(ANNA)
    story.say(ANNA, chat, "Where is it?")
    story.do(ANNA, PageLeft())
    story.wait(MINUTE)
    assert chat.page_gone
    # Another page of theirs, which had no chat until now, cannot tell of itself that it shows one.
    assert kinds_of(story.do(SIGNED_IN, Identify(chat.id))) == ["identified", "page_back"]
    story.wait(HOUR)
    assert (chat.page_gone, chat.state) == (False, "open")
    refolded(story)


def test_a_chat_that_waits_keeps_its_place(story: Story) -> None:
    story.open(BEN)
    story.open(replace(BEN, id="ben-2"))
    first = story.open(ANNA)
    second = story.open(replace(BEN, id="ben-3"))
    assert (first.state, second.state) == ("queued", "queued")
    story.do(SIGNED_IN, Identify(first.id))
    assert story.queue() == [SIGNED_IN.id, "ben-3"]


@pytest.mark.parametrize(
    "who",
    [
        known(BEN),
        replace(SIGNED_IN, browsers=()),
        replace(SIGNED_IN, shop="books"),
        replace(SIGNED_IN, identity=Identity()),
        replace(SIGNED_IN, identity=Identity("", "Eva", "eva@example.org")),
        ANNA,
        MIA,
    ],
)
def test_nobody_else_takes_it(story: Story, who: Person) -> None:
    chat = story.open(ANNA)
    assert story.code(who, Identify(chat.id)) == "no_chat"
    assert chat.readable_by(ANNA)


def test_a_chat_that_is_somebodys_never_becomes_anothers(story: Story) -> None:
    chat = story.open(ANNA)
    story.do(SIGNED_IN, Identify(chat.id))
    other = known(who=Identity("7", "Tom"))
    assert story.code(other, Identify(chat.id)) == "no_chat"
    # Nor one that was somebody's when the browser claims to be them.
    assert story.code(replace(other, browsers=(SIGNED_IN.id,)), Identify(chat.id)) == "no_chat"
    assert story.code(SIGNED_IN, Identify(chat_of(BEN))) == "no_chat"


def test_who_has_a_chat_elsewhere_goes_on_there(story: Story) -> None:
    elsewhere = story.open(known(BEN, id=SIGNED_IN.id))
    here = story.open(ANNA)
    assert story.code(SIGNED_IN, Identify(here.id)) == "no_chat"
    assert story.desk.open_of == {SIGNED_IN.id: elsewhere.id, ANNA.id: here.id}
    refused = story.refused(SIGNED_IN, frames.Open(new_id(), chat_of(ANNA, 2)))
    assert (refused.error.code, refused.chat) == ("already_open", elsewhere.id)


def test_a_closed_chat_stays_the_browsers(story: Story) -> None:
    chat = story.open(ANNA)
    story.close(ANNA, chat)
    assert story.code(SIGNED_IN, Identify(chat.id)) == "no_chat"


def test_what_they_said_themselves_stays_beside_what_the_shop_says(story: Story) -> None:
    chat = story.open(SIGNED_IN)
    story.do(SIGNED_IN, frames.GiveContact(new_id(), chat.id, "me@example.org", "Evi"))
    assert chat.reach.known == Known("Evi", "me@example.org", EVA.phone, "me@example.org", EVA)
    # What the shop changes follows, where it was the shop's; a page that says less takes nothing away.
    moved = replace(EVA, mail="eva@example.com", phone="+31 20 111 11 11")
    story.do(known(who=moved), Identify(chat.id))
    assert chat.reach.known == Known("Evi", "me@example.org", moved.phone, "me@example.org", moved)
    story.do(known(who=Identity(EVA.sub)), Identify(chat.id))
    assert (chat.reach.known.mail, chat.reach.known.phone) == ("me@example.org", moved.phone)
    # What they say later counts.
    story.do(SIGNED_IN, frames.GiveContact(new_id(), chat.id, "new@example.org"))
    assert chat.reach.known.mail == "new@example.org"
    refolded(story)


@pytest.mark.parametrize("who", [EVA, Identity(EVA.sub)])
def test_nothing_goes_to_where_somebody_was_reached_before_they_signed_in(
    story: Story, who: Identity
) -> None:
    chat = story.open(ANNA)
    for told in ("stranger@example.org", "06 12345678"):
        story.do(ANNA, frames.GiveContact(new_id(), chat.id, told, "Eve"))
    story.do(known(who=who), Identify(chat.id))
    assert chat.reach.known == Known(who.name, who.mail, who.phone, identity=who)
    callback = frames.CallBack(new_id(), chat.id, story.at + HOUR, "mail")
    if who.mail:
        assert "callback" in kinds_of(story.do(MIA, callback))
    else:
        assert story.code(MIA, callback) == "no_contact"
    refolded(story)


def test_who_waits_for_an_answer_where_they_are_reached_gets_it_there(story: Story) -> None:
    """Who signs in at that browser meanwhile is maybe somebody else."""
    chat = story.open(ANNA)
    story.do(MIA, frames.Say(new_id(), chat.id, "I will find out."))
    callback = frames.CallBack(new_id(), chat.id, story.at + HOUR, "mail", "anna@example.org", "Anna")
    story.do(MIA, callback)
    left = chat_of(BEN)
    story.do(BEN, frames.LeaveMessage(new_id(), left, "Where is it?", "Ben", "ben@example.org"))
    for browser, name in ((ANNA, chat.id), (BEN, left)):
        assert story.code(known(browser, id="known"), Identify(name)) == "no_chat"
        assert story.desk.chats[name].customer == browser.id
    # Once they are back, it is a chat like any other.
    story.say(ANNA, chat, "I am here again")
    story.do(SIGNED_IN, Identify(chat.id))
    assert chat.customer == SIGNED_IN.id


@pytest.mark.parametrize(("late", "moves"), [(0, True), (59_000, True), (61_000, False), (2 * HOUR, False)])
def test_what_is_written_after_a_page_was_signed_is_not_taken_by_it(
    story: Story, late: int, moves: bool
) -> None:
    """It may have stayed open while somebody else used the browser; clocks may differ by a minute."""
    page = known(signed_at=story.at)
    chat = story.open(ANNA)
    story.at += late
    story.say(ANNA, chat, "I live at Main Street 5")
    decided = story.ask(page, Identify(chat.id))
    assert isinstance(decided, Decided) is moves
    assert (chat.customer == page.id) is moves
    # A word without a time says nothing of when.
    assert moves or story.code(known(signed_at=0), Identify(chat.id)) == "no_chat"
    assert moves or "identified" in kinds_of(story.do(known(signed_at=story.at), Identify(chat.id)))


def test_an_older_word_of_the_shop_undoes_no_newer_one(story: Story) -> None:
    moved = replace(EVA, mail="new@example.org")
    chat = story.open(known(who=moved, signed_at=2_000))
    assert story.do(known(signed_at=1_000), Identify(chat.id)) == []
    assert chat.reach.known.mail == "new@example.org"
    assert kinds_of(story.do(known(signed_at=3_000), Identify(chat.id))) == ["identified"]
    assert chat.reach.known.mail == EVA.mail


def test_a_chat_from_which_a_mail_went_out_stays_with_whoever_got_it(story: Story) -> None:
    """They write on by its link, and what comes back or is tried again is theirs."""
    story = Story(replace(RULES, shops={"bikes": replace(BIKES, mail=True)}))
    story.at = FOUR
    story.arrive(MIA)
    chat = story.open(ANNA)
    due = story.at + HOUR
    story.do(MIA, frames.CallBack(new_id(), chat.id, due, "mail", "anna@example.org", "Anna"))
    story.do(MIA, frames.Take(new_id(), chat.id, sure=True))
    story.say(MIA, chat, "It is in Utrecht.")
    story.wait(10 * 60_000)
    assert chat.reach.mailing
    story.say(replace(ANNA, only=chat.id), chat, "From home: the door code is 1234")
    assert (chat.left_due, chat.state) == (0, "open")
    assert story.code(SIGNED_IN, Identify(chat.id)) == "no_chat"


def test_a_refused_answer_goes_to_the_address_that_the_shop_has_put_right(story: Story) -> None:
    story = Story(replace(RULES, shops={"bikes": replace(BIKES, mail=True)}))
    story.at = FOUR
    story.arrive(MIA)
    chat = story.open(SIGNED_IN)
    story.do(MIA, frames.CallBack(new_id(), chat.id, story.at + HOUR, "mail"))
    story.do(MIA, frames.Take(new_id(), chat.id, sure=True))
    story.say(MIA, chat, "It is in Utrecht.")
    story.wait(MAIL_AFTER)
    mailed(story, chat, "refused")
    assert story.do(SIGNED_IN, Identify(chat.id)) == []
    assert story.wait(MAIL_AFTER) == [], "the same address is as good as before"
    moved = replace(EVA, mail="new@example.org")
    story.do(known(who=moved, signed_at=(1 << 52) + 1), Identify(chat.id))
    assert kinds_of(story.wait(MAIL_AFTER)) == ["mailing"]
    refolded(story)


def test_claims_alone_make_nobody_known(story: Story) -> None:
    chat = story.open(ANNA)
    text = written(Reach("customer 48213 ✓", "eva@example.org"))
    story.do(ANNA, frames.GiveContact(new_id(), chat.id, "eva@example.org", "customer 48213 ✓"))
    assert only(story.log, "contact").text == text
    assert chat.reach.known.identity == Identity()
    command = frames.CallBack(new_id(), chat.id, story.at + HOUR, "here")
    assert story.code(MIA, command) == "no_identity"


def test_who_was_erased_is_not_written_down_again_by_the_next_page(story: Story) -> None:
    chat = story.open(SIGNED_IN)
    story.do(CLOCK, Erase(chat.id))
    assert (chat.reach.known.identity, chat.reach.known.name, chat.reach.known.mail) == (Identity(), "", "")
    assert story.do(SIGNED_IN, Identify(chat.id)) == []
    # An erased chat of the browser is taken along without a word about whose it is.
    other = story.open(ANNA)
    story.do(CLOCK, Erase(other.id))
    assert kinds_of(story.do(known(who=Identity("7")), Identify(other.id))) == ["identified"]
    assert (story.log[-1].text, other.reach.known.identity) == ("", Identity())


def test_who_came_by_a_mails_link_reads_no_further_once_somebody_signed_in(story: Story) -> None:
    chat = story.open(ANNA)
    bearer = replace(ANNA, only=chat.id)
    assert chat.readable_by(bearer)
    story.do(SIGNED_IN, Identify(chat.id))
    assert not chat.readable_by(bearer)
    assert story.code(bearer, frames.Say(new_id(), chat.id, "Hi")) == "no_chat"
    # By one from a mail to who signed in, they do; and nothing else of theirs.
    assert chat.readable_by(replace(SIGNED_IN, only=chat.id))
    assert not chat.readable_by(replace(SIGNED_IN, only=chat_of(BEN)))
    assert chat.reach.moved_at == story.log[-1].at


def test_signing_in_ends_no_block(story: Story) -> None:
    chat = story.open(ANNA)
    story.do(MIA, frames.Abuse(new_id(), chat.id, "warn"))
    story.do(MIA, frames.Abuse(new_id(), chat.id, "block", 60))
    assert story.code(SIGNED_IN, frames.Open(new_id(), chat_of(ANNA, 2))) == "blocked"
    assert story.open(known(BEN, id=SIGNED_IN.id)).customer == SIGNED_IN.id, "it was that browser's"
