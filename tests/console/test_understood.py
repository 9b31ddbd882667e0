"""Being understood, by keyboard: the summary, its answer, solutions to choose from, the reason."""

from __future__ import annotations

from textual import events

from supportterm.console.screens.summing import Summing
from supportterm.protocol import kinds
from supportterm.protocol.frames import CloseChat, Err, Reread, Say, Tell

from .conftest import A, Opened, top
from .promising import aid
from .server import MINUTE, NOON, SANNE, HandServer, event, sent
from .understanding import REASONS, facts, give, lamp, reasoned, said, talkative

__all__ = ["lamp", "reasoned", "talkative"]


async def test_the_draft_stands_beside_the_customers_words_and_enter_alone_sends_it(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k")
        await desk.until(lambda: top(desk) == "Summing")
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
        assert top(desk) == "MainScreen"
        lamp.accept()
        await desk.settle()
        assert "summary" in desk.screen_text


async def test_what_comes_in_meanwhile_belongs_into_the_summary_and_is_asked_about(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+k")
        await desk.until(lambda: top(desk) == "Summing")
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
        assert top(desk) == "MainScreen"
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
        await desk.until(lambda: top(desk) == "MainScreen")
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
        row = next(row for row in desk.rows() if "They want" in row)
        assert "left out · " in row, "whatever a terminal makes of italics"
        await desk.press("enter")
        assert screen.field.text == with_wish
        assert "left out" not in desk.screen_text


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
        assert "corrected exactly this" in desk.screen_text
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
        await desk.press("ctrl+k")
        screen = desk.app.screen
        assert isinstance(screen, Summing)
        ((answer,),) = (row.spans for row in screen.listing.entries[0].rows)
        assert (answer.text, answer.style) == ("sent, not answered yet", "warn")


async def test_solutions_are_sent_each_with_its_why_and_the_choice_is_shown(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+f")
        await desk.type("solutions")
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "Offering")
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
        await desk.until(lambda: top(desk) == "Offering")
        await desk.type("Nieuwe lamp")
        await desk.press("escape")
        assert sent(lamp.heard, Say) == []
        desk.app.action_flow("options")
        await desk.until(lambda: "Nieuwe lamp" in desk.screen_text)


async def test_the_reason_is_picked_by_a_few_letters_before_closing(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("f8")
        await desk.until(lambda: "why did" in desk.screen_text)
        await desk.type("fit")
        await desk.press("enter")
        await desk.until(lambda: sent(reasoned.heard, Tell))
        assert [(f.reason, f.mandate) for f in sent(reasoned.heard, Tell)] == [("does-not-fit", "")]
        assert "closing in" in desk.bar("line")
        assert sent(reasoned.heard, CloseChat) == []
        await desk.press("ctrl+z", "f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))


async def test_without_a_guess_no_reason_is_chosen_until_somebody_does(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((80, 24)) as desk:
        assert desk.app.session.reading is not None
        assert desk.app.session.reading.guess is None
        await desk.press("f8")
        await desk.until(lambda: "why did" in desk.screen_text)
        assert not any(row.startswith("▸") for row in desk.rows()[1:8])
        for _ in range(2):
            await desk.press("enter")
            assert (top(desk), sent(reasoned.heard, Tell)) == ("Pick", [])
        assert "choose one: ↓, or a few letters" in desk.rows()[0]
        assert "closing in" not in desk.bar("line")
        # One step is the first one, and from there it is a list as any other.
        await desk.press("down", "down", "up", "enter")
        await desk.until(lambda: sent(reasoned.heard, Tell))
        assert [frame.reason for frame in sent(reasoned.heard, Tell)] == [REASONS[0].id]
        assert "closing in" in desk.bar("line")


async def test_a_resize_or_a_search_that_is_taken_back_chooses_none(
    open_console: Opened, reasoned: HandServer
) -> None:
    async with open_console((80, 24)) as desk:
        desk.app.action_flow("reason")
        await desk.until(lambda: top(desk) == "Pick")
        await desk.pilot.resize_terminal(100, 30)
        await desk.settle()
        await desk.press("enter")
        assert sent(reasoned.heard, Tell) == []
        await desk.type("qqq")
        await desk.press("backspace", "backspace", "backspace", "enter")
        assert (top(desk), sent(reasoned.heard, Tell)) == ("Pick", [])
        await desk.press("up", "enter")
        await desk.until(lambda: sent(reasoned.heard, Tell))
        assert [frame.reason for frame in sent(reasoned.heard, Tell)] == [REASONS[-1].id]


async def test_a_guess_is_taken_by_one_key(open_console: Opened, reasoned: HandServer) -> None:
    reasoned.add(A, *reasoned.chats[A], said("Hij past niet, de jas is te klein. Mag ik ruilen?", 6))
    async with open_console((80, 24)) as desk:
        reading = desk.app.session.reading
        assert reading is not None
        assert reading.guess is not None
        await desk.press("f8")
        await desk.until(lambda: "why did" in desk.screen_text)
        await desk.press("enter")
        await desk.until(lambda: sent(reasoned.heard, Tell))
        assert [frame.reason for frame in sent(reasoned.heard, Tell)] == [reading.guess.id]


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


async def test_a_summary_is_asked_for_before_a_handoff_and_before_a_close(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        assert "summary" not in aid(desk), "not enough was said to ask while they talk"
        await desk.press("f10")
        assert "First: say how you understood" in desk.screen_text
        await desk.press("escape", "f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        assert aid(desk).startswith("Closing without a summary | ctrl+k drafts it")


async def test_only_where_the_desk_would_refuse_a_handoff_the_shop_wants_a_summary(
    open_console: Opened, talkative: HandServer
) -> None:
    talkative.views["shops"] = facts(summary_required="handoff")
    async with open_console((100, 30)) as desk:

        async def page() -> str:
            await desk.settle()
            await desk.press("f10")
            await desk.until(lambda: "Hand" in desk.screen_text)
            text = desk.screen_text
            await desk.press("escape")
            return text

        await desk.press("escape")  # the prompt on the line: the desk would refuse all the same
        assert "This shop wants that before a handoff" in await page()
        give(desk, said("Je kreeg een witte lamp. Klopt dat?", 7, SANNE, summary=True))
        give(desk, said("Ja, dat klopt.", 8, re=7, answer="yes"))
        give(desk, said("Heb je het allemaal kunnen lezen?", 9))
        assert "how you understood" not in await page()


async def test_what_is_too_little_for_the_desk_is_not_asked_for_either(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(summary_required="both")
    async with open_console((100, 30)) as desk:
        await desk.press("f10")
        assert "how you understood" not in desk.screen_text
        await desk.press("escape", "f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        assert "without a summary" not in aid(desk)


async def test_who_looks_at_the_summary_does_not_close_yet(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await desk.press("f8")
        await desk.until(lambda: "closing in" in desk.bar("line"))
        await desk.press("ctrl+k")
        await desk.until(lambda: "How you understood" in desk.screen_text)
        await desk.later(10_000)
        desk.main._second()
        await desk.press("escape")
        await desk.settle()
        assert "closing in" not in desk.bar("line")
        assert sent(lamp.heard, CloseChat) == []


async def test_leaving_the_reason_open_does_not_close(open_console: Opened, reasoned: HandServer) -> None:
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
        assert sent(reasoned.heard, Tell) == []


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
        await desk.until(lambda: top(desk) == "Offering")
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
