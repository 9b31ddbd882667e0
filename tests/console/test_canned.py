"""Canned replies by keyboard: found by letters, put in and never sent, and the summary before a solution."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.aids.canned import KEPT, matching
from supportterm.console.screens.canning import Canning
from supportterm.console.state import State
from supportterm.protocol import kinds, views
from supportterm.protocol.frames import By, Note, Say

from .conftest import A, Desk, Opened, from_the_list, top
from .promising import AGAIN, READ, aid, write
from .replies import SHOP, lamp, reply
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, event, say, sent

__all__ = ["lamp"]


def ids(desk: Desk) -> list[str]:
    log = desk.app.session.log
    assert log is not None
    return [one.reply.id for one in desk.app.session.canned.of(log)]


def picking(desk: Desk) -> Canning:
    screen = desk.app.screen
    assert isinstance(screen, Canning)
    return screen


# --- in which order, and how they are filled -------------------------------------------------------


async def test_the_chats_language_comes_first_then_its_reason_then_what_was_used_lately(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        assert ids(desk) == ["hours", "track", "return-label", "hello", "later", "english-only"]
        log = desk.app.session.log
        assert log is not None
        known = {one.reply.id: one for one in desk.app.session.canned.of(log)}
        assert known["english-only"].foreign == "en"
        desk.app.session.canned.used(A, known["hello"])
        desk.app.session.canned.used(A, known["english-only"])
        assert ids(desk) == ["hello", "hours", "track", "return-label", "later", "english-only"]
        told = event(A, 6, NOON, SANNE, "told", data=kinds.Told("late"))
        lamp.chats[A].append(told)
        lamp.give(told)
        await desk.until(lambda: ids(desk)[0] == "track")
        assert ids(desk) == ["track", "hello", "hours", "return-label", "later", "english-only"]


async def test_they_are_filled_with_what_is_known_and_the_rest_is_a_gap(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        log = desk.app.session.log
        assert log is not None
        texts = {one.reply.id: one.text for one in desk.app.session.canned.of(log)}
        assert texts["track"] == "Bestelling 48213 is onderweg: ‹link›"
        assert texts["return-label"] == "Hier is het label, groet van Sanne van Hof & Linde."
        assert texts["hello"] == "Dag ‹customer's name›, fijn dat je er bent."
        assert texts["english-only"] == "Please look at our size guide."


async def test_of_two_orders_nobody_knows_which_is_meant(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        second = say(A, 6, NOON, CUSTOMER, "En bestelling 48999 ook.", pub=5)
        lamp.chats[A].append(second)
        lamp.give(second)
        await desk.until(lambda: "48999" in desk.screen_text)
        log = desk.app.session.log
        assert log is not None
        texts = [one.text for one in desk.app.session.canned.of(log)]
        assert "Bestelling ‹order number› is onderweg: ‹link›" in texts


async def test_a_few_letters_find_id_label_and_text_without_accents(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["replies"] = views.Replies(
        [
            views.ShopReplies(
                SHOP,
                [
                    reply("hours", nl="Het retour kan tot 17 uur."),
                    reply("retour-cafe", nl="In ons café."),
                    reply("preretour", nl="Eerst even wachten."),
                    reply("retour", nl="Naar de winkel."),
                ],
            )
        ]
    )
    async with open_console((100, 40)) as desk:
        log = desk.app.session.log
        assert log is not None
        canned = desk.app.session.canned.of(log)

        def found(query: str) -> list[str]:
            return [one.reply.id for one in matching(canned, query)]

        # The id itself, words that begin so in the names, inside them, and last the text.
        assert found("retour") == ["retour", "retour-cafe", "preretour", "hours"]
        assert found("RET caf") == ["retour-cafe"]
        assert found("café") == ["retour-cafe"]
        assert found("17") == ["hours"]
        assert found("") == ["hours", "retour-cafe", "preretour", "retour"]
        assert found("xyz") == []


async def test_what_was_used_lately_is_kept_between_visits_and_forgotten_in_the_end(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("/hours")
        await desk.press("enter")
        assert desk.app.session.state.used == [f"{SHOP}/hours"]
        desk.main.save_drafts()
        assert State(desk.app.session.state.path, NOON).used == [f"{SHOP}/hours"]
        canned = desk.app.session.canned
        log = desk.app.session.log
        assert log is not None
        one = canned.of(log)[0]
        for number in range(KEPT + 5):
            canned.used(A, msgspec.structs.replace(one, key=f"{SHOP}/n{number}"))
        assert len(desk.app.session.state.used) == KEPT


# --- a slash in the composer -----------------------------------------------------------------------


async def test_a_slash_and_letters_put_the_text_in_and_send_nothing(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        desk.stop_the_clock()
        await write(desk, "/hou")
        assert aid(desk).startswith("Hours")
        assert "enter puts it in" in aid(desk)
        await desk.press("enter")
        assert desk.main.composer.text == "Wij zijn open van 9 tot 17."
        # The same enter, pressed twice without meaning to.
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(AGAIN)
        await desk.type(" Tot dan!")
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Say)] == ["Wij zijn open van 9 tot 17. Tot dan!"]


async def test_other_matches_are_one_key_away(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await write(desk, "/")
        assert "1 of 6" in aid(desk)
        await desk.press("alt+down")
        assert "2 of 6" in aid(desk)
        assert aid(desk).startswith("Track")
        await desk.press("alt+up", "alt+up")
        assert "6 of 6" in aid(desk)
        await desk.press("alt+down", "tab")
        assert desk.main.composer.text == "Wij zijn open van 9 tot 17."
        await desk.press("ctrl+z")
        assert desk.main.composer.text == "/"


@pytest.mark.parametrize("text", ["/back 5m", "/Back", "/callback", "/b", "/callb"])
async def test_commands_and_their_beginnings_are_no_search_that_failed(
    open_console: Opened, lamp: HandServer, text: str
) -> None:
    lamp.views["replies"] = views.Replies([views.ShopReplies(SHOP, [reply("hours", nl="Open")])])
    async with open_console((100, 40)) as desk:
        await write(desk, text)
        assert "No reply" not in aid(desk)
        assert "puts it in" not in aid(desk)


async def test_what_is_no_reply_is_asked_about_once(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await write(desk, "/bakc 2m")
        assert "No reply is called that" in aid(desk)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(AGAIN)
        assert "enter sends it as it is" in aid(desk)
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Say)] == ["/bakc 2m"]


async def test_a_misspelt_command_is_asked_about_where_there_are_no_replies(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["replies"] = views.Replies([])
    async with open_console((100, 40)) as desk:
        await write(desk, "/bakc 5m")
        assert "No reply is called that" in aid(desk)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert desk.main.composer.text == "/bakc 5m"
        await desk.later(AGAIN)
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Say)] == ["/bakc 5m"]


async def test_a_shop_without_replies_and_notes_have_no_slash(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+o")
        await write(desk, "/hours")
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Note)] == ["/hours"]
        lamp.accept()
        await desk.press("ctrl+o")
        lamp.views["replies"] = views.Replies([])
        lamp.tell_views()
        log = desk.app.session.log
        assert log is not None
        await desk.until(lambda: not desk.app.session.canned.any_for(log))
        await write(desk, "/hours")
        await desk.press("enter")
        assert [one.text for one in sent(lamp.heard, Say)] == ["/hours"]
        await desk.press("ctrl+x")
        assert "no canned replies" in desk.bar("status")


# --- the list --------------------------------------------------------------------------------------


async def test_the_list_shows_what_each_says_and_puts_it_in_at_the_cursor(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("Dag! Tot zo.")
        await desk.press(*["left"] * 7, "ctrl+x")
        await desk.until(lambda: top(desk) == "Canning")
        assert "Wij zijn open van 9 tot 17." in desk.screen_text
        await desk.press("down")
        assert "Bestelling 48213 is onderweg: ‹link›" in desk.screen_text
        await desk.type("label")
        assert picking(desk).listing.selected.endswith("/return-label")
        assert "groet van Sanne" in desk.screen_text
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert desk.main.composer.text == ("Dag! Hier is het label, groet van Sanne van Hof & Linde. Tot zo.")
        assert sent(lamp.heard, Say) == []


async def test_a_long_list_leaves_room_for_what_the_chosen_one_says(
    open_console: Opened, lamp: HandServer
) -> None:
    long = " ".join(["Een zin van vijf woorden."] * 30)
    many = [reply(f"number-{n}", nl=f"Tekst {n}. {long}") for n in range(40)]
    lamp.views["replies"] = views.Replies([views.ShopReplies(SHOP, many)])
    async with open_console((80, 24)) as desk:
        await desk.press("ctrl+x", *["down"] * 30)
        await desk.until(lambda: "Tekst 30." in desk.screen_text)
        assert "/number-30" in desk.screen_text
        assert "nothing is sent" in desk.screen_text


async def test_with_each_letter_the_best_is_chosen_anew(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+x")
        await desk.type("o")
        await desk.press("down", "down")
        await desk.type("p")
        assert picking(desk).listing.selected.endswith("/hours")
        await desk.press("backspace", "backspace")
        assert picking(desk).listing.selected.endswith("/hours")
        await desk.type("xyz")
        assert "Nothing fits" in desk.screen_text
        await desk.press("enter")
        assert top(desk) == "Canning"
        await desk.press("escape")
        assert desk.main.composer.text == ""


async def test_letters_behind_a_slash_are_looked_for_and_replaced(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("/hel")
        await desk.press("ctrl+x")
        await desk.until(lambda: top(desk) == "Canning")
        assert [entry.id for entry in picking(desk).listing.entries] == [f"{SHOP}/hello"]
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert desk.main.composer.text == "Dag ‹customer's name›, fijn dat je er bent."
        await desk.type(" Zeg het maar")
        await desk.press("tab")
        assert desk.main.composer.text == "Dag ‹customer's name›, fijn dat je er bent. Zeg het maar"
        assert desk.main.composer.selected_text == "‹customer's name›"


async def test_from_a_note_it_goes_into_the_message(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+o")
        await desk.type("belt om drie uur")
        await from_the_list(desk, "canned")
        await desk.until(lambda: top(desk) == "Canning")
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert not desk.app.session.noting
        assert desk.main.composer.text == "Wij zijn open van 9 tot 17."
        assert desk.app.session.draft.note == "belt om drie uur"


# --- a solution ------------------------------------------------------------------------------------


async def test_before_a_solution_the_summary_is_asked_for_and_nothing_is_stopped(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.press("ctrl+x")
        await desk.until(lambda: top(desk) == "Canning")
        assert "no summary yet · /return-label" in desk.screen_text
        await desk.press("escape")
        await desk.type("/return")
        await desk.press("enter")
        await desk.later(AGAIN)
        assert aid(desk).startswith("A solution without a summary")
        await desk.press("enter")
        assert len(sent(lamp.heard, Say)) == 1


async def test_the_prompt_put_away_is_silent_and_a_summary_leaves_the_text_alone(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("/return")
        await desk.press("enter")
        text = desk.main.composer.text
        await desk.press("ctrl+k")
        await desk.until(lambda: top(desk) == "Summing")
        await desk.press("enter")
        await desk.until(lambda: top(desk) == "MainScreen")
        assert [one.summary for one in sent(lamp.heard, Say)] == [True]
        assert desk.main.composer.text == text
        lamp.accept()
        await desk.until(lambda: "without a summary" not in aid(desk))


async def test_a_confirmed_summary_holds_until_something_new_is_told(
    open_console: Opened, lamp: HandServer
) -> None:
    def wrote(text: str, seq: int, by: By = CUSTOMER, **about: object) -> None:
        one = say(A, seq, NOON, by, text, pub=seq - 1)
        one = msgspec.structs.replace(
            one, data=msgspec.Raw(msgspec.json.encode(msgspec.convert(about, kinds.Message)))
        )
        lamp.chats[A].append(one)
        lamp.give(one)

    async def beside_it() -> str:
        await desk.settle()
        await desk.press("ctrl+x")
        await desk.until(lambda: top(desk) == "Canning")
        text = desk.screen_text
        await desk.press("escape")
        return text

    async with open_console((100, 40)) as desk:
        wrote("Je lamp is stuk. Klopt dat?", 6, SANNE, summary=True)
        wrote("Ja, dat klopt", 7, re=5, answer="yes")
        wrote("Heb je het allemaal kunnen lezen?", 8)
        assert "solution · /return-label" in await beside_it()
        await desk.type("/return")
        await desk.press("enter")
        assert "summary" not in aid(desk)
        wrote("En de kap is ook gebarsten, dat zag ik net pas.", 9)
        await desk.until(lambda: "New since the summary" in aid(desk))
        assert "new since the summary · /return-label" in await beside_it()


async def test_esc_puts_it_away_until_something_new_is_said(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("/return")
        await desk.press("enter")
        assert aid(desk).startswith("A solution without a summary")
        await desk.press("escape")
        assert "without a summary" not in aid(desk)
        more = say(A, 6, NOON, CUSTOMER, "En de kap is ook gebarsten, dat zag ik net pas.", pub=5)
        lamp.chats[A].append(more)
        lamp.give(more)
        await desk.until(lambda: "without a summary" in aid(desk))


async def test_a_solution_rewritten_to_something_else_asks_for_nothing(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 40)) as desk:
        await desk.type("/return")
        await desk.press("enter", "ctrl+u", "ctrl+u")
        await desk.type("Ik kijk het even na.")
        assert "without a summary" not in aid(desk)


async def test_a_promise_beside_a_solution_is_not_hidden_for_good(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["replies"] = views.Replies(
        [views.ShopReplies(SHOP, [reply("soon", kind="solution", nl="Hier is het nieuwe label.")])]
    )
    async with open_console((100, 40)) as desk:
        await desk.type("/soon")
        await desk.press("enter")
        await desk.type(" Ik ben over 5 minuten terug.")
        await desk.later(AGAIN)
        assert aid(desk).startswith("A solution without a summary")
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(AGAIN)
        assert "promises 5 min" in aid(desk)
        await desk.later(READ)
        await desk.press("enter")
        assert [one.promise for one in sent(lamp.heard, Say)] == [5 * MINUTE]
