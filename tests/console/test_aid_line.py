"""The aid line for being understood, by keyboard: greeting, guard, summary prompt, closing, tone."""

from __future__ import annotations

import msgspec
import pytest

from supportterm.console.aids.tone import ToneHints
from supportterm.console.settings import ConsoleSettings
from supportterm.protocol.frames import CloseChat, Err, Reread, Say, Tell, TypingOf

from .conftest import A, B, Desk, Opened, aid
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, say, sent
from .test_understood import REASONS, facts, give, lamp, said

__all__ = ["lamp"]

MUCH = [
    "Ik heb vorige week een zwarte lamp besteld met nummer 48213 voor in de woonkamer van mijn ouders.",
    "Gisteren kwam het pakket aan maar er zit een witte lamp in en de doos was al een keer geopend.",
    "Ik heb al gebeld en gemaild maar niemand reageert, en vrijdag is het feest waarvoor hij bedoeld is.",
]


@pytest.fixture
def fresh(server: HandServer) -> HandServer:
    """A chat that was just joined: the customer wrote while waiting."""
    server.views["shops"] = facts()
    opened, context, joined = beginning(A, NOON - 3 * MINUTE)
    wrote = say(A, 3, NOON - 2 * MINUTE, CUSTOMER, "Waar blijft bestelling 48213?", pub=2)
    joined = msgspec.structs.replace(joined, seq=4, pub=3)
    server.add(A, opened, context, wrote, joined, waiting_since=NOON - 2 * MINUTE)
    return server


@pytest.fixture
def talkative(server: HandServer) -> HandServer:
    """A customer who has said enough to be restated."""
    server.views["shops"] = facts()
    messages = [
        say(A, 5 + n, NOON - (9 - n) * MINUTE, CUSTOMER, text, pub=4 + n) for n, text in enumerate(MUCH)
    ]
    hello = say(A, 4, NOON - 10 * MINUTE, SANNE, "Hoi, wat kan ik voor je doen?", pub=3)
    server.add(A, *beginning(A, NOON - 20 * MINUTE), hello, *messages)
    return server


async def types(desk: Desk, *, on: bool = True) -> None:
    desk.server.give(TypingOf(A, "customer", on=on))
    await desk.until(lambda: ("customer" in desk.app.session.journal.chats[A].typing) is on)


# --- the greeting --------------------------------------------------------------------------------


async def test_a_greeting_is_offered_and_taken_with_one_key(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "je spreekt met Sanne" in desk.screen_text)
        assert desk.main.composer.text == ""
        assert "tab takes it" in aid(desk)
        await desk.press("tab")
        assert desk.main.composer.text.startswith("Hoi, je spreekt met Sanne")
        assert "48213" in desk.main.composer.text
        assert sent(fresh.heard, Say) == []
        await desk.later(600)
        await desk.press("enter")
        await desk.until(lambda: sent(fresh.heard, Say))


async def test_a_greeting_never_stands_in_the_way_of_a_draft(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "je spreekt met Sanne" in desk.screen_text)
        await desk.type("Hoi")
        assert "je spreekt met" not in desk.screen_text
        assert "tab takes it" not in aid(desk)
        assert desk.main.composer.text == "Hoi"


async def test_a_greeting_put_away_stays_away(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "tab takes it" in aid(desk))
        await desk.press("escape")
        assert "je spreekt met" not in desk.screen_text
        assert "tab takes it" not in aid(desk)


async def test_who_has_had_enough_reads_nothing_cheerful(open_console: Opened, fresh: HandServer) -> None:
    angry = say(A, 5, NOON - MINUTE, CUSTOMER, "Dit is al de derde keer dat ik dit vraag!", pub=4)
    fresh.chats[A].append(angry)
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "tab takes it" in aid(desk))
        assert "!" not in desk.main.understood.placeholder()


# --- the guard -----------------------------------------------------------------------------------


async def test_enter_waits_while_the_customer_types_and_a_second_one_sends(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        assert sent(lamp.heard, Say) == []
        assert "is typing: held" in aid(desk)
        assert "enter sends anyway" in aid(desk)
        await desk.press("enter")
        assert sent(lamp.heard, Say) == [], "pressed twice without meaning to"
        await desk.later(600)
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        assert desk.main.composer.text == ""


async def test_a_held_message_leaves_when_they_pause(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await types(desk, on=False)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == [], "who sends stops typing, too"
        await desk.later(1_000)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))
        assert desk.main.composer.text == ""
        assert "held" not in aid(desk)


