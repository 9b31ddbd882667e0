"""Being understood, by keyboard: the summary, its answer, solutions to choose from, the reason, gifts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from textual import events

from supportterm.console.aids.aid import Outgoing
from supportterm.console.aids.gifts import Gifts, Given, told_as
from supportterm.console.screens.summing import Summing
from supportterm.console.state import State
from supportterm.protocol import kinds, views
from supportterm.protocol.frames import By, CloseChat, Err, Event, Reread, Say, Tell

from .conftest import A, Desk, Opened
from .promising import aid
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, event, say, sent

REASONS = [
    views.Reason(
        "parcel-late",
        {"nl": "Pakket is te laat", "en": "Parcel is late"},
        mandate=[
            views.Gift(
                "free-shipping",
                {"nl": "Verzendkosten terug", "en": "Shipping refunded"},
                {"nl": "Ik betaal je de verzendkosten terug.", "en": "I'm refunding the shipping costs."},
            )
        ],
    ),
    views.Reason(
        "does-not-fit",
        {"nl": "Past niet", "en": "Does not fit"},
        {"nl": "Je geld staat binnen vijf werkdagen na ontvangst op je rekening."},
    ),
]
STORY = "Ik heb vorige week een zwarte lamp besteld (48213) maar ik heb een witte gekregen."


def facts(**more: object) -> views.Shops:
    usual = {"shop": "Hof & Linde", "name": "Hof & Linde", "zone": "UTC", "familiar": ["nl"]}
    return views.Shops([msgspec.convert({**usual, **more}, views.ShopFacts)])


@pytest.fixture
def lamp(server: HandServer) -> HandServer:
    """A customer with a story, in Dutch."""
    server.views["shops"] = facts()
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - 19 * MINUTE, CUSTOMER, STORY, pub=3),
        say(A, 5, NOON - 18 * MINUTE, SANNE, "Wat vervelend, ik kijk met je mee.", pub=4),
        say(A, 6, NOON - 3 * MINUTE, CUSTOMER, "Ik wil graag de zwarte, voor vrijdag.", pub=5),
    )
    return server


def said(text: str, pub: int, by: By = CUSTOMER, **about: object) -> Event:
    """The next message of the chat, with what is known beside its words."""
    data = msgspec.convert(about, kinds.Message)
    return event(A, pub + 1, NOON + MINUTE, by, "message", pub=pub, text=text, data=data)


def give(desk: Desk, one: Event) -> None:
    desk.server.chats[A].append(one)
    desk.server.give(one)


def showing(desk: Desk) -> str:
    return type(desk.app.screen).__name__


async def test_the_draft_stands_beside_the_customers_words_and_enter_alone_sends_it(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k")
        await desk.until(lambda: showing(desk) == "Summing")
        assert sent(lamp.heard, Say) == []
        screen = desk.app.screen
        assert isinstance(screen, Summing)
        assert "Klopt dat?" in screen.field.text
        assert "48213" in desk.screen_text
        assert "What happened" in desk.screen_text
        await desk.press("enter")
        (frame,) = sent(lamp.heard, Say)
        assert frame.summary
        assert frame.text.endswith("Klopt dat?")
        assert showing(desk) == "MainScreen"
        lamp.accept()
        await desk.settle()
        assert "summary" in desk.screen_text


async def test_what_comes_in_meanwhile_belongs_into_the_summary_and_is_asked_about(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k")
        await desk.until(lambda: showing(desk) == "Summing")
        screen = desk.app.screen
        assert isinstance(screen, Summing)
        assert "geld terug" not in screen.field.text
        give(desk, said("Nee, ik wil toch liever mijn geld terug.", 6))
        await desk.until(lambda: "geld terug" in screen.field.text)
        assert "new: “Nee, ik wil toch liever mijn geld terug.”" in desk.screen_text
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert "enter sends anyway · new: “Nee, ik wil" in desk.screen_text
        await desk.press("enter")
        (frame,) = sent(lamp.heard, Say)
        assert "geld terug" in frame.text


async def test_a_sentence_changed_by_hand_is_kept_and_closing_sends_nothing(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k")
        await desk.type(" Echt")
        await desk.press("escape")
        assert showing(desk) == "MainScreen"
        assert sent(lamp.heard, Say) == []
        await desk.press("ctrl+k")
        screen = desk.app.screen
        assert isinstance(screen, Summing)
        assert screen.field.text.endswith("Klopt dat? Echt")


async def test_an_empty_slot_offers_its_question(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k", "tab")
        await desk.until(lambda: "leaves it out" in desk.screen_text)
        await desk.press("down", "down", "down")
        assert "puts the question in your text" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: showing(desk) == "MainScreen")
        assert desk.main.composer.text == "Heb je zelf al iets geprobeerd?"
        assert sent(lamp.heard, Say) == []


async def test_a_slot_left_out_is_left_out_of_the_sentence(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k", "tab")
        screen = desk.app.screen
        assert isinstance(screen, Summing)
        with_wish = screen.field.text
        await desk.press("down", "down", "enter")
        assert len(screen.field.text) < len(with_wish)
        await desk.press("enter")
        assert screen.field.text == with_wish


async def test_the_answer_shows_in_the_conversation_and_beside_the_slots(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        give(desk, said("Je kreeg een witte lamp. Klopt dat?", 6, SANNE, summary=True))
        await desk.until(lambda: "summary" in desk.screen_text)
        assert "that is right" not in desk.screen_text
        give(desk, said("Nee, een grijze.", 7, re=6, answer="no"))
        await desk.until(lambda: "not quite" in desk.screen_text)
        await desk.press("ctrl+k")
        await desk.until(lambda: "corrected: Nee, een grijze." in desk.screen_text)
        screen = desk.app.screen
        assert isinstance(screen, Summing)
        screen.field.put("Je kreeg een witte lamp. Klopt dat?")
        await desk.press("enter")
        assert "put exactly this right" in desk.screen_text
        assert sent(lamp.heard, Say) == []


async def test_a_yes_read_out_of_words_is_shown_and_undone_by_a_key(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        give(desk, said("Je kreeg een witte lamp. Klopt dat?", 6, SANNE, summary=True))
        give(desk, said("ja", 7, re=6, answer="yes", words=True))
        await desk.until(lambda: "read as yes to your summary" in desk.screen_text)
        assert "✓ that is right" in desk.screen_text
        desk.main.action_reread()
        await desk.until(lambda: sent(lamp.heard, Reread))
        assert [(f.chat, f.re) for f in sent(lamp.heard, Reread)] == [(A, 7)]
        give(desk, event(A, 9, NOON + MINUTE, SANNE, "reread", pub=8, data=kinds.Reread(7)))
        await desk.until(lambda: "read as yes" not in desk.screen_text)
        assert "that is right" not in desk.screen_text


async def test_solutions_are_sent_each_with_its_why_and_the_choice_is_shown(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+f")
        await desk.type("solutions")
        await desk.press("enter")
        await desk.until(lambda: showing(desk) == "Offering")
        await desk.type("Nieuwe lamp")
        await desk.press("enter", "enter")
        await desk.type("Geld terug")
        await desk.press("enter")
        await desk.type("binnen vijf dagen")
        await desk.press("enter", "enter")
        assert "Say why for each" in desk.screen_text
        assert sent(lamp.heard, Say) == []
        await desk.type("vrijdag in huis")
        await desk.press("tab", "tab", "tab", "enter")
        (frame,) = sent(lamp.heard, Say)
        assert [(one.label, one.why) for one in frame.options] == [
            ("Nieuwe lamp", "vrijdag in huis"),
            ("Geld terug", "binnen vijf dagen"),
        ]
        lamp.accept()
        await desk.until(lambda: "○ Nieuwe lamp" in desk.screen_text)
        give(desk, said("Geld terug", 7, re=6, choice=2))
        await desk.until(lambda: "● Geld terug" in desk.screen_text)
        assert "✓ chosen" in desk.screen_text


async def test_solutions_begun_are_kept(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("options")
        await desk.until(lambda: showing(desk) == "Offering")
        await desk.type("Nieuwe lamp")
        await desk.press("escape")
        assert sent(lamp.heard, Say) == []
        desk.app.action_flow("options")
        await desk.until(lambda: "Nieuwe lamp" in desk.screen_text)


async def test_the_reason_is_picked_by_a_few_letters_before_closing(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 40)) as desk:
        await desk.press("f8")
        await desk.until(lambda: "why did" in desk.screen_text)
        await desk.type("fit")
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Tell))
        assert [(f.reason, f.mandate) for f in sent(lamp.heard, Tell)] == [("does-not-fit", "")]
        assert "closing in" in desk.bar("line")
        assert sent(lamp.heard, CloseChat) == []
        await desk.press("ctrl+z", "f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))


async def test_closing_over_a_question_says_first_that_the_customer_waits(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.add(A, *lamp.chats[A], said("Wanneer komt de zwarte lamp?", 6))
    async with open_console() as desk:
        assert "waits for a reply" not in aid(desk)
        await desk.press("f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        assert "asked something and waits for a reply" in aid(desk)
        await desk.press("ctrl+z")
        give(desk, said("De zwarte komt donderdag.", 7, SANNE))
        await desk.settle()
        await desk.press("f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        assert "waits for a reply" not in aid(desk), "it was answered"


async def test_leaving_the_reason_open_does_not_close(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 40)) as desk:
        await desk.press("f8")
        await desk.until(lambda: "why did" in desk.screen_text)
        await desk.press("escape")
        await desk.settle()
        assert "closing in" not in desk.bar("line")
        await desk.press("f8")
        await desk.until(lambda: "why did" in desk.screen_text)
        await desk.type("without")
        await desk.press("enter")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        assert sent(lamp.heard, Tell) == []


async def test_a_gift_is_put_into_the_text_and_counted_when_it_is_sent(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Shipping refunded" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text == "Ik betaal je de verzendkosten terug.")
        assert sent(lamp.heard, Tell) == []
        await desk.later(600)
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.accept()
        await desk.until(lambda: sent(lamp.heard, Tell))
        assert [(f.reason, f.mandate) for f in sent(lamp.heard, Tell)] == [("parcel-late", "free-shipping")]


async def test_a_gift_taken_out_again_is_not_counted(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Shipping refunded" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text != "")
        await desk.press("ctrl+u")
        await desk.type("Ik kijk even.")
        await desk.press("enter")
        lamp.accept()
        await desk.settle()
        assert sent(lamp.heard, Tell) == []


async def test_the_step_is_shown_and_corrected(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+e")
        await desk.until(lambda: "Where the conversation" in desk.screen_text)
        await desk.type("solve")
        await desk.press("enter")
        await desk.settle()
        reading = desk.app.session.reading
        assert reading is not None
        assert (reading.progress.step, reading.progress.by_hand) == ("solve", True)


async def test_a_form_filled_in_one_burst_has_every_letter_in_its_field(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("options")
        await desk.until(lambda: showing(desk) == "Offering")
        for key in [*"lamp", "tab", *"snel", "tab", *"geld", "enter", *"terug"]:
            desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await desk.until(lambda: desk.app.session.draft.options[:2] == [("lamp", "snel"), ("geld", "terug")])


async def test_refused_solutions_go_back_where_they_were_written(
    open_console: Opened, lamp: HandServer
) -> None:
    written = [("Ruilen", "morgen"), ("Geld terug", "vijf dagen")]
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        session.offer(A, "Kies:", written)
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.give(Err("chat_closed", id=sent(lamp.heard, Say)[-1].id))
        await desk.until(lambda: session.log is not None and session.log.refused)
        await desk.press("f5")
        assert session.draft.options[:2] == written
        assert desk.main.composer.text == ""


async def test_a_refused_summary_goes_back_where_it_was_written(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        session.restate(A, "De lamp is stuk. Klopt dat?")
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.give(Err("chat_closed", id=sent(lamp.heard, Say)[-1].id))
        await desk.until(lambda: session.log is not None and session.log.refused)
        await desk.press("f5")
        assert session.draft.restated == "De lamp is stuk. Klopt dat?"
        assert desk.main.composer.text == ""


def give_shipping(desk: Desk) -> str:
    """Send a message with a gift, in one turn of the loop: nothing has left yet."""
    session = desk.app.session
    assert session.log is not None
    reason = next(one for one in session.shops.of(session.log).reasons if one.mandate)
    text = "Ik betaal je de verzendkosten terug."
    session.gifts.put(A, Given(reason, reason.mandate[0]), text)
    session.send(Outgoing(text))
    return text


def told(server: HandServer) -> list[tuple[str, str]]:
    return [(one.reason, one.mandate) for one in sent(server.heard, Tell)]


async def test_a_gift_counts_once_with_the_message_that_was_taken_back_and_sent_after_all(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        text = give_shipping(desk)
        assert session.log is not None
        assert [type(entry.command) for entry in session.log.outbox] == [Say]
        assert session.take_back()[0] == text
        assert session.log.outbox == []
        desk.main.paint()
        await desk.settle()
        assert told(lamp) == []
        session.send(Outgoing(text))
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.accept()
        await desk.until(lambda: told(lamp) == [("parcel-late", "free-shipping")])
        assert session.state.leaving == {}


async def test_a_gift_in_a_refused_message_counts_when_it_is_sent_again(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        give_shipping(desk)
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.give(Err("chat_closed", id=lamp.heard.pop().id))  # type: ignore[union-attr]
        await desk.until(lambda: session.log is not None and session.log.refused)
        await desk.settle()
        assert told(lamp) == []
        session.retry()
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.accept()
        await desk.until(lambda: told(lamp) == [("parcel-late", "free-shipping")])


async def test_a_gift_in_a_refused_message_that_is_erased_never_counts(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 30)) as desk:
        session = desk.app.session
        give_shipping(desk)
        await desk.until(lambda: sent(lamp.heard, Say))
        lamp.give(Err("chat_closed", id=lamp.heard.pop().id))  # type: ignore[union-attr]
        await desk.until(lambda: session.log is not None and session.log.refused)
        give(desk, event(A, 7, NOON, By("desk"), "erased", pub=6))
        await desk.until(lambda: session.log is not None and not session.log.refused)
        await desk.settle()
        assert (told(lamp), session.state.leaving) == ([], {})


async def test_a_gift_whose_message_is_answered_on_the_next_visit_counts_once(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 30)) as desk:
        give_shipping(desk)
        await desk.until(lambda: sent(lamp.heard, Say))
        desk.main.save_drafts()
    lamp.heard.clear()
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: sent(lamp.heard, Say))
        leaving = dict(desk.app.session.state.leaving)
        lamp.accept()
        await desk.until(lambda: told(lamp) == [("parcel-late", "free-shipping")])
        # As if the console had gone before it knew that it had told: the desk knows the same id again.
        desk.app.session.state.leaving.update(leaving)
        desk.app.session.count_gifts()
        await desk.settle()
        assert len({one.id for one in sent(lamp.heard, Tell)}) == 1
        assert desk.app.session.state.leaving == {}


async def test_a_gift_in_a_draft_is_remembered_with_it(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    async with open_console((100, 40)) as desk:
        desk.app.action_flow("gift")
        await desk.until(lambda: "Shipping refunded" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: desk.main.composer.text != "")
        desk.main.save_drafts()
    async with open_console((100, 40)) as desk:
        await desk.until(lambda: desk.main.composer.text != "")
        await desk.later(600)
        # What else is sent meanwhile takes nothing of it along.
        desk.app.session.restate(A, "Je wilt de zwarte lamp. Klopt dat?")
        await desk.press("enter")

        def counted() -> bool:
            lamp.accept()
            return told(lamp) == [("parcel-late", "free-shipping")]

        await desk.until(counted)


def test_two_reasons_may_have_a_gift_of_the_same_name(tmp_path: Path) -> None:
    gift = views.Gift("voucher", {"en": "Voucher"}, {"en": "Here is a voucher for five euros"})
    late, broken = (views.Reason(name, {"en": name}, mandate=[gift]) for name in ("late", "broken"))
    gifts = Gifts(State(tmp_path / "s"))
    gifts.put(A, Given(late, gift), "Here is a voucher for five euros")
    assert gifts.has(A, Given(late, gift))
    assert not gifts.has(A, Given(broken, gift))
    gifts.put(A, Given(broken, gift), "Here is a voucher for five euros")
    gifts.left("m1", A, "Here is a voucher for five euros")
    assert gifts.leaves(A, Given(late, gift))
    assert gifts.arrived({"m1"}) == {}
    found = gifts.arrived(set())["m1"].gifts
    assert [one.reason for one in found] == ["late", "broken"]
    assert len({told_as(message, one) for message in ("m1", "m2") for one in found}) == 4
    gifts.counted("m1")
    assert not gifts.has(A, Given(late, gift))
