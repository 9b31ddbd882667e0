"""The aid line for being understood, by keyboard: greeting, summary prompt, closing, tone, steps."""

from __future__ import annotations

import msgspec

from supportterm.console.aids.tone import ToneHints
from supportterm.console.settings import ConsoleSettings
from supportterm.protocol import contact
from supportterm.protocol.earlier import EarlierChat
from supportterm.protocol.frames import CloseChat, Earlier, Err, Reread, Say, Tell

from .calling import happens
from .conftest import A, Opened
from .promising import aid
from .server import CUSTOMER, MINUTE, NOON, SANNE, HandServer, beginning, say, sent
from .understanding import REASONS, facts, fresh, give, lamp, said, talkative

__all__ = ["fresh", "lamp", "talkative"]

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


async def test_who_read_a_greeting_sends_it_at_once(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await desk.until(lambda: "je spreekt met Sanne" in desk.screen_text)
        await desk.later(700)
        await desk.press("tab", "enter")
        assert sent(fresh.heard, Say) == [], "the two keys were one"
        await desk.later(200)
        await desk.press("enter")
        assert len(sent(fresh.heard, Say)) == 1


async def test_an_enter_that_came_too_soon_is_told(open_console: Opened, fresh: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        desk.stop_the_clock()
        await desk.press("x", "backspace")
        await desk.until(lambda: "tab takes it" in aid(desk))
        await desk.press("tab")
        await desk.later(300)
        await desk.press("enter")
        assert sent(fresh.heard, Say) == [], "nobody has read that yet"
        assert "Not sent yet: enter sends it" in desk.bar("status")
        await desk.later(300)
        await desk.press("enter")
        assert len(sent(fresh.heard, Say)) == 1


async def test_a_greeting_calls_by_name_whoever_left_one(open_console: Opened, fresh: HandServer) -> None:
    text = contact.written(contact.Reach("Eva Jansen", "eva@example.org"))
    happens(fresh, A, "contact", by=CUSTOMER, hidden=True, text=text)
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "je spreekt met Sanne" in desk.screen_text)
        await desk.press("tab")
        assert desk.main.composer.text.startswith("Hoi Eva Jansen, je spreekt met Sanne")


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


async def test_a_choice_stays_until_it_is_answered_whatever_the_customer_adds(
    open_console: Opened, lamp: HandServer
) -> None:
    async with open_console((100, 30)) as desk:
        give(desk, said("Kies maar\nNieuwe lamp\tvrijdag\nGeld terug\tbinnenkort", 6, SANNE, options=2))
        give(desk, said("Geld terug", 7, re=6, choice=2))
        give(desk, said("O fijn, je hield woord.", 8))
        await desk.until(lambda: "chosen: Geld terug" in aid(desk))
        await desk.press("tab")
        assert desk.main.composer.text == "Goed, dan doen we het zo: Geld terug. "
        give(desk, said("Dat doen we.", 9, SANNE))
        await desk.press("ctrl+z")
        await desk.until(lambda: not desk.main.composer.text)
        assert "chosen:" not in aid(desk)


async def test_a_choice_put_away_stays_away(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((100, 30)) as desk:
        give(desk, said("Kies maar\nNieuwe lamp\tvrijdag\nGeld terug\tbinnenkort", 6, SANNE, options=2))
        give(desk, said("Geld terug", 7, re=6, choice=2))
        await desk.until(lambda: "chosen: Geld terug" in aid(desk))
        await desk.press("escape")
        give(desk, said("O fijn, je hield woord.", 8))
        await desk.until(lambda: "O fijn" in desk.screen_text)
        assert "chosen:" not in aid(desk)


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


# --- steps and signs -----------------------------------------------------------------------------


async def test_only_what_is_missing_is_shown_and_the_whole_bar_to_trainees(
    open_console: Opened, lamp: HandServer, settings: ConsoleSettings
) -> None:
    async with open_console((100, 30)) as desk:
        await desk.until(lambda: "next: " in aid(desk))
        assert "Acknowledge" not in aid(desk)
    bar = msgspec.structs.replace(settings, steps="bar")
    async with open_console((120, 30), settings=bar) as desk:
        await desk.until(lambda: "✓ ✓ ▸ Understand · · | next: say what you" in aid(desk))
    lamp.mine["trainee"] = True
    async with open_console((160, 45)) as desk:
        await desk.until(lambda: "✓ Acknowledge › ✓ Analyse › ▸ Understand" in aid(desk))
    # What the console itself was told holds.
    for steps, shown in (("missing", "next: say what you understood | "), ("off", "")):
        chosen = msgspec.structs.replace(settings, steps=steps)
        async with open_console((120, 30), settings=chosen) as desk:
            await desk.until(lambda: desk.app.session.team.is_trainee)
            assert aid(desk) == shown


async def test_who_becomes_a_trainee_sees_the_bar_at_once(open_console: Opened, lamp: HandServer) -> None:
    async with open_console((80, 24)) as desk:
        await desk.until(lambda: aid(desk) == "next: say what you understood | ")
        lamp.mine["trainee"] = True
        lamp.tell_views()
        await desk.until(lambda: aid(desk) == "✓ ✓ ▸ Understand · · | next: say what you understood")
        lamp.mine["trainee"] = False
        lamp.tell_views()
        await desk.until(lambda: aid(desk) == "next: say what you understood | ")


async def test_a_sign_stands_in_the_head_and_is_explained_by_a_key(
    open_console: Opened, server: HandServer
) -> None:
    server.views["shops"] = facts()
    asked = [
        say(A, 4 + n, NOON - (9 - n) * MINUTE, CUSTOMER, "Waar blijft mijn bestelling 48213?", pub=3 + n)
        for n in range(3)
    ]
    server.add(A, *beginning(A, NOON - 20 * MINUTE), *asked)
    async with open_console((120, 30)) as desk:
        await desk.until(lambda: "▲ asked 3×" in desk.bar("head"))
        await desk.press("ctrl+e")
        await desk.until(lambda: "Asked 3 times (13:51, 13:52, 13:53)" in desk.screen_text)


async def test_the_third_contact_about_an_order_is_a_sign_with_the_contacts_before(
    open_console: Opened, server: HandServer
) -> None:
    server.views["shops"] = facts(reasons=REASONS)
    server.add(
        A,
        *beginning(A, NOON - 20 * MINUTE),
        say(A, 4, NOON - MINUTE, CUSTOMER, "Waar blijft mijn bestelling 48213?", pub=3),
    )
    day = 24 * 60 * MINUTE
    before = [
        EarlierChat(NOON - 2 * day, ["47001", "#48213"], "parcel-late"),
        EarlierChat(NOON - 9 * day + MINUTE, ["48213"]),
    ]
    async with open_console((80, 24)) as desk:
        assert "▲" not in desk.bar("head")
        server.give(Earlier(A, before))
        await desk.until(lambda: "▲ 48213: contact 3 in 9 d" in desk.screen_text)
        await desk.press("ctrl+e")
        await desk.until(lambda: "Contact 3 about 48213 in 9 d, counting this one." in desk.screen_text)
        assert "Before: Friday 13 November" in desk.screen_text
        assert "14:01, Friday 20 November 14:00 (Parcel is late)." in desk.screen_text
        await desk.press("escape")
        server.give(Earlier(A, before[1:]))
        await desk.until(lambda: "▲" not in desk.bar("head"))