async def test_a_held_message_leaves_after_six_seconds(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await desk.later(3_000)
        await types(desk)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == []
        await desk.later(3_000)
        await types(desk)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))


async def test_what_comes_in_meanwhile_is_asked_about(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await types(desk, on=False)
        give(desk, said("Laat maar, gevonden!", 6))
        await desk.until(lambda: "Something new came in" in aid(desk))
        await desk.later(20_000)
        desk.main.understood.look()
        assert sent(lamp.heard, Say) == []
        await desk.press("escape")
        assert "Something new" not in aid(desk)
        assert desk.main.composer.text == "Ik kijk"
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))


async def test_a_held_message_leaves_from_a_chat_that_is_not_open(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.add(
        B, *beginning(B, NOON - 9 * MINUTE), say(B, 4, NOON - MINUTE, CUSTOMER, "And mine?", pub=3), lang="en"
    )
    async with open_console((100, 30)) as desk:
        assert desk.app.session.inbox.selected == A
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter", "f4")
        assert desk.app.session.inbox.selected == B
        await desk.type("one moment")
        await types(desk, on=False)
        desk.main.understood.look()
        await desk.later(1_000)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))
        assert [(f.chat, f.text) for f in sent(lamp.heard, Say)] == [(A, "Ik kijk")]
        assert desk.main.composer.text == "one moment"
        assert desk.app.session.state.draft(A).message == ""


async def test_what_was_held_without_a_promise_leaves_without_one(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((120, 30)) as desk:
        desk.stop_the_clock()
        await desk.type("Ik ben over 3 minuten terug. Goed")
        await desk.later(600)
        assert "promise" in aid(desk)
        await types(desk)
        await desk.press("alt+enter")
        assert sent(lamp.heard, Say) == []
        await desk.later(700)
        await types(desk)
        assert "promise" not in aid(desk)
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        assert [(one.promise, one.due) for one in sent(lamp.heard, Say)] == [(0, 0)]


async def test_a_note_beside_it_stops_no_held_message(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter", "f2")
        await desk.type("ask Bo")
        await types(desk, on=False)
        desk.main.understood.look()
        await desk.later(1_000)
        desk.main.understood.look()
        await desk.until(lambda: sent(lamp.heard, Say))
        assert [one.text for one in sent(lamp.heard, Say)] == ["Ik kijk"]
        assert desk.main.composer.text == "ask Bo"
        assert desk.app.session.draft.message == ""


@pytest.mark.parametrize("by", ["shop", "agent"])
async def test_the_guard_is_off_where_somebody_set_it_so(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings, by: str
) -> None:
    lamp.views["shops"] = facts(guard=by != "shop")
    mine = msgspec.structs.replace(settings, guard=by != "agent")
    async with open_console((100, 30), settings=mine) as desk:
        desk.stop_the_clock()
        await types(desk)
        await desk.type("Ik kijk")
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))


# --- the summary ---------------------------------------------------------------------------------


async def test_a_summary_is_prompted_with_its_reason_and_once_put_away_silent_until_more_is_said(
    open_console: Opened, talkative: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "3 messages, no summary yet" in aid(desk))
        assert "ctrl+k drafts it" in aid(desk)
        await desk.press("escape")
        assert "messages, no" not in aid(desk)
        give(desk, said("En het licht knippert ook nog.", 7))
        await desk.until(lambda: "4 messages, no" in aid(desk))
        await desk.press("ctrl+k")
        await desk.until(lambda: type(desk.app.screen).__name__ == "Summing")
        await desk.press("enter")
        await desk.until(lambda: sent(talkative.heard, Say))
        talkative.accept()
        await desk.settle()
        assert "messages, no" not in aid(desk)


async def test_a_question_for_a_fact_is_never_restated(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        await desk.press("escape")
        assert "understood" not in aid(desk)


async def test_a_yes_in_words_stands_on_the_line_and_tab_undoes_it(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        give(desk, said("Je kreeg een witte lamp. Klopt dat?", 6, SANNE, summary=True))
        give(desk, said("ja", 7, re=6, answer="yes", words=True))
        await desk.until(lambda: "Read as yes: “ja”" in aid(desk))
        await desk.press("tab")
        await desk.until(lambda: sent(lamp.heard, Reread))
        assert "Read as yes" not in aid(desk)


async def test_a_choice_begins_the_answer(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        give(desk, said("Kies maar\nNieuwe lamp\tvrijdag\nGeld terug\tbinnenkort", 6, SANNE, options=2))
        give(desk, said("Geld terug", 7, re=6, choice=2))
        await desk.until(lambda: "chosen: Geld terug" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "Goed, dan doen we het zo: Geld terug. "


async def test_a_refusal_to_close_offers_the_draft(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.app.session.acts.tell(A, "x")
        desk.app.session.put(CloseChat(id="c" * 22, chat=A))
        await desk.until(lambda: sent(lamp.heard, Tell))
        lamp.give(Err("no_reason", id=sent(lamp.heard, Tell)[0].id))
        await desk.until(lambda: sent(lamp.heard, CloseChat))
        lamp.give(Err("summary_first", id=sent(lamp.heard, CloseChat)[0].id))
        await desk.until(lambda: "This shop wants a summary first" in aid(desk))
        await desk.press("ctrl+k", "enter")
        await desk.until(lambda: sent(lamp.heard, Say))
        assert "This shop wants" not in aid(desk)


# --- before closing ------------------------------------------------------------------------------


async def test_what_was_not_said_is_told_while_closing_and_added_by_a_key(
    open_console: Opened, lamp: HandServer
) -> None:
    lamp.views["shops"] = facts(reasons=REASONS)
    give_money = say(A, 7, NOON - 2 * MINUTE, SANNE, "Ik stuur je vandaag een nieuwe zwarte lamp.", pub=6)
    lamp.chats[A].append(give_money)
    async with open_console((100, 30)) as desk:
        await desk.press("f8")
        await desk.type("fit")
        await desk.press("enter")
        await desk.until(lambda: "Not said yet: what they may ask next" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text.startswith("Je geld staat binnen vijf werkdagen")
        assert "closing in" not in desk.bar("line")
        assert sent(lamp.heard, CloseChat) == []


async def test_whoever_lets_the_line_be_has_closed(open_console: Opened, lamp: HandServer) -> None:
    lamp.chats[A].append(say(A, 7, NOON, SANNE, "Ik stuur je een nieuwe lamp.", pub=6))
    async with open_console((100, 30)) as desk:
        await desk.press("f8")
        await desk.until(lambda: "Not said yet" in aid(desk))
        await desk.later(9_000)
        desk.app.session.close_due()
        await desk.until(lambda: sent(lamp.heard, CloseChat))


# --- tone ----------------------------------------------------------------------------------------


async def test_a_hint_comes_once_and_tab_rewrites(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((120, 30)) as desk:
        await desk.type("Zoals ik al zei, komt hij")
        await desk.until(lambda: "Zoals ik al zei" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "Komt hij"
        await desk.press("ctrl+u")
        await desk.type("Zoals ik al zei, komt hij")
        assert "Zoals ik al zei" not in aid(desk), "never twice for the same words"


async def test_a_hint_put_away_stays_away_and_sending_is_never_held(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((120, 30)) as desk:
        await desk.type("Zoals ik al zei, komt hij")
        await desk.until(lambda: "Zoals ik al zei" in aid(desk))
        await desk.press("escape")
        assert "Zoals ik al zei" not in aid(desk)
        await desk.press("enter")
        await desk.until(lambda: sent(lamp.heard, Say))


async def test_the_shops_own_plain_words_are_offered(open_console: Opened, lamp: HandServer) -> None:
    lamp.views["shops"] = facts(glossary={"nl": {"derailleur": "versnelling"}})
    async with open_console((120, 30)) as desk:
        await desk.type("De derailleur is stuk")
        await desk.until(lambda: "versnelling" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "De versnelling is stuk"


async def test_a_key_looks_at_the_text_once(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((120, 30)) as desk:
        (hints,) = (one for one in desk.main.writing.aids.helpers if isinstance(one, ToneHints))
        before = hints.looks
        await desk.type("abc")
        for _ in range(5):
            desk.main.paint()
        assert hints.looks - before <= 3
